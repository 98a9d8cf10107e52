//! Profiles: a convention set as data. The default one is embedded, configuration overrides it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use archwright_syntax::markdown::PlainNames;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::{
    Kind,
    conventions::{
        envelope::Envelope,
        role::{Role, State},
        unread::UnreadKind,
    },
};

/// A convention set: where artifacts live, what they contain, how things are named.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profile {
    /// Path templates per kind.
    pub layout: BTreeMap<Kind, Vec<String>>,
    /// Channel names.
    pub channels: Channels,
    /// The envelopes of messages that are known, by name (X1).
    #[serde(default)]
    pub envelopes: BTreeMap<String, Envelope>,
    /// What fields and columns are called, by their role.
    pub fields: BTreeMap<Role, Name>,
    /// Names that make a field without bold marks, as in `Status: accepted`.
    #[serde(deserialize_with = "plain_names")]
    pub plain_fields: PlainNames,
    /// What sections are called that every kind of artifact may have.
    pub sections: BTreeMap<Role, Name>,
    /// The system concerns that every artifact answers, in order.
    pub concerns: Vec<Concern>,
    /// The words for how far a document has come.
    pub states: BTreeMap<State, Name>,
    /// The states that a document of any kind may have besides those of its template.
    pub general_status: Vec<State>,
    /// What brokers and frameworks carry with a message besides the attributes of its envelope.
    pub transport_properties: Vec<String>,
    /// What each kind of document contains.
    pub templates: BTreeMap<Kind, Template>,
    /// The system catalog.
    pub catalog: Catalog,
    /// What a contract says while its consumers move to the next version.
    pub migration: Migration,
    /// The names of the folders in which teams keep documents of a kind, whatever their form (X4).
    pub folders: BTreeMap<Kind, Vec<String>>,
    /// What tells pages that explain documents from the documents.
    pub explanations: Explanations,
    /// How the titles of sections begin that may well have nothing in them, in documents of forms that are not ours.
    pub may_be_empty: Vec<String>,
    /// Names of files that are what their folder is for, as its README is: `0012-queues/proposal.md`.
    pub folder_documents: Vec<String>,
    /// Kinds of documents that no rule knows.
    pub unread_kinds: Vec<UnreadKind>,
    /// Readiness tiers.
    pub tiers: Tiers,
}

/// What tells a page that explains what records or runbooks are, and how they are written, from one of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Explanations {
    /// How its title begins.
    pub titles: Vec<String>,
    /// What the title goes on to name, in lower case.
    pub nouns: Vec<String>,
    /// Keys in the front matter of pages of sites.
    pub keys: Vec<String>,
}

/// What one thing is called.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Name {
    /// The name that Archwright writes.
    pub name: String,
    /// Names that documents use for the same.
    #[serde(default)]
    pub aliases: Vec<String>,
}

fn plain_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PlainNames, D::Error> {
    Ok(Vec::<String>::deserialize(deserializer)?.into_iter().collect())
}

/// How channels are named.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Channels {
    /// The grammar: `<domain>`, `<event>`, `<command>` and `<name>` stand for a word, `<N>` for a number.
    pub name: String,
    /// What a channel's dead letter channel adds to its name.
    pub dlq_suffix: String,
    /// Whether a channel is for one type of event.
    pub granularity: Granularity,
}

/// What a channel carries (X2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Granularity {
    /// One type of event.
    #[default]
    PerEvent,
    /// All events of one kind of thing.
    PerAggregate,
}

/// One system concern.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Concern {
    /// Which field it is.
    pub role: Role,
    /// What an author has to answer; becomes the placeholder.
    pub question: String,
}

/// What a kind of document contains.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Template {
    /// How titles of the kind begin; the first is what Archwright writes.
    #[serde(default)]
    pub titles: Vec<String>,
    /// Allowed values of the status; empty where the kind has none.
    #[serde(default)]
    pub status: Vec<State>,
    /// Sections in order.
    pub sections: Vec<SectionTemplate>,
}

/// One section of a template.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SectionTemplate {
    /// What it is for.
    pub role: Role,
    /// Canonical title. The profile leaves it out where every kind of artifact calls the section alike.
    #[serde(default)]
    pub name: String,
    /// Titles that real documents use for the same thing.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Heading level.
    #[serde(default = "two")]
    pub level: u8,
    /// Whether a document that opted in must have it.
    #[serde(default = "yes")]
    pub required: bool,
    /// Whether editors offer it; others are only understood.
    #[serde(default = "yes")]
    pub offered: bool,
    /// Fields it must have, in order.
    #[serde(default)]
    pub fields: Vec<Role>,
    /// Whether its fields are the system concerns.
    #[serde(default)]
    pub concerns: bool,
    /// The checklist of the knowledge base whose questions are its fields.
    #[serde(default)]
    pub checklist: Option<Checklist>,
    /// The columns of its table, in order.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// What a fix puts below the heading.
    #[serde(default)]
    pub skeleton: Option<String>,
}

/// A checklist of the knowledge base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checklist {
    /// The eight questions about delivery (A-142..A-149).
    Reliability,
}

/// A column of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Column {
    /// What it says.
    pub role: Role,
    /// Its title. The profile leaves it out where it is that of the field.
    #[serde(default)]
    pub name: String,
    /// Other titles that it has in such a table only.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What a fix puts below it, where that is not just open.
    #[serde(default)]
    pub placeholder: Option<String>,
}

/// The system catalog, which has no template of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Catalog {
    /// Its title.
    pub title: String,
    /// The table of features.
    pub features: SectionTemplate,
}

/// The section of a contract in which consumers move to the next version.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Migration {
    /// Its title; `{next}` stands for the next channel.
    pub title: String,
    /// The columns of its table; `{next}` stands for the next channel.
    pub columns: Vec<Column>,
}

/// The readiness tiers.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tiers {
    /// From the lowest to the highest.
    pub names: Vec<String>,
}

fn two() -> u8 {
    2
}

fn yes() -> bool {
    true
}

/// The text of the default profile.
pub const DEFAULT_PROFILE: &str = include_str!("../../profiles/default.toml");

impl Profile {
    /// The embedded profile.
    pub fn default_profile() -> &'static Profile {
        static PROFILE: OnceLock<Profile> = OnceLock::new();
        // A test parses the embedded text, so the fallback is never seen.
        PROFILE.get_or_init(|| Profile::parse(DEFAULT_PROFILE).unwrap_or_else(|_| Profile::empty()))
    }

    /// Reads a profile, and names what it leaves without a name.
    fn parse(text: &str) -> Result<Self, toml_edit::de::Error> {
        let mut profile: Self = toml_edit::de::from_str(text)?;
        let Self { fields, sections, templates, catalog, migration, .. } = &mut profile;
        let of_templates = templates.values_mut().flat_map(|it| &mut it.sections);
        for section in of_templates.chain([&mut catalog.features]) {
            if let Some(shared) = sections.get(&section.role).filter(|_| section.name.is_empty()) {
                section.name.clone_from(&shared.name);
                section.aliases.extend(shared.aliases.iter().cloned());
            }
            section.columns.iter_mut().for_each(|it| it.take_name(fields));
        }
        migration.columns.iter_mut().for_each(|it| it.take_name(fields));
        profile.plain_fields = std::mem::take(&mut profile.plain_fields).with_items(profile.asked_names());
        Ok(profile)
    }

    /// The names of the fields that templates ask for.
    fn asked_names(&self) -> Vec<String> {
        let of_sections = self.templates.values().flat_map(|it| &it.sections).flat_map(|it| &it.fields);
        let roles: BTreeSet<Role> = of_sections.copied().chain(self.concerns.iter().map(|it| it.role)).collect();
        roles.into_iter().flat_map(|it| self.names(it)).map(str::to_owned).collect()
    }

    fn empty() -> Self {
        Self {
            layout: BTreeMap::new(),
            channels: Channels { name: String::new(), dlq_suffix: String::new(), granularity: Granularity::default() },
            envelopes: BTreeMap::new(),
            fields: BTreeMap::new(),
            plain_fields: PlainNames::default(),
            sections: BTreeMap::new(),
            concerns: Vec::new(),
            states: BTreeMap::new(),
            general_status: Vec::new(),
            transport_properties: Vec::new(),
            templates: BTreeMap::new(),
            catalog: Catalog { title: String::new(), features: SectionTemplate::empty(Role::Features) },
            migration: Migration { title: String::new(), columns: Vec::new() },
            folders: BTreeMap::new(),
            explanations: Explanations::default(),
            may_be_empty: Vec::new(),
            folder_documents: Vec::new(),
            unread_kinds: Vec::new(),
            tiers: Tiers { names: Vec::new() },
        }
    }

    /// The template of a kind.
    pub fn template(&self, kind: Kind) -> Option<&Template> {
        self.templates.get(&kind)
    }

    /// The name of a field, as Archwright writes it.
    pub fn name(&self, role: Role) -> &str {
        self.fields.get(&role).map_or("", |it| &it.name)
    }

    /// All names of a field.
    pub fn names(&self, role: Role) -> impl Iterator<Item = &str> {
        self.fields.get(&role).into_iter().flat_map(Name::names)
    }

    /// The word for a state, as Archwright writes it.
    pub fn state(&self, state: State) -> &str {
        self.states.get(&state).map_or("", |it| &it.name)
    }

    /// The title of a document of a kind about something.
    pub fn title(&self, kind: Kind, of: &str) -> String {
        let beginning = self.template(kind).and_then(|it| it.titles.first()).map_or("", String::as_str);
        format!("{beginning}{of}")
    }
}

impl Name {
    /// The name and the aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

impl Template {
    /// The section with a role.
    pub fn section(&self, role: Role) -> Option<&SectionTemplate> {
        self.sections.iter().find(|it| it.role == role)
    }
}

impl SectionTemplate {
    fn empty(role: Role) -> Self {
        Self {
            role,
            name: String::new(),
            aliases: Vec::new(),
            level: two(),
            required: false,
            offered: false,
            fields: Vec::new(),
            concerns: false,
            checklist: None,
            columns: Vec::new(),
            skeleton: None,
        }
    }

    /// What the columns are called.
    pub fn column_names(&self, profile: &Profile) -> Vec<Name> {
        let names = |it: &Column| {
            let others = it.aliases.iter().map(String::as_str).chain(profile.names(it.role));
            Name { name: it.name.clone(), aliases: others.map(str::to_owned).collect() }
        };
        self.columns.iter().map(names).collect()
    }
}

impl Column {
    fn take_name(&mut self, fields: &BTreeMap<Role, Name>) {
        if let Some(field) = fields.get(&self.role).filter(|_| self.name.is_empty()) {
            self.name.clone_from(&field.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conventions::envelope::Need;

    #[test]
    fn the_embedded_profile_is_whole() {
        let profile = Profile::parse(DEFAULT_PROFILE).unwrap();
        for kind in Kind::ALL.into_iter().filter(|it| it.is_artifact()) {
            assert!(profile.layout.contains_key(&kind), "{kind} has no place");
        }
        assert_eq!(profile.concerns.len(), 7);
        // CloudEvents 1.0: names of attributes have lower-case letters and digits only.
        let attributes = &profile.envelopes["cloudevents"].attributes;
        assert!(attributes.iter().all(|it| it.name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())));
        assert_eq!(
            attributes.iter().filter(|it| it.is_header() && it.need > Need::Optional).count(),
            7,
            "A-228, without the payload"
        );
    }
}
