//! The design document, as far as the request and the repository know it.

use archwright_engine::Workspace;
use archwright_knowledge as knowledge;
use archwright_model::{
    Kind, RelPath,
    conventions::{
        profile::{Checklist, SectionTemplate},
        role::{Role, State},
    },
    facts::FileFacts,
    values::value,
};
use archwright_rules::authoring::{
    compose::{Cell, FieldContent, ListItem, Part, SectionContent, one_line},
    record, skeleton,
};

use super::{
    super::{OperationError, listing, plain},
    DesignRequest, index_documents,
    repository::Repository,
    request,
};

/// Whether the words for status and tier are those of the workspace.
pub(super) fn validate(workspace: &Workspace, request: &DesignRequest) -> Result<(), OperationError> {
    let config = workspace.config();
    let one_of = |what: &'static str, given: Option<&String>, allowed: Vec<&str>| match given {
        Some(it) if !allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(it.trim())) => {
            Err(OperationError::Value { what, value: it.clone(), allowed: allowed.join(", ") })
        }
        _ => Ok(()),
    };
    let status = config.template(Kind::Design).into_iter().flat_map(|it| &it.status);
    one_of(
        "status of a design",
        request.status.as_ref(),
        status.map(|it| config.status_of(Kind::Design, *it)).collect(),
    )?;
    let tiers = config.profile().tiers.names.iter().map(String::as_str).collect();
    one_of("tier of a design", request.tier.as_ref(), tiers)
}

/// The sections of the design in the order of its template.
pub(super) fn design(
    workspace: &Workspace,
    request: &DesignRequest,
    known: &Repository,
    readme: &RelPath,
    design: &RelPath,
    today: &str,
) -> Vec<SectionContent> {
    let config = workspace.config();
    let Some(template) = config.template(Kind::Design) else { return Vec::new() };
    let mut sections: Vec<SectionContent> = Vec::new();
    for template in &template.sections {
        let mut section = SectionContent::of(template);
        let placeholder = template.skeleton.clone().unwrap_or_else(|| format!("- {}", value::placeholder("")));
        let part = match template.role {
            Role::Summary => Some(Part::Fields { fields: summary(workspace, request, today), numbered: false }),
            Role::Patterns => {
                let items = request.patterns.iter().map(pattern).collect();
                Some(Part::Bullets { items, placeholder })
            }
            // Nothing says that it sends nothing: the table asks.
            Role::BoundaryContracts if !request.channels.iter().any(request::ChannelRequest::is_owned) => {
                let placeholder = skeleton::body(template, config, &skeleton::Around::NOTHING);
                Some(Part::Bullets { items: Vec::new(), placeholder })
            }
            Role::BoundaryContracts => Some(Part::Table {
                columns: template.column_names(config.profile()),
                rows: channel_rows(request, known, template),
            }),
            Role::AntiPatterns => {
                let items = request.anti_patterns.iter().map(|it| plain::item(&one_line(it)));
                let items = items.map(|it| ListItem::new(it.clone(), it)).collect();
                Some(Part::Bullets { items, placeholder })
            }
            Role::OpenQuestions => {
                let items = request.open_questions.iter().map(question).collect();
                Some(Part::Bullets { items, placeholder })
            }
            Role::RelatedArtifacts => {
                let items = related(workspace, request, known, readme, design);
                Some(Part::Bullets { items, placeholder })
            }
            _ if template.concerns => {
                let fields = index_documents::concern_fields(request, config, known);
                Some(Part::Fields { fields, numbered: false })
            }
            _ if template.checklist == Some(Checklist::Reliability) => {
                let field = |it: &knowledge::ReliabilityQuestion| {
                    FieldContent::new(&it.name, request.reliability.answer(&it.id), &it.question).given()
                };
                let fields = knowledge::reliability_questions().iter().map(field).collect();
                Some(Part::Fields { fields, numbered: true })
            }
            _ => None,
        };
        section.parts.extend(part);
        let given = texts(request, &section);
        section.parts.extend(given);
        if !section.parts.is_empty() {
            sections.push(section);
        }
    }
    add_own(request, &mut sections);
    sections
}

/// What was given for a section of the template under its name.
fn texts(request: &DesignRequest, section: &SectionContent) -> Vec<Part> {
    let names: Vec<&String> = std::iter::once(&section.name).chain(&section.aliases).collect();
    let own = request.sections.iter().filter(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it.title.trim())));
    own.map(|it| Part::Text(text_of(it))).collect()
}

fn text_of(section: &request::SectionRequest) -> String {
    record::within(&section.text, 2)
}

/// The sections that no template knows, in front of the questions that stay open.
fn add_own(request: &DesignRequest, sections: &mut Vec<SectionContent>) {
    let before = [Role::OpenQuestions, Role::RelatedArtifacts];
    let mut at = sections.iter().position(|it| before.contains(&it.role)).unwrap_or(sections.len());
    for own in &request.sections {
        let title = one_line(&own.title);
        let is_it = |it: &SectionContent| {
            it.name.eq_ignore_ascii_case(&title) || it.aliases.iter().any(|it| it.eq_ignore_ascii_case(&title))
        };
        if sections.iter().any(is_it) {
            continue;
        }
        let parts = vec![Part::Text(text_of(own))];
        let section = SectionContent { role: Role::Context, name: title, aliases: Vec::new(), level: 2, parts };
        sections.insert(at, section);
        at += 1;
    }
}

fn summary(workspace: &Workspace, request: &DesignRequest, today: &str) -> Vec<FieldContent> {
    let config = workspace.config();
    let field = |role, value: Option<&str>, question| FieldContent::of(config.profile(), role, value, question);
    let status = request.status.as_deref();
    let tldr = tldr(request);
    let mut fields = vec![
        match status {
            Some(_) => field(Role::Status, status, "").given(),
            None => field(Role::Status, Some(config.status_of(Kind::Design, State::Draft)), ""),
        },
        match &request.date {
            Some(date) => field(Role::Date, Some(date), "").given(),
            None => field(Role::Date, Some(today), ""),
        },
        field(Role::Tldr, tldr.as_deref(), "What is built, in which style of integration, and why?").given(),
    ];
    for (role, names) in [(Role::Services, &request.services), (Role::Teams, &request.teams)] {
        fields.extend(index_documents::joined(names).map(|it| field(role, Some(&it), "").given()));
    }
    fields
}

/// The description, with the integration style in front if it is known.
fn tldr(request: &DesignRequest) -> Option<String> {
    let description = one_line(&request.description);
    let style = request.integration_style.as_deref().map(one_line);
    let style = style.map(|it| format!("Integration style: {}.", it.trim_end_matches('.')));
    let all: Vec<String> = [Some(description).filter(|it| !it.is_empty()), style].into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(" "))
}

fn pattern(pattern: &request::PatternRequest) -> ListItem {
    let name = knowledge::pattern(&pattern.name)
        .map_or_else(|| plain::item(&one_line(&pattern.name)), |it| it.name.to_string());
    let why = pattern.why.as_deref().map(one_line);
    let said = why.clone().unwrap_or_else(|| value::placeholder("what makes it real here?"));
    ListItem::new(name.clone(), format!("{name}: {said}")).given(why.as_deref())
}

fn question(question: &request::QuestionRequest) -> ListItem {
    let owner = question.owner.as_deref().map_or_else(|| value::placeholder("who answers it?"), one_line);
    let due = question.due.as_deref().map_or_else(|| value::placeholder("by when?"), one_line);
    let text = plain::item(&one_line(&question.question));
    let given = [question.owner.as_deref(), question.due.as_deref()].into_iter().flatten();
    ListItem::new(text.clone(), format!("{text} Owner {owner}, due {due}.")).given(given)
}

/// A row for each channel that the feature owns, in the columns of the template. What was not given is what contracts
/// and AsyncAPI documents say.
fn channel_rows(request: &DesignRequest, known: &Repository, template: &SectionTemplate) -> Vec<Vec<Option<Cell>>> {
    let owned = request.channels.iter().filter(|it| it.is_owned());
    owned
        .map(|channel| {
            let name = one_line(&channel.name);
            let given = channel.facts();
            let cell = |role: Role| {
                if role == Role::Channel {
                    return Some(Cell { value: name.clone(), is_given: true });
                }
                let own = given.iter().find(|it| it.role == role).map(|it| it.value.clone());
                let is_given = own.is_some();
                own.or_else(|| known.promise(&name, role)).map(|value| Cell { value, is_given })
            };
            template.columns.iter().map(|column| cell(column.role)).collect()
        })
        .collect()
}

/// Links to the index, the records and the contracts, those that are not written yet with that remark. What the
/// design links already is not linked again.
fn related(
    workspace: &Workspace,
    request: &DesignRequest,
    known: &Repository,
    readme: &RelPath,
    design: &RelPath,
) -> Vec<ListItem> {
    let folder = design.parent();
    let is_there = |path: &RelPath| workspace.file(path).is_some_and(|it| workspace.facts(it).is_some());
    let mut links = vec![(workspace.config().profile().name(Role::Index).to_owned(), readme.clone(), true)];
    for channel in &request.channels {
        let Some(path) = known.contract(channel) else { continue };
        let written = is_there(&path);
        links.push((format!("Contract {}", one_line(&channel.name)), path, written));
    }
    let feature = request.feature.as_str().into();
    for record in listing::of_kind(workspace, &feature, Kind::Adr) {
        links.push((listing::title(workspace, &record.path), record.path.clone(), true));
    }
    let facts = workspace.file(design).and_then(|it| workspace.facts(it));
    let linked: Vec<RelPath> = facts
        .and_then(FileFacts::document)
        .map(|it| it.links.iter().map(|it| it.path.clone()).collect())
        .unwrap_or_default();
    let announced = |link: &str| facts.is_some_and(|it| it.text.contains(&format!("{link} {}", value::ANNOUNCED)));
    let item = |(label, path, written): (String, RelPath, bool)| {
        let link = format!("[{label}]({})", path.relative_to(&folder));
        // One that was announced is looked at once more: its file may be there by now.
        if linked.contains(&path) && !announced(&link) {
            return None;
        }
        let text = if written { link.clone() } else { format!("{link} {}", value::ANNOUNCED) };
        Some(ListItem::new(link, text))
    };
    links.into_iter().filter_map(item).collect()
}
