//! Features of the editions: where they may be set, and to what.

use super::Check;
use super::options::Entity;
use super::types::Target;
use crate::protobuf::schema::{Cardinality, Field};
use crate::protobuf::tree::{Label, Scalar, Syntax, Type, place, value, word};

/// The features that every edition has, each with the value that only stands for none.
const FEATURES: [(&str, &str); 8] = [
    ("field_presence", "FIELD_PRESENCE_UNKNOWN"),
    ("enum_type", "ENUM_TYPE_UNKNOWN"),
    ("repeated_field_encoding", "REPEATED_FIELD_ENCODING_UNKNOWN"),
    ("utf8_validation", "UTF8_VALIDATION_UNKNOWN"),
    ("message_encoding", "MESSAGE_ENCODING_UNKNOWN"),
    ("json_format", "JSON_FORMAT_UNKNOWN"),
    ("enforce_naming_style", "ENFORCE_NAMING_STYLE_UNKNOWN"),
    ("default_symbol_visibility", "DEFAULT_SYMBOL_VISIBILITY_UNKNOWN"),
];

const PRESENCE: &str = "features.field_presence";
const JAVA: &str = "java_string_check_utf8";

impl<'p> Check<'p> {
    /// Features of anything.
    pub(super) fn features_of(&mut self, entity: &Entity<'p>) {
        for (name, unknown) in FEATURES {
            let path = format!("features.{name}");
            if word(entity.options, &path) == Some(unknown)
                && let Some(span) = place(entity.options, "features", &path)
            {
                self.tell(span, format!("`{unknown}` stands for no value; write one that says something."));
            }
        }
    }

    /// Features of the file and of its fields.
    pub(super) fn features(&mut self) {
        let Some(file) = self.pool.own() else { return };
        if !matches!(file.syntax, Syntax::Edition(_)) {
            for field in self.extensions().filter(|it| it.node.label == Label::Required).collect::<Vec<_>>() {
                self.tell(field.node.span, "An extension cannot be `required`.");
            }
            return;
        }
        if word(&file.options, PRESENCE) == Some("LEGACY_REQUIRED")
            && let Some(span) = place(&file.options, "features", PRESENCE)
        {
            self.tell(span, "A file cannot make all fields required; set this of single fields.");
        }
        if word(&file.options, JAVA) == Some("true")
            && let Some(span) = place(&file.options, JAVA, JAVA)
        {
            let message = "`java_string_check_utf8` is gone in the editions; use `features.(pb.java).utf8_validation`.";
            self.tell(span, message);
        }
        for field in self.written_fields() {
            self.field_features(&field);
        }
    }

    fn field_features(&mut self, field: &Field<'p>) {
        let options = &field.node.options;
        let at = |name: &str| {
            let path = format!("features.{name}");
            value(options, &path)?;
            place(options, "features", &path)
        };
        if value(options, "packed").is_some() {
            let span = place(options, "packed", "packed").unwrap_or(field.node.span);
            self.tell(span, "`packed` is gone in the editions; use `features.repeated_field_encoding`.");
        }
        let is_repeated = field.node.label == Label::Repeated;
        let target = self.target(field);
        if !is_repeated && field.cardinality() == Cardinality::Implicit {
            if let Some(it) = options.iter().find(|it| it.path == "default") {
                self.tell(it.span, "A field without presence has no default.");
            }
            if let Some(name) = self.closed_enum(field) {
                let message = format!("`{name}` is a closed enum, which a field without presence cannot have.");
                self.tell(field.node.type_span, message);
            }
        }
        if field.extension.is_some() && field.cardinality() == Cardinality::Required {
            self.tell(at("field_presence").unwrap_or(field.node.span), "An extension cannot be required.");
        }
        if let Some(span) = at("field_presence") {
            let presence = word(options, "features.field_presence");
            let message = if field.node.oneof.is_some() {
                Some("A field of a oneof has presence anyway; remove this.")
            } else if is_repeated {
                Some("A repeated field has no presence; remove this.")
            } else if field.extension.is_some() && presence != Some("LEGACY_REQUIRED") {
                Some("An extension has presence anyway; remove this.")
            } else if matches!(target, Target::Message(_)) && presence == Some("IMPLICIT") {
                Some("A field that holds a message always has presence; remove this.")
            } else {
                None
            };
            if let Some(message) = message {
                self.tell(span, message);
            }
        }
        if let Some(span) = at("repeated_field_encoding") {
            let is_packed = word(options, "features.repeated_field_encoding") == Some("PACKED");
            if !is_repeated {
                self.tell(span, "Only a repeated field has this feature.");
            } else if is_packed && self.is_packable(field) == Some(false) {
                self.tell(span, "Only a repeated field of numbers, of `bool` or of an enum can be packed.");
            }
        }
        let is_map = matches!(field.node.ty, Type::Map(_));
        if let Some(span) = at("utf8_validation") {
            let is_string = |it: Target| it == Target::Scalar(Scalar::String) || it == Target::Unknown;
            let is_string_map = match target {
                Target::Message(entry) if is_map => {
                    self.pool.schema.fields(entry).any(|it| it.node.ty == Type::Scalar(Scalar::String))
                }
                _ => false,
            };
            if !is_string(target) && !is_string_map {
                self.tell(span, "Only a field of strings has this feature.");
            }
        }
        if let Some(span) = at("message_encoding")
            && (is_map || !matches!(target, Target::Message(_) | Target::Unknown))
        {
            self.tell(span, "Only a field that holds a message has this feature.");
        }
    }
}
