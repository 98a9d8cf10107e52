//! The rules on what documents say, held to documents that are right and to faults that are planted into clean ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![allow(clippy::print_stdout, reason = "the figures are shown with --nocapture")]

mod all_safe;
mod foreign;
mod mutations;
mod seeds;
mod snapshot;
mod words;

use std::{collections::BTreeSet, path::PathBuf};

use archwright_analysis::{
    FileId, Kind, OpenOptions, RelPath, Root, Rule, Severity, Workspace, page,
    report::{self, ReportFilter},
    rules::{rule, rules},
};

/// The folder of the sample workspaces.
fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/workspaces")
}

/// The rules that judge what documents say.
fn content_rules() -> impl Iterator<Item = &'static Rule> {
    rules().iter().copied().filter(|it| it.judges_content)
}

/// A sample workspace whose texts can be exchanged.
struct Bench {
    workspace: Workspace,
    before: Option<Before>,
}

/// What a file is compared with.
struct Before {
    path: String,
    /// What the file says in the sample.
    own: String,
    /// What it said last, before the fault.
    text: String,
    /// What was found then.
    known: BTreeSet<(FileId, &'static str)>,
}

impl Bench {
    /// Opens a sample, ready for changes.
    fn open(sample: &str) -> Self {
        let options = OpenOptions { track: true, ..OpenOptions::batch(Root::Folder(samples().join(sample))) };
        Self { workspace: archwright_analysis::open(options, &|_| {}).unwrap(), before: None }
    }

    /// What a file says.
    fn text(&self, path: &str) -> String {
        let file = self.workspace.file(&RelPath::new(path)).unwrap_or_else(|| panic!("there is no {path}"));
        self.workspace.text(file).unwrap().to_string()
    }

    /// Lets a file say something else.
    fn write(&mut self, path: &str, text: &str) {
        self.workspace.apply(vec![archwright_analysis::Change::Edit { path: RelPath::new(path), text: text.into() }]);
    }

    /// All findings: rule, file, line from 1.
    fn findings(&self) -> BTreeSet<(&'static str, String, u32)> {
        let all = ReportFilter { paths: Vec::new(), least: Some(Severity::Hint) };
        let findings = report::report(&self.workspace, &all).findings;
        findings.into_iter().map(|it| (it.rule, it.file.to_string(), it.start.line)).collect()
    }

    /// The rules that speak of a text and did not speak of the other one, which stood there before.
    fn new_rules(&mut self, path: &str, before: &str, after: &str) -> BTreeSet<&'static str> {
        if self.before.as_ref().is_none_or(|it| it.path != path || it.text != before) {
            self.restore();
            let own = self.text(path);
            self.write(path, before);
            let known = self.spoken();
            self.before = Some(Before { path: path.to_owned(), own, text: before.to_owned(), known });
        }
        self.write(path, after);
        let known = self.before.as_ref().map(|it| &it.known).unwrap();
        self.spoken().into_iter().filter(|it| !known.contains(it)).map(|it| it.1).collect()
    }

    /// Which rules speak of which files.
    fn spoken(&self) -> BTreeSet<(FileId, &'static str)> {
        let of_file = |file: FileId| self.workspace.findings(file).iter().map(move |it| (file, it.rule.code));
        self.workspace.files().flat_map(of_file).collect()
    }

    /// Lets the file that was changed say what it said.
    fn restore(&mut self) {
        if let Some(Before { path, own, .. }) = self.before.take() {
            self.write(&path, &own);
        }
    }

    /// The kind of a file.
    fn kind(&self, path: &str) -> Kind {
        self.workspace.kind(self.workspace.file(&RelPath::new(path)).unwrap())
    }

    /// The artifacts that are documents.
    fn documents(&self) -> Vec<String> {
        let documents = self.workspace.files().filter(|it| Kind::DOCUMENTS.contains(&self.workspace.kind(*it)));
        let mut paths: Vec<String> = documents.map(|it| self.workspace.path(it).to_string()).collect();
        paths.sort();
        paths
    }
}

/// A rule that is right less often than this, in per cent, informs and does not warn; below the second it hints.
const WARNS: usize = 95;
const INFORMS: usize = 85;

#[test]
fn each_content_rule_is_as_loud_as_its_page_says_that_it_is_right() {
    let mut wrong = Vec::new();
    for rule in content_rules() {
        let Some(measured) = page::measured(rule.page) else {
            wrong.push(format!("the page of {} says not how often it is right: `## Measured`", rule.code));
            continue;
        };
        assert!(measured.right <= measured.spoken && measured.documents > 0, "{}: {measured:?}", rule.code);
        assert!(archwright_analysis::date::is_date(&measured.day), "{}: {measured:?}", rule.code);
        let least = match rule.severity {
            Severity::Error | Severity::Warning => WARNS,
            Severity::Info => INFORMS,
            Severity::Hint => 0,
        };
        if measured.right * 100 < measured.spoken * least {
            wrong.push(format!("{} is too loud for what its page says: {measured:?}", rule.code));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn content_rules_are_those_that_judge_documents() {
    assert!(content_rules().count() >= 17, "the rules that judge content say so");
    assert!(rule("reliability/unbounded-retry").unwrap().judges_content);
    assert!(!rule("link/dead-target").unwrap().judges_content);
}
