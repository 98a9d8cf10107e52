//! The front matter of a document, line by line: most of it is one value behind each key.

use archwright_syntax::{Span, markdown::Document};

/// The top-level entries: key and trimmed value without quotes and comment. A value goes on over indented lines; a list
/// or a mapping below its key is none.
pub fn front_matter<'a>(tree: &Document, text: &'a str) -> Vec<(&'a str, Span)> {
    let Some(front_matter) = &tree.front_matter else { return Vec::new() };
    let mut entries: Vec<(&str, Span)> = Vec::new();
    let mut at = front_matter.body.start as usize;
    // Whether the value of the last entry is one that can go on.
    let mut goes_on = false;
    for line in front_matter.body.of(text).split_inclusive('\n') {
        let end = at + line.trim_end().len();
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = entries.last_mut().filter(|_| goes_on && !line.trim().is_empty()) {
                let start =
                    if value.is_empty() { at + line.len() - line.trim_start().len() } else { value.start as usize };
                *value = Span::new(start, end);
            }
        } else if let Some((key, rest)) = line.split_once([':', '=']).filter(|_| !line.starts_with(['#', '-'])) {
            let left = rest.trim_start();
            let start = at + line.len() - left.len();
            let written = Span::new(start, start + without_comment(left.trim_end()).len());
            // `>` and `|` say how the lines below are joined.
            let is_block = left.starts_with(['>', '|']) && left.trim_end().len() <= 3;
            goes_on = is_block || !written.is_empty();
            entries.push((key.trim(), if is_block { Span::empty(start) } else { written }));
        } else {
            goes_on = false;
        }
        at += line.len();
    }
    entries.into_iter().map(|(key, value)| (key, unquoted(value, text))).collect()
}

/// A value without the quotes around it.
pub(super) fn unquoted(span: Span, text: &str) -> Span {
    let written = span.of(text);
    let inner = ['"', '\''].iter().find_map(|it| written.strip_prefix(*it)?.strip_suffix(*it));
    inner.map_or(span, |it| Span::new(span.start as usize + 1, span.start as usize + 1 + it.len()))
}

/// A value without the comment behind it. In quotes, `#` is a sign like others.
fn without_comment(value: &str) -> &str {
    if value.starts_with(['"', '\'']) {
        let quote = value.get(..1).unwrap_or_default();
        let closed = value.get(1..).and_then(|it| it.find(quote)).map(|it| it + 2);
        return closed
            .filter(|it| value.get(*it..).is_some_and(|it| it.trim_start().starts_with('#')))
            .map_or(value, |it| value.get(..it).unwrap_or(value));
    }
    if value.starts_with('#') {
        return "";
    }
    value.find(" #").map_or(value, |it| value.get(..it).unwrap_or(value).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use archwright_syntax::markdown;

    #[test]
    fn values_are_read_without_what_is_around_them() {
        let text = "---\nstatus: \"superseded by ADR-2\" # old\ndate: 2026-01-02 # day\n\
            wrapped: superseded by\n  [ADR-5](0005-x.md)\n\
                    block: >-\n  one\n  two\nlist:\n  - a\nempty:\nquoted: 'it # is'\n---\n# A\n";
        let tree = markdown::parse(text);
        let entries: Vec<_> = front_matter(&tree, text).into_iter().map(|it| (it.0, it.1.of(text))).collect();
        let expected = [
            ("status", "superseded by ADR-2"),
            ("date", "2026-01-02"),
            ("wrapped", "superseded by\n  [ADR-5](0005-x.md)"),
            ("block", "one\n  two"),
            ("list", ""),
            ("empty", ""),
            ("quoted", "it # is"),
        ];
        assert_eq!(entries, expected);
    }
}
