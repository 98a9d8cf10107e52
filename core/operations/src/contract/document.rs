//! The AsyncAPI document of a channel that none describes, with the schema of its payload, in the manner of the
//! documents that are there.

use std::collections::BTreeMap;

use archwright_engine::Workspace;
use archwright_model::{
    FileCreate, Kind, RelPath, WorkspaceEdit,
    conventions::{envelope::Need, layout::Captures, role::Role},
    facts::ChannelRole,
    values::retention::Retention,
};
use archwright_rules::{authoring::compose::one_line, prelude};
use archwright_syntax::data::{
    Format, Kind as NodeKind, Node, follow,
    write::{Printer, Style, Value as Written},
};
use serde_json::{Map, Value, json};

use super::{
    super::{OperationError, PlanNote, channels},
    ChannelPlace, ContractRequest, SchemaFormat,
    beside::{Sibling, schema_beside, sibling, usual_format},
    channel::file_stem,
    feature::listed,
    payload::{self, Subject},
    told::new_feature,
};

/// How many nodes of another document are taken over at most.
const MAX_NODES: usize = 10_000;

/// The version of AsyncAPI where no document chooses one.
const VERSION: &str = "3.0.0";

/// The first version of the message that a schema describes.
const FIRST: &str = "1.0.0";

/// Plans the document and the schema of a channel that no document describes, unless `unknown` is another problem than
/// that.
///
/// # Errors
/// If nothing tells which feature the channel belongs to.
pub(super) fn compose(
    workspace: &Workspace,
    request: &ContractRequest,
    unknown: OperationError,
) -> Result<(ChannelPlace, WorkspaceEdit, Vec<PlanNote>), OperationError> {
    let OperationError::UnknownChannel { channel, nearest } = unknown else { return Err(unknown) };
    let unknown = OperationError::ChannelWithoutFeature { channel, nearest };
    let name = one_line(request.channel.trim().trim_matches('`'));
    let Some(feature) = feature(workspace, request, &name)? else { return Err(unknown) };
    let stem = file_stem(&name);
    if stem.is_empty() {
        let allowed = "one with letters or digits, after which files can be called".to_owned();
        return Err(OperationError::Value { what: "name of a channel", value: name, allowed });
    }
    let fields = payload::fields(&request.fields)?;
    let captures =
        Captures { feature: Some(feature.as_str().into()), channel: Some(stem.into()), ..Captures::default() };
    let sibling = sibling(workspace, &feature);
    let format = request.language.map_or_else(|| usual_format(workspace), |it| it.0);
    if let Some(name) = payload::unsaid(format, &fields) {
        let allowed =
            "a type whose inside is said, such as string or integer: objects are for JSON Schema. Or write the schema \
                       by hand where its place is, and call this again without `fields`"
                .to_owned();
        return Err(OperationError::Value { what: "type in this schema language", value: name.to_owned(), allowed });
    }
    let message = request.message.as_deref().map_or_else(|| message_name(workspace, &name), pascal);
    if !message.starts_with(|it: char| it.is_ascii_alphabetic()) {
        let value = request.message.clone().unwrap_or(message);
        let allowed = "words of letters and digits that begin with a letter, as `message`".to_owned();
        return Err(OperationError::Value { what: "name of a message", value, allowed });
    }
    let Some(document) =
        place(workspace, Kind::Asyncapi, &captures, sibling.as_ref().map(|it| it.facts.path.extension()))
    else {
        return Err(unknown);
    };
    if let Some(there) = workspace.file(&document).and_then(|it| workspace.facts(it)) {
        let channels = there.asyncapi().into_iter().flat_map(|it| &it.terms.channels);
        let addresses = channels.map(|it| it.address.as_ref().unwrap_or(&it.key).text.to_string()).collect();
        return Err(OperationError::DescribesOther { document: document.to_string(), channel: name, addresses });
    }
    let mut edit = WorkspaceEdit::default();
    let mut notes: Vec<PlanNote> = new_feature(workspace, &feature, &document).into_iter().collect();
    let schema = place(workspace, Kind::Schema, &captures, Some(format.extension()));
    let there = schema.as_ref().filter(|it| workspace.file(it).is_some_and(|it| workspace.facts(it).is_some()));
    let mut schema_path = there.cloned();
    if let (None, Some(path), false) = (there, &schema, fields.is_empty()) {
        let near = schema_beside(workspace, &feature, format);
        let id = near.as_ref().and_then(|it| it.id_for(path));
        let subject = Subject {
            message: &message,
            summary: request.summary.as_deref(),
            id: id.as_deref(),
            dialect: near.as_ref().and_then(|it| it.dialect.as_deref()),
            namespace: near.as_ref().and_then(|it| it.namespace.as_deref()),
        };
        if let Some(content) = payload::schema(format, &subject, &fields) {
            edit.creates.push(FileCreate { path: path.clone(), content });
            schema_path = Some(path.clone());
        }
    }
    let example = payload::example_of(format, &fields);
    if example.is_none() && request.fields.iter().any(|it| it.example.is_some()) {
        let message = "Not placed: the examples. They make a message once every field that must be there has one, in \
                       JSON Schema or, without dates, in Avro.";
        notes.push(PlanNote::new(document.as_str(), "", 0, message.to_owned()));
    }
    let facts = Facts { request, name: &name, message: &message, feature: &feature, format };
    let value = facts.document(workspace, sibling.as_ref(), &document, schema_path.as_ref(), example, &mut notes);
    edit.creates.push(FileCreate { path: document.clone(), content: written(&value, &document) });
    let channel = camel(&message);
    Ok((ChannelPlace { document, channel }, edit, notes))
}

/// The feature that a channel belongs to: given, or the one whose design has it at its boundary.
fn feature(workspace: &Workspace, request: &ContractRequest, channel: &str) -> Result<Option<String>, OperationError> {
    if let Some(given) = &request.feature {
        let known: Vec<String> = super::super::listing::features(workspace).into_iter().map(|it| it.value).collect();
        let given = one_line(given);
        if !known.contains(&given)
            && let Some(nearest) = prelude::nearest(&given, known.iter().map(String::as_str))
        {
            return Err(OperationError::UnknownFeature { given, nearest: nearest.to_owned() });
        }
        if given != super::super::design::slug(&given) {
            let suggestion = super::super::design::slug(&given);
            return Err(OperationError::Slug { given, suggestion });
        }
        return Ok(Some(given));
    }
    let mentions = channels::mentions(workspace, channel);
    let own = mentions.into_iter().find(|it| it.1.role == ChannelRole::Design);
    Ok(own.and_then(|it| it.0.captures.feature.as_ref()).map(ToString::to_string))
}

/// Where a file of a kind goes, with the extension that is wanted if the layout has a place for it.
fn place(workspace: &Workspace, kind: Kind, captures: &Captures, extension: Option<&str>) -> Option<RelPath> {
    let layout = workspace.config().layout();
    let places = layout.templates().iter().filter(|it| it.kind() == kind).filter_map(|it| it.path(captures));
    let places: Vec<RelPath> = places.collect();
    let wanted = places.iter().find(|it| extension.is_some_and(|wanted| it.extension() == wanted));
    wanted.or(places.first()).cloned()
}

/// The words of a name, each with a capital.
fn pascal(name: &str) -> String {
    let words = name.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |it| it.to_ascii_uppercase().to_string() + letters.as_str())
    };
    words.map(capital).collect()
}

fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |it| it.to_ascii_lowercase().to_string() + letters.as_str())
}

/// A message of which only the channel is known is called like it, without the version.
fn message_name(workspace: &Workspace, channel: &str) -> String {
    let version = workspace.config().channel_name().version(channel).map(|it| format!("v{it}"));
    let words = channel.split('.').filter(|it| version.as_deref() != Some(*it));
    pascal(&words.collect::<Vec<_>>().join(" "))
}

fn written(value: &Value, path: &RelPath) -> String {
    let json = path.extension() == "json";
    let style = Style::plain(if json { Format::Json } else { Format::Yaml });
    let edits = BTreeMap::new();
    format!("{}\n", Printer::new(&style, &edits).value(&Written::of_json(value), "").trim_end())
}

/// What the document is made of.
struct Facts<'r> {
    request: &'r ContractRequest,
    name: &'r str,
    message: &'r str,
    feature: &'r str,
    format: SchemaFormat,
}

impl Facts<'_> {
    fn document(
        &self,
        workspace: &Workspace,
        sibling: Option<&Sibling>,
        path: &RelPath,
        schema: Option<&RelPath>,
        example: Option<Value>,
        notes: &mut Vec<PlanNote>,
    ) -> Value {
        let (message, channel) = (self.message, camel(self.message));
        let taken = |key: &str| sibling.and_then(|it| it.root.get(key)?.to_json(MAX_NODES));
        let text = |key: &str| taken(key).and_then(|it| it.as_str().map(str::to_owned));
        let captures = Captures { feature: Some(self.feature.into()), ..Captures::default() };
        let listed = listed(workspace, &captures, self.name, Role::Producer);
        let title = self.request.producer.as_deref().or(listed.as_deref()).unwrap_or(self.feature);
        let mut info = Map::new();
        info.insert("title".to_owned(), json!(one_line(title)));
        info.insert("version".to_owned(), json!(FIRST));
        if let Some(summary) = &self.request.summary {
            info.insert("description".to_owned(), json!(one_line(summary)));
        }
        let is_own = sibling.is_some_and(|it| it.facts.captures.feature.as_deref() == Some(self.feature));
        let common = if is_own { &["contact", "license"][..] } else { &["license"][..] };
        let theirs = sibling.and_then(|it| it.root.get("info"));
        for key in common {
            if let Some(value) = theirs.and_then(|it| it.get(key)?.to_json(MAX_NODES)).filter(is_whole) {
                info.insert((*key).to_owned(), value);
            }
        }
        let servers = taken("servers").filter(Value::is_object);
        let schemes = sibling
            .and_then(|it| it.root.get("components")?.get("securitySchemes")?.to_json(MAX_NODES))
            .filter(is_whole);
        let needs_schemes = servers.as_ref().is_some_and(|it| it.to_string().contains("#/components/"));
        let servers = servers.filter(|it| !needs_schemes || schemes.is_some() && only_schemes(it));
        let headers = self.headers(workspace, sibling);
        let kafka = sibling.filter(|it| is_kafka(it.root));
        let mut taken_over = Vec::new();
        let mut root = Map::new();
        root.insert("asyncapi".to_owned(), json!(text("asyncapi").unwrap_or_else(|| VERSION.to_owned())));
        root.insert("info".to_owned(), Value::Object(info));
        if let Some(media) = text("defaultContentType").filter(|_| self.format == SchemaFormat::JsonSchema) {
            root.insert("defaultContentType".to_owned(), json!(media));
        }
        if let Some(servers) = servers.clone() {
            taken_over.push("servers");
            root.insert("servers".to_owned(), servers);
        }
        let mut own = Map::new();
        own.insert("address".to_owned(), json!(self.name));
        if let Some(summary) = &self.request.summary {
            own.insert("description".to_owned(), json!(one_line(summary)));
        }
        let parameters: Map<String, Value> = parameters(self.name).map(|it| (it.to_owned(), json!({}))).collect();
        if !parameters.is_empty() {
            own.insert("parameters".to_owned(), Value::Object(parameters));
        }
        let mut messages = Map::new();
        messages.insert(message.to_owned(), json!({ "$ref": format!("#/components/messages/{message}") }));
        own.insert("messages".to_owned(), Value::Object(messages));
        if let Some(bindings) = kafka.and_then(|it| self.channel_binding(workspace, it)) {
            own.insert("bindings".to_owned(), bindings);
        }
        root.insert("channels".to_owned(), json!({ channel.clone(): own }));
        let operation = json!({
            "action": "send",
            "channel": { "$ref": format!("#/channels/{channel}") },
            "messages": [{ "$ref": format!("#/channels/{channel}/messages/{message}") }]
        });
        root.insert("operations".to_owned(), json!({ format!("send{message}"): operation }));
        let mut body = Map::new();
        body.insert("name".to_owned(), json!(message));
        if let Some(summary) = &self.request.summary {
            body.insert("summary".to_owned(), json!(one_line(summary)));
        }
        if let Some(headers) = headers {
            if sibling.is_some() && workspace.config().envelope().is_none() {
                taken_over.push("headers");
            }
            body.insert("headers".to_owned(), headers);
        }
        if let Some(schema) = schema {
            let reference = json!({ "$ref": schema.relative_to(&path.parent()) });
            let payload = match payload::media_type(self.format) {
                None => reference,
                Some(media) => json!({ "schemaFormat": media, "schema": reference }),
            };
            body.insert("payload".to_owned(), payload);
        }
        if let Some(bindings) = kafka.and_then(|it| self.message_binding(workspace, it)) {
            body.insert("bindings".to_owned(), bindings);
        }
        if let Some(example) = example {
            body.insert("examples".to_owned(), json!([{ "name": "example", "payload": example }]));
        }
        let mut components = Map::new();
        components.insert("messages".to_owned(), json!({ message: body }));
        if let Some(schemes) = schemes.filter(|_| servers.is_some() && needs_schemes) {
            components.insert("securitySchemes".to_owned(), schemes);
        }
        root.insert("components".to_owned(), Value::Object(components));
        if let Some(sibling) = sibling.filter(|_| !taken_over.is_empty()) {
            let message = format!("Taken from here into the new document: {}.", taken_over.join(" and "));
            notes.push(PlanNote::new(sibling.facts.path.as_str(), &sibling.facts.text, 0, message));
        }
        Value::Object(root)
    }

    /// The headers of messages: those of the envelope that the workspace has chosen, else those of the document whose
    /// manner is followed.
    fn headers(&self, workspace: &Workspace, sibling: Option<&Sibling>) -> Option<Value> {
        let config = workspace.config();
        if let Some(sibling) = sibling {
            let theirs = sibling.facts.asyncapi()?.terms.channels.first();
            let address = theirs.map(|it| it.address.as_ref().unwrap_or(&it.key).text.to_string());
            let message = sibling.root.get("components").and_then(|it| it.get("messages")?.entries().next());
            let headers = message.and_then(|it| follow(sibling.root, it.value)?.get("headers"));
            let headers = headers.and_then(|it| follow(sibling.root, it));
            let plain = headers.filter(|it| it.kind() == NodeKind::Mapping && it.get("schemaFormat").is_none());
            if let Some(mut headers) = plain.and_then(|it| it.to_json(MAX_NODES)).filter(is_whole) {
                adapt(&mut headers, address.as_deref(), self.name);
                if self.format != SchemaFormat::JsonSchema {
                    // What theirs are encoded in is nothing that these are.
                    without_encoding(&mut headers);
                }
                return Some(headers);
            }
        }
        let envelope = config.profile().envelopes.get(config.envelope()?)?;
        let wanted = envelope.attributes.iter().filter(|it| it.is_header() && it.need > Need::Optional);
        let property = |it: &archwright_model::conventions::envelope::Attribute| {
            let mut property = Map::new();
            property.insert("type".to_owned(), json!("string"));
            for (key, value) in [("const", &it.r#const), ("format", &it.format)] {
                if let Some(value) = value {
                    property.insert(key.to_owned(), json!(value));
                }
            }
            if !it.description.is_empty() {
                property.insert("description".to_owned(), json!(it.description));
            }
            (it.name.clone(), Value::Object(property))
        };
        let properties: Map<String, Value> = wanted.map(property).collect();
        let required: Vec<&String> = properties.keys().collect();
        (!properties.is_empty()).then(|| json!({ "type": "object", "required": required, "properties": properties }))
    }

    /// The ordering key: given, or that of the design.
    fn ordering_key(&self, workspace: &Workspace) -> Option<String> {
        let given = self.request.given(Role::OrderingKey, "");
        let design = || {
            let mentions = channels::mentions(workspace, self.name);
            mentions.into_iter().find_map(|it| it.1.ordering_key.as_ref().map(|it| it.text.to_string()))
        };
        let key = given.or_else(design)?.trim_matches('`').to_owned();
        (key != "none" && !key.contains(' ')).then_some(key)
    }

    fn message_binding(&self, workspace: &Workspace, sibling: &Sibling) -> Option<Value> {
        let key = self.ordering_key(workspace)?;
        let said = format!("The {key}, so that its messages keep their order.");
        let version = binding_version(sibling.root, "message");
        Some(json!({ "kafka": { "key": { "type": "string", "description": said }, "bindingVersion": version } }))
    }

    fn channel_binding(&self, workspace: &Workspace, sibling: &Sibling) -> Option<Value> {
        let given = self.request.retention.clone();
        let design = || {
            let mentions = channels::mentions(workspace, self.name);
            mentions.into_iter().find_map(|it| it.1.retention.as_ref().map(|it| it.text.to_string()))
        };
        let kept = Retention::of(&given.or_else(design)?).exact()?;
        let topic = json!({ "retention.ms": kept });
        let version = binding_version(sibling.root, "channel");
        Some(json!({ "kafka": { "topicConfiguration": topic, "bindingVersion": version } }))
    }
}

/// The names in braces of an address.
fn parameters(address: &str) -> impl Iterator<Item = &str> {
    address.split('{').skip(1).filter_map(|it| it.split_once('}')).map(|it| it.0).filter(|it| !it.is_empty())
}

/// Whether a value needs nothing beside it.
fn is_whole(value: &Value) -> bool {
    !value.to_string().contains("\"$ref\"")
}

/// Whether a value refers to security schemes only.
fn only_schemes(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().all(|(key, value)| match value {
            Value::String(target) if key == "$ref" => target.starts_with("#/components/securitySchemes/"),
            other => only_schemes(other),
        }),
        Value::Array(items) => items.iter().all(only_schemes),
        _ => true,
    }
}

/// Headers of another message: without what they say of it, and with the name of the new channel for that of the old.
fn adapt(value: &mut Value, old: Option<&str>, new: &str) {
    match value {
        Value::Object(fields) => {
            let is_property = fields.get("type").is_some_and(Value::is_string);
            if is_property {
                fields.shift_remove("description");
                fields.shift_remove("examples");
            }
            fields.values_mut().for_each(|it| adapt(it, old, new));
        }
        Value::Array(items) => items.iter_mut().for_each(|it| adapt(it, old, new)),
        Value::String(text) => {
            if let Some(old) = old {
                *text = text.replace(old, new);
            }
        }
        _ => {}
    }
}

/// Headers that do not say of their messages that they are JSON.
fn without_encoding(value: &mut Value) {
    let is_json = |it: &Value| it.as_str().is_some_and(|it| it.starts_with("application/") && it.ends_with("json"));
    match value {
        Value::Object(fields) => {
            fields.retain(|_, it| !is_json(it));
            fields.values_mut().for_each(without_encoding);
        }
        Value::Array(items) => {
            items.retain(|it| !is_json(it));
            items.iter_mut().for_each(without_encoding);
        }
        _ => {}
    }
}

fn is_kafka(root: Node<'_>) -> bool {
    let servers = root.get("servers").into_iter().flat_map(Node::entries);
    let protocols = servers.filter_map(|it| follow(root, it.value)?.get("protocol")?.as_str());
    protocols.into_iter().any(|it| it.starts_with("kafka"))
}

/// The version of the Kafka binding that the document uses, else the newest that all tools know.
fn binding_version(root: Node<'_>, kind: &str) -> String {
    let objects: Vec<Node<'_>> = match kind {
        "channel" => root.get("channels").into_iter().flat_map(Node::entries).map(|it| it.value).collect(),
        _ => {
            let messages = root.get("components").and_then(|it| it.get("messages"));
            messages.into_iter().flat_map(Node::entries).map(|it| it.value).collect()
        }
    };
    let mut versions =
        objects.into_iter().filter_map(|it| it.get("bindings")?.get("kafka")?.get("bindingVersion")?.as_str());
    versions.next().unwrap_or("0.5.0").to_owned()
}
