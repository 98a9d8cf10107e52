//! Finding the root of a workspace.

use std::path::{Path, PathBuf};

/// What is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// A folder with everything below it.
    Folder(PathBuf),
    /// One file outside any workspace; what it links to is looked up on the disk.
    File {
        /// The folder it lies in.
        folder: PathBuf,
        /// The file.
        path: PathBuf,
    },
}

impl Root {
    /// The folder that paths are relative to.
    pub fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) | Self::File { folder, .. } => folder,
        }
    }
}

/// What marks a workspace.
const MARKS: [&str; 3] = [archwright_model::conventions::config::FILE_NAME, "docs/features", "docs/system"];

/// The workspace that `start` belongs to: the nearest folder above (or `start` itself) with an `archwright.toml`,
/// `docs/features` or `docs/system`, else the git repository, else the folder itself. A file without any of these is
/// opened alone.
pub fn discover(start: &Path) -> Root {
    let start = std::path::absolute(start).unwrap_or_else(|_| start.to_path_buf());
    let folder = if start.is_dir() { start.as_path() } else { start.parent().unwrap_or(&start) };
    if let Some(marked) = folder.ancestors().find(|it| MARKS.iter().any(|mark| it.join(mark).exists())) {
        return Root::Folder(marked.to_path_buf());
    }
    if let Some(repository) = folder.ancestors().find(|it| it.join(".git").exists()) {
        return Root::Folder(repository.to_path_buf());
    }
    if start.is_dir() { Root::Folder(start) } else { Root::File { folder: folder.to_path_buf(), path: start.clone() } }
}
