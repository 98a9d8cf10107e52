//! The keys of `archwright.toml`. The JSON Schema is made from this file, so every key's comment is its documentation.

use std::collections::BTreeMap;

use archwright_schema::{breaking::Category, compatibility::Profile};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_spanned::Spanned;

use crate::{
    Kind, Severity,
    conventions::{dialect::Dialect, profile::Granularity},
};

/// The configuration of a workspace. Every key is optional; none is needed to start.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(title = "archwright.toml")]
pub struct Settings {
    /// Globs of paths that are left out, besides what `.gitignore` names: `["tests/fixtures/**"]`.
    #[schemars(with = "Vec<String>")]
    pub exclude: Vec<Spanned<String>>,
    /// Files larger than this many bytes are reported and not read. Default: 8388608.
    pub max_file_size: Option<u64>,
    /// Further places of each kind of artifact, tried before the canonical ones: `adr = ["docs/decisions/*.md"]`.
    /// `*` stands for a part of a path or a piece of one, `**` for any number of parts. `{feature}`, `{name}`,
    /// `{channel}` and `{date}` do what `*` does and say what the piece means; only a place without stars is one for
    /// new files.
    #[schemars(with = "BTreeMap<Kind, Vec<String>>")]
    pub layout: BTreeMap<Kind, Vec<Spanned<String>>>,
    /// Places of documents in forms of their own: `adr = ["docs/decisions/*.md"]`. They are known as what they are,
    /// whatever their form, and are held to no template.
    #[schemars(with = "BTreeMap<Kind, Vec<String>>")]
    pub documents: BTreeMap<Kind, Vec<Spanned<String>>>,
    /// Forms in which the workspace writes its documents, by name, besides those that are known.
    #[schemars(with = "BTreeMap<String, Dialect>")]
    pub dialects: BTreeMap<Spanned<String>, Dialect>,
    /// Severity of single rules (`"link/dead-target" = "warning"`) or whole families (`"channel/*" = "off"`).
    #[schemars(with = "BTreeMap<String, RuleLevel>")]
    pub rules: BTreeMap<Spanned<String>, RuleLevel>,
    /// How channels are named.
    pub channels: Option<ChannelSettings>,
    /// What messages carry besides their data.
    pub envelope: Option<EnvelopeSettings>,
    /// What schemas and AsyncAPI documents are compared with, and by whose definition.
    pub compatibility: CompatibilitySettings,
    /// Which links are checked.
    pub links: Option<LinkSettings>,
    /// Which names of fields in schemas say that their values are sensitive, besides the known ones.
    pub sensitive: SensitiveSettings,
    /// What `archwright scan` is told about the surroundings of the code.
    pub scan: ScanSettings,
    /// The services, by the names that documents have for them: `[services.order-checkout]`.
    #[schemars(with = "BTreeMap<String, ServiceSettings>")]
    pub services: BTreeMap<Spanned<String>, ServiceSettings>,
    /// Changes to the sections of a kind of document: `[sections.adr.Verification] required = true`.
    #[schemars(with = "BTreeMap<Kind, BTreeMap<String, SectionSettings>>")]
    pub sections: BTreeMap<Kind, BTreeMap<Spanned<String>, SectionSettings>>,
    /// The allowed values of Status per kind of document: `adr = ["Proposed", "Accepted"]`.
    pub status: BTreeMap<Kind, Vec<String>>,
}

/// How channels are named.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ChannelSettings {
    /// The grammar of a channel name. A word in angle brackets stands for one lower-case word, `<N>` for a number;
    /// anything else stands for itself. Default: `<domain>.<event>.v<N>`.
    #[schemars(with = "Option<String>")]
    pub name: Option<Spanned<String>>,
    /// What the dead letter channel of a channel adds to its name. Default: `.dlq`.
    pub dlq_suffix: Option<String>,
    /// Whether a channel carries one type of event (`per-event`) or all events of one kind of thing (`per-aggregate`).
    /// Default: `per-event`.
    pub granularity: Option<Granularity>,
}

/// What messages carry besides their data.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct EnvelopeSettings {
    /// The envelope of all messages: `cloudevents`, `event-prefixed`, `tenant` or `snake-case`. Without it, only
    /// messages that say that they are CloudEvents are checked, for what that specification demands.
    #[schemars(with = "Option<String>")]
    pub profile: Option<Spanned<String>>,
    /// Further attributes that every message of the profile must have: `["traceparent"]`.
    pub require: Vec<String>,
}

/// What schemas and AsyncAPI documents are compared with, and by whose definition.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct CompatibilitySettings {
    /// The git revision that work is compared with, where it left it: `"origin/develop"`; `"none"` compares nothing.
    /// Default: the target of the pull request in a pipeline, else the default branch.
    pub base: Option<BaseSetting>,
    /// Whose definition of compatibility holds. Default: `confluent`.
    pub registry: Option<RegistrySetting>,
    /// The level of buf by which Protobuf files are compared. Default: what a `buf.yaml` with a section `breaking`
    /// says, else the definition of the registry.
    pub protobuf: Option<ProtobufSetting>,
}

/// A git revision, or none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(from = "String")]
#[schemars(with = "String")]
pub enum BaseSetting {
    /// Nothing is compared.
    None,
    /// A revision.
    Revision(String),
}

impl From<String> for BaseSetting {
    fn from(text: String) -> Self {
        match text.trim() {
            "none" => Self::None,
            revision => Self::Revision(revision.to_owned()),
        }
    }
}

/// A schema registry whose definition of compatibility holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RegistrySetting {
    /// Confluent Schema Registry with its strict policy.
    #[default]
    Confluent,
    /// Confluent Schema Registry with its lenient policy for JSON Schema.
    ConfluentLenient,
    /// Karapace.
    Karapace,
    /// Apicurio Registry.
    Apicurio,
}

impl From<RegistrySetting> for Profile {
    fn from(setting: RegistrySetting) -> Self {
        match setting {
            RegistrySetting::Confluent => Self::Confluent,
            RegistrySetting::ConfluentLenient => Self::ConfluentLenient,
            RegistrySetting::Karapace => Self::Karapace,
            RegistrySetting::Apicurio => Self::Apicurio,
        }
    }
}

/// A level of buf: what of Protobuf files must not break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProtobufSetting {
    /// Generated code, file by file.
    File,
    /// Generated code, package by package.
    Package,
    /// Messages in the binary format and in JSON.
    WireJson,
    /// Messages in the binary format.
    Wire,
    /// What Confluent Schema Registry lets readers and writers rely on.
    Csr,
}

impl From<ProtobufSetting> for Category {
    fn from(setting: ProtobufSetting) -> Self {
        match setting {
            ProtobufSetting::File => Self::File,
            ProtobufSetting::Package => Self::Package,
            ProtobufSetting::WireJson => Self::WireJson,
            ProtobufSetting::Wire => Self::Wire,
            ProtobufSetting::Csr => Self::Csr,
        }
    }
}

/// Which names of fields say that their values are sensitive. A name matches the last words of a field's, whatever its
/// case and joints: `loyalty number` matches `customer_loyalty_number` and `loyaltyNumber`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SensitiveSettings {
    /// Names of personal data: `["loyalty number"]`.
    pub personal: Vec<String>,
    /// Names of secrets that belong in no message: `["voucher code"]`.
    pub secret: Vec<String>,
    /// Names that are neither, although they look like it: `["press email"]`.
    pub harmless: Vec<String>,
}

/// What `archwright scan` is told about the surroundings of the code.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ScanSettings {
    /// Globs of channels whose other end is not in this workspace: `["billing.*"]`. Nobody is missed there.
    #[schemars(with = "Vec<String>")]
    pub external: Vec<Spanned<String>>,
    /// Whether `archwright check` on the command line holds code against the documents, as with `--code`, and editors
    /// show what that finds. Default: false.
    pub check: bool,
}

/// A service: what documents and code call it, so that both are known as one.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ServiceSettings {
    /// The folders of its code, as globs: `["services/checkout", "workers/order-*"]`.
    #[schemars(with = "Vec<String>")]
    pub paths: Vec<Spanned<String>>,
    /// Further names of it in documents: `["checkout"]`.
    #[schemars(with = "Vec<String>")]
    pub aliases: Vec<Spanned<String>>,
    /// The team that owns it.
    #[schemars(with = "Option<String>")]
    pub owner: Option<Spanned<String>>,
}

/// Which links are checked.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct LinkSettings {
    /// Whether links are checked in artifacts only or in every Markdown file. Default: `artifacts`.
    pub check: Option<LinkScope>,
}

/// Which documents' links are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LinkScope {
    /// Only artifacts.
    #[default]
    Artifacts,
    /// Every Markdown file of the workspace.
    All,
}

/// Changes to one section of a template.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SectionSettings {
    /// Whether a document must have the section.
    pub required: Option<bool>,
    /// Further titles that count as this section.
    pub aliases: Vec<String>,
}

/// How loud a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    /// Not run.
    Off,
    /// Shown in editors only as a faint mark.
    Hint,
    /// Reported, never fails a check.
    Info,
    /// Reported, never fails a check.
    Warning,
    /// Reported, fails a check.
    Error,
}

impl RuleLevel {
    /// The severity, or `None` if the rule is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Hint => Some(Severity::Hint),
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}
