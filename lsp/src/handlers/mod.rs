//! One file per request: parameters and a snapshot in, the answer out. Handlers run on a blocking thread and may take
//! their time, as long as they poll [`Snapshot::cancel`](crate::snapshot::Snapshot::cancel).

pub(crate) mod call_hierarchy;
pub(crate) mod code_action;
pub(crate) mod code_lens;
pub(crate) mod command;
pub(crate) mod completion;
pub(crate) mod definition;
pub(crate) mod diagnostic;
pub(crate) mod document_link;
pub(crate) mod document_symbol;
pub(crate) mod execute_command;
pub(crate) mod folding_range;
pub(crate) mod hover;
pub(crate) mod implementation;
pub(crate) mod probe;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod symbol;
pub(crate) mod workspace_diagnostic;
