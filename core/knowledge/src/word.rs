//! Words that no card is named after, and the cards that cover them.

use std::{collections::HashMap, sync::OnceLock};

use smol_str::SmolStr;

use crate::{files, name, source};

/// A word that people ask for and that no card is named after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// How it is written: abbreviations and close relatives as well.
    pub names: Vec<SmolStr>,
    /// What it means, as one sentence.
    pub means: SmolStr,
    /// The slug of the card whose advice covers it.
    pub card: SmolStr,
}

#[derive(Default)]
struct Words {
    all: Vec<Word>,
    by_key: HashMap<String, usize>,
}

/// All of them, in the order of the file.
pub fn words() -> &'static [Word] {
    &load().all
}

/// The word that is written so. Letter case, hyphens and plural do not matter.
///
/// ```
/// use archwright_knowledge::word;
///
/// assert_eq!(word("keda").unwrap().card, "queue-based-scaling");
/// assert_eq!(word("Order Placed"), None);
/// ```
pub fn word(written: &str) -> Option<&'static Word> {
    let words = load();
    words.all.get(*words.by_key.get(&name::key(written))?)
}

fn load() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let tree = source::yaml(files::skill_file("knowledge/words.yaml").unwrap_or_default());
        let mut words = Words::default();
        for node in tree.root().into_iter().flat_map(archwright_syntax::data::Node::items) {
            let (Some(means), Some(card)) = (source::text(node, "means"), source::text(node, "card")) else { continue };
            let names = source::texts(node, "words");
            for it in &names {
                words.by_key.entry(name::key(it)).or_insert(words.all.len());
            }
            words.all.push(Word { names, means, card });
        }
        words
    })
}
