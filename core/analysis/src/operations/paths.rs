//! Paths as callers name them: from the root, absolute, or nearly right.

use super::OperationError;
use crate::{RelPath, Workspace, rules::prelude};

/// A file or folder that a caller names, which need not be there.
pub(super) fn named(workspace: &Workspace, given: &str) -> Result<RelPath, OperationError> {
    let given = given.trim();
    let path = std::path::Path::new(given);
    let path = if path.is_absolute() { RelPath::of(path, workspace.root()) } else { Some(RelPath::new(given)) };
    path.filter(|it| !it.escapes()).ok_or_else(|| unknown(workspace, given))
}

/// A file that is there.
pub(super) fn existing(workspace: &Workspace, given: &str) -> Result<RelPath, OperationError> {
    let path = named(workspace, given)?;
    let is_there = workspace.file(&path).is_some_and(|it| workspace.text(it).is_some());
    if is_there { Ok(path) } else { Err(unknown(workspace, given)) }
}

fn unknown(workspace: &Workspace, given: &str) -> OperationError {
    let paths: Vec<&str> = workspace.files().map(|it| workspace.path(it).as_str()).collect();
    let nearest = prelude::nearest(given.trim(), paths).map(str::to_owned);
    OperationError::NoSuchFile { given: given.to_owned(), nearest }
}
