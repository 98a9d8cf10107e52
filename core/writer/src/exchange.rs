//! Renames that overwrite nothing: two files change places, or one goes where nothing is.

use std::io;

use cap_std::fs::{Dir, OpenOptions};

#[cfg(test)]
thread_local! {
    /// Lets a test see what happens on a file system that has only plain renames.
    pub(super) static WITHOUT: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    /// What happens right before an exchange, by somebody else's hand.
    pub(super) static BEFORE: std::cell::RefCell<Option<Box<dyn FnMut()>>> = const { std::cell::RefCell::new(None) };
}

/// Lets two files of a folder change places in one step. `false` where the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn exchange(dir: &Dir, one: &str, other: &str) -> io::Result<bool> {
    use rustix::{
        fs::{RenameFlags, renameat_with},
        io::Errno,
    };
    #[cfg(test)]
    if WITHOUT.get() {
        return Ok(false);
    }
    #[cfg(test)]
    BEFORE.with_borrow_mut(|it| it.iter_mut().for_each(|it| it()));
    match renameat_with(dir, one, dir, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(error) if [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP].contains(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
#[allow(clippy::unnecessary_wraps, reason = "the same signature on every system")]
pub(super) fn exchange(_: &Dir, _: &str, _: &str) -> io::Result<bool> {
    Ok(false)
}

/// Renames a file to a name that must be free; [`io::ErrorKind::AlreadyExists`] if it is not. Where the system has no
/// such rename a link does it, which fails as well if the name is taken, and where links are not possible, an empty
/// file that reserves the name.
pub(super) fn place(dir: &Dir, from: &str, to: &str) -> io::Result<()> {
    if let Some(done) = rename_new(dir, from, to) {
        return done;
    }
    match dir.hard_link(from, dir, to) {
        Ok(()) => return dir.remove_file(from),
        Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) => {
            return Err(error);
        }
        Err(_) => {}
    }
    drop(dir.open_with(to, OpenOptions::new().write(true).create_new(true))?);
    dir.rename(from, dir, to).inspect_err(|_| {
        let _ = dir.remove_file(to);
    })
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_new(dir: &Dir, from: &str, to: &str) -> Option<io::Result<()>> {
    use rustix::{
        fs::{RenameFlags, renameat_with},
        io::Errno,
    };
    #[cfg(test)]
    if WITHOUT.get() {
        return None;
    }
    match renameat_with(dir, from, dir, to, RenameFlags::NOREPLACE) {
        Err(error) if [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP].contains(&error) => None,
        result => Some(result.map_err(io::Error::from)),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_new(_: &Dir, _: &str, _: &str) -> Option<io::Result<()>> {
    None
}
