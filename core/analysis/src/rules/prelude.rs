//! What every rule file uses.

pub(crate) use archwright_syntax::{Span, TextEdit, TextEdits, edit_distance};

pub(crate) use crate::{
    Context, Finding, Fix, Key, Kind, RelPath, Severity, WorkspaceEdit,
    engine::{Reporter, Rule},
    facts::{DocumentFacts, FileFacts},
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

/// The nearest of some names by edit distance, if it is near enough to be meant: a third of the length at most.
pub(crate) fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let lower = name.to_lowercase();
    let most = (name.chars().count() / 3).clamp(1, 4);
    names.into_iter().filter_map(|it| Some((edit_distance(&lower, &it.to_lowercase(), most)?, it))).min().map(|it| it.1)
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
