//! Staging and committing checked changes. What stands at a place is exchanged first and compared then, so that no save
//! of somebody else falls between the two.

use std::{
    collections::BTreeSet,
    io::{self, Read, Write},
};

use archwright_model::{ContentHash, RelPath};
use cap_fs_ext::DirExt;
use cap_std::fs::Dir;

use super::{
    Job, Old, Step, WriteError,
    exchange::{exchange, place},
    folders::{self, Folder, Identity},
    journal::{Former, Intent, Item, Journal},
    temporary, undo,
};

/// Writes `jobs`: all of them or none.
pub(super) fn run(
    root: &Dir,
    jobs: &[Job],
    watch: &mut dyn FnMut(Step<'_>) -> io::Result<()>,
) -> Result<(), WriteError> {
    let Some(first) = jobs.first() else { return Ok(()) };
    watch(Step::Checked).map_err(WriteError::io(&first.path, "write"))?;
    let mut intent = intent(root, jobs)?;
    let failed = |error| WriteError::Root { doing: "write the journal in", error };
    let journal = Journal::begin(root, &mut intent).map_err(failed)?;
    let mut change = Change { root, watch, intent, journal, folders: Vec::new(), reached: None };
    let result = change.write(jobs, &first.path);
    let Change { watch, intent, journal, reached, .. } = change;
    let result = match result {
        Ok(()) => {
            undo::sweep(root, &intent);
            Ok(())
        }
        Err(cause) => {
            let files = undo::run(root, &intent, reached, &mut |step| {
                let _ = watch(step);
            });
            Err(if files.is_empty() { cause } else { WriteError::HalfUndone { cause: Box::new(cause), files } })
        }
    };
    if let Some(journal) = journal {
        journal.end(root);
    }
    result
}

/// All that will be done, with the names of all temporary files.
fn intent(root: &Dir, jobs: &[Job]) -> Result<Intent, WriteError> {
    let mut intent = Intent::default();
    let mut made = BTreeSet::new();
    for job in jobs {
        let folder = Folder::of(root, &job.path)?;
        let mut above: Vec<&str> = folder.real.as_str().split('/').collect();
        above.truncate(above.len() - folder.missing.len());
        for name in &folder.missing {
            above.push(name);
            let path = above.join("/").trim_start_matches('/').to_owned();
            if made.insert(path.clone()) {
                intent.folders.push(path);
            }
        }
        intent.items.push(Item {
            path: job.path.to_string(),
            new: ContentHash::of(&job.bytes).to_string(),
            staged: temporary::name(temporary::FILE),
            old: job
                .old
                .as_ref()
                .map(|it| Former { path: it.path.to_string(), backup: temporary::name(temporary::FILE) }),
        });
    }
    Ok(intent)
}

/// What was done so far, so that it can be undone.
struct Change<'a> {
    root: &'a Dir,
    watch: &'a mut dyn FnMut(Step<'_>) -> io::Result<()>,
    intent: Intent,
    journal: Option<Journal>,
    /// The folder of each staged file.
    folders: Vec<Identity>,
    /// How many files were begun to be put in place, once all are staged.
    reached: Option<usize>,
}

impl Change<'_> {
    fn write(&mut self, jobs: &[Job], first: &RelPath) -> Result<(), WriteError> {
        let items = self.intent.items.clone();
        for (job, item) in jobs.iter().zip(&items) {
            self.tell(Step::Staging(&job.path), &job.path)?;
            self.make_folders(job)?;
            self.stage(job, item)?;
        }
        self.tell(Step::Staged, first)?;
        self.note(Journal::staged)?;
        self.reached = Some(0);
        for (at, (job, item)) in jobs.iter().zip(&items).enumerate() {
            self.tell(Step::Committing(&job.path), &job.path)?;
            self.commit(at, job, item)?;
        }
        self.tell(Step::Committed, first)?;
        // Who had a former file open may have written to it since. After this look nobody else can know of it.
        for (job, item) in jobs.iter().zip(&items) {
            self.compare_again(job, item)?;
        }
        sync_folders(self.root, jobs);
        self.note(Journal::done)
    }

    fn tell(&mut self, step: Step<'_>, path: &RelPath) -> Result<(), WriteError> {
        (self.watch)(step).map_err(WriteError::io(path, "write"))
    }

    fn note(&mut self, write: impl FnOnce(&mut Journal) -> io::Result<()>) -> Result<(), WriteError> {
        let failed = |error| WriteError::Root { doing: "write the journal in", error };
        self.journal.as_mut().map_or(Ok(()), write).map_err(failed)
    }

    /// Makes the folders that are missing, one by one. All of them are in the journal.
    fn make_folders(&mut self, job: &Job) -> Result<(), WriteError> {
        let folder = Folder::of(self.root, &job.path)?;
        let mut dir = folder.dir;
        for name in &folder.missing {
            dir.create_dir(name).map_err(WriteError::io(&job.path, "make a folder"))?;
            dir = dir.open_dir_nofollow(name).map_err(WriteError::io(&job.path, "open a folder"))?;
        }
        Ok(())
    }

    /// Writes the new content beside its target and brings it to the disk.
    fn stage(&mut self, job: &Job, item: &Item) -> Result<(), WriteError> {
        let io = |doing| WriteError::io(&job.path, doing);
        let folder = same_folder(self.root, job, job.folder)?;
        let identity = folder.identity().map_err(io("look at a folder"))?;
        let mut file =
            temporary::create(&folder.dir, &item.staged, job.old.is_some()).map_err(io("create a temporary file"))?;
        file.write_all(&job.bytes).map_err(io("write a temporary file"))?;
        if let Some(old) = &job.old {
            old.attributes.give(&file).map_err(io("keep the permissions"))?;
        }
        file.sync_all().map_err(io("bring the content to the disk"))?;
        self.folders.push(identity);
        Ok(())
    }

    /// Puts the staged content of the job at index `at` in place.
    fn commit(&mut self, at: usize, job: &Job, item: &Item) -> Result<(), WriteError> {
        let identity = self.folders.get(at).copied();
        let folder = same_folder(self.root, job, identity)?;
        let (dir, path, name) = (&folder.dir, &job.path, job.path.name());
        match (&job.old, &item.old) {
            (Some(old), Some(former)) if !job.is_new() => {
                let gone = |error: io::Error| match error.kind() {
                    io::ErrorKind::NotFound => WriteError::Missing { path: path.clone() },
                    _ => WriteError::io(path, "exchange the file")(error),
                };
                let exchanged = exchange(dir, &item.staged, name).map_err(gone)?;
                if exchanged {
                    self.reached = Some(at + 1);
                    self.tell(Step::Placed(path), path)?;
                    return compare(dir, &item.staged, old);
                }
                dir.rename(name, dir, &former.backup).map_err(gone)?;
                self.reached = Some(at + 1);
                self.tell(Step::Placed(path), path)?;
                compare(dir, &former.backup, old)?;
                place(dir, &item.staged, name).map_err(taken(path))
            }
            (old, former) => {
                place(dir, &item.staged, name).map_err(taken(path))?;
                self.reached = Some(at + 1);
                self.tell(Step::Placed(path), path)?;
                let Some((old, former)) = old.as_ref().zip(former.as_ref()) else { return Ok(()) };
                let folder = Folder::of(self.root, &old.path)?;
                let moved = folder.dir.rename(old.path.name(), &folder.dir, &former.backup);
                moved.map_err(WriteError::io(&old.path, "move the file"))?;
                self.tell(Step::Placed(&old.path), path)?;
                compare(&folder.dir, &former.backup, old)
            }
        }
    }

    fn compare_again(&self, job: &Job, item: &Item) -> Result<(), WriteError> {
        let Some((old, former)) = job.old.as_ref().zip(item.old.as_ref()) else { return Ok(()) };
        let folder = Folder::of(self.root, &old.path)?;
        let is_backup = job.is_new() || folder.dir.symlink_metadata(&former.backup).is_ok();
        compare(&folder.dir, if is_backup { &former.backup } else { &item.staged }, old)
    }
}

fn taken(path: &RelPath) -> impl FnOnce(io::Error) -> WriteError {
    move |error| match error.kind() {
        io::ErrorKind::AlreadyExists => WriteError::Exists { path: path.clone() },
        _ => WriteError::io(path, "create the file")(error),
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

/// Refuses if the file that is called `name` now is not the one that was checked.
fn compare(dir: &Dir, name: &str, old: &Old) -> Result<(), WriteError> {
    let (mut file, _) = folders::open_file(dir, name, &old.path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(WriteError::io(&old.path, "read the file"))?;
    match ContentHash::of(&bytes) {
        found if found == old.base => Ok(()),
        found => Err(WriteError::Changed { path: old.path.clone(), expected: old.base, found }),
    }
}

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
