//! `check`: the findings of the workspace or of a part of it, page by page.

use std::collections::BTreeMap;

use archwright_analysis::{
    ContentHash, FileId, Finding, RelPath, Severity,
    report::{self, ReportFilter, ReportedFinding, Summary},
};
use rmcp::model::{JsonObject, Tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{finding::FindingAnswer, is_zero, typed};
use crate::{
    answer::{Answer, MOST_BYTES, USUAL_BYTES, size},
    schema,
    session::Open,
    text::{count, shorten},
};

/// How many findings a page has unless another number is asked for.
const USUAL_LIMIT: usize = 20;

/// What the frame around the findings takes, in bytes.
const FRAME_BYTES: usize = 1200;

/// How much is said of the comparison with git, in bytes.
const COMPARED_BYTES: usize = 600;

/// How many files a summary names.
const SUMMARY_FILES: usize = 15;

/// How many files that could not be compared are named.
const MOST_NOT_COMPARED: usize = 10;

/// What they have of a summary however many rules there are, in bytes of both forms.
const SUMMARY_BYTES: usize = 1024;

const DESCRIPTION: &str = "Checks design documents, ADRs, message contracts, AsyncAPI files, schemas, runbooks and \
    the code behind them against each other, as they are on disk now. Call it after you wrote or changed one of them, \
    and before you call the work done. Each finding says where, what is wrong, which other places disagree, and what \
    its fix would do. Only errors must be gone; `explain` says why a rule fires. Worst findings come first; more \
    follow with `cursor`. Writes nothing.";

/// What to check.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct CheckArguments {
    /// Files or folders, relative to the workspace root; everything if left out.
    paths: Vec<String>,
    /// Least severity to report; `info` if left out.
    severity: Option<Severity>,
    /// Git revision to compare schemas and AsyncAPI with; where the work left the default branch if left out, or
    /// `none`.
    base: Option<String>,
    /// Most findings to return; 20 if left out.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<usize>,
    /// `next_cursor` of the answer before; repeat its other arguments.
    cursor: Option<String>,
    /// `summary`: counts by rule and file. `findings`: the default. `full`: also ends, all related places, and what
    /// each rule is about.
    detail: Option<Detail>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Detail {
    Summary,
    #[default]
    Findings,
    Full,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CheckAnswer {
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Vec<FindingAnswer>>,
    /// In a summary: how many findings each rule has. In full: what each rule of the page is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<RuleAnswer>,
    /// The files with the most findings, in a summary.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileAnswer>,
    #[serde(skip_serializing_if = "is_zero")]
    more_files: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    next_steps: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RuleAnswer {
    rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'static str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FileAnswer {
    file: String,
    findings: usize,
}

/// The tool as it is listed.
pub fn tool() -> Tool {
    let input = schema::arguments::<CheckArguments>();
    super::tool(
        "check",
        "Check the design documents",
        DESCRIPTION,
        "lint validate docs ADR AsyncAPI schema",
        (input, schema::answer::<CheckAnswer>()),
        false,
    )
}

/// Runs the tool.
pub fn run(open: &mut Open, arguments: JsonObject) -> Result<Answer, Answer> {
    let arguments: CheckArguments = typed(arguments)?;
    let paths = open.paths(&arguments.paths).map_err(|mistakes| Answer::mistakes(&mistakes))?;
    open.compare_with(arguments.base.as_deref())?;
    let all = Selected::new(open, ReportFilter { paths, least: arguments.severity });
    let answer = match arguments.detail.unwrap_or_default() {
        Detail::Summary => Ok(all.summary()),
        detail => all.page(&arguments, detail == Detail::Full),
    };
    // The base is that of this call: what other tools say of the workspace must not depend on who asked before.
    open.compare_with(None)?;
    answer
}

/// The findings that were asked for, worst first.
struct Selected<'w> {
    open: &'w Open,
    filter: ReportFilter,
    entries: Vec<Entry<'w>>,
    summary: Summary,
}

/// What is said of a file that was named, of which nothing could be read, and of which no finding says so.
fn unreadable(open: &Open, path: &RelPath) -> Option<String> {
    let file = open.workspace.file(path)?;
    let why = open.workspace.facts(file)?.unreadable.as_ref()?;
    let is_told = open.workspace.findings(file).iter().any(|it| it.rule.code == "document/unreadable");
    (!is_told).then(|| format!("{path} was not checked: it {why}."))
}

struct Entry<'w> {
    path: &'w RelPath,
    file: FileId,
    /// The number of the finding among those of its file that the filter shows.
    number: usize,
    finding: &'w Finding,
}

impl<'w> Selected<'w> {
    fn new(open: &'w Open, filter: ReportFilter) -> Self {
        let workspace = &open.workspace;
        let mut entries = Vec::new();
        for file in report::reported_files(workspace, &filter) {
            let shown = workspace.findings(file).iter().filter(|it| filter.shows(it.severity));
            let path = workspace.path(file);
            entries.extend(shown.enumerate().map(|(number, finding)| Entry { path, file, number, finding }));
        }
        // Stable, so that files and places stay in order.
        entries.sort_by_key(|it| it.finding.severity);
        let mut summary = report::summary(workspace, &filter);
        for compared in &mut summary.compared_with {
            compared.keep(MOST_NOT_COMPARED);
        }
        Self { open, filter, entries, summary }
    }

    fn summary(self) -> Answer {
        let (mut rules, mut files) = (BTreeMap::<_, usize>::new(), BTreeMap::<_, usize>::new());
        for entry in &self.entries {
            *rules.entry(entry.finding.rule.code).or_default() += 1;
            *files.entry(entry.path).or_default() += 1;
        }
        let mut rules: Vec<_> =
            rules.into_iter().map(|(rule, it)| RuleAnswer { rule, findings: Some(it), about: None }).collect();
        let mut files: Vec<FileAnswer> =
            files.into_iter().map(|(path, findings)| FileAnswer { file: path.to_string(), findings }).collect();
        let headline = self.headline();
        let mut next_steps = self.next_steps(0);
        let frame = FRAME_BYTES + size(&self.summary) + headline.len() + 2 * size(&next_steps);
        let mut left = USUAL_BYTES.saturating_sub(frame + SUMMARY_BYTES);
        // Those with the most findings stay, in the order of their names.
        rules.sort_by_key(|it| std::cmp::Reverse(it.findings));
        let all = rules.len();
        rules.truncate(fitting(&rules, &mut left, |it| rule_line(it).len()));
        let more_rules = all - rules.len();
        rules.sort_by_key(|it| it.rule);
        if more_rules > 0 {
            let more = count(more_rules, "more rule");
            next_steps.push(format!("{more} with fewer findings; `detail` with `findings` lists all of them."));
        }
        files.sort_by_key(|it| std::cmp::Reverse(it.findings));
        let all = files.len();
        let mut left = left + SUMMARY_BYTES;
        files.truncate(fitting(&files, &mut left, |it| file_line(it).len()).min(SUMMARY_FILES));
        let more_files = all - files.len();
        let mut lines = vec![headline];
        lines.extend(rules.iter().map(rule_line));
        lines.extend(files.iter().map(file_line));
        lines.extend(
            (more_files > 0).then(|| format!("{}; `paths` looks into a folder.", count(more_files, "more file"))),
        );
        lines.extend(next_steps.iter().map(|it| format!("Next: {it}")));
        Answer::new(
            &CheckAnswer {
                summary: self.summary,
                findings: None,
                rules,
                files,
                more_files,
                next_cursor: None,
                next_steps,
            },
            lines.join("\n"),
        )
    }

    fn page(self, arguments: &CheckArguments, full: bool) -> Result<Answer, Answer> {
        let start = self.position(arguments.cursor.as_deref())?;
        let limit = arguments.limit.unwrap_or(USUAL_LIMIT);
        let budget = if full || arguments.limit.is_some() { MOST_BYTES } else { USUAL_BYTES };
        let mut left = budget.saturating_sub(FRAME_BYTES + size(&self.summary));
        let mut places = Places::default();
        let (mut findings, mut lines) = (Vec::new(), vec![self.headline()]);
        let mut rules: Vec<RuleAnswer> = Vec::new();
        let mut file = None;
        for entry in self.entries.iter().skip(start).take(limit) {
            let Some(finding) = places.finding(&self, entry, full) else { continue };
            let line =
                if file == Some(entry.file) { finding.line() } else { format!("{}\n{}", entry.path, finding.line()) };
            let rule = entry.finding.rule;
            let about = (full && rules.iter().all(|it| it.rule != rule.code)).then_some(rule.summary);
            let about = about.map(|it| RuleAnswer { rule: rule.code, findings: None, about: Some(it) });
            let bytes = size(&finding) + size(&line) + about.as_ref().map_or(0, size) + 2;
            // One finding always fits: its parts are shortened.
            if left < bytes && !findings.is_empty() {
                break;
            }
            left = left.saturating_sub(bytes);
            file = Some(entry.file);
            rules.extend(about);
            findings.push(finding);
            lines.push(line);
        }
        let end = start + findings.len();
        let more = self.entries.len() - end;
        let next_cursor = (more > 0).then(|| self.cursor(end));
        let next_steps = self.next_steps(more);
        lines.extend(next_steps.iter().map(|it| format!("Next: {it}")));
        lines.extend(next_cursor.iter().map(|it| format!("next_cursor: {it}")));
        let answer = CheckAnswer {
            summary: self.summary,
            findings: Some(findings),
            rules,
            files: Vec::new(),
            more_files: 0,
            next_cursor,
            next_steps,
        };
        Ok(Answer::new(&answer, lines.join("\n")))
    }

    fn headline(&self) -> String {
        let &Summary { files, errors, warnings, infos, hints, fixable, .. } = &self.summary;
        let counts = [(errors, "error"), (warnings, "warning"), (infos, "info"), (hints, "hint")];
        let counts: Vec<String> =
            counts.into_iter().filter(|it| it.0 > 0).map(|(number, what)| count(number, what)).collect();
        let counts = if counts.is_empty() { "No findings".to_owned() } else { counts.join(", ") };
        let fixable = if fixable > 0 { format!("; {fixable} with a fix") } else { String::new() };
        let mut text = format!("{counts} in {}{fixable}.", count(files, "file"));
        for compared in &self.summary.compared_with {
            text.push(' ');
            text.push_str(&shorten(&compared.sentence(), COMPARED_BYTES));
        }
        text.extend(self.summary.not_readable().map(|it| format!(" {}", shorten(&it, COMPARED_BYTES))));
        text
    }

    fn next_steps(&self, more: usize) -> Vec<String> {
        let &Summary { files, errors, fixable, .. } = &self.summary;
        let mut steps = Vec::new();
        if files == 0 && self.filter.paths.is_empty() {
            steps.push("There is no design document here yet; `design` writes the first one.".to_owned());
        } else if files == 0 {
            steps.push("Nothing below these paths is checked; leave `paths` out to check everything.".to_owned());
        }
        steps.extend(self.filter.paths.iter().filter_map(|it| unreadable(self.open, it)));
        if errors > 0 {
            steps.push(
                "Mend the errors by facts, not by rewording; `explain` with a rule's code says what is right. Then \
                check again."
                    .to_owned(),
            );
        }
        if fixable > 0 {
            steps.push("`archwright check --fix` applies the fixes that are safe.".to_owned());
        }
        if more > 0 {
            steps.push(format!("{} more: call again with the same arguments and `cursor`.", count(more, "finding")));
        }
        steps
    }

    /// Where a cursor points to: how many findings were shown, and a fingerprint of the question and of these findings.
    fn cursor(&self, shown: usize) -> String {
        let least = self.filter.least.unwrap_or(Severity::Info);
        let bases: Vec<_> = self.summary.compared_with.iter().map(|it| &it.commit).collect();
        let mut bytes = format!("{:?}{least}{bases:?}", self.filter.paths).into_bytes();
        for entry in self.entries.iter().take(shown) {
            let (span, rule, message) = entry.finding.key();
            bytes.extend_from_slice(format!("\n{}\0{}\0{rule}\0{message}", entry.path, span.start).as_bytes());
        }
        let fingerprint = ContentHash::of(&bytes).to_string();
        format!("{shown}-{}", fingerprint.get(..12).unwrap_or_default())
    }

    fn position(&self, cursor: Option<&str>) -> Result<usize, Answer> {
        let Some(cursor) = cursor.map(str::trim) else { return Ok(0) };
        let shown =
            cursor.split_once('-').and_then(|it| it.0.parse::<usize>().ok()).filter(|it| *it <= self.entries.len());
        shown.filter(|it| self.cursor(*it) == cursor).ok_or_else(|| {
            Answer::mistake(format!(
                "The cursor `{}` does not fit: the files changed since, or `paths`, `severity` or `base` are not those \
                of the call before. Call without `cursor` to start again.",
                shorten(cursor, 40)
            ))
        })
    }
}

fn rule_line(it: &RuleAnswer) -> String {
    format!("{}: {}", it.rule, count(it.findings.unwrap_or_default(), "finding"))
}

fn file_line(it: &FileAnswer) -> String {
    format!("{}: {}", it.file, count(it.findings, "finding"))
}

/// How many of these fit into what is left of an answer, in both forms. `line` is the size as text.
fn fitting<T: Serialize>(all: &[T], left: &mut usize, line: impl Fn(&T) -> usize) -> usize {
    let fits = |it: &&T| {
        let bytes = size(it) + line(it) + 2;
        let rest = left.checked_sub(bytes);
        *left = rest.unwrap_or(*left);
        rest.is_some()
    };
    all.iter().take_while(fits).count()
}

/// The findings of the files of a page with their places, each file worked out once.
#[derive(Default)]
struct Places {
    files: BTreeMap<FileId, Vec<ReportedFinding>>,
}

impl Places {
    fn finding(&mut self, all: &Selected<'_>, entry: &Entry<'_>, full: bool) -> Option<FindingAnswer> {
        let workspace = &all.open.workspace;
        let reported =
            self.files.entry(entry.file).or_insert_with(|| report::of_file(workspace, entry.file, &all.filter));
        let fix = workspace
            .fixes(entry.file, entry.finding)
            .into_iter()
            .next()
            .map(|it| shorten(&it.title, 200).into_owned());
        Some(FindingAnswer::new(reported.get(entry.number)?, fix, full))
    }
}
