//! `reliability/late-page`: somebody is paged when the objective is missed long since.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::{Topic, names},
    values::{quantity::durations, retention::in_words},
};

use crate::{
    claim::{claims, words},
    prelude::*,
    stated::{Stated, stated},
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
    let own = cx.facts().document().into_iter().flat_map(|it| &it.statements);
    for page in own.filter(|it| it.topic == Topic::Page) {
        let watched = watched(&page.subject);
        let objectives = stated(cx, Topic::Objective);
        let missed = |it: &&Stated| {
            let promised = significant(it.statement.subject.split_once('\n').map_or("", |it| it.1));
            page.amount > it.statement.amount && watched.len() > 1 && watched.iter().all(|word| promised.contains(word))
        };
        let Some(objective) = objectives.iter().find(missed) else { continue };
        let message = format!(
            "The page for `{}` comes after {}, and the objective is to be reached within {}: whoever is called can \
             only count the misses. Page before the objective is missed.",
            page.subject,
            in_words(page.amount),
            in_words(objective.statement.amount)
        );
        let related = cx.related(objective.file, objective.statement.span, "the objective");
        reporter.report(page.span, message).related.push(related);
    }
    let words = words(cx);
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

/// The words that tell what is watched, by the last part of its name, or by all of it if that has one word only.
fn watched(subject: &str) -> Vec<String> {
    let last = significant(last_part(subject));
    if last.len() > 1 { last } else { significant(subject) }
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
