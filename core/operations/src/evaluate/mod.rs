//! How much of what is known of documents is found, and how much of what is found is right.

mod manifest;
mod score;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use self::manifest::Manifest;
pub use self::{
    manifest::{Label, LabelKind, ManifestError, ReadManifest, manifest_schema},
    score::Score,
};
use archwright_engine::{
    Workspace,
    report::{self, ReportFilter, ReportedFinding},
};
use archwright_model::{Kind, RelPath, Severity};
use archwright_rules as rules;

/// What an evaluation counted, as `--format json` prints it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "archwright eval --format json")]
pub struct Evaluation {
    /// Version of this format: 1.
    pub version: u32,
    /// Over all labels and findings.
    pub overall: Score,
    /// The same for each rule. A label that names a family or nothing is counted at `family/*` or `*`; findings are
    /// counted at their rule.
    pub by_rule: BTreeMap<String, Score>,
    /// The labelled faults that no finding meets.
    pub misses: Vec<Miss>,
    /// The findings that are wrong.
    pub false_alarms: Vec<JudgedFinding>,
    /// The findings that meet no label, where the labels are not said to be complete.
    pub unjudged: Vec<JudgedFinding>,
    /// What the figures do not tell.
    pub not_looked_at: NotLookedAt,
}

/// A fault that was not found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Miss {
    /// The file, below the folder.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// Its first line.
    pub line: u32,
    /// The rule or family that ought to have spoken; nothing if any would have done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the label says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why nothing could be found here, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A finding, for those who judge it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct JudgedFinding {
    /// The file, below the folder.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// Its first line.
    pub line: u32,
    /// The rule that spoke.
    pub rule: &'static str,
    /// What it said.
    pub message: String,
    /// What the trap that it fell into says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What an evaluation did not look at, so that its figures do not tell of it.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct NotLookedAt {
    /// What the folder was taken for.
    pub recognised: String,
    /// Rules that labels name and the configuration has switched off.
    pub switched_off: Vec<String>,
    /// Artifacts without a label, if the labels are not said to be complete: how many.
    pub unlabelled_artifacts: usize,
    /// Findings of rules that the manifest does not ask about: how many.
    pub of_other_rules: usize,
    /// Findings below the severity of the manifest: how many.
    pub less_severe: usize,
}

/// Counts what a workspace finds against what the manifest says. The workspace is that of the manifest's folder.
///
/// # Errors
/// If a label names a line that its file does not have.
pub fn evaluate(workspace: &Workspace, read: &ReadManifest) -> Result<Evaluation, ManifestError> {
    let manifest = &read.manifest;
    let problems = missing_lines(workspace, manifest);
    if !problems.is_empty() {
        return Err(read.refused(problems));
    }
    let mut labels: BTreeMap<RelPath, Vec<&Label>> = BTreeMap::new();
    for label in &manifest.labels {
        labels.entry(RelPath::new(&label.file)).or_default().push(label);
    }
    let everything = ReportFilter { paths: Vec::new(), least: Some(Severity::Hint) };
    let mut found = report::report(workspace, &everything).findings;
    let mut not_looked_at = NotLookedAt {
        recognised: report::summary(workspace, &everything).recognised(),
        switched_off: switched_off(workspace, manifest),
        unlabelled_artifacts: unlabelled(workspace, manifest, &labels),
        ..NotLookedAt::default()
    };
    found.retain(|it| {
        let judged = manifest.judges(it.rule);
        let severe = it.severity <= manifest.severity;
        not_looked_at.of_other_rules += usize::from(!judged);
        not_looked_at.less_severe += usize::from(judged && !severe);
        judged && severe
    });
    let mut by_file: BTreeMap<RelPath, Vec<&ReportedFinding>> =
        labels.keys().map(|it| (it.clone(), Vec::new())).collect();
    for finding in &found {
        by_file.entry(finding.file.clone()).or_default().push(finding);
    }
    let none = Vec::new();
    let counted: Vec<Counted> = by_file
        .par_iter()
        .map(|(file, findings)| Counted::of(workspace, manifest, file, labels.get(file).unwrap_or(&none), findings))
        .collect();
    let mut evaluation = Evaluation {
        version: 1,
        overall: Score::default(),
        by_rule: BTreeMap::new(),
        misses: Vec::new(),
        false_alarms: Vec::new(),
        unjudged: Vec::new(),
        not_looked_at,
    };
    for one in counted {
        evaluation.add(one);
    }
    evaluation.overall.settle();
    evaluation.by_rule.values_mut().for_each(Score::settle);
    Ok(evaluation)
}

/// What was counted in one file.
#[derive(Debug, Default)]
struct Counted {
    scores: Vec<(String, Score)>,
    misses: Vec<Miss>,
    false_alarms: Vec<JudgedFinding>,
    unjudged: Vec<JudgedFinding>,
}

impl Counted {
    fn of(
        workspace: &Workspace,
        manifest: &Manifest,
        file: &RelPath,
        labels: &[&Label],
        findings: &[&ReportedFinding],
    ) -> Self {
        let mut counted = Self::default();
        let meets = |label: &Label, finding: &ReportedFinding| {
            let (first, last) = label.range().unwrap_or_default();
            label.means(finding.rule)
                && finding.start.line <= last.saturating_add(manifest.near)
                && first.saturating_sub(manifest.near) <= finding.end.line
        };
        let of_kind = |kind: LabelKind| labels.iter().copied().filter(move |it| it.kind == kind);
        let is_right = |finding: &ReportedFinding| of_kind(LabelKind::Fault).any(|it| meets(it, finding));
        let (right, beside): (Vec<_>, Vec<_>) = findings.iter().copied().partition(|it| is_right(it));
        for finding in &right {
            counted.scores.push((finding.rule.to_owned(), Score { right: 1, ..Score::default() }));
        }
        for label in of_kind(LabelKind::Fault) {
            let is_hit = right.iter().any(|it| meets(label, it));
            let score =
                if is_hit { Score { hits: 1, ..Score::default() } } else { Score { misses: 1, ..Score::default() } };
            counted.scores.push((place_of(label), score));
            if !is_hit {
                let why = why_silent(workspace, manifest, file, label);
                let line = label.range().unwrap_or_default().0;
                let (rule, note) = (label.rule.clone(), label.note.clone());
                counted.misses.push(Miss { file: file.clone(), line, rule, note, why });
            }
        }
        for label in of_kind(LabelKind::Trap) {
            let sprung = usize::from(beside.iter().any(|it| meets(label, it)));
            counted.scores.push((place_of(label), Score { traps: 1, sprung, ..Score::default() }));
        }
        for finding in beside {
            let trap = of_kind(LabelKind::Trap).find(|it| meets(it, finding));
            let judged = JudgedFinding {
                file: file.clone(),
                line: finding.start.line,
                rule: finding.rule,
                message: finding.message.clone(),
                note: trap.and_then(|it| it.note.clone()),
            };
            let rule = finding.rule.to_owned();
            if trap.is_some() || manifest.complete {
                counted.scores.push((rule, Score { false_alarms: 1, ..Score::default() }));
                counted.false_alarms.push(judged);
            } else {
                counted.scores.push((rule, Score { unjudged: 1, ..Score::default() }));
                counted.unjudged.push(judged);
            }
        }
        counted
    }
}

impl Evaluation {
    fn add(&mut self, mut counted: Counted) {
        for (name, score) in counted.scores {
            self.overall += score;
            *self.by_rule.entry(name).or_default() += score;
        }
        self.misses.append(&mut counted.misses);
        self.false_alarms.append(&mut counted.false_alarms);
        self.unjudged.append(&mut counted.unjudged);
    }
}

/// Where a label is counted.
fn place_of(label: &Label) -> String {
    label.rule.clone().unwrap_or_else(|| "*".to_owned())
}

/// Why nothing could be found at a label, if that is known.
fn why_silent(workspace: &Workspace, manifest: &Manifest, path: &RelPath, label: &Label) -> Option<String> {
    let read = workspace.file(path).filter(|it| workspace.facts(*it).is_some());
    let Some(file) = read else {
        return Some(
            "the file is not read: the configuration or .gitignore leaves it out, or no rule reads its kind".to_owned(),
        );
    };
    if workspace.why_unreadable(file).is_some() {
        return Some("the file cannot be read".to_owned());
    }
    let kind = workspace.kind(file);
    if kind == Kind::Document {
        return Some("the document is not recognised, so that few rules look at it".to_owned());
    }
    let rule = label.rule.as_ref().and_then(|it| rules::rule(it))?;
    match workspace.level(rule) {
        None => Some("the rule is switched off".to_owned()),
        Some(severity) if severity > manifest.severity => {
            Some(format!("the rule speaks as {severity}, which does not count"))
        }
        Some(_) if !manifest.judges(rule.code) => Some("the manifest does not ask about the rule".to_owned()),
        Some(_) if !rule.applies_to.contains(&kind) => Some(format!("the rule does not look at {}", kind.title())),
        Some(_) => None,
    }
}

/// Labels of lines that their files do not have.
fn missing_lines(workspace: &Workspace, manifest: &Manifest) -> Vec<String> {
    let mut lines: BTreeMap<RelPath, Option<u32>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (number, label) in manifest.labels.iter().enumerate() {
        let path = RelPath::new(&label.file);
        let count = *lines.entry(path.clone()).or_insert_with(|| lines_of(workspace, &path));
        let last = label.range().unwrap_or_default().1;
        if let Some(count) = count.filter(|it| last > *it) {
            problems.push(format!("label {} ({}): there is no line {last}, only {count}", number + 1, label.file));
        }
    }
    problems
}

/// How many lines a file has; nothing if it is not read.
fn lines_of(workspace: &Workspace, path: &RelPath) -> Option<u32> {
    let text = workspace.file(path).and_then(|it| workspace.text(it));
    text.map(|it| it.lines().count() as u32)
}

/// The rules that labels name and that are off.
fn switched_off(workspace: &Workspace, manifest: &Manifest) -> Vec<String> {
    let named = manifest.labels.iter().filter_map(|it| it.rule.as_ref()).chain(&manifest.rules);
    let mut off: Vec<String> = named
        .filter_map(|it| rules::rule(it))
        .filter(|it| workspace.level(it).is_none())
        .map(|it| it.code.to_owned())
        .collect();
    off.sort();
    off.dedup();
    off
}

/// How many artifacts have no label, where that leaves them without a judgement.
fn unlabelled(workspace: &Workspace, manifest: &Manifest, labels: &BTreeMap<RelPath, Vec<&Label>>) -> usize {
    if manifest.complete {
        return 0;
    }
    let artifacts = workspace.files().filter(|it| workspace.kind(*it).is_artifact());
    artifacts.filter(|it| !labels.contains_key(workspace.path(*it))).count()
}

/// The JSON Schema of [`Evaluation`].
pub fn evaluation_schema() -> serde_json::Value {
    schemars::schema_for!(Evaluation).to_value()
}
