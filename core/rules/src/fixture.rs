//! Whole workspaces in one text, for tests, written as the examples of rule pages are; `$0` is the cursor.
//!
//! The tests in the crate and those in `tests/` share this file.

#![allow(clippy::missing_panics_doc)] // Tests may panic.

use std::fs;

use archwright_engine::{
    Base, OpenOptions, Root, Workspace,
    page::{self, File},
};
use archwright_model::RelPath;

/// The cursor of a fixture text.
const CURSOR: &str = "$0";

/// A workspace on disk that goes away with the value.
pub struct Fixture {
    /// Where it lies.
    pub folder: tempfile::TempDir,
    /// Its files.
    pub files: Vec<File>,
}

impl Fixture {
    /// Writes a fixture text to a new folder.
    pub fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = page::files(text);
        for file in files.iter().filter(|it| it.base().is_none()) {
            let path = folder.path().join(file.path.as_str());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
        Self { folder, files }
    }

    /// Writes a fixture text with one `$0`, which is taken out. Gives the cursor's file and offset too.
    pub fn with_cursor(text: &str) -> (Self, RelPath, usize) {
        let files = page::files(text);
        let found = files.iter().find_map(|it| Some((it.path.clone(), it.text.find(CURSOR)?)));
        let (path, offset) = found.expect("a `$0` in the fixture");
        (Self::new(&text.replacen(CURSOR, "", 1)), path, offset)
    }

    /// Opens the folder afresh, ready for changes.
    pub fn open(&self) -> Workspace {
        let older = self.files.iter().filter_map(|it| Some((it.base()?, it.text.as_str().into())));
        let root = Root::Folder(self.folder.path().to_path_buf());
        let options = OpenOptions { base: Base::Texts(older.collect()), ..OpenOptions::server(root) };
        archwright_rules::open(options, &|_| {}).unwrap()
    }

    /// The present text of a file.
    pub fn read(&self, path: &RelPath) -> String {
        fs::read_to_string(self.folder.path().join(path.as_str())).unwrap()
    }
}
