//! `reliability/attempts-mismatch`: a contract or a runbook that tries messages more or less often than the design.

use archwright_model::facts::Topic;

use crate::{
    prelude::*,
    stated::{Stated, stated},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/attempts-mismatch",
    severity: Severity::Warning,
    summary: "A contract or a runbook tries messages another number of times than the design of the feature.",
    applies_to: &[Kind::Contract, Kind::Runbook],
    any_dialect: false,
    sources: &["A-145", "A-240"],
    page: include_str!("attempts_mismatch.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let own = cx.facts().document().into_iter().flat_map(|it| &it.statements);
    for ours in own.filter(|it| it.topic == Topic::Attempts) {
        let designs = stated(cx, Topic::Attempts);
        let designs: Vec<&Stated> =
            designs.iter().filter(|it| it.facts.kind == Kind::Design && it.statement.subject == ours.subject).collect();
        let Some(design) = designs.first().filter(|_| designs.iter().all(|it| it.statement.amount != ours.amount))
        else {
            continue;
        };
        let message = format!(
            "{} {}s here and {} in the design; make the two agree, or say there why this consumer differs.",
            ours.amount, ours.subject, design.statement.amount
        );
        let related = cx.related(design.file, design.statement.span, "the design's number");
        reporter.report(ours.span, message).related.push(related);
    }
}
