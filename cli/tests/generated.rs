//! The rule pages and schemas in `docs/` are those that the program writes.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{path::Path, process::Command};

#[test]
fn generated_files_are_up_to_date() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let output = Command::new(env!("CARGO_BIN_EXE_archwright")).args(["docs", "--check"]).arg(docs).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
