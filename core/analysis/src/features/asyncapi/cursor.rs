//! Where the cursor of an unfinished YAML or JSON text stands: in which mapping, with what typed already.

use archwright_syntax::{
    Span,
    data::{self, Format, Kind, Node, PathSegment, Tree},
};

use crate::features::line_at;

/// A step of a path that outlives its tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// What is being typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typing {
    /// A key of the mapping at the path.
    Key,
    /// The value at the path.
    Value,
}

/// A cursor in a text.
#[derive(Debug)]
pub(super) struct Cursor {
    pub typing: Typing,
    /// The mapping a key is typed in, or the place of the value.
    pub path: Vec<Step>,
    /// What is typed already, without quotes, as far as it belongs to the word.
    pub word: Span,
    /// How deep the mapping's keys are indented, in columns.
    pub indent: usize,
    /// Whether the text is JSON.
    pub json: bool,
}

impl Step {
    pub(super) fn borrow(&self) -> PathSegment<'_> {
        match self {
            Self::Key(key) => PathSegment::Key(key),
            Self::Index(at) => PathSegment::Index(*at),
        }
    }
}

fn owned(path: &[PathSegment<'_>]) -> Vec<Step> {
    let step = |it: &PathSegment<'_>| match *it {
        PathSegment::Key(key) => Step::Key(key.to_owned()),
        PathSegment::Index(at) => Step::Index(at),
    };
    path.iter().map(step).collect()
}

/// Reads the text around `offset`. The tree is that of the text without the line's unfinished part, so that what is typed
/// does not hide what it stands in.
pub(super) fn cursor(text: &str, offset: usize, format: Format) -> Option<(Cursor, Tree)> {
    match format {
        Format::Yaml => yaml(text, offset).or_else(|| json(text, offset, format)),
        Format::Json => json(text, offset, format),
    }
}

/// The text with a span blanked out, byte by byte, so that offsets stay.
fn without(text: &str, span: Span) -> String {
    let (start, end) = (span.start as usize, span.end as usize);
    let blank = " ".repeat(end.saturating_sub(start));
    [text.get(..start).unwrap_or_default(), &blank, text.get(end..).unwrap_or_default()].concat()
}

/// Characters of a word: of keys, references and addresses.
fn is_word(char: char) -> bool {
    !char.is_whitespace() && !matches!(char, '"' | '\'' | ',' | '{' | '}' | '[' | ']')
}

fn word(text: &str, line: Span, offset: usize, from: usize) -> Span {
    let before = text.get(from..offset).unwrap_or_default();
    let start = offset - (before.len() - before.trim_end_matches(is_word).len());
    let after = text.get(offset..line.end as usize).unwrap_or_default();
    let end = offset + (after.len() - after.trim_start_matches(|it| is_word(it) && it != ':').len());
    Span::new(start, end)
}

/// The columns before the key of a line, list markers counted, and what follows.
fn key_column(line: &str) -> (usize, &str) {
    let mut rest = line.trim_start_matches(' ');
    while let Some(next) = rest.strip_prefix("- ") {
        rest = next.trim_start_matches(' ');
    }
    (line.len() - rest.len(), rest)
}

/// The key that a line begins with, if there is one, and where its value starts in it.
fn key_of(rest: &str) -> Option<(&str, usize)> {
    let end = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest.get(1..)?.find(quote)? + 2,
        _ => rest.find(": ").or_else(|| rest.strip_suffix(':').map(str::len))?,
    };
    let after = rest.get(end..)?.strip_prefix(':')?;
    if !(after.is_empty() || after.starts_with(' ')) || rest.starts_with(['{', '[', '#']) {
        return None;
    }
    Some((rest.get(..end)?.trim_matches(['"', '\'']), rest.len() - after.len()))
}

fn yaml(text: &str, offset: usize) -> Option<(Cursor, Tree)> {
    let line = line_at(text, offset);
    let source = line.of(text);
    let start = line.start as usize;
    let (column, rest) = key_column(source);
    if offset < start + column && !rest.is_empty() || rest.starts_with('#') {
        return None;
    }
    // Inside braces the indentation says nothing.
    let before = text.get(start..offset)?;
    if before.matches(['{', '[']).count() > before.matches(['}', ']']).count() {
        return None;
    }
    if let Some((_, value)) = key_of(rest).filter(|it| offset >= start + column + it.1) {
        let key_at = start + column;
        let from = key_at + value;
        let word = word(text, line, offset, from);
        let tree = data::parse(without(text, Span::new(from, line.end as usize)), Format::Yaml);
        let located = tree.node_at(key_at)?;
        located.key?;
        let path = owned(&located.node.path());
        return Some((Cursor { typing: Typing::Value, path, word, indent: column, json: false }, tree));
    }
    // An empty line belongs to where the cursor stands.
    let column = if rest.is_empty() && !source.contains('-') { offset - start } else { column };
    let word = word(text, line, offset, start + column.min(source.len()));
    let tree = data::parse(without(text, Span::new(start, line.end as usize)), Format::Yaml);
    let path = mapping_above(text, start, column, source, &tree)?;
    Some((Cursor { typing: Typing::Key, path, word, indent: column, json: false }, tree))
}

/// The mapping that a key at `column` belongs to: that of the next line above with a key in the same column, or the value
/// of one further left.
fn mapping_above(text: &str, start: usize, column: usize, own: &str, tree: &Tree) -> Option<Vec<Step>> {
    if column == 0 {
        return Some(Vec::new());
    }
    let begins_item = own.trim_start().starts_with("- ");
    let dash = own.len() - own.trim_start().len();
    let mut end = start;
    while end > 0 {
        let line = line_at(text, end - 1);
        end = line.start as usize;
        let source = line.of(text);
        let (key, rest) = key_column(source);
        if rest.is_empty() || rest.starts_with('#') {
            continue;
        }
        let at = line.start as usize + key;
        if !begins_item && key == column && key_of(rest).is_some() {
            let located = tree.node_at(at)?;
            located.key?;
            return located.node.parent().map(|it| owned(&it.path()));
        }
        let limit = if begins_item { dash } else { column };
        let starts_list = source.trim_start().starts_with("- ");
        if begins_item && starts_list && source.len() - source.trim_start().len() == dash {
            // An item of the same list: one more comes after it.
            let located = tree.node_at(at)?;
            let mut path = owned(&located.node.path());
            while let Some(step) = path.pop() {
                if let Step::Index(index) = step {
                    path.push(Step::Index(index + 1));
                    return Some(path);
                }
            }
            return None;
        }
        if key < limit || (begins_item && key == limit && !starts_list) {
            let (_, value) = key_of(rest)?;
            if !rest.get(value..).unwrap_or_default().trim().is_empty() {
                return None;
            }
            let located = tree.node_at(at)?;
            located.key?;
            let mut path = owned(&located.node.path());
            if begins_item {
                path.push(Step::Index(0));
            }
            return Some(path);
        }
    }
    None
}

fn json(text: &str, offset: usize, format: Format) -> Option<(Cursor, Tree)> {
    let line = line_at(text, offset);
    let word = word(text, line, offset, line.start as usize);
    let before = text.get(line.start as usize..word.start as usize)?;
    let opened = before.trim_end_matches(['"', '\'']).trim_end();
    // Behind a colon stands a value; its key is the last thing before.
    if let Some(head) = opened.strip_suffix(':') {
        let key_at = line.start as usize + head.trim_end().len().checked_sub(1)?;
        let tree = data::parse(text, format);
        let located = tree.node_at(key_at)?;
        located.key?;
        let path = owned(&located.node.path());
        return Some((Cursor { typing: Typing::Value, path, word, indent: 0, json: format == Format::Json }, tree));
    }
    let quoted = before.ends_with('"');
    let (from, to) = (word.start as usize - usize::from(quoted), word.end as usize);
    let to = to + usize::from(quoted && text.get(to..).is_some_and(|it| it.starts_with('"')));
    let tree = data::parse(without(text, Span::new(from, to)), format);
    let mut node: Node<'_> = tree.node_at(offset)?.node;
    while node.kind() != Kind::Mapping {
        node = node.parent()?;
    }
    let path = owned(&node.path());
    Some((Cursor { typing: Typing::Key, path, word, indent: 0, json: format == Format::Json }, tree))
}
