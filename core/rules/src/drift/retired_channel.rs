//! `drift/retired-channel`: code or a README that still uses a channel whose contract is retired.

use archwright_model::facts::ChannelRole;

use super::undocumented_channel::is_test;
use crate::{
    channel::{contracts, near_miss},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/retired-channel",
    severity: Severity::Error,
    summary: "Code or a README uses a channel whose contract is retired.",
    applies_to: &[Kind::Code, Kind::FeatureReadme],
    any_dialect: true,
    sources: &["A-326", "A-328"],
    page: include_str!("retired_channel.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    if facts.kind == Kind::FeatureReadme && !facts.opted_in() || is_test(&facts.path) {
        return;
    }
    for mention in &facts.channels {
        let name = &mention.name.text;
        let what = match mention.role {
            ChannelRole::Send => "The code sends to",
            ChannelRole::Receive => "The code receives from",
            ChannelRole::Readme if !says_so(facts, mention.name.span) => "The README lists",
            _ => continue,
        };
        let contracts = contracts(cx, name);
        let is_retired = |status: &str| cx.config().vocabulary().state(status) == Some(State::Retired);
        let statuses = contracts.iter().filter_map(|it| Some(Said { file: it.file, at: it.mention.status.as_ref()? }));
        let retired: Vec<Said> = statuses.filter(|it| is_retired(&it.at.text)).collect();
        // Where two features have a contract, one that lives is enough.
        let Some(status) = retired.first().filter(|_| retired.len() == contracts.len()) else { continue };
        let advice = match near_miss(cx, name).filter(|it| it.other_version && it.name != name) {
            Some(other) => format!("move to `{}`.", other.name),
            None => "nobody keeps it running any more.".to_owned(),
        };
        let message = format!("{what} `{name}`, whose contract is retired; {advice}");
        let related = cx.related(status.file, status.at.span, "the contract is retired");
        reporter.report(mention.name.span, message).related.push(related);
    }
}

/// Whether the line of a README says that the channel is gone.
fn says_so(facts: &FileFacts, span: Span) -> bool {
    let rest = facts.text.get(span.end as usize..).unwrap_or_default();
    rest.lines().next().is_some_and(|it| it.to_lowercase().contains("retired"))
}
