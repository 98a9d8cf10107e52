//! What a file has beside its content and must keep when it is written anew: owner, permissions, extended attributes.

use std::io;

use cap_std::fs::{File, Metadata};

/// Owner, permissions and extended attributes of a file.
pub(super) struct Attributes {
    metadata: Metadata,
    /// Names and values.
    extended: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Attributes {
    /// Those of an open file.
    pub fn of(file: &File, metadata: Metadata) -> Self {
        Self { metadata, extended: extended(file) }
    }

    /// Gives them to a new file. Owner and extended attributes are kept where we may.
    pub fn give(&self, file: &File) -> io::Result<()> {
        keep_owner(file, &self.metadata);
        file.set_permissions(self.metadata.permissions())?;
        set_extended(file, &self.extended);
        Ok(())
    }
}

/// A file that root edits should not become root's.
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

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn extended(file: &File) -> Vec<(Vec<u8>, Vec<u8>)> {
    use rustix::fs::{fgetxattr, fgetxattr_query, flistxattr, flistxattr_query};
    // A file system without them, or attributes that nobody may read, are no reason to refuse.
    let value = |name: &[u8]| {
        let mut value = vec![0; fgetxattr_query(file, name).ok()?];
        let len = fgetxattr(file, name, value.as_mut_slice()).ok()?;
        value.truncate(len);
        Some(value)
    };
    let Ok(size) = flistxattr_query(file) else { return Vec::new() };
    let mut names = vec![0; size];
    let Ok(len) = flistxattr(file, names.as_mut_slice()) else { return Vec::new() };
    names.truncate(len);
    let names = names.split(|it| *it == 0).filter(|it| !it.is_empty());
    names.filter_map(|name| Some((name.to_vec(), value(name)?))).collect()
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn set_extended(file: &File, attributes: &[(Vec<u8>, Vec<u8>)]) {
    for (name, value) in attributes {
        let flags = rustix::fs::XattrFlags::empty();
        if let Err(error) = rustix::fs::fsetxattr(file, name.as_slice(), value, flags) {
            tracing::debug!(name = %String::from_utf8_lossy(name), %error, "an extended attribute was not kept");
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn extended(_: &File) -> Vec<(Vec<u8>, Vec<u8>)> {
    Vec::new()
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn set_extended(_: &File, _: &[(Vec<u8>, Vec<u8>)]) {}
