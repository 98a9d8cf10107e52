//! `reliability/page-mismatch`: two documents of a feature page for the same thing at different times.

use archwright_model::{
    facts::{Statement, Topic},
    values::retention::in_words,
};

use crate::{
    prelude::*,
    stated::{Stated, stated},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/page-mismatch",
    severity: Severity::Warning,
    summary: "A contract and a runbook of one feature page for the same thing at different values.",
    applies_to: &[Kind::Contract, Kind::Design],
    any_dialect: false,
    sources: &["A-388", "A-240"],
    page: include_str!("page_mismatch.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let own = cx.facts().document().into_iter().flat_map(|it| &it.statements);
    let alerts = own.filter(|it| matches!(it.topic, Topic::Page | Topic::DeadLetterAlert));
    // What is called in words may be one thing here and another there.
    for alert in alerts.filter(|it| !it.subject.contains(' ')) {
        let others = stated(cx, alert.topic);
        let others: Vec<&Stated> = others
            .iter()
            .filter(|it| it.facts.kind == Kind::Runbook && it.statement.subject == alert.subject)
            .collect();
        let Some(other) = others.first().filter(|_| others.iter().all(|it| it.statement.amount != alert.amount)) else {
            continue;
        };
        let message = format!(
            "`{}` alerts at {} here and at {} in `{}`; make the two agree.",
            alert.subject,
            shown(alert),
            shown(other.statement),
            other.facts.path.name()
        );
        let related = cx.related(other.file, other.statement.span, "the runbook's value");
        reporter.report(alert.span, message).related.push(related);
    }
}

fn shown(alert: &Statement) -> String {
    if alert.topic == Topic::Page { in_words(alert.amount) } else { format!("{} dead letters", alert.amount) }
}
