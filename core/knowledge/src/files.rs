//! The embedded files below `skills/`.

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// One embedded file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkillFile {
    /// Path below `skills/`, with forward slashes: `design/SKILL.md`.
    pub path: &'static str,
    /// The whole text.
    pub text: &'static str,
}

/// Every embedded file, sorted by path. Agent front ends serve them as they are.
pub fn skill_files() -> impl Iterator<Item = SkillFile> {
    FILES.iter().map(|&(path, text)| SkillFile { path, text })
}

/// The text of the file at `path` below `skills/`.
pub fn skill_file(path: &str) -> Option<&'static str> {
    let at = FILES.binary_search_by_key(&path, |&(it, _)| it).ok()?;
    FILES.get(at).map(|&(_, text)| text)
}
