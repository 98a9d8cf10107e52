//! Settings of client libraries that lose something now and did not at the base.

use archwright_model::{Severity, conventions::role::Role, facts::ChannelRole};
use archwright_scan::flow::{Effect, Flow, Setting, SettingMeaning};
use smol_str::SmolStr;

use super::{
    super::reviewed::{Mark, ReviewFinding},
    CodeChange,
    context::Service,
    dead_letters, delivery, retries,
};

/// Messages that the broker may never have.
pub(super) const UNCONFIRMED: &str = "review/unconfirmed-send";

/// What the settings of changed code lose. What `told` says already is not told again.
pub(super) fn settings(change: &CodeChange<'_>, service: &Service<'_>, told: &[ReviewFinding]) -> Vec<ReviewFinding> {
    let mut found: Vec<ReviewFinding> = Vec::new();
    let mut names: Vec<&SmolStr> = Vec::new();
    let all = change.before.settings.iter().chain(&change.after.settings);
    for setting in all {
        if names.contains(&&setting.name) {
            continue;
        }
        names.push(&setting.name);
        let Some((at, shown)) = lost(change, service, &setting.name) else { continue };
        let (code, message, advice, role) = words(setting.means, &setting.name, &shown);
        if told.iter().any(|it| it.code == code) && setting.means == SettingMeaning::Early {
            continue;
        }
        let mut finding = change.finding(code, at, message);
        if setting.means == SettingMeaning::Pause {
            finding.severity = Severity::Warning;
        }
        // What was not used before may be meant so.
        if change.file.before.as_ref().is_some_and(|it| it.facts.channels.is_empty()) {
            (finding.mark, finding.severity) = (Mark::Lead, Severity::Warning);
        }
        let then = change.before.settings.iter().find(|it| it.name == setting.name);
        finding.against = role
            .into_iter()
            .flat_map(|role| service.sends.iter().chain(&service.receives).map(move |it| (it, role)))
            .filter_map(|(channel, role)| service.promise(channel, role))
            .map(|it| it.1)
            .take(2)
            .collect();
        finding.against.extend(then.and_then(|it| change.place_before(it.value.span.start)));
        finding.advice = Some(advice.to_owned());
        found.push(finding);
    }
    found
}

/// Where a setting loses something now that it did not, and its value.
fn lost(change: &CodeChange<'_>, service: &Service<'_>, name: &SmolStr) -> Option<(u32, String)> {
    let of = |flow: &'_ Flow| flow.settings.iter().filter(|it| it.name == *name).cloned().collect::<Vec<Setting>>();
    let (before, after) = (of(&change.before), of(&change.after));
    let bad = |all: &[Setting]| all.iter().filter(|it| it.effect == Effect::Bad).count();
    // A new file has no old values; what is bad in it is new all the same, but nothing was lost.
    change.file.before.as_ref()?;
    if bad(&after) > bad(&before) {
        let is_new = |it: &&Setting| {
            it.effect == Effect::Bad
                && !before.iter().any(|old| old.effect == Effect::Bad && old.value.text == it.value.text)
        };
        let worse = after.iter().find(is_new).or_else(|| after.iter().rfind(|it| it.effect == Effect::Bad))?;
        // More of what was bad before came with more calls.
        let was_good = before.iter().any(|it| it.effect == Effect::Good) || before.is_empty();
        return was_good.then(|| (worse.value.span.start, worse.value.text.to_string()));
    }
    let good = before.iter().find(|it| it.effect != Effect::Bad && it.needed)?;
    if !after.is_empty() {
        return None;
    }
    // What it belongs to has to be there still.
    let steps = change.after.functions.iter().flat_map(|it| &it.steps);
    let of_calls = |name: &SmolStr| good.of.is_empty() || good.of.contains(name);
    let uses = |role| {
        let after = change.file.after.as_ref();
        after.is_some_and(|it| it.facts.channels.iter().any(|it| it.role == role))
    };
    // Code that went elsewhere took its settings along.
    let is_used = match good.means {
        SettingMeaning::Early => uses(ChannelRole::Receive),
        SettingMeaning::Acks => uses(ChannelRole::Send),
        _ => true,
    };
    if !is_used || service.gained(&change.file.path, name) {
        return None;
    }
    let place = steps.into_iter().find(|it| of_calls(&it.name) && !good.of.is_empty()).map(|it| it.span.start);
    let is_left = good.of.is_empty() && change.after.acknowledges.is_some();
    place.or_else(|| is_left.then(|| place_of_use(change))).map(|it| (it, String::new()))
}

/// Where the library is used first.
fn place_of_use(change: &CodeChange<'_>) -> u32 {
    let sites = change.file.after.as_ref().map(|it| &it.facts.channels);
    sites.and_then(|it| it.first()).map_or(0, |it| it.name.span.start)
}

fn words(means: SettingMeaning, name: &str, value: &str) -> (&'static str, String, &'static str, Option<Role>) {
    let shown = if value.is_empty() { format!("`{name}` is gone") } else { format!("`{name}` is `{value}` now") };
    match means {
        SettingMeaning::Early => (
            delivery::EARLY_ACK,
            format!("{shown}: messages count as handled before they are, and a crash loses them."),
            "Acknowledge when the work has ended.",
            Some(Role::Delivery),
        ),
        SettingMeaning::Acks => (
            UNCONFIRMED,
            format!("{shown}: a message counts as sent before all replicas have it, and can be lost with a broker."),
            "Wait for all in-sync replicas.",
            Some(Role::Delivery),
        ),
        SettingMeaning::DeadLetters => (
            dead_letters::LOST,
            format!("{shown}: a message that cannot be handled is not set aside any more."),
            "Keep the dead letter channel.",
            Some(Role::Dlq),
        ),
        SettingMeaning::Bound => (
            retries::UNBOUNDED,
            format!("{shown}: what can never succeed is tried for ever, and the messages behind it wait."),
            "Bound the attempts, then set the message aside.",
            None,
        ),
        SettingMeaning::Pause => (
            retries::HASTY,
            format!("{shown}: it is tried again at once, and by all at the same time."),
            "Wait longer from time to time, spread by chance.",
            None,
        ),
    }
}
