//! What the design operation takes. Everything but the feature and the description can be left open.

use archwright_model::{conventions::role::Role, facts::RoleValue};
use archwright_rules::{authoring::compose::one_line, evolution::Mode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{
    choice::{self, Choice, Closed},
    lenient,
};

/// Facts for a design. What is not known stays out and becomes a `[TBD: question]` in the document.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DesignRequest {
    /// Slug in kebab-case: `order-checkout`.
    pub feature: String,
    /// What is to be built and why. A design that is there needs none.
    pub description: String,
    /// Title; the slug if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub title: Option<String>,
    /// Messaging, RPC, shared data or files, and why.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub integration_style: Option<String>,
    /// Services that take part.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub services: Vec<String>,
    /// Teams that take part.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub teams: Vec<String>,
    /// Channels at the boundary; `role` is produced if left out.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelRequest>,
    /// Patterns, and what makes each real here.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<PatternRequest>,
    /// Answers to `explain reliability`, with numbers.
    #[serde(deserialize_with = "lenient::object")]
    pub reliability: ReliabilityRequest,
    /// Answers to `explain concerns`.
    #[serde(deserialize_with = "lenient::object")]
    pub concerns: ConcernsRequest,
    /// Tempting shortcuts that would break it.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub anti_patterns: Vec<String>,
    /// Questions that stay open; `due` as YYYY-MM-DD.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub open_questions: Vec<QuestionRequest>,
    /// SLO, with its number.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub slo: Option<String>,
    /// Readiness tier.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub tier: Option<String>,
    /// Day of the last review, YYYY-MM-DD.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub last_reviewed: Option<String>,
    /// Draft if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub status: Option<String>,
    /// Services that it needs.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub upstream: Vec<String>,
    /// Services that need it.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub downstream: Vec<String>,
    /// Systems outside.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub external: Vec<String>,
    /// Brokers and databases that it shares.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = lenient::name_alone)]
    pub shared_infrastructure: Vec<String>,
    /// All else: storage, data kept, a diagram.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<SectionRequest>,
    /// YYYY-MM-DD; today if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub date: Option<String>,
    /// Write it although none is due.
    pub force: bool,
    /// Replace what the files say otherwise.
    pub update: bool,
}

/// A section of its own.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(transform = lenient::names_alone)]
pub struct SectionRequest {
    /// Its heading.
    pub title: String,
    /// What it says, in Markdown.
    pub text: String,
}

/// A channel at the boundary of the feature.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(transform = lenient::names_alone)]
pub struct ChannelRequest {
    /// Its name: `orders.placed.v1`.
    pub name: String,
    /// What the feature does on it; sends if left out.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<BoundaryRole>")]
    pub role: Option<Choice<BoundaryRole>>,
    /// Service that sends.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub producer: Option<String>,
    /// Services that receive.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub consumers: Vec<String>,
    /// Field that orders messages, or `none`.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub ordering_key: Option<String>,
    /// Field that tells duplicates.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub idempotency_key: Option<String>,
    /// How long messages stay: `7 d`.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub retention: Option<String>,
    /// Team of the dead letters.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub dlq_owner: Option<String>,
    /// Of the schema.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<Mode>")]
    pub compatibility: Option<Choice<Mode>>,
}

/// What a feature does with a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoundaryRole {
    /// It sends messages.
    #[default]
    Produced,
    /// It receives messages.
    Consumed,
    /// It does both.
    Both,
}

impl Closed for BoundaryRole {
    const WHAT: &'static str = "role of a channel";

    fn all() -> Vec<Self> {
        vec![Self::Produced, Self::Consumed, Self::Both]
    }

    fn name(self) -> &'static str {
        match self {
            Self::Produced => "produced",
            Self::Consumed => "consumed",
            Self::Both => "both",
        }
    }
}

impl ChannelRequest {
    /// What is known of it, by role.
    pub(super) fn facts(&self) -> Vec<RoleValue<String>> {
        let compatibility = self.compatibility.map(|it| it.0.name().to_uppercase());
        let all = [
            (Role::OrderingKey, self.ordering_key.clone()),
            (Role::IdempotencyKey, self.idempotency_key.clone()),
            (Role::Retention, self.retention.clone()),
            (Role::DlqOwner, self.dlq_owner.clone()),
            (Role::CompatibilityMode, compatibility),
        ];
        all.into_iter().filter_map(|(role, value)| Some(RoleValue { role, value: one_line(&value?) })).collect()
    }

    /// Whether the feature sends on it, so that the contract is its own.
    pub(crate) fn is_owned(&self) -> bool {
        self.role.is_none_or(|it| it.0 != BoundaryRole::Consumed)
    }
}

/// A pattern and why it is there.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(transform = lenient::names_alone)]
pub struct PatternRequest {
    /// Its name: `Transactional Outbox`.
    pub name: String,
    /// What makes it real here.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub why: Option<String>,
}

/// Answers to the reliability questions (A-142..A-149).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(transform = lenient::names_alone)]
pub struct ReliabilityRequest {
    /// at-most-once, at-least-once or effectively-once.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub delivery: Option<String>,
    /// Key and store.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub idempotency: Option<String>,
    /// Where bad messages go, and who owns them.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub bad_messages: Option<String>,
    /// Attempts, backoff, jitter, what is permanent.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub retry: Option<String>,
    /// total, per key or none.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub ordering: Option<String>,
    /// Format, mode and gate.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub schema_evolution: Option<String>,
    /// Trace propagation and metrics.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub observability: Option<String>,
    /// What rolls back, is compensated, or is replayed.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub failure_boundary: Option<String>,
}

impl ReliabilityRequest {
    /// The answer to a question by its identifier in the knowledge base.
    pub(crate) fn answer(&self, id: &str) -> Option<&str> {
        let answer = match id {
            "delivery" => &self.delivery,
            "idempotency" => &self.idempotency,
            "bad-messages" => &self.bad_messages,
            "retry" => &self.retry,
            "ordering" => &self.ordering,
            "schema-evolution" => &self.schema_evolution,
            "observability" => &self.observability,
            "failure-boundary" => &self.failure_boundary,
            _ => &None,
        };
        answer.as_deref()
    }
}

/// The system concerns.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(transform = lenient::names_alone)]
pub struct ConcernsRequest {
    /// Team that answers for the feature.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub owner_team: Option<String>,
    /// Single, or multi and what isolates tenants.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub tenancy: Option<String>,
    /// none, PII, GDPR, SOC 2, PCI, data residency.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub compliance: Option<String>,
    /// Who pays.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub cost_owner: Option<String>,
    /// Median and peak rates, growth.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub capacity: Option<String>,
    /// RPO, RTO and region strategy.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub dr_posture: Option<String>,
    /// Creation, deprecation trigger, replacement.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub lifecycle: Option<String>,
}

impl ConcernsRequest {
    /// The value of a concern.
    pub(crate) fn value(&self, role: Role) -> Option<&str> {
        let value = match role {
            Role::OwnerTeam => &self.owner_team,
            Role::Tenancy => &self.tenancy,
            Role::Compliance => &self.compliance,
            Role::CostOwner => &self.cost_owner,
            Role::Capacity => &self.capacity,
            Role::DrPosture => &self.dr_posture,
            Role::Lifecycle => &self.lifecycle,
            _ => &None,
        };
        value.as_deref()
    }
}

/// A question that stays open.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(transform = lenient::names_alone)]
pub struct QuestionRequest {
    /// The question.
    pub question: String,
    /// Who answers it.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub owner: Option<String>,
    /// By when, YYYY-MM-DD.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub due: Option<String>,
}
