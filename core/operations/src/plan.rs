//! What an operation answers: the change, what it leaves open, and what to do next.

use std::fmt;

use archwright_engine::{
    Workspace,
    report::{self, Point, ReportFilter, ReportedFinding},
};
use archwright_model::{
    Kind, RelPath, WorkspaceEdit, WorkspaceEditError,
    facts::{self, FileFacts},
    values::value,
};
use archwright_rules::evolution::Compared;
use archwright_syntax::{Encoding, LineIndex, Span, markdown::Document};
use schemars::JsonSchema;
use serde::Serialize;

use super::{EventFlow, Impact, Launch, Recommended, Reviewed, Scanned};

/// The plan of an operation. Nothing of it is written yet.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Plan {
    /// Set if the operation is not due; then nothing else is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declined: Option<Declined>,
    /// The files it is about, the most important first, each with what happens to it.
    pub files: Vec<PlannedFile>,
    /// The findings that these files have after the change.
    pub findings: Vec<ReportedFinding>,
    /// What is still to be answered.
    pub questions: Vec<OpenQuestion>,
    /// What the new form cannot say, or says otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<PlanNote>,
    /// What to do next, most useful first.
    pub next_steps: Vec<NextStep>,
    /// A text that was made and belongs into no file yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// What was compared with what, and whom the changes break.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<archwright_rules::evolution::Comparison>")]
    pub compared: Option<Compared>,
    /// What a review of a change found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<Reviewed>,
    /// What decides on a launch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch: Option<Launch>,
    /// What depends on a thing, and what it depends on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    /// The messaging in code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scanned: Option<Scanned>,
    /// The flow of messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<EventFlow>,
    /// What to choose, by what was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recommended: Option<Recommended>,
    /// The change itself, for the writer or the editor.
    #[serde(skip)]
    pub edit: WorkspaceEdit,
}

/// An operation that is not due.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Declined {
    /// Why, in one sentence.
    pub reason: String,
    /// The one question that would decide it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
}

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    /// It is new.
    Created,
    /// It is there and changes.
    Changed,
    /// It is there and says all of it already.
    Unchanged,
}

/// A file of the plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedFile {
    /// Where.
    #[schemars(with = "String")]
    pub path: RelPath,
    /// What happens to it.
    pub state: FileState,
}

/// A placeholder that waits for an answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OpenQuestion {
    /// The file.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// 1-based line.
    pub line: u32,
    /// The field it belongs to, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The question.
    pub question: String,
}

/// A remark about a place of the text that was taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlanNote {
    /// The file, as it was named.
    pub file: String,
    /// Where in it.
    pub at: Point,
    /// What there is to know.
    pub message: String,
}

/// What to do after an operation. Each front end words it for its users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum NextStep {
    /// Errors are left in the files.
    FixErrors {
        /// How many.
        count: usize,
    },
    /// Placeholders wait for answers; the operation takes them and keeps what is written.
    AnswerQuestions {
        /// How many.
        count: usize,
    },
    /// A channel has no contract yet.
    WriteContract {
        /// The channel.
        channel: String,
    },
    /// Consumers have to follow to the next version of a channel.
    MoveConsumers {
        /// The old channel.
        channel: String,
        /// The new one.
        next: String,
    },
    /// Changes break readers: undo them, or give the channel a next version.
    MendBreaks {
        /// How many.
        count: usize,
    },
    /// A change has errors.
    MendChange {
        /// How many.
        count: usize,
    },
    /// Facts that were given differ from what the files say; `update` takes them.
    SettleDifferences {
        /// How many.
        count: usize,
    },
    /// Something blocks a launch: mend it, or have it accepted by its name.
    ClearBlockers {
        /// How many.
        count: usize,
    },
    /// What was stated does not decide something.
    StateSignals {
        /// How many choices are open.
        count: usize,
    },
    /// The remarks want to be read.
    ReadNotes {
        /// How many.
        count: usize,
    },
    /// Only the user can say whether the operation is due.
    AskUser,
    /// The operation is not due; it can be forced.
    DoWithout,
    /// The files say all of it already.
    Nothing,
}

/// In words that hold at every front end.
impl fmt::Display for NextStep {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |out: &mut fmt::Formatter<'_>, count: usize, what: &str| {
            write!(out, "{count} {what}{}", if count == 1 { "" } else { "s" })
        };
        match self {
            Self::FixErrors { count } => {
                out.write_str("Fix the ")?;
                counted(out, *count, "error")?;
                out.write_str(" that the files have.")
            }
            Self::AnswerQuestions { count } => {
                out.write_str("Answer the ")?;
                counted(out, *count, "open question")?;
                out.write_str(".")
            }
            Self::WriteContract { channel } => {
                write!(out, "Write the contract, schema and AsyncAPI file of `{channel}`.")
            }
            Self::MoveConsumers { channel, next } => write!(out, "Move the consumers of `{channel}` to `{next}`."),
            Self::MendBreaks { count } => {
                out.write_str("Undo the ")?;
                counted(out, *count, "breaking change")?;
                out.write_str(", or give the channel a next version.")
            }
            Self::MendChange { count } => {
                out.write_str("Mend the ")?;
                counted(out, *count, "error")?;
                out.write_str(" of the change, then review it again.")
            }
            Self::SettleDifferences { count } => {
                out.write_str("Settle the ")?;
                counted(out, *count, "difference")?;
                out.write_str(" between what was given and what is written; `update` takes what was given.")
            }
            Self::ClearBlockers { count } => {
                out.write_str("Clear the ")?;
                counted(out, *count, "blocker")?;
                out.write_str(", give evidence, or have one accepted by its id as a risk; then ask again.")
            }
            Self::StateSignals { count } => {
                out.write_str("Settle ")?;
                counted(out, *count, "open choice")?;
                out.write_str(": find out what each asks, then state it and ask again.")
            }
            Self::ReadNotes { count } => {
                out.write_str("Read the ")?;
                counted(out, *count, "remark")?;
                out.write_str(" on what the new version cannot say.")
            }
            Self::AskUser => out.write_str("Answer the question; it decides whether this is due."),
            Self::DoWithout => out.write_str("Go on without it, or ask for it all the same."),
            Self::Nothing => out.write_str("Nothing to do: the files say all of it already."),
        }
    }
}

impl Plan {
    /// The plan of an operation that is not due.
    pub(super) fn declined(declined: Declined) -> Self {
        let step = if declined.question.is_some() { NextStep::AskUser } else { NextStep::DoWithout };
        Self { declined: Some(declined), next_steps: vec![step], ..Self::default() }
    }

    /// The plan of a change: the findings and questions that its files will have, and what follows from them. `files`
    /// is what the change is about, in order of importance; files that are named nowhere follow. Of those only new ones
    /// ask.
    pub(super) fn of(
        workspace: &mut Workspace,
        edit: WorkspaceEdit,
        mut files: Vec<RelPath>,
    ) -> Result<Self, WorkspaceEditError> {
        let mut asking = files.clone();
        asking.extend(edit.creates.iter().map(|it| it.path.clone()).filter(|it| !files.contains(it)));
        let touched = edit.creates.iter().map(|it| &it.path).chain(edit.texts.iter().map(|it| &it.path));
        for path in touched {
            // Of a file that is not read nothing is known, so no change of it can be right.
            let facts = workspace.file(path).and_then(|it| workspace.facts(it));
            if let Some(why) = facts.and_then(|it| it.unreadable.as_deref()) {
                return Err(WorkspaceEditError::NotRead { path: path.clone(), why: why.to_string() });
            }
            if !files.contains(path) {
                files.push(path.clone());
            }
        }
        let state = |path: &RelPath| match () {
            () if edit.creates.iter().any(|it| it.path == *path) => FileState::Created,
            () if edit.texts.iter().any(|it| it.path == *path) => FileState::Changed,
            () => FileState::Unchanged,
        };
        let planned = files.iter().map(|path| PlannedFile { path: path.clone(), state: state(path) }).collect();
        let (findings, questions) =
            workspace.what_if(&edit, |after| (findings(after, &files), questions(after, &asking)))?;
        let mut next_steps = Vec::new();
        let errors = findings.iter().filter(|it| it.severity == archwright_model::Severity::Error).count();
        if errors > 0 {
            next_steps.push(NextStep::FixErrors { count: errors });
        }
        if !questions.is_empty() {
            next_steps.push(NextStep::AnswerQuestions { count: questions.len() });
        }
        Ok(Self { files: planned, findings, questions, next_steps, edit, ..Self::default() })
    }

    /// Counts questions that no placeholder asks among those to answer.
    pub(super) fn count_questions(&mut self, more: usize) {
        let asked = self.next_steps.iter_mut().find_map(|it| match it {
            NextStep::AnswerQuestions { count } => Some(count),
            _ => None,
        });
        match asked {
            Some(count) => *count += more,
            None if more > 0 => self.next_steps.push(NextStep::AnswerQuestions { count: more }),
            None => {}
        }
    }

    /// The plan with these steps behind its own; with a word where there is nothing to do at all.
    #[must_use]
    pub(super) fn then(mut self, steps: impl IntoIterator<Item = NextStep>) -> Self {
        self.next_steps.extend(steps);
        if self.next_steps.is_empty() && self.edit.is_empty() {
            self.next_steps.push(NextStep::Nothing);
        }
        self
    }
}

impl PlanNote {
    /// A remark about a byte of a text.
    pub(super) fn new(file: &str, text: &str, at: usize, message: String) -> Self {
        let place = LineIndex::new(text).position(at, text, Encoding::Utf32);
        Self { file: file.to_owned(), at: Point { line: place.line + 1, column: place.column + 1 }, message }
    }
}

fn findings(workspace: &Workspace, paths: &[RelPath]) -> Vec<ReportedFinding> {
    let files = paths.iter().filter_map(|it| workspace.file(it));
    files.flat_map(|it| report::of_file(workspace, it, &ReportFilter::default())).collect()
}

/// What is open, in one question for each line. The rows of a catalog repeat what READMEs are asked.
fn questions(workspace: &Workspace, paths: &[RelPath]) -> Vec<OpenQuestion> {
    let mut questions = Vec::new();
    for facts in paths.iter().filter_map(|it| workspace.file(it)).filter_map(|it| workspace.facts(it)) {
        if facts.kind == Kind::Catalog || facts.markdown().is_none() {
            continue;
        }
        let tree = facts::tree(&facts.text);
        let lines = LineIndex::new(&facts.text);
        let line_of = |at: usize| lines.position(at, &facts.text, Encoding::Utf32).line;
        let open = facts::placeholders(&tree, &facts.text);
        for line in open.chunk_by(|a, b| line_of(a.span.start as usize) == line_of(b.span.start as usize)) {
            let Some(first) = line.first() else { continue };
            let at = first.span.start as usize;
            let mut asked: Vec<&str> = line.iter().map(|it| it.question.of(&facts.text)).collect();
            asked.retain(|it| !it.is_empty());
            let field = tree.fields.iter().find(|it| it.item.touches(at)).map(|it| facts.slice(it.name).to_owned());
            let (field, question) = match row(&tree, facts, line).filter(|_| asked.is_empty()) {
                Some((name, columns)) => (Some(name), columns),
                None if asked.is_empty() => (field, "What belongs here?".to_owned()),
                None => (field, asked.join(" ")),
            };
            questions.push(OpenQuestion { file: facts.path.clone(), line: line_of(at) + 1, field, question });
        }
    }
    questions
}

/// The row of a table whose cells are open: what it is about, and the columns.
fn row(tree: &Document, facts: &FileFacts, open: &[facts::Placeholder]) -> Option<(String, String)> {
    let start = open.first()?.span.start as usize;
    let table = tree.tables.iter().find(|it| it.span.touches(start))?;
    let row = tree.rows(table).iter().find(|it| it.span.touches(start))?;
    let cells = tree.cells(row);
    let is_open = |cell: &Span| open.iter().any(|it| cell.start <= it.span.start && it.span.end <= cell.end);
    let titles =
        tree.header(table).iter().zip(cells).filter(|it| is_open(it.1)).map(|it| value::plain(facts.slice(*it.0)));
    let titles = titles.collect::<Vec<_>>().join(", ");
    let name = cells.first().filter(|it| !is_open(it)).map(|it| value::plain(facts.slice(*it)))?;
    (!titles.is_empty()).then(|| (name, format!("{titles}?")))
}
