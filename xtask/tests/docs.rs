//! What is generated in `docs/` is up to date, and whatever is not is found and mended.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn docs(root: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg("docs").args(more).arg("--root").arg(root).output().unwrap()
}

#[test]
fn generated_files_are_up_to_date() {
    let output = docs(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &["--check"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn stale_missing_and_obsolete_files_are_told_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    assert!(docs(folder.path(), &[]).status.success());
    let at = |path: &str| folder.path().join("docs").join(path);
    fs::write(at("rules/link/dead-target.md"), "other").unwrap();
    fs::write(at("rules/link/no-more.md"), "").unwrap();
    fs::remove_file(at("schemas/report.schema.json")).unwrap();
    let output = docs(folder.path(), &["--check"]);
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    let stale = "stale: rules/link/dead-target.md, schemas/report.schema.json, rules/link/no-more.md";
    assert!(told.contains(stale), "{told}");
    assert!(docs(folder.path(), &[]).status.success());
    assert!(docs(folder.path(), &["--check"]).status.success());
    assert!(!at("rules/link/no-more.md").exists());
}
