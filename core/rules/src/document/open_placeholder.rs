//! `document/open-placeholder`: an answer that is still open.

use std::rc::Rc;

use archwright_model::{
    facts::{Placeholder, placeholders},
    values::{answer::is_put_off, value},
};

use super::{template::Templated, undecided_concerns};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/open-placeholder",
    severity: Severity::Warning,
    summary: "An answer is still open.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    asks: true,
    sources: &["A-126", "A-137", "T-036"],
    page: include_str!("open_placeholder.md"),
    check,
    ..Rule::OURS
};

/// The places of a document where an answer is open; two rules ask.
pub(super) struct Open {
    pub places: Vec<Placeholder>,
}

/// Looks for them when the first of the rules asks.
pub(super) fn open(cx: &Context, document: &ByRole) -> Rc<Open> {
    cx.shared(|| Open { places: placeholders(document.tree, document.text) })
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(document) = cx.by_role() else { return };
    if is_over(cx, document) {
        return;
    }
    let text = &facts.text;
    let open = open(cx, document);
    let put_off = put_off(cx, document, &open);
    if open.places.is_empty() && put_off.is_empty() {
        return;
    }
    let relied_on = relied_on(cx, document);
    let told = undecided_concerns::section(cx, document).map(|it| document.tree.section(it).span);
    let places = open.places.iter().map(|it| (it.span, it.question.of(text)));
    for (span, question) in places.chain(put_off.into_iter().map(|it| (it, it.of(text)))) {
        // All concerns of a document that are open are one finding.
        if told.is_some_and(|it| it.contains(span)) {
            continue;
        }
        let question = question.split_whitespace().collect::<Vec<_>>().join(" ");
        let has_words = question.contains(char::is_alphanumeric);
        let what = if has_words { format!("Open: {question}") } else { "An answer is open here".to_owned() };
        let end = if what.ends_with(['?', '.', '!']) { "" } else { "." };
        match relied_on {
            Some(state) => reporter.report(
                span,
                format!(
                    "{what}{end} The document is `{}`, so others rely on it: answer it, or take the status back.",
                    cx.config().profile().state(state)
                ),
            ),
            None => {
                let finding = reporter.report(span, format!("{what}{end}"));
                // While it is being written, a document may ask.
                if finding.severity == RULE.severity {
                    finding.severity = Severity::Hint;
                }
                finding
            }
        };
    }
}

/// The fields of the template whose answer is put off, and the cells of tables that hold nothing but question marks:
/// `Capacity: to be agreed`.
fn put_off(cx: &Context, document: &ByRole, open: &Open) -> Vec<Span> {
    let (tree, text) = (document.tree, document.text);
    let Some(templated) = Templated::new(cx) else { return Vec::new() };
    let concerns = || cx.config().profile().concerns.iter().map(|it| it.role);
    let wanted = |name: &str, at: usize| {
        let section = templated.template.sections.get(at);
        let fields = section.into_iter().flat_map(|it| &it.fields).copied();
        let roles = fields.chain(concerns().filter(|_| section.is_some_and(|it| it.concerns)));
        // A status has words of its own, and a date is looked at by others.
        roles.filter(|it| !matches!(it, Role::Status | Role::Date)).any(|it| document.is_named(name, it))
    };
    let mut found = Vec::new();
    for field in tree.fields.iter().filter(|it| !it.value.is_empty()) {
        let Some(at) = templated.canonical(field.section) else { continue };
        let said = field.value.of(text);
        let is_put_off = is_put_off(said) && !value::is_placeholder(said);
        let tag = unnamed(said).or_else(|| unfilled(said)).map(|it| within(field.value, &it));
        if (is_put_off || tag.is_some()) && wanted(field.name.of(text), at) {
            found.push(tag.unwrap_or(field.value));
        }
    }
    let cells = tree.tables.iter().flat_map(|it| tree.rows(it)).flat_map(|it| tree.cells(it)).copied();
    let is_mark = |it: &Span| {
        let said = it.of(text).trim();
        !said.is_empty() && said.chars().all(|it| it == '?')
    };
    found.extend(cells.filter(is_mark));
    found.retain(|it| !open.places.iter().any(|known| known.span.contains(*it) || it.contains(known.span)));
    found
}

/// A part of a field.
fn within(field: Span, part: &std::ops::Range<usize>) -> Span {
    Span::new(field.start as usize + part.start, field.start as usize + part.end)
}

/// Where a value has a word between angle brackets that is no tag of HTML: `escalation: <name>`.
fn unnamed(said: &str) -> Option<std::ops::Range<usize>> {
    /// What may stand there and be a tag.
    const TAGS: [&str; 32] = [
        "a", "b", "br", "big", "cite", "code", "del", "details", "dfn", "div", "em", "font", "hr", "i", "img", "ins",
        "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "summary", "sup", "u", "ul",
    ];
    /// More words are prose in brackets.
    const LONGEST: usize = 40;
    let start = said.find('<')?;
    if said.contains('`') || said.contains("</") {
        return None;
    }
    let inner = said.get(start + 1..)?.split_once('>')?.0;
    let is_words = inner.starts_with(|it: char| it.is_ascii_alphabetic())
        && inner.len() <= LONGEST
        && inner.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    (is_words && !TAGS.contains(&inner.trim().to_ascii_lowercase().as_str())).then_some(start..start + inner.len() + 2)
}

/// Where a value has a blank that a form leaves: `[insert period]`, or `XX` where a number belongs.
fn unfilled(said: &str) -> Option<std::ops::Range<usize>> {
    /// What stands in brackets and tells its reader to fill them.
    const ASKS: [&str; 12] = [
        "insert",
        "fill in",
        "fill me",
        "fill out",
        "enter ",
        "specify",
        "your ",
        "name of",
        "placeholder",
        "tbc",
        "to come",
        "value here",
    ];
    let bracket = said.match_indices('[').find_map(|(at, _)| {
        let (inner, behind) = said.get(at + 1..)?.split_once(']')?;
        let lower = inner.to_lowercase();
        let asks = ASKS.iter().any(|it| lower.starts_with(it)) && !behind.starts_with(['(', '[', ':']);
        asks.then_some(at..at + inner.len() + 2)
    });
    let is_blank =
        |it: &str| (2..=8).contains(&it.len()) && ["X", "_"].iter().any(|mark| it.trim_start_matches(mark).is_empty());
    let is_mark = |it: char| !(it.is_alphanumeric() || it == '_');
    let blank = || {
        let mut at = 0;
        // Few values have a letter of a blank at all.
        let may_be = memchr::memchr2(b'X', b'_', said.as_bytes()).is_some() && !said.contains('`');
        let said = if may_be { said } else { "" };
        said.split_inclusive(is_mark).find_map(|it| {
            let (start, word) = (at, it.trim_end_matches(is_mark));
            at += it.len();
            is_blank(word).then_some(start..start + word.len())
        })
    };
    bracket.or_else(blank)
}

/// Whether a document asks nobody any more, because another one took its place, or it was refused or is gone.
pub(super) fn is_over(cx: &Context, document: &ByRole) -> bool {
    let state = document.status().and_then(|it| cx.config().vocabulary().state(&it.text));
    matches!(state, Some(State::Superseded | State::Rejected | State::Retired))
}

/// The state of a document that says that others may rely on it.
fn relied_on(cx: &Context, document: &ByRole) -> Option<State> {
    let state = cx.config().vocabulary().state(&document.status()?.text)?;
    matches!(state, State::Accepted | State::Active | State::Go | State::GoWithRisks).then_some(state)
}

#[cfg(test)]
mod tests {
    use super::unfilled;

    #[test]
    fn blanks_of_a_form_are_told_from_words() {
        for (said, blank) in [
            ("[insert period]", 0..15),
            ("kept [Your number here] days", 5..23),
            ("kept XX days", 5..7),
            ("é: ___", 4..7),
        ] {
            assert_eq!(unfilled(said), Some(blank), "{said}");
        }
        for said in ["XXL shirts", "`XX` of the form", "[your](you.md)", "[specification]", "A__B", "X", "snake_case"] {
            assert_eq!(unfilled(said), None, "{said}");
        }
    }
}
