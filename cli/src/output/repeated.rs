//! Findings that say the same again and again: one habit of one tool, or one file that many link to. The text shows the
//! first few of them and counts the others.

use archwright_analysis::{FileId, Severity, report};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Checked, count, escape::visible, relative_to_cwd};

/// So many findings with one message are shown one by one.
const MOST: usize = 10;

/// Of more, so many are shown with their lines.
const SHOWN: usize = 3;

/// Of the others, so many are named.
const NAMED: usize = 3;

/// The findings of a workspace that are counted and not shown.
#[derive(Debug, Default)]
pub struct Repeated<'a> {
    groups: Vec<Group<'a>>,
    hidden: FxHashSet<(FileId, usize)>,
}

/// Findings of one rule with one message.
#[derive(Debug)]
struct Group<'a> {
    severity: Severity,
    code: &'static str,
    message: &'a str,
    /// The file of each and its place among those of the file, in the order in which they are shown.
    places: Vec<(FileId, usize)>,
}

impl<'a> Repeated<'a> {
    /// The messages that stand among the findings of these files too often to be shown each time.
    pub fn of(checked: &'a Checked, files: &[FileId]) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut by_message: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        for file in files {
            let findings = checked.workspace.findings(*file).iter().filter(|it| checked.filter.shows(it.severity));
            for (at, finding) in findings.enumerate() {
                let (code, message) = (finding.rule.code, finding.message.as_str());
                let group = *by_message.entry((code, message)).or_insert_with(|| {
                    groups.push(Group { severity: finding.severity, code, message, places: Vec::new() });
                    groups.len() - 1
                });
                if let Some(group) = groups.get_mut(group) {
                    group.places.push((*file, at));
                }
            }
        }
        groups.retain(|it| it.places.len() > MOST);
        let hidden = groups.iter().flat_map(|it| it.places.iter().skip(SHOWN).copied()).collect();
        Self { groups, hidden }
    }

    /// Whether a finding is counted and not shown: the one at this place among those of a file.
    pub fn hides(&self, file: FileId, at: usize) -> bool {
        self.hidden.contains(&(file, at))
    }

    /// What is said of those that are not shown.
    pub fn lines(&self, checked: &Checked) -> Vec<String> {
        self.groups.iter().map(|it| it.line(checked)).collect()
    }
}

impl Group<'_> {
    fn line(&self, checked: &Checked) -> String {
        let rest = self.places.get(SHOWN..).unwrap_or_default();
        let mut files: Vec<FileId> = rest.iter().map(|it| it.0).collect();
        files.dedup();
        let line = |(file, at): &(FileId, usize)| {
            let reported = report::of_file(&checked.workspace, *file, &checked.filter);
            let path = relative_to_cwd(&checked.workspace.absolute(*file));
            let line = reported.get(*at).map(|it| it.start.line)?;
            Some(format!("{}:{line}", visible(&path)))
        };
        let named: Vec<String> = rest.iter().take(NAMED).filter_map(line).collect();
        let level = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
            Severity::Hint => "hint",
        };
        let more = if rest.len() > named.len() { " and so on; `--format json` names all" } else { "" };
        format!(
            "{level}[{}]: {} more, in {}: {}\n  --> {}{more}\n",
            self.code,
            rest.len(),
            count(files.len(), "file"),
            visible(self.message),
            named.join(", "),
        )
    }
}
