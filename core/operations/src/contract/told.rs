//! What there is to know of a contract that is planned: what is new by it, and what of the given has no place.

use archwright_engine::Workspace;
use archwright_model::{Kind, RelPath, facts::FileFacts};
use archwright_rules::authoring::compose::one_line;
use archwright_schema::Language;

use super::{
    super::{PlanNote, channels, listing},
    ChannelPlace, ContractRequest, SchemaFormat,
    channel::file_stem,
    payload::{self, Subject},
};

/// So many features are named.
const MOST: usize = 5;

/// That a feature is told of for the first time, which a slip of its name would be as well.
pub(super) fn new_feature(workspace: &Workspace, feature: &str, document: &RelPath) -> Option<PlanNote> {
    let known: Vec<String> = listing::features(workspace).into_iter().map(|it| format!("`{}`", it.value)).collect();
    if known.is_empty() || known.contains(&format!("`{feature}`")) {
        return None;
    }
    let more = known.len().saturating_sub(MOST);
    let named = known.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let message = format!(
        "The feature `{feature}` is new; there are {named}{more}. It gets a README, and no row in a catalog: `design` \
         writes that."
    );
    Some(PlanNote::new(document.as_str(), "", 0, message))
}

/// What was given for a new document although there is one.
pub(super) fn unplaced(workspace: &Workspace, request: &ContractRequest, place: &ChannelPlace) -> Vec<PlanNote> {
    let facts = workspace.file(&place.document).and_then(|it| workspace.facts(it));
    let text = facts.map_or("", |it| &it.text);
    let mut lost = Vec::new();
    let described: Vec<&str> = facts
        .and_then(FileFacts::asyncapi)
        .into_iter()
        .flat_map(|it| &it.terms.channels)
        .filter(|it| it.key.text == place.channel)
        .flat_map(|it| channels::mentions(workspace, it.address.as_ref().unwrap_or(&it.key).text.as_str()))
        .flat_map(|it| it.1.messages.iter().map(|it| it.text.as_str()).collect::<Vec<_>>())
        .collect();
    if let Some(message) = request.message.as_ref().filter(|it| !described.contains(&it.as_str())) {
        lost.push(format!("the message {message}"));
    }
    let schemas = schema_text(workspace, request);
    let unsaid: Vec<&str> = request
        .fields
        .iter()
        .map(|it| it.name.as_str())
        .filter(|it| !text.contains(it) && !schemas.contains(it))
        .collect();
    if !unsaid.is_empty() {
        lost.push(format!("the fields {}", unsaid.join(", ")));
    }
    let mut notes = Vec::new();
    if !lost.is_empty() {
        let message =
            format!("Not placed: {}. This document describes the channel already; change it.", lost.join(" and "));
        notes.push(PlanNote::new(place.document.as_str(), text, 0, message));
    }
    let own = facts.and_then(|it| it.captures.feature.as_ref());
    if let Some((given, own)) = request.feature.as_ref().zip(own).filter(|it| one_line(it.0) != **it.1) {
        let message = format!("Not placed: the feature {given}. This document belongs to {own}.");
        notes.push(PlanNote::new(place.document.as_str(), text, 0, message));
    }
    notes.extend(other_types(workspace, request));
    notes
}

/// Fields that the schema of the channel has with another type than was given.
fn other_types(workspace: &Workspace, request: &ContractRequest) -> Vec<PlanNote> {
    let stem = file_stem(&one_line(&request.channel));
    let Ok(given) = payload::fields(&request.fields) else { return Vec::new() };
    let schemas = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Schema);
    let of_one = |facts: &FileFacts| {
        let shape = &facts.schema()?.shape;
        let format = match shape.language {
            Language::JsonSchema => SchemaFormat::JsonSchema,
            Language::Avro => SchemaFormat::Avro,
            Language::Protobuf => SchemaFormat::Protobuf,
        };
        let subject = Subject { message: "Given", summary: None, id: None, dialect: None, namespace: None };
        let text = payload::schema(format, &subject, &given)?;
        let wanted = archwright_schema::shape(&text, shape.language);
        let note = |wanted: &archwright_schema::Field| {
            let there = shape.fields.iter().find(|it| it.path == wanted.path && it.ty != wanted.ty)?;
            let message = format!(
                "Kept “{}” as the type of {}; given was “{}”. Change the schema where that is meant.",
                there.ty, there.path, wanted.ty
            );
            Some(PlanNote::new(facts.path.as_str(), &facts.text, there.name.span.start as usize, message))
        };
        Some(wanted.fields.iter().filter_map(note).collect::<Vec<_>>())
    };
    schemas.filter(|it| it.path.stem() == stem).filter_map(of_one).flatten().collect()
}

/// What schemas say that are named after the channel.
fn schema_text(workspace: &Workspace, request: &ContractRequest) -> String {
    let stem = file_stem(&one_line(request.channel.trim().trim_matches('`')));
    let own = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Schema);
    own.filter(|it| it.path.stem() == stem).map(|it| it.text.to_string()).collect()
}
