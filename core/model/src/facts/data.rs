//! Facts of YAML, JSON and Protobuf files: AsyncAPI documents and schemas.

use std::{collections::BTreeSet, sync::Arc};

use archwright_asyncapi::{Outline, terms::Terms};
use archwright_schema::{Advice, Language, Shape, compatibility::proto_imports};
use archwright_syntax::{
    FileType,
    data::{self, Format, Tree},
};
use smol_str::SmolStr;

use super::{
    ChannelMention, ChannelRole, Content, FileFacts, Lazy, OptIn, Promises, Spanned, Unreadable, identifiers,
    references::{entries, file_of_reference, refers_elsewhere, split_reference},
    suppression,
};
use crate::{
    Kind, RelPath,
    conventions::config::Config,
    key::{Entry, Key},
};

/// From so many bytes on two threads read a document, because somebody waits for each of them while typing.
const LARGE: usize = 64 * 1024;

/// What an AsyncAPI document says.
#[derive(Clone, Debug)]
pub struct AsyncApiFacts {
    /// Channels, operations, messages and references.
    pub outline: Outline,
    /// What it promises of its channels and messages.
    pub terms: Terms,
    /// The names of what stands under `components`, with the section each stands in.
    pub components: Vec<(SmolStr, archwright_syntax::Spanned)>,
    /// The document itself.
    pub tree: Lazy<Arc<Tree>>,
}

/// What a schema says.
#[derive(Clone, Debug)]
pub struct SchemaFacts {
    /// The message it describes.
    pub shape: Shape,
    /// What its users may trip over.
    pub notes: Vec<Advice>,
    /// Whether the shape has all fields: nothing of the text was left out and no part of it stands in another file.
    pub complete: bool,
}

/// Whether a file outside the layout may be an AsyncAPI document or a schema; its content decides.
pub(super) fn may_be_contract(path: &RelPath) -> bool {
    matches!(
        path.file_type(),
        Some(FileType::Yaml | FileType::Json | FileType::JsonSchema | FileType::Avro | FileType::Protobuf)
    )
}

/// Whether a file is a schema wherever it lies: its extension says so, or its content does, because not every JSON or
/// YAML file is one.
pub fn is_schema(path: &RelPath, text: &str) -> bool {
    match path.file_type() {
        Some(FileType::Avro | FileType::Protobuf | FileType::JsonSchema) => true,
        Some(FileType::Json) => says_json_schema(path, text) || is_avro(text) || is_called_schema(path, text),
        Some(FileType::Yaml) => says_json_schema(path, text),
        _ => false,
    }
}

/// Whether JSON is called a schema by its file (`order.schema.json`) and has the words of one.
fn is_called_schema(path: &RelPath, text: &str) -> bool {
    path.stem().ends_with(".schema") && data::parse(text, Format::Json).root().is_some_and(has_schema_words)
}

/// Whether the top of a document has words with which a JSON Schema begins. `properties` alone has other data too.
pub fn has_schema_words(root: data::Node<'_>) -> bool {
    ["type", "$ref", "$defs", "definitions", "allOf", "anyOf", "oneOf"].iter().any(|it| root.get(it).is_some())
}

/// Whether a text names a dialect of JSON Schema at its top.
fn says_json_schema(path: &RelPath, text: &str) -> bool {
    // The tree is only worth its time where the word stands somewhere.
    text.contains("json-schema.org/") && {
        let tree = data::parse(text, Format::of_path(path.as_str()).unwrap_or(Format::Json));
        let dialect = tree.root().and_then(|it| it.get("$schema")).and_then(data::Node::as_str);
        dialect.is_some_and(|it| it.contains("json-schema.org/"))
    }
}

/// Whether JSON is an Avro schema, whatever its file is called: JSON Schema has no such types.
pub fn is_avro(text: &str) -> bool {
    const TYPES: [&str; 3] = ["record", "enum", "fixed"];
    // The tree is only worth its time where the words stand.
    let has_word = text.contains("\"type\"") && TYPES.iter().any(|it| text.contains(&format!("\"{it}\"")));
    has_word && {
        let tree = data::parse(text, Format::Json);
        let ty = tree.root().filter(|it| it.get("name").is_some()).and_then(|it| it.get("type"));
        ty.and_then(data::Node::as_str).is_some_and(|it| TYPES.contains(&it))
    }
}

/// Whether a YAML or JSON file is called something by itself (`$id`), so that others may refer to it by that.
pub fn names_itself(path: &RelPath, text: &str) -> bool {
    // The tree is only worth its time where the word stands.
    has_identifier(text)
        && Format::of_path(path.as_str()).is_some_and(|it| {
            let tree = data::parse(text, it);
            tree.root().is_some_and(identifiers::names_itself)
        })
}

/// Whether a text may have a schema that calls itself something.
fn has_identifier(text: &str) -> bool {
    let has = |word: &[u8]| memchr::memmem::find(text.as_bytes(), word).is_some();
    has(b"$id") || has(b"draft-04/") || has(b"draft-03/")
}

pub(super) fn extract(facts: &mut FileFacts, _config: &Config) {
    let text = facts.text.clone();
    let format = Format::of_path(facts.path.as_str());
    let told = facts.kind == Kind::Document && archwright_asyncapi::is_asyncapi(&text);
    if matches!(facts.unreadable.as_deref(), Some(Unreadable::Utf16 | Unreadable::TooLarge { .. })) {
        // The text was only good for telling what the file is.
        if told {
            (facts.kind, facts.opt_in) = (Kind::Asyncapi, OptIn::No);
        } else if facts.kind == Kind::Document && is_schema(&facts.path, &text) {
            (facts.kind, facts.opt_in) = (Kind::Schema, OptIn::No);
        }
        facts.text = "".into();
        return;
    }
    let is_data = facts.kind == Kind::Document && !told;
    if is_data && is_schema(&facts.path, &text) {
        // Nobody said that it describes the messages of a channel, so all that matters is that it breaks nobody.
        (facts.kind, facts.opt_in) = (Kind::Schema, OptIn::No);
        if facts.unreadable.is_some() {
            return;
        }
        let is_avro = facts.path.file_type() == Some(FileType::Avro);
        if let Some(format) = format.filter(|_| is_avro || refers_elsewhere(&text) || has_identifier(&text)) {
            let tree = data::parse(text, format);
            add_types(facts, &tree);
            add_references(facts, &tree, &archwright_asyncapi::references(&tree));
        }
        add_imports(facts);
        return;
    }
    let needs_tree = facts.kind != Kind::Document || told || refers_elsewhere(&text) || has_identifier(&text);
    let tree = format.filter(|_| needs_tree).map(|it| data::parse(text.clone(), it));
    if facts.kind == Kind::Document {
        let is_whole = |it: &Tree| it.errors().is_empty();
        let is_other = |it: &Tree| is_whole(it) && !it.root().is_some_and(archwright_asyncapi::is_document);
        if !told || tree.as_ref().is_some_and(is_other) {
            // All that matters of other files is what they refer to.
            if let Some(tree) = tree {
                add_references(facts, &tree, &archwright_asyncapi::references(&tree));
                // Data has such keys, too.
                if !tree.root().is_some_and(identifiers::names_itself) {
                    facts.entries.retain(|it| !matches!(it.key, Key::Identified(_)));
                }
            }
            facts.text = "".into();
            return;
        }
        (facts.kind, facts.opt_in) = (Kind::Asyncapi, OptIn::No);
    }
    if format == Some(Format::Yaml) {
        facts.suppressions = suppression::in_comments(&text, "#");
    }
    if let Some(tree) = &tree {
        facts.syntax_errors = tree.errors().to_vec();
    }
    match facts.kind {
        Kind::Asyncapi => {
            let Some(tree) = tree else { return };
            let (outline, terms) = read(&tree);
            let Some(outline) = outline else { return };
            add_references(facts, &tree, &outline.references);
            facts.channels = super::terms::mentions(&terms);
            // What the messages carry may hold the ordering key of a contract.
            facts.entries.extend(super::terms::entries_of_messages(&terms));
            let mut terms = terms;
            terms.channels.shrink_to_fit();
            terms.messages.shrink_to_fit();
            let components = components(&tree);
            let tree = Lazy::ready(facts.path.clone(), text, parse, Arc::new(tree));
            facts.content = Content::AsyncApi(Box::new(AsyncApiFacts { outline, terms, components, tree }));
        }
        Kind::Schema => {
            let refers_elsewhere = refers_elsewhere(&text);
            add_imports(facts);
            if let Some(tree) = tree.as_ref().filter(|_| refers_elsewhere || has_identifier(&text)) {
                add_references(facts, tree, &archwright_asyncapi::references(tree));
            }
            if let Some(tree) = &tree {
                add_types(facts, tree);
            }
            let Some(language) = Language::of_path(facts.path.as_str()) else { return };
            let (mut shape, notes) = archwright_schema::shape_and_notes(&text, language, tree.as_ref());
            shape.fields.shrink_to_fit();
            let complete = shape.is_whole && !refers_elsewhere;
            if let Some(channel) = &facts.captures.channel {
                let names: Vec<_> = shape.fields.iter().map(|it| &it.path).collect();
                let name = Spanned { text: channel.clone(), span: archwright_syntax::Span::empty(0) };
                let compatibility = tree.as_ref().and_then(super::terms::compatibility_of_schema);
                let messages = shape.name.iter().map(|it| Spanned { text: it.text.clone(), span: it.span }).collect();
                let promises = Promises { compatibility, messages, ..Promises::default() };
                facts.channels.push(ChannelMention::promising(name, ChannelRole::Schema, promises));
                // The field names are what a contract's keys are checked against, so they are part of what is said.
                let hash = crate::key::hash_of(&(names, complete));
                facts.entries.push(crate::key::Entry { key: crate::key::Key::Channel(channel.clone()), hash });
            }
            facts.content = Content::Schema(Box::new(SchemaFacts { shape, notes, complete }));
        }
        _ => {}
    }
}

/// What a document declares and promises.
fn read(tree: &Tree) -> (Option<Outline>, Terms) {
    if tree.text().len() < LARGE {
        return (archwright_asyncapi::outline(tree), archwright_asyncapi::terms::terms(tree));
    }
    let mut terms = Terms::default();
    let outline = rayon::in_place_scope(|scope| {
        scope.spawn(|_| terms = archwright_asyncapi::terms::terms(tree));
        archwright_asyncapi::outline(tree)
    });
    (outline, terms)
}

fn parse(path: &RelPath, text: &Arc<str>) -> Arc<Tree> {
    Arc::new(data::parse(text.clone(), Format::of_path(path.as_str()).unwrap_or(Format::Yaml)))
}

fn components(tree: &Tree) -> Vec<(SmolStr, archwright_syntax::Spanned)> {
    let sections = tree.pointer("/components").into_iter().flat_map(data::Node::written_entries);
    let named = sections.flat_map(|section| {
        let kind = SmolStr::new(section.key);
        section.value.written_entries().map(move |it| (kind.clone(), archwright_syntax::Spanned::of_key(it)))
    });
    named.collect()
}

/// Notes the types of an Avro schema, which those beside it may use.
fn add_types(facts: &mut FileFacts, tree: &Tree) {
    if facts.path.file_type() == Some(FileType::Avro) {
        let folder = facts.path.parent();
        let entry = |name: &str| Entry { key: Key::Type(folder.clone(), name.into()), hash: 0 };
        facts.entries.extend(archwright_schema::avro_names(tree).into_iter().map(entry));
        for name in archwright_schema::avro_declared(tree).into_iter().map(SmolStr::from) {
            for key in [Key::TypeAnywhere(name.clone()), Key::DeclaredType(folder.clone(), name)] {
                facts.entries.push(Entry { key, hash: 0 });
            }
        }
    }
}

/// Notes the files that the imports of a Protobuf file may mean: which of the folders around it they count from, the
/// file does not say.
fn add_imports(facts: &mut FileFacts) {
    if facts.path.file_type() != Some(FileType::Protobuf) || !facts.text.contains("import") {
        return;
    }
    let mut meant: BTreeSet<RelPath> = BTreeSet::new();
    proto_imports(&facts.text, |import| {
        meant.extend(facts.path.ancestors().map(|it| it.join(import)).filter(|it| !it.escapes()));
        None
    });
    facts.entries.extend(meant.into_iter().map(|it| Entry { key: Key::Imported(it), hash: 0 }));
}

/// Notes the files that references lead to, and by what addresses schemas go.
fn add_references(facts: &mut FileFacts, tree: &Tree, references: &[archwright_asyncapi::Reference]) {
    let path = facts.path.clone();
    let files = references
        .iter()
        .filter_map(|it| Some((file_of_reference(&path, &it.target.text)?, split_reference(&it.target.text).1)));
    let outward: Vec<_> = files.filter(|it| it.0 != path).collect();
    facts.entries.extend(entries(outward.iter().map(|it| (&it.0, it.1))));
    facts.entries.extend(identifiers::entries(&path, tree, references));
}
