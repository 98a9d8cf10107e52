//! Writing the contract and the payload's schema of a channel.

use archwright_model::WorkspaceEdit;
use archwright_operations::{self as operations, ChannelPlace};
use archwright_syntax::data::PathSegment;

use super::document::Document;
use crate::{ActionKind, Refactoring};

pub(super) const ID: &str = "asyncapi.contract";

/// Offered on a channel of a feature that has no contract. The edit comes when it is asked for.
pub(super) fn offers(document: &Document<'_>) -> Option<Refactoring> {
    let request = request(document)?;
    operations::can_contract(document.workspace, &request).then(|| {
        let title = format!("Write the contract of `{}`", request.channel);
        Refactoring { title, kind: ActionKind::Source, id: ID, edit: None, rule: None }
    })
}

pub(super) fn edit(document: &Document<'_>) -> Option<WorkspaceEdit> {
    operations::contract(document.workspace, &request(document)?).ok()
}

/// The channel around the selection.
fn request(document: &Document<'_>) -> Option<ChannelPlace> {
    match document.selected()?.path().as_slice() {
        [PathSegment::Key("channels"), PathSegment::Key(channel), ..] => {
            Some(ChannelPlace { document: document.path.clone(), channel: (*channel).to_owned() })
        }
        _ => None,
    }
}
