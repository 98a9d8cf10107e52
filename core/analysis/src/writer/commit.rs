//! Staging and committing checked changes, and the way back.

use std::{
    collections::BTreeSet,
    hash::{BuildHasher, RandomState},
    io::{self, Read, Write},
};

use cap_fs_ext::DirExt;
use cap_std::fs::{Dir, File, Metadata, OpenOptions};
use cap_tempfile::TempFile;

use super::{
    Job, Old, Step, WriteError,
    folders::{self, Folder, Identity},
};
use crate::{ContentHash, RelPath};

/// Writes `jobs`: all of them or none.
pub(super) fn run(
    root: &Dir,
    jobs: &[Job],
    watch: &mut dyn FnMut(Step<'_>) -> io::Result<()>,
) -> Result<(), WriteError> {
    let mut change = Change { root, watch, made: Vec::new(), staged: Vec::new(), undo: Vec::new() };
    match change.write(jobs) {
        Ok(()) => {
            change.forget();
            sync_folders(root, jobs);
            Ok(())
        }
        Err(cause) => Err(change.undo(cause)),
    }
}

/// What was done so far, so that it can be undone.
struct Change<'a> {
    root: &'a Dir,
    watch: &'a mut dyn FnMut(Step<'_>) -> io::Result<()>,
    /// Folders that were made, in this order.
    made: Vec<RelPath>,
    /// Temporary files with new content, one per job, each with the folder it lies in.
    staged: Vec<(RelPath, Identity)>,
    undo: Vec<Undo>,
}

enum Undo {
    /// Remove the file that was put here.
    Remove(RelPath),
    /// Put the backup (a name beside it) back.
    Restore { path: RelPath, backup: RelPath },
}

impl Change<'_> {
    fn write(&mut self, jobs: &[Job]) -> Result<(), WriteError> {
        let Some(first) = jobs.first() else { return Ok(()) };
        self.tell(Step::Checked, &first.path)?;
        for job in jobs {
            self.tell(Step::Staging(&job.path), &job.path)?;
            self.make_folders(job)?;
            self.stage(job)?;
        }
        self.tell(Step::Staged, &first.path)?;
        for (at, job) in jobs.iter().enumerate() {
            self.tell(Step::Committing(&job.path), &job.path)?;
            self.commit(at, job)?;
        }
        self.tell(Step::Committed, &first.path)
    }

    fn tell(&mut self, step: Step<'_>, path: &RelPath) -> Result<(), WriteError> {
        (self.watch)(step).map_err(WriteError::io(path, "write"))
    }

    /// Makes the folders that are missing, one by one, so that each is known and can be removed again.
    fn make_folders(&mut self, job: &Job) -> Result<(), WriteError> {
        let folder = Folder::of(self.root, &job.path)?;
        let mut dir = folder.dir;
        let mut above: Vec<&str> = folder.real.as_str().split('/').collect();
        above.truncate(above.len() - folder.missing.len());
        for name in &folder.missing {
            dir.create_dir(name).map_err(WriteError::io(&job.path, "make a folder"))?;
            above.push(name);
            self.made.push(RelPath::new(&above.join("/")));
            dir = dir.open_dir_nofollow(name).map_err(WriteError::io(&job.path, "open a folder"))?;
        }
        Ok(())
    }

    /// Writes the new content beside its target and brings it to the disk.
    fn stage(&mut self, job: &Job) -> Result<(), WriteError> {
        let io = |doing| WriteError::io(&job.path, doing);
        let folder = same_folder(self.root, job, job.folder)?;
        let identity = folder.identity().map_err(io("look at a folder"))?;
        let mut file = TempFile::new(&folder.dir).map_err(io("create a temporary file"))?;
        file.write_all(&job.bytes).map_err(io("write a temporary file"))?;
        if let Some(old) = &job.old {
            keep_owner(file.as_file(), &old.metadata);
            file.as_file().set_permissions(old.metadata.permissions()).map_err(io("keep the permissions"))?;
        }
        file.as_file().sync_all().map_err(io("bring the content to the disk"))?;
        let name = temporary_name();
        file.replace(&name).map_err(io("name a temporary file"))?;
        self.staged.push((job.path.parent().join(&name), identity));
        Ok(())
    }

    /// Puts the staged content of the job at index `at` in place.
    fn commit(&mut self, at: usize, job: &Job) -> Result<(), WriteError> {
        let moved = || WriteError::FolderMoved { path: job.path.clone() };
        let (staged, identity) = self.staged.get(at).ok_or_else(moved)?;
        let folder = same_folder(self.root, job, Some(*identity))?;
        let dir = &folder.dir;
        match &job.old {
            Some(old) if !job.is_new() => {
                verify(dir, old)?;
                let backup = back_up(dir, &job.path)?;
                self.undo.push(Undo::Restore { path: job.path.clone(), backup });
                dir.rename(staged.name(), dir, job.path.name()).map_err(WriteError::io(&job.path, "exchange the file"))
            }
            old => {
                claim(dir, staged, &job.path)?;
                self.undo.push(Undo::Remove(job.path.clone()));
                old.as_ref().map_or(Ok(()), |it| self.retire(it))
            }
        }
    }

    /// Takes the old place of a moved file away.
    fn retire(&mut self, old: &Old) -> Result<(), WriteError> {
        let folder = Folder::of(self.root, &old.path)?;
        verify(&folder.dir, old)?;
        let backup = old.path.parent().join(&temporary_name());
        folder
            .dir
            .rename(old.path.name(), &folder.dir, backup.name())
            .map_err(WriteError::io(&old.path, "move the file"))?;
        self.undo.push(Undo::Restore { path: old.path.clone(), backup });
        Ok(())
    }

    /// Removes what only a failure would have needed. The change is done, so a failure here is no failure of it.
    fn forget(&mut self) {
        let backups = self.undo.iter().filter_map(|it| match it {
            Undo::Restore { backup, .. } => Some(backup),
            Undo::Remove(_) => None,
        });
        for path in self.staged.iter().map(|it| &it.0).chain(backups) {
            if let Err(error) = remove(self.root, path) {
                tracing::warn!(%path, %error, "a temporary file was left behind");
            }
        }
    }

    /// Undoes everything, last step first, and says what could not be undone.
    fn undo(&mut self, cause: WriteError) -> WriteError {
        let mut files = Vec::new();
        for step in self.undo.iter().rev() {
            let (path, result, rest) = match step {
                Undo::Remove(path) => (path, remove(self.root, path), "was created".to_owned()),
                Undo::Restore { path, backup } => (path, restore(self.root, path, backup), format!("backup {backup}")),
            };
            if let Err(error) = result {
                tracing::error!(%path, %error, "a file could not be put back");
                files.push(format!("{path} ({rest})"));
            }
        }
        for (path, _) in &self.staged {
            if let Err(error) = remove(self.root, path) {
                tracing::warn!(%path, %error, "a temporary file was left behind");
            }
        }
        for path in self.made.iter().rev() {
            // A folder that someone has used in the meantime stays.
            if let Ok(folder) = Folder::of(self.root, path) {
                let _ = folder.dir.remove_dir(path.name());
            }
        }
        if files.is_empty() { cause } else { WriteError::HalfUndone { cause: Box::new(cause), files } }
    }
}

/// The folder of the job's target, refused if another one stands in its place.
fn same_folder(root: &Dir, job: &Job, identity: Option<Identity>) -> Result<Folder, WriteError> {
    let folder = Folder::of(root, &job.path)?;
    let found = folder.identity().map_err(WriteError::io(&job.path, "look at a folder"))?;
    let same =
        folder.missing.is_empty() && folder.real_path(&job.path) == job.real && identity.is_none_or(|it| it == found);
    if same { Ok(folder) } else { Err(WriteError::FolderMoved { path: job.path.clone() }) }
}

/// Refuses if the file is no longer the one that was checked.
fn verify(dir: &Dir, old: &Old) -> Result<(), WriteError> {
    let (mut file, _) = folders::open_file(dir, &old.path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(WriteError::io(&old.path, "read the file"))?;
    match ContentHash::of(&bytes) {
        found if found == old.base => Ok(()),
        found => Err(WriteError::Changed { path: old.path.clone(), expected: old.base, found }),
    }
}

/// Gives the file a second name beside it. Where links are not possible, a copy does.
fn back_up(dir: &Dir, path: &RelPath) -> Result<RelPath, WriteError> {
    let backup = path.parent().join(&temporary_name());
    dir.hard_link(path.name(), dir, backup.name())
        .or_else(|_| dir.copy(path.name(), dir, backup.name()).map(drop))
        .map_err(WriteError::io(path, "keep a backup"))?;
    Ok(backup)
}

/// Puts the staged file at `path`, which must be free. A link fails if the place is taken; where links are not
/// possible, an empty file reserves the place first.
fn claim(dir: &Dir, staged: &RelPath, path: &RelPath) -> Result<(), WriteError> {
    let io = |doing| WriteError::io(path, doing);
    let taken = |error: &io::Error| error.kind() == io::ErrorKind::AlreadyExists;
    match dir.hard_link(staged.name(), dir, path.name()) {
        Ok(()) => return Ok(()),
        Err(error) if taken(&error) => return Err(WriteError::Exists { path: path.clone() }),
        Err(_) => {}
    }
    match dir.open_with(path.name(), OpenOptions::new().write(true).create_new(true)) {
        Ok(_) => {}
        Err(error) if taken(&error) => return Err(WriteError::Exists { path: path.clone() }),
        Err(error) => return Err(io("create the file")(error)),
    }
    dir.rename(staged.name(), dir, path.name()).map_err(|error| {
        let _ = dir.remove_file(path.name());
        io("create the file")(error)
    })
}

/// Removes a file of ours; one that is gone already is fine.
fn remove(root: &Dir, path: &RelPath) -> io::Result<()> {
    let folder = Folder::of(root, path).map_err(io::Error::other)?;
    match folder.dir.remove_file(path.name()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

fn restore(root: &Dir, path: &RelPath, backup: &RelPath) -> io::Result<()> {
    let folder = Folder::of(root, path).map_err(io::Error::other)?;
    folder.dir.rename(backup.name(), &folder.dir, path.name())?;
    // If the exchange never happened, both names are still one file, which a rename leaves as it is.
    remove(root, backup)
}

/// A hidden name that no file has: 64 random bits.
fn temporary_name() -> String {
    format!(".archwright-{:016x}.tmp", RandomState::new().hash_one(std::process::id()))
}

/// Keeps owner and group where we may; a file that root edits should not become root's.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use cap_std::fs::MetadataExt;
    let Ok(now) = file.metadata() else { return };
    if (now.uid(), now.gid()) != (old.uid(), old.gid()) {
        let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Brings the new names to the disk. Where a folder cannot be synchronised, the system does so in its own time.
fn sync_folders(root: &Dir, jobs: &[Job]) {
    let moved = jobs.iter().filter(|it| it.is_new()).filter_map(|it| it.old.as_ref()).map(|it| it.real.parent());
    let folders: BTreeSet<RelPath> = jobs.iter().map(|it| it.real.parent()).chain(moved).collect();
    for path in folders {
        let synced =
            Folder::of(root, &path.join("x")).map_err(io::Error::other).and_then(|it| it.dir.open(".")?.sync_all());
        if let Err(error) = synced {
            tracing::debug!(%path, %error, "a folder was not synchronised");
        }
    }
}
