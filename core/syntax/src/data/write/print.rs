//! The printer: values become text at an indentation.

use std::collections::BTreeMap;

use super::{Above, Pair, Style, Value, style::indent_at};
use crate::{
    Span, TextEdit,
    data::{Entry, Kind, Node, ScalarStyle},
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
            let base = if is_in_flow(entry.value) { indent_at(text, entry.key_span.start as usize).to_owned() } else { base };
            self.slice(text, span, &base, indent);
            if pair.from.contains(&entry) || is_block(entry.value) {
                self.trailing_comment(entry.value);
            }
            return;
        }
        if matches!(&pair.value, Value::Map(_) | Value::List(_))
            && let Some(comment) = pair.from.iter().find_map(|it| comment_at_key(*it))
        {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.yaml(&pair.value, indent, Place::Key, depth);
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

/// A node as a new value: what aliases and merge keys stand for is written out.
fn expanded(node: Node<'_>) -> Value<'_> {
    let target = node.alias_of().unwrap_or(node);
    match node.kind() {
        Kind::Mapping => {
            let mut pairs: Vec<Pair<'_>> = Vec::new();
            for entry in node.entries().filter(|it| !it.merged || !node.entries().any(|own| !own.merged && own.key == it.key)) {
                pairs.push(Pair::kept(entry));
            }
            Value::Map(pairs)
        }
        Kind::Sequence => Value::List(node.items().map(Value::Node).collect()),
        Kind::String if target.style() == ScalarStyle::Plain || target.source().contains('\n') => {
            Value::Text(node.scalar().unwrap_or_default().into())
        }
        Kind::String => Value::Plain(target.source().into()),
        _ => Value::Plain(Some(node.scalar().unwrap_or_default()).filter(|it| !it.is_empty()).unwrap_or("null").into()),
    }
}

/// Whether a node is a mapping or list without brackets.
fn is_block(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Mapping | Kind::Sequence) && !node.is_alias() && !node.source().starts_with(['{', '['])
}

/// The comment behind the last line of a block, which is about that line and goes where the block goes.
pub fn last_comment(node: Node<'_>) -> Option<Span> {
    let comment = comment_behind(node).filter(|_| is_block(node))?;
    let end = node.span().end as usize;
    let rest = node.tree().text().get(end..)?;
    let start = end + rest.find(comment)?;
    Some(Span::new(end, start + comment.len()))
}

/// The anchor and the tag in front of a node.
fn properties(node: Node<'_>) -> Vec<&str> {
    let mut before = node.tree().text().get(..node.span().start as usize).unwrap_or_default();
    let mut found = Vec::new();
    loop {
        before = before.trim_end_matches([' ', '\t', '\n', '\r']);
        let start = before.rfind([' ', '\t', '\n', '\r']).map_or(0, |it| it + 1);
        match before.split_at_checked(start) {
            Some((rest, word)) if word.starts_with(['&', '!']) => {
                found.push(word);
                before = rest;
            }
            _ => break,
        }
    }
    found.reverse();
    found
}

/// From behind the colon of an entry to the end of its value; `None` where that is not written as `key: value`.
fn behind_colon(entry: Entry<'_>) -> Option<Span> {
    let text = entry.value.tree().text();
    let (start, end) = (entry.key_span.end as usize, entry.value.span().end as usize);
    let rest = text.get(start..end.max(start))?;
    let colon = rest.find(|it: char| !matches!(it, ' ' | '\t'))?;
    rest.get(colon..)?.starts_with(':').then(|| Span::new(start + colon + 1, end.max(start + colon + 1)))
}

fn is_alias_key(entry: &Entry<'_>) -> bool {
    entry.key_span.of(entry.value.tree().text()).starts_with('*')
}

/// Whether a node is written as JSON has it; in YAML, whether the whole document is.
fn is_json(node: Node<'_>) -> bool {
    node.tree().format() == crate::data::Format::Json || node.tree().root().is_some_and(|it| it.source().starts_with('{'))
}

/// Whether a node can stand between brackets on one line as it is written.
fn is_one_line(node: Node<'_>) -> bool {
    let is_flow = node.source().starts_with(['{', '[', '"', '\'']);
    let is_plain = !matches!(node.kind(), Kind::Mapping | Kind::Sequence)
        && !node.is_alias()
        && !node.source().contains([',', '{', '}', '[', ']', '#']);
    !node.source().contains(['\n', '\r']) && !node.span().is_empty() && (is_flow || is_plain)
}

/// Whether a node stands between brackets.
pub(super) fn is_in_flow(node: Node<'_>) -> bool {
    node.parent().is_some_and(|it| it.source().starts_with(['{', '[']))
}

/// In how many bytes of its line an offset stands.
pub(super) fn column(text: &str, offset: usize) -> usize {
    offset - text.get(..offset).and_then(|it| it.rfind(['\n', '\r'])).map_or(0, |it| it + 1)
}

/// The comments and blank lines above an entry, without indentation.
fn comments_above(entry: Entry<'_>) -> Vec<String> {
    let text = entry.value.tree().text();
    let start = entry.key_span.start as usize;
    if is_in_flow(entry.value) || text.get(..start).is_none_or(|it| !it.ends_with(['\n', ' '])) {
        return Vec::new();
    }
    let line_start = start - column(text, start);
    if !text.get(line_start..start).is_some_and(|it| it.trim().is_empty()) {
        return Vec::new();
    }
    // Above the first entry of the document stands its header.
    let root_start = entry.value.tree().root().map_or(0, |it| it.span().start as usize);
    if start <= root_start {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut above = text.get(..line_start).unwrap_or_default();
    while let Some(rest) = above.strip_suffix('\n') {
        let from = rest.rfind('\n').map_or(0, |it| it + 1);
        let line = rest.get(from..).unwrap_or_default().trim();
        if !(line.is_empty() || line.starts_with('#')) || from < root_start {
            break;
        }
        found.push(line.to_owned());
        above = rest.get(..from).unwrap_or_default();
    }
    found.reverse();
    found
}

/// The comment behind `key:` of an entry whose value starts on a line below.
fn comment_at_key(entry: Entry<'_>) -> Option<&str> {
    let text = entry.value.tree().text();
    let between = text.get(entry.key_span.end as usize..entry.value.span().start as usize)?;
    let is_above = between.contains('\n') || entry.value.span().is_empty();
    let line = text.get(entry.key_span.end as usize..)?.lines().next().filter(|_| is_above && !is_in_flow(entry.value))?;
    line.find(" #").and_then(|it| line.get(it + 1..)).map(str::trim_end)
}

/// The comment behind a value on the same line.
fn comment_behind(node: Node<'_>) -> Option<&str> {
    let text = node.tree().text();
    if is_in_flow(node) || node.source().ends_with('\n') || node.tree().format() == crate::data::Format::Json {
        return None;
    }
    let rest = text.get(node.span().end as usize..)?.lines().next()?;
    let comment = rest.trim_start_matches([' ', '\t']);
    (comment.starts_with('#') && comment.len() < rest.len()).then(|| comment.trim_end())
}
