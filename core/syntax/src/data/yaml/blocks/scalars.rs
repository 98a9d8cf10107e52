//! Values that are no block collections: scalars in all styles, and what is in brackets.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser};

use super::super::{CharOffsets, Collection, ScalarStyle};
use super::{Blocks, is_marker};

impl<'a> Blocks<'a, '_> {
    /// Whether a plain scalar may start here (YAML 1.2.2, production 126).
    pub(super) fn may_start_plain(&self, at: usize) -> bool {
        match self.byte(at) {
            b'-' | b'?' | b':' => !self.ends_word(at + 1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => false,
            _ => true,
        }
    }

    /// Where the plain scalar from `at` ends on its line, blanks included: at a comment, or at the colon that makes it
    /// a key.
    pub(super) fn end_of_plain(&self, at: usize, end: usize) -> (usize, bool) {
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
    pub(super) fn closing_quote(&self, at: usize, end: usize) -> Option<usize> {
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
    pub(super) fn quoted(&self, at: usize, close: usize, quote: u8) -> Option<(Cow<'a, str>, ScalarStyle)> {
        let inner = self.text(at + 1, close);
        Some(match quote {
            b'\'' if inner.contains('\'') => (inner.replace("''", "'").into(), ScalarStyle::SingleQuoted),
            b'\'' => (inner.into(), ScalarStyle::SingleQuoted),
            _ if inner.contains('\\') => (parse_scalar(self.text(at, close + 1))?.into(), ScalarStyle::DoubleQuoted),
            _ => (inner.into(), ScalarStyle::DoubleQuoted),
        })
    }

    /// A value that is no block collection.
    pub(super) fn scalar(&mut self, at: usize, end: usize) -> Option<()> {
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

    /// The bracket that closes the one at `at`. A guess where quotes stand inside of words; the parser refuses wrong
    /// ones.
    fn closing_bracket(&self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut depth = 0_usize;
        let mut from = at;
        loop {
            let found = from
                + bytes
                    .get(from..)?
                    .iter()
                    .position(|it| matches!(it, b'[' | b']' | b'{' | b'}' | b'"' | b'\'' | b'#'))?;
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
