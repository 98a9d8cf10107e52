//! Finding out what changed on disk since the last look, for front ends that nobody tells.

use std::time::SystemTime;

use archwright_model::{FileId, RelPath, facts};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Change, Changed, Workspace, load};
use crate::store::stamp::Stamp;

/// What the files of a workspace looked like on disk when they were last read.
#[derive(Debug)]
pub struct Stamps {
    /// When the last look began. What changed later, or so shortly before that the clock of the file system may not
    /// show it, is read again.
    looked: SystemTime,
    files: FxHashMap<RelPath, Stamp>,
    configuration: Option<Stamp>,
    /// Whether nothing was looked at so far.
    is_new: bool,
}

impl Stamps {
    /// Before a workspace is opened: the first refresh finds what changed since now.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "the moment of the call matters")]
    pub fn new() -> Self {
        Self { looked: SystemTime::now(), files: FxHashMap::default(), configuration: None, is_new: true }
    }
}

impl Workspace {
    /// Brings the workspace up to date with the disk: walks it, compares what the system tells of each file with what
    /// it told the last time, and applies what changed. `stamps` must have been made before the workspace was opened,
    /// and be handed in at each call.
    pub fn refresh(&mut self, stamps: &mut Stamps) -> Changed {
        let began = SystemTime::now();
        let walked = self.walked();
        let mut changed = self.stale(&walked, stamps);
        let walked: FxHashSet<&RelPath> = walked.iter().collect();
        let known = self.state.files.below(&RelPath::default());
        changed.extend(known.iter().map(|it| self.path(*it)).filter(|it| !walked.contains(it)).cloned());
        stamps.files.retain(|path, _| walked.contains(path));
        let configured = self.stale_configuration(stamps);
        stamps.looked = began;
        let mut rechecked = self.recheck_looked_up();
        // A commit changes no file, and yet what the files are compared with.
        if changed.is_empty() && !configured && self.state.base.refresh(&self.state.root) {
            let compared = self.compared_files();
            self.check(&compared);
            rechecked.extend(compared);
        }
        if changed.is_empty() && !configured {
            return Changed { files: rechecked, rebuilt: false };
        }
        let mut changes = vec![Change::Disk { paths: changed }];
        changes.extend(configured.then_some(Change::Rescan));
        let mut done = self.apply(changes);
        done.files.extend(rechecked);
        done.files.sort_unstable();
        done.files.dedup();
        done
    }

    /// The files that a walk lists now.
    fn walked(&self) -> Vec<RelPath> {
        if self.state.single {
            let known = self.state.files.below(&RelPath::default());
            return known.iter().map(|it| self.path(*it).clone()).filter(|it| self.state.exists_on_disk(it)).collect();
        }
        load::walk(&self.state.root, &self.state.config).files
    }

    /// The walked files that are new or have another stamp than the last time.
    fn stale(&self, walked: &[RelPath], stamps: &mut Stamps) -> Vec<RelPath> {
        let look = |path: &RelPath| Stamp::of_path(&self.state.root.join(path.as_str()));
        // Of a file that is not read only its presence matters.
        let read: Vec<&RelPath> = walked
            .iter()
            .filter(|it| stamps.files.contains_key(*it) || facts::is_of_interest(it, &self.state.config))
            .collect();
        let seen: Vec<Option<Stamp>> = read.par_iter().with_min_len(64).map(|it| look(it)).collect();
        let mut stale: Vec<RelPath> = walked.iter().filter(|it| !self.state.files.is_present(it)).cloned().collect();
        for (path, seen) in read.into_iter().zip(seen) {
            let Some(seen) = seen else { continue };
            let before = stamps.files.insert(path.clone(), seen);
            let is_same = before.is_none_or(|it| it == seen) && !seen.is_fresh(stamps.looked);
            if !is_same && self.state.files.is_present(path) {
                stale.push(path.clone());
            }
        }
        stale
    }

    /// Whether the configuration file changed, which need not lie below the root.
    fn stale_configuration(&self, stamps: &mut Stamps) -> bool {
        let seen = Stamp::of_path(&self.config_path);
        let before = std::mem::replace(&mut stamps.configuration, seen);
        let is_other = before != seen && !std::mem::take(&mut stamps.is_new);
        is_other || seen.is_some_and(|it| it.is_fresh(stamps.looked))
    }

    /// Runs the rules again that looked for a path which no walk lists, where something appeared or went since.
    fn recheck_looked_up(&mut self) -> Vec<FileId> {
        let mut run = FxHashSet::default();
        for (path, seen) in self.state.looked_up.all() {
            if self.state.looks_different(&path, seen) {
                self.state.looked_up.forget(&path);
                self.changed_on_disk(&path, &mut run);
            }
        }
        let mut files: Vec<FileId> = run.into_iter().collect();
        files.sort_unstable();
        self.check(&files);
        files
    }
}
