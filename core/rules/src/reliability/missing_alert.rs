//! `reliability/missing-alert`: a dead letter channel or a consumer group that no alert watches, as its siblings.

use archwright_model::facts::Topic;

use crate::{prelude::*, stated::stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/missing-alert",
    severity: Severity::Warning,
    summary: "A dead letter channel or a consumer group has no alert, as the others of its feature have.",
    applies_to: &[Kind::Contract],
    any_dialect: false,
    sources: &["A-226", "A-240", "A-178", "A-252", "E-063"],
    page: include_str!("missing_alert.md"),
    check,
    ..Rule::OURS
};

/// So many others make a habit.
const HABIT: usize = 2;

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let own: Vec<_> = facts.document().into_iter().flat_map(|it| &it.statements).collect();
    let kinds = [
        (Topic::DeadLetterChannel, Topic::DeadLetterAlert, "dead letters of"),
        (Topic::ConsumerGroup, Topic::Page, "consumers of"),
    ];
    for (thing, alert, what) in kinds {
        // Where the contract has rows of its own, they may call it otherwise.
        if own.iter().all(|it| it.topic != thing) || own.iter().any(|it| it.topic == alert && it.subject.contains(' '))
        {
            continue;
        }
        let (all, alerts) = (stated(cx, thing), stated(cx, alert));
        let is_watched = |name: &str| alerts.iter().any(|it| it.statement.subject == name);
        let mut watched: Vec<&str> = all.iter().map(|it| it.statement.subject.as_str()).collect();
        watched.retain(|it| is_watched(it));
        watched.sort_unstable();
        watched.dedup();
        if watched.len() < HABIT {
            continue;
        }
        for name in own.iter().filter(|it| it.topic == thing && !is_watched(&it.subject)) {
            let message = format!(
                "No alert watches the {what} `{}`, and {} others of the feature have one. Add its row: the value, for \
                 how long, and who is told.",
                name.subject,
                watched.len()
            );
            let finding = reporter.report(name.span, message);
            finding
                .related
                .extend(alerts.first().map(|it| cx.related(it.file, it.statement.span, "an alert of another")));
        }
    }
}
