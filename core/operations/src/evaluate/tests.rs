//! Labels are counted as they are meant, and manifests that cannot be are refused with all that is wrong.

use std::fs;

use archwright_engine::{OpenOptions, Root};

use super::{Evaluation, ManifestError, ReadManifest, evaluate};
use crate::fixture::Fixture;

const DOCUMENTS: &str = "\
//- /docs/features/seats/contracts/seats.held.v1.md
# Contract: seats.held.v1

- **Delivery**: exactly-once, end to end
- **DLQ**: `seats.held.v1.dlq`, owner team-halls, alert on depth
//- /docs/features/seats/contracts/seats.freed.v1.md
# Contract: seats.freed.v1

- **Delivery**: at-least-once, never exactly-once
//- /notes.md
Retry forever.
";

const HELD: &str = "docs/features/seats/contracts/seats.held.v1.md";

fn run(manifest: &str) -> Result<Evaluation, ManifestError> {
    let fixture = Fixture::new(DOCUMENTS);
    let path = fixture.folder.path().join("eval.toml");
    fs::write(&path, manifest).unwrap();
    let read = ReadManifest::read(&path)?;
    let workspace = archwright_rules::open(OpenOptions::batch(Root::Folder(read.folder.clone())), &|_| {}).unwrap();
    evaluate(&workspace, &read)
}

fn label(file: &str, line: &str, more: &str) -> String {
    format!("[[labels]]\nfile = \"{file}\"\nline = {line}\n{more}\n")
}

#[test]
fn hits_misses_and_false_alarms_are_told_apart() {
    let labels = [
        label(HELD, "3", "kind = \"fault\"\nrule = \"reliability/overclaimed-delivery\""),
        label(HELD, "4", "kind = \"trap\"\nrule = \"reliability/*\""),
        label(HELD, "1", "kind = \"fault\"\nrule = \"reliability/unbounded-retry\""),
        label("docs/features/seats/contracts/seats.freed.v1.md", "3", "kind = \"trap\""),
        label("notes.md", "1", "kind = \"fault\"\nnote = \"endless\""),
    ];
    let evaluation = run(&format!("rules = [\"reliability/*\"]\n{}", labels.concat())).unwrap();
    let all = evaluation.overall;
    let counts = [all.hits, all.misses, all.traps, all.sprung, all.right, all.false_alarms, all.unjudged];
    assert_eq!(counts, [1, 2, 2, 1, 1, 1, 0], "{evaluation:#?}");
    let shares = [all.precision, all.recall, all.f1].map(|it| format!("{:.3}", it.unwrap()));
    assert_eq!(shares, ["0.500", "0.333", "0.400"]);
    assert_eq!(evaluation.by_rule["reliability/overclaimed-delivery"].f1, Some(1.0));
    assert_eq!(evaluation.by_rule["reliability/*"].sprung, 1);
    let why = |file: &str| evaluation.misses.iter().find(|it| it.file.as_str() == file).unwrap().why.clone();
    assert!(why("notes.md").unwrap().contains("not recognised"));
    assert_eq!(why(HELD), None);
    assert!(evaluation.not_looked_at.of_other_rules > 0, "templates and siblings are told by other rules");
}

#[test]
fn what_meets_no_label_is_wrong_only_where_the_labels_are_complete() {
    let manifest = "rules = [\"reliability/*\"]\nlabels = []\n";
    let evaluation = run(&format!("complete = true\n{manifest}")).unwrap();
    assert_eq!((evaluation.overall.false_alarms, evaluation.overall.precision), (2, Some(0.0)));
    let one = label(HELD, "3", "kind = \"fault\"");
    let evaluation = run(&format!("rules = [\"reliability/*\"]\n{one}")).unwrap();
    assert_eq!((evaluation.overall.unjudged, evaluation.overall.precision), (1, Some(1.0)));
    assert_eq!(evaluation.not_looked_at.unlabelled_artifacts, 1);
}

#[test]
fn a_finding_may_stand_beside_its_label() {
    let beside = label(HELD, "2", "kind = \"fault\"\nrule = \"reliability/overclaimed-delivery\"");
    assert_eq!(run(&beside).unwrap().overall.hits, 0);
    assert_eq!(run(&format!("near = 1\n{beside}")).unwrap().overall.hits, 1);
    let range = beside.replace("line = 2", "lines = [1, 3]");
    assert_eq!(run(&range).unwrap().overall.hits, 1);
}

#[test]
fn manifests_that_cannot_be_are_refused_with_a_reason() {
    let fault = "kind = \"fault\"";
    for (manifest, told) in [
        (String::new(), "missing field `labels`"),
        ("labels = []".to_owned(), "there is no label"),
        ("folder = \"..\"\ncomplete = true\nlabels = []".to_owned(), "has to lie below the manifest"),
        ("folder = \"/etc\"\ncomplete = true\nlabels = []".to_owned(), "has to lie below the manifest"),
        ("folder = \"none\"\ncomplete = true\nlabels = []".to_owned(), "the folder `none` cannot be read"),
        ("folder = \"notes.md\"\ncomplete = true\nlabels = []".to_owned(), "`notes.md` is no folder"),
        ("near = 99\ncomplete = true\nlabels = []".to_owned(), "`near` is 99"),
        ("fodler = \".\"\nlabels = []".to_owned(), "fodler"),
        ("rules = [\"reliabilty/*\"]\ncomplete = true\nlabels = []".to_owned(), "there is no family `reliabilty`"),
        (label("../a.md", "1", fault), "label 1 (../a.md): the file has to lie below the folder"),
        (label("a.md", "1", fault), "label 1 (a.md): the file cannot be read"),
        (label("docs", "1", fault), "label 1 (docs): it is no file"),
        (label("notes.md", "0", fault), "lines are counted from 1"),
        (label("notes.md", "9", fault), "there is no line 9, only 1"),
        (label("notes.md", "1\nlines = [1, 1]", fault), "say either `line` or `lines"),
        (label("notes.md", "1", fault).replace("line = 1", "lines = [2, 1]"), "lines 2 to 1 end before they begin"),
        (label("notes.md", "1", "kind = \"mistake\""), "unknown variant `mistake`"),
        (label("notes.md", "1", &format!("{fault}\nrule = \"reliability\"")), "did you mean the family"),
        (label("notes.md", "1", &format!("{fault}\nrule = \"reliability/vague-alrt\"")), "`reliability/vague-alert`?"),
    ] {
        let error = run(&manifest).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(told) && error.contains("eval.toml"), "{manifest}\n{error}");
    }
    let many: String = (0..30).map(|it| label(&format!("{it}.md"), "1", fault)).collect();
    let error = run(&many).unwrap_err().to_string();
    assert!(error.contains("label 20 ") && !error.contains("label 21 ") && error.ends_with("and 10 more"), "{error}");
}

#[test]
#[cfg(unix)]
fn links_do_not_lead_out_of_the_folder() {
    let fixture = Fixture::new(DOCUMENTS);
    let path = fixture.folder.path().join("eval.toml");
    std::os::unix::fs::symlink("/", fixture.folder.path().join("out")).unwrap();
    for (manifest, told) in [
        ("folder = \"out\"\ncomplete = true\nlabels = []".to_owned(), "leads out of the folder of the manifest"),
        (label("out/etc/hostname", "1", "kind = \"fault\""), "label 1 (out/etc/hostname): the file "),
    ] {
        fs::write(&path, manifest).unwrap();
        let error = ReadManifest::read(&path).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn a_manifest_may_be_json_and_must_be_one_of_the_two() {
    let fixture = Fixture::new(DOCUMENTS);
    let at = |name: &str| fixture.folder.path().join(name);
    let manifest = format!(r#"{{"labels": [{{"file": "{HELD}", "line": 3, "kind": "fault"}}]}}"#);
    fs::write(at("eval.json"), &manifest).unwrap();
    fs::write(at("eval.yaml"), &manifest).unwrap();
    assert_eq!(ReadManifest::read(&at("eval.json")).unwrap().manifest.labels.len(), 1);
    assert!(ReadManifest::read(&at("eval.yaml")).unwrap_err().to_string().contains("a .toml or a .json file"));
    assert!(ReadManifest::read(&at("none.toml")).is_err());
    assert!(ReadManifest::read(fixture.folder.path()).unwrap_err().to_string().contains("no regular file"));
}
