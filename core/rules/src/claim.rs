//! Sentences that claim something, for the rules on what documents say (A-128..A-134).

use std::rc::Rc;

use archwright_knowledge::{Spotted, claim_words, spotted};

use crate::prelude::*;
use archwright_model::facts::prose::{self, Titled};

/// A sentence of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    pub text: &'a str,
    pub span: Span,
}

/// Where the sentences of a file stand; several rules ask.
struct Spans(Vec<Span>);

/// The sentences of the file that speak of what holds here: none of the sections that give examples, tell why or what
/// was, or say what is not done.
pub(super) fn claims<'a>(cx: &Context<'a>) -> Vec<Claim<'a>> {
    let facts = cx.facts();
    let spans = cx.shared(|| {
        let Some(tree) = facts.markdown() else { return Spans(Vec::new()) };
        let mut background = Titled::new(tree, &facts.text, |title| claim_words("tells-why").are_in(title));
        let sentences = prose::sentences(facts).into_iter();
        let kept = sentences.filter(|it| !background.holds(tree.section_at(it.at)));
        Spans(kept.map(|it| Span::new(it.at, it.at + it.text.len())).collect())
    });
    spans.0.iter().map(|span| Claim { text: facts.slice(*span), span: *span }).collect()
}

/// Which words the file has; several rules ask. No word is in a sentence that is not here.
pub(super) fn words(cx: &Context) -> Rc<Spotted> {
    cx.shared(|| spotted(&cx.facts().text))
}

/// Whether a text has letters of another script than Latin: what denies or hedges there is not known.
pub(super) fn has_other_script(text: &str) -> bool {
    let is_other = |it: char| it.is_alphabetic() && it > '\u{24f}' && !('\u{1e00}'..='\u{1eff}').contains(&it);
    !text.is_ascii() && text.chars().any(is_other)
}

/// Whether what a text says does not count: it is struck out, or stands for an answer that is still open.
pub(super) fn is_withdrawn(text: &str) -> bool {
    text.contains("~~") || text.contains("[TBD")
}

/// Whether a sentence claims what it says: it denies nothing, asks nothing, and tells of nothing that would be. What
/// stands in quotes and in code is a name.
pub(super) fn is_claimed(sentence: &str) -> bool {
    let said = prose::without_names(sentence);
    !said.contains("n't ")
        && !said.contains("n’t ")
        && !is_withdrawn(&said)
        && !has_other_script(&said)
        && !said.contains("[ ]")
        && !said.trim_end().ends_with('?')
        && !claim_words("denies").are_in(&said)
        && !claim_words("hedged").are_in(&said)
}

/// Where the first word of a kind stands in a claim, in the text of its file; all of the claim if it is not there.
pub(super) fn place_of(claim: &Claim, kind: &str) -> Span {
    let at = |it: usize| claim.span.start as usize + it;
    claim_words(kind).first(claim.text).map_or(claim.span, |it| Span::new(at(it.start), at(it.end)))
}
