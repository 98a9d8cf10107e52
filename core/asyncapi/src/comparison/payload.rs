//! Payloads and headers: compared as the schemas they are, with the registries' rules.

use archwright_syntax::pointer;
use std::borrow::Cow;
use std::collections::BTreeSet;

use archwright_schema::{
    Language,
    compatibility::{self, Change, Place},
};
use archwright_syntax::{Span, data::Node};
use serde_json::{Map, Value};

use super::{BACKWARD, BOTH, Class, Comparison, Difference, DocumentChange, FORWARD, model::Document, named_span};
use crate::references::ReferenceKind;

/// Nodes of one schema that are compared; larger ones are generated data.
const MAX_NODES: usize = 100_000;

/// A schema in a document.
#[derive(Clone, Copy)]
struct Embedded<'t> {
    root: Node<'t>,
    node: Node<'t>,
}

pub(super) fn headers<'t>(
    into: &mut Comparison,
    old: &Document<'t>,
    new: &Document<'t>,
    headers: (Option<Node<'t>>, Option<Node<'t>>),
) {
    if let (Some(was), Some(is)) = headers {
        let (was, is) = (schema_of(was).0, schema_of(is).0);
        schemas(
            into,
            Embedded { root: old.root, node: was },
            Embedded { root: new.root, node: is },
            Language::JsonSchema,
        );
    }
}

pub(super) fn payload<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>, was: Node<'t>, is: Node<'t>) {
    let of = |document: &Document<'t>, message| {
        let (schema, format) = schema_of(document.field(message, "payload")?);
        Some((schema, format.or_else(|| document.field(message, "schemaFormat"))))
    };
    match (of(old, was), of(new, is)) {
        (Some((one, one_format)), Some((other, other_format))) => {
            let (before, after) = (language(one_format), language(other_format));
            match (before, after) {
                (Some(before), Some(after)) if before == after => {
                    schemas(
                        into,
                        Embedded { root: old.root, node: one },
                        Embedded { root: new.root, node: other },
                        after,
                    );
                }
                (Some(_), Some(_)) => {
                    let message = "The payload is described in another schema language: receivers decode the old one.";
                    into.breaking(
                        BOTH,
                        Difference::changed("SCHEMA_FORMAT_CHANGED", one, other, message),
                        "Send it on a new channel.",
                    );
                }
                _ if one.to_json(MAX_NODES) != other.to_json(MAX_NODES) => {
                    let message = "The payload changed, in a schema language that is not compared.";
                    into.unclassified(Difference::changed("PAYLOAD_CHANGED", one, other, message));
                }
                _ => {}
            }
        }
        (Some((one, _)), None) => {
            let message = "The payload is not described any more: receivers must expect anything.";
            into.breaking(FORWARD, Difference::removed("PAYLOAD_REMOVED", one, message), "Keep the schema.");
        }
        (None, Some((other, _))) => {
            let message = "The payload is described now: what was sent before may not fit.";
            into.breaking(BACKWARD, Difference::added("PAYLOAD_ADDED", other, message), "");
        }
        (None, None) => {}
    }
}

/// A multi-format schema keeps the schema one level down (3.x).
fn schema_of(node: Node<'_>) -> (Node<'_>, Option<Node<'_>>) {
    let format = node.get("schemaFormat");
    (node.get("schema").filter(|_| format.is_some()).unwrap_or(node), format)
}

/// The language of a `schemaFormat`; the AsyncAPI Schema Object, which is JSON Schema, when none is given.
fn language(format: Option<Node<'_>>) -> Option<Language> {
    let Some(format) = format.and_then(Node::as_str) else { return Some(Language::JsonSchema) };
    let is = |word| format.contains(word);
    match () {
        () if is("avro") => Some(Language::Avro),
        () if is("protobuf") => Some(Language::Protobuf),
        () if is("aai.asyncapi") || is("schema+json") || is("schema+yaml") || is("oai.openapi") => {
            Some(Language::JsonSchema)
        }
        () => None,
    }
}

fn schemas(into: &mut Comparison, old: Embedded<'_>, new: Embedded<'_>, language: Language) {
    if let (Some(was), Some(is)) = (elsewhere(old.node), elsewhere(new.node)) {
        if was != is {
            let message = format!("The schema was `{was}` and is `{is}`; compare the two files.");
            into.unclassified(Difference::changed("SCHEMA_REFERENCE_CHANGED", old.node, new.node, message));
        }
        return;
    }
    let (Some(one), Some(other)) = (old.text(language), new.text(language)) else { return };
    if one == other {
        return;
    }
    match compatibility::compare(&[&one], &other, language, into.mode, into.profile) {
        Ok(changes) => {
            for change in changes {
                take(into, old, new, change);
            }
        }
        Err(error) => {
            let message = format!("The schema changed and cannot be compared: {error}.");
            into.unclassified(Difference::changed("SCHEMA_NOT_COMPARED", old.node, new.node, message));
        }
    }
}

/// Another file that a schema is.
fn elsewhere(node: Node<'_>) -> Option<&str> {
    node.get("$ref").and_then(Node::as_str).filter(|it| ReferenceKind::of(it) != ReferenceKind::Local)
}

/// Puts a change of a schema where it stands in the document.
fn take(into: &mut Comparison, old: Embedded<'_>, new: Embedded<'_>, change: Change) {
    let class = if change.breaks.is_empty() { Class::NonBreaking } else { Class::Breaking };
    let versions = into.versions;
    let place = |side: Embedded<'_>, version| Place { version, span: side.span(&change.path) };
    let (old_place, new_place) =
        (change.old.map(|_| place(old, versions.0)), change.new.map(|_| place(new, versions.1)));
    let path = format!("{}{}", new.node.pointer(), change.path);
    let change = Change { path, old: old_place, new: new_place, ..change };
    into.found.push(DocumentChange { class, change });
}

impl Embedded<'_> {
    /// The schema as a text of its own.
    fn text(self, language: Language) -> Option<String> {
        match (language, self.node.as_str()) {
            (Language::Protobuf, text) => text.map(str::to_owned),
            (Language::JsonSchema, _) => Some(self.standalone()?.to_string()),
            (Language::Avro, Some(text)) => Some(text.to_owned()),
            (Language::Avro, None) => Some(self.node.to_json(MAX_NODES)?.to_string()),
        }
    }

    /// The schema with everything it refers to in the document, at the same pointers, so that its references hold.
    fn standalone(self) -> Option<Value> {
        let mut whole = match self.node.to_json(MAX_NODES)? {
            Value::Object(it) => it,
            other => return Some(other),
        };
        let (mut seen, mut open) = (BTreeSet::new(), references(self.node));
        while let Some(reference) = open.pop() {
            let Some(pointer) = reference.strip_prefix('#').filter(|it| it.starts_with('/')) else { continue };
            let Some(pointer) = pointer::of_fragment(pointer) else { continue };
            if seen.len() >= MAX_NODES || !seen.insert(pointer.to_string()) {
                continue;
            }
            let Some(node) = self.root.resolve(&pointer) else { continue };
            open.extend(references(node));
            insert(&mut whole, &pointer, node.to_json(MAX_NODES)?);
        }
        Some(Value::Object(whole))
    }

    /// Where a pointer of the comparison stands; it may lead through references. What is not there stands where it
    /// would be.
    fn span(self, pointer: &str) -> Span {
        let behind = |node| archwright_syntax::data::follow(self.root, node).unwrap_or(node);
        let mut node = self.node;
        for token in pointer.split('/').skip(1) {
            match behind(node)
                .resolve(&format!("/{token}"))
                .or_else(|| self.root.resolve(&format!("/{token}")).filter(|_| node == self.node))
            {
                Some(next) => node = next,
                None => break,
            }
        }
        named_span(node)
    }
}

/// The values of every `$ref` in a node.
fn references(node: Node<'_>) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if node.is_alias() {
            continue;
        }
        found.extend(node.get("$ref").and_then(Node::as_str));
        open.extend(node.items());
        open.extend(node.written_entries().map(|it| it.value));
    }
    found
}

/// Puts a value at a pointer, unless something is there.
fn insert(whole: &mut Map<String, Value>, pointer: &str, value: Value) {
    let mut tokens: Vec<String> = pointer::keys(pointer).map(Cow::into_owned).collect();
    let Some(last) = tokens.pop() else { return };
    let mut at = whole;
    for token in tokens {
        match at.entry(token).or_insert_with(|| Value::Object(Map::new())) {
            Value::Object(next) => at = next,
            _ => return,
        }
    }
    at.entry(last).or_insert(value);
}
