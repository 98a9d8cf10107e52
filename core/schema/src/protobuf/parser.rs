//! Reads the declarations of a Protobuf file: proto2, proto3 and the editions.
//!
//! **Invariant**: reading never fails. A statement that cannot be read is left out, with a fault in its place, and the
//! next one is read.

use archwright_syntax::Span;

use super::cursor::{Fault, Parser, Read};
use super::lexer::{self, Kind};
use super::tree::{
    Enum, ExtensionOptions, Field, File, Import, ImportKind, Label, Message, Method, Oneof, Opt, Placed, Range, Scalar,
    Service, Side, Syntax, Type, Value, Visibility, word,
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

/// What a body of fields belongs to.
struct Body<'m> {
    fields: &'m mut Vec<Field>,
    /// Where the messages of groups and maps go.
    messages: &'m mut Vec<Message>,
    oneof: Option<usize>,
    extendee: Option<&'m Placed<String>>,
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

    fn field(&mut self, out: &mut Body<'_>) -> Read<()> {
        self.declare()?;
        let start = self.start();
        let label = self.label();
        let label_span = self.since(start);
        let type_start = self.start();
        let sides = if self.is_word(0, "map") && self.is_sign(1, b'<') { Some(self.map()?) } else { None };
        let is_group = sides.is_none() && self.is_word(0, "group");
        let written = match &sides {
            Some(_) => None,
            None => Some(self.dotted("the type of a field")?.it),
        };
        let type_span = self.since(type_start);
        self.check_label(label, label_span, sides.is_some(), type_span, out);
        let (mut name, name_span) = self.name("the name of a field")?;
        self.expect(b'=')?;
        let number = self.integer(false)?;
        let mut options = Vec::new();
        self.brackets(&mut options)?;
        let ty = if is_group {
            let written = name.clone();
            name.make_ascii_lowercase();
            let group = self.group(written.clone(), name_span, type_span, start)?;
            out.messages.push(group);
            Type::Group(written)
        } else {
            self.expect(b';')?;
            match (sides, written) {
                (Some([key, value]), _) => {
                    let entry = entry(&name, type_span, [key, value], &options);
                    let ty = Type::Map(entry.name.clone());
                    out.messages.push(entry);
                    ty
                }
                (None, written) => named(written.unwrap_or_default()),
            }
        };
        out.fields.push(Field {
            name,
            name_span,
            number: number.it,
            number_span: number.span,
            label: if matches!(ty, Type::Map(_)) { Label::Repeated } else { label },
            ty,
            type_span,
            span: self.since(start),
            options,
            oneof: out.oneof,
            extendee: out.extendee.cloned(),
            synthetic: false,
        });
        Ok(())
    }

    /// The body of a group, whose message is named as the field is, with a capital letter.
    fn group(&mut self, name: String, name_span: Span, type_span: Span, start: usize) -> Read<Message> {
        if matches!(self.syntax, Syntax::Edition(_)) {
            let message = "Groups are gone in the editions; declare a message, and a field of it with \
                `[features.message_encoding = DELIMITED]`.";
            self.forbid(type_span, message);
        }
        if !name.starts_with(|it: char| it.is_ascii_uppercase()) {
            self.forbid(name_span, "The name of a group starts with a capital letter.");
        }
        let mut message = Message { name, name_span, group: true, ..Message::default() };
        self.members(&mut message)?;
        message.span = self.since(start);
        Ok(message)
    }

    fn label(&mut self) -> Label {
        let label = match self.text_ahead(0) {
            "optional" => Label::Optional,
            "required" => Label::Required,
            "repeated" => Label::Repeated,
            _ => return Label::None,
        };
        self.bump();
        label
    }

    /// Which labels may stand where differs from syntax to syntax.
    fn check_label(&mut self, label: Label, span: Span, is_map: bool, type_span: Span, body: &Body<'_>) {
        let word = match label {
            Label::None => {
                if self.syntax == Syntax::Proto2 && !is_map && body.oneof.is_none() {
                    self.no_label(type_span);
                }
                ""
            }
            Label::Optional => "optional",
            Label::Required => "required",
            Label::Repeated => "repeated",
        };
        if is_map && body.oneof.is_some() {
            self.forbid(type_span, "A map cannot stand in a oneof; wrap it in a message.");
        } else if is_map && body.extendee.is_some() {
            self.forbid(type_span, "An extension cannot be a map; wrap it in a message.");
        }
        let message = match label {
            Label::None => return,
            _ if is_map => format!("A map has no label; remove `{word}`."),
            _ if body.oneof.is_some() => format!("A field of a oneof has no label; remove `{word}`."),
            Label::Optional if matches!(self.syntax, Syntax::Edition(_)) => {
                "`optional` is gone in the editions, where fields have presence anyway; remove it.".to_owned()
            }
            Label::Required if matches!(self.syntax, Syntax::Edition(_)) => {
                "`required` is gone in the editions; write `[features.field_presence = LEGACY_REQUIRED]`.".to_owned()
            }
            Label::Required if self.syntax == Syntax::Proto3 => {
                "`required` does not exist in proto3; remove it.".to_owned()
            }
            _ => return,
        };
        self.forbid(span, message);
    }

    /// Says once that a file lacks its `syntax` when that is why its fields need labels.
    fn no_label(&mut self, type_span: Span) {
        if self.has_syntax {
            self.forbid(type_span, "In proto2 a field has a label: `optional`, `required` or `repeated`.");
        } else if !self.is_unlabelled {
            self.is_unlabelled = true;
            let message = "Without `syntax` a file is proto2, where a field has a label; start the file with \
                `syntax = \"proto3\";` or write `optional`.";
            self.forbid(type_span, message);
        }
    }

    /// The types of the key and of the value of a map.
    fn map(&mut self) -> Read<[Placed<Type>; 2]> {
        self.bump();
        self.expect(b'<')?;
        let key = self.dotted("the type of the key")?;
        self.expect(b',')?;
        let value = self.dotted("the type of the value")?;
        self.expect(b'>')?;
        Ok([key, value].map(|it| Placed { it: named(it.it), span: it.span }))
    }

    fn enumeration(&mut self, start: usize, visibility: Visibility) -> Read<Enum> {
        self.declare()?;
        self.bump();
        let (name, name_span) = self.name("the name of an enum")?;
        let mut res = Enum { name, name_span, visibility, ..Enum::default() };
        self.body(|it| match it.text_ahead(0) {
            "option" => it.option(&mut res.options),
            "reserved" => it.reserved(&mut res.reserved, &mut res.reserved_names, true),
            _ => {
                let (name, name_span) = it.name("the name of a value")?;
                it.expect(b'=')?;
                let number = it.integer(true)?;
                let mut options = Vec::new();
                it.brackets(&mut options)?;
                it.expect(b';')?;
                res.values.push(Value { name, name_span, number: number.it, number_span: number.span, options });
                Ok(())
            }
        })?;
        res.span = self.since(start);
        Ok(res)
    }

    /// Numbers and names; some registries take both in one statement, and names in quotes or without in any syntax.
    fn reserved(
        &mut self,
        ranges: &mut Vec<Placed<Range>>,
        names: &mut Vec<Placed<String>>,
        is_enum: bool,
    ) -> Read<()> {
        self.bump();
        let is_name = |it: Kind| matches!(it, Kind::Quoted | Kind::Word);
        let (of_names, mut is_mixed) = (is_name(self.ahead(0).kind), false);
        loop {
            let kind = self.ahead(0).kind;
            if of_names != is_name(kind) && !is_mixed {
                is_mixed = true;
                self.forbid(self.ahead(0).span, "Numbers and names are reserved in statements of their own.");
            }
            match kind {
                Kind::Integer | Kind::Sign(b'-') => ranges.push(self.range(is_enum, is_enum)?),
                Kind::Quoted => {
                    let start = self.start();
                    let it = String::from_utf8_lossy(&self.quoted()?).into_owned();
                    let span = self.since(start);
                    if matches!(self.syntax, Syntax::Edition(_)) {
                        self.forbid(span, format!("In the editions reserved names have no quotes; write `{it}`."));
                    }
                    names.push(Placed { it, span });
                }
                _ => {
                    let (it, span) = self.name("a number or a name to reserve")?;
                    if !matches!(self.syntax, Syntax::Edition(_)) {
                        self.forbid(span, format!("Reserved names are quoted before the editions; write `\"{it}\"`."));
                    }
                    names.push(Placed { it, span });
                }
            }
            if !self.eat(b',') {
                return self.expect(b';');
            }
        }
    }

    fn extensions(&mut self, message: &mut Message) -> Read<()> {
        self.bump();
        let first = message.extension_ranges.len();
        loop {
            let range = self.range(false, false)?;
            message.extension_ranges.push(range);
            if !self.eat(b',') {
                break;
            }
        }
        let mut options = Vec::new();
        self.brackets(&mut options)?;
        if !options.is_empty() {
            let ranges = first..message.extension_ranges.len();
            message.extension_options.push(ExtensionOptions { ranges, options });
        }
        self.expect(b';')
    }

    /// Numbers of an enum have signs, and their largest is `max` and may be written, too.
    fn range(&mut self, signed: bool, is_enum: bool) -> Read<Placed<Range>> {
        let start = self.start();
        let first = self.bound(signed, is_enum)?;
        let mut last = first;
        if self.is_word(0, "to") {
            self.bump();
            last = if self.is_word(0, "max") {
                self.bump();
                if is_enum { i64::from(i32::MAX) } else { MAX }
            } else {
                self.bound(signed, is_enum)?
            };
        }
        Ok(Placed { it: Range { first, last }, span: self.since(start) })
    }

    fn bound(&mut self, signed: bool, is_enum: bool) -> Read<i64> {
        let number = self.integer(signed)?;
        if !is_enum && number.it == i64::from(i32::MAX) {
            self.forbid(number.span, "This number is out of bounds; write `max` for the largest one.");
        }
        // A number that is too large must not be taken for `max`.
        Ok(number.it.min(MAX - 1))
    }

    fn service(&mut self) -> Read<Service> {
        let start = self.start();
        self.bump();
        let (name, name_span) = self.name("the name of a service")?;
        let (mut methods, mut options) = (Vec::new(), Vec::new());
        self.body(|it| match it.text_ahead(0) {
            "option" => it.option(&mut options),
            "rpc" => {
                methods.push(it.method()?);
                Ok(())
            }
            _ => Err(it.unexpected("`rpc` or `option`")),
        })?;
        Ok(Service { name, name_span, span: self.since(start), options, methods })
    }

    fn method(&mut self) -> Read<Method> {
        let start = self.start();
        self.bump();
        let (name, name_span) = self.name("the name of a method")?;
        let input = self.side()?;
        if !self.is_word(0, "returns") {
            return Err(self.unexpected("`returns`"));
        }
        self.bump();
        let output = self.side()?;
        let mut options: Vec<Opt> = Vec::new();
        if self.is_sign(0, b'{') {
            self.body(|it| match it.text_ahead(0) {
                "option" => it.option(&mut options),
                _ => Err(it.unexpected("`option`")),
            })?;
        } else {
            self.expect(b';')?;
        }
        Ok(Method { name, name_span, span: self.since(start), input, output, options })
    }

    fn side(&mut self) -> Read<Side> {
        self.expect(b'(')?;
        let streaming = self.is_word(0, "stream");
        if streaming {
            self.bump();
        }
        let name = self.message_type("a message")?;
        self.expect(b')')?;
        Ok(Side { name: name.it, span: name.span, streaming })
    }

    /// The name of a message, where no built-in type may stand.
    fn message_type(&mut self, wanted: &str) -> Read<Placed<String>> {
        let name = self.dotted(wanted)?;
        if name.it == "group" || Scalar::of_name(&name.it).is_some() {
            self.forbid(name.span, format!("`{}` is no message.", name.it));
        }
        Ok(name)
    }
}

fn named(written: String) -> Type {
    Scalar::of_name(&written).map_or(Type::Named(written), Type::Scalar)
}

/// The message that stands behind a map. What the options say of features holds for its key and its value.
fn entry(field: &str, span: Span, types: [Placed<Type>; 2], options: &[Opt]) -> Message {
    let is_feature = |it: &&Opt| it.path == "features" || it.path.starts_with("features.");
    let features: Vec<Opt> = options.iter().filter(is_feature).cloned().collect();
    let sides = [types[0].span, types[1].span];
    let fields = types.into_iter().zip([("key", 1), ("value", 2)]).map(|(ty, (name, number))| Field {
        name: name.to_owned(),
        name_span: span,
        number,
        number_span: span,
        label: Label::None,
        ty: ty.it,
        type_span: span,
        span,
        options: features.clone(),
        oneof: None,
        extendee: None,
        synthetic: true,
    });
    Message {
        name: entry_name(field),
        name_span: span,
        span,
        fields: fields.collect(),
        entry: true,
        sides,
        ..Message::default()
    }
}

fn entry_name(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + 5);
    let mut upper = true;
    for char in field.chars() {
        match char {
            '_' => upper = true,
            _ if upper => {
                name.push(char.to_ascii_uppercase());
                upper = false;
            }
            _ => name.push(char),
        }
    }
    name.push_str("Entry");
    name
}
