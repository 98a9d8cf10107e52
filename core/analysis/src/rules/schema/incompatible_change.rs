//! `schema/incompatible-change`: a schema or AsyncAPI document that breaks readers it served where the work began.

use archwright_asyncapi::comparison::Class;

use crate::{
    facts::ChannelRole,
    operations::{Format, Mode, changes_between},
    rules::prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/incompatible-change",
    severity: Severity::Error,
    summary: "A schema or AsyncAPI document changed so that readers break whom the contract's compatibility mode protects.",
    applies_to: &[Kind::Schema, Kind::Asyncapi],
    any_dialect: false,
    sources: &["A-147", "D-P05"],
    page: include_str!("incompatible_change.md"),
    check,
    fix: None,
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(old) = cx.base_text() else { return };
    let Some(format) = Format::of(facts.path.as_str(), &facts.text) else { return };
    let (mode, from) = mode(cx);
    // A text that is half typed cannot be compared; what is wrong with it is said elsewhere.
    let Ok(changes) = changes_between(&old, &facts.text, facts.path.as_str(), format, mode) else { return };
    for found in changes.into_iter().filter(|it| it.class == Class::Breaking) {
        let change = found.change;
        let sides: Vec<&str> = change.breaks.iter().map(|it| it.name()).collect();
        let advice = change.advice.map(|it| format!(" {it}")).unwrap_or_default();
        let message =
            format!("{} This is not {} compatible, which {from} demands.{advice}", sentence(&change.message), sides.join(" and "));
        reporter.report(change.new.map_or_else(|| facts.title_span(), |it| it.span), message);
    }
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// The mode that the channel's contract promises, and who says so.
fn mode(cx: &Context) -> (Mode, String) {
    let default = (Mode::default(), "the default mode `BACKWARD`".to_owned());
    let Some(channel) = &cx.facts().captures.channel else { return default };
    let contracts = cx.files(Key::Channel(channel.clone()));
    let mut said = contracts.iter().filter_map(|it| it.1.channel(channel, ChannelRole::Contract)?.compatibility.as_ref());
    let mode = said.find_map(|it| Mode::of_name(&it.text));
    mode.map_or(default, |it| (it, format!("the contract's mode `{}`", it.name().to_uppercase())))
}
