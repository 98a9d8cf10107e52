//! `archwright check` from outside: the three formats for readers and machines, fixes, paths and exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use tempfile::TempDir;

/// A workspace whose only rules are those of links, so that snapshots change only with the output.
const CONFIG: &str = "[links]\ncheck = \"all\"\n[rules]\n\"link/dead-anchor\" = \"warning\"\n";

fn workspace(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::Builder::new().prefix("check-").tempdir().unwrap();
    write(folder.path(), "archwright.toml", CONFIG);
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Exit code, stdout and stderr of `archwright check`.
fn check(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
    let output =
        command.arg("check").args(arguments).current_dir(folder).env_remove("ARCHWRIGHT_LOG").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn hostile() -> TempDir {
    let long = format!("{}[a](long.md){}", "x".repeat(300), "y".repeat(300));
    let notes = format!(
        "# Notes\n\nSee [guide](missing.md), [注文](fehlt.md).\n\tTab [t](tab.md)\n{long}\n\
        \u{1b}[31mRed\u{202e} [r](red.md)\n\nBack to [top](#no-such).\n"
    );
    workspace(&[("notes, 100%.md", &notes)])
}

#[test]
fn text_shows_the_lines_a_finding_is_about() {
    let (code, stdout, stderr) = check(hostile().path(), &[]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    insta::assert_snapshot!(stdout);
}

#[test]
fn what_is_said_again_and_again_is_counted() {
    let files: Vec<(String, &str)> = (10..25).map(|it| (format!("a{it}.md"), "# A\n\nSee [b](b.md).\n")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1)).collect();
    let folder = workspace(&files);
    let (_, stdout, _) = check(folder.path(), &[]);
    assert_eq!(stdout.matches("`b.md` does not exist").count(), 4, "{stdout}");
    let line =
        "error[link/dead-target]: 12 more, in 12 files: `b.md` does not exist.\n  --> a13.md:3, a14.md:3, a15.md:3 and";
    assert!(stdout.contains(line) && stdout.contains("15 errors in 16 files"), "{stdout}");
    let (_, json, _) = check(folder.path(), &["--format", "json"]);
    assert_eq!(json.matches("\"link/dead-target\"").count(), 15);
    // Ten of them are shown one by one.
    let (_, few, _) = check(workspace(&files[..10]).path(), &[]);
    assert!(!few.contains(" more, in"), "{few}");
}

#[test]
fn colors_are_there_when_they_are_asked_for() {
    let folder = workspace(&[("a.md", "# A\n\n[b](b.md)\n")]);
    let (_, plain, _) = check(folder.path(), &["--color", "never"]);
    let (_, styled, _) = check(folder.path(), &["--color", "always"]);
    assert!(!plain.contains('\u{1b}') && styled.contains("\u{1b}["), "{styled}");
}

#[test]
fn github_gets_one_command_per_finding() {
    let (code, stdout, _) = check(hostile().path(), &["--format", "github"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(stdout);
}

#[test]
fn sarif_names_rules_places_and_fingerprints() {
    let (code, stdout, _) = check(hostile().path(), &["--format", "sarif"]);
    assert_eq!(code, 1);
    let mut log: Value = serde_json::from_str(&stdout).unwrap();
    let driver = &mut log["runs"][0]["tool"]["driver"];
    driver["semanticVersion"] = "0.0.0".into();
    let rules = driver["rules"].as_array_mut().unwrap();
    rules.retain(|it| it["id"] == "link/dead-target");
    rules[0]["help"] = "the page of the rule".into();
    let results = log["runs"][0]["results"].as_array_mut().unwrap();
    results.truncate(2);
    for result in results {
        result["ruleIndex"] = "the place of the rule in the list".into();
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&log).unwrap());
}

#[test]
fn fingerprints_survive_lines_above() {
    let fingerprints = |text: &str| -> Vec<String> {
        let (_, stdout, _) = check(workspace(&[("a.md", text)]).path(), &["--format", "sarif"]);
        let log: Value = serde_json::from_str(&stdout).unwrap();
        log["runs"][0]["results"].as_array().unwrap().iter().map(|it| it["partialFingerprints"].to_string()).collect()
    };
    let before = fingerprints("# A\n\n[b](b.md) [c](c.md)\n");
    assert_eq!(before, fingerprints("# A\n\nNew.\n\n[b](b.md) [c](c.md)\n"));
    assert_ne!(before[0], before[1]);
}

#[test]
fn only_errors_fail_a_check() {
    let folder = workspace(&[("a.md", "# A\n\n[b](#no-such)\n")]);
    assert_eq!(check(folder.path(), &[]).0, 0);
    assert!(check(folder.path(), &[]).1.contains("\n1 warning in 2 files\n"));
    let (code, stdout, stderr) = check(folder.path(), &["--severity", "error"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    insta::assert_snapshot!(stdout, @"
    No problems in 2 files.
    Nothing was recognised as a design, decision record, contract, schema, AsyncAPI document or runbook; `[documents]` in archwright.toml says where yours are.
    ");
    assert_eq!(check(folder.path(), &["--severity", "error", "--quiet"]).1, "");
}

#[test]
fn code_that_is_not_read_is_counted_by_language() {
    let files = [("a.md", "# A\n"), ("src/One.cs", "class One {}\n"), ("src/Two.cs", ""), ("src/main.go", "")];
    let folder = workspace(&files);
    let (_, stdout, _) = check(folder.path(), &[]);
    assert!(stdout.contains("says where yours are. Not read: 2 files of C#, 1 file of Go.\n"), "{stdout}");
    let (_, json, _) = check(folder.path(), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["summary"]["unread_code"], serde_json::json!({ "C#": 2, "Go": 1 }), "{json}");
}

#[test]
fn documents_that_no_rule_reads_are_named() {
    let files = [
        ("docs/adr/0001-queue.rst", "Queue\n=====\n"),
        ("docs/adr/0002-outbox.rst", "Outbox\n======\n"),
        ("docs/adr/index.rst", "Records\n=======\n"),
        ("docs/postmortems/lag.md", "# Lag\n"),
    ];
    let (_, stdout, _) = check(workspace(&files).path(), &[]);
    let told = "Not read, because they are not Markdown: 2 ADRs in reStructuredText (docs/adr). Read by no rule: 1 \
        postmortem (docs/postmortems).";
    assert!(stdout.contains(told), "{stdout}");
}

#[test]
fn paths_limit_the_report_and_are_shown_from_where_the_reader_stands() {
    let folder = workspace(&[("a/one.md", "[x](x.md)\n"), ("b/two.md", "[y](y.md)\n")]);
    let (_, stdout, _) = check(folder.path(), &["b"]);
    assert!(stdout.contains(" b/two.md:1:5") && !stdout.contains("one.md"), "{stdout}");
    let (_, stdout, _) = check(&folder.path().join("a"), &["../b/two.md", "."]);
    assert!(stdout.contains(" ../b/two.md:1:5") && stdout.contains(" one.md:1:5"), "{stdout}");
    let (code, _, stderr) = check(&folder.path().join("a"), &["--root", ".", "../b"]);
    assert!(code == 2 && stderr.contains("../b does not lie in the workspace"), "{stderr}");
}

#[test]
fn several_workspaces_are_one_report() {
    let folder = tempfile::Builder::new().prefix("check-").tempdir().unwrap();
    for name in ["a", "b"] {
        write(folder.path(), &format!("{name}/archwright.toml"), CONFIG);
        write(folder.path(), &format!("{name}/x.md"), "[y](y.md)\n");
    }
    let (code, stdout, _) = check(folder.path(), &["a", "b/x.md", "--format", "json"]);
    let report: Value = serde_json::from_str(&stdout).unwrap();
    let files: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|it| it["file"].as_str().unwrap()).collect();
    assert_eq!((code, files), (1, vec!["a/x.md", "b/x.md"]));
    assert_eq!(report["summary"]["errors"], 2);
}

#[test]
fn a_path_without_anything_to_check_is_mentioned() {
    let folder = workspace(&[("picture.png", ""), ("a.md", "# A\n")]);
    fs::create_dir(folder.path().join("pictures")).unwrap();
    let (code, _, stderr) = check(folder.path(), &["pictures"]);
    assert!(code == 0 && stderr.contains("Nothing to check in pictures"), "{stderr}");
}

#[test]
fn a_file_that_was_named_and_cannot_be_checked_is_an_error() {
    let files = [
        ("picture.png", ""),
        ("data.json", "{\"scripts\": {\"asyncapi\": \"x\"}}\n"),
        ("order.avsc", "{}\n"),
        ("left-out.md", "# A\n"),
        (".gitignore", "left-out.md\n"),
        ("a.md", "# A\n"),
    ];
    let folder = workspace(&files);
    for (path, reason) in
        [("picture.png", "Archwright reads"), ("data.json", "no AsyncAPI document"), ("left-out.md", ".gitignore")]
    {
        let (code, stdout, stderr) = check(folder.path(), &[path]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{path}");
        assert!(stderr.contains(&format!("error: {path} was not checked")) && stderr.contains(reason), "{stderr}");
        assert_eq!(check(folder.path(), &[path, "a.md", "--quiet"]).0, 2);
    }
    let (code, stdout, _) = check(folder.path(), &["order.avsc"]);
    assert!(code == 1 && stdout.contains("schema/invalid"), "a schema is one wherever it lies: {stdout}");
}

#[test]
fn an_asyncapi_document_is_told_by_what_it_is() {
    let broken = "\"info\": {\"title\": \"Orders\"}, \"asyncapi\": \"3.0.0\"";
    let licence = "# Licensed as is.\n".repeat(400);
    let files = [
        ("one-line.json", format!("{{{broken}}}")),
        ("flow.yaml", format!("{{{broken}}}")),
        ("licence.yaml", format!("{licence}asyncapi: 3.0.0\ninfo: {{ title: Orders }}\n")),
        ("orders.asyncapi", "asyncapi: 3.0.0\ninfo: { title: Orders }\n".to_owned()),
    ];
    let folder = workspace(&files.each_ref().map(|it| (it.0, it.1.as_str())));
    for (path, _) in &files {
        let (code, stdout, _) = check(folder.path(), &[path]);
        assert!(code == 1 && stdout.contains("asyncapi/missing-field"), "{path}: {stdout}");
    }
    let utf16 =
        |text: &str| [&[0xff, 0xfe], &*text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat();
    fs::write(folder.path().join("wide.yaml"), utf16("asyncapi: 3.0.0\n")).unwrap();
    let (code, stdout, _) = check(folder.path(), &["wide.yaml"]);
    assert!(code == 1 && stdout.contains("The file is UTF-16. Save it as UTF-8."), "{stdout}");
}

#[test]
fn utf_16_is_called_by_its_name_and_left_alone() {
    let little = |text: &str| -> Vec<u8> {
        [&[0xff, 0xfe], &*text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat()
    };
    let big = |text: &str| -> Vec<u8> {
        [&[0xfe, 0xff], &*text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()].concat()
    };
    let folder = workspace(&[("docs/features/a/README.md", "# A\n")]);
    let root = folder.path();
    let artifacts = [
        ("api.yaml", "asyncapi: 3.0.0\ninfo: { title: x, version: 1.0.0 }\n"),
        ("api.json", "{\"asyncapi\": \"3.0.0\"}"),
        ("docs/features/a/design.md", "# Design: a\n\n[gone](gone.md)\n"),
        ("docs/features/a/contracts/a.placed.v1.md", "# Contract: a.placed.v1\n"),
        ("docs/features/a/schemas/a.placed.v1.avsc", "{\"type\": \"strng\"}"),
        ("docs/features/a/schemas/a.placed.v2.json", "{\"type\": \"strng\"}"),
        ("docs/features/a/schemas/a.placed.v3.proto", "message A {"),
        ("proto/orders.proto", "message A {"),
        ("lib/order.avsc", "{\"type\": \"strng\"}"),
        ("lib/order.json", "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"}"),
    ];
    let others =
        [("notes.md", "# Notes\n\n[gone](gone.md)\n"), ("src/send.ts", "import { Kafka } from \"kafkajs\";\n")];
    let mut written = Vec::new();
    for (at, (path, text)) in artifacts.iter().chain(&others).enumerate() {
        let bytes = if at % 2 == 0 { little(text) } else { big(text) };
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), &bytes).unwrap();
        written.push((*path, bytes));
    }
    // In a folder and by name; what is no artifact may be anything until somebody names it.
    let (code, all, _) = check(root, &[]);
    assert_eq!((code, all.matches("The file is UTF-16. Save it as UTF-8.").count()), (1, artifacts.len()), "{all}");
    for (path, _) in artifacts {
        let (code, stdout, _) = check(root, &[path]);
        assert!(code == 1 && stdout.contains("The file is UTF-16. Save it as UTF-8."), "{path}: {stdout}");
    }
    for (path, _) in others {
        let (code, _, stderr) = check(root, &[path]);
        assert!(code == 2 && stderr.contains(&format!("{path} was not checked: it is UTF-16")), "{path}: {stderr}");
    }
    check(root, &["--fix"]);
    check(root, &["--fix", "docs/features/a/design.md", "notes.md"]);
    for (path, bytes) in &written {
        assert_eq!(&fs::read(root.join(path)).unwrap(), bytes, "{path}");
    }
    // The configuration, and the commands that read a file by themselves.
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_archwright")).args(arguments).current_dir(root).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    for arguments in [["convert", "api.yaml"].as_slice(), &["diff", "api.yaml", "api.json"]] {
        let told = run(arguments);
        assert!(told.contains("api.yaml: it is UTF-16; save it as UTF-8"), "{told}");
    }
    fs::write(root.join("archwright.toml"), little("exclude = []\n")).unwrap();
    let (code, _, stderr) = check(root, &[]);
    assert!(code == 2 && stderr.contains("archwright.toml") && stderr.contains("UTF-16"), "{stderr}");
}

#[test]
fn a_configuration_that_was_named_must_be_there() {
    let folder = workspace(&[("a.md", "[b](b.md)\n"), ("other.toml", "[rules]\n\"link/*\" = \"off\"\n")]);
    assert_eq!(check(folder.path(), &["--config", "other.toml"]).0, 0);
    let (code, stdout, stderr) = check(folder.path(), &["--config", "none.toml"]);
    assert!(code == 2 && stdout.is_empty() && stderr.contains("none.toml"), "{stderr}");
}

#[test]
fn fixes_are_shown_by_a_dry_run_and_written_without() {
    let files = [("team-guide.md", "# Guide\n"), ("docs/a.md", "# A\n\n[g](../../team-guide.md)\n")];
    let folder = workspace(&files);
    let (code, diff, stderr) = check(folder.path(), &["--fix", "--dry-run"]);
    assert_eq!(code, 1, "{diff}{stderr}");
    insta::assert_snapshot!(diff);
    assert_eq!(fs::read_to_string(folder.path().join("docs/a.md")).unwrap(), files[1].1);

    let (code, stdout, stderr) = check(folder.path(), &["--fix"]);
    assert_eq!((code, stdout.lines().next()), (0, Some("No problems in 3 files.")));
    assert_eq!(stderr, "Fixed 1 problem in 1 file:\n  docs/a.md\n");
    assert_eq!(fs::read_to_string(folder.path().join("docs/a.md")).unwrap(), "# A\n\n[g](../team-guide.md)\n");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_stops_no_fix_of_another() {
    use std::os::unix::fs::PermissionsExt;

    let text = "# A\n\n[g](../../team-guide.md)\n";
    let folder = workspace(&[
        ("team-guide.md", "# Guide\n"),
        ("docs/a.md", text),
        ("docs/CLAUDE.md", text),
        ("docs/locked.md", text),
        ("docs/z.md", text),
        ("shut/c.md", text),
    ]);
    let mode = |path: &str, mode| fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode));
    let mut bytes = text.as_bytes().to_vec();
    bytes.extend(b"caf\xe9\n");
    fs::write(folder.path().join("docs/latin.md"), &bytes).unwrap();
    mode("docs/locked.md", 0o444).unwrap();
    mode("shut", 0o555).unwrap();
    let (_, diff, told) = check(folder.path(), &["--fix", "--dry-run"]);
    assert!(diff.contains("docs/a.md") && diff.contains("docs/z.md") && !diff.contains("locked"), "{diff}");
    assert!(told.contains("docs/locked.md: the file is read-only"), "{told}");
    let (code, stdout, stderr) = check(folder.path(), &["--fix"]);
    mode("shut", 0o755).unwrap();
    assert_eq!(code, 1, "{stdout}{stderr}");
    // What was refused is named, and no other `--fix` would do it.
    assert!(stdout.contains("error") && !stdout.contains("fixable") && !stdout.contains("--fix does it"), "{stdout}");
    assert!(stderr.starts_with("Fixed 2 problems in 2 files:\n  docs/a.md\n  docs/z.md\n"), "{stderr}");
    for word in
        ["docs/CLAUDE.md: `claude.md` belongs", "docs/locked.md: the file is read-only", "shut/c.md: its folder"]
    {
        assert!(stderr.contains(word), "{word} in {stderr}");
    }
    assert_eq!(fs::read(folder.path().join("docs/latin.md")).unwrap(), bytes);
    for path in ["docs/CLAUDE.md", "docs/locked.md", "shut/c.md"] {
        assert_eq!(fs::read_to_string(folder.path().join(path)).unwrap(), text, "{path}");
    }
}

#[test]
fn documents_that_cannot_be_read_are_told_in_a_folder() {
    let record = "# 1. Use X\n\n## Status\n\nAccepted\n\n## Context\n\nText.\n\n## Decision\n\nX.\n";
    let folder = workspace(&[("archwright.toml", "max-file-size = 400\n"), ("docs/adr/0001-use-x.md", record)]);
    let write = |path: &str, bytes: &[u8]| fs::write(folder.path().join(path), bytes).unwrap();
    let little: Vec<u8> = record.encode_utf16().flat_map(u16::to_le_bytes).collect();
    write("docs/adr/0002-with-mark.md", &[&[0xff, 0xfe], little.as_slice()].concat());
    write("docs/adr/0003-without.md", &little);
    write("docs/adr/0004-nul.md", &[record.as_bytes(), b"\0"].concat());
    write("notes.md", "words ".repeat(100).as_bytes());
    let (code, stdout, _) = check(folder.path(), &[]);
    let told = "Could not be read, and was not checked: 4 documents. docs/adr/0002-with-mark.md is UTF-16; save it as \
        UTF-8 text. docs/adr/0003-without.md is UTF-16; save it as UTF-8 text. docs/adr/0004-nul.md is binary; save \
        it as UTF-8 text. And 1 more; `--format json` names them.";
    assert!(code == 0 && stdout.contains(told), "{stdout}");
    let (_, json, _) = check(folder.path(), &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let files: Vec<&str> =
        json["summary"]["unreadable"].as_array().unwrap().iter().filter_map(|it| it["file"].as_str()).collect();
    let expected = ["docs/adr/0002-with-mark.md", "docs/adr/0003-without.md", "docs/adr/0004-nul.md", "notes.md"];
    assert_eq!(files, expected);
    let (_, sarif, _) = check(folder.path(), &["--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let notifications = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notifications.len(), 4);
    let uri = &notifications[3]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "notes.md");
    let (_, github, _) = check(folder.path(), &["--format", "github"]);
    assert!(github.contains("::notice file=notes.md,title=not read::notes.md was not checked: it has"), "{github}");
}

#[cfg(unix)]
#[test]
fn a_pipe_or_device_that_was_named_is_refused() {
    let folder = workspace(&[("notes.md", "# Notes\n")]);
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe.md")).status().unwrap().success());
    for arguments in [&["pipe.md"][..], &["pipe.md", "notes.md"], &["/dev/zero"], &["pipe.md", "--format", "json"]] {
        let (code, stdout, stderr) = check(folder.path(), arguments);
        assert!(code == 2 && stdout.is_empty() && stderr.contains("is no regular file"), "{arguments:?}: {stderr}");
    }
    // Met on the way it is nothing that anybody wants to be checked.
    assert_eq!(check(folder.path(), &[]).0, 0);
}
