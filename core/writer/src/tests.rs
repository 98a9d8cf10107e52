//! The writer on a file system that has only plain renames.
#![allow(clippy::unwrap_used)]

use std::{fs, io};

use archwright_model::{ContentHash, RelPath, WorkspaceEdit};
use archwright_syntax::{Span, TextEdit, TextEdits};
use tempfile::TempDir;

use super::{
    Step, WriteError, apply_watched,
    exchange::{BEFORE, WITHOUT},
};

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

/// Saves come while a change is taken back, each after the one before was seen in its place.
#[test]
fn the_last_of_several_saves_stays() {
    for saves in 1..6 {
        let (folder, edit) = workspace();
        let (at, beside) = (folder.path().join("b.md"), folder.path().join("beside"));
        let mut count = 0;
        let save = move || {
            if count < saves {
                count += 1;
                fs::write(&beside, format!("save {count}")).unwrap();
                fs::rename(&beside, &at).unwrap();
            }
        };
        // From the exchange of `b.md` on, one before each.
        let mut save = Some(save);
        let result = apply_watched(folder.path(), &edit, &mut |step| {
            if matches!(step, Step::Committing(it) if it.as_str() == "b.md") {
                BEFORE.set(save.take().map(|it| Box::new(it) as Box<dyn FnMut()>));
            }
            Ok(())
        });
        BEFORE.set(None);
        assert!(matches!(result, Err(WriteError::Changed { .. })), "{result:?}");
        assert_eq!(fs::read_to_string(folder.path().join("b.md")).unwrap(), format!("save {saves}"));
        assert_eq!(texts(&folder).0, 2, "nothing of ours is left");
    }
}
