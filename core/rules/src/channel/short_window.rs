//! `channel/short-window`: a contract that keeps keys of duplicates or dead letters for a shorter time than messages.

use archwright_model::values::retention::{Kept, Retention, in_words};
use archwright_syntax::Spanned;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/short-window",
    severity: Severity::Warning,
    summary: "A contract keeps the keys of duplicates, or dead letters, for a shorter time than the channel keeps \
        messages.",
    applies_to: &[Kind::Contract],
    any_dialect: false,
    sources: &["A-143", "A-144"],
    page: include_str!("short_window.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(retention) = document.field(Role::Retention) else { return };
    let Some(messages) = Retention::of(&retention.text).exact() else { return };
    for (role, what, effect) in [
        (
            Role::IdempotencyKey,
            "The keys of duplicates",
            "a message that comes again after that is taken for a new one",
        ),
        (Role::Dlq, "The dead letters", "what failed is gone before the messages around it"),
    ] {
        let Some((kept, span)) = document.field(role).and_then(|it| window(&it)) else { continue };
        if kept.high >= messages {
            continue;
        }
        let message = format!(
            "{what} are kept for {} and messages for {}: {effect}. Keep them for {} at least.",
            in_words(kept.high),
            in_words(messages),
            in_words(messages)
        );
        let related = cx.related(cx.file(), retention.span, format!("messages are kept for {}", in_words(messages)));
        reporter.report(span, message).related.push(related);
    }
}

/// How long a value says that something is kept, if it says so once: `kept 14 days` of `orders.dlq, kept 14 days`.
/// Other durations, such as those of alerts, are something else.
fn window(value: &Spanned) -> Option<(Kept, Span)> {
    const KEEPS: [&str; 5] = ["kept", "retained", "stored", "remembered", "ttl"];
    let mut found = None;
    let mut at = 0;
    for clause in value.text.split_inclusive([',', ';', '(', ')']) {
        let start = value.span.start as usize + at;
        at += clause.len();
        let mut words = clause.split(|it: char| !it.is_alphanumeric());
        if !words.any(|word| KEEPS.iter().any(|it| word.eq_ignore_ascii_case(it))) {
            continue;
        }
        let said = Retention::of(clause);
        let [kept] = said.kept.as_slice() else { continue };
        if said.compacted || kept.high == u64::MAX || found.is_some() {
            // Two windows, or one that never ends, tell of more than one place.
            return None;
        }
        let trimmed = clause.trim_matches(|it: char| it.is_whitespace() || ",;()".contains(it));
        let begin = start + clause.find(trimmed).unwrap_or_default();
        found = Some((*kept, Span::new(begin, begin + trimmed.len())));
    }
    found
}
