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
    for (start, piece) in dotted(text) {
        let word = piece.trim_end_matches('.');
        // A name has its parts; a path of a file has more.
        if word.len() < 7 || !word.contains('.') || word.contains('/') {
            continue;
        }
        let name = base_of_dlq(cx, word).unwrap_or(word);
        let span = Span::new(start, start + name.len());
        if named.contains(&span) || told.contains(name) || !grammar.matches(name) {
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

/// The pieces of a text that have a full stop among the signs of names and paths, and where they start.
fn dotted(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-' | b'_' | b'/');
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.as_bytes().get(from..)?;
        let dot = memchr::memchr(b'.', rest)?;
        let (before, behind) = rest.split_at_checked(dot)?;
        let start = from + dot - before.iter().rev().take_while(|it| is_part(it)).count();
        from += dot + behind.iter().take_while(|it| is_part(it)).count();
        Some((start, text.get(start..from)?))
    })
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write `{}`", finding.data), vec![edit]).into_iter().collect()
}
