//! What files of infrastructure hold, whatever they are written in: values with their lines, and what they refer to.

use archwright_syntax::{
    LineIndex,
    data::{Kind, Node},
};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// What is nested deeper is not read.
const MAX_NESTING: usize = 40;

/// A value and where it stands.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Data {
    /// Counts from 1.
    pub(crate) line: u32,
    pub(crate) value: Value,
}

/// A value, as far as it is written out.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) enum Value {
    #[default]
    Nothing,
    /// It is written out.
    Text(SmolStr),
    /// Something of the same module, by its path: `aws_sqs_queue.orders.arn`, `local.topic`.
    Reference(Vec<SmolStr>),
    /// Texts and references, one after the other.
    Template(Vec<Data>),
    /// Anything else, as it is written.
    Open(SmolStr),
    Map(Vec<Entry>),
    List(Vec<Data>),
}

/// A key and its value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) key: SmolStr,
    pub(crate) value: Data,
}

impl Data {
    pub(crate) fn new(line: u32, value: Value) -> Self {
        Self { line, value }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Data> {
        self.entries().iter().find(|it| it.key == key).map(|it| &it.value)
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Data] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The values at a path such as `spec/config/retention.ms` or `events[]/queue`; the empty path is the value itself.
    /// What stands in a list of one block is found without brackets.
    pub(crate) fn at<'d>(&'d self, path: &str, found: &mut Vec<&'d Data>) {
        if let (Value::List(items), false) = (&self.value, path.is_empty() || path.starts_with("[]")) {
            if let [only] = items.as_slice() {
                only.at(path, found);
            }
            return;
        }
        if path.is_empty() {
            found.push(self);
        } else if let Some(rest) = path.strip_prefix("[]") {
            let rest = rest.trim_start_matches('/');
            self.items().iter().for_each(|it| it.at(rest, found));
        } else {
            let end = path.find(['/', '[']).unwrap_or(path.len());
            let (key, rest) = path.split_at(end);
            if let Some(value) = self.get(key) {
                value.at(rest.strip_prefix('/').unwrap_or(rest), found);
            }
        }
    }

    /// The only value at a path.
    pub(crate) fn one(&self, path: &str) -> Option<&Data> {
        let mut found = Vec::new();
        self.at(path, &mut found);
        match found.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// The lines of a text.
pub(crate) struct Lines(LineIndex);

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        Self(LineIndex::new(text))
    }

    /// The line of a byte; counts from 1.
    pub(crate) fn of(&self, at: usize) -> u32 {
        u32::try_from(self.0.line_of(at)).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// A node of YAML or JSON. Functions of `CloudFormation` are read in both of their forms.
pub(crate) fn of_node(node: Node<'_>, lines: &Lines, depth: usize) -> Data {
    let line = lines.of(node.span().start as usize);
    if depth > MAX_NESTING {
        return Data::new(line, Value::Open("...".into()));
    }
    let value = match (tag(node), node.kind()) {
        (Some(tag), _) => of_function(tag, node, line, lines, depth),
        (None, Kind::Mapping) => {
            let mut entries = node.entries();
            let only = entries.next().filter(|_| entries.next().is_none());
            match only.filter(|it| it.key == "Ref" || it.key.starts_with("Fn::")) {
                Some(only) => of_function(only.key.trim_start_matches("Fn::"), only.value, line, lines, depth),
                None => Value::Map(
                    node.entries()
                        .map(|it| {
                            let mut value = of_node(it.value, lines, depth + 1);
                            // What is a block is told by its key, and so is what stands elsewhere.
                            value.line = lines.of(it.key_span.start as usize);
                            Entry { key: it.key.into(), value }
                        })
                        .collect(),
                ),
            }
        }
        (None, Kind::Sequence) => Value::List(node.items().map(|it| of_node(it, lines, depth + 1)).collect()),
        (None, Kind::Null) => Value::Nothing,
        (None, _) => node.scalar().map_or(Value::Nothing, of_text),
    };
    Data::new(line, value)
}

/// A text, which may have holes that something else fills: `${..}`, `{{ .. }}`, `%{..}`.
pub(crate) fn of_text(text: &str) -> Value {
    let is_open = ["${", "{{", "%{", "$(", "<<", "#{"].iter().any(|it| text.contains(it))
        || (text.starts_with('$') || text.starts_with('<') && text.ends_with('>'));
    if is_open { Value::Open(text.trim().into()) } else { Value::Text(text.trim().into()) }
}

/// The tag in front of a value, without its `!`.
pub(super) fn tag(node: Node<'_>) -> Option<&str> {
    let before = node.tree().text().get(..node.span().start as usize)?.trim_end();
    let start = before.rfind(|it: char| it.is_whitespace() || matches!(it, ',' | '[' | '{')).map_or(0, |it| it + 1);
    before.get(start..)?.strip_prefix('!').filter(|it| it.chars().all(char::is_alphanumeric) && !it.is_empty())
}

/// A function of `CloudFormation`: what it takes from the same file, or how it is written.
fn of_function(name: &str, argument: Node<'_>, line: u32, lines: &Lines, depth: usize) -> Value {
    let written = || Value::Open(format!("{name} {}", argument.source().trim()).into());
    match name {
        "Ref" | "GetAtt" => {
            let list: Vec<SmolStr> = argument.items().filter_map(|it| it.scalar().map(SmolStr::new)).collect();
            let path = match argument.scalar() {
                Some(text) => text.split('.').map(SmolStr::new).collect(),
                None => list,
            };
            if path.is_empty() || path.iter().any(|it| it.contains("::")) { written() } else { Value::Reference(path) }
        }
        "Sub" => {
            let text = argument.scalar().or_else(|| argument.items().next().and_then(Node::scalar));
            let Some(text) = text.filter(|_| argument.scalar().is_some()) else { return written() };
            of_substitution(text, line).unwrap_or_else(written)
        }
        "Split" | "Select" | "Join" | "If" | "FindInMap" | "ImportValue" | "Base64" | "Transform" | "Cidr"
        | "GetAZs" | "Condition" => written(),
        // Tags that only name a type.
        _ if depth < MAX_NESTING && argument.scalar().is_none() => of_node_untagged(argument, lines, depth),
        _ => written(),
    }
}

fn of_node_untagged(node: Node<'_>, lines: &Lines, depth: usize) -> Value {
    match node.kind() {
        Kind::Sequence => Value::List(node.items().map(|it| of_node(it, lines, depth + 1)).collect()),
        _ => Value::Open(node.source().into()),
    }
}

/// `orders-${Dead}`: texts and what they refer to; `None` if a part is neither.
fn of_substitution(text: &str, line: u32) -> Option<Value> {
    if !text.contains("${") {
        return Some(of_text(text));
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, tail) = after.split_once('}')?;
        if name.contains(':') || name.starts_with('!') {
            return None;
        }
        if !before.is_empty() {
            parts.push(Data::new(line, Value::Text(before.into())));
        }
        let path = name.trim().split('.').map(SmolStr::new).collect();
        parts.push(Data::new(line, Value::Reference(path)));
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(Data::new(line, Value::Text(rest.into())));
    }
    match parts.as_mut_slice() {
        [only] => Some(std::mem::take(&mut only.value)),
        _ => Some(Value::Template(parts)),
    }
}
