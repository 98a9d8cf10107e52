//! `textDocument/prepareCallHierarchy`, `callHierarchy/incomingCalls` and `callHierarchy/outgoingCalls`: services call
//! channels, and channels call services.

use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem, CallHierarchyOutgoingCall,
    CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams,
};

use crate::{
    convert::{self, Converter},
    snapshot::Snapshot,
};

/// The channel at a place, if code has it.
pub(crate) fn prepare(snapshot: &Snapshot, params: &CallHierarchyPrepareParams) -> Option<Vec<CallHierarchyItem>> {
    let place = &params.text_document_position_params;
    let mut converter = Converter::new(snapshot);
    let (file, view) = converter.locate(&place.text_document.uri)?;
    Some(convert::prepare_calls(&mut converter, file, &view, place.position)).filter(|it| !it.is_empty())
}

/// Who sends to a channel, or what a service receives from.
pub(crate) fn incoming(
    snapshot: &Snapshot,
    params: &CallHierarchyIncomingCallsParams,
) -> Option<Vec<CallHierarchyIncomingCall>> {
    convert::incoming_calls(&mut Converter::new(snapshot), &params.item)
}

/// Who receives from a channel, or what a service sends to.
pub(crate) fn outgoing(
    snapshot: &Snapshot,
    params: &CallHierarchyOutgoingCallsParams,
) -> Option<Vec<CallHierarchyOutgoingCall>> {
    convert::outgoing_calls(&mut Converter::new(snapshot), &params.item)
}
