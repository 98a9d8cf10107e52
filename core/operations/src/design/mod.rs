//! The design operation: facts in; design, feature README and catalog out.

mod catalog;
pub(super) mod index_documents;
mod repository;
pub(super) mod request;
mod sections;

use archwright_engine::Workspace;
use archwright_knowledge::lexicon::{Signal, SignalKind, Verdict, threshold_signals, threshold_verdict};
use archwright_model::{
    ContentHash, Kind, RelPath, WorkspaceEdit, WorkspaceEditError, conventions::layout::Captures, date,
    facts::FileFacts,
};
use archwright_rules::authoring::{
    compose::{SectionContent, one_line, render},
    merge::{Kept, merge},
};
use archwright_syntax::TextEdits;

use super::{
    Argument, Declined, NextStep, Operation, OperationError, Plan,
    days::{check_day, check_deadline},
    differences::{Differences, Told},
};

pub use request::{
    BoundaryRole, ChannelRequest, ConcernsRequest, DesignRequest, PatternRequest, QuestionRequest, ReliabilityRequest,
    SectionRequest,
};

/// The one question that decides whether a design is due.
const THRESHOLD_QUESTION: &str =
    "How many services and teams will this touch, and is it for production with real users?";

/// Writes the design of a feature, its README and its row in the catalog.
#[derive(Clone, Copy, Debug)]
pub struct Design;

impl Operation for Design {
    type Request = DesignRequest;

    const NAME: &'static str = "design";
    const TITLE: &'static str = "Write the design of a feature";
    const ABOUT: &'static str = "Writes the design of a feature that crosses services, all at once: `design.md`, \
        README and catalog row. Give the facts you know; what is left out becomes `[TBD: \
        question]`, so never guess. Text that is there stays: asking again adds facts, and names those that \
        contradict (`update` takes them). Declines if the work stays inside one service (`force` overrides).";
    const SEARCHED: &'static str = "design doc, new service";
    const WRITES: bool = true;
    const REQUIRED: &'static [&'static str] = &[
        "feature",
        "channels[].name",
        "patterns[].name",
        "open_questions[].question",
        "sections[].title",
        "sections[].text",
    ];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "feature",
            ask: "The feature, as its folder shall be called",
            example: "order-checkout",
            optional: false,
            list: false,
            offered: false,
        },
        Argument {
            name: "description",
            ask: "What it does: which services take part, which events and commands they exchange",
            example: "When an order is placed, the stock service reserves it and the payment service charges the card.",
            optional: true,
            list: false,
            offered: false,
        },
    ];

    /// # Errors
    /// If the feature is no slug, the description is missing, a value is none of the allowed ones, or an existing file
    /// cannot be edited.
    fn plan(workspace: &mut Workspace, request: &DesignRequest) -> Result<Plan, OperationError> {
        let request = &plain(request);
        validate(request)?;
        let captures = Captures { feature: Some(request.feature.as_str().into()), ..Captures::default() };
        let path_of = |kind: Kind| workspace.config().layout().place(kind, &captures);
        let design_path = path_of(Kind::Design)
            .unwrap_or_else(|| RelPath::new(&format!("docs/features/{}/design.md", request.feature)));
        let readme_path = path_of(Kind::FeatureReadme)
            .unwrap_or_else(|| RelPath::new(&format!("docs/features/{}/README.md", request.feature)));
        let catalog_path = path_of(Kind::Catalog).unwrap_or_else(|| RelPath::new("docs/system/catalog.md"));
        let there = workspace.file(&design_path).and_then(|it| workspace.facts(it));
        if there.is_none() {
            if request.description.trim().is_empty() {
                return Err(OperationError::Missing("description"));
            }
            if let Some(declined) = decline(request) {
                return Ok(Plan::declined(declined));
            }
        }
        sections::validate(workspace, request)?;
        let today = request.date.clone().unwrap_or_else(date::today);
        let title = request.title.clone().unwrap_or_else(|| request.feature.clone());
        let known = repository::Repository::new(workspace, request, &design_path);
        let mut draft = Draft {
            workspace,
            update: request.update,
            edit: WorkspaceEdit::default(),
            files: Vec::new(),
            differences: Differences::default(),
        };
        let sections = sections::design(workspace, request, &known, &readme_path, &design_path, &today);
        let title_given = request.title.is_some();
        let heading = workspace.config().profile().title(Kind::Design, &one_line(&title));
        draft.document(&design_path, &heading, &sections)?;
        if title_given {
            draft.title(&design_path, &one_line(&title));
        }
        let sections = index_documents::readme(workspace, request, &readme_path, &design_path);
        draft.document(&readme_path, &request.feature, &sections)?;
        draft.catalog(request, &catalog_path, &readme_path, &today)?;
        let Told { count, mut notes } = draft.differences.notes(workspace);
        notes.extend(known.notes());
        let Draft { edit, files, .. } = draft;
        let open = request.channels.iter().filter(|it| it.is_owned() && !known.has_contract(&it.name));
        let contracts = open.map(|it| NextStep::WriteContract { channel: one_line(&it.name) }).collect::<Vec<_>>();
        let settle = (count > 0).then_some(NextStep::SettleDifferences { count });
        let mut plan = Plan::of(workspace, edit, files)?;
        plan.notes = notes;
        Ok(plan.then(settle.into_iter().chain(contracts)))
    }
}

/// The request without the marks that its facts were copied with.
fn plain(request: &DesignRequest) -> DesignRequest {
    let mut plain = super::plain::request(request, &["text"]);
    for channel in &mut plain.channels {
        channel.name = super::plain::name(&channel.name);
    }
    plain
}

fn validate(request: &DesignRequest) -> Result<(), OperationError> {
    if request.feature.trim().is_empty() {
        return Err(OperationError::Missing("feature"));
    }
    let suggestion = slug(&request.feature);
    if suggestion != request.feature {
        let suggestion = if suggestion.is_empty() { "order-checkout".to_owned() } else { suggestion };
        return Err(OperationError::Slug { given: request.feature.clone(), suggestion });
    }
    for channel in &request.channels {
        if channel.name.trim().is_empty() {
            return Err(OperationError::Missing("channels[].name"));
        }
    }
    for section in &request.sections {
        if section.title.trim().is_empty() || section.text.trim().is_empty() {
            let what = if section.title.trim().is_empty() { "sections[].title" } else { "sections[].text" };
            return Err(OperationError::Missing(what));
        }
    }
    check_day("date", request.date.as_deref())?;
    check_day("last_reviewed", request.last_reviewed.as_deref())?;
    request.open_questions.iter().try_for_each(|it| check_deadline("open_questions[].due", it.due.as_deref()))
}

/// A text as kebab-case.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    let mut previous_lower = false;
    for char in text.trim().chars() {
        if char.is_ascii_alphanumeric() {
            if char.is_ascii_uppercase() && previous_lower {
                slug.push('-');
            }
            previous_lower = char.is_ascii_lowercase() || char.is_ascii_digit();
            slug.push(char.to_ascii_lowercase());
        } else {
            previous_lower = false;
            if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Why the description itself speaks against a design, in its own words.
fn reason(signals: &[Signal]) -> String {
    let of = |kind: SignalKind| signals.iter().find(|it| it.kind == kind).map(|it| it.word.as_str());
    match (of(SignalKind::Question), of(SignalKind::Decline)) {
        (Some(_), _) => "The description asks what something is, which an explanation answers.".to_owned(),
        (None, Some(word)) => {
            format!("The description speaks of “{word}”, and a design would cost more than it decides.")
        }
        (None, None) => "The description speaks of nothing that several services or teams share.".to_owned(),
    }
}

/// Whether a design is due: two services or teams, durable infrastructure, or an explicit wish.
fn decline(request: &DesignRequest) -> Option<Declined> {
    if request.force || request.services.len() >= 2 || request.teams.len() >= 2 || !request.channels.is_empty() {
        return None;
    }
    let signals = threshold_signals(&request.description);
    match threshold_verdict(&signals) {
        Verdict::Due => None,
        Verdict::Ask => Some(Declined {
            reason:
                "The description does not say whether two services or teams, or durable infrastructure, are concerned."
                    .to_owned(),
            question: Some(THRESHOLD_QUESTION.to_owned()),
        }),
        Verdict::Decline => Some(Declined { reason: reason(&signals), question: None }),
    }
}

/// The files of a design while they are composed, in order of importance.
struct Draft<'w> {
    workspace: &'w Workspace,
    /// Whether given facts take the place of what the files say otherwise.
    update: bool,
    edit: WorkspaceEdit,
    files: Vec<RelPath>,
    /// What was kept although something else was given.
    differences: Differences,
}

impl Draft<'_> {
    fn existing(&self, path: &RelPath) -> Option<&FileFacts> {
        self.workspace.file(path).and_then(|it| self.workspace.facts(it))
    }

    fn document(&mut self, path: &RelPath, title: &str, sections: &[SectionContent]) -> Result<(), OperationError> {
        let Some(facts) = self.existing(path) else {
            self.create(path, render(title, sections));
            return Ok(());
        };
        let merged = merge(&facts.text, sections, self.update)
            .map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
        let base = facts.hash();
        self.change(path, base, merged.edits);
        self.differences.add(path, merged.kept);
        Ok(())
    }

    /// A title that was given for a document that has another one. Links by headings would break if it changed.
    fn title(&mut self, path: &RelPath, given: &str) {
        let Some(facts) = self.existing(path) else { return };
        let Some(tree) = facts.markdown() else { return };
        let Some((id, section)) = tree.section_ids().nth(1) else { return };
        let there = tree.plain_title(id, &facts.text).to_string();
        if !archwright_model::values::value::contains(&there, given) {
            let at = section.heading.start as usize;
            let kept = Kept { at, there, given: given.to_owned(), is_replaceable: false };
            self.differences.add(path, vec![kept]);
        }
    }

    fn catalog(
        &mut self,
        request: &DesignRequest,
        path: &RelPath,
        readme: &RelPath,
        today: &str,
    ) -> Result<(), OperationError> {
        let config = self.workspace.config();
        let Some(facts) = self.existing(path) else {
            self.create(path, index_documents::catalog(config, request, path, readme, today));
            return Ok(());
        };
        let base = facts.hash();
        let (edits, kept) = catalog::edits(config, facts, request, path, readme);
        let edits = TextEdits::new(edits).map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
        self.change(path, base, edits);
        self.differences.add(path, kept);
        Ok(())
    }

    fn create(&mut self, path: &RelPath, content: String) {
        self.edit.creates.push(archwright_model::FileCreate { path: path.clone(), content });
        self.files.push(path.clone());
    }

    fn change(&mut self, path: &RelPath, base: ContentHash, edits: TextEdits) {
        self.files.push(path.clone());
        if !edits.is_empty() {
            self.edit.texts.push(archwright_model::FileEdit { path: path.clone(), base, edits });
        }
    }
}
