//! `drift/undocumented-channel`: code that sends to a channel without a contract, or reads one beside others that have
//! one.

use std::cell::LazyCell;

use archwright_model::facts::ChannelRole;

use crate::{
    channel::{base_of_dlq, contracts, near_miss},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "drift/undocumented-channel",
    severity: Severity::Warning,
    summary: "Code sends to a channel that has no contract, or reads one beside a channel that has one.",
    applies_to: &[Kind::Code],
    any_dialect: true,
    sources: &["H-012", "A-054"],
    page: include_str!("undocumented_channel.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    if is_test(&cx.facts().path) {
        return;
    }
    let documented = |name: &str| !contracts(cx, name).is_empty();
    let reads = || cx.facts().channels.iter().filter(|it| it.role == ChannelRole::Receive);
    // What others send may have its contract with them, unless what this code reads has it here.
    let reads_documented = LazyCell::new(|| reads().any(|it| documented(&it.name.text)));
    for mention in &cx.facts().channels {
        let does = match mention.role {
            ChannelRole::Send => "sends to",
            ChannelRole::Receive if *reads_documented => "reads",
            _ => continue,
        };
        let name = mention.name.text.as_str();
        // Where nobody writes contracts, their absence is no news.
        if !cx.config().channel_name().matches(base_of_dlq(cx, name).unwrap_or(name))
            || !cx.is_spoken_of(Key::Contracts)
        {
            continue;
        }
        if documented(name) || base_of_dlq(cx, name).is_some_and(documented) {
            continue;
        }
        let advice = match near_miss(cx, name) {
            Some(near) if near.other_version => {
                format!("there is one for `{}`; write another or use that one.", near.name)
            }
            Some(near) => format!("did you mean `{}`?", near.name),
            None => "write one before others depend on it.".to_owned(),
        };
        reporter.report(mention.name.span, format!("The code {does} `{name}`, which no contract describes; {advice}"));
    }
}

/// Whether the code only tests other code: it may send anywhere.
pub(super) fn is_test(path: &RelPath) -> bool {
    let in_folder =
        path.parent().as_str().split('/').any(|it| matches!(it, "test" | "tests" | "__tests__" | "spec" | "testdata"));
    let (name, stem) = (path.name(), path.stem());
    in_folder
        || name.starts_with("test_")
        || [".test", ".spec", "_test", "_spec"].iter().any(|it| stem.ends_with(it))
        || ["Test", "Tests", "IT"].iter().any(|it| stem.ends_with(it))
            && matches!(path.extension(), "java" | "kt" | "cs" | "scala")
}
