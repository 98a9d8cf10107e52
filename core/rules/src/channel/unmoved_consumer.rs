//! `channel/unmoved-consumer`: a channel that is gone, or past its day, while a reader has not moved.

use archwright_model::{date, values::value};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/unmoved-consumer",
    severity: Severity::Warning,
    summary: "A channel is retired or past its sunset, and its own table has a consumer that has not moved.",
    applies_to: &[Kind::Contract],
    sources: &["A-326", "A-327"],
    page: include_str!("unmoved_consumer.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let state = document.status().and_then(|it| cx.config().vocabulary().state(&it.text));
    let sunset = document.field(Role::Sunset).map(|it| value::plain(&it.text));
    let today = date::today();
    let is_past = || sunset.as_deref().is_some_and(|it| date::is_date(it) && *it < *today);
    let why = match state {
        Some(State::Retired) => "The channel is retired",
        Some(State::Deprecating | State::Deprecated) if is_past() => "The day of its sunset has gone by",
        _ => return,
    };
    for table in &document.tree.tables {
        let column = |role| document.column(table, role);
        let Some(consumer) = column(Role::Consumer).or_else(|| column(Role::Consumers)) else { continue };
        // `Reads `orders.placed.v2` since` has the channel in its middle.
        let title = |words: &[&str]| {
            let titles = document.tree.header(table).iter().map(|it| it.of(document.text).to_lowercase());
            titles.into_iter().position(|it| words.iter().all(|word| it.contains(word)))
        };
        let (moved, agreed) = (title(&["reads", "since"]), title(&["signed"]));
        if moved.is_none() && agreed.is_none() {
            continue;
        }
        for row in document.tree.rows(table) {
            let cells = document.tree.cells(row);
            let cell = |at: Option<usize>| at.and_then(|it| cells.get(it)).map(|it| it.of(document.text));
            let is_open = |it: Option<&str>| it.is_none_or(|it| value::is_unknown(it) || value::waits(it));
            let Some(name) = cells.get(consumer).filter(|_| is_open(cell(moved)) && is_open(cell(agreed))) else {
                continue;
            };
            let message = format!(
                "{why}, and `{}` has neither moved nor signed off. Move it first, or give the channel a later day.",
                value::plain(name.of(document.text))
            );
            reporter.report(*name, message);
        }
    }
}
