//! Completion: the keys that may stand in a mapping, the values of a key, references, and addresses of known channels.

use std::collections::BTreeSet;

use archwright_asyncapi::specification::{Field, ReferenceUse, Shape, object_at, place_at};
use archwright_engine::Workspace;
use archwright_model::{Kind, facts::FileFacts};
use archwright_syntax::{
    data::{Format, Node, PathSegment},
    pointer,
};

use super::cursor::{Cursor, LONG, Typing, cursor};
use crate::{Completion, CompletionKind};

/// What may stand at the cursor; nothing if the file is no AsyncAPI document.
pub(crate) fn completions(workspace: &Workspace, facts: &FileFacts, offset: usize) -> Option<Vec<Completion>> {
    let format = Format::of_path(facts.path.as_str()).filter(|_| facts.kind == Kind::Asyncapi)?;
    let (cursor, tree) = cursor(&facts.text, offset, format)?;
    let root = tree.root()?;
    let path: Vec<PathSegment<'_>> = cursor.path.iter().map(super::cursor::Step::borrow).collect();
    // Of a long text, the tree at the cursor lacks what the names are in.
    let all = facts.asyncapi().filter(|_| facts.text.len() >= LONG).and_then(|it| it.tree.root());
    let asked = Asked { workspace, facts, root, all: all.unwrap_or(root), cursor: &cursor, path: &path, offset };
    let mut found = match cursor.typing {
        Typing::Key => asked.keys(),
        Typing::Value => asked.values(),
    };
    let typed = asked.typed().to_lowercase();
    found.retain(|it| it.label.to_lowercase().contains(&typed));
    Some(found)
}

/// What is asked: the document and the place in it.
pub(super) struct Asked<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) facts: &'a FileFacts,
    /// The tree at the cursor, without what is being typed.
    pub(super) root: Node<'a>,
    /// The tree of the whole text.
    pub(super) all: Node<'a>,
    pub(super) cursor: &'a Cursor,
    /// Where it stands.
    offset: usize,
    pub(super) path: &'a [PathSegment<'a>],
}

impl Asked<'_> {
    fn keys(&self) -> Vec<Completion> {
        if let Some(names) = self.names().or_else(|| self.chosen_keys()) {
            return names;
        }
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
        let detail =
            if field.required { format!("required, {}", describe(&field.shape)) } else { describe(&field.shape) };
        let nests = matches!(field.shape, Shape::Object(..) | Shape::Map(..) | Shape::List { .. } | Shape::Mapping);
        self.completion(
            field.name,
            CompletionKind::Field,
            Some(&detail),
            field.meaning,
            &self.written_key(field.name, nests),
        )
    }

    /// Keys that authors choose, where the workspace knows good ones: the address of a 2.x channel, and the messages of
    /// a channel.
    fn chosen_keys(&self) -> Option<Vec<Completion>> {
        let keys: Vec<&str> = self
            .path
            .iter()
            .map(|it| if let PathSegment::Key(key) = it { Some(*key) } else { None })
            .collect::<Option<_>>()?;
        let written = at(self.root, self.path);
        let is_free = |it: &str| written.is_none_or(|node| node.get(it).is_none());
        match keys.as_slice() {
            ["channels"] if !self.is_v3() => {
                let free = self.addresses().into_iter().filter(|it| is_free(it));
                let key = |it: String| {
                    self.completion(&it, CompletionKind::Channel, Some("channel"), "", &self.written_key(&it, true))
                };
                Some(free.map(key).collect())
            }
            ["channels", _, "messages"] => {
                let messages = self
                    .all
                    .resolve("/components/messages")
                    .into_iter()
                    .flat_map(Node::entries)
                    .filter(|it| is_free(it.key));
                let key = |name: &str| {
                    let reference = format!("#/components/messages/{}", pointer::escape(name));
                    let reference = if self.cursor.json { String::new() } else { format!("$ref: '{reference}'") };
                    let insert = self.written_key(name, !self.cursor.json) + &reference;
                    self.completion(name, CompletionKind::Value, Some("message"), "", &insert)
                };
                Some(messages.map(|it| key(it.key)).collect())
            }
            _ => None,
        }
    }

    /// The names of servers and security schemes where 2.x documents use them.
    fn names(&self) -> Option<Vec<Completion>> {
        let [.., PathSegment::Key(list), PathSegment::Index(_)] = self.path else { return None };
        let (section, detail) = match *list {
            "servers" => ("/servers", "server"),
            "security" => ("/components/securitySchemes", "security scheme"),
            _ => return None,
        };
        let declared = self.all.resolve(section).filter(|_| !self.is_v3())?;
        let name = |name: &str| {
            let insert =
                if detail == "server" { self.scalar(name) } else { format!("{}[]", self.written_key(name, false)) };
            self.completion(name, CompletionKind::Value, Some(detail), "", &insert)
        };
        Some(declared.entries().map(|it| name(it.key)).collect())
    }

    pub(super) fn is_v3(&self) -> bool {
        self.all.get("asyncapi").and_then(Node::scalar).is_none_or(|it| !it.starts_with('2'))
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
        if let Some(names) = self.names() {
            return names;
        }
        let place = place_at(self.root, self.path);
        let mut found: Vec<Completion> =
            place.iter().flat_map(|it| words(it.shape)).map(|it| self.value(it, "value")).collect();
        let holder = self.path.split_last().and_then(|it| object_at(self.root, it.1));
        if *key == "address" && holder.is_some_and(|it| it.name == "channel") {
            found.extend(
                self.addresses().iter().map(|it| self.completion(it, CompletionKind::Channel, Some("channel"), "", it)),
            );
        }
        found
    }

    fn value(&self, value: &str, detail: &str) -> Completion {
        self.completion(value, CompletionKind::Value, Some(detail), "", &self.scalar(value))
    }

    /// A text as a value; words that YAML reads as something else, and texts with signs of its own, get quotes.
    pub(super) fn scalar(&self, value: &str) -> String {
        let quoted = self.facts.text.get(..self.cursor.word.start as usize).is_some_and(|it| it.ends_with(['"', '\'']));
        let plain = !self.cursor.json && !value.starts_with(['#', '*', '&', '!', '%', '@', '`']);
        if quoted {
            return value.to_owned();
        }
        // A space separates the value from its colon.
        let gap = if self.facts.text.get(..self.cursor.word.start as usize).is_some_and(|it| it.ends_with(':')) {
            " "
        } else {
            ""
        };
        match (plain, self.cursor.json) {
            (true, _) => format!("{gap}{value}"),
            (_, true) if matches!(value, "true" | "false") => format!("{gap}{value}"),
            (_, true) => format!("{gap}\"{value}\""),
            _ => format!("{gap}'{value}'"),
        }
    }

    /// What is typed already.
    pub(super) fn typed(&self) -> &str {
        self.facts.text.get(self.cursor.word.start as usize..self.offset).unwrap_or_default()
    }

    pub(super) fn completion(
        &self,
        label: &str,
        kind: CompletionKind,
        detail: Option<&str>,
        documentation: &str,
        insert: &str,
    ) -> Completion {
        Completion {
            label: label.to_owned(),
            kind,
            detail: detail.map(str::to_owned),
            documentation: Some(documentation.to_owned()).filter(|it| !it.is_empty()),
            replace: self.cursor.word,
            insert: insert.to_owned(),
        }
    }

    /// The channels that documents and code of the workspace name.
    fn addresses(&self) -> BTreeSet<String> {
        let typed = self.typed();
        let facts =
            self.workspace.files().filter_map(|it| self.workspace.facts(it)).filter(|it| it.path != self.facts.path);
        let names = facts.flat_map(|it| &it.channels).map(|it| it.name.text.as_str()).filter(|it| it.contains(typed));
        names.map(str::to_owned).take(1_000).collect()
    }
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
