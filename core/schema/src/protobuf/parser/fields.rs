//! Fields, groups and maps of messages, and of what extends them.

use archwright_syntax::Span;

use super::super::{
    cursor::{Parser, Read},
    tree::{Field, Label, Message, Opt, Placed, Scalar, Syntax, Type},
};

/// What a body of fields belongs to.
pub(super) struct Body<'m> {
    pub(super) fields: &'m mut Vec<Field>,
    /// Where the messages of groups and maps go.
    pub(super) messages: &'m mut Vec<Message>,
    pub(super) oneof: Option<usize>,
    pub(super) extendee: Option<&'m Placed<String>>,
}

impl Parser<'_> {
    pub(super) fn field(&mut self, out: &mut Body<'_>) -> Read<()> {
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
