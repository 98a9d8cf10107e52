//! Walking a workspace and reading its files, in parallel.

use std::{
    fs::File,
    io::Read,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use ignore::{WalkBuilder, WalkState};
use rayon::prelude::*;

use super::{Progress, Stage};
use crate::{
    RelPath,
    config::Config,
    facts::{self, FileFacts, Loaded, Unreadable},
};

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// All files, sorted.
    pub files: Vec<RelPath>,
    /// Folders and files that the system does not let us see.
    pub refused: Vec<(RelPath, String)>,
}

/// Lists the files below `root` that neither `.gitignore` nor the configuration leaves out. Links are listed, not followed.
pub(super) fn walk(root: &Path, config: &Config) -> Walked {
    let collected = Mutex::new(Walked::default());
    let found = &collected;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    let walker = walker(root).threads(threads).build_parallel();
    walker.run(|| {
        let mut batch = Batch { files: Vec::new(), found };
        Box::new(move |entry| {
            match entry {
                Ok(entry) => {
                    let Some(path) = RelPath::of(entry.path(), root) else { return WalkState::Continue };
                    let is_folder = entry.file_type().is_some_and(|it| it.is_dir());
                    if !path.as_str().is_empty() && config.excludes(&path) {
                        return if is_folder { WalkState::Skip } else { WalkState::Continue };
                    }
                    if !is_folder {
                        batch.files.push(path);
                    }
                }
                Err(error) => {
                    let (place, message) = describe(&error, root);
                    if let (Some(place), Ok(mut found)) = (place, found.lock()) {
                        found.refused.push((place, message));
                    }
                }
            }
            WalkState::Continue
        })
    });
    let mut walked = collected.into_inner().unwrap_or_default();
    walked.files.par_sort_unstable();
    walked.refused.sort();
    walked
}

fn walker(root: &Path) -> WalkBuilder {
    let mut walker = WalkBuilder::new(root);
    walker.require_git(false).follow_links(false);
    walker
}

/// Whether a walk would list the path. Looks only at the folders above it.
pub(super) fn lists(root: &Path, path: &RelPath, config: &Config) -> bool {
    let absolute = root.join(path.as_str());
    let above = absolute.clone();
    let found = walker(root).filter_entry(move |it| above.starts_with(it.path())).build().flatten().any(|it| it.path() == absolute);
    found && !config.excludes(path)
}

/// The files one thread has seen; they are handed over when the thread ends.
struct Batch<'a> {
    files: Vec<RelPath>,
    found: &'a Mutex<Walked>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Ok(mut found) = self.found.lock() {
            found.files.append(&mut self.files);
        }
    }
}

fn describe(error: &ignore::Error, root: &Path) -> (Option<RelPath>, String) {
    match error {
        ignore::Error::WithPath { path, err } => {
            let (inner, message) = describe(err, root);
            (inner.or_else(|| RelPath::of(path, root)), message)
        }
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => describe(err, root),
        ignore::Error::Io(error) => (None, error.to_string()),
        other => (None, other.to_string()),
    }
}

/// Reads the files that may matter and extracts their facts. A frugal reader keeps no trees.
pub(super) fn read(root: &Path, files: &[RelPath], config: &Config, frugal: bool, progress: &(dyn Fn(Progress) + Sync)) -> Vec<FileFacts> {
    let candidates: Vec<&RelPath> = files.iter().filter(|it| facts::is_of_interest(it, config)).collect();
    let (done, total) = (AtomicUsize::new(0), candidates.len());
    candidates
        .into_par_iter()
        .with_min_len(16)
        .filter_map(|path| {
            let loaded = load_if_of_interest(root, path, config)?;
            let mut facts = facts::extract(path, loaded, config);
            if frugal {
                facts.release();
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if done % 512 == 0 || done == total {
                progress(Progress { stage: Stage::Read, done, total });
            }
            Some(facts)
        })
        .collect()
}

/// Reads a file, unless its beginning tells that it does not matter.
pub(super) fn load_if_of_interest(root: &Path, path: &RelPath, config: &Config) -> Option<Loaded> {
    let absolute = root.join(path.as_str());
    if facts::is_told_by_its_beginning(path, config) && !starts_like_asyncapi(&absolute) {
        return None;
    }
    load(&absolute, config.max_file_size())
}

/// Whether the first kilobytes of a file look like an AsyncAPI document. A file that cannot be read does not.
fn starts_like_asyncapi(path: &Path) -> bool {
    let is_file = std::fs::symlink_metadata(path).is_ok_and(|it| it.is_file());
    let mut beginning = Vec::new();
    let mut read = || File::open(path)?.take(4 * 1024).read_to_end(&mut beginning);
    is_file && read().is_ok() && archwright_asyncapi::is_asyncapi(&String::from_utf8_lossy(&beginning))
}

/// Reads one file. `None` if it does not exist or is no regular file.
pub(super) fn load(path: &Path, limit: u64) -> Option<Loaded> {
    let unreadable = |why| Some(Loaded::Unreadable(why, "".into()));
    let meta = match std::fs::symlink_metadata(path) {
        Ok(it) => it,
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => return None,
        Err(error) => return unreadable(Unreadable::Io(error.to_string())),
    };
    if !meta.is_file() {
        return None;
    }
    if meta.len() > limit {
        return unreadable(Unreadable::TooLarge { size: meta.len(), limit });
    }
    match std::fs::read(path) {
        Ok(bytes) => Some(Loaded::decode(bytes)),
        Err(error) => unreadable(Unreadable::Io(error.to_string())),
    }
}
