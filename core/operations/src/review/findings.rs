//! Findings of both sides: which are new, which are as they were, and which are gone. A line that moved is not new.

use archwright_engine::{
    Workspace,
    report::{self, ReportFilter, ReportedFinding},
};
use archwright_model::{FileId, RelPath, Severity};
use rustc_hash::FxHashMap;

use super::reviewed::{ReviewFinding, ReviewPlace};

/// A finding, with the line it stands in.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub finding: ReportedFinding,
    /// Whether the rule only asks.
    pub asks: bool,
    line: String,
}

/// What became of the findings.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub new: Vec<Seen>,
    pub old: Vec<Seen>,
    pub gone: Vec<Seen>,
}

/// What two findings share that are the same: a message and a line, as far as they count.
type KeyOf = fn(&Seen) -> (&str, &str);

/// The findings of some files, hints aside.
pub(super) fn seen(workspace: &Workspace, files: &[FileId]) -> Vec<Seen> {
    let filter = ReportFilter { paths: Vec::new(), least: Some(Severity::Info) };
    let mut all = Vec::new();
    for file in files {
        let asking: Vec<bool> = workspace.findings(*file).iter().map(|it| it.rule.asks).collect();
        if asking.is_empty() {
            continue;
        }
        let asks = |rule: &str| workspace.findings(*file).iter().any(|it| it.rule.code == rule && it.rule.asks);
        let text = workspace.text(*file).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        for finding in report::of_file(workspace, *file, &filter) {
            let at = usize::try_from(finding.start.line).unwrap_or(1).saturating_sub(1);
            let line = lines.get(at).map_or("", |it| it.trim()).to_owned();
            all.push(Seen { asks: asks(finding.rule), finding, line });
        }
    }
    all
}

/// What is new at the head and what is gone from it. `moved` tells where a file of the base is now.
pub(super) fn compare(base: Vec<Seen>, head: Vec<Seen>, moved: impl Fn(&RelPath) -> RelPath) -> Compared {
    // From what is surely the same to what is the same for all a reader can tell: another message of the same rule in
    // the same line counts something else, and another line with the same message was reworded.
    let keys: [KeyOf; 3] = [
        |it| (it.finding.message.as_str(), it.line.as_str()),
        |it| (it.finding.message.as_str(), ""),
        |it| ("", it.line.as_str()),
    ];
    let (mut base, mut head) = (base, head);
    for it in &mut base {
        it.finding.file = moved(&it.finding.file);
    }
    let mut old = Vec::new();
    for key in keys {
        let full = |it: &Seen| {
            let (message, line) = key(it);
            (it.finding.file.clone(), it.finding.rule, message.to_owned(), line.to_owned())
        };
        let mut left: FxHashMap<_, usize> = FxHashMap::default();
        for it in &base {
            *left.entry(full(it)).or_default() += 1;
        }
        let mut matched: FxHashMap<_, usize> = FxHashMap::default();
        head.retain(|it| match left.get_mut(&full(it)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                *matched.entry(full(it)).or_default() += 1;
                old.push(it.clone());
                false
            }
            _ => true,
        });
        base.retain(|it| match matched.get_mut(&full(it)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
    }
    Compared { new: head, old, gone: base }
}

impl Seen {
    /// The finding as a review tells it.
    pub fn told(self) -> ReviewFinding {
        let ReportedFinding { rule, severity, file, start, end, message, related, .. } = self.finding;
        let mut against: Vec<ReviewPlace> =
            related.into_iter().map(|it| ReviewPlace { file: it.file, line: it.start.line }).collect();
        against.dedup();
        ReviewFinding { severity, start, end, against, ..ReviewFinding::at(rule, &file, start.line, message) }
    }
}
