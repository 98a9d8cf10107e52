//! What `recommend` answers, as data. Its text is made in `text`.

use archwright_knowledge::Reason;
use schemars::JsonSchema;
use serde::Serialize;

/// What to choose, by what was stated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recommended {
    /// What was stated. Nothing else was taken into account.
    pub signals: Vec<String>,
    /// What there is to choose.
    pub topics: Vec<Recommendation>,
}

/// What to choose in one respect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recommendation {
    /// The respect: `message-kind`.
    pub topic: String,
    /// What to take; nothing where the answer is neutral.
    pub chosen: Vec<Chosen>,
    /// The question that would decide a neutral answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// What is not taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejected>,
}

impl Recommendation {
    /// Whether what was stated does not decide.
    pub fn is_neutral(&self) -> bool {
        self.chosen.is_empty()
    }
}

/// An option that is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Chosen {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Why.
    pub because: Vec<Because>,
    /// The patterns that must stand beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<String>,
}

/// An option that is not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rejected {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What speaks against it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Because>,
    /// The option that it gives way to, although something speaks for both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gives_way_to: Option<String>,
    /// What speaks for it all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub speaks_for_it: Vec<Because>,
    /// The signals that would speak for it, one combination each.
    pub right_when: Vec<String>,
}

/// A reason that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Because {
    /// The signals that it rests on.
    pub signals: Vec<String>,
    /// The reason.
    pub reason: String,
}

impl Because {
    pub(super) fn of(reason: &Reason) -> Self {
        Self { signals: reason.when.iter().map(ToString::to_string).collect(), reason: reason.because.to_string() }
    }
}
