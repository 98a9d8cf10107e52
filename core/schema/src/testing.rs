//! What the tests of all languages share: shapes as readable text.

use archwright_syntax::Spanned;
use std::fmt::Write as _;

use crate::{Language, shape};

/// A shape in lines, each text followed by the source it stands on if that differs.
pub(crate) fn show(text: &str, language: Language) -> String {
    let at = |it: &Spanned| match it.span.of(text) {
        source if source == it.text => source.to_owned(),
        source => format!("{} (at `{source}`)", it.text),
    };
    let shape = shape(text, language);
    let mut out = String::new();
    if let Some(name) = &shape.name {
        let _ = writeln!(out, "message {}", at(name));
    }
    for it in &shape.fields {
        assert_eq!(it.name.text, it.name.span.of(text), "the name of {}", it.path);
        let _ = write!(out, "{}{} {}", it.path, if it.required { "" } else { "?" }, it.ty);
        let _ = writeln!(out, "{}", it.description.as_ref().map_or(String::new(), |it| format!(": {:?}", at(it))));
    }
    for it in &shape.diagnostics {
        let _ = writeln!(out, "problem `{}`: {}", it.span.of(text), it.message);
    }
    out
}
