//! Watches the disk for clients that cannot.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    time::{Duration, Instant},
};

use notify::{
    Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};

/// A burst of events ends after this much quiet; editors and git write several files in a row.
const QUIET: Duration = Duration::from_millis(60);
/// A burst that does not end is reported after this time.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the disk is compared where the system cannot tell of changes.
const POLL: Duration = Duration::from_secs(3);
/// Linux watches folders one by one, so only those that matter are watched; other systems watch trees.
const ONE_BY_ONE: bool = cfg!(target_os = "linux");

/// What happened on the disk.
#[derive(Debug)]
pub(crate) enum Seen {
    /// These paths were created, changed or deleted.
    Paths(Vec<PathBuf>),
    /// Events were lost: anything may have changed.
    Anything,
}

enum Signal {
    Event(notify::Result<Event>),
    Stop,
}

/// A watched folder. Watching ends when this is dropped.
pub(crate) struct Watch {
    signals: Sender<Signal>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.signals.send(Signal::Stop);
    }
}

impl Watch {
    /// Watches `root` on a thread of its own, and returns once changes can no longer be missed. `None` if it cannot be
    /// watched.
    pub(crate) fn start(root: PathBuf, report: impl Fn(Seen) + Send + 'static) -> Option<Self> {
        let (signals, events) = mpsc::channel();
        let (ready, is_ready) = mpsc::channel();
        let sender = signals.clone();
        let thread = std::thread::Builder::new().name("archwright-watch".to_owned());
        let started = thread.spawn(move || run(&root, &sender, &events, &ready, report));
        if let Err(error) = started {
            tracing::error!(%error, "cannot watch files");
            return None;
        }
        is_ready.recv().is_ok().then_some(Self { signals })
    }
}

fn run(root: &Path, sender: &Sender<Signal>, events: &Receiver<Signal>, ready: &Sender<()>, report: impl Fn(Seen)) {
    let Some(mut watcher) = watcher(root, sender) else { return };
    let _ = ready.send(());
    while let Ok(Signal::Event(first)) = events.recv() {
        let mut burst = Burst::default();
        burst.take(first);
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            match events.recv_timeout(QUIET) {
                Ok(Signal::Event(event)) => burst.take(event),
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => break,
            }
        }
        if burst.lost {
            watch_below(root, watcher.as_mut(), &mut BTreeSet::new());
            report(Seen::Anything);
            continue;
        }
        let mut paths = burst.paths;
        if ONE_BY_ONE {
            // A new folder may have got files before it was watched. The files stand for it then.
            for folder in paths.extract_if(.., |it| it.is_dir()).collect::<Vec<_>>() {
                watch_below(&folder, watcher.as_mut(), &mut paths);
            }
        }
        if !paths.is_empty() {
            report(Seen::Paths(paths.into_iter().collect()));
        }
    }
}

/// Several events as one.
#[derive(Default)]
struct Burst {
    paths: BTreeSet<PathBuf>,
    lost: bool,
}

impl Burst {
    fn take(&mut self, event: notify::Result<Event>) {
        match event {
            Ok(event) if event.need_rescan() => self.lost = true,
            Ok(Event { kind: EventKind::Access(kind), .. }) if kind != AccessKind::Close(AccessMode::Write) => {}
            Ok(event) => self.paths.extend(event.paths.into_iter().filter(|it| !is_internal(it))),
            Err(error) => {
                tracing::warn!(%error, "lost file events");
                self.lost = true;
            }
        }
    }
}

/// The system's watcher, or one that polls if the system has none left to give.
fn watcher(root: &Path, sender: &Sender<Signal>) -> Option<Box<dyn Watcher>> {
    let send = |sender: Sender<Signal>| {
        move |event| {
            let _ = sender.send(Signal::Event(event));
        }
    };
    match RecommendedWatcher::new(send(sender.clone()), Config::default()) {
        Ok(mut it) => match watch_tree(root, &mut it) {
            Ok(()) => return Some(Box::new(it)),
            Err(error) => tracing::warn!(%error, "cannot watch files, comparing them every few seconds"),
        },
        Err(error) => tracing::warn!(%error, "cannot watch files, comparing them every few seconds"),
    }
    let mut it = PollWatcher::new(send(sender.clone()), Config::default().with_poll_interval(POLL)).ok()?;
    watch_tree(root, &mut it).inspect_err(|error| tracing::error!(%error, "cannot watch files")).ok()?;
    Some(Box::new(it))
}

fn watch_tree(root: &Path, watcher: &mut dyn Watcher) -> notify::Result<()> {
    if !ONE_BY_ONE {
        return watcher.watch(root, RecursiveMode::Recursive);
    }
    watcher.watch(root, RecursiveMode::NonRecursive)?;
    for folder in walk(root).filter(|it| it.is_dir() && it != root) {
        match watcher.watch(&folder, RecursiveMode::NonRecursive) {
            // A folder that went meanwhile needs no watching; a lack of watches concerns all that follow.
            Err(error) if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Watches `folder` and all below it, and collects the files.
fn watch_below(folder: &Path, watcher: &mut dyn Watcher, files: &mut BTreeSet<PathBuf>) {
    for path in walk(folder) {
        if !path.is_dir() {
            files.insert(path);
        } else if let Err(error) = watcher.watch(&path, RecursiveMode::NonRecursive) {
            tracing::debug!(%error, "cannot watch a folder");
        }
    }
}

/// Everything below `root` that git does not ignore.
fn walk(root: &Path) -> impl Iterator<Item = PathBuf> {
    let walk = ignore::WalkBuilder::new(root).hidden(false).filter_entry(|it| it.file_name() != ".git").build();
    walk.filter_map(Result::ok).map(ignore::DirEntry::into_path)
}

/// Whether git keeps the path for itself.
pub(crate) fn is_internal(path: &Path) -> bool {
    path.components().any(|it| it.as_os_str() == ".git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_files_in_new_folders_are_seen() {
        let root = tempfile::tempdir().unwrap();
        let (found, seen) = mpsc::channel();
        let _watch = Watch::start(root.path().to_owned(), move |it| drop(found.send(it))).unwrap();
        let file = root.path().join("a/b/c.md");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "text").unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            if let Ok(Seen::Paths(paths)) = seen.recv_timeout(Duration::from_millis(100))
                && paths.contains(&file)
            {
                return;
            }
        }
        panic!("the new file was not seen");
    }
}
