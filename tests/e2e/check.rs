//! `archwright check` on the sample workspaces: findings, formats, fixes and exit codes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use archwright_e2e::{
    Place, archwright, findings, places, read_json, report, repository, run, temporary_folder, tool, workspace, write,
};
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn the_clean_workspace_has_no_findings() {
    let workspace = workspace("shop");
    assert_eq!(places(&report(workspace.path())), BTreeSet::new());
}

#[test]
fn the_faulty_workspace_has_exactly_the_planted_faults() {
    let workspace = workspace("shop-faulty");
    let report = report(workspace.path());
    let planted = read_json(&repository().join("tests/workspaces/shop-faulty.expected.json"));
    let planted: BTreeMap<Place, String> = planted.as_array().unwrap().iter().map(planted_fault).collect();

    let found = places(&report);
    let expected: BTreeSet<Place> = planted.keys().cloned().collect();
    let missed: Vec<_> = expected.difference(&found).collect();
    let unplanned: Vec<_> = found.difference(&expected).collect();
    assert!(missed.is_empty() && unplanned.is_empty(), "missed: {missed:#?}\nnot planted: {unplanned:#?}");

    for finding in findings(&report) {
        let covered = covered_text(workspace.path(), finding);
        let text = &planted[&place(finding)];
        assert!(
            covered.starts_with(text) || text.starts_with(&covered),
            "{text:?} was planted, {covered:?} is covered: {finding:#}"
        );
    }
}

#[test]
fn a_finding_says_all_that_a_reader_needs() {
    let workspace = workspace("shop-faulty");
    let report = report(workspace.path());
    assert!(report["summary"].is_object(), "{report:#}");
    for finding in findings(&report) {
        assert!(["error", "warning", "info", "hint"].contains(&finding["severity"].as_str().unwrap()), "{finding:#}");
        assert!(finding["message"].as_str().unwrap().len() > 10, "{finding:#}");
        assert!(finding["fixable"].is_boolean() && finding["related"].is_array(), "{finding:#}");
        assert!(finding["end"]["line"].is_u64() && finding["end"]["column"].is_u64(), "{finding:#}");
    }
}

#[test]
fn sarif_follows_its_schema() {
    let mut schema = read_json(&tool("mcp-clients.sh", "mcp-clients/sarif-2.1.0.json"));
    // The published schema's pattern of a language is no regular expression (an unmatched bracket); nothing else is
    // relaxed.
    for owner in ["run", "toolComponent"] {
        let pattern = schema
            .pointer_mut(&format!("/definitions/{owner}/properties/language/pattern"))
            .expect("a language has a pattern");
        *pattern = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, code) in [("shop", 0), ("shop-faulty", 1)] {
        let workspace = workspace(name);
        let mut check = archwright(["check", ".", "--format", "sarif"]);
        let sarif = run(check.current_dir(workspace.path()), LIMIT).expect_code(code).json();
        let errors: Vec<String> =
            validator.iter_errors(&sarif).map(|it| format!("{}: {it}", it.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert_eq!(sarif["version"], "2.1.0");
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), findings(&report(workspace.path())).len());
    }
}

#[test]
fn text_and_github_name_every_rule_and_file() {
    let workspace = workspace("shop-faulty");
    let places = places(&report(workspace.path()));
    for format in ["text", "github"] {
        let mut check = archwright(["check", ".", "--format", format]);
        let finished = run(check.current_dir(workspace.path()), LIMIT).expect_code(1);
        for (file, _, rule) in &places {
            assert!(
                finished.stdout.contains(rule) && finished.stdout.contains(file),
                "{format} misses {rule} in {file}\n{finished}"
            );
        }
    }
}

#[test]
fn a_dry_run_shows_a_diff_and_changes_nothing() {
    let workspace = workspace("shop-faulty");
    let before = contents(workspace.path());
    let mut check = archwright(["check", ".", "--fix", "--dry-run"]);
    let finished = run(check.current_dir(workspace.path()), LIMIT);
    assert!(finished.stdout.contains("\n@@ "), "{finished}");
    assert!(before == contents(workspace.path()), "a dry run changed a file");
}

#[test]
fn fixing_leaves_fewer_findings_and_no_new_ones() {
    let workspace = workspace("shop-faulty");
    let before = report(workspace.path());
    let fixable = findings(&before).iter().filter(|it| it["fixable"] == true).count();
    assert!(fixable > 0);
    run(archwright(["check", ".", "--fix"]).current_dir(workspace.path()), LIMIT);
    let after = report(workspace.path());
    assert!(findings(&after).len() < findings(&before).len(), "{after:#}");

    let rules = |report: &Value| -> BTreeSet<String> { places(report).into_iter().map(|(_, _, rule)| rule).collect() };
    let (before, after) = (rules(&before), rules(&after));
    assert!(after.is_subset(&before), "fixes caused findings of other rules: {:?}", after.difference(&before));
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    let folder = temporary_folder();
    for arguments in [["check", "no-such-folder"], ["check", "--no-such-option"], ["check", "--format=no-such-format"]]
    {
        let finished = run(archwright(arguments).current_dir(folder.path()), LIMIT).expect_code(2);
        assert!(finished.stdout.is_empty(), "{finished}");
        assert!(finished.stderr.contains("no-such-"), "the message names the mistake\n{finished}");
    }
}

#[test]
fn a_git_repository_reports_the_same_findings() {
    let workspace = workspace("shop-faulty");
    // A repository with code and without any pipeline is told that it checks nothing (`evidence/missing-job`).
    write(workspace.path(), ".github/workflows/ci.yml", "on: [push]\njobs:\n  check:\n    runs-on: ubuntu-latest\n");
    let before = places(&report(workspace.path()));
    git(workspace.path(), &["init", "--quiet"]);
    git(workspace.path(), &["add", "."]);
    git(
        workspace.path(),
        &["-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "Start"],
    );
    assert_eq!(places(&report(workspace.path())), before);
}

#[test]
fn a_subfolder_belongs_to_its_workspace() {
    let workspace = workspace("shop");
    let mut check = archwright(["check", "."]);
    run(check.current_dir(workspace.path().join("docs/features/order-checkout")), LIMIT).expect_code(0);
}

#[test]
fn a_single_file_outside_any_workspace_is_checked() {
    let folder = temporary_folder();
    write(folder.path(), "notes.md", "# Notes\n\nBuy milk.\n");
    run(archwright(["check", "notes.md"]).current_dir(folder.path()), LIMIT).expect_code(0);
}

fn planted_fault(fault: &Value) -> (Place, String) {
    let text = |key: &str| fault[key].as_str().unwrap().to_owned();
    ((text("file"), fault["line"].as_u64().unwrap(), text("rule")), text("text"))
}

fn place(finding: &Value) -> Place {
    let text = |key: &str| finding[key].as_str().unwrap().to_owned();
    (text("file"), finding["start"]["line"].as_u64().unwrap(), text("rule"))
}

/// The source text from the start of a finding to its end, or to the end of the first line. Columns count characters
/// from 1.
fn covered_text(workspace: &Path, finding: &Value) -> String {
    let number = |place: &str, key: &str| usize::try_from(finding[place][key].as_u64().unwrap()).unwrap();
    let source = fs::read_to_string(workspace.join(finding["file"].as_str().unwrap())).unwrap();
    let line = source.lines().nth(number("start", "line") - 1).unwrap();
    let start = number("start", "column") - 1;
    let end = if number("end", "line") == number("start", "line") { number("end", "column") - 1 } else { usize::MAX };
    line.chars().take(end).skip(start).collect()
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

fn git(folder: &Path, arguments: &[&str]) {
    run(Command::new("git").args(arguments).current_dir(folder), LIMIT).expect_code(0);
}
