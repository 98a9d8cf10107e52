//! Profiles: a convention set as data. The default one is embedded, configuration overrides it.

use std::{collections::BTreeMap, sync::OnceLock};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Kind, conventions::envelope::Envelope};

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
    /// The system concerns that every artifact answers.
    pub concerns: Concerns,
    /// Other names of a template's fields, by the canonical one.
    #[serde(default)]
    pub field_aliases: BTreeMap<String, Vec<String>>,
    /// What each kind of document contains.
    pub templates: BTreeMap<Kind, Template>,
    /// Readiness tiers.
    pub tiers: Tiers,
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

/// The section of system concerns and its fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Concerns {
    /// Title of the section.
    pub section: String,
    /// The fields, in order.
    pub fields: Vec<Concern>,
}

/// One system concern.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Concern {
    /// Canonical name.
    pub name: String,
    /// Other names that documents use for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What an author has to answer; becomes the placeholder.
    pub question: String,
}

/// What a kind of document contains.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Template {
    /// Allowed values of Status; empty where the kind has none.
    #[serde(default)]
    pub status: Vec<String>,
    /// Sections in order.
    pub sections: Vec<SectionTemplate>,
}

/// One section of a template.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SectionTemplate {
    /// Canonical title.
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
    /// Fields it must have, in order.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Whether its fields are the system concerns.
    #[serde(default)]
    pub concerns: bool,
    /// A checklist of the knowledge base whose questions are its fields: `reliability`.
    #[serde(default)]
    pub checklist: Option<String>,
    /// What a fix puts below the heading.
    #[serde(default)]
    pub skeleton: Option<String>,
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
        PROFILE.get_or_init(|| toml_edit::de::from_str(DEFAULT_PROFILE).unwrap_or_else(|_| Profile::empty()))
    }

    fn empty() -> Self {
        Self {
            layout: BTreeMap::new(),
            channels: Channels { name: String::new(), dlq_suffix: String::new(), granularity: Granularity::default() },
            envelopes: BTreeMap::new(),
            concerns: Concerns { section: String::new(), fields: Vec::new() },
            field_aliases: BTreeMap::new(),
            templates: BTreeMap::new(),
            tiers: Tiers { names: Vec::new() },
        }
    }

    /// The template of a kind.
    pub fn template(&self, kind: Kind) -> Option<&Template> {
        self.templates.get(&kind)
    }
}

impl Template {
    /// The section called `name`, canonically or by an alias, ignoring case.
    pub fn section(&self, name: &str) -> Option<&SectionTemplate> {
        self.sections.iter().find(|it| it.is_called(name))
    }
}

impl SectionTemplate {
    /// Whether `title` is this section's name or an alias, ignoring case.
    pub fn is_called(&self, title: &str) -> bool {
        self.name.eq_ignore_ascii_case(title) || self.aliases.iter().any(|it| it.eq_ignore_ascii_case(title))
    }
}

impl Concerns {
    /// The concern that a field name means.
    pub fn find(&self, name: &str) -> Option<&Concern> {
        self.fields.iter().find(|it| it.is_called(name))
    }
}

impl Concern {
    /// Whether `name` is this concern's name or an alias, ignoring case.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.aliases.iter().any(|it| it.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conventions::envelope::Need;

    #[test]
    fn the_embedded_profile_is_whole() {
        let profile: Profile = toml_edit::de::from_str(DEFAULT_PROFILE).unwrap();
        for kind in Kind::ALL.into_iter().filter(|it| it.is_artifact()) {
            assert!(profile.layout.contains_key(&kind), "{kind} has no place");
        }
        assert_eq!(profile.concerns.fields.len(), 7);
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
