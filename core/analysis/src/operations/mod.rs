//! Operations: typed request in, a plan of edits, findings and next steps out. MCP, CLI and LSP are thin wrappers.

mod contract;
mod convert;
mod design;
pub mod explain;
mod index_documents;
mod lenient;
mod outcome;
mod request;

pub use contract::{ContractError, ContractRequest, can_contract, contract};
pub use convert::{CONVERSION_TARGET, ConvertError, ConvertRequest, Converted, Note, convert};
pub use design::design;
pub use outcome::{Declined, DesignOutcome, FileState, OpenQuestion, OperationError, PlannedFile};
pub use request::{
    ChannelRequest, ConcernsRequest, DesignRequest, PatternRequest, QuestionRequest, ReliabilityRequest,
};

pub use crate::evolution::{
    BaseComparison, BaseError, BaseRequest, ComparedChange, ComparedPlace, Comparison, CompatError, CompatRequest,
    Format, Mode, NamedText, NextVersion, NextVersionError, Profile, compare_with_base, comparison_schema, compat,
    imports, next_version,
};
