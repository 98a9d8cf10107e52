//! The design operation: facts in; design, feature README and catalog out.

pub(super) mod index_documents;
pub(super) mod request;

use archwright_knowledge::{
    self as knowledge,
    lexicon::{Signal, SignalKind, Verdict, threshold_signals, threshold_verdict},
};
use archwright_syntax::{TextEdit, TextEdits};

use super::{Argument, Declined, NextStep, Operation, OperationError, Plan};
use crate::{
    ContentHash, Kind, RelPath, Workspace, WorkspaceEdit, WorkspaceEditError,
    authoring::compose::{FieldContent, Part, SectionContent, merge, one_line, render},
    conventions::{
        config::Config,
        layout::Captures,
        profile::{Checklist, SectionTemplate},
        role::{Role, State},
    },
    facts::FileFacts,
    model::date,
    values::value,
};

pub use request::{
    BoundaryRole, ChannelRequest, ConcernsRequest, DesignRequest, PatternRequest, QuestionRequest, ReliabilityRequest,
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
    const ABOUT: &'static str = "Writes the design of a feature that crosses services: `design.md`, the feature's \
        README and its catalog row, complete and in the right places, at once. Give the facts you know; what is left \
        out becomes `[TBD: question]`, so never guess. Text that is there stays; asking again with more facts adds \
        them. Declines in one sentence if the work stays inside one service (`force` overrides).";
    const WRITES: bool = true;
    const REQUIRED: &'static [&'static str] =
        &["feature", "description", "channels[].name", "patterns[].name", "open_questions[].question"];
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
            optional: false,
            list: false,
            offered: false,
        },
    ];

    /// # Errors
    /// If the feature is no slug, the description is missing, a value is none of the allowed ones, or an existing file
    /// cannot be edited.
    fn plan(workspace: &mut Workspace, request: &DesignRequest) -> Result<Plan, OperationError> {
        validate(request)?;
        let captures = Captures { feature: Some(request.feature.as_str().into()), ..Captures::default() };
        let path_of = |kind: Kind| workspace.config().layout().place(kind, &captures);
        let design_path = path_of(Kind::Design)
            .unwrap_or_else(|| RelPath::new(&format!("docs/features/{}/design.md", request.feature)));
        let readme_path = path_of(Kind::FeatureReadme)
            .unwrap_or_else(|| RelPath::new(&format!("docs/features/{}/README.md", request.feature)));
        let catalog_path = path_of(Kind::Catalog).unwrap_or_else(|| RelPath::new("docs/system/catalog.md"));
        let exists = workspace.file(&design_path).is_some_and(|it| workspace.facts(it).is_some());
        if let Some(declined) = decline(request).filter(|_| !exists) {
            return Ok(Plan::declined(declined));
        }
        let today = request.date.clone().unwrap_or_else(date::today);
        let title = request.title.clone().unwrap_or_else(|| request.feature.clone());
        let mut draft = Draft { workspace, edit: WorkspaceEdit::default(), files: Vec::new() };
        let sections = design_sections(workspace, request, &readme_path, &design_path, &today);
        let title = workspace.config().profile().title(Kind::Design, &one_line(&title));
        draft.document(&design_path, &title, &sections)?;
        let sections = index_documents::readme(workspace, request, &readme_path, &design_path, &today);
        draft.document(&readme_path, &request.feature, &sections)?;
        draft.catalog(request, &catalog_path, &readme_path, &today)?;
        let Draft { edit, files, .. } = draft;
        let own = request.channels.iter().filter(|it| it.is_owned());
        let contracts = own.map(|it| NextStep::WriteContract { channel: one_line(&it.name) }).collect::<Vec<_>>();
        Ok(Plan::of(workspace, edit, files)?.then(contracts))
    }
}

fn validate(request: &DesignRequest) -> Result<(), OperationError> {
    if request.feature.trim().is_empty() {
        return Err(OperationError::Missing("feature"));
    }
    if request.description.trim().is_empty() {
        return Err(OperationError::Missing("description"));
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
    match &request.date {
        Some(it) if !date::is_date(it) => {
            Err(OperationError::Value { what: "date", value: it.clone(), allowed: "YYYY-MM-DD".to_owned() })
        }
        _ => Ok(()),
    }
}

/// A text as kebab-case.
pub(in crate::operations) fn slug(text: &str) -> String {
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

fn design_sections(
    workspace: &Workspace,
    request: &DesignRequest,
    readme: &RelPath,
    design: &RelPath,
    today: &str,
) -> Vec<SectionContent> {
    let config = workspace.config();
    let Some(template) = config.template(Kind::Design) else { return Vec::new() };
    let folder = design.parent();
    let mut sections = Vec::new();
    for template in &template.sections {
        let mut section = SectionContent::of(template);
        let placeholder = template.skeleton.clone().unwrap_or_else(|| format!("- {}", value::placeholder("")));
        let part = match template.role {
            Role::Summary => Part::Fields { fields: summary(request, config, today), numbered: false },
            Role::Patterns => {
                let item = |it: &request::PatternRequest| {
                    let name =
                        knowledge::pattern(&it.name).map_or_else(|| one_line(&it.name), |it| it.name.to_string());
                    let open = || value::placeholder("what makes it real here?");
                    let why = it.why.as_deref().map_or_else(open, one_line);
                    (name.clone(), format!("{name}: {why}"))
                };
                Part::Bullets { items: request.patterns.iter().map(item).collect(), placeholder }
            }
            Role::BoundaryContracts => {
                Part::Table { columns: template.column_names(config.profile()), rows: channel_rows(request, template) }
            }
            Role::AntiPatterns => Part::Bullets {
                items: request.anti_patterns.iter().map(|it| (one_line(it), one_line(it))).collect(),
                placeholder,
            },
            Role::OpenQuestions => {
                let item = |it: &request::QuestionRequest| {
                    let owner = it.owner.as_deref().map_or_else(|| value::placeholder(""), one_line);
                    let due = it.due.as_deref().map_or("[TBD: date]".to_owned(), one_line);
                    let question = one_line(&it.question);
                    (question.clone(), format!("{question} Owner {owner}, due {due}."))
                };
                let items: Vec<_> = request.open_questions.iter().map(item).collect();
                Part::Bullets { items, placeholder: value::NONE.to_owned() }
            }
            Role::RelatedArtifacts => {
                Part::Bullets { items: related(workspace, request, readme, &folder), placeholder }
            }
            _ if template.concerns => {
                Part::Fields { fields: index_documents::concern_fields(request, config), numbered: false }
            }
            _ if template.checklist == Some(Checklist::Reliability) => Part::Fields {
                fields: knowledge::reliability_questions()
                    .iter()
                    .map(|it| FieldContent::new(&it.name, request.reliability.answer(&it.id), &it.question))
                    .collect(),
                numbered: true,
            },
            _ => continue,
        };
        section.parts.push(part);
        sections.push(section);
    }
    sections
}

fn summary(request: &DesignRequest, config: &Config, today: &str) -> Vec<FieldContent> {
    let field = |role, value: &str| FieldContent::of(config.profile(), role, Some(value), "");
    vec![
        field(Role::Status, config.status_of(Kind::Design, State::Draft)),
        field(Role::Date, today),
        field(Role::Tldr, &tldr(request)),
    ]
}

/// The description, with the integration style in front if it is known.
fn tldr(request: &DesignRequest) -> String {
    let description = one_line(&request.description);
    match &request.integration_style {
        Some(style) => format!("{description} Integration style: {}.", one_line(style).trim_end_matches('.')),
        None => description,
    }
}

/// A row for each channel that the feature owns, in the columns of the template.
fn channel_rows(request: &DesignRequest, template: &SectionTemplate) -> Vec<Vec<Option<String>>> {
    let known = |it: &Option<String>| it.as_deref().map(one_line);
    let compatibility =
        |it: &ChannelRequest| it.compatibility.map_or_else(|| "BACKWARD".to_owned(), |it| it.0.name().to_uppercase());
    let cell = |it: &ChannelRequest, role: Role| match role {
        Role::Channel => Some(one_line(&it.name)),
        Role::OrderingKey => known(&it.ordering_key),
        Role::IdempotencyKey => known(&it.idempotency_key),
        Role::Retention => known(&it.retention),
        Role::DlqOwner => known(&it.dlq_owner),
        Role::CompatibilityMode => Some(compatibility(it)),
        _ => None,
    };
    let owned = request.channels.iter().filter(|it| it.is_owned());
    owned.map(|it| template.columns.iter().map(|column| cell(it, column.role)).collect()).collect()
}

/// Links to the index and to the contracts, those that are not written yet with that remark.
fn related(
    workspace: &Workspace,
    request: &DesignRequest,
    readme: &RelPath,
    folder: &RelPath,
) -> Vec<(String, String)> {
    let mut items =
        vec![(format!("[Index]({})", readme.relative_to(folder)), format!("[Index]({})", readme.relative_to(folder)))];
    for channel in &request.channels {
        let name = one_line(&channel.name);
        let captures = Captures {
            feature: Some(request.feature.as_str().into()),
            channel: Some(name.as_str().into()),
            ..Captures::default()
        };
        let Some(path) = workspace.config().layout().place(Kind::Contract, &captures).filter(|_| channel.is_owned())
        else {
            continue;
        };
        let written = workspace.file(&path).is_some_and(|it| workspace.facts(it).is_some());
        let link = format!("[Contract {name}]({})", path.relative_to(folder));
        items.push((link.clone(), if written { link } else { format!("{link} (not yet written)") }));
    }
    items
}

/// The files of a design while they are composed, in order of importance.
struct Draft<'w> {
    workspace: &'w Workspace,
    edit: WorkspaceEdit,
    files: Vec<RelPath>,
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
        let edits =
            merge(&facts.text, sections).map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
        let base = facts.hash();
        self.change(path, base, edits);
        Ok(())
    }

    fn catalog(
        &mut self,
        request: &DesignRequest,
        path: &RelPath,
        readme: &RelPath,
        today: &str,
    ) -> Result<(), OperationError> {
        let Some(facts) = self.existing(path) else {
            let config = self.workspace.config();
            self.create(path, index_documents::catalog(config, request, path, readme, today));
            return Ok(());
        };
        let base = facts.hash();
        let edits = catalog_edits(self.workspace.config(), facts, request, path, readme, today);
        let edits = TextEdits::new(edits).map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
        self.change(path, base, edits);
        Ok(())
    }

    fn create(&mut self, path: &RelPath, content: String) {
        self.edit.creates.push(crate::FileCreate { path: path.clone(), content });
        self.files.push(path.clone());
    }

    fn change(&mut self, path: &RelPath, base: ContentHash, edits: TextEdits) {
        self.files.push(path.clone());
        if !edits.is_empty() {
            self.edit.texts.push(crate::FileEdit { path: path.clone(), base, edits });
        }
    }
}

/// Adds the feature's row at its alphabetical place, or the whole table if there is none.
fn catalog_edits(
    config: &Config,
    facts: &FileFacts,
    request: &DesignRequest,
    path: &RelPath,
    readme: &RelPath,
    today: &str,
) -> Vec<TextEdit> {
    let Some((tree, catalog)) = facts.document().and_then(|it| Some((&it.tree, it.catalog.as_ref()?))) else {
        return Vec::new();
    };
    if catalog.rows.iter().any(|it| it.feature.text == request.feature) {
        return Vec::new();
    }
    let newline = archwright_syntax::newline(&facts.text);
    let Some(table) = catalog.table.and_then(|it| tree.tables.get(it)) else {
        let section = index_documents::features(config, request, path, readme, today);
        return vec![crate::authoring::insert_block(&facts.text, facts.text.len(), &section.replace('\n', newline))];
    };
    let row = index_documents::catalog_row(config, request, path, readme, today, &catalog.columns);
    if let Some(next) = catalog.rows.iter().find(|it| it.feature.text.as_str() > request.feature.as_str()) {
        return vec![TextEdit::insert(next.span.start as usize, format!("{row}{newline}"))];
    }
    let end = table.span.start as usize + table.span.of(&facts.text).trim_end().len();
    vec![TextEdit::insert(end, format!("{newline}{row}"))]
}
