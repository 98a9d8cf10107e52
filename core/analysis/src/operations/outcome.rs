//! What an operation answers.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{RelPath, WorkspaceEdit, WorkspaceEditError, engine::report::ReportedFinding};

/// The result of the design operation.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct DesignOutcome {
    /// Set if no design is due; then nothing else is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declined: Option<Declined>,
    /// The files of the design, each with what happens to it.
    pub files: Vec<PlannedFile>,
    /// The findings that these files have after the change.
    pub findings: Vec<ReportedFinding>,
    /// What is still to be answered.
    pub questions: Vec<OpenQuestion>,
    /// What to do next, most useful first.
    pub next_steps: Vec<String>,
    /// The change itself, for the writer or the editor.
    #[serde(skip)]
    pub edit: WorkspaceEdit,
}

/// No design is due.
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
    /// It is there and gains something.
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

/// Why an operation cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// The feature is no slug.
    #[error("`{given}` is no feature slug: write lower-case words with hyphens, such as `{suggestion}`")]
    Slug {
        /// What was given.
        given: String,
        /// What it could be.
        suggestion: String,
    },
    /// A fact that must be there is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A value that is none of the allowed ones.
    #[error("`{value}` is no {what}: write {allowed}")]
    Value {
        /// The field.
        what: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// An existing file cannot take the facts.
    #[error(transparent)]
    Edit(#[from] WorkspaceEditError),
}
