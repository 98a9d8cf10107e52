//! Schemas: their defaults and examples, and what no value can fit.

use archwright_schema::instance::is_pattern;
use archwright_syntax::Span;
use archwright_syntax::data::{Entry, Kind, Node};

use super::formats::Format;
use super::{Check, Content, DEFAULT_MISMATCH, IMPOSSIBLE_SCHEMA, INVALID_PATTERN, SCHEMA_EXAMPLE_MISMATCH};
use crate::validation::structure::pattern_fault;

/// How deep schemas are looked into.
const MAX_DEPTH: usize = 150;

/// Pairs of limits of which the first is the lower.
const RANGES: [(&str, &str); 4] =
    [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties")];

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
                "examples" => value.items().for_each(|it| self.fit_schema(&SCHEMA_EXAMPLE_MISMATCH, schema, it, format)),
                "example" if format == Format::OpenApi => self.fit_schema(&SCHEMA_EXAMPLE_MISMATCH, schema, value, format),
                "properties" | "patternProperties" | "definitions" | "$defs" | "dependencies" | "dependentSchemas" => {
                    value.entries().for_each(|it| self.schema(it.value, format, depth + 1));
                }
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => value.items().for_each(|it| self.schema(it, format, depth + 1)),
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
                "enum" | "const" => self.kinds(schema, entry),
                _ => {}
            }
            if entry.key == "patternProperties" {
                value.written_entries().for_each(|it| self.pattern(Some(it.key), it.value, it.key_span));
            }
        }
        self.ranges(schema);
    }

    fn fit_schema(&mut self, check: &Check, schema: Node<'t>, value: Node<'t>, format: Format) {
        let validator = if format == Format::OpenApi { &mut self.open_api } else { &mut self.own };
        let found = validator.check(schema, value);
        self.mismatches(check, found);
    }

    fn pattern(&mut self, text: Option<&str>, node: Node<'t>, span: Span) {
        // What is plainly wrong is a matter of structure.
        if let Some(text) = text.filter(|it| !is_pattern(it) && pattern_fault(it).is_none()) {
            let message = format!("`{text}` is no regular expression of ECMA-262 as validators read them, with Unicode");
            self.tell(&INVALID_PATTERN, node, span, message, None);
        }
    }

    /// Listed values that the `type` beside them excludes.
    fn kinds(&mut self, schema: Node<'t>, entry: Entry<'t>) {
        let Some(ty) = schema.get("type") else { return };
        let names: Vec<&str> = ty.as_str().into_iter().chain(ty.items().filter_map(Node::as_str)).collect();
        let is_allowed = |value: Node<'_>| {
            names.iter().any(|name| match *name {
                "null" => value.is_null(),
                "boolean" => value.kind() == Kind::Bool,
                "integer" => value.kind() == Kind::Integer || value.as_f64().is_some_and(|it| it.fract() == 0.0),
                "number" => matches!(value.kind(), Kind::Integer | Kind::Float),
                "string" => value.kind() == Kind::String,
                "array" => value.kind() == Kind::Sequence,
                "object" => value.kind() == Kind::Mapping,
                _ => true,
            })
        };
        let is_nullable = schema.get("nullable").and_then(Node::as_bool) == Some(true);
        let values = if entry.key == "enum" { entry.value.items().collect() } else { vec![entry.value] };
        for value in values {
            if names.is_empty() || is_allowed(value) || (is_nullable && value.is_null()) {
                continue;
            }
            let found = value.scalar().filter(|_| !value.is_null()).map_or_else(String::new, |it| format!("`{it}` is "));
            let found = if found.is_empty() { "This is ".to_owned() } else { found };
            let message = format!("{found}{}, which the `type` {} excludes: no value can be it", value.kind().describe(), names.join(", "));
            let span = if value.span().is_empty() { entry.key_span } else { value.span() };
            self.tell(&IMPOSSIBLE_SCHEMA, value, span, message, None);
        }
    }

    /// Limits that exclude each other.
    fn ranges(&mut self, schema: Node<'t>) {
        let number = |key: &str| schema.get(key).and_then(|it| Some((it, it.as_f64()?)));
        for (least, most) in RANGES {
            if let (Some((_, low)), Some((node, high))) = (number(least), number(most))
                && low > high
            {
                let message = format!("No value fits: `{most}` is {high}, but `{least}` is {low}");
                self.tell(&IMPOSSIBLE_SCHEMA, node, node.span(), message, None);
            }
        }
        let lows = [("exclusiveMinimum", number("exclusiveMinimum")), ("minimum", number("minimum"))];
        for (least, low) in lows {
            for (most, high) in [("exclusiveMaximum", number("exclusiveMaximum")), ("maximum", number("maximum"))] {
                let is_exclusive = least == "exclusiveMinimum" || most == "exclusiveMaximum";
                if let (Some((_, low)), Some((node, high)), true) = (low, high, is_exclusive)
                    && low >= high
                {
                    let message = format!("No value fits: `{most}` is {high}, but `{least}` is {low}");
                    self.tell(&IMPOSSIBLE_SCHEMA, node, node.span(), message, None);
                }
            }
        }
    }
}
