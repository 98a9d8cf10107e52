//! Walks over the words of a Protobuf file: what stands next, what must stand there, and what to say when it does not.

use archwright_syntax::Span;

use super::lexer::{self, Kind, Token};
use super::tree::{Placed, Syntax};
use crate::Diagnostic;

/// How deep messages and option values may nest.
const MAX_DEPTH: usize = 64;

/// How long a name may be, in bytes, with its dots.
const MAX_NAME: usize = 512;

/// How much work the names of a file may make, in bytes that are compared to look up every type from the inside out.
const MAX_WORK: usize = 1 << 28;

/// How many faults are kept; behind them the file is not read any further.
const MAX_FAULTS: usize = 500;

/// What is wrong with a file.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) diagnostic: Diagnostic,
    /// Whether something of the file is not in its tree for that reason. Other faults are what `protoc` forbids
    /// although it can be read; registries take some of them.
    pub(crate) is_lost: bool,
}

/// Reads a file; the statements are in `parser.rs`, the options in `options.rs`.
pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    depth: usize,
    /// What was found wrong so far.
    pub(super) faults: Vec<Fault>,
    /// How many messages are open.
    pub(super) nesting: usize,
    /// Whether the end of the file was reached inside of braces.
    is_unclosed: bool,
    /// What the file promises in its first statement.
    pub(super) syntax: Syntax,
    pub(super) has_syntax: bool,
    /// Whether it was said that a file without `syntax` needs labels.
    pub(super) is_unlabelled: bool,
    /// How long the full name of what is being read is.
    pub(super) scope: usize,
    /// How much work the names have made so far.
    work: usize,
    /// Whether the rest is not read, because so much of it is wrong.
    is_cut: bool,
}

/// The problem that stopped a statement from being read.
pub(super) type Read<T> = Result<T, Diagnostic>;

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, tokens: &'t [Token], faults: Vec<Fault>) -> Self {
        Self {
            text,
            tokens,
            at: 0,
            depth: 0,
            faults,
            nesting: 0,
            is_unclosed: false,
            syntax: Syntax::Proto2,
            has_syntax: false,
            is_unlabelled: false,
            scope: 0,
            work: 0,
            is_cut: false,
        }
    }

    /// Notes what could not be read.
    pub(super) fn lost(&mut self, diagnostic: Diagnostic) {
        self.fault(Fault { diagnostic, is_lost: true });
    }

    /// Notes what is forbidden but could be read.
    pub(super) fn forbid(&mut self, span: Span, message: impl Into<String>) {
        self.fault(Fault { diagnostic: Diagnostic { span, message: message.into() }, is_lost: false });
    }

    fn fault(&mut self, fault: Fault) {
        if self.is_cut {
            return;
        }
        self.faults.push(fault);
        if self.faults.len() >= MAX_FAULTS && self.at < self.tokens.len() {
            let span = self.ahead(0).span;
            let message = format!("From here on the file is not read: {MAX_FAULTS} mistakes come before; mend those.");
            self.faults.push(Fault { diagnostic: Diagnostic { span, message }, is_lost: true });
            (self.is_cut, self.at) = (true, self.tokens.len());
        }
    }

    /// Notes a brace that nothing closes; of several, the innermost, because one closing brace too few is one mistake.
    fn unclosed(&mut self, brace: Span) {
        if !self.is_unclosed {
            self.is_unclosed = true;
            self.lost(Diagnostic { span: brace, message: "This brace is never closed; end it with `}`.".to_owned() });
        }
    }

    /// Goes behind the statement that could not be read: to its `;`, behind its braces, or up to the brace that closes
    /// what is around it.
    pub(super) fn skip_statement(&mut self) {
        let mut open = 0;
        loop {
            match self.ahead(0).kind {
                Kind::End => return,
                Kind::Sign(b';') if open == 0 => {
                    self.bump();
                    return;
                }
                Kind::Sign(b'{') => open += 1,
                Kind::Sign(b'}') if open == 0 => return,
                Kind::Sign(b'}') => {
                    open -= 1;
                    if open == 0 {
                        self.bump();
                        return;
                    }
                }
                _ => (),
            }
            self.bump();
        }
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

    pub(super) fn expect(&mut self, sign: u8) -> Read<()> {
        if self.eat(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{}`", char::from(sign)))) }
    }

    pub(super) fn unexpected(&self, wanted: &str) -> Diagnostic {
        let token = self.ahead(0);
        let found = match token.kind {
            Kind::End => "the end of the file".to_owned(),
            _ => format!("`{}`", token.span.of(self.text)),
        };
        Diagnostic { span: token.span, message: format!("Found {found} where {wanted} belongs.") }
    }

    pub(super) fn is_word(&self, by: usize, word: &str) -> bool {
        self.ahead(by).kind == Kind::Word && self.text_ahead(by) == word
    }

    pub(super) fn name(&mut self, wanted: &str) -> Read<(String, Span)> {
        if self.ahead(0).kind != Kind::Word {
            return Err(self.unexpected(wanted));
        }
        let token = self.bump();
        checked(token.span.of(self.text).to_owned(), token.span)
    }

    /// A name with dots, perhaps with one in front.
    pub(super) fn dotted(&mut self, wanted: &str) -> Read<Placed<String>> {
        let start = self.start();
        let mut name = String::new();
        if self.eat(b'.') {
            name.push('.');
        }
        name.push_str(&self.name(wanted)?.0);
        while self.eat(b'.') {
            name.push('.');
            name.push_str(&self.name(wanted)?.0);
        }
        let (it, span) = checked(name, self.since(start))?;
        Ok(Placed { it, span })
    }

    /// Reads what stands inside of the declaration of this name.
    pub(super) fn inside<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let outer = self.scope;
        self.scope = outer.saturating_add(name.len() + 1);
        let res = self.declare().and_then(|()| read(self));
        self.scope = outer;
        res
    }

    /// Counts a declaration whose name or type is looked up from here outwards.
    pub(super) fn declare(&mut self) -> Read<()> {
        self.work = self.work.saturating_add(self.scope.saturating_mul(self.depth + 1));
        if self.work <= MAX_WORK {
            return Ok(());
        }
        Err(Diagnostic {
            span: self.ahead(0).span,
            message: "Up to here the file has more long names inside of each other than are read.".to_owned(),
        })
    }

    /// A whole number of 32 bits, of which the first is its sign.
    pub(super) fn integer(&mut self, signed: bool) -> Read<Placed<i64>> {
        let start = self.start();
        let negative = signed && self.is_sign(0, b'-');
        let by = usize::from(negative);
        if self.ahead(by).kind != Kind::Integer {
            return Err(self.unexpected("a whole number"));
        }
        let digits = self.text_ahead(by);
        let value = lexer::integer(digits).map(|it| if negative { -it } else { it });
        self.at += by + 1;
        let span = self.since(start);
        if value.map_or_else(|| lexer::is_too_large(digits), |it| i32::try_from(it).is_err()) {
            self.forbid(span, format!("This number does not fit into 32 bits; the largest one is {}.", i32::MAX));
        }
        Ok(Placed { it: value.and_then(|it| i64::try_from(it).ok()).unwrap_or(i64::MAX), span })
    }

    pub(super) fn quoted(&mut self) -> Read<Vec<u8>> {
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

    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Diagnostic {
                span: self.ahead(0).span,
                message: format!("This nests more than {MAX_DEPTH} levels deep, which is not read."),
            });
        }
        self.depth += 1;
        let res = read(self);
        self.depth -= 1;
        res
    }

    /// Calls `statement` until the closing brace, and goes on behind statements that cannot be read. A statement may be
    /// empty.
    pub(super) fn body(&mut self, mut statement: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.strict_body(|it| if it.eat(b';') { Ok(()) } else { statement(it) })
    }

    /// As [`Self::body`], without empty statements.
    pub(super) fn strict_body(&mut self, mut statement: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        let opened = self.ahead(0).span;
        self.expect(b'{')?;
        self.deeper(|it| {
            while !it.eat(b'}') {
                if it.ahead(0).kind == Kind::End {
                    it.unclosed(opened);
                    return Ok(());
                }
                if let Err(problem) = statement(it) {
                    it.lost(problem);
                    it.skip_statement();
                }
            }
            Ok(())
        })
    }
}

fn checked(name: String, span: Span) -> Read<(String, Span)> {
    if name.len() <= MAX_NAME {
        return Ok((name, span));
    }
    let message = format!("This name has {} bytes; names of up to {MAX_NAME} bytes are read.", name.len());
    Err(Diagnostic { span, message })
}
