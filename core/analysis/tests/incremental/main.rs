//! The invariant of the workspace: after any sequence of changes it equals one opened afresh.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod pages;
mod pieces;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};

use archwright_analysis::{Base, Change, Key, OpenOptions, RelPath, Root, Workspace};
use tempfile::TempDir;

/// A change of the files.
#[derive(Clone, Debug)]
enum Step {
    /// An editor opens or changes a file.
    Edit(RelPath, Arc<str>),
    /// An editor closes a file.
    Close(RelPath),
    /// A file is written on disk.
    Write(RelPath, Arc<str>),
    /// A file is deleted.
    Delete(RelPath),
    /// A file moves.
    Rename(RelPath, RelPath),
}

/// A folder, the workspace in it that takes every step, and the buffers of its editor.
struct World {
    folder: TempDir,
    /// What files were where the work on them began.
    older: Vec<(RelPath, Arc<str>)>,
    workspace: Workspace,
    buffers: BTreeMap<RelPath, Arc<str>>,
    /// The files that were ever there.
    paths: BTreeSet<RelPath>,
}

impl World {
    /// A workspace with these files.
    fn new(files: &[(RelPath, Arc<str>)], older: Vec<(RelPath, Arc<str>)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".gitignore"), "ignored/\n*-ignored.md\n").unwrap();
        for (path, text) in files {
            write(&folder, path, text);
        }
        let workspace = open(&folder, &older);
        let paths = files.iter().map(|(path, _)| path.clone()).collect();
        Self { folder, older, workspace, buffers: BTreeMap::new(), paths }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Edit(path, text) => {
                self.paths.insert(path.clone());
                self.buffers.insert(path.clone(), text.clone());
                self.workspace.apply(vec![Change::Edit { path, text }]);
            }
            Step::Close(path) => {
                if self.buffers.remove(&path).is_some() {
                    self.workspace.apply(vec![Change::Close { path }]);
                }
            }
            Step::Write(path, text) => {
                self.paths.insert(path.clone());
                write(&self.folder, &path, &text);
                self.workspace.apply(vec![Change::Disk { paths: vec![path] }]);
            }
            Step::Delete(path) => {
                let _ = fs::remove_file(self.folder.path().join(path.as_str()));
                self.workspace.apply(vec![Change::Disk { paths: vec![path] }]);
            }
            Step::Rename(from, to) => {
                let on_disk = |path: &RelPath| self.folder.path().join(path.as_str());
                if on_disk(&from).exists() && from != to {
                    self.paths.insert(to.clone());
                    fs::create_dir_all(on_disk(&to).parent().unwrap()).unwrap();
                    fs::rename(on_disk(&from), on_disk(&to)).unwrap();
                    self.workspace.apply(vec![Change::Disk { paths: vec![from, to] }]);
                }
            }
        }
    }

    /// What is seen of the workspace, and of one that is opened now.
    fn pictures(&self) -> (Picture, Picture) {
        let mut fresh = open(&self.folder, &self.older);
        let opened = self.buffers.iter().map(|(path, text)| Change::Open { path: path.clone(), text: text.clone() });
        fresh.apply(opened.collect());
        (picture(&self.workspace, &self.paths), picture(&fresh, &self.paths))
    }
}

fn write(folder: &TempDir, path: &RelPath, text: &str) {
    let path = folder.path().join(path.as_str());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn open(folder: &TempDir, older: &[(RelPath, Arc<str>)]) -> Workspace {
    let root = Root::Folder(folder.path().to_path_buf());
    let base = Base::Texts(older.iter().cloned().collect());
    archwright_analysis::open(OpenOptions { base, ..OpenOptions::server(root) }, &|_| {}).unwrap()
}

/// Everything that can be seen of a workspace, without ids.
type Picture = BTreeMap<String, Vec<String>>;

fn picture(workspace: &Workspace, paths: &BTreeSet<RelPath>) -> Picture {
    let mut files = BTreeMap::new();
    for file in workspace.files() {
        let findings = workspace.findings(file).iter().map(|finding| {
            let related = finding.related.iter();
            let related: Vec<_> =
                related.map(|it| format!("{} {:?} {}", workspace.path(it.file), it.span, it.message)).collect();
            format!(
                "{} {} {:?} {} {related:?} {}",
                finding.rule.code, finding.severity, finding.span, finding.message, finding.fixable
            )
        });
        files.insert(format!("{} {}", workspace.path(file), workspace.kind(file)), findings.collect());
    }
    for path in paths {
        let from = workspace.index().contributors(&Key::References(path.clone()));
        let mut from: Vec<String> = from.iter().map(|it| workspace.path(*it).to_string()).collect();
        from.sort();
        files.insert(format!("to {path}"), from);
    }
    files
}
