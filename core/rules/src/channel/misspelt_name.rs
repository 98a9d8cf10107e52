//! `channel/misspelt-name`: a channel that is written with a slip in running text or in a diagram.

use archwright_model::facts::ChannelRole;
use rustc_hash::FxHashSet;

use super::{base_of_dlq, near_miss};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/misspelt-name",
    severity: Severity::Warning,
    summary: "A document or a diagram in it names a channel that there is not, and that is almost one that there is.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Runbook,
        Kind::Launch,
        Kind::Rfc,
        Kind::Overview,
        Kind::FeatureReadme,
        Kind::ImplementationPlan,
    ],
    sources: &["A-085", "A-091"],
    page: include_str!("misspelt_name.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

/// Words beside a name that is meant to be wrong.
const DENIES: [&str; 8] = ["not ", "never", "instead", "rather than", "was called", "renamed", "formerly", "typo"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let grammar = cx.config().channel_name();
    let Some(tree) = facts.markdown() else { return };
    let named: FxHashSet<Span> =
        facts.channels.iter().filter(|it| it.role != ChannelRole::Readme).map(|it| it.name.span).collect();
    let text: &str = &facts.text;
    let mut told = FxHashSet::default();
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_' | '/');
    let mut at = 0;
    for piece in text.split(|it: char| !is_part(it)) {
        let start = piece.as_ptr() as usize - text.as_ptr() as usize;
        let word = piece.trim_end_matches('.');
        // A name has its parts; a path of a file has more.
        if word.len() < 7 || !word.contains('.') || word.contains('/') || start < at {
            continue;
        }
        at = start + word.len();
        let name = base_of_dlq(cx, word).unwrap_or(word);
        let span = Span::new(start, start + name.len());
        if !grammar.matches(name) || named.contains(&span) || told.contains(name) {
            continue;
        }
        if cx.is_spoken_of(Key::Channel(name.into())) || tree.links.iter().any(|it| it.target.range().contains(&start))
        {
            continue;
        }
        let Some(near) = near_miss(cx, name).filter(|it| !it.other_version) else { continue };
        let line = text.get(..start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        let behind = text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default();
        let line = format!("{line}{behind}").to_lowercase();
        if DENIES.iter().any(|it| line.contains(it)) {
            continue;
        }
        told.insert(name);
        let message = format!("There is no channel `{name}`; `{}` has a contract and may be meant.", near.name);
        reporter.report(span, message).data = near.name.to_string();
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write `{}`", finding.data), vec![edit]).into_iter().collect()
}
