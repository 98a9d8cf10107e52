//! `runbook/uncovered-dead-letters`: dead letters that no runbook speaks of, beside others that have one.

use archwright_model::facts::ChannelRole;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/uncovered-dead-letters",
    severity: Severity::Info,
    summary: "The dead letters of a channel are in no runbook, although those of others of the feature are.",
    applies_to: &[Kind::Contract],
    sources: &["A-347", "A-178", "A-214"],
    page: include_str!("uncovered_dead_letters.md"),
    check,
    ..Rule::OURS
};

/// Words of runbooks that are for all channels.
const FOR_ALL: [&str; 6] =
    ["*.dlq", "every dead letter", "all dead letter", "any dead letter", "every channel", "all channels"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(feature) = &facts.captures.feature else { return };
    let contract = facts.channels.iter().find(|it| it.role == ChannelRole::Contract);
    let Some((channel, dlq)) = contract.and_then(|it| Some((it, it.dlq.as_ref()?))) else { return };
    let state = channel.status.as_ref().and_then(|it| cx.config().vocabulary().state(&it.text));
    // A link in the field leads to whatever is to be done.
    let said = cx.by_role().and_then(|it| it.field(Role::Dlq)).map(|it| it.text).unwrap_or_default();
    if dlq.text == "none" || state != Some(State::Active) || said.contains("](") {
        return;
    }
    let artifacts = cx.files(Key::Feature(feature.clone()));
    let siblings: Vec<&str> = artifacts
        .iter()
        .filter(|it| it.facts.kind == Kind::Contract && it.id != cx.file())
        .filter_map(|it| it.facts.captures.channel.as_deref())
        .collect();
    let runbooks = artifacts.iter().filter(|it| it.facts.kind == Kind::Runbook);
    let texts: Vec<&FileFacts> = runbooks.filter_map(|it| cx.whole(&it.facts.path)).collect();
    let has = |it: &&FileFacts, name: &str| it.text.contains(name);
    let suffix = &cx.config().profile().channels.dlq_suffix;
    let covers = |it: &&FileFacts| siblings.iter().any(|name| has(it, &format!("{name}{suffix}")));
    let Some(other) = texts.iter().find(|it| covers(it)) else { return };
    let speaks = |it: &FileFacts| {
        let lower = it.text.to_lowercase();
        it.text.contains(channel.name.text.as_str())
            || it.text.contains(dlq.text.as_str())
            || FOR_ALL.iter().any(|words| lower.contains(words))
    };
    if texts.iter().any(|it| speaks(it)) {
        return;
    }
    let message = format!(
        "No runbook of the feature speaks of `{}`, and `{}` is for others only. Add it there, or write the steps.",
        dlq.text,
        other.path.relative_to(&facts.path.parent())
    );
    reporter.report(dlq.span, message);
}
