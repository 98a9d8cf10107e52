//! Adding the headers of the envelope to a message: the attributes that every message carries by the profile (X1,
//!

use archwright_asyncapi::specification::object_at;
use archwright_model::conventions::envelope::{Attribute, Envelope, Need};
use archwright_syntax::{
    TextEdit,
    data::follow,
    data::{
        Kind as NodeKind, Node,
        write::{Pair, Value, add, append},
    },
};

use super::document::{Document, ancestors};
use crate::{ActionKind, Refactoring};

/// The envelope that is added where the configuration chooses none.
const DEFAULT: &str = "cloudevents";

/// One offer for what is required and one for all attributes.
pub(super) fn offers(document: &Document<'_>) -> Vec<Refactoring> {
    let config = document.workspace.config();
    let Some(envelope) = config.profile().envelopes.get(config.envelope().unwrap_or(DEFAULT)) else {
        return Vec::new();
    };
    let Some((message, headers)) = headers(document) else { return Vec::new() };
    let prefix = headers.map_or("", |it| prefix_of(it, envelope));
    let is_there = |it: &Attribute| {
        headers.and_then(|it| it.get("properties")).is_some_and(|there| is_named(there, &it.name, envelope))
    };
    let missing: Vec<&Attribute> = envelope.attributes.iter().filter(|it| it.is_header() && !is_there(it)).collect();
    let required: Vec<&Attribute> = missing.iter().filter(|it| is_required(it)).copied().collect();
    let mut offers = Vec::new();
    let mut offer = |what: &str, attributes: &[&Attribute]| {
        let edits = edits(document, message, headers, attributes, prefix);
        if let Some(edit) = edits.and_then(|it| document.finish(it, Vec::new())) {
            offers.push(Document::offer(
                format!("Add {what} of {} to the headers", envelope.title),
                ActionKind::Rewrite,
                edit,
            ));
        }
    };
    if !required.is_empty() {
        offer("the missing required attributes", &required);
    }
    if missing.len() > required.len() {
        offer("all missing attributes", &missing);
    }
    offers
}

/// The message around the cursor and the schema of its headers, over local references; `None` where that is written in
/// another place or in a format of its own.
fn headers<'t>(document: &'t Document<'_>) -> Option<(Node<'t>, Option<Node<'t>>)> {
    let root = document.root()?;
    let is_message = |it: &Node<'_>| {
        let object = object_at(root, &it.path());
        it.kind() == NodeKind::Mapping
            && object.is_some_and(|it| matches!(it.name, "message" | "plainMessage" | "messageTrait"))
    };
    let message = ancestors(document.selected()?).find(is_message)?;
    if message.get("$ref").is_some() {
        return None;
    }
    let Some(headers) = message.get("headers").filter(|it| !it.is_null()) else { return Some((message, None)) };
    let headers =
        follow(root, headers).filter(|it| it.kind() == NodeKind::Mapping && it.get("schemaFormat").is_none())?;
    Some((message, Some(headers)))
}

fn is_required(attribute: &Attribute) -> bool {
    attribute.need > Need::Optional
}

fn is_named(properties: Node<'_>, name: &str, envelope: &Envelope) -> bool {
    properties.entries().any(|it| envelope.bare(it.key).eq_ignore_ascii_case(name))
}

/// The prefix that the headers have which are there.
fn prefix_of<'e>(headers: Node<'_>, envelope: &'e Envelope) -> &'e str {
    let keys = || headers.get("properties").into_iter().flat_map(Node::entries).map(|it| it.key);
    envelope.prefixes.iter().find(|prefix| keys().any(|it| it.starts_with(prefix.as_str()))).map_or("", String::as_str)
}

fn edits(
    document: &Document<'_>,
    message: Node<'_>,
    headers: Option<Node<'_>>,
    attributes: &[&Attribute],
    prefix: &str,
) -> Option<Vec<TextEdit>> {
    let printer = document.printer();
    let properties: Vec<Pair<'_>> =
        attributes.iter().map(|it| Pair::new(format!("{prefix}{}", it.name), schema(it))).collect();
    let required: Vec<Value<'_>> = attributes
        .iter()
        .filter(|it| it.need > Need::Optional)
        .map(|it| Value::text(format!("{prefix}{}", it.name)))
        .collect();
    // Examples that have headers would lack what is required.
    let has_examples = message.get("examples").into_iter().flat_map(Node::items).any(|it| it.get("headers").is_some());
    let required = if has_examples { Vec::new() } else { required };
    let Some(headers) = headers.filter(|it| !it.is_empty()) else {
        let mut pairs = vec![Pair::new("type", Value::text("object"))];
        if !required.is_empty() {
            pairs.push(Pair::new("required", Value::List(required)));
        }
        pairs.push(Pair::new("properties", Value::Map(properties)));
        return match headers.or_else(|| message.get("headers")) {
            Some(empty) => {
                archwright_syntax::data::write::replace(&printer, empty, &Value::Map(pairs)).map(|it| vec![it])
            }
            None => add(
                &printer,
                message,
                &[(Pair::new("headers", Value::Map(pairs)), document.before(message, "headers"))],
            ),
        };
    };
    let mut additions = Vec::new();
    let mut edits = Vec::new();
    match headers.get("required").filter(|it| it.kind() == NodeKind::Sequence) {
        _ if required.is_empty() => {}
        Some(there) => {
            let is_there =
                |it: &Value<'_>| matches!(it, Value::Text(it) if there.items().any(|there| there.as_str() == Some(it)));
            let new: Vec<_> = required.into_iter().filter(|it| !is_there(it)).collect();
            if !new.is_empty() {
                edits.extend(append(&printer, there, &new)?);
            }
        }
        None => additions
            .push((Pair::new("required", Value::List(required)), headers.get("properties").map(|_| "properties"))),
    }
    match headers.get("properties") {
        Some(there) => {
            let properties: Vec<_> = properties.into_iter().map(|it| (it, None)).collect();
            edits.extend(add(&printer, there, &properties)?);
        }
        None => additions.push((Pair::new("properties", Value::Map(properties)), None)),
    }
    if !additions.is_empty() {
        edits.extend(add(&printer, headers, &additions)?);
    }
    Some(edits)
}

/// The schema of an attribute.
fn schema(attribute: &Attribute) -> Value<'static> {
    let mut pairs = vec![Pair::new("type", Value::text(attribute.r#type.clone()))];
    pairs.extend(attribute.format.clone().map(|it| Pair::new("format", Value::text(it))));
    pairs.extend(attribute.r#const.clone().map(|it| Pair::new("const", Value::text(it))));
    if !attribute.description.is_empty() {
        pairs.push(Pair::new("description", Value::text(attribute.description.clone())));
    }
    Value::Map(pairs)
}
