//! The writer against everything that can stand in its way: wrong names, links, other writers, failures at every step.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
#![cfg(unix)]

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use archwright_analysis::{
    ContentHash, RelPath, WorkspaceEdit,
    writer::{Applied, MAX_CREATED_BYTES, NameProblem, Step, WriteError, apply, apply_watched, recover},
};
use archwright_syntax::{Span, TextEdit, TextEdits};
use proptest::prelude::*;
use tempfile::TempDir;

/// A workspace `ws` inside a folder of its own, so that tests can look beside it.
struct Fixture {
    base: TempDir,
    root: PathBuf,
}

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Self {
        let base = TempDir::new().unwrap();
        let root = base.path().join("ws");
        fs::create_dir(&root).unwrap();
        let it = Self { base, root };
        for (path, text) in files {
            it.write(path, text);
        }
        it
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Everything below the base folder: the bytes of files, the target of links, folders.
    fn everything(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.base.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let kind = path.symlink_metadata().unwrap().file_type();
                let content = match () {
                    () if kind.is_symlink() => fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
                    () if kind.is_file() => fs::read(&path).unwrap(),
                    () => Vec::new(),
                };
                if kind.is_dir() {
                    folders.push(path.clone());
                }
                found.insert(path, content);
            }
        }
        found
    }

    fn apply(&self, edit: &WorkspaceEdit) -> Result<Applied, WriteError> {
        apply(&self.root, edit)
    }

    /// Applies `edit`, which must be refused and leave everything as it was.
    #[track_caller]
    fn refused(&self, edit: &WorkspaceEdit) -> WriteError {
        let before = self.everything();
        let error = self.apply(edit).unwrap_err();
        assert_eq!(self.everything(), before, "{error}");
        error
    }
}

fn path(text: &str) -> RelPath {
    RelPath::new(text)
}

fn create(at: &str, text: &str) -> WorkspaceEdit {
    WorkspaceEdit::create(path(at), text)
}

/// Replaces the whole `old` text of a file.
fn replace(at: &str, old: &str, new: &str) -> WorkspaceEdit {
    let edits = TextEdits::new(vec![TextEdit::replace(Span::new(0, old.len()), new)]).unwrap();
    WorkspaceEdit::text(path(at), ContentHash::of(old.as_bytes()), edits)
}

fn insert(at: &str, old: &str, offset: usize, text: &str) -> WorkspaceEdit {
    let edits = TextEdits::new(vec![TextEdit::insert(offset, text)]).unwrap();
    WorkspaceEdit::text(path(at), ContentHash::of(old.as_bytes()), edits)
}

fn rename(from: &str, to: &str, old: &str) -> WorkspaceEdit {
    WorkspaceEdit::rename(path(from), path(to), ContentHash::of(old.as_bytes()))
}

fn all(edits: impl IntoIterator<Item = WorkspaceEdit>) -> WorkspaceEdit {
    edits.into_iter().fold(WorkspaceEdit::default(), |all, it| all.merge(it).unwrap())
}

// What it does.

#[test]
fn a_change_of_several_files_happens_whole() {
    let ws = Fixture::new(&[("docs/a.md", "one\n"), ("docs/b.md", "two\n"), ("docs/c.md", "three\n")]);
    let edit = all([
        replace("docs/a.md", "one\n", "ONE\n"),
        create("docs/features/orders/design.md", "# Design\n"),
        create("docs/features/orders/adrs/0001-outbox.md", "# ADR\n"),
        rename("docs/b.md", "archive/b.md", "two\n"),
        replace("docs/c.md", "three\n", "3"),
        rename("docs/c.md", "docs/d.md", "three\n"),
    ]);
    let applied = ws.apply(&edit).unwrap();
    let expected = [
        ("docs/features/orders/design.md", "# Design\n"),
        ("docs/features/orders/adrs/0001-outbox.md", "# ADR\n"),
        ("docs/a.md", "ONE\n"),
        ("archive/b.md", "two\n"),
        ("docs/d.md", "3"),
    ];
    for (file, text) in expected {
        assert_eq!(ws.text(file), text, "{file}");
    }
    let written: Vec<_> = expected.iter().map(|it| (path(it.0), ContentHash::of(it.1.as_bytes()))).collect();
    assert_eq!(applied.written, written);
    assert!(!ws.root.join("docs/b.md").exists() && !ws.root.join("docs/c.md").exists());
    assert!(
        ws.everything().keys().all(|it| !it.to_string_lossy().contains(".archwright-")),
        "{:?}",
        ws.everything().keys()
    );
}

#[test]
fn bytes_that_no_edit_names_stay() {
    let old = "\u{feff}# Title\r\n\r\nText without end";
    let ws = Fixture::new(&[("a.md", old)]);
    ws.apply(&insert("a.md", old, old.len() - 3, "the ")).unwrap();
    assert_eq!(ws.text("a.md"), "\u{feff}# Title\r\n\r\nText without the end");
}

#[test]
fn the_mode_of_a_file_stays() {
    let ws = Fixture::new(&[("a.md", "x"), ("b.md", "y")]);
    for (file, mode) in [("a.md", 0o640), ("b.md", 0o755)] {
        fs::set_permissions(ws.root.join(file), fs::Permissions::from_mode(mode)).unwrap();
    }
    ws.apply(&all([replace("a.md", "x", "new"), rename("b.md", "c.md", "y")])).unwrap();
    let mode = |file: &str| fs::metadata(ws.root.join(file)).unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode("a.md"), mode("c.md")), (0o640, 0o755));
}

#[test]
fn a_change_without_effect_writes_nothing() {
    let ws = Fixture::new(&[("a.md", "same")]);
    let before = fs::metadata(ws.root.join("a.md")).unwrap();
    assert_eq!(ws.apply(&replace("a.md", "same", "same")).unwrap(), Applied::default());
    assert_eq!(ws.apply(&WorkspaceEdit::default()).unwrap(), Applied::default());
    let after = fs::metadata(ws.root.join("a.md")).unwrap();
    assert_eq!((before.ino(), before.mtime_nsec()), (after.ino(), after.mtime_nsec()));
}

#[test]
fn a_link_inside_the_workspace_leads_to_its_folder() {
    let ws = Fixture::new(&[("documentation/a.md", "x")]);
    symlink("documentation", ws.root.join("docs")).unwrap();
    ws.apply(&all([replace("docs/a.md", "x", "y"), create("docs/new/b.md", "b")])).unwrap();
    assert_eq!((ws.text("documentation/a.md"), ws.text("documentation/new/b.md")), ("y".into(), "b".into()));
    let error = ws.refused(&all([replace("docs/a.md", "y", "1"), replace("documentation/a.md", "y", "2")]));
    assert!(matches!(error, WriteError::Conflict { .. }), "{error}");
}

// Stale edits.

#[test]
fn an_edit_of_other_content_is_refused_with_both_hashes() {
    let ws = Fixture::new(&[("a.md", "mine"), ("b.md", "theirs")]);
    let error = ws.refused(&all([replace("a.md", "mine", "new"), replace("b.md", "what I read", "new")]));
    let (expected, found) = (ContentHash::of(b"what I read"), ContentHash::of(b"theirs"));
    assert!(matches!(&error, WriteError::Changed { expected: e, found: f, .. } if *e == expected && *f == found));
    let message = error.to_string();
    assert!(
        message.starts_with("b.md: ")
            && message.contains(&expected.to_string())
            && message.contains(&found.to_string()),
        "{message}"
    );
    assert!(error.is_stale());
}

#[test]
fn a_file_that_changes_between_check_and_commit_is_kept_and_all_others_restored() {
    let ws = Fixture::new(&[("a.md", "a"), ("b.md", "b"), ("c.md", "c")]);
    let edit = all([
        replace("a.md", "a", "A"),
        create("new/x.md", "x"),
        rename("c.md", "d.md", "c"),
        replace("b.md", "b", "B"),
    ]);
    let error = apply_watched(&ws.root, &edit, &mut |step| match step {
        Step::Committing(it) if it.as_str() == "b.md" => fs::write(ws.root.join("b.md"), "another writer"),
        _ => Ok(()),
    });
    // The commit order is creations, texts, renames: `b.md` comes after the new file and `a.md`.
    assert!(matches!(error, Err(WriteError::Changed { .. })), "{error:?}");
    assert_eq!((ws.text("a.md"), ws.text("b.md"), ws.text("c.md")), ("a".into(), "another writer".into(), "c".into()));
    assert_eq!(fs::read_dir(&ws.root).unwrap().count(), 3);
}

#[test]
fn files_that_are_missing_or_in_the_way_are_refused() {
    let ws = Fixture::new(&[("a.md", "a"), ("b.md", "b")]);
    assert!(matches!(ws.refused(&replace("gone.md", "x", "y")), WriteError::Missing { .. }));
    assert!(matches!(ws.refused(&replace("no/such/folder.md", "x", "y")), WriteError::Missing { .. }));
    assert!(matches!(ws.refused(&create("a.md", "a")), WriteError::Exists { .. }));
    assert!(matches!(ws.refused(&rename("a.md", "b.md", "a")), WriteError::Exists { .. }));
    assert!(matches!(ws.refused(&rename("gone.md", "c.md", "a")), WriteError::Missing { .. }));
    assert!(matches!(ws.refused(&create("a.md/b.md", "a")), WriteError::NotAFile { .. }));
    let twice = all([create("c.md", "c"), rename("a.md", "c.md", "a")]);
    assert!(matches!(ws.refused(&twice), WriteError::Conflict { .. }));
}

#[test]
fn a_place_that_is_taken_between_check_and_commit_is_never_overwritten() {
    let ws = Fixture::new(&[("a.md", "a")]);
    let edit = all([create("new.md", "mine"), replace("a.md", "a", "A")]);
    let result = apply_watched(&ws.root, &edit, &mut |step| match step {
        Step::Committing(it) if it.as_str() == "new.md" => fs::write(ws.root.join("new.md"), "theirs"),
        _ => Ok(()),
    });
    assert!(matches!(result, Err(WriteError::Exists { .. })), "{result:?}");
    assert_eq!((ws.text("new.md"), ws.text("a.md")), ("theirs".into(), "a".into()));
    assert_eq!(fs::read_dir(&ws.root).unwrap().count(), 2);
}

#[test]
fn text_that_is_not_utf8_or_too_short_is_refused() {
    let ws = Fixture::new(&[]);
    fs::write(ws.root.join("a.md"), b"caf\xe9").unwrap();
    let edits = TextEdits::new(vec![TextEdit::insert(0, "x")]).unwrap();
    let edit = WorkspaceEdit::text(path("a.md"), ContentHash::of(b"caf\xe9"), edits);
    assert!(matches!(ws.refused(&edit), WriteError::NotText { .. }));
    ws.write("b.md", "short");
    assert!(matches!(ws.refused(&insert("b.md", "short", 99, "x")), WriteError::Edit { .. }));
}

// Confinement.

#[test]
fn a_sibling_with_the_same_prefix_is_outside() {
    let ws = Fixture::new(&[]);
    let evil = ws.base.path().join("ws-evil");
    fs::create_dir(&evil).unwrap();
    fs::write(evil.join("a.md"), "x").unwrap();
    assert!(matches!(
        ws.refused(&create("../ws-evil/b.md", "x")),
        WriteError::Name { problem: NameProblem::Climbs, .. }
    ));
    assert!(matches!(
        ws.refused(&replace("../ws-evil/a.md", "x", "y")),
        WriteError::Name { problem: NameProblem::Climbs, .. }
    ));
    symlink("../ws-evil", ws.root.join("docs")).unwrap();
    symlink(&evil, ws.root.join("absolute")).unwrap();
    for folder in ["docs", "absolute"] {
        assert!(matches!(ws.refused(&create(&format!("{folder}/b.md"), "x")), WriteError::Outside { .. }));
        assert!(matches!(ws.refused(&replace(&format!("{folder}/a.md"), "x", "y")), WriteError::Outside { .. }));
    }
}

#[test]
fn an_encoded_climb_is_just_a_name() {
    let ws = Fixture::new(&[]);
    ws.apply(&create("%2e%2e/%2e%2e/a.md", "x")).unwrap();
    assert_eq!(ws.text("%2e%2e/%2e%2e/a.md"), "x");
    assert!(!ws.base.path().join("a.md").exists());
}

#[test]
fn absolute_paths_and_bad_names_never_leave_the_root() {
    let ws = Fixture::new(&[]);
    let outside = ws.base.path().join("outside.md");
    // A relative path is all a `RelPath` can hold: the leading slash is gone, and the file lands below the root.
    ws.apply(&create(outside.to_str().unwrap(), "x")).unwrap();
    assert!(!outside.exists() && ws.root.join(outside.strip_prefix("/").unwrap()).exists());
    for (name, problem) in [
        ("C:\\x.md", NameProblem::Drive),
        ("a\0b.md", NameProblem::Control('\0')),
        ("", NameProblem::Empty),
        ("a\u{202e}dm.exe.md", NameProblem::Invisible('\u{202e}')),
        ("nul.md", NameProblem::NotPortable),
    ] {
        let error = ws.refused(&create(name, "x"));
        assert!(matches!(&error, WriteError::Name { problem: found, .. } if *found == problem), "{name:?}: {error}");
        assert!(!error.to_string().contains(['\0', '\u{202e}']), "a message shows no raw control characters");
    }
    let long = format!("{}.md", "x".repeat(300));
    assert!(matches!(ws.refused(&create(&long, "x")), WriteError::Name { problem: NameProblem::TooLong { .. }, .. }));
    let deep = format!("{}x.md", "folder/".repeat(300));
    assert!(matches!(ws.refused(&create(&deep, "x")), WriteError::Name { problem: NameProblem::TooLong { .. }, .. }));
}

#[test]
fn leaf_links_are_never_written_through() {
    let ws = Fixture::new(&[("real.md", "x")]);
    let outside = ws.base.path().join("outside.md");
    fs::write(&outside, "x").unwrap();
    symlink(&outside, ws.root.join("out.md")).unwrap();
    symlink("real.md", ws.root.join("in.md")).unwrap();
    symlink("nowhere.md", ws.root.join("dangling.md")).unwrap();
    for link in ["out.md", "in.md", "dangling.md"] {
        assert!(matches!(ws.refused(&replace(link, "x", "y")), WriteError::Symlink { .. }), "{link}");
        assert!(matches!(ws.refused(&create(link, "y")), WriteError::Symlink { .. }), "{link}");
        assert!(matches!(ws.refused(&rename(link, "moved.md", "x")), WriteError::Symlink { .. }), "{link}");
        assert!(matches!(ws.refused(&rename("real.md", link, "x")), WriteError::Symlink { .. }), "{link}");
    }
}

#[test]
fn folders_that_are_links_out_to_nowhere_or_in_circles_are_refused() {
    let ws = Fixture::new(&[]);
    symlink("nowhere", ws.root.join("dangling")).unwrap();
    symlink("circle", ws.root.join("circle")).unwrap();
    symlink("..", ws.root.join("up")).unwrap();
    symlink("/", ws.root.join("slash")).unwrap();
    for folder in ["dangling", "circle", "up", "slash"] {
        assert!(matches!(ws.refused(&create(&format!("{folder}/a.md"), "x")), WriteError::Outside { .. }), "{folder}");
    }
}

#[test]
fn no_link_leads_to_a_protected_place() {
    let ws = Fixture::new(&[(".git/config.md", "x")]);
    symlink(".git", ws.root.join("docs")).unwrap();
    fs::create_dir(ws.root.join("sub")).unwrap();
    symlink("../.git", ws.root.join("sub/docs")).unwrap();
    for folder in ["docs", "sub/docs"] {
        assert!(matches!(ws.refused(&create(&format!("{folder}/a.md"), "x")), WriteError::Protected { .. }));
        assert!(matches!(ws.refused(&replace(&format!("{folder}/config.md"), "x", "y")), WriteError::Protected { .. }));
    }
}

#[test]
fn version_control_and_agent_configuration_are_never_touched() {
    let ws = Fixture::new(&[("a.md", "a"), (".github/workflows/ci.yml", "x"), ("CLAUDE.md", "x")]);
    for place in [
        ".git/a.md",
        ".GIT/a.md",
        "sub/.git/a.md",
        ".claude/a.md",
        ".mcp.json",
        ".cursor/a.md",
        ".vscode/a.json",
        ".\u{ff47}it/a.md",
        ".g\u{200c}it/a.md",
    ] {
        assert!(matches!(ws.refused(&create(place, "x")), WriteError::Protected { .. }), "{place}");
        assert!(matches!(ws.refused(&rename("a.md", place, "a")), WriteError::Protected { .. }), "{place}");
    }
    for place in [".github/workflows/ci.yml", "CLAUDE.md"] {
        assert!(matches!(ws.refused(&replace(place, "x", "y")), WriteError::Protected { .. }), "{place}");
        assert!(matches!(ws.refused(&rename(place, "b.yml", "x")), WriteError::Protected { .. }), "{place}");
    }
}

#[test]
fn only_documents_of_bounded_size_are_created() {
    let ws = Fixture::new(&[("a.md", "a"), ("a.sh", "a")]);
    for name in ["a.exe", "run.sh", "Makefile", "x.md.js", ".env.md.py"] {
        assert!(matches!(ws.refused(&create(name, "x")), WriteError::Extension { .. }), "{name}");
        assert!(
            matches!(ws.refused(&rename("a.md", name, "a")), WriteError::Extension { .. }) || name == "run.sh",
            "{name}"
        );
    }
    ws.apply(&rename("a.sh", "b.sh", "a")).unwrap();
    let text = "x".repeat(MAX_CREATED_BYTES);
    assert!(matches!(ws.refused(&create("big.md", &format!("{text}x"))), WriteError::TooLarge { .. }));
    ws.apply(&create("big.MD", &text)).unwrap();
}

#[test]
fn a_hard_link_to_outside_keeps_its_content() {
    let ws = Fixture::new(&[("a.md", "shared")]);
    let outside = ws.base.path().join("outside.md");
    fs::hard_link(ws.root.join("a.md"), &outside).unwrap();
    ws.apply(&replace("a.md", "shared", "mine")).unwrap();
    assert_eq!((ws.text("a.md"), fs::read_to_string(&outside).unwrap()), ("mine".into(), "shared".into()));
}

#[test]
fn what_is_no_file_is_refused_and_does_not_block() {
    let ws = Fixture::new(&[("folder.md/x.md", "x")]);
    assert!(Command::new("mkfifo").arg(ws.root.join("pipe.md")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(ws.root.join("socket.md")).unwrap();
    for name in ["pipe.md", "socket.md", "folder.md"] {
        // The fixture cannot read these as files, so the places are compared by their kind.
        let kind = || ws.root.join(name).symlink_metadata().unwrap().file_type();
        let before = kind();
        assert!(matches!(ws.apply(&replace(name, "x", "y")), Err(WriteError::NotAFile { .. })), "{name}");
        assert!(matches!(ws.apply(&create(name, "y")), Err(WriteError::NotAFile { .. })), "{name}");
        assert!(matches!(ws.apply(&rename(name, "moved.md", "x")), Err(WriteError::NotAFile { .. })), "{name}");
        assert_eq!(kind(), before);
    }
    let device = apply(Path::new("/dev"), &replace("null", "", "x"));
    assert!(matches!(device, Err(WriteError::NotAFile { .. })), "{device:?}");
}

#[test]
fn write_protection_is_respected_even_for_root() {
    let ws = Fixture::new(&[("docs/a.md", "a"), ("b.md", "b")]);
    let protect = |name: &str, mode| fs::set_permissions(ws.root.join(name), fs::Permissions::from_mode(mode)).unwrap();
    protect("docs", 0o555);
    protect("b.md", 0o444);
    for edit in [
        create("docs/new.md", "x"),
        create("docs/sub/new.md", "x"),
        replace("docs/a.md", "a", "A"),
        rename("docs/a.md", "a.md", "a"),
    ] {
        assert!(matches!(ws.refused(&edit), WriteError::ReadOnly { what: "its folder", .. }));
    }
    assert!(matches!(ws.refused(&replace("b.md", "b", "B")), WriteError::ReadOnly { what: "the file", .. }));
    protect("docs", 0o755);
}

#[test]
fn a_folder_that_is_swapped_for_a_link_between_check_and_use_is_not_followed() {
    for moment in ["checked", "staging", "staged", "committing"] {
        for edit in [create("docs/new.md", "x"), replace("docs/a.md", "a", "A")] {
            let ws = Fixture::new(&[("docs/a.md", "a")]);
            let outside = ws.base.path().join("outside");
            fs::create_dir(&outside).unwrap();
            fs::write(outside.join("a.md"), "a").unwrap();
            let result = apply_watched(&ws.root, &edit, &mut |step| {
                let now = match step {
                    Step::Checked => "checked",
                    Step::Staging(_) => "staging",
                    Step::Staged => "staged",
                    Step::Committing(_) => "committing",
                    Step::Placed(_) | Step::Committed | Step::Undoing(_) => "later",
                };
                if now == moment {
                    fs::rename(ws.root.join("docs"), ws.root.join("moved"))?;
                    symlink(&outside, ws.root.join("docs"))?;
                }
                Ok(())
            });
            assert!(matches!(result, Err(WriteError::Outside { .. })), "{moment}: {result:?}");
            assert_eq!(fs::read_dir(&outside).unwrap().count(), 1, "{moment}");
            assert_eq!(fs::read_to_string(outside.join("a.md")).unwrap(), "a", "{moment}");
            assert_eq!(ws.text("moved/a.md"), "a", "{moment}");
        }
    }
}

#[test]
fn a_folder_that_is_swapped_for_another_one_inside_is_refused() {
    let ws = Fixture::new(&[("docs/a.md", "a"), ("other/a.md", "a")]);
    let result = apply_watched(&ws.root, &replace("docs/a.md", "a", "A"), &mut |step| {
        if step == Step::Checked {
            fs::rename(ws.root.join("docs"), ws.root.join("moved"))?;
            fs::rename(ws.root.join("other"), ws.root.join("docs"))?;
        }
        Ok(())
    });
    assert!(matches!(result, Err(WriteError::FolderMoved { .. })), "{result:?}");
    assert_eq!((ws.text("docs/a.md"), ws.text("moved/a.md")), ("a".into(), "a".into()));
}

// Failures.

/// Every step of a change that has all kinds of parts.
fn eventful() -> (Fixture, WorkspaceEdit) {
    let ws = Fixture::new(&[("docs/a.md", "a"), ("docs/b.md", "b"), ("docs/c.md", "c"), ("keep/d.md", "d")]);
    fs::hard_link(ws.root.join("docs/a.md"), ws.base.path().join("linked.md")).unwrap();
    let edit = all([
        create("new/deep/x.md", "x"),
        create("docs/y.md", "y"),
        replace("docs/a.md", "a", "A"),
        replace("docs/c.md", "c", "C"),
        rename("docs/b.md", "new/b.md", "b"),
        rename("docs/c.md", "keep/c.md", "c"),
    ]);
    (ws, edit)
}

#[test]
fn a_failure_at_any_step_leaves_everything_as_it_was() {
    let mut steps = 0;
    let (ws, edit) = eventful();
    apply_watched(&ws.root, &edit, &mut |_| {
        steps += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!((steps, ws.text("keep/c.md"), ws.text("new/b.md")), (20, "C".into(), "b".into()));
    for fail_at in 0..steps {
        let (ws, edit) = eventful();
        let (before, inode) = (ws.everything(), fs::metadata(ws.root.join("docs/a.md")).unwrap().ino());
        let mut step = 0;
        let result = apply_watched(&ws.root, &edit, &mut |_| {
            step += 1;
            if step > fail_at { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
        });
        assert!(
            matches!(&result, Err(WriteError::Io { error, .. }) if error.kind() == io::ErrorKind::StorageFull),
            "{result:?}"
        );
        assert_eq!(ws.everything(), before, "failing at step {fail_at}");
        assert_eq!(
            fs::metadata(ws.root.join("docs/a.md")).unwrap().ino(),
            inode,
            "the file itself came back, not a copy"
        );
    }
}

/// Runs this test binary again with the test `name` and `STAGE` set to the folder `root`, after `setup` in a shell.
fn again(name: &str, root: &Path, setup: &str) -> std::process::ExitStatus {
    let command = format!("{setup} exec \"$0\" --exact {name} --nocapture");
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).arg(std::env::current_exe().unwrap()).env("ARCHWRIGHT_STAGE", root);
    shell.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).status().unwrap()
}

fn stage() -> Option<PathBuf> {
    std::env::var_os("ARCHWRIGHT_STAGE").map(PathBuf::from)
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let big = "x".repeat(400 * 1024);
    let edit = all([replace("a.md", "a", "A"), create("new/big.md", &big), create("new/small.md", "x")]);
    if let Some(root) = stage() {
        // The limit on the size of files stands in for the full disk: the write itself fails half way.
        let result = apply(&root, &edit);
        assert!(
            matches!(&result, Err(WriteError::Io { error, .. }) if error.kind() == io::ErrorKind::FileTooLarge),
            "{result:?}"
        );
        return;
    }
    let ws = Fixture::new(&[("a.md", "a")]);
    let before = ws.everything();
    assert!(again("a_full_disk_leaves_everything_as_it_was", &ws.root, "trap '' XFSZ; ulimit -f 100;").success());
    assert_eq!(ws.everything(), before);
    ws.apply(&edit).unwrap();
}

#[test]
fn a_crash_leaves_no_half_file() {
    let edit = all([create("new/x.md", "xx"), replace("a.md", "old a", "new a"), replace("b.md", "old b", "new b")]);
    if let Some(root) = stage() {
        let crash_at: usize = fs::read_to_string(root.join("crash-at")).unwrap().parse().unwrap();
        let mut step = 0;
        let _ = apply_watched(&root, &edit, &mut |_| {
            step += 1;
            if step > crash_at { std::process::abort() } else { Ok(()) }
        });
        return;
    }
    for crash_at in 0..12 {
        let ws = Fixture::new(&[("a.md", "old a"), ("b.md", "old b"), ("crash-at", &crash_at.to_string())]);
        let before = ws.everything();
        assert!(
            !again("a_crash_leaves_no_half_file", &ws.root, "ulimit -c 0;").success(),
            "step {crash_at} did not come"
        );
        let whole = |file: &str, allowed: &[&str]| {
            let text = fs::read_to_string(ws.root.join(file)).unwrap_or_default();
            assert!(allowed.contains(&text.as_str()), "{file} after a crash at step {crash_at}: {text:?}");
        };
        whole("a.md", &["old a", "new a"]);
        whole("b.md", &["old b", "new b"]);
        whole("new/x.md", &["", "xx"]);
        // Somebody goes on with one of the files before the next change.
        let goes_on = crash_at % 2 == 1;
        if goes_on {
            ws.write("b.md", "theirs");
        }
        // The next run takes back what was begun, and nothing else.
        recover(&ws.root).unwrap();
        assert_eq!(ws.text("b.md"), if goes_on { "theirs" } else { "old b" }, "step {crash_at}");
        ws.write("b.md", "old b");
        assert_eq!(ws.everything(), before, "step {crash_at}");
        assert_eq!(recover(&ws.root).unwrap(), 0);
    }
}

#[test]
fn a_journal_from_elsewhere_is_not_believed() {
    let temporary = ".archwright-0123456789abcdef.tmp";
    let ws = Fixture::new(&[("a.md", "mine"), (temporary, "evil")]);
    let new = ContentHash::of(b"mine");
    for root in ["null", "[1,2]"] {
        for path in ["a.md", "../outside.md", ".git/config"] {
            let journal = format!(
                r#"{{"root":{root},"folders":[],"items":[{{"path":"{path}","new":"{new}","staged":"{temporary}","old":{{"path":"{path}","backup":"{temporary}"}}}}]}}"#
            );
            ws.write(".archwright-00000000000000aa.journal", &format!("{journal}\nstaged\n"));
            let before = ws.everything();
            assert_eq!(recover(&ws.root).unwrap(), 0);
            assert_eq!(ws.everything(), before);
        }
    }
    fs::remove_file(ws.root.join(".archwright-00000000000000aa.journal")).unwrap();
    assert!(
        Command::new("mkfifo").arg(ws.root.join(".archwright-00000000000000aa.journal")).status().unwrap().success()
    );
    ws.apply(&replace("a.md", "mine", "new")).unwrap();
}

/// How a second writer saves a file.
#[derive(Clone, Copy, Debug)]
enum Save {
    /// Writes a file beside it and renames that.
    Rename,
    /// Opens it and writes.
    InPlace,
    /// Had it open since before the change, and writes.
    OpenBefore,
}

#[test]
fn a_save_of_a_second_writer_survives_at_every_step() {
    use std::io::{Seek, Write};

    let steps = 24;
    for save in [Save::Rename, Save::InPlace, Save::OpenBefore] {
        for fails in [false, true] {
            for save_at in 0..steps {
                let (ws, edit) = eventful();
                let mut before = ws.everything();
                let at = ws.root.join("docs/a.md");
                let mut open = fs::OpenOptions::new().write(true).open(&at).unwrap();
                let (mut step, mut saved) = (0, false);
                let result = apply_watched(&ws.root, &edit, &mut |now| {
                    if step == save_at {
                        saved = true;
                        match save {
                            Save::Rename => {
                                fs::write(ws.base.path().join("theirs"), "theirs")?;
                                fs::rename(ws.base.path().join("theirs"), &at)?;
                            }
                            Save::InPlace => fs::write(&at, "theirs")?,
                            Save::OpenBefore => {
                                open.rewind()?;
                                open.write_all(b"theirs")?;
                            }
                        }
                    }
                    step += 1;
                    if fails && now == Step::Committed { Err(io::Error::other("at the end")) } else { Ok(()) }
                });
                let case = format!("{save:?} at step {save_at}, fails: {fails}: {result:?}");
                if !saved {
                    continue;
                }
                assert_eq!(ws.text("docs/a.md"), "theirs", "{case}");
                match &result {
                    Ok(_) => {
                        assert_eq!((ws.text("keep/c.md"), ws.text("new/b.md")), ("C".into(), "b".into()), "{case}");
                    }
                    Err(_) => {
                        // The second name of the former file shows what was written to that.
                        let linked = ws.base.path().join("linked.md");
                        let after = ws.everything();
                        before.insert(at.clone(), b"theirs".to_vec());
                        before.insert(linked.clone(), after.get(&linked).cloned().unwrap());
                        assert_eq!(after, before, "{case}");
                    }
                }
            }
        }
    }
}

#[test]
fn no_save_is_lost_in_a_race() {
    /// Stops the writer when the saves are over, also when one of them is lost: a failure is to be seen, not waited
    /// for.
    struct Stop<'a>(&'a std::sync::atomic::AtomicBool);
    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }
    let ws = Fixture::new(&[("a.md", "save 00000\n")]);
    let done = std::sync::atomic::AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let (mut written, mut after) = (0, 0);
            // On a busy machine every save may come first; nobody saves after the last.
            while !done.load(std::sync::atomic::Ordering::Relaxed) || written == 0 && after < 10 {
                after += usize::from(done.load(std::sync::atomic::Ordering::Relaxed));
                let text = ws.text("a.md");
                match ws.apply(&insert("a.md", &text, text.len(), "+")) {
                    Ok(_) => written += 1,
                    Err(WriteError::Changed { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            written
        });
        let stop = Stop(&done);
        for save in 1..400_u32 {
            let text = format!("save {save:05}\n");
            fs::write(ws.base.path().join("beside"), &text).unwrap();
            fs::rename(ws.base.path().join("beside"), ws.root.join("a.md")).unwrap();
            std::thread::sleep(std::time::Duration::from_micros(u64::from(save * 7919 % 4000)));
            // While a save is swapped out to be compared it is not to be seen; it must come back.
            let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
            while !ws.text("a.md").starts_with(&text) {
                assert!(std::time::Instant::now() < deadline, "{text:?} is lost: {:?}", ws.text("a.md"));
            }
        }
        drop(stop);
        writer.join().unwrap()
    });
    assert!(written > 0);
    assert_eq!(fs::read_dir(&ws.root).unwrap().count(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn extended_attributes_stay() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};

    let ws = Fixture::new(&[("a.md", "a"), ("b.md", "b")]);
    let (a, b) = (ws.root.join("a.md"), ws.root.join("b.md"));
    if setxattr(&a, "user.note", b"kept", XattrFlags::empty()).is_err() {
        // A file system without them.
        return;
    }
    setxattr(&b, "user.empty", b"", XattrFlags::empty()).unwrap();
    ws.apply(&all([replace("a.md", "a", "A"), rename("b.md", "c.md", "b")])).unwrap();
    let mut value = [0; 16];
    assert_eq!(getxattr(&a, "user.note", &mut value[..]).unwrap(), 4);
    assert_eq!(&value[..4], b"kept");
    assert_eq!(getxattr(ws.root.join("c.md"), "user.empty", &mut value[..]).unwrap(), 0);
}

#[test]
fn what_cannot_be_put_back_is_named_with_its_backup() {
    let ws = Fixture::new(&[("docs/a.md", "a"), ("b.md", "b")]);
    let edit = all([replace("docs/a.md", "a", "A"), replace("b.md", "b", "B")]);
    let result = apply_watched(&ws.root, &edit, &mut |step| match step {
        Step::Committing(it) if it.as_str() == "b.md" => {
            fs::rename(ws.root.join("docs"), ws.root.join("moved"))?;
            Err(io::Error::other("and now this"))
        }
        _ => Ok(()),
    });
    let Err(error @ WriteError::HalfUndone { .. }) = result else { panic!("{result:?}") };
    let message = error.to_string();
    let backup = message.split("backup docs/").nth(1).unwrap().trim_end_matches(')');
    assert_eq!(fs::read_to_string(ws.root.join("moved").join(backup)).unwrap(), "a", "{message}");
    assert_eq!(ws.text("b.md"), "b");
}

// Several at once.

#[test]
fn of_many_writers_of_one_file_one_wins_and_the_others_hear_of_it() {
    let ws = Fixture::new(&[("a.md", "0")]);
    let won: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..32)
            .map(|at| {
                scope.spawn({
                    let ws = &ws;
                    move || ws.apply(&replace("a.md", "0", &format!("writer {at}")))
                })
            })
            .collect();
        writers
            .into_iter()
            .map(|it| it.join().unwrap())
            .map(|it| match it {
                Ok(_) => 1,
                Err(WriteError::Changed { .. }) => 0,
                Err(error) => panic!("{error}"),
            })
            .sum()
    });
    assert_eq!(won, 1);
    assert_eq!(fs::read_dir(&ws.root).unwrap().count(), 1);
}

#[test]
fn a_workspace_that_another_process_holds_is_waited_for() {
    let ws = Fixture::new(&[("a.md", "a")]);
    let held = fs::File::open(&ws.root).unwrap();
    held.lock().unwrap();
    let result = std::thread::scope(|scope| {
        let writer = scope.spawn(|| ws.apply(&replace("a.md", "a", "b")));
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert_eq!(ws.text("a.md"), "a");
        held.unlock().unwrap();
        writer.join().unwrap()
    });
    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn more_files_than_a_process_may_open_are_written_at_once() {
    let files: Vec<String> = (0..300).map(|it| format!("docs/f{}/a{it}.md", it % 100)).collect();
    let edit = all([])
        .merge(WorkspaceEdit {
            creates: files
                .iter()
                .map(|it| archwright_analysis::FileCreate { path: path(it), content: it.clone() })
                .collect(),
            ..WorkspaceEdit::default()
        })
        .unwrap();
    if let Some(root) = stage() {
        apply(&root, &edit).unwrap();
        return;
    }
    let ws = Fixture::new(&[]);
    assert!(again("more_files_than_a_process_may_open_are_written_at_once", &ws.root, "ulimit -n 64;").success());
    assert!(files.iter().all(|it| ws.text(it) == *it));
}

// Properties.

/// Text with what breaks careless writers: line ends of both kinds, a byte order mark, characters of several bytes.
fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec!["a", "b c", "\n", "\r\n", "\u{feff}", "é", "日本", "😀", "\t", "# T"]),
        0..24,
    )
    .prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_change_and_its_inverse_restore_every_byte(
        text in any_text(),
        seeds in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_text()), 0..4),
    ) {
        let places: Vec<usize> = text.char_indices().map(|it| it.0).chain([text.len()]).collect();
        let mut cuts: Vec<usize> = seeds.iter().flat_map(|it| [*it.0.get(&places), *it.1.get(&places)]).collect();
        cuts.sort_unstable();
        let edits = cuts.chunks(2).zip(&seeds).map(|(cut, seed)| TextEdit::replace(Span::new(cut[0], cut[1]), seed.2.clone()));
        let edits = TextEdits::new(edits.collect()).unwrap();
        let (after, inverse) = (edits.apply(&text).unwrap(), edits.invert(&text).unwrap());

        let ws = Fixture::new(&[("a.md", &text)]);
        ws.apply(&WorkspaceEdit::text(path("a.md"), ContentHash::of(text.as_bytes()), edits)).unwrap();
        prop_assert_eq!(ws.text("a.md"), after.clone());
        ws.apply(&WorkspaceEdit::text(path("a.md"), ContentHash::of(after.as_bytes()), inverse)).unwrap();
        prop_assert_eq!(ws.text("a.md"), text);
        prop_assert_eq!(fs::read_dir(&ws.root).unwrap().count(), 1);
    }
}
