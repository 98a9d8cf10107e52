//! What tells one state of a file on the disk from another.

use std::{
    fs::Metadata,
    path::Path,
    time::{Duration, SystemTime},
};

/// What tells one state of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// Time of the last change of content or name, in seconds and nanoseconds, and the file's number; where the system
    /// has them, because a file that is copied or moved over another may keep its length and time of modification.
    changed: (i64, i64, u64),
}

/// How coarse the clocks of file systems are: those with fractions of a second, and those without.
pub(crate) const FINE: Duration = Duration::from_millis(50);
pub(crate) const COARSE: Duration = Duration::from_secs(2);

impl Stamp {
    /// The stamp of what lies at a path, if anything does.
    pub fn of_path(path: &Path) -> Option<Self> {
        std::fs::symlink_metadata(path).ok().map(|it| Self::of(&it))
    }

    fn of(metadata: &Metadata) -> Self {
        Self { len: metadata.len(), modified: metadata.modified().ok(), changed: changed(metadata) }
    }

    /// Whether the file may have changed after `looked` without another stamp.
    pub fn is_fresh(&self, looked: SystemTime) -> bool {
        let Some(modified) = self.modified else { return true };
        let (seconds, nanoseconds, _) = self.changed;
        let changed = u64::try_from(seconds).map_or(SystemTime::UNIX_EPOCH, |it| {
            SystemTime::UNIX_EPOCH
                + Duration::from_secs(it)
                + Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(0))
        });
        let newest = modified.max(changed);
        let is_whole = newest.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|it| it.subsec_nanos() == 0);
        newest + if is_whole { COARSE } else { FINE } >= looked
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> (i64, i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ctime(), metadata.ctime_nsec(), metadata.ino())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> (i64, i64, u64) {
    (0, 0, 0)
}
