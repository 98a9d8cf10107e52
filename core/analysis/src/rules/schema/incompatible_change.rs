//! `schema/incompatible-change`: a schema or AsyncAPI document that breaks readers it served where the work began.

use archwright_asyncapi::comparison::Class;

use smol_str::SmolStr;

use crate::{
    evolution::{Format, Mode, NamedText, NextVersionPlan, changes_between, describes, successor},
    facts::ChannelRole,
    model::date,
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
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some((old, new)) = versions(cx) else { return };
    let Some(format) = Format::of(facts.path.as_str(), &facts.text) else { return };
    let (mode, from) = mode(cx);
    // Where only an import changed, there is nothing of this file to take back.
    let fixable = old.text != new.text && next_channel(cx).is_some();
    // A text that is half typed cannot be compared; what is wrong with it is said elsewhere.
    let Ok(changes) = changes_between(&old, &new, format, mode) else { return };
    for found in changes.into_iter().filter(|it| it.class == Class::Breaking) {
        let change = found.change;
        let sides: Vec<&str> = change.breaks.iter().map(|it| it.name()).collect();
        let advice = change.advice.map(|it| format!(" {it}")).unwrap_or_default();
        let message = format!(
            "{} This is not {} compatible, which {from} demands.{advice}",
            sentence(&change.message),
            sides.join(" and ")
        );
        let here = change.new.filter(|_| found.new_file.is_none()).map(|it| it.span);
        let span = here.or_else(|| reference_to(cx, found.new_file.as_deref()?)).unwrap_or_else(|| facts.title_span());
        let finding = reporter.report(span, message);
        finding.fixable = fixable;
        finding.certain = false;
    }
}

/// Where the file refers to another one, if it does so itself.
fn reference_to(cx: &Context, file: &str) -> Option<Span> {
    let facts = cx.facts();
    let wanted = facts.path.parent().join(file);
    let references = facts.asyncapi().map(|it| &it.outline.references)?;
    let leads = |it: &&archwright_asyncapi::Reference| {
        crate::facts::file_of_reference(&facts.path, &it.target.text).as_ref() == Some(&wanted)
    };
    references.iter().find(leads).map(|it| it.target.span)
}

/// What the file and its imports said where the work began, and what they say now; nothing when that is the same.
fn versions(cx: &Context) -> Option<(NamedText, NamedText)> {
    let facts = cx.facts();
    let path = &facts.path;
    let new = NamedText::new(path, facts.text.clone(), |it| cx.referenced_text(it), RelPath::to_string);
    let before = match cx.base_text() {
        None if new.imports.is_empty() && new.companions.is_empty() => return None,
        None => cx.base_text_of(path, &facts.text)?,
        Some(it) => it,
    };
    let then = |it: &RelPath| cx.base_text_of(it, &cx.referenced_text(it).unwrap_or_default());
    let old = NamedText::new(path, before, then, RelPath::to_string);
    let is_other = old.text != new.text || old.imports != new.imports || old.companions != new.companions;
    is_other.then_some((old, new))
}

/// The change goes to the next version of the channel, which stands beside this one until every consumer has moved.
fn fix(cx: &Context, _: &Finding) -> Vec<Fix> {
    let facts = cx.facts();
    let (Some((channel, next)), Some(before)) = (next_channel(cx), cx.base_text()) else { return Vec::new() };
    let plan = NextVersionPlan {
        channel,
        next: &next,
        files: cx.files(Key::Channel(channel.clone())).into_iter().map(|it| it.1).collect(),
        before: vec![(facts.path.clone(), before)],
        config: cx.config(),
        today: date::today(),
    };
    plan.edit()
        .map(|edit| Fix {
            title: format!("Create the channel `{next}` for this change"),
            edit,
            preferred: false,
            asks: false,
        })
        .into_iter()
        .collect()
}

/// The schema's channel and its next version, if there is none yet.
fn next_channel<'a>(cx: &Context<'a>) -> Option<(&'a SmolStr, String)> {
    let facts = cx.facts();
    let channel = facts.captures.channel.as_ref().filter(|_| facts.kind == Kind::Schema)?;
    let next = successor(cx.config(), channel)?;
    let exists = cx.files(Key::Channel(next.as_str().into())).iter().any(|it| describes(it.1, &next));
    (!exists).then_some((channel, next))
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// The mode that the channel's contract promises, and who says so.
fn mode(cx: &Context) -> (Mode, String) {
    let default = (Mode::default(), "the default mode `BACKWARD`".to_owned());
    let Some(channel) = &cx.facts().captures.channel else { return default };
    let contracts = cx.files(Key::Channel(channel.clone()));
    let mut said =
        contracts.iter().filter_map(|it| it.1.channel(channel, ChannelRole::Contract)?.compatibility.as_ref());
    let mode = said.find_map(|it| Mode::of_name(&it.text));
    mode.map_or(default, |it| (it, format!("the contract's mode `{}`", it.name().to_uppercase())))
}
