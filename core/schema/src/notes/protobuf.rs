//! Notes on Protobuf files.

use super::{Advice, AdviceKind};
use crate::protobuf::parser;
use crate::protobuf::schema::{Schema, Source};
use crate::protobuf::tree::Syntax;

/// Enums are closed in proto2, and where the editions say so (protobuf.dev, "Enum Behavior").
pub(super) fn notes(text: &str) -> Vec<Advice> {
    let Ok(file) = parser::whole(text) else { return Vec::new() };
    if file.syntax == Syntax::Proto3 {
        return Vec::new();
    }
    let schema = Schema::new(vec![Source { path: "", file: &file }]);
    let closed = schema.enums.iter().filter(|it| {
        let own = [it.node.options.as_slice()];
        it.node.values.len() > 1 && schema.feature("enum_type", &own, it.parent, it.file) == "CLOSED"
    });
    let note = |it: &crate::protobuf::schema::Enum<'_>| {
        let message = format!(
            "The enum `{}` is closed: a reader drops every value that it does not list, as if the field were not set.",
            it.nested
        );
        Advice {
            kind: AdviceKind::ClosedEnum,
            span: it.node.name_span,
            subject: it.nested.as_str().into(),
            message,
            edits: Vec::new(),
        }
    };
    closed.map(note).collect()
}
