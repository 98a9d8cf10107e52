//! The words of a Protobuf file, each with its place; white space and comments are dropped.

use archwright_syntax::Span;

use super::cursor::Fault;
use crate::Diagnostic;

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A name or a keyword.
    Word,
    /// A number without a fraction.
    Integer,
    /// A number with a fraction or an exponent.
    Float,
    /// One quoted piece of text, quotes included.
    Quoted,
    /// A single sign.
    Sign(u8),
    /// Behind the last word.
    End,
}

/// A word and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it is.
    pub(super) span: Span,
}

/// What came of reading the words of a file.
pub(super) struct Lexed {
    /// The words; the last one is always [`Kind::End`].
    pub(super) tokens: Vec<Token>,
    /// The comments, in the order of the text.
    pub(super) comments: Vec<Span>,
    /// What is wrong with single words.
    pub(super) faults: Vec<Fault>,
}

/// Splits a file into its words.
pub(super) fn lex(text: &str) -> Lexed {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let lexed = Lexed { tokens: Vec::with_capacity(text.len() / 6), comments: Vec::new(), faults: Vec::new() };
    let mut lexer = Lexer { text, bytes: text.as_bytes(), at, out: lexed };
    lexer.run();
    lexer.out.tokens.push(Token { kind: Kind::End, span: Span::empty(text.len()) });
    lexer.out
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    out: Lexed,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.peek(0) {
            let next = self.peek(1).unwrap_or(0);
            let start = self.at;
            let kind = match byte {
                b'\t'..=b'\r' | b' ' => {
                    self.at += 1;
                    continue;
                }
                b'/' if next == b'/' => {
                    self.at = find(self.bytes, self.at, b"\n").unwrap_or(self.bytes.len());
                    self.out.comments.push(Span::new(start, self.at));
                    continue;
                }
                b'/' if next == b'*' => {
                    self.block_comment();
                    self.out.comments.push(Span::new(start, self.at));
                    continue;
                }
                b'"' | b'\'' => {
                    self.quoted();
                    Kind::Quoted
                }
                byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                    self.word();
                    Kind::Word
                }
                byte if byte.is_ascii_digit() || byte == b'.' && next.is_ascii_digit() => self.number(),
                byte if byte.is_ascii_graphic() || byte == 0x7f => {
                    self.at += 1;
                    Kind::Sign(byte)
                }
                _ if self.letter().is_some() => {
                    self.word();
                    Kind::Word
                }
                _ => {
                    let length = self.text.get(start..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8);
                    self.at += length;
                    let message = "This character may only stand in quoted text or in a comment.";
                    self.lost(Span::new(start, self.at), message);
                    continue;
                }
            };
            self.out.tokens.push(Token { kind, span: Span::new(start, self.at) });
        }
    }

    /// The letter or digit of any script that stands next.
    fn letter(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next().filter(|it| it.is_alphanumeric() || *it == '_')
    }

    /// A name. Letters that names cannot have belong to it all the same, so that only they are told.
    fn word(&mut self) {
        let start = self.at;
        self.skip(|it| it.is_ascii_alphanumeric() || it == b'_');
        if self.letter().is_none() {
            return;
        }
        while let Some(letter) = self.letter() {
            self.at += letter.len_utf8();
        }
        self.lost(Span::new(start, self.at), "A name has the letters from a to z, digits and `_` only.");
    }

    fn peek(&self, by: usize) -> Option<u8> {
        self.bytes.get(self.at + by).copied()
    }

    fn skip(&mut self, belongs: impl Fn(u8) -> bool) -> usize {
        let count = run(self.bytes, self.at, belongs);
        self.at += count;
        count
    }

    fn lost(&mut self, span: Span, message: &str) {
        self.out.faults.push(Fault { diagnostic: Diagnostic { span, message: message.to_owned() }, is_lost: true });
    }

    fn wrong(&mut self, span: Span, message: &str) {
        self.out.faults.push(Fault { diagnostic: Diagnostic { span, message: message.to_owned() }, is_lost: false });
    }

    fn block_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        loop {
            match self.peek(0) {
                None => {
                    return self.lost(Span::new(start, start + 2), "This comment is never closed; end it with `*/`.");
                }
                Some(b'*') if self.peek(1) == Some(b'/') => {
                    self.at += 2;
                    return;
                }
                Some(b'/') if self.peek(1) == Some(b'*') => {
                    // The asterisk may close the comment: `/*/*/`.
                    let span = Span::new(self.at, self.at + 2);
                    self.wrong(span, "Comments do not nest: this one ends at the first `*/`.");
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    /// One quoted piece. It ends before the end of its line, whether it is closed or not.
    fn quoted(&mut self) {
        let start = self.at;
        let quote = self.peek(0);
        self.at += 1;
        loop {
            match self.peek(0) {
                None | Some(b'\n' | 0) => {
                    // The quote is taken to be missing before the end of the statement.
                    let line = self.text.get(start..self.at).unwrap_or_default().trim_end();
                    if line.len() > 1 && line.ends_with(';') {
                        self.at = start + line.len() - 1;
                    }
                    let message = "This text is not closed on its line; end it with the quote it starts with.";
                    return self.lost(Span::new(start, start + 1), message);
                }
                Some(b'\\') => self.escape(),
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    fn escape(&mut self) {
        let start = self.at;
        self.at += 1;
        let hexadecimal = |it: u8| it.is_ascii_hexdigit();
        let digits = |lexer: &Self, by: usize| run(lexer.bytes, lexer.at + by, hexadecimal);
        let message = match self.peek(0) {
            Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' | b'?' | b'\'' | b'"' | b'0'..=b'7') => {
                self.at += 1;
                return;
            }
            Some(b'x' | b'X') if digits(self, 1) >= 1 => return self.at += 2,
            Some(b'u') if digits(self, 1) >= 4 => return self.at += 5,
            Some(b'U')
                if digits(self, 1) >= 8
                    && matches!(self.bytes.get(self.at + 1..self.at + 4), Some(b"000" | b"001")) =>
            {
                return self.at += 9;
            }
            Some(b'x' | b'X') => "Digits from 0 to f belong behind `\\x`.",
            Some(b'u') => "Four digits from 0 to f belong behind `\\u`.",
            Some(b'U') => "Eight digits from 0 to f, up to 0010ffff, belong behind `\\U`.",
            _ => "There is no such escape; write `\\\\` for a backslash.",
        };
        let length = self.text.get(self.at..).and_then(|it| it.chars().next()).filter(|it| *it != '\n');
        self.wrong(Span::new(start, self.at + length.map_or(0, char::len_utf8)), message);
    }

    /// A number. What does not belong to it, such as a letter right behind, makes words of their own.
    fn number(&mut self) -> Kind {
        let start = self.at;
        let touches_word =
            self.out.tokens.last().is_some_and(|it| it.kind == Kind::Word && it.span.end as usize == start);
        let mut is_float = false;
        if self.peek(0) == Some(b'0') && matches!(self.peek(1), Some(b'x' | b'X')) {
            self.at += 2;
            if self.skip(|it| it.is_ascii_hexdigit()) == 0 {
                self.wrong(Span::new(start, self.at), "Digits from 0 to f belong behind `0x`.");
            }
        } else if self.peek(0) == Some(b'0') && self.peek(1).is_some_and(|it| it.is_ascii_digit()) {
            self.skip(|it| it.is_ascii_digit());
            if self.bytes.get(start..self.at).is_some_and(|it| it.iter().any(|digit| *digit > b'7')) {
                self.wrong(Span::new(start, self.at), "A number that starts with 0 is octal and has no 8 and no 9.");
            }
        } else {
            self.skip(|it| it.is_ascii_digit());
            if self.peek(0) == Some(b'.') {
                is_float = true;
                self.at += 1;
                self.skip(|it| it.is_ascii_digit());
            }
            if matches!(self.peek(0), Some(b'e' | b'E')) {
                is_float = true;
                self.at += 1;
                if matches!(self.peek(0), Some(b'-' | b'+')) {
                    self.at += 1;
                }
                if self.skip(|it| it.is_ascii_digit()) == 0 {
                    self.wrong(Span::new(start, self.at), "An exponent belongs behind the `e`.");
                }
            }
        }
        if touches_word && self.bytes.get(start) == Some(&b'.') {
            self.wrong(Span::new(start, self.at), "A blank belongs between a name and a number.");
        }
        match self.peek(0) {
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.wrong(Span::new(start, self.at), "A blank belongs between a number and a name.");
                self.skip(|it| it.is_ascii_alphanumeric() || it == b'_');
            }
            Some(b'.') => self.wrong(Span::new(start, self.at + 1), "A number has at most one point."),
            _ => (),
        }
        if is_float { Kind::Float } else { Kind::Integer }
    }
}

fn find(bytes: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    bytes.get(from..)?.windows(needle.len()).position(|it| it == needle).map(|it| it + from)
}

fn run(bytes: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(from).take_while(|it| belongs(**it)).count()
}

/// The value of a whole number in decimal, hexadecimal or octal digits.
pub(super) fn integer(text: &str) -> Option<i128> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    u64::from_str_radix(digits, radix).ok().map(i128::from)
}

/// Whether a text is a number all right, but one beyond 64 bits.
pub(super) fn is_too_large(text: &str) -> bool {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_hexdigit()),
        None if text.starts_with('0') => text.bytes().all(|it| (b'0'..=b'7').contains(&it)),
        None => text.bytes().all(|it| it.is_ascii_digit()),
    }
}

/// Adds the bytes that one quoted piece stands for.
pub(super) fn unquote(quoted: &str, out: &mut Vec<u8>) {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    let mut rest = inner.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some((&escape, tail)) = rest.split_first() else { return };
        rest = tail;
        match escape {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let more = run(rest, 0, |it| (b'0'..=b'7').contains(&it)).min(2);
                let (digits, tail) = rest.split_at(more);
                rest = tail;
                let value = digits.iter().fold(u32::from(escape - b'0'), |sum, it| sum * 8 + u32::from(it - b'0'));
                out.push(u8::try_from(value & 0xff).unwrap_or_default());
            }
            b'x' | b'X' => {
                rest = code(rest, 2, out, |value, out| out.push(u8::try_from(value & 0xff).unwrap_or_default()));
            }
            b'u' => rest = code(rest, 4, out, push_char),
            b'U' => rest = code(rest, 8, out, push_char),
            other => out.push(other),
        }
    }
}

/// Reads up to `most` hexadecimal digits, hands their value on, and returns what follows.
fn code<'a>(rest: &'a [u8], most: usize, out: &mut Vec<u8>, push: impl Fn(u32, &mut Vec<u8>)) -> &'a [u8] {
    let count = run(rest, 0, |it| it.is_ascii_hexdigit()).min(most);
    let (digits, tail) = rest.split_at(count);
    let text = std::str::from_utf8(digits).unwrap_or_default();
    push(u32::from_str_radix(text, 16).unwrap_or_default(), out);
    tail
}

fn push_char(value: u32, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    let it = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(it.encode_utf8(&mut buffer).as_bytes());
}
