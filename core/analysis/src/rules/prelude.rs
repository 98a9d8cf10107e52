//! What every rule file uses.

pub(crate) use archwright_syntax::{Span, TextEdit, TextEdits, is_slip, nearest};

pub(crate) use crate::{
    Context, Finding, Fix, Key, Kind, RelPath, Severity, WorkspaceEdit,
    conventions::role::{Role, State},
    engine::{Reporter, Rule},
    facts::{ByRole, DocumentFacts, FileFacts},
};

/// A fix that edits the file of the finding.
pub(crate) fn edit_here(cx: &Context, title: impl Into<String>, edits: Vec<TextEdit>) -> Option<Fix> {
    edit_file(cx.facts(), title, edits)
}

/// A fix that edits another file.
pub(crate) fn edit_file(facts: &FileFacts, title: impl Into<String>, edits: Vec<TextEdit>) -> Option<Fix> {
    let edits = TextEdits::new(edits).ok()?;
    let edit = WorkspaceEdit::text(facts.path.clone(), facts.hash(), edits);
    Some(Fix { title: title.into(), edit, preferred: true })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn enumerate(names: &[impl AsRef<str>], last: &str) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
}
