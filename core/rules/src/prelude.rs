//! What every rule file uses.

pub use archwright_syntax::{Span, TextEdit, TextEdits, is_slip, nearest};

pub(crate) use archwright_engine::{Context, FileRef, Finding, Fix, Reporter, Rule};
pub(crate) use archwright_model::{
    Key, Kind, RelPath, Severity, WorkspaceEdit,
    conventions::role::{Role, State},
    facts::{ByRole, DocumentFacts, FileFacts, RoleValue},
};
use archwright_model::{facts::Spanned, key::FileId, values::value};

/// A text of some file.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    pub file: FileId,
    /// Where it says so.
    pub at: &'a Spanned,
}

/// A fix that edits the file of the finding.
pub(crate) fn edit_here(cx: &Context, title: impl Into<String>, edits: Vec<TextEdit>) -> Option<Fix> {
    edit_file(cx.facts(), title, edits)
}

/// A fix that writes questions into the file of the finding.
pub(crate) fn ask_here(cx: &Context, title: impl Into<String>, edits: Vec<TextEdit>) -> Option<Fix> {
    edit_here(cx, title, edits).map(|it| Fix { preferred: false, asks: true, ..it })
}

/// A fix that edits another file.
pub(crate) fn edit_file(facts: &FileFacts, title: impl Into<String>, edits: Vec<TextEdit>) -> Option<Fix> {
    let edits = TextEdits::new(edits).ok()?;
    let edit = WorkspaceEdit::text(facts.path.clone(), facts.hash(), edits);
    Some(Fix { title: title.into(), edit, preferred: true, asks: false })
}

/// The fixes of a dispute between two documents. Nobody but their owners knows which one is right, so either side is
/// offered and none is taken without thinking: `here` takes what the other document says, and the other way round goes
/// where both are plain words.
pub(crate) fn either_side(cx: &Context, finding: &Finding, here: Option<Fix>) -> Vec<Fix> {
    let there = || {
        let related = finding.related.first()?;
        overwrite(cx, related.file, related.span, cx.facts().slice(finding.span))
    };
    here.into_iter().chain(there()).map(|it| Fix { preferred: false, ..it }).collect()
}

/// Writes plain words in the place of others in another file, with the marks that those have.
pub(crate) fn overwrite(cx: &Context, file: FileId, span: Span, new: &str) -> Option<Fix> {
    let facts = cx.facts_of(file).filter(|it| it.document().is_some())?;
    let old = facts.slice(span);
    let (new, bare) = (value::plain(new), value::plain(old));
    let is_plain = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_alphanumeric() || " -_.+,".contains(it));
    if !is_plain(&new) || !is_plain(&bare) || new == bare {
        return None;
    }
    let written = if old.trim() == format!("`{bare}`") { format!("`{new}`") } else { new.clone() };
    let title = format!("Write `{new}` into `{}` instead", facts.path.name());
    edit_file(facts, title, vec![TextEdit::replace(span, written)])
}

/// `a`, `a and b`, `a, b and c`.
pub fn enumerate(names: &[impl AsRef<str>], last: &str) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
}
