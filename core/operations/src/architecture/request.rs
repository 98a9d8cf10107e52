//! What the operation `architecture` takes. Everything but the title can be left open.

use std::collections::BTreeMap;

use archwright_model::{Kind, conventions::role::State};
use archwright_rules::authoring::record::Dialect;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{
    choice::{self, Choice, Closed},
    design::{ConcernsRequest, SectionRequest},
    lenient,
};

/// Facts for a document on the architecture. What is not known stays out and becomes a `[TBD: question]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArchitectureRequest {
    /// The decision or subject as a title, without a number.
    pub title: String,
    /// `adr` if left out.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<DocumentKind>")]
    pub kind: Option<Choice<DocumentKind>>,
    /// What forces it, with numbers.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub context: Option<String>,
    /// What is decided or recommended, as a commitment: no `might`, no `either`.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub decision: Option<String>,
    /// Name of the option taken.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub chosen: Option<String>,
    /// What drives the decision.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub drivers: Vec<String>,
    /// Options that were rejected.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub alternatives: Vec<AlternativeRequest>,
    /// What gets better.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub positive: Vec<String>,
    /// What gets worse.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub negative: Vec<String>,
    /// What shows that it works.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub verification: Option<String>,
    /// `deferred` needs `question` and `due`.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<RecordStatus>")]
    pub status: Option<Choice<RecordStatus>>,
    /// YYYY-MM-DD; today if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub date: Option<String>,
    /// What it replaces: number, name or path.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<String>,
    /// Feature; left out, it is the platform's.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub feature: Option<String>,
    /// Folder, if there are several.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub folder: Option<String>,
    /// Form of a record; that of those there if left out.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<RecordForm>")]
    pub dialect: Option<Choice<RecordForm>>,
    /// Who decides.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub deciders: Vec<String>,
    /// Words to find it by.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub tags: Vec<String>,
    /// Related files, by path, and web addresses.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// System concerns; those of the feature if left out.
    #[serde(deserialize_with = "lenient::object")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub concerns: ConcernsRequest,
    /// What is open.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub question: Option<String>,
    /// By when it is answered, YYYY-MM-DD.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub due: Option<String>,
    /// All else, by heading: goals, phases, milestones, a diagram.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<SectionRequest>,
}

impl ArchitectureRequest {
    /// What is to be written.
    pub(super) fn document(&self) -> Kind {
        self.kind.unwrap_or_default().0.kind()
    }
}

/// A kind of document on the architecture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocumentKind {
    /// One decision.
    #[default]
    Adr,
    /// Options side by side, with a recommendation.
    Rfc,
    /// The whole as it is.
    Overview,
    /// What is built in which order.
    ImplementationPlan,
    /// How one moves from the old to the new.
    MigrationPlan,
    /// Whether it may go live, by what is there.
    ReadinessReview,
}

impl DocumentKind {
    fn kind(self) -> Kind {
        match self {
            Self::Adr => Kind::Adr,
            Self::Rfc => Kind::Rfc,
            Self::Overview => Kind::Overview,
            Self::ImplementationPlan => Kind::ImplementationPlan,
            Self::MigrationPlan => Kind::MigrationPlan,
            Self::ReadinessReview => Kind::ReadinessReview,
        }
    }
}

impl Closed for DocumentKind {
    const WHAT: &'static str = "kind of document on the architecture";

    fn all() -> Vec<Self> {
        vec![Self::Adr, Self::Rfc, Self::Overview, Self::ImplementationPlan, Self::MigrationPlan, Self::ReadinessReview]
    }

    fn name(self) -> &'static str {
        self.kind().name()
    }
}

/// An option that was not taken.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AlternativeRequest {
    /// Its name.
    #[schemars(transform = lenient::name_alone)]
    pub name: String,
    /// Why it was rejected.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub why: Option<String>,
}

/// How far a decision has come when it is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordStatus {
    /// It is being written. Decision records are not.
    Draft,
    /// It waits for agreement.
    #[default]
    Proposed,
    /// It is made.
    Accepted,
    /// It is put off until a question is answered.
    Deferred,
    /// It was decided against.
    Rejected,
}

impl RecordStatus {
    /// What it means.
    pub(super) fn state(self) -> State {
        match self {
            Self::Draft => State::Draft,
            Self::Proposed => State::Proposed,
            Self::Accepted => State::Accepted,
            Self::Deferred => State::Deferred,
            Self::Rejected => State::Rejected,
        }
    }
}

impl Closed for RecordStatus {
    const WHAT: &'static str = "status of a new document";

    fn all() -> Vec<Self> {
        vec![Self::Draft, Self::Proposed, Self::Accepted, Self::Deferred, Self::Rejected]
    }

    fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Deferred => "deferred",
            Self::Rejected => "rejected",
        }
    }
}

/// A form of decision records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordForm {
    /// With a summary and the system concerns.
    #[default]
    Canonical,
    /// Context, decision, consequences, as adr-tools has it.
    Nygard,
    /// MADR 3 and 4, with front matter.
    Madr,
    /// MADR 2, as log4brains has it.
    Log4brains,
}

impl RecordForm {
    /// The example of the form.
    pub(super) fn dialect(self) -> Dialect {
        match self {
            Self::Canonical => Dialect::Canonical,
            Self::Nygard => Dialect::Nygard,
            Self::Madr => Dialect::Madr,
            Self::Log4brains => Dialect::Log4brains,
        }
    }
}

impl Closed for RecordForm {
    const WHAT: &'static str = "form of decision records";

    fn all() -> Vec<Self> {
        vec![Self::Canonical, Self::Nygard, Self::Madr, Self::Log4brains]
    }

    fn name(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::Nygard => "nygard",
            Self::Madr => "madr",
            Self::Log4brains => "log4brains",
        }
    }
}
