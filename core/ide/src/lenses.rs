//! Code lenses: what is computed of a document, at the heading that it is about.

use archwright_engine::Workspace;
use archwright_model::{
    FileId, Kind,
    conventions::role::Role,
    facts::{ByRole, FileFacts, answers, prose},
    values::value,
};
use archwright_syntax::Span;

use super::readiness;

/// A line of text that an editor shows above a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The heading.
    pub span: Span,
    /// What is shown.
    pub title: String,
}

/// The lenses of a document: how many questions of a reliability checklist are answered, and how many gates of each
/// readiness tier the documents of the feature show, on a launch decision and a readiness review.
pub fn lenses(workspace: &Workspace, file: FileId) -> Vec<Lens> {
    let Some(facts) = workspace.facts(file) else { return Vec::new() };
    checklist(workspace, facts).into_iter().chain(tiers(workspace, facts)).collect()
}

fn checklist(workspace: &Workspace, facts: &FileFacts) -> Option<Lens> {
    let document = ByRole::of(facts, workspace.config())?;
    let section = document.tree.section(document.section(Role::ReliabilityChecklist)?);
    let answers = answers(&document)?;
    let is_open = |said: &str, id: &str| !(prose::is_content(said) || id == "ordering" && value::is_none(said));
    let open: Vec<&str> = answers
        .iter()
        .filter(|it| is_open(it.said(facts), &it.question.id))
        .map(|it| it.question.name.as_str())
        .collect();
    let count = format!("{} of {} questions answered", answers.len() - open.len(), answers.len());
    let title = if open.is_empty() { count } else { format!("{count}; open: {}", open.join(", ")) };
    Some(Lens { span: section.title, title })
}

fn tiers(workspace: &Workspace, facts: &FileFacts) -> Option<Lens> {
    if !matches!(facts.kind, Kind::Launch | Kind::ReadinessReview) {
        return None;
    }
    let shown = readiness::shown(workspace, facts)?;
    let counts: Vec<String> = shown.iter().map(|it| format!("{} {}", it.name, readiness::count(it))).collect();
    let title = format!("Gates that documents show: {}; `prelaunch` looks at the rest", counts.join(", "));
    Some(Lens { span: facts.title_span(), title })
}
