//! What a hostile or very large workspace may cost: files without an end, and batches of changes.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(unix)]

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use archwright_analysis::{Change, OpenOptions, RelPath, Root, Workspace, open};

fn workspace(root: &Path) -> Workspace {
    open(OpenOptions::server(Root::Folder(root.to_path_buf())), &|_| {}).unwrap()
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn endless(at: &Path) {
    symlink("/dev/zero", at).unwrap();
}

fn pipe(at: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
}

fn listed(workspace: &Workspace) -> Vec<String> {
    let mut all: Vec<_> = workspace.files().map(|it| workspace.path(it).to_string()).collect();
    all.sort();
    all
}

#[test]
fn a_configuration_without_an_end_is_refused() {
    for place in [endless, pipe] {
        let folder = tempfile::tempdir().unwrap();
        place(&folder.path().join("archwright.toml"));
        let result = open(OpenOptions::server(Root::Folder(folder.path().to_path_buf())), &|_| {});
        assert!(result.is_err_and(|it| it.to_string().contains("no regular file")));
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "archwright.toml", &"#".repeat(2 * 1024 * 1024));
    assert!(open(OpenOptions::server(Root::Folder(folder.path().to_path_buf())), &|_| {}).is_err());
}

#[test]
fn lists_of_what_to_leave_out_have_an_end() {
    for name in [".gitignore", ".ignore"] {
        for place in [endless, pipe] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), "docs/features/a/design.md", "# A\n");
            write(folder.path(), "docs/features/b/design.md", "# B\n");
            place(&folder.path().join("docs/features/b").join(name));
            let opened = workspace(folder.path());
            assert!(listed(&opened).contains(&"docs/features/a/design.md".to_owned()));
            let told = opened.file(&RelPath::new(&format!("docs/features/b/{name}"))).unwrap();
            assert!(opened.findings(told).iter().any(|it| it.rule.code == "document/unreadable"));
            // In the root it cannot be gone without.
            place(&folder.path().join(name));
            assert!(listed(&workspace(folder.path())).contains(&"docs/features/a/design.md".to_owned()));
        }
    }
}

#[test]
fn a_configuration_does_not_lift_every_bound() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "archwright.toml", "max-file-size = 9223372036854775807\n");
    assert_eq!(workspace(folder.path()).config().max_file_size(), 64 * 1024 * 1024);
}

#[test]
fn many_new_folders_are_what_opening_afresh_finds() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".gitignore", "ignored/\n");
    write(folder.path(), "docs/features/f/design.md", "# F\n");
    let mut changed = workspace(folder.path());
    let mut paths = Vec::new();
    for at in 0..300 {
        let name = if at % 10 == 0 { "ignored" } else { "adrs" };
        write(folder.path(), &format!("docs/features/f{at}/design.md"), "# F\n");
        write(folder.path(), &format!("docs/features/f{at}/{name}/0001-x.md"), "# 1. X\n");
        paths.push(RelPath::new(&format!("docs/features/f{at}")));
        paths.push(RelPath::new(&format!("docs/features/f{at}/{name}/0001-x.md")));
    }
    changed.apply(vec![Change::Disk { paths }]);
    assert_eq!(listed(&changed), listed(&workspace(folder.path())));
}
