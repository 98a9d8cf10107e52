//! Folders as the operating system holds them: every name is looked up in the handle of the folder before it, so no
//! path is resolved twice and no symbolic link is followed unseen.

use std::{collections::VecDeque, io};

use archwright_model::RelPath;
use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, File, Metadata, OpenOptions};

use super::{WriteError, guard};

/// How many symbolic links one path may take; Linux allows 40.
const MAX_LINKS: usize = 40;

/// The folder that holds a path's last part.
pub(super) struct Folder {
    /// Its handle, or that of the deepest folder above it that exists.
    pub dir: Dir,
    /// The folders that are missing below `dir`.
    pub missing: Vec<String>,
    /// Where it stands below the root, after all links.
    pub real: RelPath,
}

impl Folder {
    /// Finds the folder of `path`. Links inside the workspace are followed, others refused, and no link may lead to a
    /// protected place.
    pub fn of(root: &Dir, path: &RelPath) -> Result<Self, WriteError> {
        let io = |doing| WriteError::io(path, doing);
        let mut above: Vec<(String, Dir)> = Vec::new();
        let mut missing = Vec::new();
        let parent = path.parent();
        let mut parts: VecDeque<(String, Option<String>)> =
            parent.as_str().split('/').filter(|it| !it.is_empty()).map(|it| (it.to_owned(), None)).collect();
        let mut links = 0;
        while let Some((part, link)) = parts.pop_front() {
            let outside = |link: &str| WriteError::Outside { path: path.clone(), link: link.to_owned() };
            match (part.as_str(), &link) {
                ("" | ".", _) => continue,
                ("..", link) => {
                    above.pop().ok_or_else(|| outside(link.as_deref().unwrap_or("..")))?;
                    continue;
                }
                (name, Some(_)) => guard::unprotected(path, name)?,
                (_, None) => {}
            }
            if !missing.is_empty() {
                missing.push(part);
                continue;
            }
            let current = above.last().map_or(root, |it| &it.1);
            let metadata = match (current.symlink_metadata(&part), &link) {
                (Ok(it), _) => it,
                (Err(error), Some(link)) if error.kind() == io::ErrorKind::NotFound => return Err(outside(link)),
                (Err(error), None) if error.kind() == io::ErrorKind::NotFound => {
                    missing.push(part);
                    continue;
                }
                (Err(error), _) => return Err(io("look at a folder")(error)),
            };
            if metadata.is_symlink() {
                links += 1;
                let target = current.read_link_contents(&part).map_err(io("read a symbolic link"))?;
                let target = target.to_str().filter(|it| !it.starts_with(['/', '\\']) && !it.contains(':'));
                let target = target.filter(|_| links <= MAX_LINKS).ok_or_else(|| outside(&part))?;
                for step in target.split(['/', std::path::MAIN_SEPARATOR]).rev() {
                    parts.push_front((step.to_owned(), Some(part.clone())));
                }
            } else if metadata.is_dir() {
                let dir = current.open_dir_nofollow(&part).map_err(io("open a folder"))?;
                above.push((part, dir));
            } else {
                return Err(WriteError::NotAFile { path: path.clone(), kind: "below something that is no folder" });
            }
        }
        let names: Vec<&str> = above.iter().map(|it| &it.0).chain(&missing).map(String::as_str).collect();
        let real = RelPath::new(&names.join("/"));
        let dir = match above.pop() {
            Some((_, dir)) => dir,
            None => root.try_clone().map_err(io("open the root"))?,
        };
        Ok(Self { dir, missing, real })
    }

    /// Which folder this is, whatever it is called now.
    pub fn identity(&self) -> io::Result<Identity> {
        Identity::of(&self.dir.dir_metadata()?)
    }

    /// The path with all links followed.
    pub fn real_path(&self, path: &RelPath) -> RelPath {
        self.real.join(path.name())
    }
}

/// Which folder a handle holds. Where the system has no such numbers, all are equal; the handles confine all the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Identity(u64, u64);

impl Identity {
    /// The numbers that the system has for it.
    pub fn numbers(self) -> (u64, u64) {
        (self.0, self.1)
    }

    #[cfg(unix)]
    #[allow(clippy::unnecessary_wraps, reason = "the same signature on every system")]
    pub fn of(metadata: &Metadata) -> io::Result<Self> {
        use cap_std::fs::MetadataExt;
        Ok(Self(metadata.dev(), metadata.ino()))
    }

    #[cfg(not(unix))]
    #[allow(clippy::unnecessary_wraps, reason = "the same signature on every system")]
    pub fn of(_: &Metadata) -> io::Result<Self> {
        Ok(Self(0, 0))
    }
}

/// What stands at the last part of a path.
pub(super) fn look(dir: &Dir, path: &RelPath) -> Result<Option<Metadata>, WriteError> {
    match dir.symlink_metadata(path.name()) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(WriteError::io(path, "look at the file")(error)),
    }
}

/// Opens the regular file `name` for reading, which stands for `path`. A link is refused, and a pipe does not block.
pub(super) fn open_file(dir: &Dir, name: &str, path: &RelPath) -> Result<(File, Metadata), WriteError> {
    let metadata = dir.symlink_metadata(name).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => WriteError::Missing { path: path.clone() },
        _ => WriteError::io(path, "look at the file")(error),
    })?;
    regular(&metadata, path)?;
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    let file = dir.open_with(name, &options).map_err(WriteError::io(path, "open the file"))?;
    let metadata = file.metadata().map_err(WriteError::io(path, "look at the file"))?;
    regular(&metadata, path)?;
    Ok((file, metadata))
}

/// Refuses what is no regular file, and says what it is.
pub(super) fn regular(metadata: &Metadata, path: &RelPath) -> Result<(), WriteError> {
    let path = path.clone();
    match metadata {
        it if it.is_file() => Ok(()),
        it if it.is_symlink() => Err(WriteError::Symlink { path }),
        it if it.is_dir() => Err(WriteError::NotAFile { path, kind: "a folder" }),
        _ => Err(WriteError::NotAFile { path, kind: "a pipe, socket or device" }),
    }
}
