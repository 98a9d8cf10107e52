//! Conversion of AsyncAPI 2.x documents to 3.0: text in, text out.
//!
//! It follows the migration guide of AsyncAPI 3.0.0: operations leave their channels and say what the application does,
//! not what others can do; channels have addresses and messages by name; what is reused is referred to. Kept parts are
//! written as they were, with their comments; a comment that has no place any more is named.

mod binding_fields;
mod binding_forms;
mod binding_references;
mod binding_versions;
mod channels;
mod comments;
mod messages;
mod parts;
mod pointers;
mod servers;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use archwright_syntax::{
    Span, TextEdit,
    data::{
        Entry, Format, Kind, Node, PathSegment, SyntaxErrorKind, Tree, parse,
        write::{Pair, Printer, Style, Value, is_apart},
    },
};

use crate::{Diagnostic, NoDocuments, Severity, references, validate};
use pointers::Pointers;

/// The version that documents are converted to.
pub const TARGET: &str = "3.0.0";

/// What came of a conversion.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Converted {
    /// The new document, in the notation of the old one.
    pub text: String,
    /// What 3.0 cannot say, or what is left to do by hand.
    pub notes: Vec<ConversionNote>,
}

/// Something to know about a conversion.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConversionNote {
    /// Where it is in the old document.
    pub span: Span,
    /// What it is.
    pub message: String,
}

/// Why a document cannot be converted.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ConversionError {
    /// The text is no YAML or JSON.
    #[error("the document cannot be read at line {line}: {message}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// It is no AsyncAPI document of version 2.
    #[error("`{0}` is not a version that can be converted: write a document of AsyncAPI 2.0 to 2.6")]
    Version(String),
    /// It says nothing of its version.
    #[error("the document has no `asyncapi` version: it is no AsyncAPI document")]
    NoVersion,
    /// The result would not be a document of the same notation.
    #[error("the document cannot be written in the new order: {0}")]
    Result(String),
}

/// Converts a document of AsyncAPI 2.0 to 2.6 to 3.0.0.
///
/// What stands in other files is left alone, and the notes say so. A channel keeps its address as its name, unless
/// `x-channelId` gives it one. Publishing becomes receiving and the other way round (migration guide, "Operation
/// keywords").
///
/// ```
/// use archwright_asyncapi::conversion::{ConversionError, to_v3};
/// use archwright_syntax::data::{Format, parse};
///
/// let text = "
/// asyncapi: 2.6.0
/// info: { title: Orders, version: 1.0.0 }
/// channels:
///   orders.placed.v1:
///     subscribe: { operationId: placeOrder }
/// ";
/// let converted = to_v3(text, Format::Yaml)?;
/// let tree = parse(converted.text, Format::Yaml);
/// assert_eq!(tree.pointer("/asyncapi").unwrap().as_str(), Some("3.0.0"));
/// // What others could subscribe to is what the application sends.
/// assert_eq!(tree.pointer("/operations/placeOrder/action").unwrap().as_str(), Some("send"));
/// # Ok::<(), ConversionError>(())
/// ```
///
/// # Errors
/// If the text cannot be read or is of another version.
pub fn to_v3(text: &str, format: Format) -> Result<Converted, ConversionError> {
    let tree = parse(text, format);
    let fatal = |it: &SyntaxErrorKind| !matches!(it, SyntaxErrorKind::DuplicateKey | SyntaxErrorKind::DuplicateAnchor);
    if let Some(error) = tree.errors().iter().find(|it| fatal(&it.kind)) {
        // What is wrong with a text that is none helps nobody.
        let says_version =
            |it: &str| it.trim_start_matches(['{', '"', '\'', ' ', '\t', '\u{feff}']).starts_with("asyncapi");
        if !text.lines().any(says_version) {
            return Err(ConversionError::NoVersion);
        }
        let line = text.get(..error.span.start as usize).unwrap_or_default().matches('\n').count() + 1;
        return Err(ConversionError::Syntax { line, message: error.message.clone() });
    }
    let root = tree.root().filter(|it| it.kind() == Kind::Mapping).ok_or(ConversionError::NoVersion)?;
    let written = root.get("asyncapi").and_then(Node::scalar).ok_or(ConversionError::NoVersion)?;
    if crate::validation::version(root).is_none_or(|it| it.0 != 2) {
        return Err(ConversionError::Version(written.to_owned()));
    }
    let mut conversion = Conversion::new(root);
    let document = conversion.document();
    let edits = conversion.edits();
    let style = Style::of(&tree);
    let printer = || Printer::new(&style, &edits);
    let mut result = around(&tree, root, &printer().value(&Value::Map(document.clone()), ""), style.newline);
    // Anchors may have come to stand behind their aliases; then the aliases are written out.
    let is_sound = |text: &str| parse(text, format).errors().iter().all(|it| it.kind == SyntaxErrorKind::DuplicateKey);
    if !is_sound(&result) {
        result = around(&tree, root, &printer().expanding().value(&Value::Map(document), ""), style.newline);
    }
    if let Some(error) = parse(result.as_str(), format).errors().iter().find(|it| fatal(&it.kind)) {
        return Err(ConversionError::Result(error.message.clone()));
    }
    let mut notes = conversion.notes;
    let version = root.get("asyncapi").map_or(root.span(), Node::span);
    let written_out = binding_references::write_out(&mut result, format);
    let adapted = binding_forms::adapt(&mut result, format);
    let fitted = binding_versions::fit(&mut result, format);
    let left_out = binding_fields::leave_out(&mut result, &tree);
    let of_bindings = written_out.into_iter().chain(adapted).chain(fitted).chain(left_out);
    notes.extend(of_bindings.map(|message| ConversionNote { span: version, message }));
    let new = parse(result.as_str(), format);
    notes.extend(comments::lost(&tree, &new));
    if errors(&tree).is_empty() {
        let left = errors(&new);
        notes.extend(left.iter().map(|it| {
            let message = format!("to mend by hand: `{}`: {}", it.span.of(new.text()), it.message);
            ConversionNote { span: version, message }
        }));
    }
    notes.sort_by_key(|it| it.span.start);
    notes.dedup();
    Ok(Converted { text: result, notes })
}

/// What the specification has against a document.
fn errors(tree: &Tree) -> Vec<Diagnostic> {
    validate(tree, &NoDocuments).into_iter().filter(|it| it.severity == Severity::Error).collect()
}

/// The new document with what stands before and after the old one.
fn around(tree: &Tree, root: Node<'_>, document: &str, newline: &str) -> String {
    let text = tree.text();
    let before = text.get(..root.span().start as usize).unwrap_or_default();
    let after = text.get(root.span().end as usize..).unwrap_or_default();
    if root.source().starts_with('{') {
        return [before, document, after].concat();
    }
    // The comment behind the last value went with it.
    let after = if root.source().ends_with('\n') {
        after
    } else {
        after.find(['\n', '\r']).and_then(|it| after.get(it..)).unwrap_or_default()
    };
    let newline = if after.starts_with(['\n', '\r']) { "" } else { newline };
    [before, document, newline, after].concat()
}

/// One conversion.
struct Conversion<'t> {
    root: Node<'t>,
    pointers: Pointers,
    notes: Vec<ConversionNote>,
    /// The operations of the document by name, in order.
    operations: Vec<Pair<'t>>,
    /// The operations of components.
    component_operations: Vec<Pair<'t>>,
    operation_names: HashSet<String>,
    /// What single messages of components become, when they are several.
    choices: HashMap<String, Vec<messages::Choice<'t>>>,
    /// The addresses that components' channels have, by the channels of the document that refer to them.
    addresses: HashMap<String, Vec<&'t str>>,
}

impl<'t> Conversion<'t> {
    fn new(root: Node<'t>) -> Self {
        Self {
            root,
            pointers: Pointers::default(),
            notes: Vec::new(),
            operations: Vec::new(),
            component_operations: Vec::new(),
            operation_names: HashSet::new(),
            choices: HashMap::new(),
            addresses: HashMap::new(),
        }
    }

    fn note(&mut self, node: Node<'_>, message: impl Into<String>) {
        self.notes.push(ConversionNote { span: node.span(), message: message.into() });
    }

    /// The entries of the new document.
    fn document(&mut self) -> Vec<Pair<'t>> {
        let root = self.root;
        self.note_files();
        self.find_choices();
        self.find_addresses();
        let channels = root.entry("channels").map(|it| self.channels(it, false));
        let components = root.entry("components").map(|it| self.components(it));
        let mut document = Vec::new();
        for entry in entries(root) {
            match entry.key {
                "asyncapi" => document.push(version(entry)),
                "info" => document.push(self.info(entry)),
                "tags" | "externalDocs" if root.get("info").is_some() => {}
                "servers" => document.push(self.servers(entry)),
                "channels" => {
                    document.extend(channels.clone());
                    let operations = std::mem::take(&mut self.operations);
                    if !operations.is_empty() {
                        document.push(Pair::new("operations", Value::Map(operations)).apart(is_apart(entry)));
                    }
                }
                "components" => document.extend(components.clone()),
                _ => document.push(Pair::kept(entry)),
            }
        }
        document
    }

    /// Tags and further documentation belong to the application, which `info` is about.
    fn info(&mut self, entry: Entry<'t>) -> Pair<'t> {
        let moved: Vec<_> = ["tags", "externalDocs"].iter().filter_map(|it| self.root.entry(it)).collect();
        if moved.is_empty() || entry.value.kind() != Kind::Mapping {
            return Pair::kept(entry);
        }
        let mut pairs: Vec<_> = entries(entry.value).map(Pair::kept).collect();
        for moved in moved {
            self.pointers.add(&format!("/{}", moved.key), &format!("/info/{}", moved.key));
            pairs.push(Pair::kept(moved));
        }
        Pair::new(entry.key, Value::Map(pairs)).instead_of(entry)
    }

    /// The changed references, by where they stand.
    fn edits(&self) -> BTreeMap<u32, TextEdit> {
        let mut edits = BTreeMap::new();
        references::walk(self.root, &mut |value, _| {
            let Some(target) = value.as_str() else { return };
            if let Some(changed) = self.pointers.moved(target) {
                let source = value.source();
                let replacement = match source.chars().next() {
                    Some('\'') => format!("'{}'", changed.replace('\'', "''")),
                    _ => serde_json::Value::from(changed).to_string(),
                };
                edits.insert(value.span().start, TextEdit::replace(value.span(), replacement));
            }
        });
        edits
    }

    /// Says that other files are left alone.
    fn note_files(&mut self) {
        let mut found: Vec<(Node<'t>, String)> = Vec::new();
        references::walk(self.root, &mut |value, _| {
            let Some(target) = value.as_str() else { return };
            if references::ReferenceKind::of(target) == references::ReferenceKind::Local {
                return;
            }
            let is_schema = |it: &PathSegment<'_>| {
                matches!(it, PathSegment::Key("payload" | "headers" | "schemas" | "bindings" | "schema"))
            };
            if !value.path().iter().any(is_schema) {
                found.push((value, target.to_owned()));
            }
        });
        for (node, target) in found {
            self.note(node, format!("`{target}` is another file and stays as it is: convert what it holds, too"));
        }
    }
}

/// The entries of a mapping as they hold: of a key that stands twice, the last.
fn entries(node: Node<'_>) -> impl Iterator<Item = Entry<'_>> {
    node.entries().filter(move |it| node.entry(it.key).is_some_and(|last| last.value == it.value))
}

fn version(entry: Entry<'_>) -> Pair<'_> {
    // The version is a text in both notations; without quotes only where it had none.
    let source = entry.value.source();
    let value = match source.chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{TARGET}{quote}"),
        _ => TARGET.to_owned(),
    };
    Pair::new(entry.key, Value::Plain(value.into())).instead_of(entry)
}
