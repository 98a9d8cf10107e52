//! Why the writer refuses or fails: what, where, and what to do about it.

use std::io;

use archwright_syntax::{EditError, FileType};

use archwright_model::{ContentHash, RelPath};

/// What is wrong with a name, seen from its text alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// Nothing is named.
    #[error("is empty; name a file below the workspace root")]
    Empty,
    /// It starts at the root of the file system.
    #[error("is absolute; name the file relative to the workspace root")]
    Absolute,
    /// It starts with a drive letter.
    #[error("names a drive; name the file relative to the workspace root")]
    Drive,
    /// It has a `..` part.
    #[error("climbs with `..`; name the file from the workspace root down")]
    Climbs,
    /// It has a control character, such as NUL or a line break.
    #[error("has the control character U+{:04X}; remove it", u32::from(*.0))]
    Control(char),
    /// It has a character that nobody sees or that turns the reading direction.
    #[error("has the invisible character U+{:04X}; remove it", u32::from(*.0))]
    Invisible(char),
    /// A part or the whole is longer than file systems take.
    #[error("is {bytes} bytes long where at most {limit} fit; shorten it")]
    TooLong {
        /// How long.
        bytes: usize,
        /// How long at most.
        limit: usize,
    },
    /// A new name that some operating systems cannot store.
    #[error(
        "cannot be checked out everywhere; choose a name without `<>:\"|?*`, a dot or space at its end, or a device's \
        name"
    )]
    NotPortable,
}

/// Why an edit was not written. Unless the error is [`WriteError::HalfUndone`], every file is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A path is no name of a file below the root.
    #[error("the path `{}` {problem}", .path.escape_debug())]
    Name {
        /// The path as it was given.
        path: String,
        /// What is wrong with it.
        problem: NameProblem,
    },
    /// The path leads into version control or into the configuration of an agent or editor.
    #[error(
        "{path}: `{name}` belongs to version control, an agent or an editor and is never written; choose another place"
    )]
    Protected {
        /// The path.
        path: RelPath,
        /// The part that is protected.
        name: String,
    },
    /// A hidden name that only looks like ASCII, and so may pass for a protected one.
    #[error(
        "{}: a hidden name with characters outside ASCII may pass for a protected one; spell it in ASCII",
        .path.as_str().escape_debug()
    )]
    LookAlike {
        /// The path.
        path: RelPath,
    },
    /// A folder of the path is a symbolic link that leaves the workspace, leads nowhere or runs in a circle.
    #[error("{path}: the symbolic link `{link}` leads out of the workspace or nowhere; name the file by a path inside")]
    Outside {
        /// The path.
        path: RelPath,
        /// The link.
        link: String,
    },
    /// The file itself is a symbolic link.
    #[error("{path}: is a symbolic link, which is never written through; name the file it leads to")]
    Symlink {
        /// The path.
        path: RelPath,
    },
    /// Something that is no regular file stands there.
    #[error("{path}: is {kind}; only regular files are written")]
    NotAFile {
        /// The path.
        path: RelPath,
        /// What stands there.
        kind: &'static str,
    },
    /// A file that should be edited or moved does not exist.
    #[error("{path}: does not exist; read the workspace again")]
    Missing {
        /// The path.
        path: RelPath,
    },
    /// A place that should be free is taken.
    #[error("{path}: exists already; edit it or choose another name")]
    Exists {
        /// The path.
        path: RelPath,
    },
    /// The file or its folder is write-protected.
    #[error("{path}: {what} is read-only; make it writable if it is meant to change")]
    ReadOnly {
        /// The path.
        path: RelPath,
        /// `the file` or `its folder`.
        what: &'static str,
    },
    /// The file has another content than the edit was computed from.
    #[error(
        "{path}: changed since it was read (expected sha256 {expected}, found {found}); read it again and repeat the \
        change"
    )]
    Changed {
        /// The path.
        path: RelPath,
        /// The content the edit was computed from.
        expected: ContentHash,
        /// The content on disk.
        found: ContentHash,
    },
    /// The folder was exchanged for another one between check and use.
    #[error("{path}: its folder was moved while the change was written; repeat the change")]
    FolderMoved {
        /// The path.
        path: RelPath,
    },
    /// The file is not UTF-8.
    #[error("{path}: is not UTF-8 text; convert it first")]
    NotText {
        /// The path.
        path: RelPath,
    },
    /// The edits do not fit the file.
    #[error("{path}: {error}")]
    Edit {
        /// The path.
        path: RelPath,
        /// What does not fit.
        error: EditError,
    },
    /// The edit names a file twice in ways that exclude each other.
    #[error("{path}: is named twice in one change; split the change")]
    Conflict {
        /// The path.
        path: RelPath,
    },
    /// A new file would have a type that the writer does not create.
    #[error(
        "{path}: files of this type are not created; use one of {}",
        FileType::ALL.map(|it| it.extensions().join(", ")).join(", ")
    )]
    Extension {
        /// The path.
        path: RelPath,
    },
    /// A new file is too large.
    #[error("{path}: {bytes} bytes are too many for a new file; the limit is {limit}")]
    TooLarge {
        /// The path.
        path: RelPath,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The workspace root cannot be opened, or another process holds it for too long.
    #[error("cannot {doing} the workspace root: {error}")]
    Root {
        /// What was tried.
        doing: &'static str,
        /// What the operating system said.
        error: io::Error,
    },
    /// The operating system refused.
    #[error("{path}: cannot {doing}: {error}")]
    Io {
        /// The path.
        path: RelPath,
        /// What was tried.
        doing: &'static str,
        /// What the operating system said.
        error: io::Error,
    },
    /// The change failed, and some files could not be put back. Their former content lies in the named backups.
    #[error(
        "{cause}; and these files could not be put back, restore them from the backup beside them: {}",
        .files.join(", ")
    )]
    HalfUndone {
        /// Why the change failed.
        cause: Box<WriteError>,
        /// Each file with its backup or what stands there.
        files: Vec<String>,
    },
}

impl WriteError {
    /// Puts a failure of the operating system at `path`.
    pub(super) fn io(path: &RelPath, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { path: path.clone(), doing, error }
    }

    /// The file that the error is about, by the path that the edit names it with. `None` if it is about no single file.
    pub fn path(&self) -> Option<RelPath> {
        match self {
            Self::Name { path, .. } => Some(RelPath::new(path)),
            Self::Protected { path, .. }
            | Self::LookAlike { path }
            | Self::Outside { path, .. }
            | Self::Symlink { path }
            | Self::NotAFile { path, .. }
            | Self::Missing { path }
            | Self::Exists { path }
            | Self::ReadOnly { path, .. }
            | Self::Changed { path, .. }
            | Self::FolderMoved { path }
            | Self::NotText { path }
            | Self::Edit { path, .. }
            | Self::Conflict { path }
            | Self::Extension { path }
            | Self::TooLarge { path, .. }
            | Self::Io { path, .. } => Some(path.clone()),
            Self::Root { .. } | Self::HalfUndone { .. } => None,
        }
    }

    /// Whether the same request can succeed after the caller has read the files again.
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Changed { .. } | Self::Missing { .. } | Self::Exists { .. } | Self::FolderMoved { .. })
    }
}
