//! The words of `claims.yaml` as lines that are read in one pass, each word with all its forms.

use std::error::Error;

use saphyr_parser::{Event, Parser};

use crate::inflect::Verbs;

/// A key of a part of the file, with the texts of its value.
struct Kind {
    part: String,
    name: String,
    texts: Vec<String>,
}

/// The words that claims are known by: for each kind its part of the file, its name, its words as written and, in a
/// second line, their forms, each once and sorted; with tabs between.
///
/// # Errors
///
/// If the text is no YAML, a word holds a tab or line ending, or a kind has no words.
pub(crate) fn with_forms(yaml: &str) -> Result<String, Box<dyn Error>> {
    let kinds = kinds(yaml)?;
    let irregular = kinds.iter().filter(|it| it.part == "irregular").map(|it| {
        let pasts = it.texts.iter().flat_map(|it| it.split_whitespace()).map(str::to_owned);
        (it.name.clone(), pasts.collect())
    });
    let verbs = Verbs::new(irregular.collect());
    let mut lines = String::new();
    for kind in kinds.iter().filter(|it| it.part != "irregular") {
        if kind.texts.is_empty() || kind.texts.iter().any(|it| it.contains(['\t', '\n'])) {
            return Err(format!("{} in claims.yaml has no words, or one with a tab or line ending", kind.name).into());
        }
        let words = kind.texts.iter().map(|it| it.replace('*', ""));
        let mut forms: Vec<String> = kind.texts.iter().flat_map(|it| verbs.forms(it)).collect();
        forms.sort_unstable();
        forms.dedup();
        let written: Vec<String> = [kind.part.clone(), kind.name.clone()].into_iter().chain(words).collect();
        lines += &format!("{}\n{}\n", written.join("\t"), forms.join("\t"));
    }
    Ok(lines)
}

/// Reads a mapping of mappings, whose values are texts or lists of them.
fn kinds(yaml: &str) -> Result<Vec<Kind>, Box<dyn Error>> {
    let mut kinds: Vec<Kind> = Vec::new();
    let (mut part, mut depth, mut is_list, mut is_value) = (None, 0, false, false);
    for event in Parser::new_from_str(yaml) {
        match event?.0 {
            Event::MappingStart(..) => depth += 1,
            Event::MappingEnd => {
                depth -= 1;
                part = None;
            }
            Event::SequenceStart(..) => is_list = true,
            Event::SequenceEnd => (is_list, is_value) = (false, false),
            Event::Scalar(text, ..) => match (depth, &part) {
                (1, _) => part = Some(text.into_owned()),
                (2, Some(part)) if !is_list && !is_value => {
                    kinds.push(Kind { part: part.clone(), name: text.into_owned(), texts: Vec::new() });
                    is_value = true;
                }
                (2, Some(_)) => {
                    if let Some(kind) = kinds.last_mut() {
                        kind.texts.push(text.into_owned());
                    }
                    is_value = is_list;
                }
                _ => return Err(format!("claims.yaml: `{text}` is no word of a kind").into()),
            },
            _ => {}
        }
    }
    Ok(kinds)
}
