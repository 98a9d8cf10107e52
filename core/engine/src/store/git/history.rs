//! The commits between the base and what is checked out: what they say of themselves, and which files each touched.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use archwright_model::RelPath;

use super::{CommitId, GitError, GitRepository, is_blob};

/// A commit of the work, as its author describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitMessage {
    /// The commit.
    pub commit: CommitId,
    /// The whole message.
    pub text: String,
}

impl GitRepository {
    /// What the commits that `head` has and `base` has not say, newest first, at most so many. Merges say what their
    /// parts say already, and are left out.
    ///
    /// # Errors
    /// If the history cannot be read.
    pub fn messages_between(
        &self,
        base: CommitId,
        head: CommitId,
        most: usize,
    ) -> Result<Vec<CommitMessage>, GitError> {
        let repository = self.open();
        let walk = repository.rev_walk([head.0]).with_hidden([base.0]).all();
        let mut messages = Vec::new();
        for found in walk.map_err(GitError::read("the history"))? {
            let unreadable = |error: String| GitError::Read { what: "the history".to_owned(), reason: error };
            let found = found.map_err(|it| unreadable(it.to_string()))?;
            let commit = repository.find_commit(found.id).map_err(|it| unreadable(it.to_string()))?;
            if commit.parent_ids().count() > 1 {
                continue;
            }
            let text = String::from_utf8_lossy(commit.message_raw_sloppy()).into_owned();
            messages.push(CommitMessage { commit: CommitId(found.id), text });
            if messages.len() == most {
                break;
            }
        }
        Ok(messages)
    }

    /// The symbolic links and submodules below the workspace root that are others than at `commit`, sorted. Links are
    /// compared as they are on the disk, submodules by the commit that the index names.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn links_changed_since(&self, commit: CommitId) -> Result<Vec<RelPath>, GitError> {
        let repository = self.open();
        let then = self.at(&repository, commit, |it| it.is_link() || it.is_commit())?;
        let index = repository.index_or_empty().map_err(GitError::read("the git index"))?;
        let is_link = |it: &RelPath| fs::symlink_metadata(self.root.join(it.as_str())).is_ok_and(|it| it.is_symlink());
        let mut now: BTreeMap<RelPath, Option<gix::ObjectId>> =
            self.on_disk(fs::FileType::is_symlink).into_iter().map(|it| (it, None)).collect();
        for (path, entry) in self.tracked(&index) {
            match entry.mode {
                gix::index::entry::Mode::COMMIT => now.insert(path, Some(entry.id)),
                gix::index::entry::Mode::SYMLINK if is_link(&path) => now.insert(path, None),
                _ => None,
            };
        }
        let is_same = |path: &RelPath, was: gix::ObjectId, is: Option<gix::ObjectId>| match is {
            Some(is) => is == was,
            None => fs::read_link(self.root.join(path.as_str()))
                .is_ok_and(|it| is_blob(was, it.as_os_str().as_encoded_bytes())),
        };
        let is_kept =
            |path: &RelPath| then.get(path).zip(now.get(path)).is_some_and(|(was, is)| is_same(path, *was, *is));
        let all: BTreeSet<&RelPath> = then.keys().chain(now.keys()).collect();
        Ok(all.into_iter().filter(|it| !is_kept(it)).cloned().collect())
    }

    /// The symbolic links and submodules below the workspace root that differ between two commits, sorted.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn links_changed_between(&self, then: CommitId, now: CommitId) -> Result<Vec<RelPath>, GitError> {
        let repository = self.open();
        let links = |commit| self.at(&repository, commit, |it| it.is_link() || it.is_commit());
        let (then, now) = (links(then)?, links(now)?);
        let all: BTreeSet<&RelPath> = then.keys().chain(now.keys()).collect();
        Ok(all.into_iter().filter(|it| then.get(*it) != now.get(*it)).cloned().collect())
    }

    /// The files below the workspace root that a commit changed, added or removed.
    ///
    /// # Errors
    /// If objects are missing or broken.
    pub fn changed_by(&self, commit: CommitId) -> Result<BTreeSet<RelPath>, GitError> {
        let repository = self.open();
        let now = self.files_at(&repository, commit)?;
        let found = repository.find_commit(commit.0).map_err(GitError::read(format!("commit {commit}")))?;
        let parent = found.parent_ids().next().map(|it| CommitId(it.detach()));
        let then = parent.map(|it| self.files_at(&repository, it)).transpose()?.unwrap_or_default();
        let came = now.iter().filter(|(path, id)| then.get(*path) != Some(*id)).map(|it| it.0.clone());
        let went = then.keys().filter(|it| !now.contains_key(*it)).cloned();
        Ok(came.chain(went).collect())
    }
}
