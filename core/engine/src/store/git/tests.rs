//! Questions to real repositories, built with the `git` program.

use std::process::Command;

use tempfile::TempDir;

use super::*;

/// A repository with a commit history to build.
struct Fixture(TempDir);

impl Fixture {
    fn new() -> Self {
        let it = Self(TempDir::new().unwrap());
        it.git(&["init", "-q", "-b", "main"]);
        it
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let fixed = [
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.org",
            "-c",
            "commit.gpgsign=false",
            "-c",
            "core.autocrlf=false",
        ];
        let mut command = Command::new("git");
        command.current_dir(self.path()).args(fixed).args(arguments);
        // Settings of the machine and of a hook that runs these tests must not leak in.
        command
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE");
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self, files: &[(&str, &str)]) -> CommitId {
        for (path, text) in files {
            self.write(path, text);
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "Change"]);
        CommitId(self.git(&["rev-parse", "HEAD"]).parse().unwrap())
    }

    /// The base outside of any pipeline.
    fn default_base(&self) -> Result<CommitId, GitError> {
        self.base(None, &[]).map(|it| it.commit)
    }

    /// The base in a pipeline with these variables, which checks out this folder.
    fn base(&self, revision: Option<&str>, variables: &[(&str, &str)]) -> Result<FoundBase, GitError> {
        let folder = self.path().to_str().unwrap();
        let variable = |name: &str| {
            let found = variables.iter().find(|it| it.0 == name).map(|it| it.1);
            found.map(|it| if it == "HERE" { folder } else { it }.to_owned())
        };
        let repository = self.open();
        let target = repository.target(revision, &variable)?;
        repository.base_of(&target)
    }

    fn open(&self) -> GitRepository {
        GitRepository::discover(self.path()).unwrap().unwrap()
    }
}

fn names(paths: &[RelPath]) -> Vec<&str> {
    paths.iter().map(RelPath::as_str).collect()
}

#[test]
fn a_folder_outside_any_repository_has_none() {
    let folder = TempDir::new().unwrap();
    assert!(GitRepository::discover(folder.path()).unwrap().is_none());
    assert!(matches!(GitRepository::discover(&folder.path().join("missing")), Err(GitError::Open { .. })));
}

#[test]
fn a_new_repository_says_that_it_has_no_commit() {
    let repository = Fixture::new();
    assert_eq!(repository.open().head(), Err(GitError::NoCommit));
    assert_eq!(repository.default_base(), Err(GitError::NoDefaultBranch));
}

#[test]
fn revisions_resolve_to_commits() {
    let repository = Fixture::new();
    let first = repository.commit(&[("a.md", "1")]);
    repository.git(&["tag", "-a", "v1", "-m", "One"]);
    let second = repository.commit(&[("a.md", "2")]);
    let git = repository.open();
    for (revision, commit) in
        [("HEAD", second), ("main", second), ("HEAD~1", first), ("v1", first), (&first.to_string()[..8], first)]
    {
        assert_eq!(git.resolve(revision), Ok(commit), "{revision}");
    }
    assert_eq!(git.head(), Ok(second));
    for revision in ["nonsense", "", "--upload-pack=x", "HEAD~9", "HEAD:a.md", "main..v1", "a\0b"] {
        assert!(
            matches!(git.resolve(revision), Err(GitError::UnknownRevision { .. })),
            "{revision:?}: {:?}",
            git.resolve(revision)
        );
    }
}

#[test]
fn texts_and_paths_are_those_of_the_commit() {
    let repository = Fixture::new();
    let first = repository.commit(&[("docs/a.md", "one\r\n"), ("docs/b.md", "b"), ("readme.md", "r")]);
    fs::remove_file(repository.path().join("docs/b.md")).unwrap();
    let second = repository.commit(&[("docs/a.md", "two")]);
    repository.write("docs/a.md", "not committed");
    let git = repository.open();
    let text =
        |commit, path: &str| git.text_at(commit, &RelPath::new(path)).unwrap().map(|it| String::from_utf8(it).unwrap());
    assert_eq!(text(first, "docs/a.md").as_deref(), Some("one\r\n"));
    assert_eq!(text(second, "docs/a.md").as_deref(), Some("two"));
    assert_eq!((text(first, "docs/b.md").as_deref(), text(second, "docs/b.md")), (Some("b"), None));
    for nothing in ["", "docs", "docs/missing.md", "docs/a.md/x", "../x"] {
        assert_eq!(text(first, nothing), None, "{nothing:?}");
    }
    assert_eq!(names(&git.paths_at(first).unwrap()), ["docs/a.md", "docs/b.md", "readme.md"]);
    assert_eq!(names(&git.paths_at(second).unwrap()), ["docs/a.md", "readme.md"]);
}

#[test]
fn a_workspace_below_the_top_sees_only_its_own_files() {
    let repository = Fixture::new();
    let commit = repository.commit(&[("services/orders/docs/a.md", "a"), ("services/orders.md", "x"), ("top.md", "t")]);
    let git = GitRepository::discover(&repository.path().join("services/orders")).unwrap().unwrap();
    assert_eq!(git.workdir(), fs::canonicalize(repository.path()).unwrap());
    assert_eq!(git.text_at(commit, &RelPath::new("docs/a.md")), Ok(Some(b"a".to_vec())));
    assert_eq!(git.text_at(commit, &RelPath::new("../orders.md")), Ok(None));
    assert_eq!(names(&git.paths_at(commit).unwrap()), ["docs/a.md"]);
    repository.write("top.md", "changed");
    repository.write("services/orders/docs/a.md", "changed");
    assert_eq!(git.changed_since(commit), Ok(vec![(RelPath::new("docs/a.md"), Difference::Modified)]));
    // A folder that the commit did not have yet is an empty workspace, not an error.
    repository.write("new/b.md", "b");
    let git = GitRepository::discover(&repository.path().join("new")).unwrap().unwrap();
    assert_eq!(git.paths_at(commit), Ok(vec![]));
    assert_eq!(git.changed_since(commit), Ok(vec![(RelPath::new("b.md"), Difference::Added)]));
}

#[test]
fn links_and_modules_are_no_files() {
    let repository = Fixture::new();
    repository.write("a.md", "a");
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.md", repository.path().join("link.md")).unwrap();
    let commit = repository.commit(&[]);
    let git = repository.open();
    assert_eq!(names(&git.paths_at(commit).unwrap()), ["a.md"]);
    assert_eq!(git.text_at(commit, &RelPath::new("link.md")), Ok(None));
    assert_eq!(git.changed_since(commit), Ok(vec![]));
}

#[test]
fn changes_are_committed_staged_unstaged_and_new_ones() {
    use Difference::{Added, Modified, Removed};
    let repository = Fixture::new();
    let base = repository.commit(&[
        (".gitignore", "ignored/\n"),
        ("committed.md", "1"),
        ("staged.md", "1"),
        ("unstaged.md", "1"),
        ("removed.md", "1"),
        ("reverted.md", "1"),
        ("same.md", "1"),
        ("windows.md", "1\n2\n"),
    ]);
    repository.commit(&[("committed.md", "2"), ("reverted.md", "2"), ("added.md", "1")]);
    repository.write("staged.md", "2");
    repository.git(&["add", "staged.md"]);
    for (path, text) in [
        ("unstaged.md", "2"),
        ("reverted.md", "1"),
        ("same.md", "1"),
        ("windows.md", "1\r\n2\r\n"),
        ("ignored/x.md", "x"),
        (".github/note.md", "x"),
    ] {
        repository.write(path, text);
    }
    fs::remove_file(repository.path().join("removed.md")).unwrap();
    let changed = repository.open().changed_since(base).unwrap();
    let changed: Vec<_> = changed.iter().map(|it| (it.0.as_str(), it.1)).collect();
    assert_eq!(
        changed,
        [
            (".github/note.md", Added),
            ("added.md", Added),
            ("committed.md", Modified),
            ("removed.md", Removed),
            ("staged.md", Modified),
            ("unstaged.md", Modified),
        ]
    );
}

#[test]
fn a_change_of_equal_size_right_after_the_commit_is_seen() {
    let repository = Fixture::new();
    let base = repository.commit(&[("a.md", "1")]);
    repository.write("a.md", "2");
    assert_eq!(repository.open().changed_since(base), Ok(vec![(RelPath::new("a.md"), Difference::Modified)]));
}

#[test]
fn the_default_branch_is_the_remote_one_before_the_local_one() {
    let repository = Fixture::new();
    let first = repository.commit(&[("a.md", "1")]);
    repository.git(&["checkout", "-q", "-b", "topic"]);
    repository.commit(&[("b.md", "topic")]);
    assert_eq!(repository.default_base(), Ok(first), "the local main");

    repository.git(&["checkout", "-q", "main"]);
    let second = repository.commit(&[("a.md", "2")]);
    repository.git(&["update-ref", "refs/remotes/origin/master", &second.to_string()]);
    repository.git(&["checkout", "-q", "topic"]);
    repository.git(&["merge", "-q", "--no-edit", "main"]);
    repository.git(&["branch", "-q", "-f", "main", &first.to_string()]);
    assert_eq!(repository.default_base(), Ok(second), "origin/master before the local main");

    // A dangling origin/HEAD is passed over; once its branch is there, it is first.
    repository.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"]);
    assert_eq!(repository.default_base(), Ok(second));
    repository.git(&["update-ref", "refs/remotes/origin/trunk", &first.to_string()]);
    assert_eq!(repository.default_base(), Ok(first));
    assert_eq!(repository.open().merge_base(second), Ok(second));
}

#[test]
fn histories_without_a_common_commit_say_so() {
    let repository = Fixture::new();
    repository.commit(&[("a.md", "1")]);
    repository.git(&["checkout", "-q", "--orphan", "other"]);
    repository.commit(&[("b.md", "1")]);
    let error = repository.default_base().unwrap_err();
    assert_eq!(error, GitError::NoMergeBase { with: "main".into() });
    assert!(error.to_string().contains("shallow"));
}

#[test]
fn a_linked_worktree_is_a_workspace_of_its_own() {
    let repository = Fixture::new();
    let commit = repository.commit(&[("a.md", "1")]);
    let beside = TempDir::new().unwrap();
    let tree = beside.path().join("tree");
    repository.git(&["worktree", "add", "-q", tree.to_str().unwrap()]);
    fs::write(tree.join("a.md"), "2").unwrap();
    let git = GitRepository::discover(&tree).unwrap().unwrap();
    assert_eq!(git.changed_since(commit), Ok(vec![(RelPath::new("a.md"), Difference::Modified)]));
    assert_eq!(git.text_at(commit, &RelPath::new("a.md")), Ok(Some(b"1".to_vec())));
}

#[test]
fn a_base_says_what_it_is() {
    let repository = Fixture::new();
    let first = repository.commit(&[("a.md", "1")]);
    let what = |revision: Option<&str>| repository.base(revision, &[]).map(|it| (it.commit, it.what));
    assert_eq!(what(None), Ok((first, "HEAD itself, because main has all its commits".into())));
    repository.git(&["checkout", "-q", "-b", "topic"]);
    let second = repository.commit(&[("a.md", "2")]);
    assert_eq!(what(None), Ok((first, "the merge base of HEAD and main".into())));
    assert_eq!(what(Some("HEAD^")), Ok((first, "the revision HEAD^".into())));
    assert_eq!(what(Some("HEAD")), Ok((second, "the revision HEAD".into())));
    // What others did on a branch since is none of this work.
    repository.git(&["checkout", "-q", "main"]);
    let third = repository.commit(&[("b.md", "3")]);
    repository.git(&["checkout", "-q", "topic"]);
    assert_eq!(what(Some("main")), Ok((first, "the merge base of HEAD and main".into())));
    repository.git(&["checkout", "-q", "--orphan", "other"]);
    repository.commit(&[("c.md", "1")]);
    let alone = "the revision main, which has no common commit with HEAD here".to_owned();
    assert_eq!(what(Some("main")), Ok((third, alone)));
    assert!(matches!(what(Some("nothing")), Err(GitError::UnknownRevision { .. })));
    assert!(matches!(what(Some("--upload-pack=touch x")), Err(GitError::UnknownRevision { .. })));
}

#[test]
fn a_pipeline_says_what_the_pull_request_goes_to() {
    let repository = Fixture::new();
    let first = repository.commit(&[("a.md", "1")]);
    repository.git(&["checkout", "-q", "-b", "release"]);
    let second = repository.commit(&[("a.md", "2")]);
    repository.git(&["checkout", "-q", "-b", "topic"]);
    repository.commit(&[("a.md", "3")]);
    repository.git(&["update-ref", "refs/remotes/origin/release", &second.to_string()]);
    repository.git(&["branch", "-q", "-D", "release"]);
    let base = |variables: &[(&str, &str)]| repository.base(None, variables).map(|it| (it.commit, it.what));
    let release = Ok((second, "the merge base of HEAD and origin/release".to_owned()));
    let sha = second.to_string();
    for variables in [
        [("GITHUB_WORKSPACE", "HERE"), ("GITHUB_BASE_REF", "release")],
        [("CI_PROJECT_DIR", "HERE"), ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "release")],
        [("BUILD_SOURCESDIRECTORY", "HERE"), ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/release")],
        [("WORKSPACE", "HERE"), ("CHANGE_TARGET", "release")],
    ] {
        assert_eq!(base(&variables), release, "{variables:?}");
    }
    let by_commit = base(&[("CI_PROJECT_DIR", "HERE"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &sha)]);
    assert_eq!(by_commit.unwrap().0, second);
    // A push to a branch goes to nothing, and a repository elsewhere is not the one that the pipeline is about.
    for variables in [
        [("GITHUB_WORKSPACE", "HERE"), ("GITHUB_BASE_REF", "")],
        [("GITHUB_WORKSPACE", "/"), ("GITHUB_HEAD_REF", "release")],
        [("GITHUB_WORKSPACE", "/nowhere"), ("GITHUB_BASE_REF", "release")],
        [("BUILDKITE_BUILD_CHECKOUT_PATH", "HERE"), ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "false")],
    ] {
        assert_eq!(base(&variables).map(|it| it.0), Ok(first), "{variables:?}");
    }
    // Another branch than the one that was meant would be a wrong answer.
    let missing = base(&[("GITHUB_WORKSPACE", "HERE"), ("GITHUB_BASE_REF", "gone")]).unwrap_err();
    assert!(missing.to_string().contains("`gone`, as GITHUB_BASE_REF says"), "{missing}");
    assert_eq!(repository.base(Some("main"), &[("GITHUB_BASE_REF", "gone")]).map(|it| it.commit), Ok(first));
}

#[test]
fn the_merge_commit_of_a_pull_request_knows_what_it_goes_to() {
    let origin = Fixture::new();
    let first = origin.commit(&[("a.md", "1")]);
    origin.git(&["checkout", "-q", "-b", "topic"]);
    origin.commit(&[("b.md", "2")]);
    origin.git(&["checkout", "-q", "main"]);
    origin.git(&["merge", "-q", "--no-ff", "--no-edit", "topic"]);
    origin.git(&["update-ref", "refs/pull/1/merge", "HEAD"]);
    origin.git(&["reset", "-q", "--hard", &first.to_string()]);
    // As `fetch-depth: 1` and `fetch-depth: 2` leave it.
    for (depth, expected) in [("1", false), ("2", true)] {
        let clone = Fixture::new();
        let url = format!("file://{}", origin.path().display());
        clone.git(&["fetch", "-q", "--depth", depth, &url, "refs/pull/1/merge:refs/remotes/pull/1/merge"]);
        clone.git(&["checkout", "-q", "refs/remotes/pull/1/merge"]);
        let head = clone.git(&["rev-parse", "HEAD"]);
        let variables = [
            ("GITHUB_WORKSPACE", "HERE"),
            ("GITHUB_BASE_REF", "main"),
            ("GITHUB_REF", "refs/pull/1/merge"),
            ("GITHUB_SHA", head.as_str()),
        ];
        let base = clone.base(None, &variables).map(|it| it.commit);
        if expected {
            assert_eq!(base, Ok(first));
        } else {
            assert!(matches!(base, Err(GitError::NotFetched { .. })), "{base:?}");
        }
    }
}

#[test]
fn a_shallow_clone_has_no_merge_base_and_says_so() {
    let origin = Fixture::new();
    origin.commit(&[("a.md", "1")]);
    origin.git(&["checkout", "-q", "-b", "topic"]);
    origin.commit(&[("a.md", "2")]);
    origin.git(&["checkout", "-q", "main"]);
    origin.commit(&[("b.md", "3")]);
    let clone = Fixture::new();
    let url = format!("file://{}", origin.path().display());
    let both = ["refs/heads/main:refs/remotes/origin/main", "refs/heads/topic:refs/remotes/origin/topic"];
    clone.git(&["fetch", "-q", "--depth", "1", &url, both[0], both[1]]);
    clone.git(&["checkout", "-q", "-b", "topic", "refs/remotes/origin/topic"]);
    let error = clone.default_base().unwrap_err();
    assert!(error.to_string().contains("shallow clone"), "{error}");
}

#[test]
fn files_of_a_commit_are_looked_up_by_folder() {
    let repository = Fixture::new();
    let commit = repository.commit(&[("a.md", "1"), ("x/y/b.md", "2\n"), ("x/y/z/c.md", "3")]);
    let path = RelPath::new;
    for (folder, prefix) in [(repository.path().to_path_buf(), "x/y/"), (repository.path().join("x/y"), "")] {
        let files = GitRepository::discover(&folder).unwrap().unwrap().list(commit);
        let file = |it: &str| path(&format!("{prefix}{it}"));
        assert_eq!(files.contains(&file("b.md")), Ok(true));
        assert_eq!(files.contains(&file("z")), Ok(false), "a folder is no file");
        assert_eq!(files.contains(&file("q/r.md")), Ok(false));
        assert_eq!(files.is_same(&file("b.md"), b"2\n"), Ok(true));
        assert_eq!(files.is_same(&file("b.md"), b"2\r\n"), Ok(true), "line ends of a platform");
        assert_eq!(files.is_same(&file("b.md"), b"3"), Ok(false));
        assert_eq!(files.bytes(&file("z/c.md")), Ok(Some(b"3".to_vec())));
        assert_eq!(files.folder(&path(prefix)), Ok(vec![file("b.md")]));
        assert_eq!(files.contains(&path("../a.md")), Ok(false), "outside of the workspace");
    }
}

#[test]
fn a_repository_of_a_kind_that_is_not_read_is_named() {
    for (settings, said) in [
        ("[core]\n\tbare = false\n[extensions]\n\tRefStorage = reftable\n", "in the format reftable"),
        ("[extensions]\n\tobjectFormat = \"sha256\" # so\n", "by SHA-256"),
    ] {
        let repository = Fixture::new();
        repository.commit(&[("a.md", "1")]);
        repository.write(".git/config", settings);
        repository.write("b/c.md", "1");
        let error = GitRepository::discover(&repository.path().join("b")).unwrap_err();
        assert!(matches!(error, GitError::Unsupported { .. }) && error.to_string().contains(said), "{error}");
    }
    let repository = Fixture::new();
    repository.write(".git/config", "[core]\n\trepositoryformatversion = 0\n[other]\nobjectformat = sha256\n");
    assert!(GitRepository::discover(repository.path()).unwrap().is_some());
}

#[test]
fn a_branch_whose_commit_is_missing_is_no_missing_branch() {
    let repository = Fixture::new();
    let commit = repository.commit(&[("a.md", "1")]).to_string();
    fs::remove_file(repository.path().join(".git/objects").join(&commit[..2]).join(&commit[2..])).unwrap();
    let error = repository.default_base().unwrap_err();
    let expected = GitError::MissingCommit { name: "main".to_owned(), commit };
    assert_eq!(error, expected);
    // A branch that was never fetched is none.
    let repository = Fixture::new();
    let commit = repository.commit(&[("a.md", "1")]);
    repository.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone"]);
    assert_eq!(repository.default_base(), Ok(commit));
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_not_opened() {
    let places = [
        "HEAD",
        "config",
        "packed-refs",
        "refs/heads/main",
        "refs/heads/deep/x",
        "index",
        "commondir",
        "objects/ab/cd",
    ];
    let pipe = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    for place in places {
        let repository = Fixture::new();
        repository.commit(&[("a.md", "1")]);
        let path = repository.path().join(".git").join(place);
        let _ = fs::remove_file(&path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        pipe(&path);
        let error = GitRepository::discover(repository.path()).unwrap_err().to_string();
        assert!(error.contains(place) && error.contains("is no regular file"), "{error}");
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        let error = GitRepository::discover(repository.path()).unwrap_err().to_string();
        assert!(error.contains("is no regular file"), "{error}");
    }
    let repository = Fixture::new();
    let path = repository.path().join(".git/config");
    fs::File::options().append(true).open(&path).unwrap().set_len(17 * 1024 * 1024).unwrap();
    let error = GitRepository::discover(repository.path()).unwrap_err().to_string();
    assert!(error.contains("larger than 16 MiB"), "{error}");
    // In place of the folder, and where a work tree leads.
    let folder = TempDir::new().unwrap();
    pipe(&folder.path().join(".git"));
    assert!(GitRepository::discover(folder.path()).is_err());
    let repository = Fixture::new();
    repository.commit(&[("a.md", "1")]);
    let tree = TempDir::new().unwrap();
    let tree = tree.path().join("tree");
    repository.git(&["worktree", "add", "-q", &tree.display().to_string()]);
    assert!(GitRepository::discover(&tree).unwrap().is_some());
    fs::remove_file(repository.path().join(".git/config")).unwrap();
    pipe(&repository.path().join(".git/config"));
    assert!(GitRepository::discover(&tree).is_err());
}
