//! Where text, label and destination of a link stand in its source.

use std::ops::Range;

use super::LinkDefinition;
use crate::Span;

/// The destination that starts at or after `at`, behind white space: without `<>`, ended by white space or an
/// unbalanced `)`. In a block quote (`quoted`) a new line may start with `>`, which is not part of the destination.
pub(super) fn destination(text: &str, at: usize, quoted: bool) -> Span {
    let bytes = text.as_bytes();
    let start = skip_space(bytes, at, quoted);
    if bytes.get(start) == Some(&b'<') {
        let end = unescaped(bytes, start + 1, b'>').unwrap_or(start + 1);
        return Span::new(start + 1, end);
    }
    let mut depth = 0;
    let mut end = start;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'\\' if bytes.get(end + 1).is_some_and(u8::is_ascii_punctuation) => end += 1,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            _ if byte <= b' ' => break,
            _ => {}
        }
        end += 1;
    }
    Span::new(start, end.min(bytes.len()))
}

/// The parts of a definition that covers `span`.
pub(super) fn definition(text: &str, span: Span, quoted: bool) -> LinkDefinition {
    let start = span.start as usize + 1;
    let end = unescaped(text.as_bytes(), start, b']').unwrap_or(start);
    LinkDefinition { span, label: Span::new(start, end), target: destination(text, end + 2, quoted) }
}

/// Where the bracket closes that is open at `at`: the first `]` behind the link's content.
pub(super) fn closing_bracket(text: &str, at: usize, end: usize) -> usize {
    let rest = text.as_bytes().get(at..end).unwrap_or_default();
    memchr::memchr(b']', rest).map_or(at, |it| at + it)
}

fn skip_space(bytes: &[u8], mut at: usize, quoted: bool) -> usize {
    let mut new_line = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' | b'\r' => new_line = true,
            b' ' | b'\t' => {}
            b'>' if quoted && new_line => {}
            _ => break,
        }
        at += 1;
    }
    at
}

/// The first `wanted` at or after `at` that no backslash escapes.
pub(super) fn unescaped(bytes: &[u8], mut at: usize, wanted: u8) -> Option<usize> {
    loop {
        let found = at + memchr::memchr2(b'\\', wanted, bytes.get(at..)?)?;
        if bytes.get(found) == Some(&wanted) {
            return Some(found);
        }
        at = found + 2;
    }
}

/// Where the value of `id` or, for `<a>`, `name` stands in the HTML tag that `tag` starts with.
pub(super) fn anchor_name(tag: &str) -> Option<Range<usize>> {
    attributes(tag).find_map(|(name, key, value)| {
        let is_name = name.eq_ignore_ascii_case("a") && key.eq_ignore_ascii_case("name");
        (key.eq_ignore_ascii_case("id") || is_name).then_some(value)
    })
}

/// Tags that lead to files, with the attributes that say where.
const LEADING: [(&str, &[&str]); 7] = [
    ("a", &["href"]),
    ("audio", &["src"]),
    ("img", &["src", "srcset"]),
    ("link", &["href"]),
    ("source", &["src", "srcset"]),
    ("track", &["src"]),
    ("video", &["src", "poster"]),
];

/// Where the destinations stand in the HTML tag that `tag` starts with: the `href` of a link, the `src` of an image.
pub(super) fn html_targets(tag: &str) -> Vec<Range<usize>> {
    let mut targets = Vec::new();
    for (name, key, value) in attributes(tag) {
        let is_leading = |it: &&(&str, &[&str])| name.eq_ignore_ascii_case(it.0);
        let Some(known) =
            LEADING.iter().find(is_leading).and_then(|it| it.1.iter().find(|it| key.eq_ignore_ascii_case(it)))
        else {
            continue;
        };
        if *known == "srcset" {
            targets.extend(candidates(tag, value));
        } else {
            targets.push(value);
        }
    }
    targets
}

/// The addresses in a list of images: `flow.png, flow-large.png 2x`. Data in the place of an address has commas too.
fn candidates(tag: &str, list: Range<usize>) -> Vec<Range<usize>> {
    let text = tag.get(list.clone()).filter(|it| !it.contains("data:")).unwrap_or_default();
    let mut at = list.start;
    let mut found = Vec::new();
    for candidate in text.split(',') {
        let address = candidate.split_ascii_whitespace().next().unwrap_or_default();
        let start = at + candidate.len() - candidate.trim_ascii_start().len();
        if !address.is_empty() {
            found.push(start..start + address.len());
        }
        at += candidate.len() + 1;
    }
    found
}

/// The attributes with values that are not empty in the HTML tag that `tag` starts with: the name of the tag, that of
/// the attribute, and where its value stands.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str, Range<usize>)> {
    let inner = tag.strip_prefix('<').unwrap_or_default();
    let name_len = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = inner.get(..name_len).unwrap_or_default();
    let mut at = 1 + name_len;
    let next = move || {
        loop {
            let rest = tag.get(at..)?;
            let blank = rest.len() - rest.trim_ascii_start().len();
            if blank == 0 || name.is_empty() {
                return None;
            }
            at += blank;
            let rest = tag.get(at..)?;
            let key_len =
                rest.bytes().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b':')).count();
            let key = rest.get(..key_len)?;
            let Some(value) = rest.get(key_len..)?.strip_prefix('=') else {
                if key_len == 0 {
                    return None;
                }
                at += key_len;
                continue;
            };
            let (open, len) = match value.chars().next()? {
                quote @ ('"' | '\'') => (1, value.get(1..)?.find(quote)?),
                _ => (0, value.find(|it: char| it.is_ascii_whitespace() || it == '>').unwrap_or(value.len())),
            };
            let start = at + key_len + 1 + open;
            at = start + len + open;
            if len > 0 {
                return Some((name, key, start..start + len));
            }
        }
    };
    std::iter::from_fn(next)
}
