//! The sources of the crates, for the tests that hold them to the architecture.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file without the module of its tests, which may know everything.
pub fn without_tests(text: &str) -> String {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

/// The Rust files below a folder, but for test modules in files of their own.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
        if path.is_dir() && name != "tests" {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") && name != "tests.rs" {
            files.push(path);
        }
    }
    files
}
