//! What the documents of a feature state, for rules that hold another document against it; and names in sentences.

use archwright_model::{
    facts::{Statement, Topic},
    key::FileId,
};

use crate::prelude::*;

/// Something that a document of the feature states.
pub(super) struct Stated<'a> {
    pub file: FileId,
    pub facts: &'a FileFacts,
    pub statement: &'a Statement,
}

/// What the documents of this file's feature state of a topic, in the order of their paths.
pub(super) fn stated<'a>(cx: &Context<'a>, topic: Topic) -> Vec<Stated<'a>> {
    let Some(feature) = &cx.facts().captures.feature else { return Vec::new() };
    let files = cx.files(Key::Statements(feature.clone())).into_iter();
    let all = files.flat_map(|FileRef { id: file, facts }| {
        let statements = facts.document().into_iter().flat_map(|it| &it.statements);
        statements.filter(|it| it.topic == topic).map(move |statement| Stated { file, facts, statement })
    });
    all.collect()
}

/// Whether the documents of this file's feature state something of a topic.
pub(super) fn is_stated(cx: &Context, topic: Topic) -> bool {
    !stated(cx, topic).is_empty()
}

/// A name in code in a sentence, with what stands before and behind it.
pub(super) struct Named<'t> {
    pub name: &'t str,
    /// Where it stands in the sentence.
    pub at: std::ops::Range<usize>,
    pub before: &'t str,
    pub behind: &'t str,
}

/// The names in code of a sentence.
pub(super) fn named(sentence: &str) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    for (number, piece) in sentence.split('`').enumerate() {
        let end = at + piece.len();
        if number % 2 == 1 && end < sentence.len() && !piece.is_empty() {
            let before = sentence.get(..at - 1).unwrap_or_default();
            let behind = sentence.get(end + 1..).unwrap_or_default();
            found.push(Named { name: piece, at: at..end, before, behind });
        }
        at = end + 1;
    }
    found
}

impl Named<'_> {
    /// Whether one of the words stands right before the name or right behind it.
    pub(super) fn is_called(&self, words: &archwright_knowledge::Words) -> bool {
        let before = self.before.trim_end_matches(|it: char| !it.is_alphanumeric());
        let behind = self.behind.trim_start_matches([' ', '*', '_']);
        // `A job called x`.
        let called = archwright_knowledge::claim_words("called").ending(before);
        let before = called.and_then(|it| before.get(..it.start)).map_or(before, str::trim_end);
        words.ending(before).is_some() || words.begin(behind)
    }
}

/// Where a claim stands without the mark of its list item or cell.
pub(super) fn unmarked(claim: &super::claim::Claim) -> Span {
    let said = claim.text.trim_start_matches(['-', '*', '+', '|', ' ']);
    Span::new(claim.span.start as usize + claim.text.len() - said.len(), claim.span.end as usize)
}

/// Where a part of a claim stands in its file.
pub fn within(claim: &super::claim::Claim, part: &std::ops::Range<usize>) -> Span {
    let start = claim.span.start as usize;
    Span::new(start + part.start, start + part.end)
}
