//! Sentences that claim something, for the rules on what documents say (A-128..A-134).

use std::{borrow::Cow, ops::Range, rc::Rc};

use archwright_knowledge::{Spotted, claim_words, spotted, words_of};
pub(super) use archwright_model::values::{answer::near, quantity::number_in_words};
use archwright_model::{
    facts::prose::{self, Sentence, Titled},
    values::answer::CLAUSE_ENDS,
};

use crate::prelude::*;

/// A sentence of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    pub text: &'a str,
    pub span: Span,
}

/// Where the sentences of a file stand that claim something; several rules ask.
struct Spans(Vec<Span>);

/// Where all its sentences stand.
struct Sentences(Vec<Span>);

/// The sentences of the file, as [`prose::sentences`] tells them; several rules ask.
pub(super) fn sentences<'a>(cx: &Context<'a>) -> Vec<Claim<'a>> {
    let facts = cx.facts();
    let span = |it: Sentence| Span::new(it.at, it.at + it.text.len());
    let spans = cx.shared(|| Sentences(prose::sentences(facts).into_iter().map(span).collect()));
    spans.0.iter().map(|span| Claim { text: facts.slice(*span), span: *span }).collect()
}

/// The sentences of the file that speak of what holds here: none of the sections that give examples, tell why or what
/// was, or say what is not done.
pub(super) fn claims<'a>(cx: &Context<'a>) -> Vec<Claim<'a>> {
    let facts = cx.facts();
    let (words, why) = (words(cx), claim_words("tells-why"));
    let spans = cx.shared(|| {
        let Some(tree) = facts.markdown() else { return Spans(Vec::new()) };
        let mut background = Titled::new(tree, &facts.text, |title| why.are_in(title));
        let tells_why = words.has(why);
        let kept = sentences(cx).into_iter().filter(|it| {
            !tells_why || !background.holds(tree.section_at(it.span.start as usize)) && !is_told_why(it.text)
        });
        Spans(kept.map(|it| it.span).collect())
    });
    spans.0.iter().map(|span| Claim { text: facts.slice(*span), span: *span }).collect()
}

/// Tells of a finding as something worth knowing, where a document of another form may say more elsewhere. A severity
/// that somebody has set stays.
pub(super) fn mildly(finding: &mut Finding) {
    if finding.severity == finding.rule.severity {
        finding.severity = finding.severity.max(Severity::Info);
    }
}

/// The number of `tried four times` and of `tries a publish at most four times`, and where it stands.
pub(super) fn tried_times(said: &str) -> Option<(f64, Range<usize>)> {
    /// So many words stand before the number at most.
    const BETWEEN: usize = 4;
    let tried = claim_words("tried-so-often").first(said)?;
    let clause = clause_behind(said, tried.end);
    let mut words = clause.split_whitespace().take(BETWEEN + 2).peekable();
    while let Some(word) = words.next() {
        let times = words.peek()?.trim_end_matches(|it: char| !it.is_alphanumeric());
        let number = word.parse().ok().or_else(|| number_in_words(word));
        if let Some(number) = number.filter(|_| claim_words("so-often").are_all_of(times)) {
            let start = word.as_ptr() as usize - said.as_ptr() as usize;
            return Some((number, start..start + word.len()));
        }
    }
    None
}

/// Where a document weighs and does not decide: the alternatives and the context of a record.
pub(super) fn weighed(cx: &Context) -> Vec<Span> {
    let Some(document) = cx.by_role() else { return Vec::new() };
    let roles = [Role::Alternatives, Role::Options, Role::Context, Role::Problem, Role::AntiPatterns, Role::Drivers];
    let sections = roles.iter().flat_map(|it| document.sections(*it));
    sections.map(|it| document.tree.section(it).span).collect()
}

/// Whether the label before a sentence says that it tells why or what was: `**Problem**: it retries forever`.
fn is_told_why(sentence: &str) -> bool {
    let bare = sentence.trim_start_matches(['-', '+', '|', ' ', '>']).trim_start_matches("* ");
    let label = bare.strip_prefix("**").and_then(|it| it.split_once("**")).map(|it| it.0);
    label.is_some_and(|it| it.len() < 40 && claim_words("tells-why").are_all_of(it))
}

/// Which words the file has; several rules ask. No word is in a sentence that is not here.
pub(super) fn words(cx: &Context) -> Rc<Spotted> {
    let text = &cx.facts().text;
    words_of(text).unwrap_or_else(|| cx.shared(|| spotted(text)))
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
    let said = without_condition(&said);
    // `Scans that were left behind` are there now.
    let said = claim_words("relative-past").without(&said);
    !claim_words("denies").are_in(&said)
        && !claim_words("hedged").are_in(&said)
        && !said.contains("n't ")
        && !said.contains("n’t ")
        && !is_withdrawn(&said)
        && !has_other_script(&said)
        && !said.contains("[ ]")
        && !said.trim_end().ends_with('?')
}

/// What a sentence says before a clause that denies something else: `it is tried for ever, and no message is dropped`.
pub(super) fn before_other_denial(said: &str) -> &str {
    let other = claim_words("denies-apart").first(said);
    other.and_then(|it| said.get(..it.start)).unwrap_or(said)
}

/// A sentence without the word that begins it as a condition: `Should it fail, ...` hedges nothing.
fn without_condition(said: &str) -> Cow<'_, str> {
    let begins = said.find(char::is_alphabetic).unwrap_or(0);
    let opening = claim_words("opens-condition").first(said).filter(|it| it.start == begins);
    match opening.and_then(|it| said.get(it.end..)) {
        Some(rest) if said.get(begins..).is_some_and(|it| it.starts_with(char::is_uppercase)) => {
            Cow::Owned(rest.into())
        }
        _ => Cow::Borrowed(said),
    }
}

/// The sentences with their parts between semicolons put together, as far as they stand side by side.
pub(super) fn joined<'a>(text: &'a str, all: &[Claim<'a>]) -> Vec<Claim<'a>> {
    let mut whole: Vec<Claim<'a>> = Vec::with_capacity(all.len());
    for claim in all {
        let start = claim.span.start as usize;
        let goes_on = whole.last().filter(|last| {
            let between = text.get(last.span.end as usize..start).unwrap_or("\n");
            last.text.ends_with(';') && between.trim().is_empty() && !between.contains("\n\n")
        });
        let from = goes_on.map(|it| it.span.start as usize);
        match from.and_then(|from| Some((from, text.get(from..claim.span.end as usize)?))) {
            Some((from, said)) => {
                whole.pop();
                whole.push(Claim { text: said, span: Span::new(from, claim.span.end as usize) });
            }
            None => whole.push(*claim),
        }
    }
    whole
}

/// The rest of a clause behind a place in it.
pub(super) fn clause_behind(said: &str, at: usize) -> &str {
    said.get(at..).and_then(|it| it.split(CLAUSE_ENDS).next()).unwrap_or_default()
}

/// A sentence without a part.
pub(super) fn without(said: &str, part: &Range<usize>) -> String {
    format!("{}{}", said.get(..part.start).unwrap_or_default(), said.get(part.end..).unwrap_or_default())
}

/// Where a sentence says that nothing goes missing: a denial that denies nothing of a promise. Who bears with a loss
/// says something else.
pub(super) fn loses_nothing(said: &str) -> Option<Range<usize>> {
    let part = near(said, "nots", "lost", 5).or_else(|| near(said, "loses", "nots", 2))?;
    let clause = said.get(part.clone())?;
    let behind = clause_behind(said, part.end);
    let bears = claim_words("bears-loss");
    (!bears.are_in(clause) && !bears.are_in(behind)).then_some(part)
}

/// Where the first word of a kind stands in a claim, in the text of its file; all of the claim if it is not there.
pub(super) fn place_of(claim: &Claim, kind: &str) -> Span {
    let at = |it: usize| claim.span.start as usize + it;
    claim_words(kind).first(claim.text).map_or(claim.span, |it| Span::new(at(it.start), at(it.end)))
}
