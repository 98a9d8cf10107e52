//! `decision/unlisted-record`: a record that the index of its folder leaves out.

use smol_str::SmolStr;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/unlisted-record",
    severity: Severity::Info,
    summary: "The index of a folder of records lists its neighbours and not this one.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
    sources: &["T-034"],
    page: include_str!("unlisted_record.md"),
    check,
    ..Rule::OURS
};

/// What an index is called.
const INDEXES: [&str; 4] = ["README.md", "INDEX.md", "index.md", "Readme.md"];
/// So many neighbours are looked at, and so many of them have to be listed.
const NEIGHBOURS: usize = 6;
const FEWEST: usize = 3;
/// Longer texts are no index, or cost too much to be searched for each record.
const LONGEST: usize = 256 * 1024;

/// The names of the numbered records of a folder, in order.
struct Names(Vec<SmolStr>);

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let folder = facts.path.parent();
    let number = |it: &FileFacts| it.document()?.adr.as_ref()?.number;
    if number(facts).is_none_or(|it| it == 0) || facts.path.name().to_lowercase().contains("template") {
        return;
    }
    let Some(index) = INDEXES.iter().map(|it| folder.join(it)).find(|it| cx.is_listed(it)) else { return };
    let name = facts.path.name();
    let names = cx.derived(Key::Decisions(folder), |all| {
        Names(all.iter().filter(|it| number(it.facts).is_some()).map(|it| it.facts.path.name().into()).collect())
    });
    let Some(at) = names.0.iter().position(|it| it == name) else { return };
    let first = at.saturating_sub(NEIGHBOURS);
    let near = names.0.iter().enumerate().skip(first).take(NEIGHBOURS + 1).filter(|it| it.0 != at);
    let Some(text) = cx.whole(&index).map(|it| it.text.clone()).filter(|it| it.len() <= LONGEST) else { return };
    // Of several that lack one behind the other the first is told.
    let before = at.checked_sub(1).and_then(|it| names.0.get(it));
    if is_listed(&text, name) || before.is_some_and(|it| !is_listed(&text, it)) {
        return;
    }
    let (mut looked, mut listed) = (0, 0);
    for (_, it) in near {
        looked += 1;
        listed += usize::from(text.contains(it.as_str()));
    }
    // Of a list of a few picked ones nobody expects all.
    if listed < FEWEST || listed + 1 < looked {
        return;
    }
    let more = names.0.iter().skip(at + 1).take_while(|it| !is_listed(&text, it)).count();
    let index = index.name();
    let message = match more {
        0 => format!("`{index}` lists the records before it and not this one; add it."),
        1 => format!("`{index}` lists the records before it, and neither this one nor the next; add them."),
        _ => format!("`{index}` lists the records before it, and neither this one nor the {more} after it; add them."),
    };
    reporter.report(facts.title_span(), message);
}

/// Whether an index names a record, by its file or by its number.
fn is_listed(index: &str, name: &str) -> bool {
    let digits = name.trim_start_matches(|it: char| !it.is_ascii_digit());
    let digits = digits.get(..digits.bytes().take_while(u8::is_ascii_digit).count()).unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |it| it.0);
    index.contains(stem) || has_number(index, digits)
}

/// Whether a text has a number by itself, with or without zeros in front of it.
fn has_number(text: &str, digits: &str) -> bool {
    let number = digits.trim_start_matches('0');
    let is_digit = |it: Option<char>| it.is_some_and(|it| it.is_ascii_digit());
    !number.is_empty()
        && text.match_indices(number).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default().trim_end_matches('0');
            let behind = text.get(at + number.len()..).unwrap_or_default();
            !is_digit(before.chars().next_back()) && !is_digit(behind.chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::has_number;

    #[test]
    fn a_number_is_no_part_of_another() {
        assert!(has_number("| 0012 | Poll |", "0012"));
        assert!(has_number("ADR 12: Poll", "0012"));
        assert!(!has_number("| 0112 | 0121 |", "0012"));
    }
}
