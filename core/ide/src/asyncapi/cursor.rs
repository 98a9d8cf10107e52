//! Where the cursor of an unfinished YAML or JSON text stands: in which mapping, with what typed already.

use archwright_syntax::{
    Span,
    data::{self, Format, Kind, Node, PathSegment, Tree},
};

use crate::line_at;

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

/// Reads the text around `offset`. The tree is that of the text without the line's unfinished part, so that what is
/// typed does not hide what it stands in. Of a long YAML text it holds only what the cursor stands in, with the
/// neighbors of each mapping around it, but not what nests below those.
pub(super) fn cursor(text: &str, offset: usize, format: Format) -> Option<(Cursor, Tree)> {
    match format {
        Format::Yaml => yaml(text, offset, LONG).or_else(|| json(text, offset, format)),
        Format::Json => json(text, offset, format),
    }
}

/// The text with a span blanked out, byte by byte, so that offsets stay.
fn without(text: &str, span: Span) -> String {
    let (start, end) = (span.start as usize, span.end as usize);
    let blank = " ".repeat(end.saturating_sub(start));
    [text.get(..start).unwrap_or_default(), &blank, text.get(end..).unwrap_or_default()].concat()
}

/// From this length on, parsing the whole text takes longer than somebody who types should wait.
pub(super) const LONG: usize = 64 * 1024;

/// The tree of a YAML text without a part of the cursor's line, whose key stands in `column`.
fn tree_around(text: &str, unfinished: Span, line: Span, column: usize, long: usize) -> Tree {
    let text = without(text, unfinished);
    data::parse(if text.len() < long { text } else { skeleton(&text, line, column) }, Format::Yaml)
}

/// A YAML text with everything blanked out but the cursor's line, the keys around it and their neighbors, so that
/// offsets stay.
fn skeleton(text: &str, line: Span, column: usize) -> String {
    let (start, end) = (line.start as usize, line.end as usize);
    let mut kept = vec![line.range()];
    let mut limit = column;
    let mut columns = vec![column];
    for (at, source) in lines_before(text, start) {
        if let Some((key, length)) = kept_part(source, limit) {
            kept.push(at..at + length);
            if key < limit {
                limit = key;
                columns.push(key);
            }
        }
    }
    kept.reverse();
    // The deepest mapping is the last.
    columns.reverse();
    let mut at = end;
    for whole in text.get(end..).unwrap_or_default().split_inclusive('\n') {
        let source = whole.trim_end();
        let (key, rest) = key_column(source);
        if !rest.is_empty() && !rest.starts_with('#') {
            // What is further left ends the mappings that are not.
            while columns.len() > 1 && columns.last().is_some_and(|it| key < *it) {
                columns.pop();
            }
            if let Some((_, length)) = columns.last().and_then(|it| kept_part(source, *it)) {
                kept.push(at..at + length);
            }
        }
        at += whole.len();
    }
    let mut skeleton = String::with_capacity(text.len());
    for part in kept {
        skeleton.extend(std::iter::repeat_n(' ', part.start.saturating_sub(skeleton.len())));
        // Lines stay lines.
        if skeleton.pop().is_some() {
            skeleton.push('\n');
        }
        skeleton.push_str(text.get(part).unwrap_or_default());
    }
    skeleton
}

/// The lines before an offset where one starts, the nearest first, with their places.
fn lines_before(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut end = start;
    std::iter::from_fn(move || {
        let before = text.get(..end)?.strip_suffix('\n')?;
        end = before.rfind('\n').map_or(0, |it| it + 1);
        Some((end, before.get(end..)?.trim_end_matches('\r')))
    })
}

/// The column of a line's key, and how much of the line can stand without the lines below; `None` if the line says
/// nothing of the mapping whose keys stand in the column `limit` or of those around it.
fn kept_part(line: &str, limit: usize) -> Option<(usize, usize)> {
    let (column, rest) = key_column(line);
    if column > limit {
        return None;
    }
    let (_, value) = key_of(rest)?;
    let written = rest.get(value..)?.trim();
    let goes_on = match written.chars().next() {
        Some(open @ ('{' | '[' | '"' | '\'')) => {
            let close = match open {
                '{' => '}',
                '[' => ']',
                quote => quote,
            };
            written.len() < 2 || !written.ends_with(close)
        }
        Some('|' | '>') => true,
        _ => false,
    };
    Some((column, if goes_on { column + value } else { line.len() }))
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

fn yaml(text: &str, offset: usize, long: usize) -> Option<(Cursor, Tree)> {
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
        let tree = tree_around(text, Span::new(from, line.end as usize), line, column, long);
        let located = tree.node_at(key_at)?;
        located.key?;
        let path = owned(&located.node.path());
        return Some((Cursor { typing: Typing::Value, path, word, indent: column, json: false }, tree));
    }
    // An empty line belongs to where the cursor stands.
    let column = if rest.is_empty() && !source.contains('-') { offset - start } else { column };
    let word = word(text, line, offset, start + column.min(source.len()));
    let tree = tree_around(text, line, line, column, long);
    let path = mapping_above(text, start, column, source, &tree)?;
    Some((Cursor { typing: Typing::Key, path, word, indent: column, json: false }, tree))
}

/// The mapping that a key at `column` belongs to: that of the next line above with a key in the same column, or the
/// value of one further left.
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
    let (column, rest) = key_column(line.of(text));
    let parse = |unfinished: Span| match format {
        // Brackets that open in this line say with its key what they stand in.
        Format::Yaml if key_of(rest).is_some() => tree_around(text, unfinished, line, column, LONG),
        _ => data::parse(without(text, unfinished), format),
    };
    // Behind a colon stands a value; its key is the last thing before.
    if let Some(head) = opened.strip_suffix(':') {
        let key_at = line.start as usize + head.trim_end().len().checked_sub(1)?;
        let tree = parse(Span::empty(offset));
        let located = tree.node_at(key_at)?;
        located.key?;
        let path = owned(&located.node.path());
        return Some((Cursor { typing: Typing::Value, path, word, indent: 0, json: format == Format::Json }, tree));
    }
    let quoted = before.ends_with('"');
    let (from, to) = (word.start as usize - usize::from(quoted), word.end as usize);
    let to = to + usize::from(quoted && text.get(to..).is_some_and(|it| it.starts_with('"')));
    let tree = parse(Span::new(from, to));
    let mut node: Node<'_> = tree.node_at(offset)?.node;
    while node.kind() != Kind::Mapping {
        node = node.parent()?;
    }
    let path = owned(&node.path());
    Some((Cursor { typing: Typing::Key, path, word, indent: 0, json: format == Format::Json }, tree))
}

#[cfg(test)]
mod tests {
    use archwright_asyncapi::specification::object_at;

    use super::*;

    const DOCUMENT: &str = "\
# About the shop.
asyncapi: 3.0.0
info:
  title: \"Shop:
    the whole\"
  description: |
    Notes:
    key: no key
channels:
  placed:
    address: shop.placed
    parameters: {
      a: {}
    }
    # Between.
    messages:
      Placed:
        name: Placed
        examples:
        - name: one
          payload: { id: 1 }
        - name: two
        payload:
          type: object
          properties:
            id: { type: string,
              format: uuid }
  noted:
    servers:
      - $ref: '#/servers/main'
      - $ref: '#/servers/other'
operations:
  send:
    action: send
    channel:
      $ref: '#/channels/placed'
components:
  securitySchemes:
    sasl:
      description: >-
        folded
      type: plain
";

    #[test]
    fn the_skeleton_of_a_text_says_of_the_cursor_what_the_text_says() {
        let seen = |text: &str, offset: usize, long: usize| {
            let (cursor, tree) = yaml(text, offset, long)?;
            let path: Vec<PathSegment<'_>> = cursor.path.iter().map(Step::borrow).collect();
            // Where a value is asked for, nothing below it matters.
            let is_key = cursor.typing == Typing::Key;
            let object = object_at(tree.root()?, &path).filter(|_| is_key).map(|it| it.name);
            let node = path.iter().try_fold(tree.root()?, |node, step| match *step {
                PathSegment::Key(key) => node.get(key),
                PathSegment::Index(at) => node.item(at),
            });
            let keys: Vec<String> = node
                .filter(|_| is_key)
                .into_iter()
                .flat_map(Node::written_entries)
                .map(|it| it.key.to_owned())
                .collect();
            Some((is_key, cursor.path, object, keys))
        };
        let mut compared = 0;
        for (at, line) in DOCUMENT.match_indices('\n').map(|it| (it.0, line_at(DOCUMENT, it.0).of(DOCUMENT))) {
            // Inside brackets and texts of several lines, columns say nothing.
            let opens = line.ends_with(['{', '|', '-', ',']) || line.contains("\"Shop");
            let (column, rest) = key_column(line);
            if opens || key_of(rest).is_none() || ["Notes:", "key: no key", "a: {}", "format: uuid }"].contains(&rest) {
                continue;
            }
            for typed in ["", "x", "x: ", "x: y"] {
                let text = format!("{}\n{}{typed}{}", &DOCUMENT[..at], " ".repeat(column), &DOCUMENT[at..]);
                let offset = at + 1 + column + typed.len();
                let whole = seen(&text, offset, usize::MAX);
                assert_eq!(seen(&text, offset, 0), whole, "{text}");
                compared += usize::from(whole.is_some());
            }
        }
        assert!(compared > 60, "{compared}");
    }

    #[test]
    fn a_skeleton_keeps_offsets() {
        let text = DOCUMENT.replace('\n', "\r\n");
        for at in 0..text.len() {
            let line = line_at(&text, at);
            let skeleton = skeleton(&text, line, 4);
            assert!(skeleton.len() <= text.len());
            assert_eq!(line.of(&skeleton), line.of(&text));
        }
    }
}
