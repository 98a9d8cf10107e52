//! The writer on a file system that has only plain renames.
#![allow(clippy::unwrap_used)]

use std::{fs, io};

use archwright_syntax::{Span, TextEdit, TextEdits};
use tempfile::TempDir;

use super::{Step, WriteError, apply_watched, exchange::WITHOUT};
use crate::{ContentHash, RelPath, WorkspaceEdit};

fn workspace() -> (TempDir, WorkspaceEdit) {
    let folder = TempDir::new().unwrap();
    let mut edit = WorkspaceEdit::create(RelPath::new("new/c.md"), "c");
    for (path, text) in [("a.md", "a"), ("b.md", "b")] {
        fs::write(folder.path().join(path), text).unwrap();
        let edits = TextEdits::new(vec![TextEdit::replace(Span::new(0, 1), "new")]).unwrap();
        let change = WorkspaceEdit::text(RelPath::new(path), ContentHash::of(text.as_bytes()), edits);
        edit = edit.merge(change).unwrap();
    }
    (folder, edit)
}

fn texts(folder: &TempDir) -> (usize, [String; 3]) {
    let read = |it: &str| fs::read_to_string(folder.path().join(it)).unwrap_or_default();
    (fs::read_dir(folder.path()).unwrap().count(), ["a.md", "b.md", "new/c.md"].map(read))
}

#[test]
fn all_or_nothing_holds_without_exchange() {
    WITHOUT.set(true);
    let (folder, edit) = workspace();
    let mut steps = 0;
    apply_watched(folder.path(), &edit, &mut |_| {
        steps += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!(texts(&folder), (3, ["new", "new", "c"].map(str::to_owned)));
    for fail_at in 0..steps {
        let (folder, edit) = workspace();
        let mut step = 0;
        let result = apply_watched(folder.path(), &edit, &mut |_| {
            step += 1;
            if step > fail_at { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        });
        assert!(matches!(result, Err(WriteError::Io { .. })), "{fail_at}: {result:?}");
        assert_eq!(texts(&folder), (2, ["a", "b", ""].map(str::to_owned)), "{fail_at}");
    }
    WITHOUT.set(false);
}

#[test]
fn a_save_in_between_stays_without_exchange() {
    WITHOUT.set(true);
    let (folder, edit) = workspace();
    let at = folder.path().join("b.md");
    let result = apply_watched(folder.path(), &edit, &mut |step| match step {
        Step::Committing(it) if it.as_str() == "b.md" => fs::write(&at, "theirs"),
        _ => Ok(()),
    });
    assert!(matches!(result, Err(WriteError::Changed { .. })), "{result:?}");
    assert_eq!(texts(&folder), (2, ["a", "theirs", ""].map(str::to_owned)));
    let (folder, edit) = workspace();
    let at = folder.path().join("b.md");
    let result = apply_watched(folder.path(), &edit, &mut |step| match step {
        // The place is free for a moment, and somebody takes it.
        Step::Placed(it) if it.as_str() == "b.md" => fs::write(&at, "theirs"),
        _ => Ok(()),
    });
    assert!(matches!(result, Err(WriteError::Exists { .. })), "{result:?}");
    assert_eq!(texts(&folder), (2, ["a", "theirs", ""].map(str::to_owned)));
    WITHOUT.set(false);
}
