//! How a part of a document is written: its comments, its properties, its place on the line.

use super::{Pair, Value};
use crate::{
    Span,
    data::{Entry, Format, Kind, Node, ScalarStyle},
};

/// A node as a new value: what aliases and merge keys stand for is written out.
pub(super) fn expanded(node: Node<'_>) -> Value<'_> {
    let target = node.alias_of().unwrap_or(node);
    match node.kind() {
        Kind::Mapping => {
            // Of a key that stands twice, and of one that is merged in as well, one entry counts.
            let counts = |it: &Entry<'_>| node.entry(it.key).is_some_and(|last| last.value == it.value);
            let pairs = node.entries().filter(counts).map(Pair::kept).collect();
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
pub(super) fn is_block(node: Node<'_>) -> bool {
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
pub(super) fn properties(node: Node<'_>) -> Vec<&str> {
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
pub(super) fn behind_colon(entry: Entry<'_>) -> Option<Span> {
    let text = entry.value.tree().text();
    let (start, end) = (entry.key_span.end as usize, entry.value.span().end as usize);
    let rest = text.get(start..end.max(start))?;
    let colon = rest.find(|it: char| !matches!(it, ' ' | '\t'))?;
    rest.get(colon..)?.starts_with(':').then(|| Span::new(start + colon + 1, end.max(start + colon + 1)))
}

pub(super) fn is_alias_key(entry: &Entry<'_>) -> bool {
    entry.key_span.of(entry.value.tree().text()).starts_with('*')
}

/// Whether a node is written as JSON has it; in YAML, whether the whole document is.
pub(super) fn is_json(node: Node<'_>) -> bool {
    node.tree().format() == Format::Json || node.tree().root().is_some_and(|it| it.source().starts_with('{'))
}

/// Whether a node can stand between brackets on one line as it is written.
pub(super) fn is_one_line(node: Node<'_>) -> bool {
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
pub(super) fn comments_above(entry: Entry<'_>) -> Vec<String> {
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
pub(super) fn comment_at_key(entry: Entry<'_>) -> Option<&str> {
    let text = entry.value.tree().text();
    let between = text.get(entry.key_span.end as usize..entry.value.span().start as usize)?;
    let is_above = between.contains('\n') || entry.value.span().is_empty();
    let line =
        text.get(entry.key_span.end as usize..)?.lines().next().filter(|_| is_above && !is_in_flow(entry.value))?;
    line.find(" #").and_then(|it| line.get(it + 1..)).map(str::trim_end)
}

/// The comment behind a value on the same line.
pub(super) fn comment_behind(node: Node<'_>) -> Option<&str> {
    let text = node.tree().text();
    if is_in_flow(node) || node.source().ends_with('\n') || node.tree().format() == Format::Json {
        return None;
    }
    let rest = text.get(node.span().end as usize..)?.lines().next()?;
    let comment = rest.trim_start_matches([' ', '\t']);
    (comment.starts_with('#') && comment.len() < rest.len()).then(|| comment.trim_end())
}
