//! Why git has no answer.

use std::{fmt, path::PathBuf};

/// Why a question to git has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// There is a repository, but it cannot be opened.
    #[error("the git repository around {} cannot be opened: {reason}", .path.display())]
    Open {
        /// The workspace root.
        path: PathBuf,
        /// What stands in the way.
        reason: String,
    },
    /// There is a repository of a kind that is not read.
    #[error(
        "the git repository at {} {what}, which is not read here{}",
        .path.display(),
        .way.map(|it| format!("; {it}")).unwrap_or_default()
    )]
    Unsupported {
        /// The folder of git.
        path: PathBuf,
        /// What it does otherwise.
        what: &'static str,
        /// The way out, if there is one.
        way: Option<&'static str>,
    },
    /// A reference names a commit that is not there.
    #[error(
        "{name} names the commit {commit}, which is not in the repository; fetch it, or look at what is missing with \
        `git fsck`"
    )]
    MissingCommit {
        /// The reference, as a reader would name it.
        name: String,
        /// The hash.
        commit: String,
    },
    /// No commit has that name.
    #[error(
        "`{}` names no commit: {reason}; name a branch, a tag or a commit that was fetched",
        .revision.escape_debug()
    )]
    UnknownRevision {
        /// The revision as it was given.
        revision: String,
        /// What git says.
        reason: String,
    },
    /// The repository has no commit yet.
    #[error("the repository has no commit yet; commit something to compare with")]
    NoCommit,
    /// No branch looks like the default one.
    #[error(
        "no default branch was found (tried origin/HEAD, origin/main, origin/master, main, master); name the base \
        revision"
    )]
    NoDefaultBranch,
    /// A pipeline says what the pull request goes to, and that is not here.
    #[error(
        "what the pull request goes to (`{}`, as {variable} says) was not fetched; fetch it with the history (in \
        GitHub Actions `fetch-depth: 0`, in GitLab CI `GIT_DEPTH: 0`)", .target.escape_debug()
    )]
    NotFetched {
        /// The branch or commit.
        target: String,
        /// The variable.
        variable: &'static str,
    },
    /// Two commits share no history, at least none that was fetched.
    #[error(
        "HEAD and {with} have no common commit; in a shallow clone, fetch the whole history (`git fetch --unshallow`)"
    )]
    NoMergeBase {
        /// The other side.
        with: String,
    },
    /// The repository or the disk cannot be read.
    #[error("cannot read {what}: {reason}")]
    Read {
        /// What was read.
        what: String,
        /// What stands in the way.
        reason: String,
    },
}

impl GitError {
    pub(super) fn read(what: impl fmt::Display) -> impl FnOnce(gix::Error) -> Self {
        move |error| Self::Read { what: what.to_string(), reason: error.to_string() }
    }
}
