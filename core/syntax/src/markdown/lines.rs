//! Places on lines: where they start and end, trimming of spans, and the front matter before the first of them.

use std::borrow::Cow;

use super::{FrontMatter, FrontMatterFormat};
use crate::Span;

/// The byte order mark, which may precede everything else.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The end of the line that holds `at`, before its line ending.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(text.len(), |it| at + it)
}

/// One past the line ending at `at`; `at` itself if no line ends there.
pub(super) fn skip_line_ending(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at..).unwrap_or_default() {
        [b'\r', b'\n', ..] => at + 2,
        [b'\r' | b'\n', ..] => at + 1,
        _ => at,
    }
}

/// One past the line ending of the line that ends at or after `end`. An `end` that is right after a line ending stays.
pub(super) fn through_line_ending(text: &str, end: usize) -> usize {
    match (text.as_bytes().get(..end).unwrap_or_default().last(), text.as_bytes().get(end)) {
        (Some(b'\r'), Some(b'\n')) => end + 1,
        (Some(b'\n' | b'\r'), _) => end,
        _ => skip_line_ending(text, line_end(text, end)),
    }
}

/// The start of the line if only bytes of `prefix` stand between it and `at`, otherwise `at`.
pub(super) fn line_start_over(text: &str, at: usize, prefix: &[u8]) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let kept = before.iter().rposition(|it| !prefix.contains(it)).map_or(0, |it| it + 1);
    match kept.checked_sub(1).and_then(|it| before.get(it)) {
        None | Some(b'\n' | b'\r') => kept,
        // The line starts after a byte order mark too.
        Some(_) if before.get(..kept) == Some(BYTE_ORDER_MARK.as_bytes()) => kept,
        Some(_) => at,
    }
}

/// The span without white space at its ends; a blank span becomes empty at its start.
pub(super) fn trim(text: &str, span: Span) -> Span {
    let content = span.of(text);
    let rest = content.trim_ascii_start();
    if rest.is_empty() {
        return Span::empty(span.start as usize);
    }
    let start = span.start as usize + content.len() - rest.len();
    Span::new(start, start + rest.trim_ascii_end().len())
}

/// The front matter of `text`, whose content starts at `start` (after a byte order mark).
///
/// Only the very first line can open it, and a fence must close it: a document may start with a thematic break. For the
/// same reason the line after the opening fence may not be blank.
pub(super) fn front_matter(text: &str, start: usize) -> Option<FrontMatter> {
    let line = |at: usize| text.get(at..line_end(text, at)).unwrap_or_default();
    let fence = line(start).trim_end_matches([' ', '\t']);
    let format = match fence {
        "---" => FrontMatterFormat::Yaml,
        "+++" => FrontMatterFormat::Toml,
        _ => return None,
    };
    let body = skip_line_ending(text, line_end(text, start));
    if line(body).trim_ascii().is_empty() {
        return None;
    }
    let mut at = body;
    while at < text.len() {
        let content = line(at).trim_end_matches([' ', '\t']);
        let next = skip_line_ending(text, line_end(text, at));
        if content == fence || (format == FrontMatterFormat::Yaml && content == "...") {
            return Some(FrontMatter { span: Span::new(start, next), body: Span::new(body, at), format });
        }
        at = next;
    }
    None
}

/// The text with blanks for the tabs behind fences, byte for byte as long. `CommonMark` allows them behind a closing
/// fence, and the parser takes such a line for code and all that follows as well.
pub(super) fn with_plain_fences(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut tabs = Vec::new();
    for mark in [b'`', b'~'] {
        let mut at = 0;
        while let Some(found) = memchr::memmem::find(bytes.get(at..).unwrap_or_default(), &[mark; 3]) {
            let run = bytes.get(at + found..).unwrap_or_default().iter().take_while(|it| **it == mark).count();
            let after = at + found + run;
            let blank = bytes.get(after..).unwrap_or_default();
            let len = blank.iter().take_while(|it| matches!(it, b' ' | b'\t')).count();
            let at_end = matches!(blank.get(len), None | Some(b'\n' | b'\r'));
            if at_end && blank.get(..len).is_some_and(|it| it.contains(&b'\t')) {
                tabs.push((after, after + len));
            }
            at = after + len;
        }
    }
    if tabs.is_empty() {
        return Cow::Borrowed(text);
    }
    tabs.sort_unstable();
    let mut plain = String::with_capacity(text.len());
    for (start, end) in tabs {
        plain.push_str(text.get(plain.len()..start).unwrap_or_default());
        plain.extend(std::iter::repeat_n(' ', end.saturating_sub(plain.len())));
    }
    plain.push_str(text.get(plain.len()..).unwrap_or_default());
    Cow::Owned(plain)
}

/// The span without line endings at its end.
pub(super) fn trim_line_endings(text: &str, span: Span) -> Span {
    let content = span.of(text).trim_end_matches(['\n', '\r']);
    Span::new(span.start as usize, span.start as usize + content.len())
}

/// The first word of the info string on the line of an opening fence.
pub(super) fn language(text: &str, fence_line: Span) -> Span {
    let line = fence_line.of(text);
    let info = line.trim_start_matches(['`', '~']).trim_start_matches([' ', '\t']);
    let start = fence_line.start as usize + line.len() - info.len();
    let word = info.split([' ', '\t']).next().unwrap_or_default();
    Span::new(start, start + word.len())
}

/// Where the content of a list item starts: behind its marker and the blanks after it.
pub(super) fn after_marker(text: &str, item: Span) -> usize {
    let source = item.of(text);
    let rest = source.trim_start_matches(|it: char| it.is_ascii_digit());
    let rest = rest.strip_prefix(['-', '*', '+', '.', ')']).unwrap_or(rest).trim_start_matches([' ', '\t']);
    item.start as usize + source.len() - rest.len()
}

/// The parts of a heading.
pub(super) struct Heading {
    pub(super) title: Span,
    /// The name in `{#name}` at the end.
    pub(super) anchor: Option<Span>,
    pub(super) setext: bool,
}

impl Heading {
    /// Takes the heading of `level` that covers `span` apart.
    pub(super) fn of(text: &str, span: Span, level: u8) -> Self {
        let source = span.of(text).trim_ascii_end();
        let start = span.start as usize;
        let marks = source.bytes().take_while(|it| *it == b'#').count();
        let after = source.get(marks..).unwrap_or_default();
        let setext = marks != usize::from(level) || !(after.is_empty() || after.starts_with([' ', '\t']));
        let title = if setext {
            // The last line is the underline.
            let underline = source.rfind(['\n', '\r']).unwrap_or(source.len());
            Span::new(start, start + underline)
        } else {
            let content = after.trim_end_matches('#');
            let closed = content.is_empty() || content.ends_with([' ', '\t']);
            Span::new(start + marks, start + marks + if closed { content.len() } else { after.len() })
        };
        let title = trim(text, title);
        match anchor(title.of(text)) {
            Some((kept, name)) => {
                let (kept, name) = (Span::new(0, kept), Span::new(name.0, name.1));
                let at = |it: Span| Span { start: title.start + it.start, end: title.start + it.end };
                Self { title: trim(text, at(kept)), anchor: Some(at(name)), setext }
            }
            None => Self { title, anchor: None, setext },
        }
    }
}

/// Takes `{#name}` off the end of a title: the length of what stays and the place of the name.
fn anchor(title: &str) -> Option<(usize, (usize, usize))> {
    let open = title.strip_suffix('}')?.rfind("{#")?;
    let before = title.get(..open)?;
    let name = title.get(open + 2..title.len() - 1)?;
    let fits = !name.is_empty() && !name.contains(|it: char| it.is_whitespace() || "{}#".contains(it));
    (fits && (before.is_empty() || before.ends_with([' ', '\t']))).then_some((open, (open + 2, title.len() - 1)))
}
