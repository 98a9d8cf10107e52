//! The commits between the base and what is checked out: what they say of themselves, and which files each touched.

use std::collections::BTreeSet;

use super::{CommitId, GitError, GitRepository};
use crate::RelPath;

/// A commit of the work, as its author describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitMessage {
    /// The commit.
    pub commit: CommitId,
    /// The whole message.
    pub text: String,
}

impl GitRepository {
    /// What the commits that `HEAD` has and `base` has not say, newest first, at most so many. Merges say what their
    /// parts say already, and are left out.
    ///
    /// # Errors
    /// If the history cannot be read.
    pub fn messages_since(&self, base: CommitId, most: usize) -> Result<Vec<CommitMessage>, GitError> {
        let head = self.head()?;
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
