//! Completion: the keys that may stand in a mapping, the values of a key, references, and addresses of known channels.

use std::collections::BTreeSet;

use archwright_asyncapi::specification::{Field, ReferenceUse, Shape, object_at, place_at};
use archwright_syntax::data::{Format, Kind as NodeKind, Node, PathSegment, escape_pointer_token};

use super::cursor::{Cursor, Typing, cursor};
use crate::{
    Kind, Workspace,
    facts::FileFacts,
    features::{Completion, CompletionKind},
};

/// What may stand at the cursor; nothing if the file is no AsyncAPI document.
pub(in crate::features) fn completions(workspace: &Workspace, facts: &FileFacts, offset: usize) -> Option<Vec<Completion>> {
    let format = Format::of_path(facts.path.as_str()).filter(|_| facts.kind == Kind::Asyncapi)?;
    let (cursor, tree) = cursor(&facts.text, offset, format)?;
    let root = tree.root()?;
    let path: Vec<PathSegment<'_>> = cursor.path.iter().map(super::cursor::Step::borrow).collect();
    let asked = Asked { workspace, facts, root, cursor: &cursor, path: &path };
    Some(match cursor.typing {
        Typing::Key => asked.keys(),
        Typing::Value => asked.values(),
    })
}

/// What is asked: the document and the place in it.
struct Asked<'a> {
    workspace: &'a Workspace,
    facts: &'a FileFacts,
    root: Node<'a>,
    cursor: &'a Cursor,
    path: &'a [PathSegment<'a>],
}

impl Asked<'_> {
    fn keys(&self) -> Vec<Completion> {
        let node = at(self.root, self.path);
        let is_written = |name: &str| node.is_some_and(|it| it.get(name).is_some());
        let Some(object) = object_at(self.root, self.path) else { return Vec::new() };
        let open: Vec<&Field> = object.fields().iter().filter(|it| !is_written(it.name)).collect();
        let (required, others): (Vec<&Field>, Vec<&Field>) = open.into_iter().partition(|it| it.required);
        let mut found: Vec<Completion> = required.into_iter().chain(others).map(|it| self.key(it)).collect();
        let may_refer = place_at(self.root, self.path)
            .is_some_and(|it| matches!(it.shape, Shape::Object(_, ReferenceUse::Allowed | ReferenceUse::Required)));
        if may_refer && node.is_none_or(Node::is_empty) {
            found.push(self.completion(
                "$ref",
                CompletionKind::Field,
                Some("reference"),
                "Stands for what is defined in another place.",
                &self.written_key("$ref", false),
            ));
        }
        found
    }

    fn key(&self, field: &Field) -> Completion {
        let detail = if field.required { format!("required, {}", describe(&field.shape)) } else { describe(&field.shape) };
        let nests = matches!(field.shape, Shape::Object(..) | Shape::Map(..) | Shape::List { .. } | Shape::Mapping);
        self.completion(field.name, CompletionKind::Field, Some(&detail), field.meaning, &self.written_key(field.name, nests))
    }

    /// A key as it is put there: with its colon, unless one follows, and with a line for what nests below it.
    fn written_key(&self, name: &str, nests: bool) -> String {
        let after = self.facts.text.get(self.cursor.word.end as usize..).unwrap_or_default();
        if self.cursor.json {
            let quoted = self.facts.text.get(..self.cursor.word.start as usize).is_some_and(|it| it.ends_with('"'));
            return if quoted { name.to_owned() } else { format!("\"{name}\"") };
        }
        if after.starts_with(':') {
            return name.to_owned();
        }
        if nests { format!("{name}:\n{}", " ".repeat(self.cursor.indent + 2)) } else { format!("{name}: ") }
    }

    fn values(&self) -> Vec<Completion> {
        let Some(PathSegment::Key(key)) = self.path.last() else { return Vec::new() };
        if *key == "$ref" {
            return self.references();
        }
        let place = place_at(self.root, self.path);
        let mut found: Vec<Completion> = place.iter().flat_map(|it| words(it.shape)).map(|it| self.value(it, "value")).collect();
        let holder = self.path.split_last().and_then(|it| object_at(self.root, it.1));
        if *key == "address" && holder.is_some_and(|it| it.name == "channel") {
            found.extend(self.addresses().iter().map(|it| self.completion(it, CompletionKind::Channel, Some("channel"), "", it)));
        }
        found
    }

    fn value(&self, value: &str, detail: &str) -> Completion {
        self.completion(value, CompletionKind::Value, Some(detail), "", &self.scalar(value))
    }

    /// A text as a value; words that YAML reads as something else, and texts with signs of its own, get quotes.
    fn scalar(&self, value: &str) -> String {
        let quoted = self.facts.text.get(..self.cursor.word.start as usize).is_some_and(|it| it.ends_with(['"', '\'']));
        let plain = !self.cursor.json && !value.starts_with(['#', '*', '&', '!', '%', '@', '`']);
        if quoted {
            return value.to_owned();
        }
        // A space separates the value from its colon.
        let gap = if self.facts.text.get(..self.cursor.word.start as usize).is_some_and(|it| it.ends_with(':')) { " " } else { "" };
        match (plain, self.cursor.json) {
            (true, _) => format!("{gap}{value}"),
            (_, true) if matches!(value, "true" | "false") => format!("{gap}{value}"),
            (_, true) => format!("{gap}\"{value}\""),
            _ => format!("{gap}'{value}'"),
        }
    }

    fn completion(&self, label: &str, kind: CompletionKind, detail: Option<&str>, documentation: &str, insert: &str) -> Completion {
        Completion {
            label: label.to_owned(),
            kind,
            detail: detail.map(str::to_owned),
            documentation: Some(documentation.to_owned()).filter(|it| !it.is_empty()),
            replace: self.cursor.word,
            insert: insert.to_owned(),
        }
    }

    /// What a reference here may name: the parts of the document that fit, and schema files of the workspace.
    fn references(&self) -> Vec<Completion> {
        let Some((_, holder)) = self.path.split_last() else { return Vec::new() };
        let mut pointers = Vec::new();
        for pointer in self.sections(holder) {
            let Some(section) = self.root.resolve(&pointer) else { continue };
            let names = section.entries().map(|it| format!("#{pointer}/{}", escape_pointer_token(it.key)));
            // A part does not stand for itself.
            pointers.extend(names.filter(|it| *it != format!("#{}", pointer_of(holder))));
        }
        let mut found: Vec<Completion> =
            pointers.iter().map(|it| self.completion(it, CompletionKind::Value, Some("in this document"), "", &self.scalar(it))).collect();
        if self.expects(holder) == Some("schema") {
            let folder = self.facts.path.parent();
            let schemas = self.workspace.files().filter(|it| self.workspace.kind(*it) == Kind::Schema);
            let mut paths: Vec<String> = schemas.map(|it| self.workspace.path(it).relative_to(&folder)).collect();
            paths.sort();
            let path = |it: &String| if it.starts_with("..") { it.clone() } else { format!("./{it}") };
            found
                .extend(paths.iter().map(path).map(|it| self.completion(&it, CompletionKind::File, Some("schema"), "", &self.scalar(&it))));
        }
        found
    }

    /// The name of the object that is expected where a reference stands.
    fn expects(&self, holder: &[PathSegment<'_>]) -> Option<&'static str> {
        let place = place_at(self.root, holder)?;
        let object = |shape: &Shape| match shape {
            Shape::Object(id, _) => place.specification.object(*id).map(|it| it.name),
            Shape::Payload => Some("schema"),
            _ => None,
        };
        let name = match place.shape {
            Shape::OneOf(shapes) => shapes.iter().find_map(object),
            shape => object(shape),
        };
        // A schema may be wrapped with its format.
        if name.is_some_and(|it| it.to_ascii_lowercase().ends_with("schema")) { Some("schema") } else { name }
    }

    /// The pointers of the mappings whose entries fit.
    fn sections(&self, holder: &[PathSegment<'_>]) -> Vec<String> {
        let Some(expected) = self.expects(holder) else { return self.components() };
        let is_v3 =
            self.root.get("channels").is_some() && self.root.get("asyncapi").and_then(Node::as_str).is_some_and(|it| it.starts_with('3'));
        let in_operation = is_v3 && matches!(holder.first(), Some(PathSegment::Key("operations")));
        let keys: Vec<&str> = holder.iter().filter_map(|it| if let PathSegment::Key(key) = it { Some(*key) } else { None }).collect();
        match expected {
            "channel" if is_v3 && holder.len() > 2 => vec!["/channels".to_owned(), "/components/channels".to_owned()],
            "server" if is_v3 && holder.len() > 2 => vec!["/servers".to_owned(), "/components/servers".to_owned()],
            "message" if in_operation => {
                let operation: Vec<PathSegment<'_>> = holder.iter().take(2).copied().collect();
                let channel = at(self.root, &operation).and_then(|it| it.get("channel")?.get("$ref")?.as_str());
                match channel.and_then(|it| it.strip_prefix('#')) {
                    Some(channel) => vec![format!("{channel}/messages")],
                    None => Vec::new(),
                }
            }
            "schema" => vec!["/components/schemas".to_owned()],
            expected => {
                let fitting = self.components().into_iter().filter(|it| {
                    let section = it.rsplit('/').next().unwrap_or_default();
                    let singular =
                        section.strip_suffix("ies").map_or_else(|| section.trim_end_matches('s').to_owned(), |it| format!("{it}y"));
                    singular == expected || keys.contains(&section) || section == expected
                });
                let fitting: Vec<String> = fitting.collect();
                if fitting.is_empty() { self.components() } else { fitting }
            }
        }
    }

    fn components(&self) -> Vec<String> {
        let components = self.root.get("components").into_iter().flat_map(Node::entries);
        components
            .filter(|it| it.value.kind() == NodeKind::Mapping)
            .map(|it| format!("/components/{}", escape_pointer_token(it.key)))
            .collect()
    }

    /// The channels that documents and code of the workspace name.
    fn addresses(&self) -> BTreeSet<String> {
        let facts = self.workspace.files().filter_map(|it| self.workspace.facts(it)).filter(|it| it.path != self.facts.path);
        facts.flat_map(|it| &it.channels).map(|it| it.name.text.to_string()).take(1_000).collect()
    }
}

fn pointer_of(path: &[PathSegment<'_>]) -> String {
    path.iter().fold(String::new(), |pointer, it| match it {
        PathSegment::Key(key) => pointer + "/" + &escape_pointer_token(key),
        PathSegment::Index(at) => format!("{pointer}/{at}"),
    })
}

/// The node at a path, as it is written.
pub(super) fn at<'t>(root: Node<'t>, path: &[PathSegment<'_>]) -> Option<Node<'t>> {
    path.iter().try_fold(root, |node, step| match *step {
        PathSegment::Key(key) => node.get(key),
        PathSegment::Index(at) => node.item(at),
    })
}

/// The words that a value may be.
pub(super) fn words(shape: &Shape) -> Vec<&'static str> {
    match shape {
        Shape::Values(values) => values.clone(),
        Shape::Boolean => vec!["true", "false"],
        Shape::OneOf(shapes) => shapes.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

/// What a value may be, in few words.
pub(super) fn describe(shape: &Shape) -> String {
    match shape {
        Shape::Any => "any value".to_owned(),
        Shape::Null => "null".to_owned(),
        Shape::Text(_) => "text".to_owned(),
        Shape::Values(_) => "one of a few words".to_owned(),
        Shape::Integer(..) | Shape::Integers(_) => "integer".to_owned(),
        Shape::Number(_) => "number".to_owned(),
        Shape::Boolean => "true or false".to_owned(),
        Shape::Mapping | Shape::Map(..) => "mapping".to_owned(),
        Shape::Object(_, ReferenceUse::Required) => "reference".to_owned(),
        Shape::Object(..) => "object".to_owned(),
        Shape::List { items, .. } => format!("list of {}", describe(items)),
        Shape::Payload => "schema".to_owned(),
        Shape::OneOf(shapes) => shapes.iter().map(describe).collect::<Vec<_>>().join(" or "),
    }
}
