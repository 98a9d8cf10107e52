//! Schemas: their defaults and examples, and the patterns in them.

use archwright_schema::instance::is_pattern;
use archwright_syntax::{
    Span,
    data::{Kind, Node, PathSegment},
};

use super::formats::Format;
use super::{Check, Content, DEFAULT_MISMATCH, INVALID_PATTERN, SCHEMA_EXAMPLE_MISMATCH};
use crate::validation::structure::pattern_fault;

/// How deep schemas are looked into.
const MAX_DEPTH: usize = 150;

impl<'t> Content<'t, '_> {
    /// A schema in some format.
    pub(super) fn schema_in(&mut self, schema: Node<'t>, format: Format, depth: usize) {
        match format {
            Format::Own if schema.get("$ref").is_some() => self.fields_of_schema(schema, depth),
            Format::Own | Format::OpenApi => self.schema(schema, format, depth),
            Format::Avro => self.avro(schema),
            Format::Protobuf => self.protobuf(schema),
            Format::Raml | Format::Unknown => {}
        }
    }

    /// A schema and those within it.
    pub(super) fn schema(&mut self, schema: Node<'t>, format: Format, depth: usize) {
        if depth > MAX_DEPTH || schema.kind() != Kind::Mapping || schema.is_alias() {
            return;
        }
        // What stands beside a reference is ignored.
        if schema.get("$ref").is_some_and(|it| it.kind() == Kind::String) {
            return;
        }
        self.format(schema.get("schemaFormat"));
        for entry in schema.entries() {
            let value = entry.value;
            match entry.key {
                "default" => self.fit_schema(&DEFAULT_MISMATCH, schema, value, format),
                "examples" => {
                    value.items().for_each(|it| self.fit_schema(&SCHEMA_EXAMPLE_MISMATCH, schema, it, format));
                }
                "example" if format == Format::OpenApi => {
                    self.fit_schema(&SCHEMA_EXAMPLE_MISMATCH, schema, value, format);
                }
                "properties" | "patternProperties" | "definitions" | "$defs" | "dependencies" | "dependentSchemas" => {
                    value.entries().for_each(|it| self.schema(it.value, format, depth + 1));
                }
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    value.items().for_each(|it| self.schema(it, format, depth + 1));
                }
                "items" => {
                    self.schema(value, format, depth + 1);
                    value.items().for_each(|it| self.schema(it, format, depth + 1));
                }
                "additionalProperties"
                | "additionalItems"
                | "contains"
                | "propertyNames"
                | "if"
                | "then"
                | "else"
                | "not"
                | "unevaluatedProperties"
                | "unevaluatedItems"
                | "contentSchema" => self.schema(value, format, depth + 1),
                "pattern" => self.pattern(value.as_str(), value, value.span()),
                _ => {}
            }
            if entry.key == "patternProperties" {
                value.written_entries().for_each(|it| self.pattern(Some(it.key), it.value, it.key_span));
            }
        }
    }

    fn fit_schema(&mut self, check: &Check, schema: Node<'t>, value: Node<'t>, format: Format) {
        let found = self.checked(schema, value, format);
        if found.is_empty() {
            return;
        }
        let is_error = value.kind() != Kind::String && is_checked_by_tools(schema);
        self.mismatches(&if is_error { *check } else { check.lenient() }, found);
    }

    fn pattern(&mut self, text: Option<&str>, node: Node<'t>, span: Span) {
        if let Some(text) = text.filter(|it| !is_pattern(it)) {
            let message = match pattern_fault(text) {
                Some(why) => format!("`{text}` is no regular expression: {why}"),
                None => format!("`{text}` is no regular expression of ECMA-262 as validators read them, with Unicode"),
            };
            self.tell(&INVALID_PATTERN, node, span, message, None);
        }
    }
}

/// Whether tools compare the default and the examples of a schema of 2.x with it: they look at the schemas of
/// components, parameters and messages, and not within these. Of a text they say nothing, whatever the schema is.
fn is_checked_by_tools(schema: Node<'_>) -> bool {
    let path = schema.path();
    let keys: Vec<&str> = path.iter().map(|it| if let PathSegment::Key(key) = it { key } else { "" }).collect();
    let has_own_format = || schema.parent().is_some_and(|it| it.get("schemaFormat").is_none());
    match keys.as_slice() {
        ["components", "schemas", _] => true,
        ["components", "parameters", _, "schema"] => true,
        ["channels", _, "parameters", _, "schema"] | ["components", "channels", _, "parameters", _, "schema"] => true,
        ["channels", _, _, "message", "payload"] | ["components", "channels", _, _, "message", "payload"] => {
            has_own_format()
        }
        ["components", "messages" | "messageTraits", _, "payload"] => has_own_format(),
        _ => false,
    }
}
