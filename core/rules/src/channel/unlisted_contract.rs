//! `channel/unlisted-contract`: a contract whose channel the design of its feature does not name.

use archwright_model::facts::ChannelRole;

use super::{base_of_dlq, contracts};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/unlisted-contract",
    severity: Severity::Warning,
    summary: "A contract's channel is missing among the boundary contracts of the feature's design.",
    applies_to: &[Kind::Contract],
    any_dialect: false,
    sources: &["A-121"],
    page: include_str!("unlisted_contract.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let (Some(channel), Some(feature)) = (&facts.captures.channel, &facts.captures.feature) else { return };
    // Its name may have signs that no name of a file has.
    let own = facts.channels.iter().find(|it| it.role == ChannelRole::Contract);
    let channel = own.map_or(channel, |it| &it.name.text);
    let designs: Vec<_> =
        cx.files(Key::Boundaries(feature.clone())).into_iter().filter(|it| it.facts.opted_in()).collect();
    let names = |facts: &FileFacts| facts.channel(channel, ChannelRole::Design).is_some();
    let Some(FileRef { id: file, facts: design }) =
        designs.first().filter(|_| !designs.iter().any(|it| names(it.facts)))
    else {
        return;
    };
    if base_of_dlq(cx, channel).is_some() || is_going(cx, channel) {
        return;
    }
    // A listed channel that has a contract of its own is another one.
    let listed = design.channels.iter().filter(|it| it.role == ChannelRole::Design).map(|it| it.name.text.as_str());
    let near = nearest(channel, listed.filter(|it| contracts(cx, it).is_empty())).filter(|it| is_slip(it, channel));
    let advice = match near {
        Some(near) => format!("it has `{near}`; name the same channel in both."),
        None => "add a row.".to_owned(),
    };
    let path = design.path.relative_to(&facts.path.parent());
    let place = design.channels.first().map_or_else(|| design.title_span(), |it| it.name.span);
    let related = cx.related(*file, place, "the boundary contracts of the design");
    let message = format!("The boundary contracts of `{path}` do not name `{channel}`; {advice}");
    reporter.report(facts.title_span(), message).related.push(related);
}

/// A channel that is going or gone may have left the design.
fn is_going(cx: &Context, channel: &str) -> bool {
    let status = cx.facts().channel(channel, ChannelRole::Contract).and_then(|it| it.status.as_ref());
    status.and_then(|it| cx.config().vocabulary().state(&it.text)).is_some_and(State::is_going)
}
