//! What was found in all code becomes answers.

use archwright_analysis::{
    FileId,
    features::{self, Call, CallItem, CallKind, Target},
};
use archwright_syntax::Span;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, GotoDefinitionResponse, LocationLink,
    Position, Range, SymbolKind,
};

use super::{Converter, View};

/// What an item carries, by which its calls are found.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Called {
    Channel(String),
    Service(String),
}

impl Called {
    fn parts(&self) -> (CallKind, &str) {
        match self {
            Self::Channel(name) => (CallKind::Channel, name),
            Self::Service(name) => (CallKind::Service, name),
        }
    }
}

/// Where the channel at a place is described, or else the code that has it.
pub(crate) fn code_definition(
    it: &mut Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
) -> Option<GotoDefinitionResponse> {
    let found = features::code_definition(it.snapshot.workspace(), it.snapshot.code()?, file, view.offset(position));
    targets(it, view, found)
}

/// The code that sends to the channel at a place or receives from it.
pub(crate) fn implementation(
    it: &mut Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
) -> Option<GotoDefinitionResponse> {
    let found = features::implementations(it.snapshot.workspace(), it.snapshot.code()?, file, view.offset(position));
    targets(it, view, found)
}

fn targets(it: &mut Converter<'_>, view: &View, found: Vec<Target>) -> Option<GotoDefinitionResponse> {
    if found.is_empty() {
        return None;
    }
    let with_links = it.snapshot.session().definition_links;
    let locations: Vec<_> =
        found.into_iter().filter_map(|target| Some((target.origin, it.location(target.file, target.span)?))).collect();
    if !with_links {
        return Some(GotoDefinitionResponse::Array(locations.into_iter().map(|it| it.1).collect()));
    }
    let link = |(origin, location): (Span, tower_lsp::ls_types::Location)| LocationLink {
        origin_selection_range: Some(view.range(origin)),
        target_uri: location.uri,
        target_range: location.range,
        target_selection_range: location.range,
    };
    Some(GotoDefinitionResponse::Link(locations.into_iter().map(link).collect()))
}

/// The channel at a place.
pub(crate) fn prepare_calls(
    it: &mut Converter<'_>,
    file: FileId,
    view: &View,
    position: Position,
) -> Vec<CallHierarchyItem> {
    let Some(code) = it.snapshot.code() else { return Vec::new() };
    let items = features::call_items(it.snapshot.workspace(), code, file, view.offset(position));
    items.iter().filter_map(|found| item(it, found)).collect()
}

/// Who calls an item. The ranges are in the caller's file.
pub(crate) fn incoming_calls(it: &mut Converter<'_>, of: &CallHierarchyItem) -> Option<Vec<CallHierarchyIncomingCall>> {
    let called: Called = serde_json::from_value(of.data.clone()?).ok()?;
    let (kind, name) = called.parts();
    let found = features::incoming_calls(it.snapshot.workspace(), it.snapshot.code()?, kind, name);
    let call = |Call { item: from, spans }: Call| {
        let from_ranges = ranges(it, from.file, &spans);
        Some(CallHierarchyIncomingCall { from: item(it, &from)?, from_ranges })
    };
    Some(found.into_iter().filter_map(call).collect())
}

/// What an item calls. The ranges are in its own file.
pub(crate) fn outgoing_calls(it: &mut Converter<'_>, of: &CallHierarchyItem) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let called: Called = serde_json::from_value(of.data.clone()?).ok()?;
    let (kind, name) = called.parts();
    let (file, view) = it.locate(&of.uri)?;
    let place = (file, view.span(of.selection_range));
    let found = features::outgoing_calls(it.snapshot.workspace(), it.snapshot.code()?, kind, name, place);
    let call = |Call { item: to, spans }: Call| {
        Some(CallHierarchyOutgoingCall { to: item(it, &to)?, from_ranges: ranges(it, file, &spans) })
    };
    Some(found.into_iter().filter_map(call).collect())
}

fn ranges(it: &mut Converter<'_>, file: FileId, spans: &[Span]) -> Vec<Range> {
    spans.iter().map(|span| it.range(file, *span)).collect()
}

fn item(it: &mut Converter<'_>, found: &CallItem) -> Option<CallHierarchyItem> {
    let name = found.name.to_string();
    let (kind, data) = match found.kind {
        CallKind::Channel => (SymbolKind::EVENT, Called::Channel(name.clone())),
        CallKind::Service => (SymbolKind::MODULE, Called::Service(name.clone())),
    };
    let location = it.location(found.file, found.span)?;
    Some(CallHierarchyItem {
        name,
        kind,
        tags: None,
        detail: Some(it.snapshot.workspace().path(found.file).to_string()),
        uri: location.uri,
        range: location.range,
        selection_range: location.range,
        data: serde_json::to_value(data).ok(),
    })
}
