//! YAML as most documents are written, read line by line: block mappings and sequences, plain and quoted scalars.
//!
//! The parser of the library is right about all of YAML and takes its time. What this reader accepts it reads as the
//! parser does (property-tested); what is multi-line or in brackets it cuts out and lets the parser read; at the first
//! thing that is rare or wrong it gives up, and the parser reads everything (ADR-0008).

mod scalars;

use std::{borrow::Cow, sync::Arc};

use super::{Builder, CharOffsets, Collection, Format, Reader, ScalarStyle};

/// Longer keys are left to the parser, which allows 1024 characters.
const MAX_KEY: usize = 1000;

/// Deeper nesting is left to the parser; one line can nest as deep as it is long.
const MAX_LEVELS: usize = 100;

/// The text as a tree that waits to be finished; `None` leaves it to the parser.
pub(super) fn read(text: &Arc<str>) -> Option<Builder> {
    if !is_simple(text) {
        return None;
    }
    let mut builder = Builder::new(text.clone(), Format::Yaml);
    let reader = Reader::new(text, None, CharOffsets::default(), &mut builder);
    Blocks { source: text, reader, next: 0, open: Vec::new() }.run()?;
    Some(builder)
}

/// Whether all characters are such that every loader reads them alike: no tabs, no lone carriage returns, no other
/// control characters, and nothing that some take for a line break or a byte order mark.
fn is_simple(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_odd = |it: &&u8| **it < b' ' && **it != b'\n' && **it != b'\r' || **it == 0x7f;
    // Counting is faster than stopping at the first: it looks at many bytes at once.
    if bytes.chunks(256).any(|chunk| chunk.iter().filter(is_odd).count() > 0) {
        return false;
    }
    let breaks_well = memchr::memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'));
    let has = |it: &str| memchr::memmem::find(bytes, it.as_bytes()).is_some();
    breaks_well && (text.is_ascii() || !["\u{85}", "\u{2028}", "\u{2029}", "\u{feff}"].into_iter().any(has))
}

/// Whether a line may begin or end a document, or looks like it.
fn is_marker(line: &str) -> bool {
    line.starts_with("---") || line.starts_with("...")
}

/// A block collection that is open.
struct Level {
    /// The column of its keys or dashes.
    indent: usize,
    collection: Collection,
    /// Its last key or dash has no value yet.
    waits: bool,
}

/// A line from its first character that is no space, without its break.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
    /// How many spaces stand before it.
    indent: usize,
}

/// A key as it is written.
struct Key<'a> {
    value: Cow<'a, str>,
    style: ScalarStyle,
    end: usize,
    colon: usize,
}

struct Blocks<'a, 'b> {
    source: &'a str,
    reader: Reader<'b>,
    /// The start of the line behind the current one.
    next: usize,
    open: Vec<Level>,
}

impl<'a> Blocks<'a, '_> {
    fn run(mut self) -> Option<()> {
        let mut first = self.content_line()?;
        if first.indent == 0 && self.text(first.start, first.end).trim_end_matches(' ') == "---" {
            self.reader.done = first.start + 3;
            first = self.content_line()?;
        }
        if is_marker(self.text(first.start, first.end)) {
            return None;
        }
        self.node(first.start, first.end, first.indent)?;
        while let Some(line) = self.content_line() {
            self.line(line)?;
        }
        while !self.open.is_empty() {
            self.close()?;
        }
        Some(())
    }

    fn byte(&self, at: usize) -> u8 {
        self.source.as_bytes().get(at).copied().unwrap_or(b'\n')
    }

    fn text(&self, start: usize, end: usize) -> &'a str {
        self.source.get(start..end).unwrap_or_default()
    }

    /// The next line that is neither blank nor a comment. The parser tells what document markers and directives mean.
    fn content_line(&mut self) -> Option<Line> {
        loop {
            let line = self.line_at(self.next)?;
            self.next = line.end + 1;
            if self.byte(line.end) == b'\r' {
                self.next += 1;
            }
            if line.start < line.end && self.byte(line.start) != b'#' {
                return Some(line);
            }
        }
    }

    /// The line that starts at `at`; `None` behind the last.
    fn line_at(&self, at: usize) -> Option<Line> {
        let bytes = self.source.as_bytes();
        let rest = bytes.get(at..).filter(|it| !it.is_empty())?;
        let end = memchr::memchr(b'\n', rest).map_or(bytes.len(), |it| at + it);
        let end = if end > at && self.byte(end - 1) == b'\r' { end - 1 } else { end };
        let indent = bytes.get(at..end)?.iter().take_while(|it| **it == b' ').count();
        Some(Line { start: at + indent, end, indent })
    }

    fn skip_spaces(&self, mut at: usize) -> usize {
        while self.byte(at) == b' ' {
            at += 1;
        }
        at
    }

    /// Whether a space, or nothing more of the line, stands at `at`.
    fn ends_word(&self, at: usize) -> bool {
        matches!(self.byte(at), b' ' | b'\n' | b'\r')
    }

    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == b'-' && self.ends_word(at + 1)
    }

    /// Whether nothing but spaces and a comment stands from `at` to the end of the line.
    fn is_rest_empty(&self, at: usize, end: usize) -> bool {
        let rest = self.skip_spaces(at);
        rest >= end || rest > at && self.byte(rest) == b'#'
    }

    fn line(&mut self, line: Line) -> Option<()> {
        let Line { start, end, indent } = line;
        if is_marker(self.text(start, end)) {
            return None;
        }
        while self.open.last().is_some_and(|it| it.indent > indent) {
            self.close()?;
        }
        let is_dash = self.is_dash(start);
        // A sequence may stand as deep as the key above it; the next key ends it.
        if !is_dash && self.open.last().is_some_and(|it| it.indent == indent && it.collection == Collection::Sequence) {
            self.close()?;
        }
        match self.open.last() {
            Some(top) if top.indent == indent => match (top.collection, is_dash) {
                (Collection::Sequence, true) => {
                    self.nothing_if_waiting()?;
                    self.item(start, end, indent)
                }
                (Collection::Mapping, false) => {
                    self.nothing_if_waiting()?;
                    let key = self.key(start, end)?;
                    self.entry(start, end, &key)
                }
                (Collection::Mapping, true) if top.waits => self.node(start, end, indent),
                _ => None,
            },
            Some(top) if top.waits => self.node(start, end, indent),
            _ => None,
        }
    }

    /// A value that may be a collection of its own, at a column.
    fn node(&mut self, at: usize, end: usize, column: usize) -> Option<()> {
        if self.open.len() >= MAX_LEVELS {
            return None;
        }
        if self.is_dash(at) {
            self.start(Collection::Sequence, at, column);
            return self.item(at, end, column);
        }
        match self.key(at, end) {
            Some(key) => {
                self.start(Collection::Mapping, at, column);
                self.entry(at, end, &key)
            }
            None => self.scalar(at, end),
        }
    }

    fn start(&mut self, collection: Collection, at: usize, indent: usize) {
        if let Some(parent) = self.open.last_mut() {
            parent.waits = false;
        }
        self.reader.start(collection, (0, None), at, at);
        self.open.push(Level { indent, collection, waits: false });
    }

    /// Ends the innermost collection.
    fn close(&mut self) -> Option<()> {
        self.nothing_if_waiting()?;
        self.open.pop()?;
        self.reader.end(0);
        Some(())
    }

    /// A value that is not written.
    fn nothing_if_waiting(&mut self) -> Option<()> {
        let top = self.open.last_mut()?;
        if std::mem::replace(&mut top.waits, false) {
            self.reader.scalar("", ScalarStyle::Plain, (0, None), 0, 0);
        }
        Some(())
    }

    /// What stands behind a dash.
    fn item(&mut self, dash: usize, end: usize, column: usize) -> Option<()> {
        self.open.last_mut()?.waits = true;
        if self.is_rest_empty(dash + 1, end) {
            return Some(());
        }
        let at = self.skip_spaces(dash + 1);
        self.node(at, end, column + at - dash)
    }

    /// A key and what stands behind its colon.
    fn entry(&mut self, start: usize, end: usize, key: &Key<'a>) -> Option<()> {
        self.open.last_mut()?.waits = true;
        self.reader.scalar(&key.value, key.style, (0, None), start, key.end);
        if self.is_rest_empty(key.colon + 1, end) {
            return Some(());
        }
        let at = self.skip_spaces(key.colon + 1);
        // Neither a sequence nor another key may stand on the line of a key; `scalar` takes neither.
        self.scalar(at, end)
    }

    /// The key that starts at `at`, if one does. What the parser would refuse as a key is none.
    fn key(&self, at: usize, end: usize) -> Option<Key<'a>> {
        match self.byte(at) {
            quote @ (b'"' | b'\'') => {
                let close = self.closing_quote(at, end)?;
                let colon = self.skip_spaces(close + 1);
                let is_key = self.byte(colon) == b':' && self.ends_word(colon + 1) && close - at < MAX_KEY;
                let (value, style) = self.quoted(at, close, quote).filter(|_| is_key)?;
                Some(Key { value, style, end: close + 1, colon })
            }
            _ if self.may_start_plain(at) => {
                let (behind, is_key) = self.end_of_plain(at, end);
                let text = self.text(at, behind).trim_end_matches(' ');
                (is_key && text.len() < MAX_KEY).then(|| Key {
                    value: text.into(),
                    style: ScalarStyle::Plain,
                    end: at + text.len(),
                    colon: behind,
                })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::string_slice)]
mod tests;
