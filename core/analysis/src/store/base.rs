//! What files said where the work left the default branch: what schemas are compared with while they are typed.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};

use rustc_hash::FxHashMap;

use crate::{
    RelPath,
    store::git::{FilesAt, GitError, GitRepository},
};

/// Where the older texts come from.
#[derive(Clone, Debug, Default)]
pub enum Base {
    /// There are none: nothing is compared.
    #[default]
    None,
    /// The commit where the checked-out work left the default branch; none without a repository or a default branch.
    Git,
    /// These.
    Texts(BTreeMap<RelPath, Arc<str>>),
}

/// The older texts of a workspace, read when they are asked for.
#[derive(Debug, Default)]
pub(crate) struct BaseTexts {
    base: Base,
    git: OnceLock<Option<(GitRepository, FilesAt)>>,
    texts: Mutex<FxHashMap<RelPath, Option<Arc<str>>>>,
}

impl BaseTexts {
    pub(crate) fn new(base: Base) -> Self {
        Self { base, ..Self::default() }
    }

    /// What a file said, if that differs from what it says now.
    pub(crate) fn text(&self, root: &Path, path: &RelPath, now: &str) -> Option<Arc<str>> {
        match &self.base {
            Base::None => None,
            Base::Texts(texts) => texts.get(path).cloned(),
            Base::Git => self.committed(root, path, now),
        }
        .filter(|it| **it != *now)
    }

    /// What a file said, whether it still says so or not.
    pub(crate) fn text_of(&self, root: &Path, path: &RelPath, now: &Arc<str>) -> Option<Arc<str>> {
        match &self.base {
            Base::None => None,
            Base::Texts(texts) => texts.get(path).cloned(),
            Base::Git => {
                let (_, files) = self.git.get_or_init(|| open(root)).as_ref()?;
                files.contains(path).then(|| self.committed(root, path, now).unwrap_or_else(|| now.clone()))
            }
        }
    }

    /// What a file said that says something else now.
    fn committed(&self, root: &Path, path: &RelPath, now: &str) -> Option<Arc<str>> {
        let (repository, files) = self.git.get_or_init(|| open(root)).as_ref()?;
        // The hash tells of almost every file that nothing changed, without unpacking what it was.
        if files.is_same(path, now.as_bytes()) {
            return None;
        }
        if let Some(known) = self.texts.lock().ok()?.get(path) {
            return known.clone();
        }
        let bytes = repository.text_at(files.commit(), path).ok().flatten();
        let text: Option<Arc<str>> = bytes.and_then(|it| String::from_utf8(it).ok()).map(Into::into);
        self.texts.lock().ok()?.insert(path.clone(), text.clone());
        text
    }
}

fn open(root: &Path) -> Option<(GitRepository, FilesAt)> {
    let found = || -> Result<Option<(GitRepository, FilesAt)>, GitError> {
        let Some(repository) = GitRepository::discover(root)? else { return Ok(None) };
        let files = repository.list(repository.merge_base_with_default_branch()?)?;
        Ok(Some((repository, files)))
    };
    // A new repository has no default branch yet; that is no reason to complain.
    found().unwrap_or_else(|error| {
        tracing::info!("schemas are not compared with git: {error}");
        None
    })
}
