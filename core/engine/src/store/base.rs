//! What files said where the work left the default branch: what schemas and AsyncAPI documents are compared with, and
//! what came of it.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};

use archwright_model::RelPath;
use archwright_syntax::FileType;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::store::git::{BaseTarget, FilesAt, FoundBase, GitError, GitRepository, variable};

/// Where the older texts come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// There are none: nothing is compared.
    #[default]
    None,
    /// The git repository around the workspace, if there is one.
    Git {
        /// The revision that the work left. Nothing means the one that the configuration names, else the target of the
        /// pull request, else the default branch.
        revision: Option<String>,
    },
    /// These.
    Texts(BTreeMap<RelPath, Arc<str>>),
}

/// What came of a comparison: nothing, or why there was none.
pub type Outcome = Result<(), String>;

/// Which files were elsewhere where the work began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Where they were, by where they are.
    pub from: FxHashMap<RelPath, RelPath>,
    /// The new files that were held against those that are gone; none where none is gone.
    pub came: FxHashSet<RelPath>,
}

/// The older texts of a workspace, read when they are asked for.
#[derive(Debug, Default)]
pub(crate) struct BaseTexts {
    base: Base,
    git: OnceLock<Opened>,
    texts: Mutex<FxHashMap<RelPath, Option<Arc<str>>>>,
    /// Texts that say what the files said: many files import one, and each asks for it.
    same: Mutex<FxHashMap<RelPath, Arc<str>>>,
    /// What came of the comparison of each file that says something else than it did.
    outcomes: Mutex<BTreeMap<RelPath, Outcome>>,
    /// Which files moved, worked out when somebody asks.
    moved: OnceLock<Moved>,
}

/// The repository, if there is one and it has something to compare with.
#[derive(Debug)]
pub(crate) enum Opened {
    /// There is no repository.
    Nowhere,
    /// Nothing can be compared, and why.
    Failed(GitError),
    /// The base.
    Found(Box<Found>),
}

/// A base.
#[derive(Debug)]
pub(crate) struct Found {
    target: BaseTarget,
    pub base: FoundBase,
    files: FilesAt,
}

impl BaseTexts {
    pub fn new(base: Base) -> Self {
        Self { base, ..Self::default() }
    }

    /// What is compared with.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Whether there is anything to compare with.
    pub fn is_there(&self, root: &Path) -> bool {
        match &self.base {
            Base::None => false,
            Base::Texts(_) => true,
            Base::Git { .. } => matches!(self.opened(root), Opened::Found(_)),
        }
    }

    /// What a file said, if that differs from what it says now.
    pub fn text(&self, root: &Path, path: &RelPath, now: &Arc<str>) -> Option<Arc<str>> {
        match &self.base {
            Base::None => None,
            Base::Texts(texts) => texts.get(path).cloned(),
            Base::Git { .. } => self.committed(root, path, now),
        }
        .filter(|it| it != now)
    }

    /// What a file said, whether it still says so or not.
    pub fn text_of(&self, root: &Path, path: &RelPath, now: &Arc<str>) -> Option<Arc<str>> {
        match &self.base {
            Base::None => None,
            Base::Texts(texts) => texts.get(path).cloned(),
            Base::Git { .. } => {
                let Opened::Found(found) = self.opened(root) else { return None };
                let existed = found.files.contains(path).unwrap_or_default();
                existed.then(|| self.committed(root, path, now).unwrap_or_else(|| now.clone()))
            }
        }
    }

    /// The regular files that were directly in a folder.
    pub fn folder(&self, root: &Path, folder: &RelPath) -> Vec<RelPath> {
        let mut files: Vec<RelPath> = match &self.base {
            Base::None => Vec::new(),
            Base::Texts(texts) => texts.keys().filter(|it| it.parent() == *folder).cloned().collect(),
            Base::Git { .. } => match self.opened(root) {
                Opened::Found(found) => found.files.folder(folder).unwrap_or_default(),
                Opened::Nowhere | Opened::Failed(_) => Vec::new(),
            },
        };
        files.sort();
        files
    }

    /// The YAML and JSON files that were there, in order.
    pub fn documents(&self, root: &Path) -> Vec<RelPath> {
        self.files(root, |it| matches!(it.file_type(), Some(FileType::Yaml | FileType::Json)))
    }

    /// The files that were there, in order, as far as they are wanted.
    pub fn files(&self, root: &Path, is_wanted: fn(&RelPath) -> bool) -> Vec<RelPath> {
        let is_wanted = |it: &&RelPath| is_wanted(it);
        match &self.base {
            Base::None => Vec::new(),
            Base::Texts(texts) => texts.keys().filter(is_wanted).cloned().collect(),
            Base::Git { .. } => match self.opened(root) {
                Opened::Found(found) => {
                    found.files.all().unwrap_or_default().iter().filter(is_wanted).cloned().collect()
                }
                Opened::Nowhere | Opened::Failed(_) => Vec::new(),
            },
        }
    }

    /// Which files moved; `pair` finds it out for the first who asks after a change.
    pub fn moved(&self, pair: impl FnOnce() -> Moved) -> &Moved {
        self.moved.get_or_init(pair)
    }

    /// Forgets which files moved, because one came, went or says something else. Tells whether that one was among
    /// those that may have moved.
    pub fn forget_moves(&mut self, changed: &RelPath) -> bool {
        self.moved.take().is_some_and(|it| it.came.contains(changed))
    }

    /// The base, looked for when somebody asks; nothing if no git repository is asked.
    pub fn opened_base(&self, root: &Path) -> Option<&Opened> {
        matches!(self.base, Base::Git { .. }).then(|| self.opened(root))
    }

    /// Keeps what came of the comparison of a file; nothing if it has not changed.
    pub fn remember(&self, path: &RelPath, outcome: Option<Outcome>) {
        let Ok(mut outcomes) = self.outcomes.lock() else { return };
        match outcome {
            Some(it) => outcomes.insert(path.clone(), it),
            None => outcomes.remove(path),
        };
    }

    /// What came of the comparison of each changed file.
    pub fn outcomes(&self) -> BTreeMap<RelPath, Outcome> {
        self.outcomes.lock().map(|it| it.clone()).unwrap_or_default()
    }

    /// Looks again where the work left the other branch, if somebody looked before. Tells whether that is elsewhere
    /// now.
    pub fn refresh(&mut self, root: &Path) -> bool {
        let Base::Git { revision } = &self.base else { return false };
        let is_same = match (self.git.get(), target(root, revision.as_deref())) {
            (None, _) | (Some(Opened::Nowhere), Ok(None)) => true,
            (Some(Opened::Failed(before)), Err(now)) => *before == now,
            (Some(Opened::Found(before)), Ok(Some((_, now)))) => before.target == now,
            // The commits may be the same, and the history that was missing be there now.
            (Some(Opened::Failed(_)), Ok(Some(_))) if !matches!(open(root, revision.as_deref()), Opened::Found(_)) => {
                true
            }
            _ => false,
        };
        if !is_same {
            *self = Self::new(std::mem::take(&mut self.base));
        }
        !is_same
    }

    fn opened(&self, root: &Path) -> &Opened {
        self.git.get_or_init(|| {
            let Base::Git { revision } = &self.base else { return Opened::Nowhere };
            open(root, revision.as_deref())
        })
    }

    /// What a file said that says something else now.
    fn committed(&self, root: &Path, path: &RelPath, now: &Arc<str>) -> Option<Arc<str>> {
        let Opened::Found(found) = self.opened(root) else { return None };
        // The text is held, so that another one cannot stand at its address.
        if self.same.lock().ok()?.get(path).is_some_and(|it| Arc::ptr_eq(it, now)) {
            return None;
        }
        // The hash tells of almost every file that nothing changed, without unpacking what it was.
        match found.files.is_same(path, now.as_bytes()) {
            Ok(true) => {
                self.same.lock().ok()?.insert(path.clone(), now.clone());
                return None;
            }
            Ok(false) => {}
            Err(error) => {
                self.remember(path, Some(Err(error.to_string())));
                return None;
            }
        }
        if let Some(known) = self.texts.lock().ok()?.get(path) {
            return known.clone();
        }
        let text: Option<Arc<str>> = match found.files.bytes(path).map(|it| it.map(String::from_utf8)) {
            Ok(Some(Ok(text))) => Some(text.into()),
            Ok(Some(Err(_))) => {
                self.remember(path, Some(Err("its old version is not UTF-8".to_owned())));
                return None;
            }
            Ok(None) => None,
            Err(error) => {
                self.remember(path, Some(Err(error.to_string())));
                return None;
            }
        };
        self.texts.lock().ok()?.insert(path.clone(), text.clone());
        text
    }
}

fn target(root: &Path, revision: Option<&str>) -> Result<Option<(GitRepository, BaseTarget)>, GitError> {
    let Some(repository) = GitRepository::discover(root)? else { return Ok(None) };
    let target = repository.target(revision, &variable)?;
    Ok(Some((repository, target)))
}

fn open(root: &Path, revision: Option<&str>) -> Opened {
    let found = || -> Result<Option<Found>, GitError> {
        let Some((repository, target)) = target(root, revision)? else { return Ok(None) };
        let base = repository.base_of(&target)?;
        Ok(Some(Found { files: repository.list(base.commit), target, base }))
    };
    match found() {
        Ok(None) => Opened::Nowhere,
        Ok(Some(found)) => Opened::Found(Box::new(found)),
        Err(error) => Opened::Failed(error),
    }
}
