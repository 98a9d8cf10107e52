//! Operations: typed request in, a plan of edits, findings and next steps out. MCP, CLI and LSP are thin wrappers.

mod compose;
mod design;
mod index_documents;
mod lenient;
mod outcome;
mod request;

pub(crate) use compose::insert_block;
pub use design::design;
pub use outcome::{Declined, DesignOutcome, FileState, OpenQuestion, OperationError, PlannedFile};
pub use request::{ChannelRequest, ConcernsRequest, DesignRequest, PatternRequest, QuestionRequest, ReliabilityRequest};
