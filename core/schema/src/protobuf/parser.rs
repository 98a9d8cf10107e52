//! Reads the declarations of a Protobuf file: proto2, proto3 and the editions.

use archwright_syntax::Span;

use super::cursor::{Parser, Problem};
use super::lexer::{self, Kind};
use super::tree::{
    Enum, Field, File, Label, Message, Method, Oneof, Opt, Range, Scalar, Service, Side, Syntax, Type, Value, word,
};

/// The largest number a field may have.
const MAX_FIELD: i64 = (1 << 29) - 1;
/// The largest number in a message that has the format of message sets.
const MAX_SET: i64 = i32::MAX as i64 - 1;

/// Reads a file.
pub(crate) fn parse(text: &str) -> Result<File, Problem> {
    let tokens = lexer::lex(text)?;
    Parser::new(text, &tokens).file()
}

/// What a body of fields belongs to.
struct Body<'m> {
    fields: &'m mut Vec<Field>,
    /// Where the messages of groups and maps go.
    messages: &'m mut Vec<Message>,
    oneof: Option<usize>,
    extendee: Option<&'m str>,
}

impl Parser<'_> {
    fn file(&mut self) -> Result<File, Problem> {
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
        };
        while self.ahead(0).kind != Kind::End {
            if self.eat(b';') {
                continue;
            }
            let start = self.start();
            self.visibility();
            match self.text_ahead(0) {
                "syntax" | "edition" => self.syntax(&mut file)?,
                "package" => {
                    self.bump();
                    file.package = self.dotted("the name of a package")?.0;
                    self.scope = file.package.len();
                    self.expect(b';')?;
                    file.package_span = Some(self.since(start));
                }
                "import" => file.imports.push(self.import()?),
                "option" => self.option(&mut file.options)?,
                "message" => file.messages.push(self.message(start)?),
                "enum" => file.enums.push(self.enumeration(start)?),
                "service" => file.services.push(self.service()?),
                "extend" => self.extend(&mut file.extensions, &mut file.messages)?,
                _ => {
                    return Err(
                        self.unexpected("`message`, `enum`, `service`, `extend`, `option`, `import` or `package`")
                    );
                }
            }
        }
        Ok(file)
    }

    /// The words `export` and `local` of the edition 2024.
    fn visibility(&mut self) {
        let modifier = self.is_word(0, "export") || self.is_word(0, "local");
        let declares = ["message", "enum", "service", "extend"].iter().any(|it| self.is_word(1, it));
        if modifier && declares && self.ahead(2).kind == Kind::Word {
            self.bump();
        }
    }

    fn syntax(&mut self, file: &mut File) -> Result<(), Problem> {
        let start = self.start();
        let edition = self.text_ahead(0) == "edition";
        self.bump();
        self.expect(b'=')?;
        let place = self.ahead(0).span;
        let value = String::from_utf8_lossy(&self.quoted()?).into_owned();
        self.expect(b';')?;
        file.syntax = match value.as_str() {
            "proto2" if !edition => Syntax::Proto2,
            "proto3" if !edition => Syntax::Proto3,
            year if edition => match year.parse() {
                Ok(year) => Syntax::Edition(year),
                Err(_) => {
                    return Err(Problem::new(
                        place,
                        format!("The edition {value:?} is unknown; write a year such as \"2023\"."),
                    ));
                }
            },
            _ => {
                return Err(Problem::new(
                    place,
                    format!("The syntax {value:?} is unknown; write \"proto2\" or \"proto3\"."),
                ));
            }
        };
        file.syntax_span = Some(self.since(start));
        Ok(())
    }

    fn import(&mut self) -> Result<String, Problem> {
        self.bump();
        if self.ahead(0).kind == Kind::Word {
            self.bump();
        }
        let path = String::from_utf8_lossy(&self.quoted()?).into_owned();
        self.expect(b';')?;
        Ok(path)
    }

    fn message(&mut self, start: usize) -> Result<Message, Problem> {
        self.bump();
        let (name, name_span) = self.word("the name of a message")?;
        let mut message = Message { name, name_span, ..Message::default() };
        self.members(&mut message)?;
        message.span = self.since(start);
        Ok(message)
    }

    /// The braces of a message and what stands in them.
    fn members(&mut self, message: &mut Message) -> Result<(), Problem> {
        let name = message.name.clone();
        self.inside(&name, |it| it.body(|it| it.member(message)))?;
        let set = word(&message.options, "message_set_wire_format") == Some("true");
        let max = if set { MAX_SET } else { MAX_FIELD };
        for range in message.extension_ranges.iter_mut().chain(&mut message.reserved) {
            range.1 = range.1.min(max);
        }
        Ok(())
    }

    fn member(&mut self, message: &mut Message) -> Result<(), Problem> {
        let start = self.start();
        self.visibility();
        let named_block = self.ahead(1).kind == Kind::Word && self.is_sign(2, b'{');
        match self.text_ahead(0) {
            "message" if named_block => {
                let nested = self.message(start)?;
                message.messages.push(nested);
                Ok(())
            }
            "enum" if named_block => {
                let nested = self.enumeration(start)?;
                message.enums.push(nested);
                Ok(())
            }
            "extend" if !self.is_sign(2, b'=') => self.extend(&mut message.extensions, &mut message.messages),
            "oneof" if named_block => self.oneof(message),
            "option" => self.option(&mut message.options),
            "extensions" if self.ahead(1).kind == Kind::Integer => {
                self.bump();
                message.extension_ranges.append(&mut self.ranges(i64::MAX)?);
                self.brackets(&mut Vec::new())?;
                self.expect(b';')
            }
            "reserved" if !self.is_sign(2, b'=') => {
                self.reserved(&mut message.reserved, &mut message.reserved_names, i64::MAX)
            }
            _ => {
                let Message { fields, messages, .. } = message;
                self.field(&mut Body { fields, messages, oneof: None, extendee: None })
            }
        }
    }

    fn oneof(&mut self, message: &mut Message) -> Result<(), Problem> {
        self.bump();
        let (name, name_span) = self.word("the name of a oneof")?;
        let mut oneof = Oneof { name, name_span, options: Vec::new() };
        let Message { fields, messages, oneofs, .. } = message;
        let index = oneofs.len();
        self.body(|it| match it.text_ahead(0) {
            "option" => it.option(&mut oneof.options),
            _ => it.field(&mut Body { fields, messages, oneof: Some(index), extendee: None }),
        })?;
        oneofs.push(oneof);
        Ok(())
    }

    fn extend(&mut self, extensions: &mut Vec<Field>, messages: &mut Vec<Message>) -> Result<(), Problem> {
        self.bump();
        let extendee = self.dotted("the message to extend")?.0;
        self.body(|it| it.field(&mut Body { fields: extensions, messages, oneof: None, extendee: Some(&extendee) }))
    }

    fn field(&mut self, out: &mut Body<'_>) -> Result<(), Problem> {
        self.declare()?;
        let start = self.start();
        let label = self.label();
        let map = self.is_word(0, "map") && self.is_sign(1, b'<');
        let group = self.is_word(0, "group") && self.ahead(1).kind == Kind::Word && self.is_sign(2, b'=');
        let mut sides = None;
        let (mut ty, type_span) = if map {
            sides = Some(self.map()?);
            (Type::Map(String::new()), self.since(start))
        } else if group {
            let token = self.bump();
            (Type::Group(self.text_ahead(0).to_owned()), token.span)
        } else {
            let (name, span) = self.dotted("a field or another member")?;
            (Scalar::of_name(&name).map_or(Type::Named(name), Type::Scalar), span)
        };
        let (mut name, name_span) = self.word("the name of a field")?;
        self.expect(b'=')?;
        let number = self.integer()?;
        let mut options = Vec::new();
        self.brackets(&mut options)?;
        if let Type::Group(message) = &ty {
            let mut message = Message { name: message.clone(), name_span, group: true, ..Message::default() };
            name.make_ascii_lowercase();
            self.members(&mut message)?;
            message.span = self.since(start);
            out.messages.push(message);
        } else {
            self.expect(b';')?;
        }
        if let Some((key, value)) = sides {
            let entry = entry(&name, type_span, [key, value], &options);
            ty = Type::Map(entry.name.clone());
            out.messages.push(entry);
        }
        let label = if map { Label::Repeated } else { label };
        let extendee = out.extendee.map(str::to_owned);
        let span = self.since(start);
        let field = Field {
            name,
            name_span,
            number,
            label,
            ty,
            type_span,
            span,
            options,
            oneof: out.oneof,
            extendee,
            synthetic: false,
        };
        out.fields.push(field);
        Ok(())
    }

    fn label(&mut self) -> Label {
        let label = match self.text_ahead(0) {
            "optional" => Label::Optional,
            "required" => Label::Required,
            "repeated" => Label::Repeated,
            _ => return Label::None,
        };
        if self.ahead(1).kind == Kind::Word && !self.is_sign(2, b'=')
            || self.is_word(1, "group")
            || self.is_sign(1, b'.')
        {
            self.bump();
            return label;
        }
        Label::None
    }

    /// The types of the key and of the value of a map.
    fn map(&mut self) -> Result<(Type, Type), Problem> {
        self.bump();
        self.expect(b'<')?;
        let key = self.dotted("the type of the key")?.0;
        self.expect(b',')?;
        let value = self.dotted("the type of the value")?.0;
        self.expect(b'>')?;
        let ty = |name: String| Scalar::of_name(&name).map_or(Type::Named(name), Type::Scalar);
        Ok((ty(key), ty(value)))
    }

    fn enumeration(&mut self, start: usize) -> Result<Enum, Problem> {
        self.declare()?;
        self.bump();
        let (name, name_span) = self.word("the name of an enum")?;
        let mut res = Enum { name, name_span, ..Enum::default() };
        self.body(|it| {
            let assigned = it.is_sign(1, b'=');
            match it.text_ahead(0) {
                "option" if !assigned => it.option(&mut res.options),
                "reserved" if !assigned => it.reserved(&mut res.reserved, &mut res.reserved_names, i64::from(i32::MAX)),
                _ => {
                    let (name, name_span) = it.word("the name of a value")?;
                    it.expect(b'=')?;
                    let start = it.start();
                    let number = it.integer()?;
                    let number_span = it.since(start);
                    it.brackets(&mut Vec::new())?;
                    it.expect(b';')?;
                    res.values.push(Value { name, name_span, number, number_span });
                    Ok(())
                }
            }
        })?;
        res.span = self.since(start);
        Ok(res)
    }

    /// Numbers and names; some registries take both in one statement.
    fn reserved(&mut self, ranges: &mut Vec<Range>, names: &mut Vec<String>, max: i64) -> Result<(), Problem> {
        self.bump();
        loop {
            match self.ahead(0).kind {
                Kind::Integer | Kind::Sign(b'-') => ranges.push(self.range(max)?),
                Kind::Quoted => names.push(String::from_utf8_lossy(&self.quoted()?).into_owned()),
                _ => names.push(self.word("a number or a name to reserve")?.0),
            }
            if !self.eat(b',') {
                return self.expect(b';');
            }
        }
    }

    fn ranges(&mut self, max: i64) -> Result<Vec<Range>, Problem> {
        let mut ranges = vec![self.range(max)?];
        while self.eat(b',') {
            ranges.push(self.range(max)?);
        }
        Ok(ranges)
    }

    fn range(&mut self, max: i64) -> Result<Range, Problem> {
        let start = self.integer()?;
        if !self.is_word(0, "to") {
            return Ok((start, start));
        }
        self.bump();
        if self.is_word(0, "max") {
            self.bump();
            return Ok((start, max));
        }
        Ok((start, self.integer()?))
    }

    fn service(&mut self) -> Result<Service, Problem> {
        let start = self.start();
        self.bump();
        let (name, name_span) = self.word("the name of a service")?;
        let mut methods = Vec::new();
        self.body(|it| match it.text_ahead(0) {
            "option" => it.option(&mut Vec::new()),
            "rpc" => {
                methods.push(it.method()?);
                Ok(())
            }
            _ => Err(it.unexpected("`rpc` or `option`")),
        })?;
        Ok(Service { name, name_span, span: self.since(start), methods })
    }

    fn method(&mut self) -> Result<Method, Problem> {
        let start = self.start();
        self.bump();
        let (name, name_span) = self.word("the name of a method")?;
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

    fn side(&mut self) -> Result<Side, Problem> {
        self.expect(b'(')?;
        let streaming = self.is_word(0, "stream") && !self.is_sign(1, b')');
        if streaming {
            self.bump();
        }
        let (name, span) = self.dotted("a message")?;
        self.expect(b')')?;
        Ok(Side { name, span, streaming })
    }
}

/// The message that stands behind a map. What the options say of features holds for its key and its value.
fn entry(field: &str, span: Span, types: [Type; 2], options: &[Opt]) -> Message {
    let features: Vec<Opt> = options.iter().filter(|it| it.path.starts_with("features.")).cloned().collect();
    let fields = types.into_iter().zip([("key", 1), ("value", 2)]).map(|(ty, (name, number))| Field {
        name: name.to_owned(),
        name_span: span,
        number,
        label: Label::None,
        ty,
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
