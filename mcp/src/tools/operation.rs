//! The operations as tools: one adapter for all of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use archwright_analysis::{
    ContentHash, RelPath, Workspace, WorkspaceEdit,
    operations::{
        ComparedChange, Entry, FileState, Impact, NextStep, OPERATIONS, OpenQuestion, OperationError, Plan, PlanNote,
        Recommended,
    },
    writer::{self, WriteError},
};
use rmcp::model::{JsonObject, Tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use similar::TextDiff;

use super::{finding::FindingAnswer, impact, is_zero, typed};
use crate::{
    answer::{Answer, MOST_BYTES, USUAL_BYTES, fitting, size},
    schema,
    session::Open,
    text::{count, shorten},
};

/// How many findings are told; `check` tells the rest.
const FINDINGS: usize = 8;

/// What the protocol puts around an answer, in bytes.
const FRAME_BYTES: usize = 256;

/// The longest sentence that is shown in full, in bytes.
const TEXT_BYTES: usize = 1024;

/// How long the diff of a dry run may be, in bytes.
const DIFF_BYTES: usize = 8 * 1024;

/// How a tool that writes is used, beside the request of the operation.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct HowArguments {
    // The name says it; a description would cost each session some 250 bytes.
    dry_run: bool,
    /// Of the first file now.
    expected_sha256: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PlanAnswer {
    state: State,
    /// The review, or what decides on a launch.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    /// What depends on a thing, and what it depends on.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "impact::compact")]
    #[schemars(with = "Option<String>")]
    impact: Option<Impact>,
    /// What to choose, by what was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    recommended: Option<Recommended>,
    /// What came of it, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    /// Why it is not due.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What would decide whether it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileAnswer>,
    #[serde(skip_serializing_if = "is_zero")]
    more_files: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<FindingAnswer>,
    #[serde(skip_serializing_if = "is_zero")]
    more_findings: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    questions: Vec<QuestionAnswer>,
    #[serde(skip_serializing_if = "is_zero")]
    more_questions: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<PlanNote>,
    #[serde(skip_serializing_if = "is_zero")]
    more_notes: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<ChangeAnswer>,
    #[serde(skip_serializing_if = "is_zero")]
    more_changes: usize,
    next_steps: Vec<String>,
    #[serde(skip_serializing_if = "is_zero")]
    more_next_steps: usize,
    /// Whether the caller said how much to tell.
    #[serde(skip)]
    is_limited: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    Written,
    Unchanged,
    Planned,
    Declined,
    Compared,
    Reviewed,
    Answered,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FileAnswer {
    path: String,
    state: FileState,
    sha256: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct QuestionAnswer {
    file: String,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    question: String,
}

/// A change between two versions.
#[derive(Debug, Serialize, JsonSchema)]
struct ChangeAnswer {
    file: String,
    line: u32,
    class: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    breaks: Vec<&'static str>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
    /// The documents that refer to the file, as `FILE:LINE`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used_by: Vec<String>,
}

/// The tools of all operations, as they are listed.
pub fn tools() -> Vec<Tool> {
    OPERATIONS.iter().map(tool).collect()
}

/// The operation that a tool stands for.
pub fn find(tool: &str) -> Option<&'static Entry> {
    OPERATIONS.iter().find(|it| tool_name(it) == tool)
}

fn tool_name(operation: &Entry) -> String {
    operation.name.replace('-', "_")
}

fn tool(operation: &Entry) -> Tool {
    let mut input = schema::strict_arguments(operation.schema());
    if operation.writes
        && let (Some(Value::Object(members)), Some(how)) =
            (input.get_mut("properties"), schema::properties(&schema::arguments::<HowArguments>()))
    {
        members.extend(how.clone());
    }
    let (elements, own): (Vec<&str>, Vec<&str>) = operation.required.iter().partition(|it| it.contains("[]."));
    schema::require(&mut input, &own);
    let mut of_lists: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (list, name) in elements.iter().filter_map(|it| it.split_once("[].")) {
        of_lists.entry(list).or_default().push(name);
    }
    for (list, names) in of_lists {
        if let Some(element) = schema::element_mut(&mut input, list) {
            schema::require(element, &names);
        }
    }
    super::tool(
        tool_name(operation),
        operation.title,
        operation.about,
        operation.searched,
        (input, schema::answer::<PlanAnswer>()),
        operation.writes,
    )
}

/// Runs the tool of an operation.
pub fn run(operation: &Entry, open: &mut Open, mut arguments: JsonObject) -> Result<Answer, Answer> {
    let how = ["dry_run", "expected_sha256"].into_iter().filter_map(|it| arguments.shift_remove_entry(it)).collect();
    let how: HowArguments = typed(how)?;
    if operation.writes && !how.dry_run && writer::recover(open.workspace.root()).is_ok_and(|it| it > 0) {
        open.refresh();
    }
    let is_limited = arguments.contains_key("limit");
    let mut plan =
        operation.plan(&mut open.workspace, Value::Object(arguments)).map_err(|error| mistake(operation, &error))?;
    if plan.declined.is_some() {
        return Ok(PlanAnswer::new(operation, State::Declined, Vec::new(), None, plan).answer());
    }
    if let (Some(expected), Some(first)) = (&how.expected_sha256, plan.files.first()) {
        expect(&open.workspace, &first.path, expected)?;
    }
    let previews = preview(&open.workspace, &plan.edit)?;
    let diff = how.dry_run.then(|| diff(&previews));
    let files = plan.files.iter().map(|it| {
        let after = previews.iter().find(|preview| preview.path == it.path).and_then(|it| it.after.clone());
        let text = after.or_else(|| text(&open.workspace, &it.path)).unwrap_or_default();
        FileAnswer { path: it.path.to_string(), state: it.state, sha256: ContentHash::of(text.as_bytes()).to_string() }
    });
    let files: Vec<FileAnswer> = files.collect();
    let state = match () {
        () if plan.compared.is_some() => State::Compared,
        () if plan.review.is_some() => State::Reviewed,
        () if plan.impact.is_some() || plan.recommended.is_some() => State::Answered,
        () if plan.scanned.is_some() || plan.flow.is_some() => State::Answered,
        () if plan.edit.is_empty() => State::Unchanged,
        () if how.dry_run => State::Planned,
        () => State::Written,
    };
    if state == State::Planned {
        writer::verify(open.workspace.root(), &plan.edit).map_err(|error| refused(open, &error))?;
    }
    if state == State::Written {
        let edit = std::mem::take(&mut plan.edit);
        writer::apply(open.workspace.root(), &edit).map_err(|error| refused(open, &error))?;
        open.refresh();
    }
    let answer = PlanAnswer { is_limited, ..PlanAnswer::new(operation, state, files, diff, plan) };
    Ok(answer.answer())
}

fn mistake(operation: &Entry, error: &OperationError) -> Answer {
    let text = error.to_string();
    let end = if text.ends_with(['.', '?']) { "" } else { "." };
    let lead = if operation.writes { "Nothing was written: " } else { "" };
    Answer::mistake(format!("{lead}{text}{end}"))
}

/// The answer to a change that was not written. To call again is advised only where that finds something else.
fn refused(open: &mut Open, error: &WriteError) -> Answer {
    if matches!(error, WriteError::HalfUndone { .. }) {
        return Answer::mistake(format!("{error}."));
    }
    let lead = format!("Nothing was written: {error}.");
    if !error.is_stale() {
        return Answer::mistake(lead);
    }
    open.refresh();
    let Some(path) = error.path() else { return Answer::mistake(lead) };
    let file = open.workspace.file(&path);
    let unreadable = file.and_then(|it| open.workspace.facts(it)).and_then(|it| it.unreadable.as_deref());
    if let Some(why) = unreadable {
        return Answer::mistake(format!("Nothing was written: {path} {why}."));
    }
    let is_news = match error {
        WriteError::Changed { found, .. } => {
            text(&open.workspace, &path).is_some_and(|it| ContentHash::of(it.as_bytes()) == *found)
        }
        WriteError::Exists { .. } => file.is_some_and(|it| open.workspace.text(it).is_some()),
        _ => true,
    };
    if is_news {
        return Answer::mistake(format!("{lead} Call again: the files are read anew."));
    }
    Answer::mistake(format!(
        "{lead} It is left out of the workspace by .gitignore or archwright.toml, so it is not read; take it in or \
        choose another name."
    ))
}

/// Refuses to go on unless the design on disk is the one that the caller knows.
fn expect(workspace: &Workspace, path: &RelPath, expected: &str) -> Result<(), Answer> {
    let expected: ContentHash = expected
        .trim()
        .parse()
        .map_err(|error| Answer::mistake(format!("`expected_sha256`: {error}. Nothing was written.")))?;
    let found = text(workspace, path).map(|it| ContentHash::of(it.as_bytes()));
    match found {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(Answer::mistake(format!(
            "Nothing was written: {path} is not as you know it (sha256 is {found}, you expected {expected}). Read it, \
            then call again with this hash."
        ))),
        None => Err(Answer::mistake(format!(
            "Nothing was written: {path} does not exist; leave `expected_sha256` out to create it."
        ))),
    }
}

fn text(workspace: &Workspace, path: &RelPath) -> Option<String> {
    workspace.file(path).and_then(|it| workspace.text(it)).map(|it| it.to_string())
}

fn preview(workspace: &Workspace, edit: &WorkspaceEdit) -> Result<Vec<archwright_analysis::FilePreview>, Answer> {
    edit.preview(|path| text(workspace, path))
        .map_err(|error| Answer::mistake(format!("Nothing was written: {error}.")))
}

/// The unified diff, changed files before new ones, because a new file holds no surprise.
fn diff(previews: &[archwright_analysis::FilePreview]) -> String {
    let mut previews: Vec<_> = previews.iter().collect();
    previews.sort_by_key(|it| it.before.is_none());
    let mut all = String::new();
    for it in previews {
        let (before, after) = (it.before.as_deref().unwrap_or_default(), it.after.as_deref().unwrap_or_default());
        let old = it.before.as_ref().map_or("/dev/null".to_owned(), |_| format!("a/{}", it.path));
        let difference = TextDiff::from_lines(before, after);
        let _ = write!(all, "{}", difference.unified_diff().context_radius(2).header(&old, &format!("b/{}", it.path)));
    }
    if all.len() <= DIFF_BYTES {
        return all;
    }
    let shown =
        all.get(..all.floor_char_boundary(DIFF_BYTES)).and_then(|it| it.rsplit_once('\n')).map_or("", |it| it.0);
    let left = all.lines().count() - shown.lines().count();
    format!("{shown}\n[{} not shown; once written, the files have them]\n", count(left, "more line"))
}

impl PlanAnswer {
    fn new(operation: &Entry, state: State, files: Vec<FileAnswer>, diff: Option<String>, plan: Plan) -> Self {
        let findings: Vec<_> =
            plan.findings.iter().take(FINDINGS).map(|it| FindingAnswer::new(it, None, false)).collect();
        let more_findings = plan.findings.len() - findings.len();
        // The README asks again what the design asks; one answer serves both.
        let mut asked = BTreeSet::new();
        let all = plan.questions.len();
        let questions = plan.questions.into_iter().filter(|it| asked.insert((it.field.clone(), it.question.clone())));
        let questions: Vec<_> = questions.map(QuestionAnswer::from).collect();
        let changes = plan.compared.iter().flat_map(|it| &it.comparison.changes).map(ChangeAnswer::from).collect();
        let repeated = all - questions.len();
        let steps = plan.next_steps.into_iter().map(|it| match it {
            NextStep::AnswerQuestions { count } => NextStep::AnswerQuestions { count: count - repeated.min(count) },
            other => other,
        });
        let mut next_steps: Vec<String> = steps.map(|it| words(operation, &it)).collect();
        if state == State::Planned {
            next_steps.insert(0, "Call again without `dry_run` to write this.".to_owned());
        }
        let next_steps = next_steps.iter().map(|it| shorten(it, TEXT_BYTES).into_owned()).collect();
        let launch = plan.launch.as_ref().map(archwright_analysis::operations::Launch::text);
        let scanned = plan.scanned.as_ref().map(|it| fitting(|most| it.text(most)));
        let flow = plan.flow.as_ref().map(|it| fitting(|most| it.show(most)));
        let report =
            plan.review.as_ref().map(archwright_analysis::operations::Reviewed::text).or(launch).or(scanned).or(flow);
        let (reason, question) = plan.declined.map_or((None, None), |it| (Some(it.reason), it.question));
        let short = |it: String| shorten(&it, TEXT_BYTES).into_owned();
        Self {
            state,
            report,
            impact: plan.impact,
            recommended: plan.recommended,
            summary: plan.compared.as_ref().map(archwright_analysis::operations::Compared::summary).map(short),
            reason: reason.map(short),
            question: question.map(short),
            files,
            more_files: 0,
            diff,
            findings,
            more_findings,
            questions,
            more_questions: 0,
            notes: plan.notes.into_iter().map(|it| PlanNote { message: short(it.message), ..it }).collect(),
            more_notes: 0,
            changes,
            more_changes: 0,
            next_steps,
            more_next_steps: 0,
            is_limited: false,
        }
    }

    /// Both forms, without the last elements of its lists if the answer would be too long. What is left out is counted,
    /// and the text says where the rest is.
    fn answer(mut self) -> Answer {
        if self.state == State::Reviewed {
            let text = self.text();
            return Answer::new(&self, text);
        }
        let most = match &self.report {
            _ if self.diff.is_some() || self.is_limited => MOST_BYTES,
            // What decides on a launch stands in both forms, and nothing of it can be left out.
            Some(report) => (USUAL_BYTES / 2 + 2 * size(report)).min(MOST_BYTES),
            None => USUAL_BYTES,
        } - FRAME_BYTES;
        let mut text = self.text();
        loop {
            let bytes = size(&self) + size(&text);
            // Far from the goal large steps are taken: each costs what the answer costs.
            if bytes <= most || !self.shorten(if bytes > 2 * most { 2 } else { 16 }) {
                break;
            }
            text = self.text();
        }
        Answer::new(&self, text)
    }

    /// Leaves out the last elements of a list, one of so many `parts` of it.
    fn shorten(&mut self, parts: usize) -> bool {
        fn pop<T>(list: &mut Vec<T>, left_out: &mut usize, parts: usize) -> bool {
            let few = (list.len() / parts).max(1).min(list.len());
            list.truncate(list.len() - few);
            *left_out += few;
            few > 0
        }
        pop(&mut self.changes, &mut self.more_changes, parts)
            || pop(&mut self.questions, &mut self.more_questions, parts)
            || pop(&mut self.notes, &mut self.more_notes, parts)
            || pop(&mut self.next_steps, &mut self.more_next_steps, parts)
            || pop(&mut self.findings, &mut self.more_findings, parts)
            || pop(&mut self.files, &mut self.more_files, parts)
            || self.diff.take().is_some()
            || self.impact.as_mut().is_some_and(|it| it.shorten(parts))
    }

    fn text(&self) -> String {
        // A review has a form of its own, and keeps to its budget by itself.
        if let (State::Reviewed, Some(report)) = (self.state, &self.report) {
            return report.clone();
        }
        let mut lines = vec![match self.state {
            State::Written => "Written.".to_owned(),
            State::Unchanged if self.notes.is_empty() => "Nothing changed: the files say all of it already.".to_owned(),
            // What was given may be otherwise than what is written.
            State::Unchanged => "Nothing changed; read the remarks.".to_owned(),
            State::Planned => "Dry run: nothing was written.".to_owned(),
            State::Declined => "Not due.".to_owned(),
            State::Compared => "Compared.".to_owned(),
            State::Reviewed => "Reviewed.".to_owned(),
            State::Answered => String::new(),
        }];
        lines.retain(|it| !it.is_empty());
        lines.extend(self.impact.as_ref().map(|it| it.text().trim_end().to_owned()));
        lines.extend(self.recommended.as_ref().map(|it| it.text(false).trim_end().to_owned()));
        lines.extend(self.report.clone());
        lines.extend(self.summary.clone());
        lines.extend(self.reason.clone());
        lines.extend(self.question.iter().map(|it| format!("Question: {it}")));
        lines.extend(self.files.iter().map(|it| {
            let state = match it.state {
                FileState::Created => "new",
                FileState::Changed => "changed",
                FileState::Unchanged => "unchanged",
            };
            format!("{} {state}, sha256 {}", it.path, it.sha256)
        }));
        let rest = "not shown; the command line names all with `--format json`.";
        lines.extend((self.more_files > 0).then(|| format!("{} {rest}", count(self.more_files, "more file"))));
        lines.extend(self.diff.clone());
        let mut file = "";
        for it in &self.findings {
            lines.extend((file != it.file).then(|| format!("Findings in {}:", it.file)));
            file = &it.file;
            lines.push(it.line());
        }
        lines.extend(
            (self.more_findings > 0).then(|| format!("{}: call `check`.", count(self.more_findings, "more finding"))),
        );
        let mut file = "";
        for it in &self.questions {
            lines.extend((file != it.file).then(|| format!("Open in {}:", it.file)));
            file = &it.file;
            let field = it.field.as_ref().map_or(String::new(), |it| format!("{it}: "));
            lines.push(format!("  {}: {field}{}", it.line, it.question));
        }
        lines.extend(
            (self.more_questions > 0).then(|| format!("{} in the files.", count(self.more_questions, "more question"))),
        );
        lines
            .extend(self.notes.iter().map(|it| format!("{}:{}:{}: {}", it.file, it.at.line, it.at.column, it.message)));
        lines.extend((self.more_notes > 0).then(|| format!("{} {rest}", count(self.more_notes, "more remark"))));
        lines.extend(self.changes.iter().map(ChangeAnswer::line));
        lines.extend(
            (self.more_changes > 0)
                .then(|| format!("{} not shown; name fewer `paths`.", count(self.more_changes, "more change"))),
        );
        lines.extend(self.next_steps.iter().map(|it| format!("Next: {it}")));
        lines.extend((self.more_next_steps > 0).then(|| {
            format!("{} not shown; call again when these are done.", count(self.more_next_steps, "more step"))
        }));
        lines.join("\n")
    }
}

/// A step in the words of a client that calls tools.
fn words(operation: &Entry, step: &NextStep) -> String {
    let tool = tool_name(operation);
    match step {
        NextStep::FixErrors { .. } => format!("{step} They are in `findings`; `explain` says why each fires."),
        NextStep::AnswerQuestions { .. } if operation.required.contains(&"feature") => {
            format!("{step} Then call `{tool}` again with the answers: existing text stays.")
        }
        NextStep::AnswerQuestions { .. } => format!("{step} Write the answers in their places."),
        NextStep::MendBreaks { .. } => format!("{step} `next_version` writes its files."),
        NextStep::AskUser => {
            format!("Ask the user this question; if it is due, call `{tool}` again with `services` or `force`.")
        }
        NextStep::DoWithout => format!(
            "Answer the user's request without it; call `{tool}` again with `force` if the user wants it all the same."
        ),
        other => other.to_string(),
    }
}

impl ChangeAnswer {
    fn line(&self) -> String {
        let breaks = if self.breaks.is_empty() { String::new() } else { format!(" ({})", self.breaks.join(", ")) };
        let advice = self.advice.as_ref().map_or(String::new(), |it| format!(" {it}"));
        let users =
            if self.used_by.is_empty() { String::new() } else { format!(" Used by {}.", self.used_by.join(", ")) };
        format!("{}:{}: {}{breaks}: {}{advice}{users}", self.file, self.line, self.class, self.message)
    }
}

/// The first of those that refer to the file, and how many more there are.
fn users_of(change: &ComparedChange) -> Vec<String> {
    const MOST: usize = 3;
    let mut users: Vec<String> =
        change.related.iter().take(MOST).map(|it| format!("{}:{}", it.file, it.start.line)).collect();
    if let Some(more) = change.related.len().checked_sub(MOST).filter(|it| *it > 0) {
        users.push(format!("{more} more"));
    }
    users
}

impl From<&ComparedChange> for ChangeAnswer {
    fn from(change: &ComparedChange) -> Self {
        let place = change.new.as_ref().or(change.old.as_ref());
        Self {
            file: place.map_or_else(String::new, |it| it.file.clone()),
            line: place.map_or(1, |it| it.start.line),
            class: change.class,
            breaks: change.breaks.clone(),
            message: shorten(&change.message, 400).into_owned(),
            advice: change.advice.as_ref().map(|it| shorten(it, 300).into_owned()),
            used_by: users_of(change),
        }
    }
}

impl From<OpenQuestion> for QuestionAnswer {
    fn from(it: OpenQuestion) -> Self {
        let question = shorten(&it.question, 200).into_owned();
        Self { file: it.file.to_string(), line: it.line, field: it.field, question }
    }
}
