//! `cargo xtask new-rule`, in a copy of the lists of rules.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

const RULES: &str = "core/rules/src";

/// A folder with the lists of the families.
fn copy() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for family in families() {
        let to = folder.path().join(RULES).join(family.file_name().unwrap());
        fs::create_dir_all(&to).unwrap();
        fs::copy(family.join("mod.rs"), to.join("mod.rs")).unwrap();
    }
    folder
}

fn families() -> Vec<PathBuf> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(RULES);
    let folders = fs::read_dir(rules).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_dir());
    // What the rules share lies beside them and has no list.
    let has_rules = |folder: &PathBuf| fs::read_to_string(folder.join("mod.rs")).unwrap().contains("RULES:");
    folders.filter(has_rules).collect()
}

fn new_rule(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg("new-rule").args(arguments).arg("--root").arg(root).output().unwrap()
}

fn refusal(arguments: &[&str]) -> String {
    let folder = copy();
    let output = new_rule(folder.path(), arguments);
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_rule_begins_with_a_page_a_file_and_a_line_in_its_list() {
    let folder = copy();
    let output = new_rule(folder.path(), &["channel/hot-key", "--source", "A-120", "--source", "H-021"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("cargo test -p archwright-analysis --test pages channel/hot-key"), "{said}");
    let read = |name: &str| fs::read_to_string(folder.path().join(RULES).join("channel").join(name)).unwrap();
    let rule = read("hot_key.rs");
    for part in [
        "//! `channel/hot-key`: ",
        "code: \"channel/hot-key\",",
        "sources: &[\"A-120\", \"H-021\"],",
        "include_str!(\"hot_key.md\")",
    ] {
        assert!(rule.contains(part), "{part}\n{rule}");
    }
    assert!(read("hot_key.md").contains("## Example\n\n````bad\n//- /"));
    let list = read("mod.rs");
    assert!(list.contains("mod drawn_otherwise;\nmod hot_key;\nmod idempotency_mismatch;\n"), "{list}");
    assert!(
        list.contains("    &drawn_otherwise::RULE,\n    &hot_key::RULE,\n    &idempotency_mismatch::RULE,\n"),
        "{list}"
    );
}

/// Lists stay as the formatter writes them, whether a line still holds them or not, and wherever the new rule stands.
#[test]
fn lists_stay_formatted() {
    let folder = copy();
    for family in families() {
        let family = family.file_name().unwrap().to_str().unwrap().to_owned();
        if family == "asyncapi" {
            continue;
        }
        for name in ["aaa-first-of-all", "middle", "zzz-last-of-all"] {
            let output = new_rule(folder.path(), &[&format!("{family}/{name}")]);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let list = fs::read_to_string(folder.path().join(RULES).join(&family).join("mod.rs")).unwrap();
        let declared = list.lines().filter(|it| it.ends_with(';') && it.contains("mod "));
        let names = declared.map(|it| it.rsplit(' ').next().unwrap());
        assert!(names.collect::<Vec<_>>().is_sorted(), "{list}");
        // From its input, the formatter does not go on to the modules that the text declares.
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut format = Command::new("rustfmt");
        format.args(["--check", "--edition", "2024", "--config-path"]).arg(config);
        let path = folder.path().join(RULES).join(&family).join("mod.rs");
        let output = format.stdin(fs::File::open(path).unwrap()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn what_is_no_new_rule_is_refused_and_nothing_is_written() {
    assert!(refusal(&["dlq-name"]).contains("`dlq-name` is no code of a rule"));
    assert!(refusal(&["channel/DLQ_name"]).contains("is no code of a rule"));
    assert!(refusal(&["channel/../link"]).contains("is no code of a rule"));
    assert!(refusal(&["channel/dlq-name"]).contains("there is a rule `channel/dlq-name` already"));
    assert!(refusal(&["asyncapi/other"]).contains("checks of archwright-asyncapi"));
    let told = refusal(&["chanel/other"]);
    assert!(told.contains("there is no family `chanel`") && told.contains("channel, configuration"), "{told}");
}

#[test]
fn a_rule_is_begun_once() {
    let folder = copy();
    assert!(new_rule(folder.path(), &["link/other"]).status.success());
    let output = new_rule(folder.path(), &["link/other"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("already"));
}
