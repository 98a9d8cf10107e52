//! Workspace-relative paths: always `/`, never `.` or `..` inside, cheap to clone.

use std::{fmt, path::Path};

use smol_str::SmolStr;

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

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that holds this path; the root for a top-level file.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or_else(SmolStr::default, |it| SmolStr::new(it.0)))
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

    /// This path and `other` below it, normalised, so that `..` in `other` climbs.
    #[must_use]
    pub fn join(&self, other: &str) -> Self {
        if self.0.is_empty() { Self::new(other) } else { Self::new(&format!("{}/{other}", self.0)) }
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

/// Most paths come from directory walks and need no work.
fn is_normal(path: &str) -> bool {
    !path.contains('\\') && path.split('/').all(|it| !matches!(it, "" | "." | "..")) || path.is_empty()
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
    fn paths_are_normal_whatever_they_came_from() {
        for (raw, normal) in [("./a//b", "a/b"), ("a/../b", "b"), ("..\\x", "../x"), ("", ""), ("a/./b/", "a/b"), ("../../x", "../../x")] {
            assert_eq!(RelPath::new(raw).as_str(), normal, "{raw}");
        }
    }

    #[test]
    fn a_relative_link_leads_back_to_its_target() {
        for (target, from) in [("docs/a/design.md", "docs/a/adrs"), ("x.md", "docs/a"), ("docs/a/x.md", "docs/a"), ("docs/b.md", "")] {
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
