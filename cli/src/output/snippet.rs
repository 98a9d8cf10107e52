//! The lines of a text that a finding is about, made fit for showing: hidden characters escaped, long lines cropped.

use std::{ops::Range, sync::Arc};

use archwright_syntax::{LineIndex, Span};

use super::escape::push_visible;

/// Longer lines are cropped around what is marked, in characters.
const MAX_WIDTH: usize = 140;

/// How much is kept before the mark in a cropped line, in characters.
const BEFORE: usize = 40;

/// A mark over more lines than this is shown by its first line.
const MAX_LINES: usize = 5;

/// A text and where its lines start.
#[derive(Debug)]
pub struct Source {
    text: Arc<str>,
    lines: LineIndex,
}

impl Source {
    /// Finds the lines of a text.
    pub fn new(text: Arc<str>) -> Self {
        Self { lines: LineIndex::new(&text), text }
    }
}

/// Some lines and what is marked in them.
#[derive(Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The first line, counted from 1.
    pub line: usize,
    /// Where the mark starts in the first line as it is shown, in characters counted from 1.
    pub column: usize,
    /// The lines as they are shown; nothing if the file has no text.
    pub source: Option<String>,
    /// What is marked, in bytes of `source`.
    pub marked: Range<usize>,
}

impl Excerpt {
    /// The lines of a span.
    pub fn new(Source { text, lines }: &Source, span: Span) -> Self {
        let first = lines.line_of(span.start as usize);
        if text.is_empty() {
            return Self { line: first + 1, column: 1, source: None, marked: 0..0 };
        }
        let mut last = lines.line_of((span.end as usize).saturating_sub(1)).max(first);
        if last - first >= MAX_LINES {
            last = first;
        }
        let (mut source, mut marked) = (String::new(), 0..0);
        for line in first..=last {
            let whole = lines.line_span(line, text);
            let inside = |offset: u32| (offset.clamp(whole.start, whole.end) - whole.start) as usize;
            if line > first {
                source.push('\n');
            }
            let shown = push_line(&mut source, whole.of(text), inside(span.start)..inside(span.end));
            if line == first {
                marked.start = shown.start;
            }
            marked.end = shown.end;
        }
        let column = source.get(..marked.start).unwrap_or_default().chars().count() + 1;
        Self { line: first + 1, column, source: Some(source), marked }
    }
}

/// Appends a line as it is shown, and says where in `source` the marked part of it is.
fn push_line(source: &mut String, line: &str, marked: Range<usize>) -> Range<usize> {
    let kept = crop(line, &marked);
    if kept.start > 0 {
        source.push('…');
    }
    let mut shown = source.len()..source.len();
    let part = line.get(kept.clone()).unwrap_or_default();
    for (at, char) in part.char_indices().map(|(at, char)| (kept.start + at, char)) {
        if at == marked.start {
            shown = source.len()..source.len();
        }
        push_visible(source, char);
        if at < marked.end {
            shown.end = source.len();
        }
    }
    // A mark at the end of the line stands behind its last character.
    if marked.start >= kept.end {
        shown = source.len()..source.len();
    }
    if kept.end < line.len() {
        source.push('…');
    }
    shown
}

/// The part of a line that is shown, in bytes.
fn crop(line: &str, marked: &Range<usize>) -> Range<usize> {
    // No more than a part is looked at: a long line may have thousands of findings.
    if line.char_indices().nth(MAX_WIDTH).is_none() {
        return 0..line.len();
    }
    let before = line.get(..marked.start).unwrap_or_default();
    let start = before.char_indices().rev().take(BEFORE).last().map_or(0, |it| it.0);
    let rest = line.get(start..).unwrap_or_default();
    let end = rest.char_indices().nth(MAX_WIDTH).map_or(line.len(), |it| start + it.0);
    start..end
}

/// Places whose column in the excerpt is not the one in the file, because the line was cropped or characters were
/// escaped. The renderer counts in the excerpt; a reader wants the column of the file.
#[derive(Debug, Default)]
pub struct Shifts(Vec<(String, String)>);

impl Shifts {
    /// Notes the column in the file of an excerpt.
    pub fn add(&mut self, path: &str, column: u32, excerpt: &Excerpt) {
        if excerpt.column != column as usize {
            let place = |column: usize| format!("{path}:{}:{column}", excerpt.line);
            self.0.push((place(excerpt.column), place(column as usize)));
        }
    }

    /// The rendered text with the columns of the file.
    pub fn undo(&self, rendered: String) -> String {
        self.0.iter().fold(rendered, |text, (shown, real)| text.replacen(shown, real, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The excerpt of the text between `«` and `»`: its source with the mark between the same signs.
    fn excerpt(text: &str) -> (usize, String) {
        let start = text.find('«').unwrap();
        let end = text.find('»').unwrap() - '«'.len_utf8();
        let excerpt = Excerpt::new(&Source::new(text.replace(['«', '»'], "").into()), Span::new(start, end));
        let mut source = excerpt.source.unwrap();
        source.insert(excerpt.marked.end, '»');
        source.insert(excerpt.marked.start, '«');
        (excerpt.line, source)
    }

    #[test]
    fn the_lines_of_a_span_are_shown() {
        assert_eq!(excerpt("one\ntwo «three» four\nfive\n"), (2, "two «three» four".into()));
        assert_eq!(excerpt("one\ntwo «three\nfour» five\n").1, "two «three\nfour» five");
        assert_eq!(excerpt("one\n«two\n»three\n").1, "«two»");
        assert_eq!(excerpt("one«»\ntwo").1, "one«»");
        assert_eq!(excerpt("one\n«»").1, "«»");
    }

    #[test]
    fn many_lines_are_shown_by_the_first() {
        assert_eq!(excerpt("«1\n2\n3\n4\n5\n6»\n").1, "«1»");
    }

    #[test]
    fn hidden_characters_are_escaped_and_the_mark_moves_along() {
        assert_eq!(excerpt("a\u{1b}[2J «b\u{202e}c» d\r\n").1, "a\\u{1b}[2J «b\\u{202e}c» d");
        assert_eq!(excerpt("注文\t«é»").1, "注文\t«é»");
    }

    #[test]
    fn long_lines_are_cropped_around_the_mark() {
        let (_, source) = excerpt(&format!("{}«here»{}", "ä".repeat(1000), "b".repeat(1000)));
        assert_eq!(source, format!("…{}«here»{}…", "ä".repeat(40), "b".repeat(96)));
        let (_, source) = excerpt(&format!("«{}»", "a".repeat(1000)));
        assert_eq!(source, format!("«{}»…", "a".repeat(140)));
    }
}
