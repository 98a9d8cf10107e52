//! Identifiers, terms and teams: the words of documents that name them.

use archwright_engine::Workspace;
use archwright_model::FileId;

use super::{RenameError, edits::Edits, heading::follow_anchors};
use crate::{
    identifiers::{self, Identifier, family},
    named::{self, Name, NameKind},
};

/// The name that a term or a team has now.
///
/// # Errors
/// If it is a pattern, whose name is not the author's.
pub(super) fn placeholder(it: &Name) -> Result<String, RenameError> {
    match it.kind {
        NameKind::Term | NameKind::Team => Ok(it.text.to_string()),
        NameKind::Pattern => Err(RenameError::Nothing),
    }
}

/// Gives an identifier another name in its document and in those that know it from there.
///
/// # Errors
/// If the name is no identifier, or stands for something already.
pub(super) fn rename_identifier(
    workspace: &Workspace,
    it: &Identifier,
    name: &str,
    edits: &mut Edits<'_>,
) -> Result<(), RenameError> {
    if family(name).is_none() {
        let allowed = "an identifier has letters, the first of them a capital, and a number, such as `R-07`";
        return Err(RenameError::Invalid { name: name.to_owned(), allowed });
    }
    let used = identifiers::uses(workspace, it);
    let other = Identifier { name: name.into(), ..it.clone() };
    if name != it.name
        && let Some(taken) = identifiers::uses(workspace, &other).first()
    {
        return Err(RenameError::Taken { name: name.to_owned(), path: workspace.path(taken.file).clone() });
    }
    for place in used {
        edits.replace(place.file, place.span, name);
    }
    follow_anchors(workspace, edits);
    Ok(())
}

/// Gives a term or a team another name wherever it is surely meant.
///
/// # Errors
/// If the name cannot stand in tables and fields, or stands for something already.
pub(super) fn rename(
    workspace: &Workspace,
    file: FileId,
    it: &Name,
    name: &str,
    edits: &mut Edits<'_>,
) -> Result<(), RenameError> {
    placeholder(it)?;
    let is_mark = |it: char| it.is_control() || matches!(it, '|' | '`' | '*' | '[' | ']' | '<' | '>' | '(' | ')');
    let is_allowed = name.starts_with(char::is_alphanumeric) && name.trim() == name && !name.contains(is_mark);
    if !is_allowed {
        let allowed = "a name begins with a letter and has no marks of Markdown in it";
        return Err(RenameError::Invalid { name: name.to_owned(), allowed });
    }
    let (is_team, is_same) = (it.kind == NameKind::Team, name.to_lowercase() == it.text.to_lowercase());
    let there = if is_team { named::team(workspace, file, name) } else { named::term(workspace, file, name) };
    if let Some(there) = there.filter(|_| !is_same) {
        let at = there.definition.map_or(file, |it| it.file);
        return Err(RenameError::Taken { name: name.to_owned(), path: workspace.path(at).clone() });
    }
    for place in named::sure_uses(workspace, it) {
        let Some(text) = workspace.text(place.file) else { continue };
        edits.replace(place.file, place.span, as_written(place.span.of(&text), &it.text, name));
    }
    follow_anchors(workspace, edits);
    Ok(())
}

/// The new name with the first letter as the old one has it: a term is small in the middle of a sentence.
fn as_written(written: &str, old: &str, new: &str) -> String {
    let mut letters = new.chars();
    let (Some(first), rest) = (letters.next(), letters.as_str()) else { return new.to_owned() };
    let was_small = written.starts_with(char::is_lowercase) && old.starts_with(char::is_uppercase);
    // `DLQ` stays what it is.
    let is_word = !rest.starts_with(char::is_uppercase);
    if was_small && is_word { first.to_lowercase().chain(rest.chars()).collect() } else { new.to_owned() }
}
