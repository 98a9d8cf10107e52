//! Walking a workspace and reading its files, in parallel.

use std::{
    fs::File,
    io::Read,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::Sender,
    },
};

use archwright_model::{
    RelPath,
    conventions::config::Config,
    facts::{self, FileFacts, Loaded, Unreadable},
};
use archwright_syntax::FileType;
use ignore::{WalkBuilder, WalkState};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::{Progress, Stage};
use crate::store::{MAX_IGNORE_FILE, read::load_plain};

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// All files, sorted.
    pub files: Vec<RelPath>,
    /// Those of them that are links, devices or pipes.
    pub special: FxHashSet<RelPath>,
    /// Folders and files that the system does not let us see.
    pub refused: Vec<(RelPath, String)>,
}

impl Walked {
    /// Files that are named instead of walked to.
    pub(super) fn of(root: &Path, files: &[RelPath]) -> Self {
        let is_plain = |it: &RelPath| std::fs::symlink_metadata(root.join(it.as_str())).is_ok_and(|it| it.is_file());
        let special = files.iter().filter(|it| !is_plain(it)).cloned().collect();
        Self { files: files.to_vec(), special, refused: Vec::new() }
    }
}

/// Lists the files below `root` that neither `.gitignore` nor the configuration leaves out. Links are listed, not
/// followed.
pub(super) fn walk(root: &Path, config: &Config) -> Walked {
    let collected = Mutex::new(Walked::default());
    let found = &collected;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    let refused: Arc<Mutex<Vec<(RelPath, String)>>> = Arc::default();
    let (kept, at) = (refused.clone(), root.to_path_buf());
    let mut walker = walker(root);
    let shown = Shown::new(config);
    walker.filter_entry(move |it| {
        if !shown.goes_on_at(it) {
            return false;
        }
        let Some(name) = unusable_ignore_file(it) else { return true };
        if let (Some(path), Ok(mut kept)) = (RelPath::of(it.path(), &at), kept.lock()) {
            kept.push((path.join(name), "it is no regular file of at most 1 MiB".to_owned()));
        }
        false
    });
    let walker = walker.threads(threads).build_parallel();
    walker.run(|| {
        let mut batch = Batch { files: Vec::new(), special: Vec::new(), found };
        Box::new(move |entry| {
            match entry {
                Ok(entry) => {
                    let Some(path) = RelPath::of(entry.path(), root) else { return WalkState::Continue };
                    let is_folder = entry.file_type().is_some_and(|it| it.is_dir());
                    if !path.as_str().is_empty() && config.excludes(&path) {
                        return if is_folder { WalkState::Skip } else { WalkState::Continue };
                    }
                    if !is_folder && is_shown(&path, config) {
                        if !entry.file_type().is_some_and(|it| it.is_file()) {
                            batch.special.push(path.clone());
                        }
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
    if let Ok(mut refused) = refused.lock() {
        walked.refused.append(&mut refused);
    }
    walked.files.par_sort_unstable();
    walked.refused.sort();
    walked
}

fn walker(root: &Path) -> WalkBuilder {
    let mut walker = WalkBuilder::new(root);
    walker.require_git(false).follow_links(false);
    if root.ancestors().any(|it| IGNORE_FILES.iter().any(|name| is_unusable(&it.join(name)))) {
        // Without them more is read than was meant, which is better than a walk that never ends.
        walker.standard_filters(false);
    }
    // Which hidden files are read is decided here.
    walker.hidden(false);
    walker
}

/// The hidden folders that a walk looks into: those in which a dialect keeps its documents, or a pipeline lies.
struct Shown(Vec<String>);

impl Shown {
    fn new(config: &Config) -> Self {
        let pipelines = facts::runs::hidden_folders().map(str::to_owned);
        Self(config.dialects().hidden_folders().map(str::to_owned).chain(pipelines).collect())
    }

    /// Whether a walk goes on at an entry.
    fn goes_on_at(&self, entry: &ignore::DirEntry) -> bool {
        let name = entry.file_name();
        let is_hidden = entry.depth() > 0 && name.as_encoded_bytes().first() == Some(&b'.');
        !is_hidden || entry.file_type().is_some_and(|it| it.is_dir()) && self.0.iter().any(|it| name == it.as_str())
    }
}

/// Whether a walk lists a file: of those in hidden folders only the documents for which it looks there, and pipelines.
fn is_shown(path: &RelPath, config: &Config) -> bool {
    let is_hidden = path.as_str().starts_with('.') || path.as_str().contains("/.");
    !is_hidden || config.dialects().lies(path).at_a_place() || facts::runs::is_pipeline(path)
}

/// What the walk reads in each folder.
const IGNORE_FILES: [&str; 3] = [".gitignore", ".ignore", ".git/info/exclude"];

/// The file in a folder that the walk would read to find out what to leave out, and would read for ever.
fn unusable_ignore_file(entry: &ignore::DirEntry) -> Option<&'static str> {
    let is_folder = entry.depth() > 0 && entry.file_type().is_some_and(|it| it.is_dir());
    IGNORE_FILES.into_iter().filter(|_| is_folder).find(|name| is_unusable(&entry.path().join(name)))
}

fn is_unusable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|it| !it.is_dir() && !it.is_file() || it.len() > MAX_IGNORE_FILE && it.is_file())
}

/// Whether a walk would list the path. Looks only at the folders above it.
pub(super) fn lists(root: &Path, path: &RelPath, config: &Config) -> bool {
    let absolute = root.join(path.as_str());
    let above = absolute.clone();
    let shown = Shown::new(config);
    let found = walker(root)
        .filter_entry(move |it| {
            above.starts_with(it.path()) && shown.goes_on_at(it) && unusable_ignore_file(it).is_none()
        })
        .build()
        .flatten()
        .any(|it| it.path() == absolute);
    found && is_shown(path, config) && !config.excludes(path)
}

/// The files one thread has seen; they are handed over when the thread ends.
struct Batch<'a> {
    files: Vec<RelPath>,
    special: Vec<RelPath>,
    found: &'a Mutex<Walked>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Ok(mut found) = self.found.lock() {
            found.files.append(&mut self.files);
            found.special.extend(self.special.drain(..));
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

/// So many files are read and handed over at a time. One by one, most of the time would go into waking the other side.
const BATCH: usize = 64;

/// Reads the files that may matter and sends their facts in batches, in any order. A frugal reader keeps no trees.
#[expect(clippy::vec_box, reason = "each file's facts move on by themselves, into the table of files")]
pub(super) fn read(
    root: &Path,
    walked: &Walked,
    config: &Config,
    frugal: bool,
    progress: &(dyn Fn(Progress) + Sync),
    facts: &Sender<Vec<Box<FileFacts>>>,
) {
    let candidates: Vec<&RelPath> = walked.files.iter().filter(|it| facts::is_of_interest(it, config)).collect();
    let (done, total) = (AtomicUsize::new(0), candidates.len());
    let read = |path: &&RelPath| {
        let is_plain = !walked.special.contains(*path);
        let loaded = is_plain.then(|| load_if_of_interest(root, path, config, load_plain)).flatten()?;
        let mut facts = Box::new(facts::extract(path, loaded, config));
        if frugal {
            facts.release();
        }
        Some(facts)
    };
    candidates.par_chunks(BATCH).for_each_with(facts.clone(), |sender, batch| {
        // Nobody listens only when the whole work is given up.
        let _ = sender.send(batch.iter().filter_map(read).collect());
        let before = done.fetch_add(batch.len(), Ordering::Relaxed);
        let done = before + batch.len();
        if before / 512 < done / 512 || done == total {
            progress(Progress { stage: Stage::Read, done, total });
        }
    });
}

/// How large a file outside the layout may be, in bytes, that is read for its references or as a schema although its
/// name does not say so. Larger ones are data.
const MAX_PLAIN_SIZE: u64 = 1024 * 1024;

/// Reads a file, unless its content tells that it does not matter.
pub(super) fn load_if_of_interest(
    root: &Path,
    path: &RelPath,
    config: &Config,
    load: fn(&Path, u64) -> Option<Loaded>,
) -> Option<Loaded> {
    let absolute = root.join(path.as_str());
    let loaded = load(&absolute, config.max_file_size())?;
    if !facts::is_told_by_its_content(path, config) {
        return Some(loaded);
    }
    match loaded {
        Loaded::Text(text) => matters(path, &text).then_some(Loaded::Text(text)),
        Loaded::Unreadable(why @ Unreadable::TooLarge { .. }, _) => {
            let head = beginning(&absolute);
            let matters = archwright_asyncapi::is_asyncapi(&head) || is_schema_by_name(path);
            matters.then(|| Loaded::Unreadable(why, head.into()))
        }
        Loaded::Unreadable(why, text) => {
            let matters = archwright_asyncapi::is_asyncapi(&text) || facts::is_schema(path, &text);
            matters.then_some(Loaded::Unreadable(why, text))
        }
    }
}

/// Whether a file outside the layout is more than data: an AsyncAPI document, a schema, or a file that refers to others
/// and so may refer to an AsyncAPI document or a schema.
fn matters(path: &RelPath, text: &str) -> bool {
    let is_small = text.len() as u64 <= MAX_PLAIN_SIZE || is_schema_by_name(path);
    archwright_asyncapi::is_asyncapi(text)
        || is_small
            && (facts::refers_elsewhere(text) || facts::is_schema(path, text) || facts::names_itself(path, text))
}

/// Whether the name of a file says that it is a schema, however large it is.
fn is_schema_by_name(path: &RelPath) -> bool {
    matches!(path.file_type(), Some(FileType::Avro | FileType::Protobuf | FileType::JsonSchema))
}

/// What a buffer gives, within the limits that hold for files.
pub(super) fn of_buffer(path: &RelPath, text: Arc<str>, config: &Config) -> Option<Loaded> {
    let (size, limit) = (text.len() as u64, config.max_file_size());
    if size > limit {
        return Some(Loaded::Unreadable(Unreadable::TooLarge { size, limit }, "".into()));
    }
    let is_data = size > MAX_PLAIN_SIZE
        && !is_schema_by_name(path)
        && facts::is_told_by_its_content(path, config)
        && !archwright_asyncapi::is_asyncapi(&text);
    (!is_data).then_some(Loaded::Text(text))
}

/// The first kilobytes of a file that is too large to be read; nothing if the system refuses.
fn beginning(path: &Path) -> String {
    let mut bytes = Vec::new();
    let mut read = || File::open(path)?.take(64 * 1024).read_to_end(&mut bytes);
    if read().is_err() {
        return String::new();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
