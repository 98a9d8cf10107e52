//! Which commit the work is compared with: the one that was named, the target of the pull request that a pipeline
//! checks, or else where the work left the default branch (ADR-0016).

use gix::Repository;

use super::{CommitId, DEFAULT_BRANCHES, GitError, GitRepository};

/// What the work is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBase {
    /// The commit.
    pub commit: CommitId,
    /// What it is: `the merge base of HEAD and origin/main`.
    pub what: String,
    /// The other side, as it was found or named: `origin/main`.
    pub name: String,
}

/// The other side of the comparison, before it is known where the work left it, and what is checked out. While both
/// are the same, so is the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseTarget {
    head: CommitId,
    target: CommitId,
    name: String,
    /// Whether somebody named it, and not just the place where it was found.
    is_named: bool,
}

/// What the variables of a pipeline say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// A commit that the pull request is compared with.
    Commit,
    /// The branch that the pull request goes to.
    Branch,
}

/// A service that runs pipelines, and how it tells what a pull request goes to.
struct Pipeline {
    /// The variable with the folder that it checks out; other repositories have nothing to do with the pull request.
    folder: &'static str,
    /// What says so, first match first.
    variables: &'static [(&'static str, Says)],
}

/// As the services document their variables in November 2026.
const PIPELINES: [Pipeline; 6] = [
    // GitHub Actions
    Pipeline { folder: "GITHUB_WORKSPACE", variables: &[("GITHUB_BASE_REF", Says::Branch)] },
    // GitLab CI: the first is there only where the pipeline runs on the merged result
    Pipeline {
        folder: "CI_PROJECT_DIR",
        variables: &[
            ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", Says::Commit),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", Says::Commit),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", Says::Branch),
        ],
    },
    // Azure Pipelines
    Pipeline { folder: "BUILD_SOURCESDIRECTORY", variables: &[("SYSTEM_PULLREQUEST_TARGETBRANCH", Says::Branch)] },
    // Bitbucket Pipelines
    Pipeline {
        folder: "BITBUCKET_CLONE_DIR",
        variables: &[
            ("BITBUCKET_PR_DESTINATION_COMMIT", Says::Commit),
            ("BITBUCKET_PR_DESTINATION_BRANCH", Says::Branch),
        ],
    },
    // Buildkite
    Pipeline {
        folder: "BUILDKITE_BUILD_CHECKOUT_PATH",
        variables: &[("BUILDKITE_PULL_REQUEST_BASE_BRANCH", Says::Branch)],
    },
    // Jenkins, with multibranch pipelines
    Pipeline { folder: "WORKSPACE", variables: &[("CHANGE_TARGET", Says::Branch)] },
];

/// Variables of the environment, as far as they are set to something.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl GitRepository {
    /// What the work is compared with: where it left `revision`, else the target of the pull request that a pipeline
    /// runs for, else the default branch (`origin/HEAD`, `origin/main`, `origin/master`, `main` or `master`).
    ///
    /// # Errors
    /// If the revision names no commit, the target was not fetched, there is no default branch, or no common commit.
    pub fn base(&self, revision: Option<&str>) -> Result<FoundBase, GitError> {
        self.base_of(&self.target(revision, &variable)?)
    }

    /// What another commit than the one that is checked out is compared with.
    ///
    /// # Errors
    /// As [`Self::base`].
    pub fn base_for(&self, head: CommitId, revision: Option<&str>) -> Result<FoundBase, GitError> {
        self.base_of(&BaseTarget { head, ..self.target(revision, &variable)? })
    }

    /// Where the work left the target.
    pub(crate) fn base_of(&self, target: &BaseTarget) -> Result<FoundBase, GitError> {
        let BaseTarget { head, target, name, is_named } = target;
        let name = name.escape_debug();
        let found = |commit, what| Ok(FoundBase { commit, what, name: name.to_string() });
        match self.merge_base_of(*head, *target, &name.to_string()) {
            Ok(base) if base == *target && *is_named => found(base, format!("the revision {name}")),
            Ok(base) if base == *head => found(base, format!("HEAD itself, because {name} has all its commits")),
            Ok(base) => found(base, format!("the merge base of HEAD and {name}")),
            // Who names a revision of which no history was fetched knows why.
            Err(GitError::NoMergeBase { .. }) if *is_named => {
                found(*target, format!("the revision {name}, which has no common commit with HEAD here"))
            }
            Err(error) => Err(error),
        }
    }

    /// What the work goes to.
    pub(crate) fn target(&self, revision: Option<&str>, environment: Environment<'_>) -> Result<BaseTarget, GitError> {
        let named = revision.map(|it| Ok((self.resolve(it)?, it.to_owned()))).transpose()?;
        let is_named = named.is_some();
        let (target, name) = match named {
            Some(it) => it,
            None => match self.pipeline_target(environment)? {
                Some(it) => it,
                None => self.default_branch()?,
            },
        };
        Ok(BaseTarget { head: self.head()?, target, name, is_named })
    }

    fn default_branch(&self) -> Result<(CommitId, String), GitError> {
        let repository = self.open();
        first_commit(&repository, DEFAULT_BRANCHES.into_iter())?.ok_or(GitError::NoDefaultBranch)
    }

    /// What a pull request goes to. Another branch would be a wrong answer, so one that was not fetched is an error.
    fn pipeline_target(&self, environment: Environment<'_>) -> Result<Option<(CommitId, String)>, GitError> {
        let is_here = |folder: &str| {
            let folder = environment(folder).and_then(|it| std::fs::canonicalize(it).ok());
            folder.is_some_and(|it| self.workdir.starts_with(it))
        };
        let repository = self.open();
        for pipeline in PIPELINES.iter().filter(|it| is_here(it.folder)) {
            let mut unknown = None;
            for (variable, says) in pipeline.variables {
                let Some(value) = environment(variable).filter(|it| !it.is_empty() && it != "false") else { continue };
                let found = match says {
                    Says::Commit => self.resolve(&value).ok().map(|it| (it, value.clone())),
                    Says::Branch => branch(&repository, &value)?,
                };
                if found.is_some() {
                    return Ok(found);
                }
                unknown = Some(GitError::NotFetched { target: value, variable });
            }
            // The commit that GitHub makes for a pull request has what it goes to as its first parent.
            if let Some(error) = unknown {
                return self.merged_into(&repository, environment).map(Some).ok_or(error);
            }
        }
        Ok(None)
    }

    fn merged_into(&self, repository: &Repository, environment: Environment<'_>) -> Option<(CommitId, String)> {
        let is_merge =
            environment("GITHUB_REF").is_some_and(|it| it.starts_with("refs/pull/") && it.ends_with("/merge"));
        let head = self.head().ok().filter(|it| is_merge && environment("GITHUB_SHA") == Some(it.to_string()))?;
        let commit = repository.find_commit(head.0).ok()?;
        let parents: Vec<_> = commit.parent_ids().map(gix::Id::detach).collect();
        let [first, _] = parents.as_slice() else { return None };
        repository.find_commit(*first).ok().map(|it| (CommitId(it.id), "what the pull request goes to".to_owned()))
    }
}

/// The commit of a branch that was fetched, or of a local one.
fn branch(repository: &Repository, name: &str) -> Result<Option<(CommitId, String)>, GitError> {
    let name = name.trim_start_matches("refs/heads/");
    let references = [format!("refs/remotes/origin/{name}"), format!("refs/heads/{name}")];
    first_commit(repository, references.iter().map(String::as_str))
}

/// The commit of the first of some references that is there.
fn first_commit<'a>(
    repository: &Repository,
    references: impl Iterator<Item = &'a str>,
) -> Result<Option<(CommitId, String)>, GitError> {
    for reference in references {
        if let Some(found) = commit_of(repository, reference)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The commit of a reference with its short name. A symbolic reference to a branch that was never fetched leads
/// nowhere; one to a commit that is missing does not.
fn commit_of(repository: &Repository, reference: &str) -> Result<Option<(CommitId, String)>, GitError> {
    /// Git follows as many.
    const MAX_SYMBOLIC: usize = 5;
    let Ok(Some(mut found)) = repository.try_find_reference(reference) else { return Ok(None) };
    for _ in 0..MAX_SYMBOLIC {
        match found.follow() {
            Some(Ok(next)) => found = next,
            Some(Err(_)) => return Ok(None),
            None => break,
        }
    }
    let Some(id) = found.try_id().map(gix::Id::detach) else { return Ok(None) };
    let name = reference.trim_start_matches("refs/").trim_start_matches("remotes/").trim_start_matches("heads/");
    let commit = repository.find_object(id).and_then(|it| it.peel_to_kind(gix::object::Kind::Commit));
    match commit {
        Ok(commit) => Ok(Some((CommitId(commit.id), name.to_owned()))),
        Err(_) => Err(GitError::MissingCommit { name: name.to_owned(), commit: id.to_string() }),
    }
}

/// A variable of this process.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|it| !it.is_empty())
}
