//! A look at a repository before it is opened: whoever opens a pipe waits for ever, and a device may never end.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::GitError;

/// What is read as a whole, in the folder of git and in the one that its work trees share.
const SMALL: [&str; 9] = [
    "HEAD",
    "config",
    "config.worktree",
    "commondir",
    "gitdir",
    "shallow",
    "info/exclude",
    "info/grafts",
    "objects/info/alternates",
];

/// What may be large.
const LARGE: [&str; 3] = ["packed-refs", "index", "objects/info/commit-graph"];

/// The folders below which every file may be opened, and how large files in them may be.
const FOLDERS: [(&str, u64); 2] = [("refs", MAX_SMALL), ("objects", u64::MAX)];

/// In bytes.
const MAX_SMALL: u64 = 16 * 1024 * 1024;
const MAX_LARGE: u64 = 4 * 1024 * 1024 * 1024;

/// So many files in those folders are looked at; a repository that was packed has few.
const MAX_FILES: usize = 50_000;

/// Whether the repository around a folder, if there is one, can be opened and read.
///
/// # Errors
/// If there is one that cannot.
pub(super) fn look(root: &Path) -> Result<(), GitError> {
    for folder in root.ancestors() {
        let inside = folder.join(".git");
        let found = if inside.symlink_metadata().is_ok() {
            let at = if inside.is_dir() { Some(inside) } else { led_to(&inside)? };
            at.filter(|it| it.join("HEAD").symlink_metadata().is_ok())
        } else {
            is_bare(folder).then(|| folder.to_path_buf())
        };
        if let Some(found) = found {
            return of_folder(&found);
        }
    }
    Ok(())
}

/// Whether a folder is one of git itself.
fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").symlink_metadata().is_ok() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// Where a file leads that stands for a folder of git, as in a work tree.
fn led_to(file: &Path) -> Result<Option<PathBuf>, GitError> {
    let Some(text) = text_of(file)? else { return Ok(None) };
    let target = text.strip_prefix("gitdir:").map(|it| it.trim_end_matches(['\n', '\r']).trim_start());
    Ok(target.and_then(|it| Some(file.parent()?.join(it))))
}

fn of_folder(git: &Path) -> Result<(), GitError> {
    of_files(git)?;
    let common = text_of(&git.join("commondir"))?.map(|it| git.join(it.trim_end()));
    let shared = common.as_deref().unwrap_or(git);
    if common.is_some() {
        of_files(shared)?;
    }
    let mut left = MAX_FILES;
    for (name, most) in FOLDERS {
        of_tree(&git.join(name), most, &mut left)?;
        if common.is_some() {
            of_tree(&shared.join(name), most, &mut left)?;
        }
    }
    let settings = text_of(&shared.join("config"))?.unwrap_or_default();
    let unsupported = |what, way| Err(GitError::Unsupported { path: shared.to_path_buf(), what, way });
    match (extension(&settings, "refstorage").as_deref(), extension(&settings, "objectformat").as_deref()) {
        (Some("reftable"), _) => {
            let way = "`git refs migrate --ref-format=files` turns it into one that is";
            unsupported("keeps its branches in the format reftable", Some(way))
        }
        (_, Some("sha256")) => unsupported("names its objects by SHA-256", None),
        _ => Ok(()),
    }
}

fn of_files(git: &Path) -> Result<(), GitError> {
    SMALL.iter().try_for_each(|it| of_file(&git.join(it), MAX_SMALL))?;
    LARGE.iter().try_for_each(|it| of_file(&git.join(it), MAX_LARGE))
}

/// All files below a folder, as far as there are not too many.
fn of_tree(folder: &Path, most: u64, left: &mut usize) -> Result<(), GitError> {
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Some(rest) = left.checked_sub(1) else { return Ok(()) };
            *left = rest;
            match entry.file_type() {
                Ok(it) if it.is_dir() => open.push(entry.path()),
                // There may be very many objects, and the folder says already what each of them is.
                Ok(it) if it.is_file() && most == u64::MAX => {}
                _ => of_file(&entry.path(), most)?,
            }
        }
    }
    Ok(())
}

/// Whether a file, if there is one, is regular and not too large. Links are followed, as git does.
fn of_file(path: &Path, most: u64) -> Result<(), GitError> {
    let Ok(found) = fs::metadata(path) else { return Ok(()) };
    let refused = |reason: String| Err(GitError::Open { path: path.to_path_buf(), reason });
    if !found.is_file() && !found.is_dir() {
        return refused(format!("`{}` is no regular file", path.display()));
    }
    if found.is_file() && found.len() > most {
        return refused(format!("`{}` is larger than {} MiB", path.display(), most / (1024 * 1024)));
    }
    Ok(())
}

/// What a small file says, if it is there.
fn text_of(path: &Path) -> Result<Option<String>, GitError> {
    of_file(path, MAX_SMALL)?;
    Ok(fs::read(path).ok().map(|it| String::from_utf8_lossy(&it).into_owned()))
}

/// A setting of the section `extensions`, in lower case.
fn extension(settings: &str, name: &str) -> Option<String> {
    let mut is_inside = false;
    let mut value = None;
    for line in settings.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            is_inside = section.trim_start().to_ascii_lowercase().starts_with("extensions]");
            continue;
        }
        let Some((key, said)) = line.split_once('=').filter(|_| is_inside) else { continue };
        if key.trim().eq_ignore_ascii_case(name) {
            let said = said.split(['#', ';']).next().unwrap_or_default();
            value = Some(said.trim().trim_matches('"').to_ascii_lowercase());
        }
    }
    value
}
