//! Reads the declarations of a Protobuf file: proto2, proto3 and the editions.
//!
//! **Invariant**: reading never fails. A statement that cannot be read is left out, with a fault in its place, and the
//! next one is read.

mod enums;
mod fields;
mod services;

use fields::Body;

use super::{
    cursor::{Fault, Parser, Read},
    lexer::{self, Kind},
    tree::{Field, File, Import, ImportKind, Message, Oneof, Syntax, Visibility, word},
};
use crate::Diagnostic;

/// The largest number a field may have.
pub(crate) const MAX_FIELD: i64 = (1 << 29) - 1;
/// The largest number in a message that has the format of message sets.
pub(crate) const MAX_SET: i64 = i32::MAX as i64 - 1;
/// How deep `protoc` lets messages nest.
const MAX_NESTING: usize = 31;
/// Stands for `max` until the options of the message say which number that is.
const MAX: i64 = i64::MAX;

/// A file and what is wrong with how it is written.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) file: File,
    /// In the order in which they were found.
    pub(crate) faults: Vec<Fault>,
}

/// Reads a file with all its faults.
pub(crate) fn parse(text: &str) -> Parsed {
    let lexed = lexer::lex(text);
    let mut parser = Parser::new(text, &lexed.tokens, lexed.faults);
    let mut file = parser.file();
    file.comments = lexed.comments;
    Parsed { file, faults: parser.faults }
}

/// Reads a file that can be read as a whole.
pub(crate) fn whole(text: &str) -> Result<File, Diagnostic> {
    let Parsed { file, faults } = parse(text);
    faults.into_iter().find(|it| it.is_lost).map_or(Ok(file), |it| Err(it.diagnostic))
}

impl Parser<'_> {
    fn file(&mut self) -> File {
        let mut file = File {
            syntax: Syntax::Proto2,
            syntax_span: None,
            package: String::new(),
            package_span: None,
            imports: Vec::new(),
            options: Vec::new(),
            messages: Vec::new(),
            enums: Vec::new(),
            extensions: Vec::new(),
            services: Vec::new(),
            comments: Vec::new(),
        };
        let mut is_first = true;
        while self.ahead(0).kind != Kind::End {
            if self.eat(b';') {
                is_first = false;
                continue;
            }
            if self.is_sign(0, b'}') {
                let span = self.bump().span;
                self.lost(Diagnostic { span, message: "This brace closes nothing.".to_owned() });
            } else if let Err(problem) = self.top(&mut file, is_first) {
                self.lost(problem);
                self.skip_statement();
            }
            is_first = false;
        }
        file
    }

    fn top(&mut self, file: &mut File, is_first: bool) -> Read<()> {
        let start = self.start();
        let visibility = self.visibility();
        match self.text_ahead(0) {
            "syntax" | "edition" => self.syntax(file, is_first)?,
            "package" => self.package(file)?,
            "import" => self.import(file)?,
            "option" => self.option(&mut file.options)?,
            "message" => {
                let message = self.message(start, visibility)?;
                file.messages.push(message);
            }
            "enum" => {
                let it = self.enumeration(start, visibility)?;
                file.enums.push(it);
            }
            "service" => {
                let it = self.service()?;
                file.services.push(it);
            }
            "extend" => self.extend(&mut file.extensions, &mut file.messages)?,
            _ => {
                return Err(self.unexpected("`message`, `enum`, `service`, `extend`, `option`, `import` or `package`"));
            }
        }
        Ok(())
    }

    /// The words `export` and `local` of the edition 2024.
    fn visibility(&mut self) -> Visibility {
        let visibility = match self.text_ahead(0) {
            "export" => Visibility::Export,
            "local" => Visibility::Local,
            _ => return Visibility::Unset,
        };
        if !matches!(self.syntax, Syntax::Edition(2024..)) {
            // A type may be called so, but not a message behind it.
            let declares = ["message", "enum", "service", "extend"].iter().any(|it| self.is_word(1, it));
            if declares && self.ahead(2).kind == Kind::Word {
                let token = self.bump();
                let message = "`export` and `local` exist from the edition 2024 on.";
                self.forbid(token.span, message);
                return visibility;
            }
            return Visibility::Unset;
        }
        let token = self.bump();
        if !self.is_word(0, "message") && !self.is_word(0, "enum") {
            self.forbid(token.span, "Only messages and enums can be `export` or `local`.");
        }
        visibility
    }

    fn syntax(&mut self, file: &mut File, is_first: bool) -> Read<()> {
        let start = self.start();
        let word = self.text_ahead(0);
        let edition = word == "edition";
        self.bump();
        self.expect(b'=')?;
        let place = self.start();
        let value = String::from_utf8_lossy(&self.quoted()?).into_owned();
        let place = self.since(place);
        self.expect(b';')?;
        if !is_first {
            self.forbid(
                self.since(start),
                format!("`{word}` must be the first statement of the file, and the only one."),
            );
        }
        // What is meant by a wrong one is guessed, so that only this is told.
        file.syntax = match (edition, value.as_str(), value.parse()) {
            (false, "proto2", _) => Syntax::Proto2,
            (false, "proto3", _) => Syntax::Proto3,
            (true, _, Ok(year @ (2023 | 2024 | 2026))) => Syntax::Edition(year),
            (true, _, _) => {
                let message = format!("The edition {value:?} is unknown; there are \"2023\", \"2024\" and \"2026\".");
                self.lost(Diagnostic { span: place, message });
                Syntax::Edition(2026)
            }
            (false, _, _) => {
                let message = format!("The syntax {value:?} is unknown; write \"proto2\" or \"proto3\".");
                self.lost(Diagnostic { span: place, message });
                Syntax::Proto3
            }
        };
        file.syntax_span = Some(self.since(start));
        self.syntax = file.syntax;
        self.has_syntax = true;
        Ok(())
    }

    fn package(&mut self, file: &mut File) -> Read<()> {
        let start = self.start();
        self.bump();
        let name = self.dotted("the name of a package")?;
        self.expect(b';')?;
        let span = self.since(start);
        if file.package_span.is_some() {
            self.forbid(span, "A file has one package; this one has another already.");
        }
        if name.it.starts_with('.') {
            self.forbid(name.span, "The name of a package does not start with a dot.");
        }
        file.package = name.it;
        self.scope = file.package.len();
        file.package_span = Some(span);
        Ok(())
    }

    fn import(&mut self, file: &mut File) -> Read<()> {
        let keyword = self.bump();
        let kind = match self.text_ahead(0) {
            "public" => ImportKind::Public,
            "weak" => ImportKind::Weak,
            "option" => ImportKind::Option,
            _ => ImportKind::Plain,
        };
        if kind != ImportKind::Plain {
            let token = self.bump();
            let is_2024 = matches!(self.syntax, Syntax::Edition(2024..));
            if kind == ImportKind::Option && !is_2024 {
                self.forbid(token.span, "`import option` exists from the edition 2024 on.");
            } else if kind == ImportKind::Weak && is_2024 {
                self.forbid(token.span, "`import weak` is gone since the edition 2024; write `import option`.");
            }
        }
        let start = self.start();
        let path = String::from_utf8_lossy(&self.quoted()?).into_owned();
        let path_span = self.since(start);
        self.expect(b';')?;
        if kind != ImportKind::Option && file.imports.last().is_some_and(|it| it.kind == ImportKind::Option) {
            self.forbid(keyword.span, "`import option` stands behind all other imports.");
        }
        file.imports.push(Import { path, path_span, kind });
        Ok(())
    }

    fn message(&mut self, start: usize, visibility: Visibility) -> Read<Message> {
        self.bump();
        let (name, name_span) = self.name("the name of a message")?;
        let mut message = Message { name, name_span, visibility, ..Message::default() };
        self.members(&mut message)?;
        message.span = self.since(start);
        Ok(message)
    }

    /// The braces of a message and what stands in them.
    fn members(&mut self, message: &mut Message) -> Read<()> {
        let name = message.name.clone();
        self.nesting += 1;
        if self.nesting == MAX_NESTING + 1 {
            let text = format!("Messages nest at most {MAX_NESTING} levels deep.");
            self.forbid(message.name_span, text);
        }
        let read = self.inside(&name, |it| it.body(|it| it.member(message)));
        self.nesting -= 1;
        let set = word(&message.options, "message_set_wire_format") == Some("true");
        let max = if set { MAX_SET } else { MAX_FIELD };
        for range in message.extension_ranges.iter_mut().chain(&mut message.reserved) {
            if range.it.last == MAX {
                range.it.last = max;
            }
        }
        read
    }

    fn member(&mut self, message: &mut Message) -> Read<()> {
        let start = self.start();
        let visibility = self.visibility();
        match self.text_ahead(0) {
            "message" => {
                let nested = self.message(start, visibility)?;
                message.messages.push(nested);
                Ok(())
            }
            "enum" => {
                let nested = self.enumeration(start, visibility)?;
                message.enums.push(nested);
                Ok(())
            }
            "extend" => self.extend(&mut message.extensions, &mut message.messages),
            "oneof" => self.oneof(message),
            "option" => self.option(&mut message.options),
            "extensions" => self.extensions(message),
            "reserved" => self.reserved(&mut message.reserved, &mut message.reserved_names, false),
            _ => {
                let Message { fields, messages, .. } = message;
                self.field(&mut Body { fields, messages, oneof: None, extendee: None })
            }
        }
    }

    fn oneof(&mut self, message: &mut Message) -> Read<()> {
        self.bump();
        let (name, name_span) = self.name("the name of a oneof")?;
        let Message { fields, messages, oneofs, .. } = message;
        let index = oneofs.len();
        let mut options = Vec::new();
        // It counts even when its end is missing, because its fields know it by its place.
        let read = self.strict_body(|it| match it.text_ahead(0) {
            "option" => it.option(&mut options),
            _ => it.field(&mut Body { fields, messages, oneof: Some(index), extendee: None }),
        });
        oneofs.push(Oneof { name, name_span, options });
        read
    }

    fn extend(&mut self, extensions: &mut Vec<Field>, messages: &mut Vec<Message>) -> Read<()> {
        let start = self.start();
        self.bump();
        let extendee = self.message_type("the message to extend")?;
        if self.is_sign(0, b'{') && self.is_sign(1, b'}') {
            let message = "This extends a message by nothing; add a field or remove it.";
            self.forbid(self.since(start), message);
        }
        self.strict_body(|it| {
            it.field(&mut Body { fields: extensions, messages, oneof: None, extendee: Some(&extendee) })
        })
    }
}
