//! The values of options: of the right type, and with the parts that their messages have.

use archwright_syntax::Span;
use rustc_hash::FxHashSet;

use super::Check;
use super::options::{Entity, Holds, OptionField, Set};
use super::pool::{Kind, Lookup};
use crate::protobuf::schema::{Cardinality, Enum};
use crate::protobuf::tree::{Constant, Label, Opt, Part, PartName, Placed, Scalar};

/// Where a value stands: that of an option, or a part in the text format, which is more liberal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Option,
    Part,
}

impl<'p> Check<'p> {
    /// The value of an option, whose field is found at `path`.
    pub(super) fn option_value(
        &mut self,
        field: &OptionField<'p>,
        entity: &Entity<'p>,
        option: &'p Opt,
        set: &mut Set,
        path: &[i64],
    ) {
        match (self.holds(field), &option.value) {
            (Holds::Unknown, _) => (),
            (Holds::Message(index), Constant::Parts(parts)) => {
                self.parts(index, parts, option.value_span, entity);
                self.add_parts(index, parts, set, path);
            }
            (Holds::Message(_), _) => {
                let message = format!("`{}` holds a message; write its parts in braces.", field.node.name);
                self.tell(option.value_span, message);
            }
            (holds, value) => self.single(field, holds, value, option.value_span, Form::Option),
        }
    }

    /// Notes the parts of a value, which cannot be set again on their own.
    fn add_parts(&mut self, message: usize, parts: &[Part], set: &mut Set, path: &[i64]) {
        let Some(owner) = self.pool.schema.messages.get(message) else { return };
        for part in parts {
            let PartName::Field(name) = &part.name else { continue };
            let Some(field) = self.field_named(message, name).filter(|it| it.name == *name) else { continue };
            let path = [path, &[field.number]].concat();
            if let (Holds::Message(index), Constant::Parts(parts)) =
                (self.holds(&OptionField { node: field, file: owner.file, parent: Some(message) }), &part.value)
            {
                self.add_parts(index, parts, set, &path);
            }
            set.add(path);
        }
    }

    /// The parts of a message. Bounded by how deep the parser lets values nest.
    fn parts(&mut self, message: usize, parts: &'p [Part], span: Span, entity: &Entity<'p>) {
        let schema = &self.pool.schema;
        let Some(owner) = schema.messages.get(message) else { return };
        let mut seen: FxHashSet<i64> = FxHashSet::default();
        let mut oneofs: FxHashSet<usize> = FxHashSet::default();
        let is_any = owner.full == "google.protobuf.Any";
        for part in parts {
            let field = match &part.name {
                PartName::Any { address, message } if is_any => {
                    self.any(address, message, part, entity);
                    continue;
                }
                PartName::Any { .. } => {
                    self.tell(part.name_span, "Only a `google.protobuf.Any` holds messages by their address.");
                    continue;
                }
                PartName::Extension(_) if is_any => {
                    let message = "An address belongs in front of the message, such as `type.googleapis.com/`.";
                    self.tell(part.name_span, message);
                    continue;
                }
                PartName::Extension(name) => self.extension_part(name, part.name_span, message),
                PartName::Field(name) => self.field_part(name, part.name_span, message),
            };
            let Some(field) = field else { continue };
            let name = &field.node.name;
            self.allowed(&field, entity, part.name_span);
            let is_repeated = field.node.label == Label::Repeated;
            if !is_repeated && !seen.insert(field.node.number) {
                self.tell(part.name_span, format!("`{name}` is set already."));
            }
            if let Some(oneof) = field.node.oneof
                && !oneofs.insert(oneof)
                && matches!(part.name, PartName::Field(_))
            {
                let name = owner.node.oneofs.get(oneof).map_or("", |it| it.name.as_str());
                self.tell(part.name_span, format!("Another field of the oneof `{name}` is set already."));
            }
            match &part.value {
                Constant::List(items) if is_repeated => {
                    for Placed { it, span } in items {
                        self.part_value(&field, it, *span, part.colon, entity);
                    }
                }
                value => self.part_value(&field, value, part.value_span, part.colon, entity),
            }
        }
        let missing = schema
            .fields(message)
            .filter(|it| it.cardinality() == Cardinality::Required && !seen.contains(&it.node.number));
        let missing: Vec<String> = missing.map(|it| format!("`{}`", it.node.name)).collect();
        if !missing.is_empty() {
            let names = crate::notes::listed(&missing, "and");
            self.tell(span, format!("`{}` requires {names}.", owner.full));
        }
    }

    /// The field of a message that a part names; nothing for names that the message reserves.
    fn field_part(&mut self, name: &str, span: Span, message: usize) -> Option<OptionField<'p>> {
        let owner = self.pool.schema.messages.get(message)?;
        if let Some(node) = self.field_named(message, name) {
            return Some(OptionField { node, file: owner.file, parent: Some(message) });
        }
        if !owner.node.reserved_names.iter().any(|it| it.it == name) {
            let near = self.guesses.nearest(name, owner.node.fields.iter().map(|it| it.name.as_str()));
            let hint = near.map_or_else(String::new, |it| format!(" Did you mean `{it}`?"));
            self.tell(span, format!("`{}` has no field `{name}`.{hint}", owner.full));
        }
        None
    }

    fn extension_part(&mut self, name: &str, span: Span, message: usize) -> Option<OptionField<'p>> {
        let schema = &self.pool.schema;
        let owner = schema.messages.get(message)?;
        match self.pool.look_up(name, &owner.full, false) {
            Lookup::Found(symbol) => {
                if let Kind::Extension(index) = symbol.kind
                    && let Some(it) = schema.extensions.get(index)
                    && it.extendee == owner.full
                {
                    return Some(OptionField { node: it.node, file: it.file, parent: it.parent });
                }
            }
            Lookup::Unknown => return None,
            Lookup::Missing | Lookup::Hidden(_) | Lookup::NotImported(_) => (),
        }
        self.tell(span, format!("`{name}` is no extension of `{}`.", owner.full));
        None
    }

    /// A message within a `google.protobuf.Any`.
    fn any(&mut self, address: &str, message: &str, part: &'p Part, entity: &Entity<'p>) {
        if !matches!(address, "type.googleapis.com" | "type.googleprod.com") {
            self.tell(part.name_span, "The address of a message is `type.googleapis.com`.");
            return;
        }
        match self.pool.look_up(&format!(".{message}"), "", false) {
            Lookup::Found(symbol) => match (symbol.kind, &part.value) {
                (Kind::Message(index), Constant::Parts(parts)) => self.parts(index, parts, part.value_span, entity),
                (Kind::Message(_), _) => self.tell(part.value_span, "The parts of a message stand in braces."),
                _ => self.tell(part.name_span, format!("`{message}` is no message.")),
            },
            Lookup::Unknown => (),
            _ => self.tell(part.name_span, format!("`{message}` is no message that is declared or imported.")),
        }
    }

    fn part_value(
        &mut self,
        field: &OptionField<'p>,
        value: &'p Constant,
        span: Span,
        colon: bool,
        entity: &Entity<'p>,
    ) {
        match (self.holds(field), value) {
            (Holds::Unknown, _) => (),
            (Holds::Message(index), Constant::Parts(parts)) => self.parts(index, parts, span, entity),
            (Holds::Message(_), _) => {
                self.tell(span, format!("`{}` holds a message; write its parts in braces.", field.node.name));
            }
            (holds, value) => {
                if !colon {
                    self.tell(span, format!("A colon belongs between `{}` and its value.", field.node.name));
                }
                self.single(field, holds, value, span, Form::Part);
            }
        }
    }

    /// A value without parts.
    fn single(&mut self, field: &OptionField<'p>, holds: Holds, value: &Constant, span: Span, form: Form) {
        let wanted = match holds {
            Holds::Scalar(scalar) => misfit(scalar, value, form),
            Holds::Enum(index) => {
                let Some(it) = self.pool.schema.enums.get(index) else { return };
                self.enum_value(index, it, value, span, form)
            }
            Holds::Message(_) | Holds::Unknown => None,
        };
        if let Some(wanted) = wanted {
            self.tell(span, format!("The value of `{}` must be {wanted}.", field.node.name));
        }
    }

    fn enum_value(
        &mut self,
        index: usize,
        it: &'p Enum<'p>,
        value: &Constant,
        span: Span,
        form: Form,
    ) -> Option<String> {
        let found = match value {
            Constant::Word(word) => self.value_named(index, word),
            Constant::Integer(number) if form == Form::Part => {
                let found = it.node.values.iter().find(|it| i128::from(it.number) == *number);
                let options = [it.node.options.as_slice()];
                let is_open = self.pool.schema.feature("enum_type", &options, it.parent, it.file) != "CLOSED";
                if found.is_none() && is_open && i32::try_from(*number).is_ok() {
                    return None;
                }
                found
            }
            _ => None,
        };
        if let Some(found) = found {
            self.exists(&found.name, &found.options, span);
            return None;
        }
        let names = it.node.values.iter().map(|it| it.name.as_str());
        let near = match value {
            Constant::Word(word) => self.guesses.nearest(word, names),
            _ => None,
        };
        let hint = near.map_or_else(String::new, |it| format!(", perhaps `{it}`"));
        Some(format!("a value of `{}`{hint}", it.full))
    }
}

/// What a value must be, when this one is not.
fn misfit(scalar: Scalar, value: &Constant, form: Form) -> Option<String> {
    let integer = |least: i128, most: i128| {
        let fits = matches!(value, Constant::Integer(it) if (least..=most).contains(it));
        (!fits).then(|| format!("a whole number from {least} to {most}"))
    };
    match scalar {
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => integer(i32::MIN.into(), i32::MAX.into()),
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => integer(i64::MIN.into(), i64::MAX.into()),
        Scalar::Uint32 | Scalar::Fixed32 => integer(0, u32::MAX.into()),
        Scalar::Uint64 | Scalar::Fixed64 => integer(0, u64::MAX.into()),
        Scalar::Float | Scalar::Double => {
            let fits = match value {
                Constant::Integer(_) | Constant::Float(_) => true,
                Constant::Word(it) if form == Form::Part => {
                    matches!(it.to_ascii_lowercase().as_str(), "inf" | "infinity" | "nan")
                }
                Constant::Word(it) => it == "inf" || it == "nan",
                _ => false,
            };
            (!fits).then(|| "a number".to_owned())
        }
        Scalar::Bool => {
            let fits = match value {
                Constant::Word(it) if form == Form::Part => {
                    matches!(it.as_str(), "true" | "True" | "t" | "false" | "False" | "f")
                }
                Constant::Word(it) => it == "true" || it == "false",
                Constant::Integer(it) => form == Form::Part && (0..=1).contains(it),
                _ => false,
            };
            (!fits).then(|| "`true` or `false`".to_owned())
        }
        Scalar::String | Scalar::Bytes => (!matches!(value, Constant::Text(_))).then(|| "quoted text".to_owned()),
    }
}
