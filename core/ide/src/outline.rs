//! The outline of a document, and what can be folded in it.

use archwright_engine::Workspace;
use archwright_model::{FileId, facts::FileFacts, values::value};
use archwright_syntax::{
    Span, Spanned,
    data::{Entry, Kind, Node, Tree},
    markdown::{Document, SectionId},
};

use super::{
    identifiers::{Member, described, members},
    trees::Trees,
};

/// What a symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SymbolKind {
    /// A section of a document.
    Section,
    /// A channel.
    Channel,
    /// A message.
    Message,
    /// An operation.
    Operation,
    /// A server.
    Server,
    /// A schema.
    Schema,
    /// Anything else that is there to be used in several places.
    Component,
    /// A part of a document that holds others.
    Group,
    /// A field of a schema.
    Field,
    /// An identifier that a document defines.
    Identifier,
}

/// An entry of a document's outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub kind: SymbolKind,
    /// All of it.
    pub span: Span,
    /// The part to select.
    pub selection: Span,
    /// What stands below it.
    pub children: Vec<Symbol>,
}

/// The outline of a document.
pub fn document_symbols(workspace: &Workspace, file: FileId) -> Vec<Symbol> {
    let Some(facts) = workspace.facts(file) else { return Vec::new() };
    if let Some(tree) = facts.markdown() {
        return sections(facts, tree, SectionId::ROOT, &members(tree, &facts.text));
    }
    if let Some(asyncapi) = facts.asyncapi() {
        return parts(&asyncapi.tree);
    }
    if let Some(schema) = facts.schema() {
        let leaf = |it: &archwright_schema::Field| Symbol {
            name: it.path.to_string(),
            kind: SymbolKind::Field,
            span: it.name.span,
            selection: it.name.span,
            children: Vec::new(),
        };
        return schema.shape.fields.iter().map(leaf).collect();
    }
    Vec::new()
}

fn sections(facts: &FileFacts, tree: &Document, parent: SectionId, members: &[Member]) -> Vec<Symbol> {
    let symbol = |id: SectionId| {
        let section = tree.section(id);
        let name = tree.plain_title(id, &facts.text).into_owned();
        let name = if name.is_empty() { "(untitled)".to_owned() } else { name };
        let selection = if section.title.is_empty() { section.heading } else { section.title };
        Symbol {
            name,
            kind: SymbolKind::Section,
            span: section.span.cover(selection),
            selection,
            children: sections(facts, tree, id, members),
        }
    };
    let own = members.iter().filter(|it| tree.section_at(it.span.start as usize) == parent);
    let identifiers = own.map(|it| Symbol {
        name: titled(facts, it),
        kind: SymbolKind::Identifier,
        span: it.row.cover(it.span),
        selection: it.span,
        children: Vec::new(),
    });
    identifiers.chain(tree.children(parent).map(symbol)).collect()
}

/// How much of what a row says stands in the outline, in characters.
const MOST_TITLE: usize = 60;

/// An identifier with the beginning of what its row says.
fn titled(facts: &FileFacts, it: &Member) -> String {
    let said = described(facts, it.span, it.row).unwrap_or_default();
    let first = said.lines().next().unwrap_or_default();
    let said = first.strip_prefix("- ").and_then(|it| it.split_once(": ")).map_or(first, |it| it.1);
    let said = value::plain(said);
    match said.char_indices().nth(MOST_TITLE) {
        _ if said.is_empty() => it.name.to_string(),
        Some((end, _)) => format!("{}: {}…", it.name, said.get(..end).unwrap_or_default().trim_end()),
        None => format!("{}: {said}", it.name),
    }
}

/// What the entries of a part of an AsyncAPI document are, by the part's key.
pub(super) fn kind_of(section: &str) -> SymbolKind {
    match section {
        "channels" => SymbolKind::Channel,
        "operations" => SymbolKind::Operation,
        "messages" => SymbolKind::Message,
        "servers" => SymbolKind::Server,
        "schemas" => SymbolKind::Schema,
        _ => SymbolKind::Component,
    }
}

/// The outline of an AsyncAPI document: servers, channels with their messages, operations and components.
fn parts(tree: &Tree) -> Vec<Symbol> {
    let groups = tree.root().into_iter().flat_map(Node::written_entries).filter(|it| it.value.kind() == Kind::Mapping);
    let group = |it: Entry<'_>| match it.key {
        "servers" | "channels" | "operations" => Some(symbol(it, SymbolKind::Group, entries(it))),
        "components" => {
            let sections = it.value.written_entries().filter(|it| it.value.kind() == Kind::Mapping);
            Some(symbol(it, SymbolKind::Group, sections.map(|it| symbol(it, SymbolKind::Group, entries(it))).collect()))
        }
        _ => None,
    };
    groups.filter_map(group).collect()
}

/// The entries of a part, those of channels with what they hold.
fn entries(section: Entry<'_>) -> Vec<Symbol> {
    let kind = kind_of(section.key);
    let below = |it: Entry<'_>| if kind == SymbolKind::Channel { in_channel(it.value) } else { Vec::new() };
    section.value.written_entries().map(|it| symbol(it, kind, below(it))).collect()
}

fn in_channel(channel: Node<'_>) -> Vec<Symbol> {
    let mut found = Vec::new();
    for it in channel.written_entries() {
        match it.key {
            "messages" => {
                found.extend(it.value.written_entries().map(|it| symbol(it, SymbolKind::Message, Vec::new())));
            }
            "publish" | "subscribe" => {
                let mut operation = symbol(it, SymbolKind::Operation, Vec::new());
                if let Some(id) = it.value.get("operationId").and_then(Node::scalar) {
                    operation.name = format!("{}: {id}", it.key);
                }
                found.push(operation);
            }
            _ => {}
        }
    }
    found
}

fn symbol(entry: Entry<'_>, kind: SymbolKind, children: Vec<Symbol>) -> Symbol {
    Symbol { name: entry.key.to_owned(), kind, span: entry.span(), selection: Spanned::of_key(entry).span, children }
}

/// What can be folded in a file: sections of documents, mappings and lists of YAML and JSON files. Each span starts in
/// the line that stays visible and ends in the last that does not; those in one line are among them.
pub fn folds(workspace: &Workspace, file: FileId) -> Vec<Span> {
    if let Some(tree) = Trees::new(workspace).of(file) {
        return collections(&tree);
    }
    let Some((facts, tree)) = workspace.facts(file).and_then(|it| Some((it, it.markdown()?))) else {
        return Vec::new();
    };
    let section = |it: &archwright_syntax::markdown::Section| {
        let start = if it.title.is_empty() { it.heading.start } else { it.title.start };
        Span::new(start as usize, it.span.start as usize + it.span.of(&facts.text).trim_end().len())
    };
    tree.sections.iter().skip(1).map(section).collect()
}

fn collections(tree: &Tree) -> Vec<Span> {
    let mut found = Vec::new();
    let mut waiting: Vec<Node<'_>> = tree.roots().collect();
    while let Some(node) = waiting.pop() {
        if node.is_alias() {
            continue;
        }
        for entry in node.written_entries() {
            found.push(entry.span());
            waiting.push(entry.value);
        }
        for item in node.items() {
            found.push(item.span());
            waiting.push(item);
        }
    }
    found.sort_unstable();
    found
}
