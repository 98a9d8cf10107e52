//! The steps of a document, for the rules that look at them, and what holds them back.

use std::rc::Rc;

use archwright_knowledge::claim_words;
use archwright_model::facts::{Step, steps as steps_of};
use archwright_syntax::markdown::CodeBlock;

use crate::{claim::words, prelude::*};

/// The steps of the file; several rules ask.
pub(super) struct Steps(pub Vec<Step>);

/// Looks for them when the first rule asks.
pub(super) fn steps(cx: &Context) -> Rc<Steps> {
    cx.shared(|| Steps(cx.by_role().map(steps_of).unwrap_or_default()))
}

/// Whether a block of code is a drawing: its words are labels and tell nobody how to run something.
pub(super) fn is_drawing(block: &CodeBlock, text: &str) -> bool {
    claim_words("drawing-languages").are_all_of(block.language.of(text))
}

/// Whether a block sends one message again, which it is given by its id: `dlq requeue <id>`.
pub(super) fn takes_an_id(block: &str) -> bool {
    let lower = block.to_lowercase();
    let places = lower.split(['<', '{', '$']).skip(1).filter_map(|it| it.split(['>', '}', ' ', '\n', '"']).next());
    let mut names = places.chain(lower.split_whitespace());
    names.any(|it| {
        let it = it.trim_end_matches(|it: char| it.is_ascii_digit());
        it.len() < 24 && (it.ends_with("_id") || it.ends_with("-id") || it == "id")
            || ["jobid", "messageid", "eventid", "envelopeid", "recordid", "taskid"].contains(&it)
    })
}

/// The section of a step and those around it, each with its own text alone. The document itself is not among them.
pub(super) fn around(document: &ByRole, step: &Step) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = Some(step.section);
    while let Some(section) = at.map(|it| document.tree.section(it)).filter(|it| it.level > 1) {
        found.push(section.body);
        at = section.parent;
    }
    found
}

/// Whether something says how fast a step goes: in the step with its commands, or in the section that it stands in.
pub(super) fn is_paced(cx: &Context, document: &ByRole, step: &Step) -> bool {
    let words = words(cx);
    let mut places = around(document, step);
    places.push(step.span);
    words.all(claim_words("paced")).any(|it| {
        let at = Span::new(it.start, it.end);
        let drawn = || {
            let mut blocks = document.tree.code_blocks.iter();
            blocks.any(|block| block.span.contains(at) && is_drawing(block, document.text))
        };
        // A step beside this one may slow down somebody else.
        let aside = || {
            let own = document.tree.items.iter().find(|item| item.content.contains(at));
            let said = own.map(|it| it.content).filter(|it| *it != step.content);
            said.is_some_and(|it| claim_words("paces-others").are_in(it.of(document.text)))
        };
        places.iter().any(|place| place.contains(at)) && is_pace(document.text, &it) && !drawn() && !aside()
    })
}

/// Whether a word that may tell a pace does: `within a minute` is how long something takes, and `DLQ batches` are what
/// is sent again.
pub(super) fn is_pace(text: &str, word: &std::ops::Range<usize>) -> bool {
    let from = text.floor_char_boundary(word.start.saturating_sub(40));
    let before = text.get(from..word.start).unwrap_or_default();
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let is_span = claim_words("spans").are_all_of(last);
    let written = text.get(word.clone()).unwrap_or_default();
    let is_object = claim_words("lots-of-messages").are_all_of(written)
        && (claim_words("dead-letters").ending(before.trim_end()).is_some() || claim_words("failed").are_all_of(last));
    !is_span && !is_object
}
