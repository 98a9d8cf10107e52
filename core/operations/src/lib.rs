//! Operations: a typed request in; a plan of edits, findings, questions and next steps out.
//!
//! An operation is its folder here and one line in [`OPERATIONS`]; the command line has its arguments besides, editors
//! ask people for its [`Argument`]s. What a plan looks like in a terminal, in an answer to an agent or in an editor is
//! the front ends' to say, once for all.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod adopt;
mod architecture;
mod argument;
mod channels;
pub mod choice;
mod code;
mod contract;
mod convert;
mod days;
mod design;
mod diff;
mod differences;
mod error;
mod evaluate;
pub mod explain;
pub mod facts;
#[cfg(test)]
#[allow(dead_code, reason = "no cursor is needed")]
#[path = "../../rules/src/fixture.rs"]
mod fixture;
mod graph;
mod identity;
mod impact;
mod lenient;
mod listing;
mod merge;
mod next_version;
mod operation;
mod paths;
mod plain;
mod plan;
mod prelaunch;
mod readers;
mod recommend;
mod review;
mod runbook;
mod scan;
mod services;

pub use adopt::{Adoption, DraftEnd, DraftState, DraftedChannel, Drafts, adopt, draft_contracts, undescribed};
pub use architecture::{
    AlternativeRequest, Architecture, ArchitectureRequest, DocumentKind, RecordForm, RecordStatus, superseding,
};
pub use archwright_schema::breaking::Category;
pub use argument::{Argument, Offer};
pub use choice::Choice;
pub use code::{CodeChange, CodeOrder, CodeReader, CodeSite, CodeView, ReadCode, is_code_at};
pub use contract::{
    ChannelPlace, Contract, ContractError, ContractRequest, PayloadField, SchemaFormat, can_contract, contract,
};
pub use convert::{
    CONVERSION_TARGET, ConversionNote, Convert, ConvertError, ConvertRequest, Converted, Target, convert,
};
pub use design::{
    BoundaryRole, ChannelRequest, ConcernsRequest, Design, DesignRequest, PatternRequest, QuestionRequest,
    ReliabilityRequest, SectionRequest,
};
pub use diff::{Diff, DiffRequest};
pub use error::OperationError;
pub use evaluate::{
    Evaluation, JudgedFinding, Label, LabelKind, ManifestError, Miss, NotLookedAt, ReadManifest, Score, evaluate,
    evaluation_schema, manifest_schema,
};
pub use graph::{
    EventFlow, FlowApart, FlowArrow, FlowChannel, FlowCycle, FlowFact, FlowHerd, FlowKind, FlowPlace, FlowRelation,
    FlowSaga, FlowService, FlowSource, FlowStep, FlowTransition, FlowUndo, FlowUnnamed, FlowView, Graph, GraphRequest,
};
pub use impact::{
    Impact, ImpactNode, ImpactOf, ImpactRequest, ImpactSource, Neighbor, NodeKind, Reached, Related, WayStep,
};
pub use next_version::{NextVersion, NextVersionRequest};
pub use operation::{Entry, Operation};
pub use plan::{Declined, FileState, NextStep, OpenQuestion, Plan, PlanNote, PlannedFile};
pub use prelaunch::{
    AcceptedRisk, Blocker, ClaimedTier, EvidenceRequest, GateResult, GateState, Launch, LaunchVerdict, Prelaunch,
    PrelaunchRequest, RiskRequest, RollbackRequest, ShownGate, ShownTier, shown_by_documents,
};
pub use recommend::{
    AskedTopic, Because, Chosen, Recommend, RecommendRequest, Recommendation, Recommended, Rejected, StatedSignal,
    recommend,
};
pub use review::{
    AntiPatterns, Claim, ClaimState, ContractVerdict, GoverningDecision, Mark, NotRead, OpenIn, Proof, ReliabilityRow,
    Review, ReviewFinding, ReviewPlace, ReviewRequest, ReviewVerdict, Reviewed, RowState, Told, TouchedContract,
};
pub use runbook::{CauseRequest, IncidentKind, Runbook, RunbookRequest};
pub use scan::{
    Drawing, DriftKind, Scan, ScanRequest, Scanned, ScannedBroker, ScannedDangling, ScannedDeclaration, ScannedDrift,
    ScannedEdge, ScannedRisk, ScannedSetting, ScannedWay, ScannedWrites, check_code, code_findings,
};

pub use archwright_rules::evolution::{
    BaseError, BaseRequest, Companion, Compared, ComparedChange, ComparedPlace, Comparison, ComparisonError,
    CompatRequest, Format, Mode, NamedText, NextVersionError, Profile, compare_with_base, comparison_schema, compat,
};

/// All operations, in the order in which they are listed.
pub static OPERATIONS: [Entry; 13] = [
    Entry::of::<Design>(),
    Entry::of::<Contract>(),
    Entry::of::<Architecture>(),
    Entry::of::<Runbook>(),
    Entry::of::<Prelaunch>(),
    Entry::of::<NextVersion>(),
    Entry::of::<Diff>(),
    Entry::of::<Convert>(),
    Entry::of::<Review>(),
    Entry::of::<ImpactOf>(),
    Entry::of::<Scan>(),
    Entry::of::<Graph>(),
    Entry::of::<Recommend>(),
];

/// The operation of this name.
pub fn operation(name: &str) -> Option<&'static Entry> {
    OPERATIONS.iter().find(|it| it.name == name)
}
