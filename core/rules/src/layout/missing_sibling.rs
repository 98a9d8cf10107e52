//! `layout/missing-sibling`: a contract without the schema or the AsyncAPI file of its channel.

use archwright_model::facts::ChannelRole;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/missing-sibling",
    severity: Severity::Warning,
    summary: "A contract has no schema or no AsyncAPI file.",
    applies_to: &[Kind::Contract],
    any_dialect: false,
    sources: &["A-019", "A-029", "E-001", "A-169", "A-235", "N-039"],
    page: include_str!("missing_sibling.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let (Some(channel), Some(feature)) = (&facts.captures.channel, &facts.captures.feature) else { return };
    let speakers = cx.files(Key::Channel(channel.clone()));
    let has_schema = speakers
        .iter()
        .map(|it| it.facts)
        .any(|it| it.captures.feature.as_ref() == Some(feature) && it.channel(channel, ChannelRole::Schema).is_some());
    // One AsyncAPI document may describe several channels, wherever it lies.
    let has_asyncapi = speakers.iter().any(|it| it.facts.channel(channel, ChannelRole::AsyncApi).is_some());
    let missing: Vec<String> = [(Kind::Schema, "schema", has_schema), (Kind::Asyncapi, "AsyncAPI file", has_asyncapi)]
        .into_iter()
        .filter(|(kind, _, there)| !there && !is_at_place(cx, *kind))
        .filter_map(|(kind, what, _)| {
            Some(format!(
                "{what} (`{}`)",
                cx.config().layout().place(kind, &facts.captures)?.relative_to(&facts.path.parent())
            ))
        })
        .collect();
    if missing.is_empty() {
        return;
    }
    let message = format!(
        "The contract of `{channel}` has no {}. Without {} nothing can check what is sent; write {}.",
        enumerate(&missing, "and no"),
        if missing.len() == 1 { "it" } else { "them" },
        if missing.len() == 1 { "it next" } else { "both next" },
    );
    reporter.report(facts.title_span(), message);
}

/// Whether a file lies at one of the places that the layout gives the kind for this channel, readable or not.
fn is_at_place(cx: &Context, kind: Kind) -> bool {
    let templates = cx.config().layout().templates().iter().filter(|it| it.kind() == kind);
    templates.filter_map(|it| it.path(&cx.facts().captures)).any(|it| cx.exists(&it))
}
