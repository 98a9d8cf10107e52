//! `archwright eval` from outside, on its sample.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::{path::Path, process::Command};

/// Exit code, stdout and stderr.
fn eval(arguments: &[&str]) -> (i32, String, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/workspaces");
    let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
    let output = command.arg("eval").args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_figures_of_the_sample() {
    let (code, text, _) = eval(&["labelled/eval.toml"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("eval_text", text);
    let (_, markdown, _) = eval(&["labelled/eval.toml", "--format", "markdown"]);
    insta::assert_snapshot!("eval_markdown", markdown);
    let (_, json, _) = eval(&["labelled/eval.toml", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["version"], &json["overall"]["hits"]), (&1.into(), &3.into()), "{json}");
}

#[test]
fn shares_can_be_asked_for() {
    assert_eq!(eval(&["labelled/eval.toml", "--min-recall", "75", "--min-precision", "100"]).0, 0);
    assert_eq!(eval(&["labelled/eval.toml", "--min-recall", "76"]).0, 1);
    let (code, _, told) = eval(&["labelled/eval.toml", "--min-recall", "101"]);
    assert!(code == 2 && told.contains("101"), "{told}");
    let (code, out, told) = eval(&["README.md"]);
    assert!(code == 2 && out.is_empty() && told.contains("a .toml or a .json file"), "{told}");
}
