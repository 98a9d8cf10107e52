//! Sagas and other state machines, as documents and definitions of workflows state them: which steps, what undoes them,
//! which states, and what leads from one to another.

mod diagram;
mod list;
mod machine;
mod table;
#[cfg(test)]
mod tests;
mod workflow;

use archwright_engine::Workspace;
use archwright_knowledge::claim_words;
use archwright_model::{
    Kind,
    conventions::role::{Role, State},
    facts::{ByRole, FileFacts},
    values::value,
};
use archwright_syntax::{Span, markdown::SectionId};
use schemars::JsonSchema;
use serde::Serialize;

pub(super) use machine::{End, Machine, Spot};

use super::{answer::FlowPlace, read::place};
use crate::impact::place_in;

/// A saga, or another state machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowSaga {
    /// Its name: the heading above it, or the name of its file.
    pub name: String,
    /// The service or feature that its document is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Where it is stated.
    pub at: FlowPlace,
    /// Its steps, in their order, if steps are stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<FlowStep>,
    /// What leads from one state to another, if states are stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<FlowTransition>,
    /// States in which it ends: those that are said to be an end, and those that nothing leads out of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<String>,
}

/// A step of a saga.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowStep {
    /// What is done.
    pub does: String,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What undoes it when a later step fails.
    pub undo: FlowUndo,
    /// How long it may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// How often it is tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<String>,
    /// What happens when it has succeeded, such as the event that is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_success: Option<String>,
    /// What happens when it fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<String>,
    /// Where it is stated.
    pub at: FlowPlace,
}

/// What undoes a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FlowUndo {
    /// This does.
    By(String),
    /// It is said that nothing does.
    Nothing,
    /// There is nothing to undo: it only reads, or its document says why none is needed.
    NotNeeded,
    /// Nothing is said.
    #[default]
    NotStated,
}

/// A change from one state to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowTransition {
    /// The state before; nothing where it starts.
    pub from: Option<String>,
    /// The state behind; nothing where it ends.
    pub to: Option<String>,
    /// What makes it change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Where it is stated.
    pub at: FlowPlace,
}

/// What was read, and what was not.
#[derive(Debug, Default)]
pub(super) struct Sagas {
    /// In the order of files and lines.
    pub found: Vec<FlowSaga>,
    /// Why something is left out, a sentence each.
    pub left_out: Vec<String>,
}

/// The sagas and state machines of a workspace.
pub(super) fn sagas(workspace: &Workspace) -> Sagas {
    let mut sagas = Sagas::default();
    let mut all: Vec<&FileFacts> = workspace.files().filter_map(|it| workspace.facts(it)).collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    for facts in all.into_iter().filter(|it| it.kind != Kind::Code && speaks_of_states(&it.text)) {
        let Some(document) = ByRole::of(facts, workspace.config()) else { continue };
        let is_void = |it: State| {
            matches!(it, State::Rejected | State::Superseded | State::Deprecated | State::Retired | State::Deferred)
        };
        let status = document.status().and_then(|it| workspace.config().vocabulary().state(&it.text));
        if status.is_some_and(is_void) {
            continue;
        }
        let before = sagas.found.len();
        let page = Page { workspace, facts, document };
        table::read(&page, &mut sagas.found);
        list::read(&page, &mut sagas.found);
        diagram::read(&page, &mut sagas);
        if let Some(new) = sagas.found.get_mut(before..) {
            new.sort_by_key(|it| it.at.line);
        }
    }
    workflow::read(workspace, &mut sagas);
    sagas.found.sort_by(|a, b| (&a.at.file, a.at.line).cmp(&(&b.at.file, b.at.line)));
    for saga in &mut sagas.found {
        saga.ends = machine::Machine::of(saga).ends();
    }
    sagas
}

/// Whether it is worth to look closer at a text.
fn speaks_of_states(text: &str) -> bool {
    text.contains(diagram::MARK)
        || ["compensation-columns", "undo-columns", "state-words"].iter().any(|it| claim_words(it).are_in(text))
}

/// A document that is read.
struct Page<'w> {
    workspace: &'w Workspace,
    facts: &'w FileFacts,
    document: ByRole<'w>,
}

impl Page<'_> {
    /// Whether a section weighs what could be done, or tells what was.
    fn is_aside(&self, section: SectionId) -> bool {
        let weighs = [Role::Alternatives, Role::Options, Role::Context, Role::Problem, Role::AntiPatterns];
        self.sections(section).any(|it| self.document.role_of(it).is_some_and(|it| weighs.contains(&it)))
    }

    /// A section, and those that it lies in.
    fn sections(&self, section: SectionId) -> impl Iterator<Item = SectionId> {
        std::iter::successors(Some(section), |it| self.document.tree.section(*it).parent)
    }

    /// Whether one of the headings above has a word of a kind.
    fn is_below(&self, section: SectionId, kind: &str) -> bool {
        let text = self.document.text;
        self.sections(section).any(|it| claim_words(kind).are_in(&self.document.tree.plain_title(it, text)))
    }

    fn place(&self, at: Span) -> FlowPlace {
        place(self.workspace, &place_in(self.facts, at.start as usize))
    }

    /// A saga or state machine that stands in a section.
    fn saga(&self, section: SectionId, at: Span) -> FlowSaga {
        let title = value::plain(&self.document.tree.plain_title(section, self.document.text));
        let name = if title.is_empty() { self.facts.path.name().to_owned() } else { title };
        let of = self.facts.captures.feature.as_ref().map(ToString::to_string);
        FlowSaga { name, of, at: self.place(at), ..FlowSaga::default() }
    }
}

/// What is written in a cell or behind a mark, if it says something.
fn said(text: &str) -> Option<String> {
    let plain = value::plain(text);
    let plain = plain.trim();
    (!value::is_unknown(plain) && !value::is_none(plain)).then(|| plain.to_owned())
}

/// What undoes a step, as it is written.
fn undo(step: &str, text: &str) -> FlowUndo {
    let plain = value::plain(text);
    let plain = plain.trim();
    let bare = plain.trim_start_matches('(');
    let head = bare.split([';', ',', '(', '.', ':', '–', '—']).next().unwrap_or_default().trim();
    let head = head.split(" - ").next().unwrap_or_default().trim_end_matches(')').trim();
    let harmless = claim_words("needs-no-undo");
    let is_nothing = value::is_none(head) || claim_words("undoes-nothing").are_all_of(head);
    if plain.is_empty() || value::is_placeholder(plain) {
        return if harmless.are_in(step) { FlowUndo::NotNeeded } else { FlowUndo::NotStated };
    }
    let is_dash = value::is_unknown(plain);
    if !is_nothing && !is_dash {
        return FlowUndo::By(plain.to_owned());
    }
    if harmless.are_in(step) || harmless.are_in(plain) { FlowUndo::NotNeeded } else { FlowUndo::Nothing }
}

/// A name without the number before it.
fn unnumbered(text: &str) -> &str {
    let rest = text.trim_start_matches(|it: char| it.is_ascii_digit());
    if rest.len() == text.len() {
        return text;
    }
    rest.strip_prefix(['.', ')', ':']).map_or(text, str::trim_start)
}
