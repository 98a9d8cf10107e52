//! Roles: what a section, a field or a column of a document is for, whatever the document calls it.

use schemars::JsonSchema;
use serde::Deserialize;

/// What a section, a field or a column is for. What documents call it, and what Archwright writes, stands in the
/// profile; see [`super::vocabulary::Vocabulary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    // Sections of every artifact.
    /// Status, date and the whole in one or two sentences.
    Summary,
    /// Who owns, pays and is served.
    SystemConcerns,
    /// Links to the documents beside this one.
    RelatedArtifacts,

    // Sections of a design.
    /// The patterns in play.
    Patterns,
    /// Answers to the questions about delivery.
    ReliabilityChecklist,
    /// The channels at the boundary.
    BoundaryContracts,
    /// Shortcuts that would break the design.
    AntiPatterns,
    /// What is not decided yet.
    OpenQuestions,
    /// How the parts talk to each other.
    IntegrationStyle,
    /// Answers to the questions about distribution.
    DistributedChecklist,
    /// What today's products make of the patterns.
    ModernRealization,
    /// Which files and components are to be made.
    ComponentPlan,
    /// How ready the whole is, and what lacks.
    ReadinessTier,

    // Sections of decision records, requests for comments and overviews.
    /// What forces the decision.
    Context,
    /// What speaks for one decision or another, as MADR lists it.
    Drivers,
    /// What is decided.
    Decision,
    /// What else was considered.
    Alternatives,
    /// What follows from it.
    Consequences,
    /// What shows that it works, and that an incident is over.
    Verification,
    /// What hurts.
    Problem,
    /// What is to be reached, and what is not.
    Goals,
    /// What could be done.
    Options,
    /// What should be done.
    Recommendation,
    /// Concern by concern, the pattern that answers it.
    PatternMapping,
    /// In which steps it comes.
    Rollout,
    /// What was decided on the way, or is open.
    DecisionLog,
    /// What has to hold, or to be done.
    Requirements,
    /// The shape of the whole.
    ProposedArchitecture,
    /// Who holds which data, and under which contract.
    DataAndContracts,
    /// What is sent from where to where.
    Flows,
    /// What holds together, and when.
    Consistency,
    /// Rates, sizes and growth.
    Scale,
    /// What fails, and what happens then.
    Resilience,
    /// What is watched and operated.
    Observability,
    /// What is protected from whom.
    Security,
    /// What is tested, and how.
    Testing,
    /// What is done by when, each with its tests.
    Milestones,

    // Sections of a contract.
    /// Who sends and who receives.
    ProducerAndConsumers,
    /// How the schema may grow.
    Compatibility,
    /// In which order, how often and how long.
    Ordering,
    /// Where bad messages go, and how messages come back.
    DlqAndReplay,

    // Sections of a runbook.
    /// What nobody may do.
    Safety,
    /// Where to look first.
    Triage,
    /// What to do.
    Mitigation,
    /// When to stop or go back.
    StopCriteria,
    /// What is written down.
    AuditTrail,
    /// What follows.
    PostIncident,
    /// Whom to call.
    Escalation,
    /// What is hit, and where it shows.
    ImpactedSystems,

    // Sections of a launch decision.
    /// Go or no go, and why.
    LaunchDecision,
    /// What stands in the way.
    Blockers,
    /// What should be mended next.
    RecommendedFixes,
    /// What may go wrong, and who accepted that.
    AcknowledgedRisks,
    /// What shows that it is ready.
    Evidence,
    /// How to go back.
    RollbackPlan,

    // Sections of a standard.
    /// The sentence that a test can decide.
    Rule,
    /// What enforces it.
    Enforcement,
    /// Who may do otherwise.
    Exceptions,

    // Sections of a feature's README and of the catalog.
    /// Owner, service level and tier.
    ServiceInfo,
    /// What the platform shares with the feature.
    SharedReferences,
    /// The feature's documents.
    Artifacts,
    /// What it needs and what needs it.
    Dependencies,
    /// Its channels.
    ChannelsOwned,
    /// The table of all features.
    Features,

    // Fields and columns of every artifact.
    /// How far readers may rely on it.
    Status,
    /// The day of the document.
    Date,
    /// The whole in one or two sentences.
    Tldr,
    /// Who answers for a channel, an incident or a standard.
    Owner,

    // System concerns.
    /// Which team answers for the feature.
    OwnerTeam,
    /// What isolates tenants.
    Tenancy,
    /// Which regimes apply.
    Compliance,
    /// Who pays.
    CostOwner,
    /// Rates and growth.
    Capacity,
    /// RPO, RTO and regions.
    DrPosture,
    /// From creation to the end.
    Lifecycle,

    // What is promised of a channel.
    /// Its name.
    Channel,
    /// Who sends.
    Producer,
    /// Who receives.
    Consumers,
    /// One of those who receive.
    Consumer,
    /// Which changes of the schema are allowed.
    CompatibilityMode,
    /// What refuses the other changes.
    CiGate,
    /// Where the version stands.
    Versioning,
    /// What keeps messages in order.
    OrderingKey,
    /// What tells duplicates.
    IdempotencyKey,
    /// How often a message arrives.
    Delivery,
    /// How long messages stay.
    Retention,
    /// Where bad messages go.
    Dlq,
    /// Who owns that place.
    DlqOwner,
    /// How messages come back.
    Replay,
    /// The number of partitions.
    Partitions,
    /// The number of instances that share one consumer's work.
    Instances,
    /// The messages on it.
    Messages,
    /// What messages carry besides their data.
    Envelope,
    /// How sensitive the messages are.
    Classification,
    /// The channel that it takes the place of.
    Replaces,
    /// The day on which it is switched off.
    Sunset,
    /// Since when a consumer reads the next version.
    ReadsSince,
    /// Who agreed to the move.
    SignedOff,

    // Decision records.
    /// The records that replace this one.
    SupersededBy,
    /// The records that this one replaces.
    Supersedes,
    /// What gets better, or speaks for an option.
    Positive,
    /// What gets worse, or speaks against an option.
    Negative,
    /// The name of the option that was taken.
    Chosen,
    /// Who decided.
    Deciders,
    /// Words by which the record is found.
    Tags,

    // Runbooks, launch decisions and standards.
    /// The consumers that share the work of reading a channel.
    ConsumerGroup,
    /// Who gives leave for what cannot be taken back.
    Approver,
    /// Where measurements are seen.
    Dashboards,
    /// What kind of incident a runbook is for.
    IncidentType,
    /// The feature that a launch or a row is about.
    Feature,
    /// The tier that a launch reached.
    TierAchieved,
    /// What leads to a rollback.
    Trigger,
    /// How it is done.
    Procedure,
    /// How long it takes.
    Rto,
    /// To whom a standard applies.
    AppliesTo,

    // Features.
    /// The service level.
    Slo,
    /// The readiness tier.
    Tier,
    /// The day of the last review.
    LastReviewed,
    /// The day of the last change.
    LastUpdated,
    /// The link to a feature's README.
    Index,
    /// The design among the artifacts.
    Designs,
    /// Documents on the architecture: requests for comments, overviews, plans, reviews.
    ArchitectureDocuments,
    /// The decision records among the artifacts.
    Adrs,
    /// The contracts among the artifacts.
    Contracts,
    /// The runbooks among the artifacts.
    Runbooks,
    /// The launch decisions among the artifacts.
    LaunchDecisions,
    /// What the feature needs.
    Upstream,
    /// What needs the feature.
    Downstream,
    /// Systems outside that it needs or serves.
    External,
    /// What it shares with other features: brokers, databases.
    SharedInfrastructure,
    /// The services that take part.
    Services,
    /// The teams that take part.
    Teams,
    /// The standards among the shared references.
    StandardsFollowed,
    /// The glossary among the shared references.
    Glossary,
    /// The compliance baseline among the shared references.
    ComplianceBaseline,
    /// The plan for disasters among the shared references.
    DrPlan,
    /// The platform's decision records among the shared references.
    PlatformAdrs,

    // Tables of patterns.
    /// The pattern of a row.
    Pattern,
}

/// How far a document or what it describes has come. The words for it stand in the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is being written.
    Draft,
    /// It waits for a decision.
    Proposed,
    /// It holds.
    Accepted,
    /// It is in use.
    Active,
    /// The decision was put off.
    Deferred,
    /// It was decided against.
    Rejected,
    /// It should not be used any more.
    Deprecated,
    /// It is on its way out.
    Deprecating,
    /// Another one took its place.
    Superseded,
    /// It is gone.
    Retired,
    /// The launch goes ahead.
    Go,
    /// The launch does not go ahead.
    NoGo,
    /// The launch goes ahead with known risks.
    GoWithRisks,
}

impl State {
    /// Whether it is made and not taken back: a decision that is not made yet replaces nothing.
    pub fn is_decided(self) -> bool {
        !matches!(self, Self::Draft | Self::Proposed | Self::Deferred | Self::Rejected)
    }

    /// Whether it is on its way out or gone.
    pub fn is_going(self) -> bool {
        matches!(self, Self::Deprecated | Self::Deprecating | Self::Retired)
    }
}
