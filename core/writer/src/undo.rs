//! The way back: what was put in place is taken away and what stood there before returns, unless somebody else has
//! written there since.
//!
//! How far a change came is read off the disk, so that the same steps undo a change that failed and one whose process
//! was killed.

use std::io::{self, Read};

use archwright_model::{ContentHash, RelPath};
use cap_std::fs::Dir;

use super::{
    Step,
    exchange::{exchange, place},
    folders,
    journal::{Former, Intent, Item, folder_of},
};

/// Undoes a change, last file first. `reached` says how many files were begun to be put in place, as far as that is
/// known; without it none was. Returns the files that could not be put back, each with what is left of it.
pub(super) fn run(root: &Dir, intent: &Intent, reached: Option<usize>, watch: &mut dyn FnMut(Step<'_>)) -> Vec<String> {
    let mut failed = Vec::new();
    for (at, item) in intent.items.iter().enumerate().rev() {
        let path = RelPath::new(&item.path);
        watch(Step::Undoing(&path));
        let undone = match reached {
            None => remove(root, &path, &item.staged).map_err(|_| String::new()),
            Some(reached) => {
                let begun = at < reached;
                let undone = if item.is_new() { unplace(root, item, begun) } else { put_back(root, item, begun) };
                undone.map_err(|error| {
                    tracing::error!(%path, error, "a file could not be put back");
                    format!("{path} ({error})")
                })
            }
        };
        failed.extend(undone.err().filter(|it| !it.is_empty()));
    }
    for path in intent.folders.iter().rev().map(|it| RelPath::new(it)) {
        // A folder that someone has used in the meantime stays.
        if let Some(dir) = folder_of(root, &path) {
            let _ = dir.remove_dir(path.name());
        }
    }
    failed.reverse();
    failed
}

/// Removes the temporary files of a change that is done.
pub(super) fn sweep(root: &Dir, intent: &Intent) {
    for item in &intent.items {
        let staged = (&item.path, &item.staged);
        let backup = item.old.as_ref().map(|it| (&it.path, &it.backup));
        for (path, name) in [staged].into_iter().chain(backup) {
            let path = RelPath::new(path);
            if let Err(error) = remove(root, &path, name) {
                tracing::warn!(%path, name, %error, "a temporary file was left behind");
            }
        }
    }
}

/// Brings the former file back to the place where it stood.
fn put_back(root: &Dir, item: &Item, begun: bool) -> Result<(), String> {
    let Some(former) = &item.old else { return Ok(()) };
    let path = RelPath::new(&item.path);
    let left = |name: &str| format!("backup {}", path.parent().join(name));
    let lost = || left(&item.staged);
    let Some(dir) = folder_of(root, &path) else { return if begun { Err(lost()) } else { Ok(()) } };
    let name = path.name();
    if look(&dir, &former.backup) != Holds::Nothing {
        return put_back_without_exchange(&dir, item, former, name).map_err(|_| left(&former.backup));
    }
    match look(&dir, &item.staged) {
        Holds::Nothing if begun => Err(lost()),
        Holds::Nothing => Ok(()),
        it if it.is(&item.new) => remove_in(&dir, &item.staged).map_err(|_| lost()),
        _ => match exchange_back(&dir, item, name) {
            Ok(true) => remove_in(&dir, &item.staged).map_err(|_| lost()),
            // Somebody has taken the file away. What stood there comes back, because nothing else holds it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                place(&dir, &item.staged, name).map_err(|_| lost())
            }
            Ok(false) | Err(_) => Err(lost()),
        },
    }
}

/// How often somebody may save while a file changes places, before it is left where it is and named.
const MOST_SAVES: usize = 1000;

/// Brings what was swapped out back to its name, unless somebody has written over the new content: then that counts,
/// and whatever is saved while the two change places counts more. What is left under the name of the staged file is
/// ours or superseded. `false` if it could not be done.
fn exchange_back(dir: &Dir, item: &Item, name: &str) -> io::Result<bool> {
    let mut put_before = None;
    for _ in 0..MOST_SAVES {
        let put = state(dir, &item.staged);
        if !exchange(dir, &item.staged, name)? {
            return Ok(false);
        }
        // Only what this change itself has put there may come out. Anything else is a save, and newer.
        let is_ours = match &put_before {
            None => look(dir, &item.staged).is(&item.new),
            before => state(dir, &item.staged) == *before,
        };
        if is_ours {
            return Ok(true);
        }
        put_before = put;
    }
    Ok(false)
}

/// Which file a name means, and what it holds.
fn state(dir: &Dir, name: &str) -> Option<(folders::Identity, Holds)> {
    let identity = folders::Identity::of(&dir.symlink_metadata(name).ok()?).ok()?;
    Some((identity, look(dir, name)))
}

fn put_back_without_exchange(dir: &Dir, item: &Item, former: &Former, name: &str) -> io::Result<()> {
    match look(dir, name) {
        Holds::Nothing => place(dir, &former.backup, name)?,
        it if it.is(&item.new) => dir.rename(&former.backup, dir, name)?,
        _ => remove_in(dir, &former.backup)?,
    }
    remove_in(dir, &item.staged)
}

/// Brings a moved file back, and takes a new one away.
fn unplace(root: &Dir, item: &Item, begun: bool) -> Result<(), String> {
    if let Some(former) = &item.old {
        let path = RelPath::new(&former.path);
        let left = || format!("backup {}", path.parent().join(&former.backup));
        if let Some(dir) = folder_of(root, &path)
            && look(&dir, &former.backup) != Holds::Nothing
        {
            place(&dir, &former.backup, path.name()).map_err(|_| left())?;
        }
    }
    let path = RelPath::new(&item.path);
    let created = || "was created".to_owned();
    let Some(dir) = folder_of(root, &path) else { return if begun { Err(created()) } else { Ok(()) } };
    let (staged, name) = (item.staged.as_str(), path.name());
    if look(&dir, staged) != Holds::Nothing && !is_same(&dir, staged, name) {
        return remove_in(&dir, staged).map_err(|_| created());
    }
    if !look(&dir, name).is(&item.new) {
        return Ok(());
    }
    // Taken away first and looked at then, so that what is removed is what was looked at.
    remove_in(&dir, staged).and_then(|()| dir.rename(name, &dir, staged)).map_err(|_| created())?;
    if look(&dir, staged).is(&item.new) {
        return remove_in(&dir, staged).map_err(|_| created());
    }
    place(&dir, staged, name).map_err(|_| format!("its newer content is in {}", path.parent().join(staged)))
}

/// What a name holds.
#[derive(PartialEq, Eq)]
enum Holds {
    Nothing,
    File(ContentHash),
    /// What cannot be read, or is no file.
    Other,
}

impl Holds {
    fn is(&self, hash: &str) -> bool {
        matches!(self, Self::File(found) if found.to_string() == hash)
    }
}

fn look(dir: &Dir, name: &str) -> Holds {
    match dir.symlink_metadata(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Holds::Nothing,
        Ok(it) if it.is_file() => {}
        _ => return Holds::Other,
    }
    let read = || {
        let (mut file, _) = folders::open_file(dir, name, &RelPath::new(name)).ok()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        Some(ContentHash::of(&bytes))
    };
    read().map_or(Holds::Other, Holds::File)
}

/// Whether two names are one file.
fn is_same(dir: &Dir, one: &str, other: &str) -> bool {
    let identity = |name| dir.symlink_metadata(name).ok().and_then(|it| folders::Identity::of(&it).ok());
    cfg!(unix) && identity(one).is_some_and(|it| identity(other) == Some(it))
}

/// Removes a file of ours; one that is gone already is fine.
fn remove(root: &Dir, path: &RelPath, name: &str) -> io::Result<()> {
    folder_of(root, path).map_or(Ok(()), |it| remove_in(&it, name))
}

fn remove_in(dir: &Dir, name: &str) -> io::Result<()> {
    match dir.remove_file(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
