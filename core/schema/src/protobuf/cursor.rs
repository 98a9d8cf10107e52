//! Walks over the words of a Protobuf file: what stands next, what must stand there, and what to say when it does not.

use archwright_syntax::Span;

use super::lexer::{self, Kind, Token};

/// How deep messages and option values may nest.
const MAX_DEPTH: usize = 64;

/// How long a name may be, in bytes, with its dots.
const MAX_NAME: usize = 512;

/// How much work the names of a file may make, in bytes that are compared to look up every type from the inside out.
const MAX_WORK: usize = 1 << 28;

/// What is wrong with a file, and where.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) span: Span,
    pub(crate) message: String,
}

impl Problem {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// Reads a file; the statements are in `parser.rs`, the options in `options.rs`.
pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    depth: usize,
    /// How long the full name of what is being read is.
    pub(super) scope: usize,
    /// How much work the names have made so far.
    work: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, tokens: &'t [Token]) -> Self {
        Self { text, tokens, at: 0, depth: 0, scope: 0, work: 0 }
    }

    pub(super) fn ahead(&self, by: usize) -> Token {
        let last = || Token { kind: Kind::End, span: Span::empty(self.text.len()) };
        self.tokens.get(self.at + by).copied().unwrap_or_else(last)
    }

    pub(super) fn text_ahead(&self, by: usize) -> &'t str {
        self.ahead(by).span.of(self.text)
    }

    pub(super) fn start(&self) -> usize {
        self.ahead(0).span.start as usize
    }

    /// From `start` to the end of the word read last.
    pub(super) fn since(&self, start: usize) -> Span {
        let end = self.at.checked_sub(1).and_then(|it| self.tokens.get(it)).map_or(start, |it| it.span.end as usize);
        Span::new(start, end.max(start))
    }

    pub(super) fn bump(&mut self) -> Token {
        let token = self.ahead(0);
        self.at = (self.at + 1).min(self.tokens.len());
        token
    }

    pub(super) fn is_sign(&self, by: usize, sign: u8) -> bool {
        self.ahead(by).kind == Kind::Sign(sign)
    }

    pub(super) fn eat(&mut self, sign: u8) -> bool {
        let found = self.is_sign(0, sign);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn expect(&mut self, sign: u8) -> Result<(), Problem> {
        if self.eat(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{}`", char::from(sign)))) }
    }

    pub(super) fn unexpected(&self, wanted: &str) -> Problem {
        let token = self.ahead(0);
        let found = match token.kind {
            Kind::End => "the end of the file".to_owned(),
            _ => format!("`{}`", token.span.of(self.text)),
        };
        Problem::new(token.span, format!("Found {found} where {wanted} belongs."))
    }

    pub(super) fn is_word(&self, by: usize, word: &str) -> bool {
        self.ahead(by).kind == Kind::Word && self.text_ahead(by) == word
    }

    pub(super) fn word(&mut self, wanted: &str) -> Result<(String, Span), Problem> {
        if self.ahead(0).kind != Kind::Word {
            return Err(self.unexpected(wanted));
        }
        let token = self.bump();
        checked(token.span.of(self.text).to_owned(), token.span)
    }

    /// A name with dots, perhaps with one in front.
    pub(super) fn dotted(&mut self, wanted: &str) -> Result<(String, Span), Problem> {
        let start = self.start();
        let mut name = String::new();
        if self.eat(b'.') {
            name.push('.');
        }
        name.push_str(&self.word(wanted)?.0);
        while self.eat(b'.') {
            name.push('.');
            name.push_str(&self.word(wanted)?.0);
        }
        checked(name, self.since(start))
    }

    /// Reads what stands inside of the declaration of this name.
    pub(super) fn inside<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let outer = self.scope;
        self.scope = outer.saturating_add(name.len() + 1);
        let res = self.declare().and_then(|()| read(self));
        self.scope = outer;
        res
    }

    /// Counts a declaration whose name or type is looked up from here outwards.
    pub(super) fn declare(&mut self) -> Result<(), Problem> {
        self.work = self.work.saturating_add(self.scope.saturating_mul(self.depth + 1));
        if self.work <= MAX_WORK {
            return Ok(());
        }
        Err(Problem::new(
            self.ahead(0).span,
            "Up to here the file has more long names inside of each other than are read.",
        ))
    }

    pub(super) fn integer(&mut self) -> Result<i64, Problem> {
        let negative = self.is_sign(0, b'-');
        let by = usize::from(negative);
        let value = lexer::integer(self.text_ahead(by)).filter(|_| self.ahead(by).kind == Kind::Integer);
        let Some(value) = value else { return Err(self.unexpected("a whole number")) };
        self.at += by + 1;
        let value = if negative { -value } else { value };
        Ok(i64::try_from(value).unwrap_or(i64::MAX))
    }

    pub(super) fn quoted(&mut self) -> Result<Vec<u8>, Problem> {
        if self.ahead(0).kind != Kind::Quoted {
            return Err(self.unexpected("quoted text"));
        }
        let mut bytes = Vec::new();
        while self.ahead(0).kind == Kind::Quoted {
            lexer::unquote(self.text_ahead(0), &mut bytes);
            self.bump();
        }
        Ok(bytes)
    }

    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Problem>) -> Result<T, Problem> {
        if self.depth >= MAX_DEPTH {
            return Err(Problem::new(
                self.ahead(0).span,
                format!("This nests more than {MAX_DEPTH} levels deep, which is not read."),
            ));
        }
        self.depth += 1;
        let res = read(self);
        self.depth -= 1;
        res
    }

    /// Calls `statement` until the closing brace.
    pub(super) fn body(&mut self, mut statement: impl FnMut(&mut Self) -> Result<(), Problem>) -> Result<(), Problem> {
        self.expect(b'{')?;
        self.deeper(|it| {
            while !it.eat(b'}') {
                if !it.eat(b';') {
                    statement(it)?;
                }
            }
            Ok(())
        })
    }
}

fn checked(name: String, span: Span) -> Result<(String, Span), Problem> {
    if name.len() <= MAX_NAME {
        return Ok((name, span));
    }
    Err(Problem::new(span, format!("This name has {} bytes; names of up to {MAX_NAME} bytes are read.", name.len())))
}
