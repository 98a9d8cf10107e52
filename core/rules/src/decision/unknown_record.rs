//! `decision/unknown-record`: a record that names one by a number that none has.

use archwright_knowledge::claim_words;
use rustc_hash::FxHashSet;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/unknown-record",
    severity: Severity::Info,
    summary: "A record names another one by a number that no record has.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
    sources: &["H-057"],
    page: include_str!("unknown_record.md"),
    check,
    ..Rule::OURS
};

/// With fewer records in its folder, the others may be anywhere.
const FEWEST: usize = 5;

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| facts.text.contains("ADR")) else { return };
    let is_template = facts.path.name().to_lowercase().contains("template");
    let has_number = facts.document().and_then(|it| it.adr.as_ref()?.number).is_some();
    if is_template || !has_number || cx.count(Key::Decisions(facts.path.parent())) < FEWEST {
        return;
    }
    let front = tree.front_matter.map_or(0, |it| it.span.end as usize);
    let hidden = |at: usize| {
        let holds = |it: &Span| it.range().contains(&at);
        at < front
            || tree.in_code(at)
            || tree.comments.iter().any(|it| holds(&it.span))
            // A link is checked by where it leads.
            || tree.links.iter().any(|it| holds(&it.span))
    };
    let first = cx.folder(&facts.path.parent()).iter().filter_map(|it| number_of(it)).min().unwrap_or_default();
    let mut told = FxHashSet::default();
    for (place, number) in mentions(&facts.text) {
        if number == 0 || told.contains(&number) || hidden(place.start as usize) {
            continue;
        }
        // Where the numbers begin later, those before were given elsewhere.
        if number < first || cx.is_spoken_of(Key::Record(number)) || is_in_folder(cx, number) {
            continue;
        }
        told.insert(number);
        if is_planned(&facts.text, place) || is_of_others(cx, number) {
            continue;
        }
        let said = place.of(&facts.text);
        reporter.report(place, format!("There is no record `{said}` here. Name the one that is meant, or link it."));
    }
}

/// Whether a file of the folder has a number, though it is not recognised as a record.
fn is_in_folder(cx: &Context, number: u32) -> bool {
    cx.folder(&cx.facts().path.parent()).iter().any(|it| number_of(it) == Some(number))
}

/// Whether the line says in brackets behind a record that it is still to be written: `ADR-0012 (planned)`.
fn is_planned(text: &str, place: Span) -> bool {
    let rest = text.get(place.end as usize..).and_then(|it| it.lines().next()).unwrap_or_default();
    let remark = rest.split_once('(').and_then(|it| it.1.split(')').next());
    remark.is_some_and(|it| claim_words("still-to-make").are_in(it))
}

/// Whether the records of the folder say of a number that it is one of another repository: `billing-core ADR-0012`.
/// Where they name some of those, a number above their own is one of them too.
fn is_of_others(cx: &Context, number: u32) -> bool {
    let folder = cx.facts().path.parent();
    let own = cx.folder(&folder);
    let last = own.iter().filter_map(|it| number_of(it)).max().unwrap_or_default();
    let texts = own.iter().filter_map(|it| cx.whole(it)).map(|it| &it.text).filter(|it| it.contains("ADR"));
    let mut foreign = texts.flat_map(|text| mentions(text).filter(|it| is_foreign(text, it.0)));
    foreign.any(|it| it.1 == number || number > last)
}

/// Whether the name of another repository stands before a record: a word of several parts, or one in code.
fn is_foreign(text: &str, place: Span) -> bool {
    let before = text.get(..place.start as usize).unwrap_or_default().trim_end_matches(['*', '_']);
    let Some(before) = before.strip_suffix(' ') else { return false };
    if let Some(code) = before.strip_suffix('`') {
        return code.rsplit('`').next().is_some_and(|it| !it.contains([' ', '\n']));
    }
    let word = before.rsplit(|it: char| !it.is_ascii_alphanumeric() && it != '-').next().unwrap_or_default();
    word.trim_matches('-').len() == word.len() && word.contains('-') && !word.starts_with("ADR")
}

/// The first number in the name of a file.
fn number_of(path: &RelPath) -> Option<u32> {
    let name = path.name().trim_start_matches(|it: char| !it.is_ascii_digit());
    name.get(..name.bytes().take_while(u8::is_ascii_digit).count())?.parse().ok()
}

/// The records that a text names by their numbers: `ADR-0012`, `ADR 12`.
fn mentions(text: &str) -> impl Iterator<Item = (Span, u32)> {
    text.match_indices("ADR").filter_map(|(at, label)| {
        let before = text.get(..at)?.chars().next_back();
        // `org/ADR-12` and `TEAM-ADR-12` are those of others.
        if before.is_some_and(|it| it.is_alphanumeric() || matches!(it, '/' | '-' | '_' | '#')) {
            return None;
        }
        let rest = text.get(at + label.len()..)?;
        let digits = rest.strip_prefix(['-', ' '])?;
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        let behind = digits.get(count..)?.chars().next();
        let goes_on = behind.is_some_and(|it| it.is_alphanumeric() || matches!(it, '_' | '/'));
        // A single digit is counted otherwise at times: `ADR 2 of the platform`.
        let number = digits.get(..count)?.parse().ok().filter(|_| (2..=5).contains(&count) && !goes_on)?;
        Some((Span::new(at, at + label.len() + 1 + count), number))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_foreign, mentions};

    #[test]
    fn records_are_named_by_label_and_number() {
        let found = |text: &str| mentions(text).map(|it| it.1).collect::<Vec<_>>();
        assert_eq!(found("ADR-0012 replaces ADR 11."), [12, 11]);
        assert_eq!(found("org/ADR-0012, TEAM-ADR-12, ADR-12a, ADRs, ADR 7"), [0_u32; 0]);
    }

    #[test]
    fn a_name_before_a_record_says_whose_it_is() {
        let foreign = |text: &str| mentions(text).map(|it| is_foreign(text, it.0)).collect::<Vec<_>>();
        assert_eq!(foreign("as billing-core ADR-0012 and `shop` **ADR-0013** say"), [true, true]);
        assert_eq!(foreign("see ADR-0012, `a b` ADR-0014, or\n- ADR-0013"), [false, false, false]);
    }
}
