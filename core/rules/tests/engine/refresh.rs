//! A workspace that is refreshed equals one that is opened afresh.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use archwright_engine::{OpenOptions, Root, Stamps, Workspace, report};

/// Longer than the engine distrusts a time of whole seconds.
const OLD: Duration = Duration::from_secs(4);
/// Longer than it distrusts a fine one.
const SETTLED: Duration = Duration::from_millis(100);

fn open(root: &Path) -> Workspace {
    archwright_rules::open(OpenOptions::server(Root::Folder(root.to_path_buf())), &|_| {}).unwrap()
}

fn findings(workspace: &Workspace) -> Vec<report::ReportedFinding> {
    report::report(workspace, &report::ReportFilter::default()).findings
}

/// Steps of changes; a text of `None` deletes.
#[test]
fn a_refreshed_workspace_is_one_opened_afresh() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("docs/features")).unwrap();
    let mut stamps = Stamps::new();
    let mut workspace = open(root);
    let (design, runbook) = ("docs/features/a/design.md", "docs/features/a/runbooks/lag.md");
    let link = "# Design: a\n\nSee [lag](runbooks/lag.md) and [x](../../../.hidden/x.md#y).\n";
    let steps: Vec<BTreeMap<&str, Option<&str>>> = vec![
        BTreeMap::from([(design, Some(link))]),
        BTreeMap::new(),
        BTreeMap::from([(runbook, Some("# Runbook: lag\n"))]),
        BTreeMap::from([(design, Some("# Design: a\n\nSee [lag](runbooks/lap.md).\n"))]),
        BTreeMap::from([(design, Some(link)), (".hidden/x.md", Some("# Y\n"))]),
        BTreeMap::from([(runbook, None), (".hidden/x.md", None)]),
        BTreeMap::from([(".gitignore", Some("features/a/\n"))]),
        BTreeMap::from([(".gitignore", None)]),
        BTreeMap::from([("archwright.toml", Some("[rules]\n\"link/dead-target\" = \"off\"\n"))]),
        BTreeMap::from([("archwright.toml", Some("[rules]\n\"link/dead-target\" = \"hint\"\n"))]),
        BTreeMap::from([("archwright.toml", None)]),
        BTreeMap::from([(design, None)]),
    ];
    for (number, step) in steps.iter().enumerate() {
        for (path, text) in step {
            let path = root.join(path);
            match text {
                Some(text) => {
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(&path, text).unwrap();
                }
                None => fs::remove_file(&path).unwrap(),
            }
        }
        workspace.refresh(&mut stamps);
        assert_eq!(findings(&workspace), findings(&open(root)), "after step {number}");
    }
}

#[test]
fn nothing_runs_again_when_nothing_changed() {
    let folder = tempfile::tempdir().unwrap();
    let design = folder.path().join("docs/features/a/design.md");
    fs::create_dir_all(design.parent().unwrap()).unwrap();
    fs::write(&design, "# Design: a\n").unwrap();
    fs::File::options().write(true).open(&design).unwrap().set_modified(SystemTime::now() - OLD).unwrap();
    std::thread::sleep(SETTLED);
    let mut stamps = Stamps::new();
    let mut workspace = open(folder.path());
    assert!(workspace.refresh(&mut stamps).files.is_empty());
    assert!(workspace.refresh(&mut stamps).files.is_empty());
    fs::write(&design, "# Design: b\n").unwrap();
    assert_eq!(workspace.refresh(&mut stamps).files.len(), 1);
}
