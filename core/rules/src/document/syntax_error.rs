//! `document/syntax-error`: YAML or JSON that cannot be read as written.

use archwright_syntax::data::SyntaxErrorKind;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/syntax-error",
    severity: Severity::Error,
    summary: "A YAML or JSON artifact cannot be read as it is written.",
    applies_to: &[Kind::Schema, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-019"],
    page: include_str!("syntax_error.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    // YAML allows an anchor to be defined again, so that is no mistake of the text.
    for error in cx.facts().syntax_errors.iter().filter(|it| it.kind != SyntaxErrorKind::DuplicateAnchor) {
        reporter.report(error.span, error.message.clone());
    }
}
