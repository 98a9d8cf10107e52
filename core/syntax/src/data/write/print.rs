//! The printer: values become text at an indentation.

use std::collections::BTreeMap;

use super::{
    Above, Pair, Style, Value,
    source::{
        behind_colon, column, comment_at_key, comment_behind, comments_above, expanded, is_alias_key, is_block,
        is_in_flow, is_json, is_one_line, properties,
    },
    style::indent_at,
};
use crate::{
    Span, TextEdit,
    data::{Kind, Node},
};

/// How deep values nest at most; what is deeper is left out.
const MAX_DEPTH: usize = 600;

/// Writes values in a style. Parts of a document are written as they are there, with their comments.
#[derive(Clone, Debug)]
pub struct Printer<'a> {
    style: &'a Style,
    /// Changes inside of kept parts, by where they start.
    edits: &'a BTreeMap<u32, TextEdit>,
    /// Whether kept parts are written anew, without anchors and aliases.
    expand: bool,
    out: String,
}

/// Where a value is written.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Behind `key:`.
    Key,
    /// Behind a dash.
    Item,
    /// At the start of a line that is indented already.
    Line,
}

impl<'a> Printer<'a> {
    /// A printer that makes these changes inside of what it keeps.
    pub fn new(style: &'a Style, edits: &'a BTreeMap<u32, TextEdit>) -> Self {
        Self { style, edits, expand: false, out: String::new() }
    }

    /// The style it writes in.
    pub fn style(&self) -> &'a Style {
        self.style
    }

    /// The same, but aliases are written out, so that parts may stand in any order.
    #[must_use]
    pub fn expanding(self) -> Self {
        Self { expand: true, ..self }
    }

    /// A value whose first line begins at `indent`, without that indentation and without a line break at the end.
    pub fn value(mut self, value: &Value<'_>, indent: &str) -> String {
        if self.style.json {
            self.json(value, indent, 0);
        } else {
            self.yaml(value, indent, Place::Line, 0);
        }
        self.out
    }

    /// A pair whose key stands at `indent`, with its comments, without indentation of its first line.
    pub fn pair(mut self, pair: &Pair<'_>, indent: &str) -> String {
        if self.style.json {
            self.json_pair(pair, indent, 0);
        } else {
            self.yaml_pair(pair, indent, false, 0);
        }
        self.out
    }

    /// A list item whose dash stands at `indent`, without indentation of its first line.
    pub fn item(mut self, value: &Value<'_>, indent: &str) -> String {
        if self.style.json {
            self.json(value, indent, 0);
        } else {
            self.out.push('-');
            self.yaml(value, indent, Place::Item, 0);
        }
        self.out
    }

    /// A pair between braces, on one line.
    pub fn flow_pair(mut self, pair: &Pair<'_>) -> String {
        self.flow_key(pair);
        self.flow(&pair.value, 0);
        self.out
    }

    /// A value between brackets, on one line.
    pub fn flow_value(mut self, value: &Value<'_>) -> String {
        self.flow(value, 0);
        self.out
    }

    fn flow_key(&mut self, pair: &Pair<'_>) {
        self.out.push_str(&self.style.flow_text(&pair.key));
        self.out.push_str(if self.style.compact { ":" } else { ": " });
    }

    fn flow(&mut self, value: &Value<'_>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let (gap, comma) = if self.style.compact { ("", ",") } else { (" ", ", ") };
        match value {
            Value::Node(node) if self.changed(*node) => {}
            Value::Node(node) if !self.expand && is_one_line(*node) => {
                let text = node.tree().text();
                self.slice(text, node.span(), "", "");
            }
            Value::Node(node) => self.flow(&expanded(*node), depth + 1),
            Value::Text(text) => self.out.push_str(&self.style.flow_text(text)),
            Value::Plain(text) => self.out.push_str(text),
            Value::Map(pairs) if pairs.is_empty() => self.out.push_str("{}"),
            Value::Map(pairs) => {
                self.out.push('{');
                self.out.push_str(gap);
                for (at, pair) in pairs.iter().enumerate() {
                    self.out.push_str(if at > 0 { comma } else { "" });
                    self.flow_key(pair);
                    self.flow(&pair.value, depth + 1);
                }
                self.out.push_str(gap);
                self.out.push('}');
            }
            Value::List(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.out.push_str(if at > 0 { comma } else { "" });
                    self.flow(item, depth + 1);
                }
                self.out.push(']');
            }
        }
    }

    /// Writes what a change puts in the place of the whole node, if there is such a change.
    fn changed(&mut self, node: Node<'_>) -> bool {
        let target = node.alias_of().unwrap_or(node);
        match self.edits.get(&target.span().start) {
            Some(edit) if edit.span == target.span() => {
                self.out.push_str(&edit.replacement);
                true
            }
            _ => false,
        }
    }

    fn line(&mut self, indent: &str) {
        self.out.push_str(self.style.newline);
        self.out.push_str(indent);
    }

    /// A stretch of a document with the changes inside of it, moved from one indentation to another.
    fn slice(&mut self, text: &str, span: Span, base: &str, indent: &str) {
        let mut changed = String::new();
        let mut done = span.start as usize;
        for (_, edit) in self.edits.range(span.start..span.end) {
            changed.push_str(text.get(done..edit.span.start as usize).unwrap_or_default());
            changed.push_str(&edit.replacement);
            done = edit.span.end as usize;
        }
        changed.push_str(text.get(done..span.end as usize).unwrap_or_default());
        for (at, line) in changed.trim_end_matches(['\n', '\r']).lines().enumerate() {
            if at == 0 {
                self.out.push_str(line);
                continue;
            }
            self.out.push_str(self.style.newline);
            if line.trim().is_empty() {
                continue;
            }
            self.out.push_str(indent);
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            self.out.push_str(line.get(base.len().min(blanks)..).unwrap_or_default());
        }
    }

    fn yaml(&mut self, value: &Value<'_>, indent: &str, place: Place, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let gap = if place == Place::Line { "" } else { " " };
        match value {
            Value::Node(node) => self.yaml_node(*node, indent, place, depth),
            Value::Text(text) => {
                self.out.push_str(gap);
                self.out.push_str(&self.style.text(text));
            }
            Value::Plain(text) => {
                self.out.push_str(gap);
                self.out.push_str(text);
            }
            Value::Map(pairs) if pairs.is_empty() => {
                self.out.push_str(gap);
                self.out.push_str("{}");
            }
            Value::List(items) if items.is_empty() => {
                self.out.push_str(gap);
                self.out.push_str("[]");
            }
            Value::Map(pairs) => {
                let inner = self.inner(indent, place, true);
                for (at, pair) in pairs.iter().enumerate() {
                    match (at, place) {
                        (0, Place::Item) => self.out.push(' '),
                        (0, Place::Line) => {}
                        _ => self.line(&inner),
                    }
                    self.yaml_pair(pair, &inner, place == Place::Key || at > 0, depth + 1);
                }
            }
            Value::List(items) => {
                let inner = self.inner(indent, place, false);
                for (at, item) in items.iter().enumerate() {
                    match (at, place) {
                        (0, Place::Item) => self.out.push(' '),
                        (0, Place::Line) => {}
                        _ => self.line(&inner),
                    }
                    self.out.push('-');
                    self.yaml(item, &inner, Place::Item, depth + 1);
                }
            }
        }
    }

    /// The indentation of what is inside.
    fn inner(&self, indent: &str, place: Place, is_map: bool) -> String {
        match place {
            Place::Line => indent.to_owned(),
            Place::Item => format!("{indent}  "),
            Place::Key if is_map || self.style.indents_items => format!("{indent}{}", self.style.step),
            Place::Key => indent.to_owned(),
        }
    }

    /// A pair on a line of its own; `with_comments` if the lines above it may be written, too.
    fn yaml_pair(&mut self, pair: &Pair<'_>, indent: &str, with_comments: bool, depth: usize) {
        if with_comments && pair.above != Above::Nothing {
            if pair.above == Above::BlankLine {
                self.line("");
            }
            for comment in pair.from.iter().flat_map(|it| comments_above(*it)) {
                self.out.push_str(&comment);
                self.line(if comment.is_empty() { "" } else { indent });
            }
            // A blank line is not followed by blanks.
            let blanks = self.out.len() - self.out.trim_end_matches([' ', '\t']).len();
            if blanks == 0 {
                self.out.push_str(indent);
            }
        }
        match pair.from.first().filter(|it| it.key == pair.key && !is_alias_key(it) && !self.expand) {
            Some(entry) => self.out.push_str(entry.key_span.of(entry.value.tree().text())),
            None => self.out.push_str(&self.style.text(&pair.key)),
        }
        self.out.push(':');
        let own = match &pair.value {
            Value::Node(node) if !self.expand => node.as_entry(),
            _ => None,
        };
        if let Some((entry, span)) = own.and_then(|it| Some((it, behind_colon(it)?))) {
            let text = entry.value.tree().text();
            // JSON needs no blank there.
            if !span.of(text).starts_with([' ', '\t', '\n', '\r']) && !span.is_empty() {
                self.out.push(' ');
            }
            let base = " ".repeat(column(text, entry.key_span.start as usize));
            let base =
                if is_in_flow(entry.value) { indent_at(text, entry.key_span.start as usize).to_owned() } else { base };
            self.slice(text, span, &base, indent);
            if pair.from.contains(&entry) || is_block(entry.value) {
                self.trailing_comment(entry.value);
            }
            return;
        }
        // What is empty stands on the line of its key, and nothing counts behind a comment.
        let (is_block, is_empty) = match &pair.value {
            Value::Map(pairs) => (true, pairs.is_empty()),
            Value::List(items) => (true, items.is_empty()),
            _ => (false, false),
        };
        let comment = pair.from.iter().filter(|_| is_block).find_map(|it| comment_at_key(*it));
        let comment = comment.map(|it| format!(" {it}")).unwrap_or_default();
        if !is_empty {
            self.out.push_str(&comment);
        }
        self.yaml(&pair.value, indent, Place::Key, depth);
        if is_empty {
            self.out.push_str(&comment);
        }
        if matches!(&pair.value, Value::Text(_) | Value::Plain(_))
            && let Some(entry) = pair.from.first()
        {
            self.trailing_comment(entry.value);
        }
    }

    fn trailing_comment(&mut self, node: Node<'_>) {
        if let Some(comment) = comment_behind(node) {
            self.out.push(' ');
            self.out.push_str(comment);
        }
    }

    fn yaml_node(&mut self, node: Node<'_>, indent: &str, place: Place, depth: usize) {
        if self.expand {
            let target = node.alias_of().unwrap_or(node);
            if self.edits.get(&target.span().start).is_some_and(|it| it.span == target.span()) {
                self.out.push_str(if place == Place::Line { "" } else { " " });
                self.changed(node);
                return;
            }
            return self.yaml(&expanded(node), indent, place, depth + 1);
        }
        let text = node.tree().text();
        let properties = if node.is_alias() { Vec::new() } else { properties(node) };
        if place != Place::Line {
            self.out.push_str(if node.span().is_empty() { "" } else { " " });
        }
        for property in &properties {
            self.out.push_str(property);
            self.out.push(' ');
        }
        if !is_block(node) {
            let base = indent_at(text, node.span().start as usize);
            self.slice(text, node.span(), base, indent);
            return;
        }
        let inner = self.inner(indent, place, node.kind() == Kind::Mapping);
        if place == Place::Key || !properties.is_empty() {
            let end = self.out.trim_end_matches(' ').len();
            self.out.truncate(end);
            self.line(&inner);
        }
        let base = " ".repeat(column(text, node.span().start as usize));
        self.slice(text, node.span(), &base, &inner);
        self.trailing_comment(node);
    }

    fn json(&mut self, value: &Value<'_>, indent: &str, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let (open, close) = if matches!(value, Value::Map(_)) { ('{', '}') } else { ('[', ']') };
        match value {
            Value::Node(node) if !self.expand && is_json(*node) => {
                let text = node.tree().text();
                let base = indent_at(text, node.span().start as usize);
                self.slice(text, node.span(), base, indent);
            }
            Value::Node(node) if self.changed(*node) => {}
            Value::Node(node) => self.json(&expanded(*node), indent, depth + 1),
            Value::Text(text) => self.out.push_str(&self.style.text(text)),
            Value::Plain(text) => self.out.push_str(text),
            Value::Map(pairs) if pairs.is_empty() => self.out.push_str("{}"),
            Value::List(items) if items.is_empty() => self.out.push_str("[]"),
            Value::Map(_) | Value::List(_) => {
                let inner = format!("{indent}{}", self.style.step);
                let none: (&[Pair<'_>], &[Value<'_>]) = (&[], &[]);
                let (pairs, items) = match value {
                    Value::Map(pairs) => (pairs.as_slice(), none.1),
                    Value::List(items) => (none.0, items.as_slice()),
                    _ => none,
                };
                self.out.push(open);
                for (at, pair) in pairs.iter().enumerate() {
                    self.separate(at, &inner);
                    self.json_pair(pair, &inner, depth + 1);
                }
                for (at, item) in items.iter().enumerate() {
                    self.separate(at, &inner);
                    self.json(item, &inner, depth + 1);
                }
                if !self.style.compact {
                    self.line(indent);
                }
                self.out.push(close);
            }
        }
    }

    fn separate(&mut self, at: usize, indent: &str) {
        if at > 0 {
            self.out.push(',');
        }
        if !self.style.compact {
            self.line(indent);
        }
    }

    fn json_pair(&mut self, pair: &Pair<'_>, indent: &str, depth: usize) {
        self.out.push_str(&self.style.text(&pair.key));
        let own = match &pair.value {
            Value::Node(node) => pair.from.iter().find(|it| it.value == *node).copied(),
            _ => None,
        };
        match own.filter(|it| !self.expand && is_json(it.value)).and_then(|it| Some((it, behind_colon(it)?))) {
            Some((entry, span)) => {
                let text = entry.value.tree().text();
                let base = indent_at(text, entry.key_span.start as usize);
                self.out.push(':');
                self.slice(text, span, base, indent);
            }
            None => {
                self.out.push_str(if self.style.compact { ":" } else { ": " });
                self.json(&pair.value, indent, depth);
            }
        }
    }
}
