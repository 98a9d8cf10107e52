//! Operations: typed request in, a plan of edits, findings and next steps out. MCP, CLI and LSP are thin wrappers.

mod compat;
mod compose;
mod contract;
mod convert;
mod design;
mod index_documents;
mod lenient;
mod next_version;
mod outcome;
mod request;

pub use archwright_schema::compatibility::{Mode, Profile};
pub(crate) use compat::changes_between;
pub use compat::{
    BaseComparison, BaseError, BaseRequest, ComparedChange, ComparedPlace, Comparison, CompatError, CompatRequest,
    Format, NamedText, compare_with_base, compat, imports, json_schema as comparison_schema,
};
pub(crate) use compose::insert_block;
pub use contract::{ContractError, ContractRequest, can_contract, contract};
pub use convert::{CONVERSION_TARGET, ConvertError, ConvertRequest, Converted, Note, convert};
pub use design::design;
pub use next_version::{NextVersion, NextVersionError, next_version};
pub(crate) use next_version::{Plan as NextVersionPlan, describes, successor};
pub use outcome::{Declined, DesignOutcome, FileState, OpenQuestion, OperationError, PlannedFile};
pub use request::{
    ChannelRequest, ConcernsRequest, DesignRequest, PatternRequest, QuestionRequest, ReliabilityRequest,
};
