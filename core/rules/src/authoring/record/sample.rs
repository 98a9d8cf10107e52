//! The records that a form is read from.

use archwright_model::{
    Kind, RelPath,
    conventions::{
        config::Config,
        role::{Role, State},
        vocabulary,
    },
    facts::{self, ByRole, FileFacts, Loaded, front_matter, number_of},
    values::value,
};
use archwright_syntax::{
    Span,
    markdown::{Field, SectionId},
};

use super::name;

/// A form that Archwright knows by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// With a summary and the system concerns.
    #[default]
    Canonical,
    /// Of Michael Nygard, as adr-tools writes it.
    Nygard,
    /// Of MADR 3 and 4, with front matter.
    Madr,
    /// Of log4brains and MADR 2, named after the day.
    Log4brains,
}

impl Dialect {
    /// The record that shows the form.
    pub fn example(self, config: &Config) -> FileFacts {
        let (name, text) = match self {
            Self::Canonical => ("0001-title.md", include_str!("../../../profiles/records/canonical.md")),
            Self::Nygard => ("0001-title.md", include_str!("../../../profiles/records/nygard.md")),
            Self::Madr => ("0001-title.md", include_str!("../../../profiles/records/madr.md")),
            Self::Log4brains => ("20260101-title.md", include_str!("../../../profiles/records/log4brains.md")),
        };
        facts::extract(&RelPath::new(name), Loaded::Text(text.into()), config)
    }
}

/// The parts that make a document a decision record.
const PARTS: [Role; 6] =
    [Role::Context, Role::Decision, Role::Alternatives, Role::Consequences, Role::Summary, Role::Status];

/// A record that is there.
pub struct Sample<'a> {
    /// Where.
    pub path: &'a RelPath,
    /// What it says, by roles.
    pub document: ByRole<'a>,
    /// Its title with its number, as it is shown.
    pub title: String,
    /// The number in its name.
    pub number: Option<u32>,
    /// Its status as it is written, and what that means.
    pub status: Option<(String, Option<State>)>,
    /// The section of the title, if it has one.
    head: Option<SectionId>,
}

impl<'a> Sample<'a> {
    /// The record of a file. A document without sections of a decision record is none.
    pub fn of(facts: &'a FileFacts, config: &'a Config) -> Option<Self> {
        let document = ByRole::new(facts.markdown()?, &facts.text, Kind::Adr, config);
        let ids = || document.tree.section_ids().skip(1).map(|it| it.0);
        let first = ids().next()?;
        let roles: Vec<Role> = ids().filter_map(|it| part(&document, it)).filter(|it| PARTS.contains(it)).collect();
        let decides = roles.iter().any(|it| matches!(it, Role::Decision | Role::Context));
        let is_record = decides && PARTS.iter().filter(|it| roles.contains(it)).count() > 1;
        let is_title = part(&document, first).is_none()
            || document.tree.section_ids().skip(2).all(|it| it.1.level > document.tree.section(first).level);
        let head = is_title.then_some(first);
        let title = head.map(|it| document.tree.plain_title(it, document.text).trim().to_owned());
        let in_front = || {
            let entries = front_matter(document.tree, document.text);
            entries.into_iter().find(|it| it.0 == "title").map(|it| it.1.of(document.text).to_owned())
        };
        let title = title.or_else(in_front).unwrap_or_default();
        let status = document.status().map(|it| {
            let text = value::plain(&it.text);
            let state = config.vocabulary().state(&text);
            (text, state)
        });
        is_record.then(|| Self {
            path: &facts.path,
            title,
            number: number_of(facts.path.stem()),
            status,
            head,
            document,
        })
    }

    /// The text of the record.
    pub fn text(&self) -> &'a str {
        self.document.text
    }

    /// The sections below the title.
    pub(crate) fn sections(&self) -> impl Iterator<Item = SectionId> + '_ {
        self.document.tree.section_ids().skip(1).map(|it| it.0).filter(|it| Some(*it) != self.head)
    }

    /// What a section is for.
    pub(crate) fn part(&self, id: SectionId) -> Option<Role> {
        part(&self.document, id)
    }

    /// The title of a section as it is written, without remarks in comments.
    pub(crate) fn written_title(&self, id: SectionId) -> String {
        let title = self.document.tree.title(id, self.text());
        let title = in_heading(&self.document, id).map_or(title, |it| it.1);
        title.split("<!--").next().unwrap_or(title).trim().to_owned()
    }

    /// Whether the heading of a section holds the value of a field.
    pub(crate) fn is_value(&self, id: SectionId) -> bool {
        in_heading(&self.document, id).is_some()
    }

    /// The level of the title's heading.
    pub(crate) fn title_level(&self) -> Option<u8> {
        self.head.map(|it| self.document.tree.section(it).level)
    }

    /// What stands between the title and the first section.
    pub(crate) fn preamble(&self) -> Span {
        let root = SectionId::ROOT;
        self.document.tree.section(self.head.unwrap_or(root)).body
    }

    /// What the record is about, without its number.
    pub fn subject(&self) -> &str {
        name::subject_of(&self.title)
    }

    /// How other records refer to it.
    pub fn label(&self) -> String {
        name::label(self.path, &self.title)
    }

    /// What a field is for.
    pub(crate) fn field_role(&self, field: &Field, config: &Config) -> Option<Role> {
        field_role(field.name.of(self.text()), config)
    }
}

/// What a name means before a value in a decision record.
pub(super) fn field_role(name: &str, config: &Config) -> Option<Role> {
    const FIELDS: [Role; 7] =
        [Role::Status, Role::Date, Role::Tldr, Role::Deciders, Role::Tags, Role::Supersedes, Role::SupersededBy];
    let concerns = config.profile().concerns.iter().map(|it| it.role);
    let meanings = config.vocabulary().meanings(name);
    FIELDS.into_iter().chain(concerns).find(|it| vocabulary::as_field(meanings, *it).is_some())
}

/// What a section of a record is for. Good and bad consequences are told apart, and a status may have its own section.
fn part(document: &ByRole, id: SectionId) -> Option<Role> {
    const HEADINGS: [Role; 4] = [Role::Positive, Role::Negative, Role::Status, Role::Date];
    let field = HEADINGS.into_iter().find(|it| document.is_heading_of(id, *it));
    field.or_else(|| in_heading(document, id).map(|it| it.0)).or_else(|| document.role_of(id))
}

/// The field whose value stands in a heading, as in `## Status: Accepted`, and its name.
fn in_heading<'a>(document: &ByRole<'a>, id: SectionId) -> Option<(Role, &'a str)> {
    let (name, value) = document.tree.title(id, document.text).split_once(':')?;
    let role = [Role::Status, Role::Date].into_iter().find(|it| document.is_named(name, *it))?;
    (!value.trim().is_empty()).then_some((role, name))
}
