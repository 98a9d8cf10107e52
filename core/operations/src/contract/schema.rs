//! The schema of a channel's payload as a file of its own.

use std::collections::{BTreeMap, VecDeque};

use archwright_asyncapi::ReferenceKind;
use archwright_model::{
    FileCreate, Kind, RelPath,
    facts::{file_of_reference, split_reference},
};
use archwright_syntax::{
    data::{Kind as NodeKind, Node, follow},
    pointer,
};
use serde_json::{Map, Value, json};

use super::channel::Channel;

/// How many nodes a payload may have to be written out.
const MAX_NODES: usize = 100_000;

/// How deep schemas nest at most.
const MAX_DEPTH: usize = 256;

/// The schema of a channel: where it is, and the file to write if it is not there yet.
#[derive(Default)]
pub(super) struct Schema {
    pub(super) path: Option<RelPath>,
    pub(super) create: Option<FileCreate>,
}

/// The languages that payloads are written in, by the media type of their format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    JsonSchema,
    Avro,
    Protobuf,
    Other,
}

impl Language {
    fn of(format: Option<&str>) -> Self {
        match format {
            None => Self::JsonSchema,
            Some(it) if it.contains("avro") => Self::Avro,
            Some(it) if it.contains("protobuf") => Self::Protobuf,
            Some(it) if it.contains("aai.asyncapi") || it.contains("schema+") => Self::JsonSchema,
            Some(_) => Self::Other,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::JsonSchema | Self::Other => "json",
            Self::Avro => "avsc",
            Self::Protobuf => "proto",
        }
    }
}

impl Channel<'_> {
    /// The messages of the channel with their names, over local references.
    pub(super) fn messages(&self) -> Vec<(String, Node<'_>)> {
        let Some(root) = self.tree.root() else { return Vec::new() };
        let channel = root.get("channels").and_then(|it| it.get(&self.terms.key.text)).and_then(|it| follow(root, it));
        let Some(channel) = channel else { return Vec::new() };
        let named = channel.get("messages").into_iter().flat_map(Node::entries).map(|it| (it.key.to_owned(), it.value));
        let old = ["publish", "subscribe"].iter().filter_map(|it| channel.get(it)?.get("message"));
        let old = old.flat_map(|message| {
            let choices = message.get("oneOf");
            let one = choices.is_none().then_some(message);
            one.into_iter().chain(choices.into_iter().flat_map(Node::items))
        });
        let name = |it: Node<'_>| {
            let last = it.get("$ref").and_then(Node::as_str).and_then(|it| it.rsplit('/').next());
            last.or_else(|| it.get("name")?.as_str()).unwrap_or("Message").to_owned()
        };
        let mut found: Vec<(String, Node<'_>)> = Vec::new();
        for (name, node) in named.chain(old.map(|it| (name(it), it))) {
            if let Some(body) = follow(root, node).filter(|it| !found.iter().any(|there| there.1 == *it)) {
                found.push((name, body));
            }
        }
        found
    }

    /// The schema of the payload: the one that is there, or the file that will be.
    pub(super) fn schema(&self) -> Schema {
        let config = self.workspace.config();
        let places = || {
            config
                .layout()
                .templates()
                .iter()
                .filter(|it| it.kind() == Kind::Schema)
                .filter_map(|it| it.path(&self.captures))
        };
        if let Some(path) = places().find(|it| self.is_there(it)) {
            return Schema { path: Some(path), create: None };
        }
        let payloads: Vec<_> =
            self.messages().into_iter().filter_map(|(name, it)| payload(it).map(|it| (name, it.0, it.1))).collect();
        let Some((_, first, language)) = payloads.first() else { return Schema::default() };
        // A schema that has a file needs no other.
        let file = first
            .get("$ref")
            .and_then(Node::as_str)
            .filter(|it| payloads.len() == 1 && ReferenceKind::of(it) == ReferenceKind::File);
        if let Some(path) = file.and_then(|it| file_of_reference(&self.facts.path, it)) {
            return if self.is_there(&path) { Schema { path: Some(path), create: None } } else { Schema::default() };
        }
        let Some(path) = places().find(|it| it.extension() == language.extension()) else { return Schema::default() };
        let is_one_language = payloads.iter().all(|it| it.2 == *language);
        let content = match language {
            Language::JsonSchema if is_one_language => self.json_schema(&payloads, &path),
            Language::Avro if payloads.len() == 1 => {
                first.to_json(MAX_NODES).and_then(|it| serde_json::to_string_pretty(&it).ok())
            }
            Language::Protobuf if payloads.len() == 1 => first.as_str().map(|it| it.trim_end().to_owned()),
            _ => None,
        };
        match content {
            Some(content) => {
                Schema { path: Some(path.clone()), create: Some(FileCreate { path, content: content + "\n" }) }
            }
            None => Schema::default(),
        }
    }

    /// The payloads as one JSON Schema that needs nothing of the document.
    fn json_schema(&self, payloads: &[(String, Node<'_>, Language)], path: &RelPath) -> Option<String> {
        let root = self.tree.root()?;
        let mut bundle =
            Bundle { root, from: &self.facts.path, to: path, names: BTreeMap::new(), waiting: VecDeque::new() };
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
        if let [(name, node, _)] = payloads {
            let body = follow(root, *node).unwrap_or(*node);
            let Value::Object(fields) = bundle.taken(body)? else { return None };
            if !fields.contains_key("title") {
                schema.insert("title".to_owned(), json!(name));
            }
            schema.extend(fields.into_iter().filter(|it| it.0 != "$schema"));
        } else {
            let mut choices = Vec::new();
            for (_, node, _) in payloads {
                choices.push(bundle.taken(*node)?);
            }
            schema.insert("oneOf".to_owned(), Value::Array(choices));
        }
        let mut definitions = Map::new();
        while let Some((pointer, name)) = bundle.waiting.pop_front() {
            let node = root.resolve(&pointer)?;
            let taken = bundle.taken(node)?;
            definitions.insert(name, taken);
        }
        if let Some(Value::Object(own)) = schema.remove("definitions") {
            definitions.extend(own);
        }
        if !definitions.is_empty() {
            schema.insert("definitions".to_owned(), Value::Object(definitions));
        }
        serde_json::to_string_pretty(&Value::Object(schema)).ok()
    }
}

/// What is taken along with a schema.
struct Bundle<'t> {
    root: Node<'t>,
    from: &'t RelPath,
    to: &'t RelPath,
    /// The definitions by the pointers they come from.
    names: BTreeMap<String, String>,
    waiting: VecDeque<(String, String)>,
}

impl Bundle<'_> {
    /// A schema with its references rewritten for the new file.
    fn taken(&mut self, node: Node<'_>) -> Option<Value> {
        let mut schema = node.to_json(MAX_NODES)?;
        self.rewrite(&mut schema, 0);
        Some(schema)
    }

    fn rewrite(&mut self, value: &mut Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|it| self.rewrite(it, depth + 1)),
            Value::Object(fields) => {
                for (key, value) in fields {
                    match value {
                        Value::String(target) if key == "$ref" => *target = self.reference(target),
                        _ => self.rewrite(value, depth + 1),
                    }
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, target: &str) -> String {
        let (_, fragment) = split_reference(target);
        match ReferenceKind::of(target) {
            ReferenceKind::Remote => target.to_owned(),
            ReferenceKind::File => match file_of_reference(self.from, target) {
                Some(path) if fragment.is_empty() => path.relative_to(&self.to.parent()),
                Some(path) => format!("{}#{fragment}", path.relative_to(&self.to.parent())),
                None => target.to_owned(),
            },
            ReferenceKind::Local => {
                let pointer = pointer::of_fragment(fragment).unwrap_or_default().into_owned();
                if self.root.resolve(&pointer).is_none() {
                    return format!("{}#{fragment}", self.from.relative_to(&self.to.parent()));
                }
                if let Some(name) = self.names.get(&pointer) {
                    return format!("#/definitions/{name}");
                }
                let word: String = pointer
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .filter(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_'))
                    .collect();
                let word = if word.is_empty() { "Schema".to_owned() } else { word };
                let is_taken = |it: &str| self.names.values().any(|name| name == it);
                let name = (1..u32::MAX)
                    .map(|at| if at == 1 { word.clone() } else { format!("{word}{at}") })
                    .find(|it| !is_taken(it))
                    .unwrap_or_default();
                self.names.insert(pointer.clone(), name.clone());
                self.waiting.push_back((pointer, name.clone()));
                format!("#/definitions/{name}")
            }
        }
    }
}

/// The payload of a message and the language it is written in.
fn payload(message: Node<'_>) -> Option<(Node<'_>, Language)> {
    let payload = message.get("payload").filter(|it| matches!(it.kind(), NodeKind::Mapping | NodeKind::String))?;
    let wrapped = payload.get("schema").filter(|_| payload.get("schemaFormat").is_some());
    let format = payload.get("schemaFormat").filter(|_| wrapped.is_some()).or_else(|| message.get("schemaFormat"));
    Some((wrapped.unwrap_or(payload), Language::of(format.and_then(Node::as_str))))
}
