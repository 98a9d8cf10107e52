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
    assert_eq!(repository.open().merge_base_with_default_branch(), Err(GitError::NoDefaultBranch));
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
    assert_eq!(repository.open().merge_base_with_default_branch(), Ok(first), "the local main");

    repository.git(&["checkout", "-q", "main"]);
    let second = repository.commit(&[("a.md", "2")]);
    repository.git(&["update-ref", "refs/remotes/origin/master", &second.to_string()]);
    repository.git(&["checkout", "-q", "topic"]);
    repository.git(&["merge", "-q", "--no-edit", "main"]);
    repository.git(&["branch", "-q", "-f", "main", &first.to_string()]);
    assert_eq!(repository.open().merge_base_with_default_branch(), Ok(second), "origin/master before the local main");

    // A dangling origin/HEAD is passed over; once its branch is there, it is first.
    repository.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"]);
    assert_eq!(repository.open().merge_base_with_default_branch(), Ok(second));
    repository.git(&["update-ref", "refs/remotes/origin/trunk", &first.to_string()]);
    assert_eq!(repository.open().merge_base_with_default_branch(), Ok(first));
    assert_eq!(repository.open().merge_base(second), Ok(second));
}

#[test]
fn histories_without_a_common_commit_say_so() {
    let repository = Fixture::new();
    repository.commit(&[("a.md", "1")]);
    repository.git(&["checkout", "-q", "--orphan", "other"]);
    repository.commit(&[("b.md", "1")]);
    let error = repository.open().merge_base_with_default_branch().unwrap_err();
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
