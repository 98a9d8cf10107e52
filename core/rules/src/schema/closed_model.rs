//! `schema/closed-model`: a schema that refuses properties it does not know, on a channel whose schema is meant to
//! grow.

use archwright_schema::AdviceKind;

use super::{Contract, fix_note, notes};
use crate::{evolution::Mode, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/closed-model",
    severity: Severity::Warning,
    summary: "A schema refuses properties that it does not list, although the contract promises that it may grow.",
    applies_to: &[Kind::Schema],
    any_dialect: false,
    sources: &["A-123", "A-237", "A-329"],
    page: include_str!("closed_model.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some((contract, mode)) = Contract::promising(cx) else { return };
    let name = mode.name().to_uppercase();
    let consequence = match mode {
        Mode::None => return,
        Mode::Backward | Mode::BackwardTransitive if contract.mention.growth.consumers_first => return,
        Mode::Backward | Mode::BackwardTransitive => format!(
            "The contract's mode `{name}` lets new properties in, and consumers that still have this schema refuse \
            the messages that carry them. Accept unknown properties, or write in the contract that consumers are \
            updated first."
        ),
        _ => format!(
            "The contract's mode `{name}` demands that consumers with this schema can read newer messages, so no \
            property can ever be added. Accept unknown properties."
        ),
    };
    for note in notes(cx, AdviceKind::ClosedModel) {
        let finding = reporter.report(note.span, format!("{} {consequence}", note.message));
        finding.related.extend(contract.mode_place(cx));
        finding.fixable = !note.edits.is_empty();
        finding.certain = false;
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    // Opening a schema is a decision, so it is offered and not made together with others.
    let fixes = fix_note(cx, finding, AdviceKind::ClosedModel, "Accept properties that are not listed");
    fixes.into_iter().map(|it| Fix { preferred: false, ..it }).collect()
}
