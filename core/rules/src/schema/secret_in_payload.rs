//! `schema/secret-in-payload`: a field whose name says that messages carry a secret.

use archwright_knowledge::lexicon::Sensitivity;

use super::sensitive::{SensitiveField, fields};
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/secret-in-payload",
    severity: Severity::Warning,
    summary: "A field's name says that messages carry a password, a token, a key or card data.",
    applies_to: &[Kind::Schema, Kind::Asyncapi],
    any_dialect: false,
    sources: &["A-205", "A-239", "D-F12", "E-022", "E-060"],
    page: include_str!("secret_in_payload.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for SensitiveField { path, span, term, .. } in fields(cx, Sensitivity::Secret) {
        let message = format!(
            "`{path}` is a secret by its name ({term}). Everybody who reads the channel, its dead letters and its \
            logs has it then; send a reference and let those who may fetch the value."
        );
        reporter.report(span, message);
    }
}
