//! Rename: a key, a channel, a heading, a file, an identifier, a term or a team, and every place that speaks of it.

mod beside;
mod channel;
mod edits;
mod entry;
mod heading;
mod moves;
mod name;
mod written;

pub use beside::{Beside, beside, follow_beside, rename_file};
pub use moves::{Move, rename_files};

use archwright_engine::Workspace;
use archwright_model::{FileId, RelPath, WorkspaceEdit, WorkspaceEditError};
use archwright_syntax::Span;

use self::edits::Edits;
use super::{
    subject::{Named, Subject, subject_at},
    trees::Trees,
};

/// What a rename starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamable {
    /// The text that names it.
    pub span: Span,
    /// Its name now.
    pub placeholder: String,
}

/// Why something cannot be renamed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenameError {
    /// There is no name under the cursor.
    #[error(
        "there is nothing to rename here; put the cursor on a component, channel, message, operation or server, a \
        heading, a link, an identifier, or a team or term that a document lists"
    )]
    Nothing,
    /// The key has a fixed name.
    #[error("`{0}` is a fixed key and cannot have another name; only names that the author chooses can be changed")]
    Fixed(String),
    /// The new name cannot stand there.
    #[error("`{name}` is no name for this: {allowed}")]
    Invalid {
        /// The new name.
        name: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Another thing has the name already.
    #[error("`{name}` is there already, in `{path}`; choose another name")]
    Taken {
        /// The new name.
        name: String,
        /// Where it is taken.
        path: RelPath,
    },
    /// A file has the name already.
    #[error("the file `{0}` is there already; choose another name")]
    FileExists(RelPath),
    /// The new name leads out of the workspace.
    #[error("`{0}` lies outside the workspace; choose a place below its root")]
    Outside(String),
    /// The edits do not fit.
    #[error(transparent)]
    Edit(#[from] WorkspaceEditError),
}

/// What can be renamed at `offset`. Any offset is accepted.
///
/// # Errors
/// If nothing there has a name that can be changed.
pub fn prepare_rename(workspace: &Workspace, file: FileId, offset: usize) -> Result<Renamable, RenameError> {
    let trees = Trees::new(workspace);
    let Named { subject, span } = subject_at(&trees, file, offset).ok_or(RenameError::Nothing)?;
    let placeholder = match &subject {
        Subject::Entry(declared) => entry::name(&trees, *declared)?,
        Subject::Channel(name) => name.to_string(),
        Subject::Heading(file, title) => heading::title(workspace, *file, *title),
        Subject::File(path) => moves::written(workspace, path, file, span)?,
        Subject::Identifier(it) => it.name.to_string(),
        Subject::Name(it) => name::placeholder(it)?,
    };
    Ok(Renamable { span, placeholder })
}

/// The change that gives what stands at `offset` another name wherever it is spoken of. Any offset is accepted.
///
/// # Errors
/// If nothing there can be renamed, the name is not allowed, or another thing has it.
pub fn rename(workspace: &Workspace, file: FileId, offset: usize, name: &str) -> Result<WorkspaceEdit, RenameError> {
    let trees = Trees::new(workspace);
    let Named { subject, .. } = subject_at(&trees, file, offset).ok_or(RenameError::Nothing)?;
    let mut edits = Edits::new(workspace);
    match subject {
        Subject::Entry(declared) => match entry::channel_of(&trees, declared) {
            // In 2.x the key of a channel is its address.
            Some(channel) => channel::rename(&trees, &channel, name, &mut edits)?,
            None => entry::rename(&trees, declared, name, &mut edits)?,
        },
        Subject::Channel(channel) => channel::rename(&trees, &channel, name, &mut edits)?,
        Subject::Heading(file, title) => heading::rename(workspace, file, title, name, &mut edits)?,
        Subject::File(path) => moves::rename_link(workspace, file, &path, name, &mut edits)?,
        Subject::Identifier(it) => name::rename_identifier(workspace, &it, name, &mut edits)?,
        Subject::Name(it) => name::rename(workspace, file, &it, name, &mut edits)?,
    }
    edits.finish()
}
