//! What the contract operation takes. A channel that an AsyncAPI document describes needs nothing else.

use archwright_model::conventions::role::Role;
use archwright_rules::{authoring::compose::one_line, evolution::Mode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{
    OperationError,
    choice::{self, Choice, Closed},
    lenient,
};

/// The language of a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SchemaFormat {
    /// JSON Schema.
    #[default]
    JsonSchema,
    /// Avro.
    Avro,
    /// Protocol Buffers.
    Protobuf,
}

impl SchemaFormat {
    /// The extension of its files.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::JsonSchema => "json",
            Self::Avro => "avsc",
            Self::Protobuf => "proto",
        }
    }
}

impl Closed for SchemaFormat {
    const WHAT: &'static str = "schema language";

    fn all() -> Vec<Self> {
        vec![Self::JsonSchema, Self::Avro, Self::Protobuf]
    }

    fn name(self) -> &'static str {
        match self {
            Self::JsonSchema => "json-schema",
            Self::Avro => "avro",
            Self::Protobuf => "protobuf",
        }
    }
}

/// Which channel is put under contract, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContractRequest {
    /// The channel: `orders.placed.v1`.
    pub channel: String,
    /// AsyncAPI document that describes it, if several do.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub document: Option<String>,
    /// Feature that sends on it, if no file tells.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub feature: Option<String>,
    /// Name of the message: `OrderPlaced`.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub message: Option<String>,
    /// What a message tells, in one sentence.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub summary: Option<String>,
    /// Fields of the payload, of a new schema.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<PayloadField>,
    /// Language of a new schema; that of the others if left out.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<SchemaFormat>")]
    pub language: Option<Choice<SchemaFormat>>,
    /// Team and how it is reached.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub owner: Option<String>,
    /// Service that sends.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub producer: Option<String>,
    /// Services that receive, with their teams.
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
    /// Delivery guarantee.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub delivery: Option<String>,
    /// How long messages stay: `7 days`.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub retention: Option<String>,
    /// Compatibility of the schema.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<Mode>")]
    #[schemars(transform = lenient::name_alone)]
    pub compatibility: Option<Choice<Mode>>,
    /// Check that refuses an incompatible schema.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub ci_gate: Option<String>,
    /// Dead letter channel, its retention and alert.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub dlq: Option<String>,
    /// Team of the dead letters.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub dlq_owner: Option<String>,
    /// Who may replay, how, at which rate.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub replay: Option<String>,
    /// Replace what the contract says otherwise.
    pub update: bool,
}

/// Whether what was given can be written.
///
/// # Errors
/// If a field has no name, a type that is none, or an example that is not of its type.
pub(super) fn validate(request: &ContractRequest) -> Result<(), OperationError> {
    super::payload::fields(&request.fields).map(|_| ())
}

/// A field of a payload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PayloadField {
    /// Its name.
    #[schemars(transform = lenient::name_alone)]
    pub name: String,
    /// string, integer, number, decimal, boolean, uuid, date, date-time, email, uri, object; `[]` behind it for a list.
    pub r#type: String,
    /// What it says.
    #[schemars(transform = lenient::name_alone)]
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub description: Option<String>,
    /// Whether it may be missing.
    #[schemars(transform = lenient::name_alone)]
    pub optional: bool,
    /// Whether it is personal data.
    #[schemars(transform = lenient::name_alone)]
    pub personal: bool,
    /// A value.
    #[schemars(transform = lenient::name_alone)]
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    #[schemars(transform = lenient::name_alone)]
    pub example: Option<String>,
}

impl ContractRequest {
    /// What was given for a field of the contract.
    pub(super) fn given(&self, role: Role, dlq_suffix: &str) -> Option<String> {
        let given = match role {
            Role::Owner => self.owner.clone(),
            Role::Tldr => self.summary.clone(),
            Role::Producer => self.producer.clone(),
            Role::Consumers => (!self.consumers.is_empty()).then(|| self.consumers.join(", ")),
            Role::CompatibilityMode => self.compatibility.map(|it| it.0.name().to_uppercase()),
            Role::CiGate => self.ci_gate.clone(),
            Role::OrderingKey => self.ordering_key.as_ref().map(|it| code(it)),
            Role::IdempotencyKey => self.idempotency_key.as_ref().map(|it| code(it)),
            Role::Delivery => self.delivery.clone(),
            Role::Retention => self.retention.clone(),
            Role::Dlq => {
                let name = self.dlq.as_ref().map(|it| code(it));
                let usual = || format!("`{}{dlq_suffix}`", one_line(&self.channel));
                match (name, &self.dlq_owner) {
                    (Some(name), Some(owner)) => Some(format!("{name}, owner {owner}")),
                    (None, Some(owner)) => Some(format!("{}, owner {owner}", usual())),
                    (name, None) => name,
                }
            }
            Role::Replay => self.replay.clone(),
            _ => None,
        };
        given.map(|it| one_line(&it))
    }
}

/// A name as documents write it; what is more than a name stays as it is.
pub(super) fn code(text: &str) -> String {
    let is_name = text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '-' | '/'));
    if is_name && text != "none" { format!("`{text}`") } else { text.to_owned() }
}
