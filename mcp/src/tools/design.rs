//! `design`: writes the design of a feature, its README and its row in the catalog.

use std::{collections::BTreeSet, fmt::Write as _};

use archwright_analysis::{
    ContentHash, RelPath, Workspace, WorkspaceEdit,
    operations::{self, DesignOutcome, DesignRequest, FileState, OperationError},
    writer::{self, WriteError},
};
use rmcp::model::{JsonObject, Tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use similar::TextDiff;

use super::{finding::FindingAnswer, typed};
use crate::{
    answer::{Answer, MOST_BYTES, USUAL_BYTES, size},
    schema,
    session::Open,
    text::{count, shorten},
};

const DESCRIPTION: &str = "Writes the design of a feature that crosses services: `design.md`, the feature's README and its catalog row, \
complete and in the right places, in one call. Pass the facts you know; what is left out becomes `<TBD: question>`, so never guess. Text \
that is there stays; calling again with more facts adds them. Declines in one sentence if the work stays inside one service (`force` \
overrides). Answers with hashes, findings and open questions. Use `dry_run` to see the diff first.";

/// How many findings are told; `check` tells the rest.
const FINDINGS: usize = 8;

/// What the protocol puts around an answer, in bytes.
const FRAME_BYTES: usize = 256;

/// How long the diff of a dry run may be, in bytes.
const DIFF_BYTES: usize = 8 * 1024;

/// How the tool is used, beside the facts of the design.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct HowArguments {
    /// Show the diff, write nothing.
    dry_run: bool,
    /// sha256 that `design.md` must have; refused otherwise.
    expected_sha256: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DesignAnswer {
    state: State,
    /// Why no design is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What would decide whether one is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileAnswer>,
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
    next_steps: Vec<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    Written,
    Unchanged,
    Planned,
    Declined,
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

/// The tool as it is listed.
pub fn tool() -> Tool {
    let mut input = schema::arguments::<DesignRequest>();
    if let (Some(Value::Object(members)), Some(how)) =
        (input.get_mut("properties"), schema::properties(&schema::arguments::<HowArguments>()))
    {
        members.extend(how.clone());
    }
    schema::require(&mut input, &["feature", "description"]);
    for (list, name) in [("channels", "name"), ("patterns", "name"), ("open_questions", "question")] {
        if let Some(element) = schema::element_mut(&mut input, list) {
            schema::require(element, &[name]);
        }
    }
    super::tool("design", "Write the design of a feature", DESCRIPTION, input, schema::answer::<DesignAnswer>(), true)
}

/// Runs the tool.
pub fn run(open: &mut Open, mut arguments: JsonObject) -> Result<Answer, Answer> {
    let how = ["dry_run", "expected_sha256"].into_iter().filter_map(|it| arguments.shift_remove_entry(it)).collect();
    let how: HowArguments = typed(how)?;
    let request: DesignRequest = typed(arguments)?;
    let outcome = operations::design(&mut open.workspace, &request).map_err(|error| mistake(&error))?;
    if let Some(declined) = outcome.declined {
        return Ok(DesignAnswer::declined(declined.reason, declined.question).answer());
    }
    if let (Some(expected), Some(design)) = (&how.expected_sha256, outcome.files.first()) {
        expect(&open.workspace, &design.path, expected)?;
    }
    let previews = preview(&open.workspace, &outcome.edit)?;
    let diff = how.dry_run.then(|| diff(&previews));
    let files = outcome.files.iter().map(|it| {
        let after = previews.iter().find(|preview| preview.path == it.path).and_then(|it| it.after.clone());
        let text = after.or_else(|| text(&open.workspace, &it.path)).unwrap_or_default();
        FileAnswer { path: it.path.to_string(), state: it.state, sha256: ContentHash::of(text.as_bytes()).to_string() }
    });
    let files: Vec<FileAnswer> = files.collect();
    let state = match () {
        () if outcome.edit.is_empty() => State::Unchanged,
        () if how.dry_run => State::Planned,
        () => State::Written,
    };
    if state == State::Written {
        writer::apply(open.workspace.root(), &outcome.edit).map_err(|error| refused(&error))?;
        open.refresh();
    }
    Ok(DesignAnswer::new(state, files, diff, outcome).answer())
}

fn mistake(error: &OperationError) -> Answer {
    Answer::mistake(format!("Nothing was written: {error}."))
}

fn refused(error: &WriteError) -> Answer {
    match error {
        WriteError::HalfUndone { .. } => Answer::mistake(format!("{error}.")),
        error if error.is_stale() => {
            Answer::mistake(format!("Nothing was written: {error}. Call again: the files are read anew."))
        }
        error => Answer::mistake(format!("Nothing was written: {error}.")),
    }
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
            "Nothing was written: {path} is not as you know it (sha256 is {found}, you expected {expected}). Read it, then call again with this hash."
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
    format!("{shown}\n[{} not shown]\n", count(left, "more line"))
}

impl DesignAnswer {
    fn declined(reason: String, question: Option<String>) -> Self {
        let next = match &question {
            Some(_) => "Ask the user this question; if a design is due, call again with `services` or `force`.",
            None => {
                "Answer the user's request without a design document; call again with `force` if the user wants one all the same."
            }
        };
        let next_steps = vec![next.to_owned()];
        Self {
            state: State::Declined,
            reason: Some(reason),
            question,
            files: Vec::new(),
            diff: None,
            findings: Vec::new(),
            more_findings: 0,
            questions: Vec::new(),
            more_questions: 0,
            next_steps,
        }
    }

    fn new(state: State, files: Vec<FileAnswer>, diff: Option<String>, outcome: DesignOutcome) -> Self {
        let findings: Vec<_> =
            outcome.findings.iter().take(FINDINGS).map(|it| FindingAnswer::new(it, None, false)).collect();
        let more_findings = outcome.findings.len() - findings.len();
        // The README asks again what the design asks; one answer serves both.
        let mut asked = BTreeSet::new();
        let questions =
            outcome.questions.into_iter().filter(|it| asked.insert((it.field.clone(), it.question.clone())));
        let questions: Vec<_> = questions.map(QuestionAnswer::from).collect();
        let mut next_steps = outcome.next_steps;
        if state == State::Planned {
            next_steps.insert(0, "Call again without `dry_run` to write this.".to_owned());
        }
        Self {
            state,
            reason: None,
            question: None,
            files,
            diff,
            findings,
            more_findings,
            questions,
            more_questions: 0,
            next_steps,
        }
    }

    /// Both forms, without the last questions if the answer would be too long.
    fn answer(mut self) -> Answer {
        let most = if self.diff.is_some() { MOST_BYTES } else { USUAL_BYTES } - FRAME_BYTES;
        let mut text = self.text();
        while most < size(&self) + size(&text) && self.questions.pop().is_some() {
            self.more_questions += 1;
            text = self.text();
        }
        Answer::new(&self, text)
    }

    fn text(&self) -> String {
        let mut lines = vec![match self.state {
            State::Written => "Written.".to_owned(),
            State::Unchanged => "Nothing changed: the files say all of it already.".to_owned(),
            State::Planned => "Dry run: nothing was written.".to_owned(),
            State::Declined => "No design is due.".to_owned(),
        }];
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
        lines.extend(self.next_steps.iter().map(|it| format!("Next: {it}")));
        lines.join("\n")
    }
}

impl From<operations::OpenQuestion> for QuestionAnswer {
    fn from(it: operations::OpenQuestion) -> Self {
        let question = shorten(&it.question, 200).into_owned();
        Self { file: it.file.to_string(), line: it.line, field: it.field, question }
    }
}
