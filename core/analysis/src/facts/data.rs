//! Facts of YAML, JSON and Protobuf files: AsyncAPI documents and schemas.

use std::sync::Arc;

use archwright_asyncapi::{Outline, terms::Terms};
use archwright_schema::{Language, Note, Shape};
use archwright_syntax::data::{self, Format, Tree};

use super::{ChannelMention, ChannelRole, Content, FileFacts, Lazy, OptIn, Spanned, suppression};
use crate::{Kind, RelPath, config::Config};

/// What an AsyncAPI document says.
#[derive(Clone, Debug)]
pub struct AsyncApiFacts {
    /// Channels, operations, messages and references.
    pub outline: Outline,
    /// The document itself.
    pub tree: Lazy<Tree>,
    /// What it promises of its channels and messages.
    pub terms: Terms,
}

/// What a schema says.
#[derive(Clone, Debug)]
pub struct SchemaFacts {
    /// The message it describes.
    pub shape: Shape,
    /// What its users may trip over.
    pub notes: Vec<Note>,
    /// Whether the shape has all fields: nothing is wrong with the text and no part of it stands in another file.
    pub complete: bool,
}

/// Whether a file outside the layout may be an AsyncAPI document; its content decides.
pub(super) fn may_be_asyncapi(path: &RelPath) -> bool {
    matches!(path.extension(), "yaml" | "yml" | "json")
}

pub(super) fn extract(facts: &mut FileFacts, _config: &Config) {
    let text = facts.text.clone();
    if facts.kind == Kind::Document {
        if !archwright_asyncapi::is_asyncapi(&text) {
            facts.text = "".into();
            return;
        }
        facts.kind = Kind::Asyncapi;
        facts.opt_in = OptIn::No;
    }
    let format = Format::of_path(facts.path.as_str());
    if format == Some(Format::Yaml) {
        facts.suppressions = suppression::in_comments(&text, "#");
    }
    let tree = format.map(|it| data::parse(text.clone(), it));
    if let Some(tree) = &tree {
        facts.syntax_errors = tree.errors().to_vec();
    }
    match facts.kind {
        Kind::Asyncapi => {
            let Some(tree) = tree else { return };
            let Some(outline) = archwright_asyncapi::outline(&tree) else { return };
            let terms = archwright_asyncapi::terms::terms(&tree);
            facts.channels = super::terms::mentions(&terms);
            for channel in &terms.channels {
                let Some(address) = &channel.address else { continue };
                // What the messages carry may hold the ordering key of a contract.
                let key = crate::index::Key::Channel(address.text.clone());
                facts.entries.push(crate::index::Entry { key, hash: super::terms::hash_of_messages(&terms, channel) });
            }
            let tree = Lazy::ready(facts.path.clone(), text, parse, tree);
            facts.content = Content::AsyncApi(Box::new(AsyncApiFacts { outline, terms, tree }));
        }
        Kind::Schema => {
            let Some(language) = Language::of_path(facts.path.as_str()) else { return };
            let shape = archwright_schema::shape(&text, language);
            let complete = shape.problems.is_empty() && !refers_elsewhere(&text);
            if let Some(channel) = &facts.captures.channel {
                let names: Vec<_> = shape.fields.iter().map(|it| &it.path).collect();
                let name = Spanned { text: channel.clone(), span: archwright_syntax::Span::empty(0) };
                let compatibility = tree.as_ref().and_then(super::terms::compatibility_of_schema);
                let messages = shape.name.iter().map(|it| Spanned { text: it.text.clone(), span: it.span }).collect();
                facts.channels.push(ChannelMention { compatibility, messages, ..ChannelMention::new(name, ChannelRole::Schema) });
                // The field names are what a contract's keys are checked against, so they are part of what is said.
                let hash = crate::index::hash_of(&(names, complete));
                facts.entries.push(crate::index::Entry { key: crate::index::Key::Channel(channel.clone()), hash });
            }
            facts.content = Content::Schema(Box::new(SchemaFacts { shape, notes: archwright_schema::notes(&text, language), complete }));
        }
        _ => {}
    }
}

fn parse(path: &RelPath, text: &Arc<str>) -> Tree {
    data::parse(text.clone(), Format::of_path(path.as_str()).unwrap_or(Format::Yaml))
}

/// Whether a JSON Schema takes something from another file: a `$ref` that does not start with `#`.
fn refers_elsewhere(text: &str) -> bool {
    text.split("$ref").skip(1).any(|it| {
        let target = it.trim_start_matches(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | ':'));
        !target.starts_with('#')
    })
}
