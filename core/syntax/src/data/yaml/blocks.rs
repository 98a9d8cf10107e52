//! YAML as most documents are written, read line by line: block mappings and sequences, plain and quoted scalars.
//!
//! The parser of the library is right about all of YAML and takes its time. What this reader accepts it reads as the parser
//! does (property-tested); what is multi-line or in brackets it cuts out and lets the parser read; at the first thing that is
//! rare or wrong it gives up, and the parser reads everything (ADR-0008).

use std::borrow::Cow;
use std::sync::Arc;

use saphyr_parser::{Event, Parser};

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

/// Whether all characters are such that every loader reads them alike: no tabs, no lone carriage returns, no other control
/// characters, and nothing that some take for a line break or a byte order mark.
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

    /// Whether a plain scalar may start here (YAML 1.2.2, production 126).
    fn may_start_plain(&self, at: usize) -> bool {
        match self.byte(at) {
            b'-' | b'?' | b':' => !self.ends_word(at + 1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' => false,
            _ => true,
        }
    }

    /// Where the plain scalar from `at` ends on its line, blanks included: at a comment, or at the colon that makes it a key.
    fn end_of_plain(&self, at: usize, end: usize) -> (usize, bool) {
        let bytes = self.source.as_bytes().get(at..end).unwrap_or_default();
        for found in memchr::memchr2_iter(b':', b'#', bytes).map(|it| at + it) {
            if self.byte(found) == b'#' {
                if found > at && self.byte(found - 1) == b' ' {
                    return (found, false);
                }
            } else if self.ends_word(found + 1) {
                return (found, true);
            }
        }
        (end, false)
    }

    /// The quote that ends the scalar from `at`, on the same line.
    fn closing_quote(&self, at: usize, end: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let quote = self.byte(at);
        let mut from = at + 1;
        loop {
            let found = from + memchr::memchr2(quote, b'\\', bytes.get(from..end)?)?;
            from = match (self.byte(found), quote) {
                (b'\\', b'"') => found + 2,
                (b'\\', _) => found + 1,
                (_, b'\'') if self.byte(found + 1) == b'\'' && found + 1 < end => found + 2,
                _ => return Some(found),
            };
        }
    }

    /// The value of a scalar between quotes on one line.
    fn quoted(&self, at: usize, close: usize, quote: u8) -> Option<(Cow<'a, str>, ScalarStyle)> {
        let inner = self.text(at + 1, close);
        Some(match quote {
            b'\'' if inner.contains('\'') => (inner.replace("''", "'").into(), ScalarStyle::SingleQuoted),
            b'\'' => (inner.into(), ScalarStyle::SingleQuoted),
            _ if inner.contains('\\') => (parse_scalar(self.text(at, close + 1))?.into(), ScalarStyle::DoubleQuoted),
            _ => (inner.into(), ScalarStyle::DoubleQuoted),
        })
    }

    /// A value that is no block collection.
    fn scalar(&mut self, at: usize, end: usize) -> Option<()> {
        let indent = self.open.last()?.indent;
        match self.byte(at) {
            b'|' | b'>' => self.block_scalar(at, end, indent)?,
            quote @ (b'"' | b'\'') => self.quoted_scalar(at, end, indent, quote)?,
            b'[' | b'{' => self.brackets(at, end, indent)?,
            _ if self.may_start_plain(at) => self.plain_scalar(at, end, indent)?,
            _ => return None,
        }
        self.open.last_mut()?.waits = false;
        Some(())
    }

    fn plain_scalar(&mut self, at: usize, end: usize, indent: usize) -> Option<()> {
        let (behind, is_key) = self.end_of_plain(at, end);
        if is_key {
            return None;
        }
        let last = if behind == end { self.end_of_paragraph(end, indent)? } else { end };
        if last == end {
            let text = self.text(at, behind).trim_end_matches(' ');
            self.reader.scalar(text, ScalarStyle::Plain, (0, None), at, at + text.len());
            return Some(());
        }
        let value = parse_scalar(self.text(at, last))?;
        self.reader.scalar(&value, ScalarStyle::Plain, (0, None), at, last);
        self.go_behind(last);
        Some(())
    }

    /// The end of the last of the lines that go on with the plain scalar whose first line ends at `end`.
    fn end_of_paragraph(&self, end: usize, indent: usize) -> Option<usize> {
        let mut last = end;
        let mut at = self.next;
        while let Some(line) = self.line_at(at) {
            at = line.end + if self.byte(line.end) == b'\r' { 2 } else { 1 };
            if line.start >= line.end {
                continue;
            }
            if line.indent <= indent || self.byte(line.start) == b'#' {
                break;
            }
            let (behind, is_key) = self.end_of_plain(line.start, line.end);
            if is_key || behind < line.end {
                return None;
            }
            last = line.end;
        }
        Some(last)
    }

    fn quoted_scalar(&mut self, at: usize, end: usize, indent: usize, quote: u8) -> Option<()> {
        let (close, (value, style)) = match self.closing_quote(at, end) {
            Some(close) => (close, self.quoted(at, close, quote)?),
            None => {
                let close = self.closing_quote(at, self.source.len())?;
                self.is_indented(at, close, indent).then_some(())?;
                let style = if quote == b'"' { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
                self.go_behind(close);
                (close, (parse_scalar(self.text(at, close + 1))?.into(), style))
            }
        };
        self.is_rest_empty(close + 1, self.end_of_line(close)).then_some(())?;
        self.reader.scalar(&value, style, (0, None), at, close + 1);
        Some(())
    }

    fn block_scalar(&mut self, at: usize, end: usize, indent: usize) -> Option<()> {
        let behind = if matches!(self.byte(at + 1), b'+' | b'-') { at + 2 } else { at + 1 };
        self.is_rest_empty(behind, end).then_some(())?;
        let mut first = None;
        let mut next = self.next;
        while let Some(line) = self.line_at(next) {
            if line.start < line.end {
                if line.indent <= indent {
                    break;
                }
                // A line that is less deep than the first ends the scalar and means something else.
                if line.indent < *first.get_or_insert(line.indent) {
                    return None;
                }
            }
            next = (line.end + if self.byte(line.end) == b'\r' { 2 } else { 1 }).min(self.source.len());
        }
        let style = if self.byte(at) == b'|' { ScalarStyle::Literal } else { ScalarStyle::Folded };
        let value = parse_scalar(self.text(at, next))?;
        self.reader.scalar(&value, style, (0, None), at, next);
        self.next = next;
        Some(())
    }

    /// A sequence or mapping in brackets. All but a list of plain words on one line is read by the parser.
    fn brackets(&mut self, at: usize, end: usize, indent: usize) -> Option<()> {
        if let Some(close) = self.end_of_words(at, end) {
            self.words(at, close);
            return Some(());
        }
        let close = self.closing_bracket(at)?;
        self.is_indented(at, close, indent).then_some(())?;
        self.is_rest_empty(close + 1, self.end_of_line(close)).then_some(())?;
        let source = self.text(at, close + 1);
        let chars = CharOffsets::new(source);
        let (mut depth, mut is_over) = (0, false);
        for event in Parser::new_from_str(source) {
            let (event, span) = event.ok()?;
            match event {
                Event::SequenceStart(0, None) | Event::MappingStart(0, None) if !is_over => depth += 1,
                Event::SequenceEnd | Event::MappingEnd => depth -= 1,
                Event::Scalar(_, _, 0, None) if depth > 0 => {}
                Event::StreamStart | Event::DocumentStart(false) | Event::DocumentEnd | Event::StreamEnd => continue,
                _ => return None,
            }
            is_over = depth == 0;
            let (start, end) = (chars.byte(source, span.start.index()), chars.byte(source, span.end.index()));
            self.reader.event(event, at + start, at + end).ok()?;
        }
        is_over.then_some(())?;
        self.go_behind(close);
        Some(())
    }

    /// The bracket that closes a list of words of letters, digits, `_` and `.`, if nothing stands behind it.
    fn end_of_words(&self, at: usize, end: usize) -> Option<usize> {
        let inner = self.text(at, end).strip_prefix('[')?.strip_suffix(']')?;
        let is_word = |it: &str| {
            let it = it.trim_matches(' ');
            it.starts_with(|it: char| it.is_ascii_alphanumeric())
                && it.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'))
        };
        inner.split(',').all(is_word).then_some(end - 1)
    }

    fn words(&mut self, at: usize, close: usize) {
        self.reader.start(Collection::Sequence, (0, None), at, at + 1);
        let mut start = at + 1;
        for part in self.text(at + 1, close).split(',') {
            let word = part.trim_matches(' ');
            let from = start + part.len() - part.trim_start_matches(' ').len();
            self.reader.scalar(word, ScalarStyle::Plain, (0, None), from, from + word.len());
            start += part.len() + 1;
        }
        self.reader.end(close);
    }

    /// The bracket that closes the one at `at`. A guess where quotes stand inside of words; the parser refuses wrong ones.
    fn closing_bracket(&self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut depth = 0_usize;
        let mut from = at;
        loop {
            let found = from + bytes.get(from..)?.iter().position(|it| matches!(it, b'[' | b']' | b'{' | b'}' | b'"' | b'\'' | b'#'))?;
            from = found + 1;
            let starts_word = || !matches!(self.byte(found - 1), it if it.is_ascii_alphanumeric() || !it.is_ascii());
            match self.byte(found) {
                b'[' | b'{' => depth += 1,
                b'#' if self.ends_word(found - 1) => return None,
                b'#' => {}
                b'"' | b'\'' if starts_word() => from = self.closing_quote(found, bytes.len())? + 1,
                b'"' | b'\'' => {}
                _ if depth == 1 => return Some(found),
                _ => depth -= 1,
            }
        }
    }

    /// Whether all lines from the second on that `start..end` reaches into are deeper than `indent`.
    fn is_indented(&self, start: usize, end: usize, indent: usize) -> bool {
        let breaks = memchr::memchr_iter(b'\n', self.source.as_bytes().get(start..end).unwrap_or_default());
        breaks.filter_map(|it| self.line_at(start + it + 1)).all(|it| it.start >= it.end || it.indent > indent)
    }

    fn end_of_line(&self, at: usize) -> usize {
        let rest = self.source.as_bytes().get(at..).unwrap_or_default();
        memchr::memchr2(b'\n', b'\r', rest).map_or(self.source.len(), |it| at + it)
    }

    /// Goes on with the line behind the one that `at` is on.
    fn go_behind(&mut self, at: usize) {
        let end = self.end_of_line(at);
        self.next = end + if self.byte(end) == b'\r' { 2 } else { 1 };
    }
}

/// The value of a text that is one scalar, as the parser reads it.
fn parse_scalar(source: &str) -> Option<String> {
    // The same in the middle of a line is a word.
    if is_marker(source) {
        return None;
    }
    let mut value = None;
    for event in Parser::new_from_str(source) {
        match event.ok()?.0 {
            Event::Scalar(text, _, 0, None) if value.is_none() => value = Some(text.into_owned()),
            Event::StreamStart | Event::DocumentStart(false) | Event::DocumentEnd | Event::StreamEnd => {}
            _ => return None,
        }
    }
    value
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::string_slice)]
mod tests;
