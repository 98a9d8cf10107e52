//! Workspace-relative paths: always `/`, never `.` or `..` inside, cheap to clone.

use std::{
    borrow::Borrow,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use archwright_syntax::FileType;
use smallvec::SmallVec;
use smol_str::SmolStr;

/// A file's path and what it says.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Where it stands.
    pub path: RelPath,
    /// All of it.
    pub text: Arc<str>,
}

/// A path below the workspace root with `/` between its parts; the empty path is the root itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelPath(SmolStr);

impl RelPath {
    /// Normalises `path`: `\` becomes `/`, `.` goes, `..` removes the part before it.
    /// A path that would leave the root keeps its leading `..`, which no file of a workspace has.
    pub fn new(path: &str) -> Self {
        if is_normal(path) {
            return Self(SmolStr::new(path));
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split(['/', '\\']) {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|it| *it != "..") => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        Self(SmolStr::new(parts.join("/")))
    }

    /// The path of `path` below `root`, if it lies there and is valid Unicode.
    pub fn of(path: &Path, root: &Path) -> Option<Self> {
        path.strip_prefix(root).ok()?.to_str().map(Self::new)
    }

    /// The same for a path that may lie beside `root`, with a `..` for every folder to climb. `None` if the two have
    /// not even a drive in common, or the path is no valid Unicode.
    pub fn seen_from(path: &Path, root: &Path) -> Option<Self> {
        let shared = path.ancestors().find(|it| root.starts_with(it))?;
        let climbed = root.strip_prefix(shared).ok()?.components().count();
        let below = path.strip_prefix(shared).ok()?.to_str()?;
        Some(Self::new(&format!("{}{below}", "../".repeat(climbed))))
    }

    /// The absolute path below, or beside, an absolute root.
    pub fn to_path(&self, root: &Path) -> PathBuf {
        let mut rest = self.as_str();
        let mut folder = root;
        while let Some(below) = rest.strip_prefix("../").or((rest == "..").then_some("")) {
            // Above the topmost folder is that folder.
            folder = folder.parent().unwrap_or(folder);
            rest = below;
        }
        if rest.is_empty() { folder.to_path_buf() } else { folder.join(rest) }
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that holds this path; the root for a top-level file.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or_else(SmolStr::default, |it| SmolStr::new(it.0)))
    }

    /// The folders that hold this path, nearest first, up to the root.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self.parent()), |it| (!it.as_str().is_empty()).then(|| it.parent()))
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(self.0.as_str(), |it| it.1)
    }

    /// The last part without its last extension: `orders.placed.v1` for `contracts/orders.placed.v1.md`.
    pub fn stem(&self) -> &str {
        let name = self.name();
        match name.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => name,
        }
    }

    /// The last extension without its dot, or the empty string.
    pub fn extension(&self) -> &str {
        let name = self.name();
        match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => extension,
            _ => "",
        }
    }

    /// The type that the name promises.
    pub fn file_type(&self) -> Option<FileType> {
        FileType::of(self.as_str())
    }

    /// This path and `other` below it, normalised, so that `..` in `other` climbs.
    #[must_use]
    pub fn join(&self, other: &str) -> Self {
        Self::joined(&self.0, other)
    }

    /// The path that `other` means in the folder of this file: as [`join`](Self::join) of the parent.
    #[must_use]
    pub fn beside(&self, other: &str) -> Self {
        Self::joined(self.0.rsplit_once('/').map_or("", |it| it.0), other)
    }

    fn joined(folder: &str, other: &str) -> Self {
        // Most links climb a few folders and go down by names.
        let (mut folder, mut rest) = (folder, other);
        loop {
            if let Some(below) = rest.strip_prefix("./") {
                rest = below;
            } else if let Some(above) =
                rest.strip_prefix("../").filter(|_| !folder.is_empty() && !folder.ends_with(".."))
            {
                rest = above;
                folder = folder.rsplit_once('/').map_or("", |it| it.0);
            } else {
                break;
            }
        }
        match (folder, rest) {
            ("", rest) => Self::new(rest),
            (folder, rest) if is_normal(rest) && !rest.is_empty() => {
                // Nearly all paths fit, so that nothing is allocated besides the path itself.
                let mut path: SmallVec<[u8; 128]> = SmallVec::from_slice(folder.as_bytes());
                path.push(b'/');
                path.extend_from_slice(rest.as_bytes());
                Self(str::from_utf8(&path).map_or_else(|_| [folder, "/", rest].concat().into(), SmolStr::new))
            }
            (folder, rest) => Self::new(&format!("{folder}/{rest}")),
        }
    }

    /// How a file in the folder `from` writes a link to this path: `../design.md`.
    pub fn relative_to(&self, from: &RelPath) -> String {
        let target: Vec<&str> = self.0.split('/').collect();
        let base: Vec<&str> = from.0.split('/').filter(|it| !it.is_empty()).collect();
        let shared = target.iter().zip(&base).take_while(|(a, b)| a == b).count().min(target.len().saturating_sub(1));
        let mut parts = vec![".."; base.len() - shared];
        parts.extend(target.iter().skip(shared));
        parts.join("/")
    }

    /// Whether the path would leave the root.
    pub fn escapes(&self) -> bool {
        self.0 == ".." || self.0.starts_with("../")
    }

    /// How many folders lie between the root and this path.
    pub fn depth(&self) -> usize {
        self.0.matches('/').count()
    }
}

/// Paths have the order and the hash of their texts, so that they are found by them.
impl Borrow<str> for RelPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Most paths come from directory walks and need no work.
fn is_normal(path: &str) -> bool {
    let mut previous = b'/';
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'\\' => return false,
            // A part of dots alone, or none.
            b'/' if previous == b'/' => return false,
            b'.' if previous == b'/' => {
                let part = path.get(at..).unwrap_or_default().split('/').next();
                if matches!(part, Some("." | "..")) {
                    return false;
                }
            }
            _ => {}
        }
        previous = byte;
    }
    previous != b'/' || path.is_empty()
}

impl fmt::Display for RelPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<&str> for RelPath {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

impl serde::Serialize for RelPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_beside_the_root_climb() {
        let root = Path::new("/ws/one");
        for (path, seen) in [
            ("/ws/one/a/b.md", "a/b.md"),
            ("/ws/one", ""),
            ("/ws/two/b.md", "../two/b.md"),
            ("/other/b.md", "../../other/b.md"),
            ("/ws/one-more/b.md", "../one-more/b.md"),
            ("/ws", ".."),
        ] {
            let found = RelPath::seen_from(Path::new(path), root).unwrap();
            assert_eq!(found.as_str(), seen);
            assert_eq!(found.to_path(root), Path::new(path));
        }
        assert_eq!(RelPath::new("..a/b").to_path(root), Path::new("/ws/one/..a/b"));
    }

    #[test]
    fn paths_are_normal_whatever_they_came_from() {
        for (raw, normal) in
            [("./a//b", "a/b"), ("a/../b", "b"), ("..\\x", "../x"), ("", ""), ("a/./b/", "a/b"), ("../../x", "../../x")]
        {
            assert_eq!(RelPath::new(raw).as_str(), normal, "{raw}");
        }
    }

    #[test]
    fn a_relative_link_leads_back_to_its_target() {
        for (target, from) in
            [("docs/a/design.md", "docs/a/adrs"), ("x.md", "docs/a"), ("docs/a/x.md", "docs/a"), ("docs/b.md", "")]
        {
            let (target, from) = (RelPath::new(target), RelPath::new(from));
            assert_eq!(from.join(&target.relative_to(&from)), target);
        }
    }

    #[test]
    fn names_split_at_the_last_dot() {
        let path = RelPath::new("docs/contracts/orders.placed.v1.md");
        assert_eq!((path.name(), path.stem(), path.extension()), ("orders.placed.v1.md", "orders.placed.v1", "md"));
        assert_eq!(path.parent().as_str(), "docs/contracts");
    }
}
