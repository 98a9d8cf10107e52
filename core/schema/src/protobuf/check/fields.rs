//! Fields: defaults and options that depend on the type, the label or the syntax.

use super::Check;
use super::names::json_name;
use super::types::{Target, is_delimited};
use crate::protobuf::schema::Field;
use crate::protobuf::tree::{Constant, Label, Opt, Scalar, Syntax, Type, word};

impl<'p> Check<'p> {
    pub(super) fn fields(&mut self) {
        for field in self.written_fields() {
            self.twice(&field);
            if let Some(default) = option(&field, "default") {
                self.default(&field, default);
            }
            self.json_name(&field);
            self.by_type(&field);
            self.by_message(&field);
            if self.syntax() == Syntax::Proto3 {
                self.proto3(&field);
            }
        }
    }

    /// `default` and `json_name` are no options, though they are written like options.
    fn twice(&mut self, field: &Field<'p>) {
        for name in ["default", "json_name"] {
            if let Some(it) = field.node.options.iter().filter(|it| is_pseudo(it, name)).nth(1) {
                self.tell(it.span, format!("`{name}` is set already."));
            }
        }
    }

    fn default(&mut self, field: &Field<'p>, default: &Opt) {
        if field.node.label == Label::Repeated {
            return self.tell(default.span, "A field with many values has no default.");
        }
        if self.syntax() == Syntax::Proto3 {
            return self.tell(default.span, "In proto3 a field has no default of its own; it is always zero or empty.");
        }
        let wrong = match (self.target(field), &default.value) {
            (Target::Scalar(scalar), value) => misfit(scalar, value),
            (Target::Message(_), _) => Some("nothing, because a message has no default".to_owned()),
            (Target::Enum(index), Constant::Word(word)) => {
                let it = self.pool.schema.enums.get(index);
                let has = it.is_none() || self.value_named(index, word).is_some();
                (!has).then(|| format!("a value of `{}`", it.map_or("the enum", |it| it.full.as_str())))
            }
            (Target::Unknown, Constant::Word(_)) => None,
            (Target::Enum(_) | Target::Unknown, _) => Some("the name of a value".to_owned()),
        };
        if let Some(wanted) = wrong {
            self.tell(default.value_span, format!("The default of `{}` must be {wanted}.", field.node.name));
        }
    }

    fn json_name(&mut self, field: &Field<'p>) {
        let Some(it) = option(field, "json_name") else { return };
        let Constant::Text(name) = &it.value else {
            return self.tell(it.value_span, "The name in JSON is quoted text.");
        };
        if name.contains(&0) {
            self.tell(it.value_span, "The name in JSON has a character that stands for no text.");
        }
        if field.extension.is_some() && *name != json_name(&field.node.name).as_bytes() {
            self.tell(it.span, "An extension has no name of its own in JSON.");
        }
    }

    /// Options that only fields of some types have.
    fn by_type(&mut self, field: &Field<'p>) {
        let options = &field.node.options;
        let is_set = |name: &str| word(options, name) == Some("true");
        let place = |name: &str| crate::protobuf::tree::place(options, name, name).unwrap_or(field.node.span);
        let target = self.target(field);
        for name in ["lazy", "unverified_lazy"].into_iter().filter(|it| is_set(it)) {
            let is_message = matches!(target, Target::Message(_)) && !is_delimited(field);
            if !is_message && target != Target::Unknown {
                self.tell(place(name), format!("Only a field that holds a message can be `{name}`."));
            }
        }
        if is_set("unverified_lazy") && field.extension.is_some() {
            self.tell(place("unverified_lazy"), "An extension cannot be `unverified_lazy`.");
        }
        if is_set("packed") && self.is_packable(field) == Some(false) {
            let message = "Only a `repeated` field of numbers, of `bool` or of an enum can be `packed`.";
            self.tell(place("packed"), message);
        }
        let is_wide = matches!(
            target,
            Target::Scalar(Scalar::Int64 | Scalar::Uint64 | Scalar::Sint64 | Scalar::Fixed64 | Scalar::Sfixed64)
                | Target::Unknown
        );
        if matches!(word(options, "jstype"), Some("JS_STRING" | "JS_NUMBER")) && !is_wide {
            self.tell(place("jstype"), "Only whole numbers of 64 bits have a `jstype`.");
        }
        if matches!(self.syntax(), Syntax::Edition(2024..)) && word(options, "ctype").is_some() {
            let message = "`ctype` is gone since the edition 2024; use `features.(pb.cpp).string_type`.";
            self.tell(place("ctype"), message);
        }
    }

    /// What message sets ask of their fields.
    fn by_message(&mut self, field: &Field<'p>) {
        let of = |index: usize| self.pool.schema.messages.get(index);
        let message = match (field.extension, field.parent) {
            (None, Some(parent)) => of(parent),
            (Some(_), _) => match self.extendee(field) {
                Target::Message(index) => of(index),
                _ => None,
            },
            (None, None) => None,
        };
        let is_set = message.is_some_and(|it| word(&it.node.options, "message_set_wire_format") == Some("true"));
        if !is_set {
            return;
        }
        if field.extension.is_none() {
            self.tell(field.node.name_span, "A message set has extensions only, no fields.");
        } else {
            let target = self.target(field);
            let is_message = target == Target::Unknown
                || matches!(target, Target::Message(_))
                    && !matches!(field.node.ty, Type::Group(_))
                    && !is_delimited(field);
            if !is_message || matches!(field.node.label, Label::Repeated | Label::Required) {
                self.tell(field.node.span, "The extensions of a message set are optional messages.");
            }
        }
    }

    fn proto3(&mut self, field: &Field<'p>) {
        if matches!(field.node.ty, Type::Group(_)) {
            self.tell(field.node.type_span, "Groups do not exist in proto3; declare a message and a field of it.");
        }
        if let Some(name) = self.closed_enum(field) {
            let message = format!("`{name}` is a closed enum (proto2), which a field in proto3 cannot have.");
            self.tell(field.node.type_span, message);
        }
    }
}

fn is_pseudo(option: &Opt, name: &str) -> bool {
    option.name.first().is_some_and(|it| !it.extension && it.text == name)
}

/// `default` or `json_name` of a field.
fn option<'p>(field: &Field<'p>, name: &str) -> Option<&'p Opt> {
    field.node.options.iter().find(|it| is_pseudo(it, name))
}

/// What a default must be, when this one is not.
fn misfit(scalar: Scalar, value: &Constant) -> Option<String> {
    let integer = |least: i128, most: i128| {
        let fits = matches!(value, Constant::Integer(it) if (least..=most).contains(it));
        (!fits).then(|| format!("a whole number from {least} to {most}"))
    };
    match scalar {
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => integer(i32::MIN.into(), i32::MAX.into()),
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => integer(i64::MIN.into(), i64::MAX.into()),
        Scalar::Uint32 | Scalar::Fixed32 => integer(0, u32::MAX.into()),
        Scalar::Uint64 | Scalar::Fixed64 => integer(0, u64::MAX.into()),
        Scalar::Float | Scalar::Double => match value {
            Constant::Integer(_) | Constant::Float(_) => None,
            Constant::Word(it) if it == "inf" || it == "nan" => None,
            _ => Some("a number".to_owned()),
        },
        Scalar::Bool => match value {
            Constant::Word(it) if it == "true" || it == "false" => None,
            _ => Some("`true` or `false`".to_owned()),
        },
        Scalar::String | Scalar::Bytes => match value {
            Constant::Text(_) => None,
            _ => Some("quoted text".to_owned()),
        },
    }
}
