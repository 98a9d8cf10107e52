//! Payloads and headers: compared as the schemas they are, with the registries' rules.

use archwright_syntax::pointer;
use std::{borrow::Cow, collections::BTreeSet};

use archwright_schema::{
    Language,
    compatibility::{self, Change, InvalidSchema, Place},
};
use archwright_syntax::{Span, data::Node};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::{BACKWARD, BOTH, Class, Comparison, Difference, FORWARD, Spot, model::Document, named_spot, value_spot};
use crate::{
    files::{Files, is_of},
    references::ReferenceKind,
};

/// Nodes of one schema that are compared; larger ones are generated data.
const MAX_NODES: usize = 100_000;

/// Where the schemas of other files are put, beside the schema that refers to them.
const FILES: &str = "x-files";

/// A schema in a document.
#[derive(Clone, Copy)]
struct Embedded<'d, 't> {
    document: &'d Document<'t>,
    node: Node<'t>,
}

/// Files that are schemas.
pub(super) fn whole(
    into: &mut Comparison,
    old: &Document<'_>,
    new: &Document<'_>,
    language: Language,
) -> Result<(), InvalidSchema> {
    let (was, is) = (Embedded { document: old, node: old.root }, Embedded { document: new, node: new.root });
    compare(into, was, is, language)
}

pub(super) fn headers<'t>(
    into: &mut Comparison,
    old: &Document<'t>,
    new: &Document<'t>,
    headers: (Option<Node<'t>>, Option<Node<'t>>),
) {
    if let (Some(was), Some(is)) = headers {
        let (was, is) = (schema_of(was).0, schema_of(is).0);
        let (was, is) = (Embedded { document: old, node: was }, Embedded { document: new, node: is });
        schemas(into, was, is, Language::JsonSchema);
    }
}

pub(super) fn payload<'t>(into: &mut Comparison, old: &Document<'t>, new: &Document<'t>, was: Node<'t>, is: Node<'t>) {
    let of = |document: &Document<'t>, message| {
        let written = document.field(message, "payload")?;
        // Where a reference leads to a schema with a format, that is what it means.
        let behind = Some(document.body(written)).filter(|it| it.get("schemaFormat").is_some());
        let (schema, format) = schema_of(behind.unwrap_or(written));
        let format = format.or_else(|| document.field(message, "schemaFormat"));
        Some((schema, format, format.is_none() && document.unread(schema).is_some()))
    };
    match (of(old, was), of(new, is)) {
        (Some((one, one_format, one_unread)), Some((other, other_format, other_unread))) => {
            let (before, after) = (language(one_format), language(other_format));
            match (before, after) {
                _ if (one_unread || other_unread) && before != after => {
                    into.is_unread("payload", (old, one), (new, other));
                }
                (Some(before), Some(after)) if before == after => {
                    let (one, other) = (Embedded { document: old, node: one }, Embedded { document: new, node: other });
                    schemas(into, one, other, after);
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
        (Some((one, ..)), None) => {
            let message = "The payload is not described any more: receivers must expect anything.";
            into.breaking(FORWARD, Difference::removed("PAYLOAD_REMOVED", one, message), "Keep the schema.");
        }
        (None, Some((other, ..))) => {
            let message = "The payload is described now: what was sent before may not fit.";
            into.breaking(BACKWARD, Difference::added("PAYLOAD_ADDED", other, message), "");
        }
        (None, None) => {}
    }
}

/// The schema of a payload as it is written, without what names its format.
pub(super) fn written<'t>(document: &Document<'t>, message: Node<'t>) -> Option<Value> {
    schema_of(document.field(message, "payload")?).0.to_json(MAX_NODES)
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

fn schemas<'t>(into: &mut Comparison, old: Embedded<'_, 't>, new: Embedded<'_, 't>, language: Language) {
    let (old, new) = (old.opened(language), new.opened(language));
    if old.elsewhere(language).is_some() || new.elsewhere(language).is_some() {
        into.is_unread("schema", (old.document, old.node), (new.document, new.node));
        return;
    }
    if let Err(error) = compare(into, old, new, language) {
        let message = format!("The schema changed and cannot be compared: {error}.");
        into.unclassified(Difference::changed("SCHEMA_NOT_COMPARED", old.node, new.node, message));
    }
}

fn compare(
    into: &mut Comparison,
    old: Embedded<'_, '_>,
    new: Embedded<'_, '_>,
    language: Language,
) -> Result<(), InvalidSchema> {
    let (Some(one), Some(other)) = (old.read(language), new.read(language)) else {
        let message = format!(
            "The schema has more than {MAX_NODES} parts, which are not compared: compare it as a file of its own."
        );
        into.unclassified(Difference::changed("SCHEMA_NOT_COMPARED", old.node, new.node, message));
        return Ok(());
    };
    if one.text == other.text {
        return Ok(());
    }
    let changes = compatibility::compare(&[&one.text], &other.text, language, into.mode, into.profile);
    let versions = into.versions;
    let changes = changes.map_err(|error| {
        // The text is none that anybody wrote, so its places are none.
        let version = if error.place.version == 0 { versions.0 } else { versions.1 };
        InvalidSchema { place: Place { version, span: Span::new(0, 0) }, ..error }
    })?;
    for change in changes {
        take(into, &one, &other, change);
    }
    Ok(())
}

/// Puts a change of a schema where it stands in the documents.
fn take(into: &mut Comparison, old: &Standalone<'_, '_>, new: &Standalone<'_, '_>, change: Change) {
    let class = Class::of(&change);
    // A file that is no tree is told where it stands, as it is when it is compared by itself.
    if let (Some(old_file), Some(new_file)) = (old.schema.protobuf_file(), new.schema.protobuf_file()) {
        let spot = |place: Place, of: &Standalone<'_, '_>| Spot { span: place.span, tree: of.schema.node.tree() };
        let difference = Difference {
            kind: change.kind,
            old: change.old.map(|it| spot(it, old)),
            new: change.new.map(|it| spot(it, new)),
            path: change.path,
            message: change.message,
            is_open: change.is_open,
            texts: (change.old.map(|_| old_file), change.new.map(|_| new_file)),
        };
        into.push(class, change.breaks, difference, change.advice);
        return;
    }
    let (was, is) = (old.locate(&change.path), new.locate(&change.path));
    let path = if change.new.is_some() || change.old.is_none() { is.path } else { was.path };
    let (was, is) = (change.old.map(|_| was.spot), change.new.map(|_| is.spot));
    let difference = Difference {
        kind: change.kind,
        old: was,
        new: is,
        path,
        message: change.message,
        is_open: change.is_open,
        texts: (None, None),
    };
    into.push(class, change.breaks, difference, change.advice);
}

impl<'d, 't> Embedded<'d, 't> {
    /// The schema in the file that this one is a reference to. References within the document are followed where the
    /// schema is compared, unless its language has none.
    fn opened(self, language: Language) -> Self {
        let is_followed = language == Language::Avro || reference_elsewhere(self.node).is_some();
        match self.document.files.follow(self.node).filter(|_| is_followed) {
            Some(node) => Self { node, ..self },
            None => self,
        }
    }

    /// The file that the schema is, when nobody knows what it says.
    fn elsewhere(self, language: Language) -> Option<&'t str> {
        reference_elsewhere(self.node).filter(|_| language != Language::Protobuf || self.protobuf().is_none())
    }

    /// The schema as a text of its own.
    fn read(self, language: Language) -> Option<Standalone<'d, 't>> {
        let of = |text| Standalone { schema: self, text, roots: Vec::new() };
        match (language, self.node.as_str()) {
            (Language::Protobuf, _) => Some(of(self.protobuf()?.to_owned())),
            (Language::JsonSchema, _) => self.standalone(),
            (Language::Avro, Some(text)) => Some(of(text.to_owned())),
            (Language::Avro, None) => Some(of(self.node.to_json(MAX_NODES)?.to_string())),
        }
    }

    /// A Protobuf file in the document, or beside it.
    fn protobuf(self) -> Option<&'t str> {
        let file = || self.document.files.text(self.node, reference_elsewhere(self.node)?);
        self.node.as_str().or_else(file)
    }

    /// The way to the Protobuf file that the schema is.
    fn protobuf_file(self) -> Option<String> {
        let reference = reference_elsewhere(self.node)?;
        let file = reference.split('#').next()?;
        self.document.files.text(self.node, reference).map(|_| self.document.files.way_to(self.node, file))
    }

    /// The schema with everything it refers to in the document, at the same pointers, so that its references hold. What
    /// it refers to in other files stands at the end.
    fn standalone(self) -> Option<Standalone<'d, 't>> {
        let home = self.node.tree().root()?;
        let mut bundle = Bundle { files: &self.document.files, home, roots: Vec::new() };
        let mut whole = match bundle.value(self.node)? {
            Value::Object(it) => it,
            other => return Some(Standalone { schema: self, text: other.to_string(), roots: Vec::new() }),
        };
        let (mut seen, mut open) = (BTreeSet::new(), references(self.node));
        while let Some(value) = open.pop() {
            let Some(address) = bundle.address(value) else { continue };
            let Some(pointer) = address.strip_prefix('#').filter(|it| it.starts_with('/')) else { continue };
            let Some(pointer) = pointer::of_fragment(pointer) else { continue };
            if seen.len() >= MAX_NODES || !seen.insert(pointer.to_string()) {
                continue;
            }
            let Some(node) = bundle.node(&pointer) else { continue };
            open.extend(references(node));
            insert(&mut whole, &pointer, bundle.value(node)?);
        }
        let mut whole = Value::Object(whole);
        if !bundle.roots.is_empty() {
            // References lead where the files lie now, not where these say that they lie.
            strip_ids(&mut whole);
        }
        Some(Standalone { schema: self, text: whole.to_string(), roots: bundle.roots })
    }
}

/// A schema as a text of its own.
struct Standalone<'d, 't> {
    schema: Embedded<'d, 't>,
    text: String,
    /// The files that parts of it come from, in the order of their numbers.
    roots: Vec<Node<'t>>,
}

/// What a pointer into a text of its own means.
struct Located {
    spot: Spot,
    path: String,
}

impl<'t> Standalone<'_, 't> {
    /// Where a pointer of the comparison stands; it may lead through references. What is not there stands where it
    /// would be.
    fn locate(&self, pointer: &str) -> Located {
        let files = &self.schema.document.files;
        let behind = |node: Node<'t>| files.follow(node).unwrap_or(node);
        let (start, pointer) = self.in_file(pointer).unwrap_or((self.schema.node, pointer));
        let home = start.tree().root();
        let (mut node, mut rest) = (start, pointer);
        while let Some(after) = rest.strip_prefix('/') {
            let step = rest.get(..=after.find('/').unwrap_or(after.len())).unwrap_or(rest);
            let from_root = || home.and_then(|it| it.resolve(step)).filter(|_| node == start);
            let Some(next) = behind(node).resolve(step).or_else(from_root) else { break };
            node = next;
            rest = rest.get(step.len()..).unwrap_or_default();
        }
        // What is in a file of its own is told there.
        let target = behind(node);
        if !is_of(node, target) {
            node = target;
        }
        let is_near = is_of(self.schema.node, node);
        // The names of Protobuf are no pointers.
        let slash = if pointer.is_empty() || pointer.starts_with('/') { "" } else { "/" };
        let path =
            if is_near { format!("{}{slash}{pointer}", start.pointer()) } else { format!("{}{rest}", node.pointer()) };
        // Of a whole file, the word that says what it is: all of it would hide the rest.
        let word = node.get("type").filter(|it| node.as_entry().is_none() && it.as_str().is_some());
        Located { spot: word.map_or_else(|| named_spot(node), value_spot), path }
    }

    /// The file that a pointer leads into, and the rest of the pointer.
    fn in_file<'p>(&self, pointer: &'p str) -> Option<(Node<'t>, &'p str)> {
        let rest = pointer.strip_prefix('/')?.strip_prefix(FILES)?.strip_prefix('/')?;
        let end = rest.find('/').unwrap_or(rest.len());
        let root = self.roots.get(rest.get(..end)?.parse::<usize>().ok()?)?;
        Some((*root, rest.get(end..)?))
    }
}

/// The files that a schema is put together from.
struct Bundle<'d, 't> {
    files: &'d Files<'t>,
    /// The root of the file that the schema stands in.
    home: Node<'t>,
    /// The roots of the others.
    roots: Vec<Node<'t>>,
}

impl<'t> Bundle<'_, 't> {
    /// Where the value of a `$ref` leads in the text that is put together; `None` where nobody knows.
    fn address(&mut self, value: Node<'t>) -> Option<String> {
        let reference = value.as_str()?;
        let identified = self.files.by_identifier(value, reference).map(|it| (it.tree().root(), it.pointer()));
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let root = match (&identified, ReferenceKind::of(reference)) {
            (Some((root, _)), _) => (*root)?,
            (None, ReferenceKind::Local) => value.tree().root()?,
            (None, ReferenceKind::File) => self.files.file(value, file)?,
            (None, ReferenceKind::Remote) => return None,
        };
        let fragment = identified.as_ref().map_or(fragment, |it| &it.1);
        if is_of(self.home, root) {
            return Some(format!("#{fragment}"));
        }
        let fragment = if fragment == "/" { "" } else { fragment };
        // Names of places are looked up in the whole file only.
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return None;
        }
        let number = self.roots.iter().position(|it| is_of(*it, root)).unwrap_or_else(|| {
            self.roots.push(root);
            self.roots.len() - 1
        });
        Some(format!("#/{FILES}/{number}{fragment}"))
    }

    /// What stands at a pointer of the text that is put together.
    fn node(&self, pointer: &str) -> Option<Node<'t>> {
        let Some(rest) = pointer.strip_prefix('/').and_then(|it| it.strip_prefix(FILES)?.strip_prefix('/')) else {
            return self.home.resolve(pointer);
        };
        let end = rest.find('/').unwrap_or(rest.len());
        self.roots.get(rest.get(..end)?.parse::<usize>().ok()?)?.resolve(rest.get(end..)?)
    }

    /// A schema with references that lead where their targets stand in the text that is put together.
    fn value(&mut self, node: Node<'t>) -> Option<Value> {
        let mut value = node.to_json(MAX_NODES)?;
        let mut moved = Moved::default();
        let start = node.pointer();
        for reference in references(node) {
            let (Some(text), Some(address)) = (reference.as_str(), self.address(reference)) else { continue };
            if text != address {
                let place = reference.pointer();
                moved.by_text.insert(text, address.clone());
                moved.by_place.insert(place.strip_prefix(&start).unwrap_or(&place).to_owned(), address);
            }
        }
        if !moved.by_text.is_empty() {
            redirect(&mut value, &moved, &mut String::new());
        }
        Some(value)
    }
}

/// The new targets of references. The same text may mean one schema here and another there, below another `$id`; places
/// tell them apart, unless aliases repeat a part of the text.
#[derive(Default)]
struct Moved<'t> {
    by_place: FxHashMap<String, String>,
    by_text: FxHashMap<&'t str, String>,
}

/// Gives references their new targets. `place` is the pointer of the value.
fn redirect(value: &mut Value, moved: &Moved<'_>, place: &mut String) {
    let length = place.len();
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                place.push('/');
                place.push_str(&pointer::escape(key));
                match value {
                    Value::String(text) if key == "$ref" => {
                        if let Some(address) =
                            moved.by_place.get(place.as_str()).or_else(|| moved.by_text.get(text.as_str()))
                        {
                            text.clone_from(address);
                        }
                    }
                    _ => redirect(value, moved, place),
                }
                place.truncate(length);
            }
        }
        Value::Array(items) => {
            for (at, it) in items.iter_mut().enumerate() {
                place.push_str(&format!("/{at}"));
                redirect(it, moved, place);
                place.truncate(length);
            }
        }
        _ => {}
    }
}

/// Takes the addresses that schemas give themselves.
fn strip_ids(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            if entries.get("$id").is_some_and(Value::is_string) {
                entries.remove("$id");
            }
            entries.values_mut().for_each(strip_ids);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_ids),
        _ => {}
    }
}

/// Another file that a schema is.
fn reference_elsewhere(node: Node<'_>) -> Option<&str> {
    node.get("$ref").and_then(Node::as_str).filter(|it| ReferenceKind::of(it) != ReferenceKind::Local)
}

/// The values of every `$ref` in a node.
fn references(node: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if node.is_alias() {
            continue;
        }
        found.extend(node.get("$ref").filter(|it| it.as_str().is_some()));
        open.extend(node.items());
        open.extend(node.written_entries().map(|it| it.value));
    }
    found
}

/// Puts a value at a pointer. What is there already is part of it, or a part of it is.
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
    // What holds a part that was put there before holds it as well.
    at.insert(last, value);
}
