//! The one type of change: text edits, new files and renames, each against the content it was computed from.

use std::{collections::BTreeMap, fmt, str::FromStr};

use archwright_syntax::{EditError, TextEdits};
use sha2::{Digest, Sha256};

use crate::RelPath;

/// The SHA-256 of a file's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// Hashes `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Hashes several pieces of bytes, so that others that only join to the same have another hash.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The bytes of the hash.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|it| write!(out, "{it:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ContentHash({self})")
    }
}

/// A text that is no SHA-256 in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no SHA-256: 64 hexadecimal digits are needed")]
pub struct HashError(String);

impl FromStr for ContentHash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let error = || HashError(text.to_owned());
        if text.len() != 64 || !text.is_ascii() {
            return Err(error());
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(at * 2..at * 2 + 2).ok_or_else(error)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| error())?;
        }
        Ok(Self(bytes))
    }
}

/// Text edits of one existing file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// Which file.
    pub path: RelPath,
    /// The content the edits were computed from; the writer refuses if the file has another.
    pub base: ContentHash,
    /// What changes.
    pub edits: TextEdits,
}

/// A new file, which must not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCreate {
    /// Where.
    pub path: RelPath,
    /// Its whole text.
    pub content: String,
}

/// A file that moves. The new place must be free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRename {
    /// Where it is.
    pub from: RelPath,
    /// Where it goes.
    pub to: RelPath,
    /// The content it must have.
    pub base: ContentHash,
}

/// A change of the workspace: all of it happens or nothing. Creations come first, then text edits, then renames,
/// so text edits name files by their old path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceEdit {
    /// Edits of existing files, at most one per file.
    pub texts: Vec<FileEdit>,
    /// New files.
    pub creates: Vec<FileCreate>,
    /// Moved files.
    pub renames: Vec<FileRename>,
}

/// A file before and after an edit; `None` where it does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePreview {
    /// The file, by its new path if it moves.
    pub path: RelPath,
    /// Its text now.
    pub before: Option<String>,
    /// Its text afterwards.
    pub after: Option<String>,
}

/// Why two edits cannot be one, or an edit does not fit its files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkspaceEditError {
    /// The edits of a file overlap or do not fit its text.
    #[error("{path}: {error}")]
    Text {
        /// The file.
        path: RelPath,
        /// What does not fit.
        error: EditError,
    },
    /// Edits of one file were computed from two different contents.
    #[error("{0}: two edits were computed from different contents")]
    Base(RelPath),
    /// Two edits create the same file with different content.
    #[error("{0}: created twice with different content")]
    Create(RelPath),
    /// The file has no readable text.
    #[error("{0}: cannot be read")]
    Unreadable(RelPath),
    /// The file was not read, for a reason that stays until somebody changes it.
    #[error("{path}: {why}")]
    NotRead {
        /// The file.
        path: RelPath,
        /// What it is, and what to do.
        why: String,
    },
}

impl WorkspaceEdit {
    /// An edit of one file.
    pub fn text(path: RelPath, base: ContentHash, edits: TextEdits) -> Self {
        Self { texts: vec![FileEdit { path, base, edits }], ..Self::default() }
    }

    /// A new file.
    pub fn create(path: RelPath, content: impl Into<String>) -> Self {
        Self { creates: vec![FileCreate { path, content: content.into() }], ..Self::default() }
    }

    /// A moved file.
    pub fn rename(from: RelPath, to: RelPath, base: ContentHash) -> Self {
        Self { renames: vec![FileRename { from, to, base }], ..Self::default() }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.texts.iter().all(|it| it.edits.is_empty()) && self.creates.is_empty() && self.renames.is_empty()
    }

    /// The edit taken apart by file; a file that moves takes its text edits along.
    pub fn parts(&self) -> impl Iterator<Item = Self> {
        let mut moved: BTreeMap<&RelPath, Self> = BTreeMap::new();
        for rename in &self.renames {
            moved.entry(&rename.from).or_default().renames.push(rename.clone());
        }
        let mut single = Vec::new();
        for text in &self.texts {
            match moved.get_mut(&text.path) {
                Some(part) => part.texts.push(text.clone()),
                None => single.push(Self { texts: vec![text.clone()], ..Self::default() }),
            }
        }
        let creates = self.creates.iter().map(|it| Self { creates: vec![it.clone()], ..Self::default() });
        creates.chain(single).chain(moved.into_values())
    }

    /// Both edits as one, where they do not touch the same bytes.
    ///
    /// # Errors
    /// If the edits overlap, were computed from different contents or create one file twice.
    pub fn merge(mut self, other: Self) -> Result<Self, WorkspaceEditError> {
        for edit in other.texts {
            let Some(mine) = self.texts.iter_mut().find(|it| it.path == edit.path) else {
                self.texts.push(edit);
                continue;
            };
            if mine.base != edit.base {
                return Err(WorkspaceEditError::Base(edit.path));
            }
            let all = mine.edits.iter().chain(edit.edits.iter()).cloned().collect();
            mine.edits = TextEdits::new(all).map_err(|error| WorkspaceEditError::Text { path: edit.path, error })?;
        }
        for create in other.creates {
            match self.creates.iter().find(|it| it.path == create.path) {
                None => self.creates.push(create),
                Some(mine) if mine.content == create.content => {}
                Some(_) => return Err(WorkspaceEditError::Create(create.path)),
            }
        }
        for rename in other.renames {
            if !self.renames.contains(&rename) {
                self.renames.push(rename);
            }
        }
        Ok(self)
    }

    /// Each touched file before and after, in order of path. `read` gives a file's present text.
    ///
    /// # Errors
    /// If a file cannot be read or its edits do not fit.
    pub fn preview(&self, read: impl Fn(&RelPath) -> Option<String>) -> Result<Vec<FilePreview>, WorkspaceEditError> {
        let mut files: BTreeMap<RelPath, FilePreview> = BTreeMap::new();
        for create in &self.creates {
            let preview = FilePreview { path: create.path.clone(), before: None, after: Some(create.content.clone()) };
            files.insert(create.path.clone(), preview);
        }
        for edit in &self.texts {
            let before = read(&edit.path).ok_or_else(|| WorkspaceEditError::Unreadable(edit.path.clone()))?;
            let after = edit
                .edits
                .apply(&before)
                .map_err(|error| WorkspaceEditError::Text { path: edit.path.clone(), error })?;
            let preview = FilePreview { path: edit.path.clone(), before: Some(before), after: Some(after) };
            files.insert(edit.path.clone(), preview);
        }
        for rename in &self.renames {
            let moved = match files.remove(&rename.from) {
                Some(it) => it,
                None => {
                    let text = read(&rename.from).ok_or_else(|| WorkspaceEditError::Unreadable(rename.from.clone()))?;
                    FilePreview { path: rename.from.clone(), before: Some(text.clone()), after: Some(text) }
                }
            };
            files.insert(
                rename.from.clone(),
                FilePreview { path: rename.from.clone(), before: moved.before, after: None },
            );
            files.insert(rename.to.clone(), FilePreview { path: rename.to.clone(), before: None, after: moved.after });
        }
        Ok(files.into_values().collect())
    }
}
