//! Byte spans, the line index and conversion between byte offsets and editor positions.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::data::{Entry, Node, Tree};

/// A half-open range of bytes in one text. Both ends lie on character boundaries when a parser of this crate made it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, both in bytes. Swapped ends are put in order.
    pub fn new(start: usize, end: usize) -> Self {
        let (start, end) = (clamp(start), clamp(end));
        Self { start: start.min(end), end: start.max(end) }
    }

    /// The empty span at `at`.
    pub fn empty(at: usize) -> Self {
        Self::new(at, at)
    }

    /// The span as a range of `usize`.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` lies inside or at either end (a cursor at the end of a word is still on the word).
    pub fn touches(self, offset: usize) -> bool {
        (self.start as usize) <= offset && offset <= (self.end as usize)
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text under the span, or the empty string if the span does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A text and where it stands.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Spanned {
    /// The text, decoded: without quotes, escapes and the marks of blocks.
    pub text: SmolStr,
    /// The bytes it was read from, without quotes. They equal `text` unless it is written with escapes, in a block or
    /// as a comment of several lines.
    pub span: Span,
}

impl Spanned {
    /// The text under `span`.
    pub fn of(span: Span, source: &str) -> Self {
        Self { text: SmolStr::new(span.of(source)), span }
    }

    /// The text of a scalar of YAML or JSON; `None` for lists, mappings and null.
    pub fn of_scalar(node: Node<'_>) -> Option<Self> {
        let text = node.scalar().filter(|_| !node.is_null())?;
        Some(Self { text: text.into(), span: unquoted(node.tree(), node.span()) })
    }

    /// The text of a key of YAML or JSON.
    pub fn of_key(entry: Entry<'_>) -> Self {
        Self { text: entry.key.into(), span: unquoted(entry.value.tree(), entry.key_span) }
    }
}

/// The span of a scalar without its quotes.
fn unquoted(tree: &Tree, span: Span) -> Span {
    let source = span.of(tree.text());
    match source.strip_prefix(['"', '\'']).and_then(|it| it.strip_suffix(['"', '\''])) {
        Some(_) => Span { start: span.start + 1, end: span.end - 1 },
        None => span,
    }
}

/// How the lines of a text end: as the first one does, `\n` if there is none.
pub fn newline(text: &str) -> &'static str {
    let first = memchr::memchr(b'\n', text.as_bytes());
    let before = first.and_then(|at| text.as_bytes().get(at.checked_sub(1)?));
    if before == Some(&b'\r') { "\r\n" } else { "\n" }
}

/// How a column counts: LSP negotiates it, the command line counts characters (UTF-32).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, the default of LSP.
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

/// A 0-based place in a text; what `column` counts depends on the [`Encoding`] it was made with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// 0-based line.
    pub line: u32,
    /// 0-based column in units of the encoding.
    pub column: u32,
}

/// Where each line of a text starts. Lines end in `\n`, `\r\n` or a lone `\r`, as LSP 3.17 says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
    /// What stands before each block of [`BLOCK`] bytes; nothing for a text of ASCII alone, where bytes are columns.
    blocks: Vec<Counts>,
}

/// A column is counted from the block it stands in, because a text may be one long line with very many places in it.
const BLOCK: usize = 1024;

/// How many characters there are, and how many of them take two units of UTF-16.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    chars: u32,
    pairs: u32,
}

impl Counts {
    /// Those that begin in these bytes, and the ones before.
    fn plus(self, bytes: &[u8]) -> Self {
        let begins = bytes.iter().filter(|it| **it & 0xC0 != 0x80).count();
        let pairs = bytes.iter().filter(|it| **it >= 0xF0).count();
        Self { chars: self.chars.saturating_add(clamp(begins)), pairs: self.pairs.saturating_add(clamp(pairs)) }
    }
}

impl LineIndex {
    /// Indexes `text`. Cost: one pass over the bytes, one more if they are not all ASCII.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        // Lines of documents have some forty bytes.
        let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
        starts.push(0);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            // The `\r` of a `\r\n` does not end the line, the `\n` after it does.
            if bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            starts.push(clamp(at + 1));
        }
        let mut blocks = Vec::new();
        if !bytes.is_ascii() {
            let mut before = Counts::default();
            for block in bytes.chunks(BLOCK) {
                blocks.push(before);
                before = before.plus(block);
            }
            // The end of the text may begin a block of its own.
            blocks.push(before);
        }
        Self { starts, len: clamp(bytes.len()), blocks }
    }

    /// How many lines there are; an empty text has one.
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The 0-based line that holds `offset`; offsets past the end belong to the last line.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset).saturating_sub(1)
    }

    /// The span of a line without its line ending; lines past the last are empty spans at the end of the text.
    pub fn line_span(&self, line: usize, text: &str) -> Span {
        let Some(&start) = self.starts.get(line) else { return Span::empty(self.len as usize) };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.len);
        let content = Span { start, end }.of(text);
        let trimmed = content.strip_suffix("\r\n").or_else(|| content.strip_suffix(['\n', '\r'])).unwrap_or(content);
        Span::new(start as usize, start as usize + trimmed.len())
    }

    /// The position of a byte offset. An offset inside a character counts as the start of that character.
    pub fn position(&self, offset: usize, text: &str, encoding: Encoding) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset);
        let start = self.starts.get(line).map_or(0, |&it| it as usize);
        Position { line: line as u32, column: self.width(start, offset, text, encoding) }
    }

    /// How many units stand between two offsets, both on character boundaries.
    fn width(&self, start: usize, end: usize, text: &str, encoding: Encoding) -> u32 {
        if self.blocks.is_empty() || encoding == Encoding::Utf8 {
            return clamp(end.saturating_sub(start));
        }
        let before = |offset: usize| {
            let block = offset / BLOCK;
            let bytes = text.as_bytes().get(block * BLOCK..offset).unwrap_or_default();
            self.blocks.get(block).copied().unwrap_or_default().plus(bytes)
        };
        let (from, to) = (before(start), before(end));
        let chars = to.chars.saturating_sub(from.chars);
        match encoding {
            Encoding::Utf16 => chars + to.pairs.saturating_sub(from.pairs),
            _ => chars,
        }
    }

    /// The byte offset of a position. A column past the end of its line means the end of the line, a line past the last
    /// means the end of the text, and a column inside a character means the start of that character (LSP 3.17,
    /// Position).
    pub fn offset(&self, position: Position, text: &str, encoding: Encoding) -> usize {
        if position.line as usize >= self.starts.len() {
            return text.len();
        }
        let span = self.line_span(position.line as usize, text);
        let line = span.of(text);
        let mut units = 0;
        for (at, char) in line.char_indices() {
            units += unit(char, encoding);
            if units > position.column as usize {
                return span.start as usize + at;
            }
        }
        span.end as usize
    }
}

fn unit(char: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => char.len_utf8(),
        Encoding::Utf16 => char.len_utf16(),
        Encoding::Utf32 => 1,
    }
}

/// Bytes seen as text. A byte order mark stays in the text, so that offsets are offsets into the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded<'a> {
    /// UTF-8 text.
    Text(&'a str),
    /// Not UTF-8: the valid text before the first bad byte, which stands where that text ends.
    Invalid {
        /// The text before the first byte that is not UTF-8.
        before: &'a str,
    },
    /// A NUL byte among the first 8,000, as git decides it.
    Binary,
    /// UTF-16, as its byte order mark says, or how it begins. Spans are bytes of the file, so it is decoded only to
    /// tell what it is.
    Utf16 {
        /// What it says.
        text: String,
    },
}

impl<'a> Decoded<'a> {
    /// Decodes a file's bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        if let Some(text) = utf16(bytes) {
            return Self::Utf16 { text };
        }
        if memchr::memchr(0, bytes.get(..bytes.len().min(8_000)).unwrap_or_default()).is_some() {
            return Self::Binary;
        }
        match str::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(_) => Self::Invalid { before: bytes.utf8_chunks().next().map_or("", |it| it.valid()) },
        }
    }
}

impl<'a> Decoded<'a> {
    /// What bytes say in any encoding that is known, with a mark for what is no text. For older versions of files, to
    /// which no edit goes back.
    pub fn lenient(bytes: &[u8]) -> String {
        utf16(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())
    }

    /// The text of a file that must be UTF-8.
    ///
    /// # Errors
    /// If it is something else, with what it is.
    pub fn utf8(self) -> std::io::Result<&'a str> {
        let why = match self {
            Self::Text(text) => return Ok(text),
            Self::Invalid { before } => format!("it is not UTF-8 from byte {} on; save it as UTF-8", before.len()),
            Self::Binary => "it is binary; name a text".to_owned(),
            Self::Utf16 { .. } => "it is UTF-16; save it as UTF-8".to_owned(),
        };
        Err(std::io::Error::new(std::io::ErrorKind::InvalidData, why))
    }
}

/// The text of bytes that begin with the byte order mark of UTF-16, or with letters of ASCII each beside a NUL.
fn utf16(bytes: &[u8]) -> Option<String> {
    let (unit, rest): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        _ if begins_in_ascii(bytes, u16::from_le_bytes) => (u16::from_le_bytes, bytes),
        _ if begins_in_ascii(bytes, u16::from_be_bytes) => (u16::from_be_bytes, bytes),
        _ => return None,
    };
    // A text has even so many bytes; an odd one at the end is dropped.
    let units = rest.as_chunks().0.iter().map(|it| unit(*it));
    Some(char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// Whether bytes begin with two units of UTF-16 or more, the first eight of which are printed in ASCII. YAML tells an
/// encoding without a byte order mark by the same.
fn begins_in_ascii(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    let units = bytes.as_chunks().0;
    let is_text =
        |it: &[u8; 2]| u8::try_from(unit(*it)).is_ok_and(|it| matches!(it, b'\t' | b'\n' | b'\r' | b' '..=b'~'));
    units.len() >= 2 && units.iter().take(8).all(is_text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn utf_16_is_told_with_and_without_its_mark() {
        let bytes = |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        for text in ["\u{feff}# T\u{fc}r\n", "# T", "# Title: \u{20ac} and more"] {
            for unit in [u16::to_le_bytes, u16::to_be_bytes] {
                let bytes = bytes(text, unit);
                let expected = text.trim_start_matches('\u{feff}').to_owned();
                assert_eq!(Decoded::new(&bytes), Decoded::Utf16 { text: expected }, "{text:?}");
            }
        }
        for binary in [&b"\0\0\x01\0"[..], b"a\0\0\0b\0\0\0", b"a\0", b"text\0text"] {
            assert_eq!(Decoded::new(binary), Decoded::Binary, "{binary:?}");
        }
    }

    const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn columns_count_in_the_units_of_the_encoding() {
        let text = "a😀é\r\nb";
        let index = LineIndex::new(text);
        let columns = ENCODINGS.map(|it| index.position(text.find('\r').unwrap(), text, it).column);
        assert_eq!(columns, [7, 4, 3]);
        assert_eq!(index.line_count(), 2);
    }

    proptest! {
        #[test]
        fn columns_of_long_lines_are_counted_as_those_of_short_ones(
            text in "[aé😀\u{200d}\n]{0,40}", times in 1_usize..60, at in 0_usize..10_000
        ) {
            let text = text.repeat(times);
            let mut offset = at % (text.len() + 1);
            while !text.is_char_boundary(offset) {
                offset -= 1;
            }
            let index = LineIndex::new(&text);
            let before = &text[..offset];
            let line = &before[before.rfind('\n').map_or(0, |it| it + 1)..];
            for encoding in ENCODINGS {
                let column: usize = line.chars().map(|it| unit(it, encoding)).sum();
                prop_assert_eq!(index.position(offset, &text, encoding).column as usize, column);
            }
        }
    }

    #[test]
    fn every_line_ending_ends_a_line_once() {
        let text = "a\nb\rc\r\nd";
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..index.line_count()).map(|it| index.line_span(it, text).of(text)).collect();
        assert_eq!(lines, ["a", "b", "c", "d"]);
    }

    #[test]
    fn lines_end_as_the_first_one_does() {
        for (text, end) in
            [("", "\n"), ("a", "\n"), ("\n", "\n"), ("a\r\nb\n", "\r\n"), ("a\nb\r\n", "\n"), ("a\rb", "\n")]
        {
            assert_eq!(newline(text), end, "{text:?}");
        }
    }

    #[test]
    fn a_text_stands_between_its_quotes() {
        let tree = crate::data::parse("\"a b\": 'c\"\nd: null\n", crate::data::Format::Yaml);
        let entry = tree.root().unwrap().entries().next().unwrap();
        let key = Spanned::of_key(entry);
        assert_eq!((&*key.text, key.span.of(tree.text())), ("a b", "a b"));
        let tree = crate::data::parse("a: \"x\\ny\"\nb: ~\n", crate::data::Format::Yaml);
        let value = |pointer| Spanned::of_scalar(tree.pointer(pointer).unwrap());
        assert_eq!(
            value("/a").map(|it| (it.text.to_string(), it.span.of(tree.text()).to_owned())),
            Some(("x\ny".into(), "x\\ny".into()))
        );
        assert_eq!((value("/b"), value("")), (None, None));
    }

    #[test]
    fn a_position_outside_the_text_is_its_nearest_end() {
        let text = "ab\ncd";
        let index = LineIndex::new(text);
        assert_eq!(index.offset(Position { line: 0, column: 99 }, text, Encoding::Utf16), 2);
        assert_eq!(index.offset(Position { line: 99, column: 0 }, text, Encoding::Utf16), 5);
    }

    #[test]
    fn bytes_that_are_not_text_say_where() {
        assert_eq!(Decoded::new(b"ok\xff"), Decoded::Invalid { before: "ok" });
        assert_eq!(Decoded::new(b"a\0b"), Decoded::Binary);
    }

    proptest! {
        #[test]
        fn offset_and_position_are_inverse(text in "[a-c😀é\u{feff}\r\n]{0,40}") {
            let index = LineIndex::new(&text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                // The place between `\r` and `\n` is no place in an editor.
                if text[..offset].ends_with('\r') && text[offset..].starts_with('\n') { continue; }
                for encoding in ENCODINGS {
                    let position = index.position(offset, &text, encoding);
                    prop_assert_eq!(index.offset(position, &text, encoding), offset);
                }
            }
        }

        #[test]
        fn any_offset_and_position_convert(
            text in ".{0,40}",
            offset in 0usize..200,
            line in 0u32..9,
            column in 0u32..99,
        ) {
            let index = LineIndex::new(&text);
            for encoding in ENCODINGS {
                index.position(offset, &text, encoding);
                let found = index.offset(Position { line, column }, &text, encoding);
                prop_assert!(text.is_char_boundary(found));
            }
        }
    }
}
