//! The words of a Protobuf file, each with its place; white space and comments are dropped.

use archwright_syntax::Span;

use super::cursor::Problem;

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

/// Splits a file into its words. The last one is always [`Kind::End`].
pub(super) fn lex(text: &str) -> Result<Vec<Token>, Problem> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity(text.len() / 6);
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let start = at;
        let kind = match byte {
            byte if byte.is_ascii_whitespace() || byte == 0x0b => {
                at += 1;
                continue;
            }
            b'/' if next == b'/' => {
                at = find(bytes, at, b"\n").unwrap_or(bytes.len());
                continue;
            }
            b'/' if next == b'*' => {
                let Some(end) = find(bytes, at + 2, b"*/") else {
                    return Err(Problem::new(
                        Span::new(start, start + 2),
                        "This comment is never closed; end it with `*/`.",
                    ));
                };
                at = end + 2;
                continue;
            }
            b'"' | b'\'' => {
                at = quoted_end(bytes, at).ok_or_else(|| {
                    let message = "This text is not closed on its line; end it with the quote it starts with.";
                    Problem::new(Span::new(start, start + 1), message)
                })?;
                Kind::Quoted
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                at += run(bytes, at, |it| it.is_ascii_alphanumeric() || it == b'_');
                Kind::Word
            }
            byte if byte.is_ascii_digit() || byte == b'.' && next.is_ascii_digit() => {
                at = number_end(bytes, at);
                number_kind(text.get(start..at).unwrap_or_default())
            }
            byte if byte.is_ascii_graphic() => {
                at += 1;
                Kind::Sign(byte)
            }
            _ => {
                let length = text.get(at..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8);
                let span = Span::new(at, at + length);
                return Err(Problem::new(span, "This character may only stand in quoted text or in a comment."));
            }
        };
        tokens.push(Token { kind, span: Span::new(start, at) });
    }
    tokens.push(Token { kind: Kind::End, span: Span::empty(text.len()) });
    Ok(tokens)
}

fn find(bytes: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    bytes.get(from..)?.windows(needle.len()).position(|it| it == needle).map(|it| it + from)
}

fn run(bytes: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(from).take_while(|it| belongs(**it)).count()
}

/// One past the closing quote.
fn quoted_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\n' => return None,
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// One past a number, with a sign only behind the letter of an exponent.
fn number_end(bytes: &[u8], start: usize) -> usize {
    let hexadecimal = matches!(bytes.get(start..start + 2), Some(b"0x" | b"0X"));
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        let before = at.checked_sub(1).and_then(|it| bytes.get(it)).copied().unwrap_or(0);
        let exponent_sign = matches!(byte, b'+' | b'-') && !hexadecimal && at > start && matches!(before, b'e' | b'E');
        if !(byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' || exponent_sign) {
            break;
        }
        at += 1;
    }
    at
}

fn number_kind(text: &str) -> Kind {
    let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if !hexadecimal && text.contains(['.', 'e', 'E', 'f', 'F']) { Kind::Float } else { Kind::Integer }
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
