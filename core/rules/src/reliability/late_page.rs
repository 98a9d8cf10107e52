//! `reliability/late-page`: somebody is paged when the objective is missed long since.

use archwright_knowledge::claim_words;

use crate::{
    claim::{claims, words},
    prelude::*,
    stated::{Stated, stated},
};
use archwright_model::{
    facts::{Topic, names},
    values::{quantity::durations, retention::in_words},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/late-page",
    severity: Severity::Warning,
    summary: "An objective is missed before anybody is paged.",
    applies_to: &[Kind::Design, Kind::Runbook, Kind::Contract],
    any_dialect: false,
    sources: &["A-388", "A-389"],
    page: include_str!("late_page.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let words = words(cx);
    if !words.has(claim_words("objective-names")) {
        return;
    }
    let own = cx.facts().document().into_iter().flat_map(|it| &it.statements);
    for objective in own.filter(|it| it.topic == Topic::Objective) {
        let promised = significant(objective.subject.split_once('\n').map_or("", |it| it.1));
        let pages = stated(cx, Topic::Page);
        let late = |it: &&Stated| {
            let watched = significant(last_part(&it.statement.subject));
            it.statement.amount > objective.amount
                && watched.len() > 1
                && watched.iter().all(|word| promised.contains(word))
        };
        let Some(page) = pages.iter().find(late) else { continue };
        let message = format!(
            "This is to be reached within {}, and the page for `{}` comes after {}: whoever is called can only count \
             the misses. Page before the objective is missed.",
            in_words(objective.amount),
            page.statement.subject,
            in_words(page.statement.amount)
        );
        let related = cx.related(page.file, page.statement.span, "the page");
        reporter.report(objective.span, message).related.push(related);
    }
    if !words.has(claim_words("still-to-miss")) {
        return;
    }
    for claim in claims(cx) {
        let Some(at) = claim_words("still-to-miss").first(claim.text) else { continue };
        let behind = claim.text.get(at.end..).unwrap_or_default();
        let Some((_, after)) = durations(behind).into_iter().next() else { continue };
        let objectives = stated(cx, Topic::Objective);
        let missed = |it: &&Stated| {
            let id = it.statement.subject.split_once('\n').map_or("", |it| it.0);
            #[allow(clippy::cast_precision_loss)]
            let is_over = it.statement.amount as f64 <= after;
            is_over && names(claim.text, id)
        };
        let Some(objective) = objectives.iter().find(missed) else { continue };
        let message = format!(
            "By then the objective, within {}, is missed already. Take the step while it can still be met.",
            in_words(objective.statement.amount)
        );
        let related = cx.related(objective.file, objective.statement.span, "the objective");
        let start = claim.span.start as usize;
        reporter.report(Span::new(start + at.start, start + at.end), message).related.push(related);
    }
}

/// The last part of a name in dots: what a consumer group does, without whose it is.
fn last_part(name: &str) -> &str {
    if name.contains(' ') { name } else { name.rsplit('.').next().unwrap_or(name) }
}

/// The words that tell what is watched, in the singular.
fn significant(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace("e-mail", "mail").replace("email", "mail");
    let words = text.split(|it: char| !it.is_alphanumeric());
    let words = words.filter(|it| it.len() > 3 && !claim_words("watch-words").are_all_of(it));
    let mut words: Vec<String> = words.map(|it| it.trim_end_matches('s').to_owned()).collect();
    words.sort_unstable();
    words.dedup();
    words
}
