//! What the operation `architecture` takes. Everything but the title can be left open.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{
    choice::{self, Choice, Closed},
    design::ConcernsRequest,
    lenient,
};
use crate::{authoring::record::Dialect, conventions::role::State};

/// Facts for a decision record. What is not known stays out and becomes a `[TBD: question]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArchitectureRequest {
    /// The decision as a title, without a number.
    pub title: String,
    /// What forces the decision, with numbers.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub context: Option<String>,
    /// What is decided, as a commitment: no `might`, no `either`.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub decision: Option<String>,
    /// Name of the option taken, where options are listed by name.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub chosen: Option<String>,
    /// What drives the decision.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub drivers: Vec<String>,
    /// Options that were rejected.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<AlternativeRequest>,
    /// What gets better.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub positive: Vec<String>,
    /// What gets worse.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub negative: Vec<String>,
    /// What shows that it works.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub verification: Option<String>,
    /// Proposed if left out; `deferred` needs `question` and `due`.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<RecordStatus>")]
    pub status: Option<Choice<RecordStatus>>,
    /// YYYY-MM-DD; today if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub date: Option<String>,
    /// Records that it replaces: number, name or path.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<String>,
    /// The feature it belongs to; left out, it is the platform's.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub feature: Option<String>,
    /// Folder of the records, if there are several.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub folder: Option<String>,
    /// Form of the record; that of the records there if left out.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<RecordForm>")]
    pub dialect: Option<Choice<RecordForm>>,
    /// Who decides.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub deciders: Vec<String>,
    /// Words to find it by.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Related files, by path, and web addresses.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// System concerns by name, as `design` takes them; those of the feature if left out.
    #[serde(deserialize_with = "lenient::object")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub concerns: ConcernsRequest,
    /// What a deferred decision waits for.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub question: Option<String>,
    /// By when a deferred decision is taken, YYYY-MM-DD.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub due: Option<String>,
}

/// An option that was not taken.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AlternativeRequest {
    /// Its name.
    pub name: String,
    /// Why it was rejected.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub why: Option<String>,
}

/// How far a decision has come when it is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordStatus {
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
            Self::Proposed => State::Proposed,
            Self::Accepted => State::Accepted,
            Self::Deferred => State::Deferred,
            Self::Rejected => State::Rejected,
        }
    }
}

impl Closed for RecordStatus {
    const WHAT: &'static str = "status of a new decision";

    fn all() -> Vec<Self> {
        vec![Self::Proposed, Self::Accepted, Self::Deferred, Self::Rejected]
    }

    fn name(self) -> &'static str {
        match self {
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
