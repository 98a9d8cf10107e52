//! `schema/closed-enum`: an enum that refuses values it does not know, on a channel whose schema is meant to grow.

use archwright_schema::{AdviceKind, Language};

use super::{Contract, fix_note, notes};
use crate::{evolution::Mode, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/closed-enum",
    severity: Severity::Warning,
    summary: "An enum refuses values that it does not list, although the contract promises that the schema may grow.",
    applies_to: &[Kind::Schema],
    any_dialect: false,
    sources: &["A-124"],
    page: include_str!("closed_enum.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some((contract, mode)) = Contract::promising(cx) else { return };
    let Some(schema) = cx.facts().schema() else { return };
    let growth = contract.mention.growth;
    let name = mode.name().to_uppercase();
    let consequence = match mode {
        Mode::None => return,
        _ if growth.enums_are_final => return,
        Mode::Backward | Mode::BackwardTransitive if growth.consumers_first => return,
        Mode::Backward | Mode::BackwardTransitive => {
            format!(
                "The contract's mode `{name}` lets new values in, and consumers that still have this schema fail on \
                them."
            )
        }
        _ => format!(
            "The contract's mode `{name}` demands that consumers with this schema can read newer messages, so no \
            value can ever be added."
        ),
    };
    let advice = match schema.shape.language {
        Language::JsonSchema => "List the values as `examples`",
        Language::Avro => "Give it a `default` symbol for what a consumer does not know",
        Language::Protobuf => "Make it an open enum, as in proto3",
    };
    for note in notes(cx, AdviceKind::ClosedEnum) {
        let message = format!(
            "{} {consequence} {advice}, or write in the contract that a new enum value opens a v2 channel.",
            note.message
        );
        let finding = reporter.report(note.span, message);
        finding.related.extend(contract.mode_place(cx));
        finding.fixable = !note.edits.is_empty();
        finding.certain = false;
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let is_avro = cx.facts().schema().is_some_and(|it| it.shape.language == Language::Avro);
    let title =
        if is_avro { "Read symbols that are not listed as the unknown one" } else { "List the values as examples" };
    // Opening an enum is a decision, so it is offered and not made together with others.
    fix_note(cx, finding, AdviceKind::ClosedEnum, title).into_iter().map(|it| Fix { preferred: false, ..it }).collect()
}
