//! Whole workspaces in one text, for tests: `//- /path` starts a file, `^^^ message` lines mark places in the line
//! above, and `$0` is the cursor. Files below `base/` are what others were where the work on them began.
//!
//! The tests in the crate and those in `tests/` share this file.

#![allow(clippy::missing_panics_doc)] // Tests may panic.

use std::fs;

use archwright_analysis::{Base, OpenOptions, RelPath, Root, Workspace};

/// A file of a fixture.
pub struct FixtureFile {
    /// Where.
    pub path: RelPath,
    /// Its text without marks.
    pub text: String,
    /// Marked places: 0-based line, first column, one past the last column (in characters), and what was said.
    pub marks: Vec<Mark>,
}

/// A marked place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// 0-based line.
    pub line: u32,
    /// First column, in characters.
    pub start: u32,
    /// One past the last column.
    pub end: u32,
    /// What the mark says; the beginning of a message, or nothing.
    pub message: String,
}

/// Splits a fixture text into files.
pub fn parse(text: &str) -> Vec<FixtureFile> {
    let mut files: Vec<FixtureFile> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("//- ") {
            files.push(FixtureFile {
                path: RelPath::new(path.trim().trim_start_matches('/')),
                text: String::new(),
                marks: Vec::new(),
            });
            continue;
        }
        let Some(file) = files.last_mut() else { continue };
        let rest = line.trim_start_matches(' ');
        if rest.starts_with('^') {
            let start = (line.len() - rest.len()) as u32;
            let after = rest.trim_start_matches('^');
            // `^<` marks the empty place before the caret.
            let carets = if after.starts_with('<') { 0 } else { (rest.len() - after.len()) as u32 };
            let message = after.trim_start_matches('<').trim().to_owned();
            let lines = file.text.lines().count() as u32;
            file.marks.push(Mark { line: lines.saturating_sub(1), start, end: start + carets, message });
        } else {
            file.text.push_str(line);
        }
    }
    files
}

/// The folder of older texts.
const BASE: &str = "base/";

/// The cursor of a fixture text.
const CURSOR: &str = "$0";

/// A workspace on disk that goes away with the value.
pub struct Fixture {
    /// Where it lies.
    pub folder: tempfile::TempDir,
    /// Its files.
    pub files: Vec<FixtureFile>,
}

impl Fixture {
    /// Writes a fixture text to a new folder.
    pub fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = parse(text);
        for file in files.iter().filter(|it| !it.path.as_str().starts_with(BASE)) {
            let path = folder.path().join(file.path.as_str());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
        Self { folder, files }
    }

    /// Writes a fixture text with one `$0`, which is taken out. Gives the cursor's file and offset too.
    pub fn with_cursor(text: &str) -> (Self, RelPath, usize) {
        let files = parse(text);
        let found = files.iter().find_map(|it| Some((it.path.clone(), it.text.find(CURSOR)?)));
        let (path, offset) = found.expect("a `$0` in the fixture");
        (Self::new(&text.replacen(CURSOR, "", 1)), path, offset)
    }

    /// Opens the folder afresh, ready for changes.
    pub fn open(&self) -> Workspace {
        let older =
            |it: &FixtureFile| Some((RelPath::new(it.path.as_str().strip_prefix(BASE)?), it.text.as_str().into()));
        let base = Base::Texts(self.files.iter().filter_map(older).collect());
        let root = Root::Folder(self.folder.path().to_path_buf());
        archwright_analysis::open(OpenOptions { base, ..OpenOptions::server(root) }, &|_| {}).unwrap()
    }

    /// The present text of a file.
    pub fn read(&self, path: &RelPath) -> String {
        fs::read_to_string(self.folder.path().join(path.as_str())).unwrap()
    }
}
