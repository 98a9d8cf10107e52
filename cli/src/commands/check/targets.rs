//! From paths on the command line to workspaces and the parts of them to report on.

use std::path::{Path, PathBuf};

use archwright_analysis::{RelPath, Root, config, discover};

use crate::{
    args::CheckArguments,
    commands::{CommandError, facts},
};

/// One workspace to check.
#[derive(Debug)]
pub struct Target {
    /// What to open.
    pub root: Root,
    /// The files and folders to report on; empty means all.
    pub paths: Vec<RelPath>,
    /// A configuration other than the workspace's own.
    pub config: Option<PathBuf>,
}

/// The workspaces of all paths, in the order of the paths.
///
/// # Errors
/// If a path does not exist, is a pipe or a device, or lies outside the workspace that was asked for.
pub fn targets(arguments: &CheckArguments) -> Result<Vec<Target>, CommandError> {
    let root = arguments.root.as_deref().map(real).transpose()?;
    let config = arguments.config.as_deref().map(readable).transpose()?;
    let mut targets: Vec<Target> = Vec::new();
    for (given, path) in paths(arguments, root.as_deref())? {
        let found = root.as_ref().map_or_else(|| discover(&path), |it| Root::Folder(it.clone()));
        let inside = RelPath::of(&path, found.folder())
            .ok_or_else(|| CommandError::Outside { path: given, root: found.folder().to_path_buf() })?;
        match targets.iter_mut().find(|it| it.root == found) {
            Some(it) => it.paths.push(inside),
            None => targets.push(Target { root: found, paths: vec![inside], config: config.clone() }),
        }
    }
    for target in &mut targets {
        if target.paths.iter().any(|it| it.as_str().is_empty()) {
            target.paths.clear();
        } else {
            // What is wrong in the configuration changes the findings of every file.
            target.paths.push(RelPath::new(config::FILE_NAME));
        }
    }
    Ok(targets)
}

/// Each path as it was given and as the system calls it.
fn paths(arguments: &CheckArguments, root: Option<&Path>) -> Result<Vec<(PathBuf, PathBuf)>, CommandError> {
    if !arguments.paths.is_empty() {
        let named = |given: &PathBuf| {
            let path = real(given)?;
            // Nothing is read from a pipe or a device, and silence about one would look like a clean result.
            facts::regular(&path).map_err(|error| CommandError::Path { path: given.clone(), error })?;
            Ok((given.clone(), path))
        };
        return arguments.paths.iter().map(named).collect();
    }
    let path = root.map_or_else(|| real(Path::new(".")), |it| Ok(it.to_path_buf()))?;
    Ok(vec![(path.clone(), path)])
}

/// The path without links and `..`, so that the folders above it are the ones it lies in.
fn real(path: &Path) -> Result<PathBuf, CommandError> {
    dunce::canonicalize(path).map_err(|error| CommandError::Path { path: path.to_path_buf(), error })
}

/// A configuration that was named must be there, unlike the one that every workspace may have.
fn readable(path: &Path) -> Result<PathBuf, CommandError> {
    let path = real(path)?;
    match facts::regular(&path).and_then(|()| std::fs::File::open(&path)) {
        Ok(_) => Ok(path),
        Err(error) => Err(CommandError::Path { path, error }),
    }
}
