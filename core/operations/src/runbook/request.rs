//! What the operation `runbook` takes. Everything but the incident can be left open.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{
    choice::{Choice, Closed},
    lenient,
};

/// Facts for a runbook. What is not known stays out and becomes a `[TBD: question]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunbookRequest {
    /// The kind of incident.
    #[serde(deserialize_with = "super::super::choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<IncidentKind>")]
    pub incident: Option<Choice<IncidentKind>>,
    /// Feature; that of the channel's contract if left out, else the platform.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub feature: Option<String>,
    /// The channel concerned: `orders.placed.v1`.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub channel: Option<String>,
    /// Title; the incident and the channel if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub title: Option<String>,
    /// Team that answers.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub owner: Option<String>,
    /// Whom to call next, and after how long.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub escalation: Option<String>,
    /// Who approves, and decides to stop.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub approver: Option<String>,
    /// Consumer group that reads the channel.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub group: Option<String>,
    /// Dashboards, by name or link.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub dashboards: Vec<String>,
    /// Known causes, each with its fix.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<CauseRequest>,
    /// When to stop, with numbers.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<String>,
    /// How fast messages are sent again: `50 messages per second`.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub rate: Option<String>,
    /// What must never be done here, and why.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<String>,
    /// YYYY-MM-DD; today if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub date: Option<String>,
}

/// A known cause.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CauseRequest {
    /// The cause.
    pub cause: String,
    /// What mends it.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub fix: Option<String>,
}

/// A kind of incident; what its runbook says stands in the knowledge base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IncidentKind {
    /// Messages end in the dead letter channel.
    #[default]
    DlqTriage,
    /// Consumers are behind.
    ConsumerLag,
    /// A workflow waits for ever.
    StuckWorkflow,
    /// Messages have to be sent again.
    Replay,
    /// A schema broke its readers.
    SchemaRollback,
    /// A region is down.
    RegionFailover,
    /// A flow is looked after.
    FlowOperations,
    /// Single dead letters are handled.
    DlqAdministration,
}

impl Closed for IncidentKind {
    const WHAT: &'static str = "kind of incident";

    fn all() -> Vec<Self> {
        vec![
            Self::DlqTriage,
            Self::ConsumerLag,
            Self::StuckWorkflow,
            Self::Replay,
            Self::SchemaRollback,
            Self::RegionFailover,
            Self::FlowOperations,
            Self::DlqAdministration,
        ]
    }

    fn name(self) -> &'static str {
        match self {
            Self::DlqTriage => "dlq-triage",
            Self::ConsumerLag => "consumer-lag",
            Self::StuckWorkflow => "stuck-workflow",
            Self::Replay => "replay",
            Self::SchemaRollback => "schema-rollback",
            Self::RegionFailover => "region-failover",
            Self::FlowOperations => "flow-operations",
            Self::DlqAdministration => "dlq-administration",
        }
    }
}
