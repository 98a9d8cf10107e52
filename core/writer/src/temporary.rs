//! The names of files that are there only while a change is written, and how such a file is made.

use std::{
    hash::{BuildHasher, RandomState},
    io,
};

use cap_std::fs::{Dir, File, OpenOptions};

const PREFIX: &str = ".archwright-";
/// How the names of new and former contents end.
pub(super) const FILE: &str = ".tmp";
/// How the names of journals end.
pub(super) const JOURNAL: &str = ".journal";

/// A hidden name that no file has: 64 random bits.
pub(super) fn name(suffix: &str) -> String {
    format!("{PREFIX}{:016x}{suffix}", RandomState::new().hash_one(std::process::id()))
}

/// Whether a name is one of [`name`].
pub(super) fn is_one(name: &str, suffix: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|it| it.strip_suffix(suffix));
    random.is_some_and(|it| it.len() == 16 && it.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// Makes a file. One that will stand for another is nobody else's until it has the permissions of that.
pub(super) fn create(dir: &Dir, name: &str, private: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if private {
        use cap_std::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = private;
    dir.open_with(name, &options)
}
