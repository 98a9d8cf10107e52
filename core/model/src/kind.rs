//! The kinds of file that the workspace knows.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a file is. The first block are the artifacts of the canonical layout (A-015..A-026), the rest supports them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The index of a feature.
    FeatureReadme,
    /// A design document.
    Design,
    /// An architecture decision record.
    Adr,
    /// A request for comments.
    Rfc,
    /// An architecture overview.
    Overview,
    /// An implementation plan.
    ImplementationPlan,
    /// A migration plan.
    MigrationPlan,
    /// A production readiness review.
    ReadinessReview,
    /// A message contract.
    Contract,
    /// A message schema: JSON Schema, Avro or Protobuf.
    Schema,
    /// An AsyncAPI document.
    Asyncapi,
    /// A runbook.
    Runbook,
    /// A launch decision.
    Launch,
    /// The system catalog.
    Catalog,
    /// A platform standard.
    Standard,
    /// A platform document that others share: glossary, topology, capacity, compliance or disaster recovery.
    Shared,
    /// Any other Markdown file. It gets findings only where the configuration asks for them.
    Document,
    /// Source code in which messaging is looked for.
    Code,
    /// `archwright.toml`.
    Configuration,
}

impl Kind {
    /// Every kind, artifacts first.
    pub const ALL: [Self; 19] = [
        Self::FeatureReadme,
        Self::Design,
        Self::Adr,
        Self::Rfc,
        Self::Overview,
        Self::ImplementationPlan,
        Self::MigrationPlan,
        Self::ReadinessReview,
        Self::Contract,
        Self::Schema,
        Self::Asyncapi,
        Self::Runbook,
        Self::Launch,
        Self::Catalog,
        Self::Standard,
        Self::Shared,
        Self::Document,
        Self::Code,
        Self::Configuration,
    ];

    /// The artifacts that are Markdown documents.
    pub const DOCUMENTS: &'static [Self] = &[
        Self::FeatureReadme,
        Self::Design,
        Self::Adr,
        Self::Rfc,
        Self::Overview,
        Self::ImplementationPlan,
        Self::MigrationPlan,
        Self::ReadinessReview,
        Self::Contract,
        Self::Runbook,
        Self::Launch,
        Self::Catalog,
        Self::Standard,
        Self::Shared,
    ];

    /// The name as configuration and front matter write it: `feature-readme`.
    pub fn name(self) -> &'static str {
        match self {
            Self::FeatureReadme => "feature-readme",
            Self::Design => "design",
            Self::Adr => "adr",
            Self::Rfc => "rfc",
            Self::Overview => "overview",
            Self::ImplementationPlan => "implementation-plan",
            Self::MigrationPlan => "migration-plan",
            Self::ReadinessReview => "readiness-review",
            Self::Contract => "contract",
            Self::Schema => "schema",
            Self::Asyncapi => "asyncapi",
            Self::Runbook => "runbook",
            Self::Launch => "launch",
            Self::Catalog => "catalog",
            Self::Standard => "standard",
            Self::Shared => "shared",
            Self::Document => "document",
            Self::Code => "code",
            Self::Configuration => "configuration",
        }
    }

    /// The name with its article, as messages say it: `a design document`.
    pub fn title(self) -> &'static str {
        match self {
            Self::FeatureReadme => "a feature README",
            Self::Design => "a design document",
            Self::Adr => "an ADR",
            Self::Rfc => "an RFC",
            Self::Overview => "an architecture overview",
            Self::ImplementationPlan => "an implementation plan",
            Self::MigrationPlan => "a migration plan",
            Self::ReadinessReview => "a production readiness review",
            Self::Contract => "a message contract",
            // Outside of the layout nobody says that it is one of messages.
            Self::Schema => "a schema",
            Self::Asyncapi => "an AsyncAPI document",
            Self::Runbook => "a runbook",
            Self::Launch => "a launch decision",
            Self::Catalog => "the system catalog",
            Self::Standard => "a standard",
            Self::Shared => "a shared platform document",
            Self::Document => "a document",
            Self::Code => "source code",
            Self::Configuration => "the configuration",
        }
    }

    /// The name without an article, as it is counted: `design document`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Document => "other document",
            Self::Code => "source file",
            _ => self.title().split_once(' ').map_or(self.title(), |it| it.1),
        }
    }

    /// Whether the kind is one of the artifacts, on which rules speak by default.
    pub fn is_artifact(self) -> bool {
        !matches!(self, Self::Document | Self::Code | Self::Configuration)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// A name that is no kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no artifact kind")]
pub struct UnknownKind(pub String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|it| it.name() == text).ok_or_else(|| UnknownKind(text.to_owned()))
    }
}
