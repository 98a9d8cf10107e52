//! JSON (RFC 8259): a parser with its own stack that goes on after every mistake.
//!
//! Comments, trailing commas, single quotes and the like are read as what they mean and reported as what they are.

use std::sync::Arc;

use super::build::{Builder, Collection, Key};
use super::lines::quoted_end;
use super::node::{ScalarStyle, Shape};
use super::{Format, SyntaxErrorKind, Tree, scalar};
use crate::Span;

/// Parses a JSON text of less than 4 GiB. The tree says that it is in `format`, since JSON is YAML too.
pub(super) fn parse(text: &Arc<str>, format: Format) -> Tree {
    let mut builder = Builder::new(text.clone(), format);
    Parser::new(text, &mut builder).run();
    builder.finish(text.len())
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Expect {
    /// The value of the document.
    Root,
    /// Right behind `[`.
    FirstItem,
    /// Behind a comma in a list.
    Item,
    /// Right behind `{`.
    FirstKey,
    /// Behind a comma in an object.
    Key,
    /// Behind a key.
    Colon,
    /// Behind a colon.
    Value,
    /// Behind a value in a list or an object.
    Comma,
    /// Behind the document.
    End,
}

/// A collection that is not closed yet.
#[derive(Clone, Copy)]
struct Open {
    /// Where its bracket stands.
    start: usize,
    collection: Collection,
    /// The nearest open collection of the other kind around it.
    other: Option<usize>,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The end of the last token.
    done: usize,
    expect: Expect,
    /// All open collections. [`Builder`] does not keep those beyond its depth limit.
    open: Vec<Open>,
    /// The last comma.
    comma: usize,
    /// The key that waits for a value, or the last that did.
    key: Span,
    /// Where the last mistake ends: what directly follows it is not a second one.
    fault_end: usize,
    builder: &'a mut Builder,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, builder: &'a mut Builder) -> Self {
        // RFC 8259, section 8.1: a byte order mark may be ignored.
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let open = Vec::new();
        Self {
            text,
            at,
            done: at,
            expect: Expect::Root,
            open,
            comma: 0,
            key: Span::default(),
            fault_end: usize::MAX,
            builder,
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or_default()
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.fault_end = span.end as usize;
        self.builder.error(SyntaxErrorKind::Syntax, span, message);
    }

    /// Reports that something is missing, unless a mistake right before explains it.
    fn missing(&mut self, span: Span, message: impl Into<String>) {
        if self.fault_end != self.done {
            self.builder.error(SyntaxErrorKind::Syntax, span, message);
        }
    }

    /// The span of what stands at `at`: a word, or one character.
    fn token_at(&self, at: usize) -> Span {
        let rest = self.text.get(at..).unwrap_or_default();
        let first = rest.chars().next().map_or(0, char::len_utf8);
        Span::new(at, at + word_len(rest).max(first))
    }

    fn run(mut self) {
        loop {
            self.skip_trivia();
            if self.at >= self.text.len() {
                break;
            }
            if self.expect == Expect::End {
                if !self.resume() {
                    break;
                }
                continue;
            }
            match self.byte(self.at) {
                b'{' => self.start(Collection::Mapping),
                b'[' => self.start(Collection::Sequence),
                b'}' => self.end(Collection::Mapping),
                b']' => self.end(Collection::Sequence),
                b',' => self.comma(),
                b':' => self.colon(),
                _ => self.scalar(),
            }
        }
        self.finish();
    }

    /// Past blanks and comments, which are mistakes.
    fn skip_trivia(&mut self) {
        loop {
            match self.byte(self.at) {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                b'/' if matches!(self.byte(self.at + 1), b'/' | b'*') => {
                    let rest = self.text.get(self.at..).unwrap_or_default();
                    let len = if self.byte(self.at + 1) == b'/' {
                        rest.find(['\n', '\r'])
                    } else {
                        rest.find("*/").map(|it| it + 2)
                    };
                    let span = Span::new(self.at, self.at + len.unwrap_or(rest.len()));
                    self.builder.error(
                        SyntaxErrorKind::Syntax,
                        span,
                        "JSON has no comments. Remove it, or keep the document as YAML.",
                    );
                    self.at = span.end as usize;
                }
                _ => return,
            }
        }
    }

    /// Makes room for a value or a key that starts here: reports the comma or colon that should stand before it.
    fn before_value(&mut self) {
        let here = self.token_at(self.at);
        match self.expect {
            Expect::Comma => {
                self.missing(here, "A comma is missing before this. Put one between the values.");
                self.expect = match self.open.last().map(|it| it.collection) {
                    Some(Collection::Mapping) => Expect::Key,
                    _ => Expect::Item,
                };
            }
            Expect::Colon => {
                self.missing(here, "A colon is missing between this and its key. Put one between the two.");
                self.expect = Expect::Value;
            }
            _ => {}
        }
    }

    /// Whether a key that has no colon behind it stands alone, with the next key on another line.
    fn key_stands_alone(&self) -> bool {
        self.expect == Expect::Colon && self.text.get(self.done..self.at).is_some_and(|it| it.contains(['\n', '\r']))
    }

    fn start(&mut self, collection: Collection) {
        self.before_value();
        if matches!(self.expect, Expect::FirstKey | Expect::Key) {
            let at = Span::new(self.at, self.at + 1);
            self.error(at, "An object holds keys with values, and this value has no key. Write `\"key\":` before it.");
            self.take_key("", Span::empty(self.at));
        }
        self.builder.open(collection, self.at);
        let other = match self.open.last() {
            Some(it) if it.collection == collection => it.other,
            _ => self.open.len().checked_sub(1),
        };
        self.open.push(Open { start: self.at, collection, other });
        self.at += 1;
        self.done = self.at;
        self.expect = if collection == Collection::Mapping { Expect::FirstKey } else { Expect::FirstItem };
    }

    fn end(&mut self, collection: Collection) {
        let here = Span::new(self.at, self.at + 1);
        let Some(depth) = self.innermost(collection) else {
            if !self.open.is_empty() && self.text.get(self.at + 1..).is_some_and(|it| it.trim_start().is_empty()) {
                self.wrong_closer(here, collection);
                return;
            }
            self.error(here, format!("This `{}` closes nothing. Remove it.", here.of(self.text)));
            self.at += 1;
            return;
        };
        let behind = self.text.get(self.at + 1..).unwrap_or_default().trim_start();
        if depth == 0 && behind.starts_with(',') {
            // To close the document here would lose what follows.
            if self.open.len() == 1 {
                self.error(here, format!("This `{}` closes the document too early. Remove it.", here.of(self.text)));
            } else {
                self.wrong_closer(here, collection);
                return;
            }
            self.at += 1;
            self.done = self.at;
            return;
        }
        self.missing_before_end();
        while self.open.len() > depth + 1 {
            self.report_unclosed();
            self.close(self.done);
        }
        self.at += 1;
        self.close(self.at);
        self.done = self.at;
    }

    /// The innermost open collection of a kind.
    fn innermost(&self, collection: Collection) -> Option<usize> {
        let it = self.open.last()?;
        if it.collection == collection { Some(self.open.len() - 1) } else { it.other }
    }

    /// Takes the closing bracket of the other kind for the one that is due.
    fn wrong_closer(&mut self, here: Span, collection: Collection) {
        let (open, close) = if collection == Collection::Mapping { ('[', ']') } else { ('{', '}') };
        self.missing_before_end();
        self.error(here, format!("This closes a `{open}`. Write `{close}`."));
        self.at += 1;
        self.close(self.at);
        self.done = self.at;
    }

    fn close(&mut self, end: usize) {
        self.open.pop();
        self.builder.close(Some(end));
        self.expect = if self.open.is_empty() { Expect::End } else { Expect::Comma };
    }

    /// Reports what the innermost collection lacks if it ends here.
    fn missing_before_end(&mut self) {
        match self.expect {
            Expect::Item | Expect::Key => {
                let comma = Span::new(self.comma, self.comma + 1);
                self.missing(comma, "JSON has no comma behind the last value. Remove it.");
            }
            Expect::Colon | Expect::Value => self.null_value(),
            _ => {}
        }
    }

    /// The key has no value.
    fn null_value(&mut self) {
        self.missing(
            self.key,
            format!("The key {} has no value. Write one behind it, `null` if there is none.", self.key.of(self.text)),
        );
        let at = Span::empty(self.done);
        let text = self.builder.intern("", at);
        self.builder.scalar(at, ScalarStyle::Plain, Shape::Null, text);
    }

    fn report_unclosed(&mut self) {
        let Some(&Open { start, collection, .. }) = self.open.last() else { return };
        let (open, close) = if collection == Collection::Mapping { ('{', '}') } else { ('[', ']') };
        let span = Span::new(start, start + 1);
        self.builder.error(SyntaxErrorKind::Syntax, span, format!("This `{open}` is never closed. Add the `{close}`."));
    }

    fn comma(&mut self) {
        let here = Span::new(self.at, self.at + 1);
        match self.expect {
            Expect::Comma => {}
            Expect::Colon | Expect::Value => self.null_value(),
            _ => self.error(here, "There is no value before this comma. Write one, or remove the comma."),
        }
        self.comma = self.at;
        self.at += 1;
        self.done = self.at;
        self.expect = match self.open.last().map(|it| it.collection) {
            Some(Collection::Mapping) => Expect::Key,
            Some(Collection::Sequence) => Expect::Item,
            None => Expect::Root,
        };
    }

    fn colon(&mut self) {
        let here = Span::new(self.at, self.at + 1);
        match self.expect {
            Expect::Colon => self.expect = Expect::Value,
            Expect::FirstKey | Expect::Key => {
                self.error(here, "There is no key before this colon. Write one in double quotes.");
                self.take_key("", Span::empty(self.at));
            }
            _ => self.error(here, "A colon stands only between a key and its value. Remove it."),
        }
        self.at += 1;
        self.done = self.at;
    }

    fn take_key(&mut self, text: &str, span: Span) {
        let text = self.builder.intern(text, span);
        self.builder.key(Key { text, span, merges: false });
        self.key = span;
        self.expect = Expect::Value;
    }

    fn scalar(&mut self) {
        if self.key_stands_alone() {
            self.null_value();
            self.fault_end = self.done;
            self.expect = Expect::Comma;
        }
        self.leave_unfinished();
        self.before_value();
        let first = self.byte(self.at);
        let start = self.at;
        if matches!(first, b'"' | b'\'') {
            let fault_before = self.fault_end;
            let decoded = self.string(first);
            let span = Span::new(start, self.at);
            let style = if first == b'"' { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
            if first == b'\'' && self.fault_end == fault_before {
                self.error(span, "JSON has strings in double quotes only. Write it in double quotes.");
                self.fault_end = fault_before;
            }
            let inner = Span::new(start + 1, span.end as usize - usize::from(self.closed_by(span, first)));
            self.place(span, style, decoded.as_deref().unwrap_or_else(|| inner.of(self.text)), Shape::String, inner);
        } else {
            self.bare();
        }
        self.done = self.at;
    }

    /// A key on a new line where a value should stand: the value before it was never written, or its list never closed.
    fn leave_unfinished(&mut self) {
        let expects_value = matches!(self.expect, Expect::Value | Expect::Item | Expect::FirstItem | Expect::Comma);
        let mut inner = self.open.iter().rev().map(|it| it.collection);
        let in_list = inner.next() == Some(Collection::Sequence) && inner.next() == Some(Collection::Mapping);
        let new_line = || self.text.get(self.done..self.at).is_some_and(|it| it.contains(['\n', '\r']));
        if self.byte(self.at) != b'"' || !expects_value || !(self.expect == Expect::Value || in_list) || !new_line() {
            return;
        }
        let line = self.text.get(self.at..).and_then(|it| it.lines().next()).unwrap_or_default();
        let end = quoted_end(line, 0);
        if !line.get(end..).is_some_and(|it| it.trim_start().starts_with(':')) {
            return;
        }
        if self.expect == Expect::Value {
            self.null_value();
        } else {
            self.report_unclosed();
            self.close(self.done);
        }
        // One mistake is enough: the comma is missing only because the value is.
        self.fault_end = self.done;
        self.expect = Expect::Comma;
    }

    fn closed_by(&self, span: Span, quote: u8) -> bool {
        span.len() > 1 && self.byte(span.end as usize - 1) == quote
    }

    /// Puts a scalar into the tree, as a key or as a value. `source` is where `text` stands if nothing had to be
    /// decoded.
    fn place(&mut self, span: Span, style: ScalarStyle, text: &str, shape: Shape, source: Span) {
        let text = self.builder.intern(text, source);
        if matches!(self.expect, Expect::FirstKey | Expect::Key) {
            self.builder.key(Key { text, span, merges: false });
            self.key = span;
            self.expect = Expect::Colon;
        } else {
            self.builder.scalar(span, style, shape, text);
            self.expect = if self.open.is_empty() { Expect::End } else { Expect::Comma };
        }
    }

    /// A number, a word, or text that should have been quoted.
    fn bare(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len = word_len(rest);
        let span = self.token_at(self.at);
        let word = span.of(self.text);
        let is_key = matches!(self.expect, Expect::FirstKey | Expect::Key);
        let shape = match word {
            "null" => Some(Shape::Null),
            "true" => Some(Shape::Bool(true)),
            "false" => Some(Shape::Bool(false)),
            _ => scalar::json_shape(word),
        };
        let (span, shape) = match shape {
            _ if len == 0 => {
                self.error(span, format!("`{}` cannot stand here. Remove it.", word.escape_debug()));
                self.at = span.end as usize;
                return;
            }
            Some(shape) if !is_key => (span, shape),
            _ if is_key => {
                self.error(span, "A key of JSON stands in double quotes. Put them around it.");
                (span, Shape::String)
            }
            _ => {
                let number = matches!(scalar::resolve(word), Shape::Integer | Shape::Float);
                if number {
                    self.error(
                        span,
                        format!(
                            "`{word}` is not how JSON writes a number. Write its decimal digits, without `+`, leading \
                            zeros or a bare point."
                        ),
                    );
                    (span, scalar::resolve(word))
                } else {
                    // Several words in a row are one text that lacks its quotes.
                    let line = rest.find([',', '}', ']', '\n', '\r', '"']).unwrap_or(rest.len());
                    let end = self.at + rest.get(..line.max(len)).unwrap_or_default().trim_end().len();
                    let span = Span::new(self.at, end);
                    self.error(span, "Text in JSON stands in double quotes. Put them around it.");
                    (span, Shape::String)
                }
            }
        };
        self.at = span.end as usize;
        self.place(span, ScalarStyle::Plain, span.of(self.text), shape, span);
    }

    /// Reads a string from its opening quote to behind its closing quote, or to the end of the line if there is none.
    /// Returns its value where that is not what stands between the quotes.
    fn string(&mut self, quote: u8) -> Option<String> {
        let start = self.at;
        self.at += 1;
        let mut decoded: Option<String> = None;
        let mut copied = self.at;
        loop {
            let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let plain = bytes.iter().position(|&it| it == quote || it == b'\\' || it < 0x20).unwrap_or(bytes.len());
            self.at += plain;
            match self.byte(self.at) {
                _ if self.at >= self.text.len() => {}
                b'\\' => {
                    let decoded = decoded.get_or_insert_default();
                    decoded.push_str(self.text.get(copied..self.at).unwrap_or_default());
                    self.escape(decoded, quote);
                    copied = self.at;
                    continue;
                }
                b'\n' | b'\r' => {}
                it if it == quote => {
                    let rest = self.text.get(copied..self.at).unwrap_or_default();
                    self.at += 1;
                    return decoded.map(|it| it + rest);
                }
                it => {
                    let here = Span::new(self.at, self.at + 1);
                    self.error(here, format!("A string of JSON holds no raw control character. Write `\\u{it:04x}`."));
                    self.fault_end = usize::MAX;
                    self.at += 1;
                    continue;
                }
            }
            // The line or the text ends inside the string.
            let end = start
                + self.text.get(start..self.at).unwrap_or_default().trim_end_matches([' ', '\t', ',']).len().max(1);
            self.at = end;
            self.error(
                Span::new(start, end),
                "This string is not closed on its line. Add the closing quote; a line break inside is `\\n`.",
            );
            let rest = self.text.get(copied.min(end)..end).unwrap_or_default();
            return decoded.map(|it| it + rest);
        }
    }

    /// Decodes the escape at the backslash.
    fn escape(&mut self, decoded: &mut String, quote: u8) {
        let start = self.at;
        self.at += 2;
        let char = match self.byte(start + 1) {
            it @ (b'"' | b'\\' | b'/') => char::from(it),
            b'\'' if quote == b'\'' => '\'',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                if let Some(unit) = self.code_unit(start) {
                    self.at = start + 6;
                    self.code_point(unit, start)
                } else {
                    let digits = self
                        .text
                        .get(self.at..)
                        .unwrap_or_default()
                        .bytes()
                        .take(4)
                        .take_while(u8::is_ascii_hexdigit)
                        .count();
                    self.at += digits;
                    self.error(
                        Span::new(start, self.at),
                        "`\\u` takes four hexadecimal digits. Write all four, such as `\\u00e9`.",
                    );
                    self.fault_end = usize::MAX;
                    char::REPLACEMENT_CHARACTER
                }
            }
            _ => {
                // The backslash stays out; what it stood before is read as it is.
                self.at = start + 1;
                let next = self.text.get(self.at..).and_then(|it| it.chars().next()).filter(|it| !it.is_control());
                let span = Span::new(start, self.at + next.map_or(0, char::len_utf8));
                self.error(
                    span,
                    format!("`{}` is not an escape of JSON. Write `\\\\` for a backslash.", span.of(self.text)),
                );
                self.fault_end = usize::MAX;
                return;
            }
        };
        decoded.push(char);
    }

    /// The value of the `\uXXXX` at `at`.
    fn code_unit(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|it| it.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }

    /// The character of a code unit read at `start`, together with the low surrogate behind it.
    fn code_point(&mut self, unit: u32, start: usize) -> char {
        if let Some(char) = char::from_u32(unit) {
            return char;
        }
        if let (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) = (unit, self.code_unit(self.at)) {
            self.at += 6;
            return char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
                .unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        let message =
            "This is half of a surrogate pair and names no character. Write both halves, or the character itself.";
        self.error(Span::new(start, self.at), message);
        self.fault_end = usize::MAX;
        char::REPLACEMENT_CHARACTER
    }

    /// Something stands behind the document. Returns whether reading goes on.
    fn resume(&mut self) -> bool {
        let end = self.text.trim_end().len().max(self.at);
        let message = "The document ended before this. Remove it, or the bracket that closes the document too early.";
        self.error(Span::new(self.at, end), message);
        false
    }

    fn finish(&mut self) {
        if self.expect == Expect::Root && self.open.is_empty() {
            let nothing = self.text.trim().is_empty() || self.text == "\u{feff}";
            if nothing {
                self.error(
                    Span::empty(self.at),
                    "A JSON document holds one value, and this one is empty. Write `{}` for an empty object.",
                );
            }
            return;
        }
        if !self.open.is_empty() {
            self.missing_before_end();
        }
        while !self.open.is_empty() {
            self.report_unclosed();
            self.close(self.done);
        }
    }
}

/// The length of a number or a word at the start.
fn word_len(text: &str) -> usize {
    text.find(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | '-' | '+' | '.' | '$' | '@')))
        .unwrap_or(text.len())
}
