//! What rules looked up on the disk because no walk lists it, so that [`crate::Workspace::refresh`] can look again.

use std::{path::Path, sync::Mutex};

use archwright_model::RelPath;
use ignore::gitignore::Gitignore;
use rustc_hash::FxHashMap;

use super::{stamp::Stamp, state::State};

/// The largest ignore file that is read, in bytes.
pub(crate) const MAX_IGNORE_FILE: u64 = 1024 * 1024;

/// What a rule saw at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Whether something was there; its content did not matter.
    Presence(bool),
    /// The file that was read; `None` when there was none.
    Content(Option<Stamp>),
}

/// The looked up paths, and what was there.
#[derive(Debug, Default)]
pub(crate) struct LookUps(Mutex<FxHashMap<RelPath, Seen>>);

impl LookUps {
    fn remember(&self, path: &RelPath, seen: Seen) {
        let Ok(mut known) = self.0.lock() else { return };
        // A content tells of the presence too.
        if !(matches!(seen, Seen::Presence(_)) && matches!(known.get(path), Some(Seen::Content(_)))) {
            known.insert(path.clone(), seen);
        }
    }

    /// Forgets a path that rules will look at again.
    pub fn forget(&self, path: &RelPath) {
        if let Ok(mut known) = self.0.lock() {
            known.remove(path);
        }
    }

    pub fn all(&self) -> Vec<(RelPath, Seen)> {
        self.0.lock().map(|it| it.iter().map(|(path, seen)| (path.clone(), *seen)).collect()).unwrap_or_default()
    }
}

impl State {
    /// Looks on the disk for a path that is not in the table: files that `.gitignore` names, folders, and places
    /// outside the root, which links may well lead to.
    pub fn look_up(&self, path: &RelPath) -> bool {
        let exists = self.exists_on_disk(path);
        self.looked_up.remember(path, Seen::Presence(exists));
        exists
    }

    pub fn exists_on_disk(&self, path: &RelPath) -> bool {
        !self.hidden.contains(path) && self.root.join(path.as_str()).exists()
    }

    /// Where a file of the table leads if it is a link and nothing is there. Files that are read are no links.
    pub fn dangling(&self, path: &RelPath) -> Option<RelPath> {
        let id = self.files.id(path)?;
        if self.files.facts(id).is_some_and(|it| it.unreadable.is_none()) {
            return None;
        }
        let absolute = self.root.join(path.as_str());
        if absolute.exists() {
            return None;
        }
        let target = std::fs::read_link(&absolute).ok()?;
        Some(path.parent().join(target.to_str()?))
    }

    /// Whether an ignore file of git names a path that is not there, so that a build makes it.
    pub fn is_made(&self, path: &RelPath) -> bool {
        for file in Self::ignore_files(path) {
            let absolute = self.root.join(file.as_str());
            self.look_into(&file, &absolute);
            let is_readable = std::fs::metadata(&absolute).is_ok_and(|it| it.is_file() && it.len() <= MAX_IGNORE_FILE);
            if !is_readable {
                continue;
            }
            let (rules, _) = Gitignore::new(&absolute);
            let found = rules.matched_path_or_any_parents(self.root.join(path.as_str()), false);
            // The innermost file that says anything decides.
            if !found.is_none() {
                return found.is_ignore();
            }
        }
        false
    }

    /// Where ignore files that may name a path would lie, the innermost first.
    pub fn ignore_files(path: &RelPath) -> impl Iterator<Item = RelPath> {
        let is_inside = !path.as_str().starts_with("..");
        path.ancestors().filter(move |_| is_inside).map(|it| it.join(".gitignore"))
    }

    /// Remembers the state of a file outside the table that is about to be read.
    pub fn look_into(&self, path: &RelPath, absolute: &Path) {
        self.looked_up.remember(path, Seen::Content(Stamp::of_path(absolute)));
    }

    /// Whether a path looks different from what a rule saw there.
    pub fn looks_different(&self, path: &RelPath, seen: Seen) -> bool {
        match seen {
            Seen::Presence(existed) => !self.files.exists(path) && self.exists_on_disk(path) != existed,
            Seen::Content(stamp) => Stamp::of_path(&self.root.join(path.as_str())) != stamp,
        }
    }
}
