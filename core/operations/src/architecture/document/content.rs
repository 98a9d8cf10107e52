//! What each section of a document on the architecture says, as far as the request and the workspace know.

use archwright_model::{
    Kind,
    conventions::{
        profile::{SectionTemplate, Template},
        role::{Role, State},
    },
    facts::{self, ByRole, FileFacts},
    values::value,
};
use archwright_rules::authoring::{
    compose::{FieldContent, ListItem, Part, SectionContent, one_line},
    record,
};

use super::{super::composer::given_links, Document, readiness};
use crate::{OperationError, PlanNote, SectionRequest, design::index_documents::READ_BY, listing};

/// The sections that say what is decided, by what kinds call them.
const DECIDING: [Role; 3] = [Role::Recommendation, Role::ProposedArchitecture, Role::Decision];

/// The level of a heading below that of a section.
const BELOW: u8 = 3;

impl Document<'_> {
    /// The sections of the template that are asked for or of which something is known, and those that are nobody's.
    pub(super) fn sections(&mut self) -> Result<Vec<SectionContent>, OperationError> {
        let Some(template) = self.config().template(self.kind) else { return Ok(Vec::new()) };
        let mut sections = Vec::new();
        for section in &template.sections {
            let mut content = SectionContent::of(section);
            let (parts, below) = self.said(section)?;
            content.parts = parts;
            content.parts.extend(self.own(section));
            if content.parts.is_empty() && below.is_empty() {
                if !section.required && !section.offered {
                    continue;
                }
                let placeholder = section.skeleton.clone().unwrap_or_else(|| format!("- {}", value::placeholder("")));
                content.parts.push(Part::Bullets { items: Vec::new(), placeholder });
            }
            sections.push(content);
            sections.extend(below);
        }
        self.add_own(template, &mut sections);
        self.tell_unplaced(template);
        Ok(sections)
    }

    /// What is known of a section, and the headings below it.
    fn said(&mut self, section: &SectionTemplate) -> Result<(Vec<Part>, Vec<SectionContent>), OperationError> {
        let request = self.request;
        let text = |it: &Option<String>| it.iter().map(|it| Part::Text(text_of(it))).collect::<Vec<_>>();
        let parts = match section.role {
            Role::Summary => vec![Part::Fields { fields: self.summary(), numbered: false }],
            _ if section.concerns => vec![Part::Fields { fields: self.concerns(), numbered: false }],
            Role::RelatedArtifacts => self.related(section)?,
            Role::Context | Role::Problem => text(&request.context),
            Role::Goals => {
                bullets(request.drivers.iter().map(|it| one_line(it)).map(|it| ListItem::new(it.clone(), it)))
            }
            role if DECIDING.contains(&role) => self.decision(section),
            Role::Options => return Ok((Vec::new(), self.options())),
            Role::Alternatives => bullets(request.alternatives.iter().map(|it| {
                let name = one_line(&it.name);
                let why = it.why.as_deref().map(one_line);
                let because = why.clone().unwrap_or_else(|| value::placeholder("reason"));
                let rejected = self.config().profile().state(State::Rejected).to_lowercase();
                let text = ended(&record::labelled(&format!("{name}: {rejected} because "), &because, &rejected));
                ListItem::new(format!("{name}:"), text).given(why.as_deref())
            })),
            Role::Verification | Role::Testing => text(&request.verification),
            Role::OpenQuestions | Role::DecisionLog => bullets(request.question.iter().map(|it| {
                let question = one_line(it);
                let due = request.due.as_deref().map_or_else(|| value::placeholder("by when?"), one_line);
                let owner = match request.deciders.as_slice() {
                    [] => value::placeholder("who answers it?"),
                    some => some.iter().map(|it| one_line(it)).collect::<Vec<_>>().join(", "),
                };
                let text = format!("{} Owner {owner}, due {due}.", ended(&question));
                ListItem::new(question, text).given(request.due.as_deref())
            })),
            Role::DataAndContracts => bullets(self.channels().into_iter()),
            Role::Evidence => bullets(readiness::evidence(self).into_iter()),
            Role::RecommendedFixes => bullets(readiness::gaps(self).into_iter()),
            _ => Vec::new(),
        };
        Ok((parts, Vec::new()))
    }

    fn summary(&self) -> Vec<FieldContent> {
        let (config, request) = (self.config(), self.request);
        let field = |role, value: Option<&str>, question| FieldContent::of(config.profile(), role, value, question);
        let joined = |it: &[String]| {
            let all: Vec<String> = it.iter().map(|it| one_line(it)).filter(|it| !it.is_empty()).collect();
            (!all.is_empty()).then(|| all.join(", "))
        };
        let said = request.decision.as_deref().or(request.context.as_deref()).map(record::first_sentence);
        let mut fields = vec![
            // A status moves on by rules of its own.
            field(Role::Status, Some(config.status_of(self.kind, self.state)), ""),
            match &request.date {
                Some(date) => field(Role::Date, Some(date), "").given(),
                None => field(Role::Date, Some(&self.date), ""),
            },
            field(Role::Tldr, said.as_deref(), "what is it about, in one or two sentences?"),
        ];
        for (role, names) in [(Role::Deciders, &request.deciders), (Role::Tags, &request.tags)] {
            fields.extend(joined(names).map(|it| field(role, Some(&it), "").given()));
        }
        let folder = self.place.path.parent();
        let links = self
            .replaced
            .iter()
            .map(|it| format!("[{}]({})", listing::title(self.workspace, &it.path), it.path.relative_to(&folder)));
        fields.extend(joined(&links.collect::<Vec<_>>()).map(|it| field(Role::Supersedes, Some(&it), "").given()));
        fields
    }

    /// The system concerns: what is given, else what the feature says.
    fn concerns(&self) -> Vec<FieldContent> {
        let own = self.feature.as_ref().map(|it| listing::concerns(self.workspace, it)).unwrap_or_default();
        let profile = self.config().profile();
        let field = |it: &archwright_model::conventions::profile::Concern| {
            let given = self.request.concerns.value(it.role);
            let known = own.iter().find(|own| own.role == it.role).map(|it| it.value.as_str());
            let field = FieldContent::of(profile, it.role, given.or(known), &it.question);
            if given.is_some() { field.given() } else { field }
        };
        profile.concerns.iter().map(field).collect()
    }

    fn related(&self, section: &SectionTemplate) -> Result<Vec<Part>, OperationError> {
        let path = &self.place.path;
        let there = self.workspace.file(path).and_then(|it| self.workspace.facts(it));
        let mut links = self.around();
        // What a document links already is not linked again.
        links.retain(|it| !there.is_some_and(|there| targets(it).all(|target| there.text.contains(target))));
        links.extend(given_links(self.workspace, self.request, &path.parent())?);
        let items = links.into_iter().map(|it| ListItem::new(it.clone(), it)).collect();
        let placeholder = format!("- {}", value::placeholder("link"));
        let skeleton = section.skeleton.as_deref().filter(|_| self.feature.is_some());
        Ok(vec![Part::Bullets { items, placeholder: skeleton.map_or(placeholder, str::to_owned) }])
    }

    /// What is decided, and what speaks for and against it where no option is listed for it.
    fn decision(&self, section: &SectionTemplate) -> Vec<Part> {
        let request = self.request;
        let mut parts: Vec<Part> = request.decision.iter().map(|it| Part::Text(text_of(it))).collect();
        let is_listed = section.role == Role::Recommendation && request.chosen.is_some();
        if self.kind == Kind::ReadinessReview && parts.is_empty() {
            parts.extend(readiness::reached(self).map(Part::Text));
        }
        if !is_listed {
            parts.extend(bullets(self.arguments().into_iter()));
        }
        if let (Some(chosen), true, true) = (&request.chosen, is_listed, request.decision.is_none()) {
            let text = format!("{}: {}", one_line(chosen), value::placeholder("why this option?"));
            parts.push(Part::Text(text));
        }
        parts
    }

    /// What speaks for what is decided, and against it.
    fn arguments(&self) -> Vec<ListItem> {
        let profile = self.config().profile();
        let request = self.request;
        let item = |role: Role, said: &String| {
            let text = format!("{}: {}", profile.name(role), one_line(said));
            ListItem::new(text.clone(), text)
        };
        let positive = request.positive.iter().map(|it| item(Role::Positive, it));
        positive.chain(request.negative.iter().map(|it| item(Role::Negative, it))).collect()
    }

    /// The options, each below a heading of its own: the one that is taken first.
    fn options(&mut self) -> Vec<SectionContent> {
        let request = self.request;
        let heading = |name: &str, parts: Vec<Part>| SectionContent {
            role: Role::Options,
            name: one_line(name),
            aliases: Vec::new(),
            level: BELOW,
            parts,
        };
        let chosen = request.chosen.as_deref().map(|it| {
            let arguments = self.arguments();
            let open =
                format!("- {}", value::placeholder("what speaks for it, what against it, and what does it cost?"));
            heading(it, vec![Part::Bullets { items: arguments, placeholder: open }])
        });
        let rejected = request.alternatives.iter().map(|it| {
            let why = it.why.as_deref().map(one_line);
            let said = why.clone().unwrap_or_else(|| value::placeholder("why not?"));
            let rejected = self.config().profile().state(State::Rejected);
            let text = ended(&record::labelled(&format!("{rejected}: "), &said, rejected));
            let item = ListItem::new(rejected, text).given(why.as_deref());
            heading(&it.name, vec![Part::Bullets { items: vec![item], placeholder: String::new() }])
        });
        let all: Vec<SectionContent> = chosen.into_iter().chain(rejected).collect();
        if all.len() == 1 {
            self.questions.push("Which other options were really possible, and what speaks against each?");
        }
        all
    }

    /// The channels that the feature has contracts for, and who reads them.
    fn channels(&self) -> Vec<ListItem> {
        let Some(feature) = &self.feature else { return Vec::new() };
        let folder = self.place.path.parent();
        let item = |facts: &&FileFacts| {
            let name = facts.channels.first()?.name.text.clone();
            let document = ByRole::of(facts, self.config());
            let readers = document.and_then(|it| facts::known(it.field(Role::Consumers)?));
            let readers = readers
                .map_or_else(String::new, |it| format!("{READ_BY}{}", value::line(&it.text).trim_end_matches('.')));
            let text = format!("[{name}]({}){readers}", facts.path.relative_to(&folder));
            Some(ListItem::new(name.to_string(), text))
        };
        listing::of_kind(self.workspace, feature, Kind::Contract).iter().filter_map(item).collect()
    }

    /// What was given for a section of the template under its name.
    fn own(&self, section: &SectionTemplate) -> Vec<Part> {
        let own = self.request.sections.iter().filter(|it| is_called(section, &it.title));
        own.map(|it| Part::Text(text_of(&it.text))).collect()
    }

    /// The sections that no template knows, in front of the questions that stay open.
    fn add_own(&self, template: &Template, sections: &mut Vec<SectionContent>) {
        let last = [Role::OpenQuestions, Role::DecisionLog, Role::RelatedArtifacts];
        let at = sections.iter().position(|it| last.contains(&it.role)).unwrap_or(sections.len());
        let is_own = |it: &&SectionRequest| !template.sections.iter().any(|section| is_called(section, &it.title));
        let content = |own: &SectionRequest| {
            let parts = vec![Part::Text(text_of(&own.text))];
            SectionContent { role: Role::Flows, name: one_line(&own.title), aliases: Vec::new(), level: 2, parts }
        };
        let own: Vec<SectionContent> = self.request.sections.iter().filter(is_own).map(content).collect();
        sections.splice(at..at, own);
    }

    /// Names what was given and stands nowhere.
    fn tell_unplaced(&mut self, template: &Template) {
        let request = self.request;
        let has = |roles: &[Role]| roles.iter().any(|it| template.section(*it).is_some());
        let mut unplaced: Vec<(&str, String)> = Vec::new();
        if !has(&[Role::Goals]) && !request.drivers.is_empty() {
            unplaced.push(("drivers", request.drivers.join(", ")));
        }
        if !has(&[Role::Options, Role::Alternatives]) && !request.alternatives.is_empty() {
            let names: Vec<&str> = request.alternatives.iter().map(|it| it.name.as_str()).collect();
            unplaced.push(("alternatives", names.join(", ")));
        }
        if let Some(chosen) = request.chosen.as_ref().filter(|_| !has(&[Role::Options])) {
            unplaced.push(("chosen", chosen.clone()));
        }
        for (name, given) in unplaced {
            let given = super::super::remarks::short(given.trim_end_matches('.'));
            let message = format!(
                "Not placed: `{name}`, “{given}”. There is no place for it in {}; one of `sections` can say it.",
                self.kind.title()
            );
            self.notes.push(PlanNote::new(self.place.path.as_str(), "", 0, message));
        }
        if request.dialect.is_some() {
            let message = "`dialect` is of decision records; it changes nothing here.".to_owned();
            self.notes.push(PlanNote::new(self.place.path.as_str(), "", 0, message));
        }
    }
}

/// Whether a title is that of a section of the template.
fn is_called(section: &SectionTemplate, title: &str) -> bool {
    let title = title.trim();
    section.name.eq_ignore_ascii_case(title) || section.aliases.iter().any(|it| it.eq_ignore_ascii_case(title))
}

/// The targets of the links of a line.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|it| it.split_once(')').map(|it| it.0))
}

fn bullets(items: impl Iterator<Item = ListItem>) -> Vec<Part> {
    let items: Vec<ListItem> = items.collect();
    let part = Part::Bullets { items, placeholder: String::new() };
    if matches!(&part, Part::Bullets { items, .. } if items.is_empty()) { Vec::new() } else { vec![part] }
}

/// A text of people in a section.
fn text_of(text: &str) -> String {
    record::within(text, BELOW - 1)
}

/// A text with a full stop, unless it ends otherwise.
fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?', ']', ':']) { text.to_owned() } else { format!("{text}.") }
}
