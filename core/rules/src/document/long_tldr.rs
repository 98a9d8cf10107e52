//! `document/long-tldr`: a TL;DR of more than two sentences.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/long-tldr",
    severity: Severity::Hint,
    summary: "The TL;DR has more than two sentences.",
    applies_to: Kind::DOCUMENTS,
    sources: &["A-061"],
    page: include_str!("long_tldr.md"),
    check,
    ..Rule::OURS
};

/// So many sentences a TL;DR has at most.
const MOST: usize = 2;

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(tldr) = document.field(Role::Tldr) else { return };
    let ends = ends(&tldr.text);
    let count = ends.len();
    let Some(from) = ends.get(MOST - 1).filter(|_| count > MOST) else { return };
    let behind = tldr.text.get(*from..).unwrap_or_default();
    let start = tldr.span.start as usize + from + behind.len() - behind.trim_start().len();
    let message = format!("The TL;DR has {count} sentences; say it in {MOST}, and the rest below.");
    reporter.report(Span::new(start, tldr.span.end as usize), message);
}

/// Where the sentences of a text end. A point inside of a name or behind a short form is no end.
fn ends(text: &str) -> Vec<usize> {
    /// Behind shorter words a point is most often that of a short form: `e.g.`, `approx.`.
    const SHORT: [&str; 9] = ["e.g", "i.e", "etc", "approx", "cf", "vs", "incl", "no", "ca"];
    let mut found = Vec::new();
    let mut is_code = false;
    for (at, sign) in text.char_indices() {
        is_code ^= sign == '`';
        if is_code || !matches!(sign, '.' | '!' | '?') {
            continue;
        }
        let behind = text.get(at + sign.len_utf8()..).unwrap_or_default();
        let is_end = behind.trim().is_empty()
            || behind.starts_with(char::is_whitespace)
                && behind.trim_start().starts_with(|it: char| it.is_uppercase() || matches!(it, '`' | '[' | '*'));
        let word = text.get(..at).and_then(|it| it.rsplit([' ', '(']).next()).unwrap_or_default();
        let is_short = sign == '.' && SHORT.iter().any(|it| it.eq_ignore_ascii_case(word));
        if is_end && !is_short {
            found.push(at + 1);
        }
    }
    // The last sentence may have no point.
    if !text.trim_end().ends_with(['.', '!', '?']) && !text.trim().is_empty() {
        found.push(text.len());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::ends;

    #[test]
    fn sentences_are_counted_by_their_ends() {
        for (text, count) in [
            ("One cluster serves all teams.", 1),
            ("It reads orders, e.g. Those of today. It calls v1.2 of the gateway", 2),
            ("Stock is held. Is it paid? Ship it!", 3),
            ("`a. B` stays. The rest goes.", 2),
            ("", 0),
        ] {
            assert_eq!(ends(text).len(), count, "{text}");
        }
    }
}
