//! Examples of messages against the schemas of payload and headers.

use archwright_schema::AvroSchema;
use archwright_syntax::data::{Kind, Node};

use super::formats::Format;
use super::messages::Merged;
use super::{AVRO_EXAMPLE_MISMATCH, Content, EXAMPLE_MISMATCH};

impl<'t> Content<'t, '_> {
    /// Checks the examples of a message with its traits.
    pub(super) fn examples(&mut self, merged: &Merged<'t>) {
        let examples: Vec<Node<'t>> = merged.field("examples").into_iter().flat_map(Node::items).collect();
        if examples.is_empty() {
            return;
        }
        let part = |key: &str| examples.iter().filter_map(|it| it.get(key)).collect::<Vec<_>>();
        let (payloads, headers) = (part("payload"), part("headers"));
        if let Some((schema, format)) = merged.field("payload").and_then(|it| self.schema_and_format(it, merged)) {
            self.fit(schema, format, &payloads);
        }
        self.fit_headers(merged, &headers);
    }

    /// The schema of a payload or of headers, without the wrapping that names its format.
    fn schema_and_format(&self, schema: Node<'t>, merged: &Merged<'t>) -> Option<(Node<'t>, Format)> {
        if self.is_2 {
            return Some((schema, Format::of(merged.field("schemaFormat"))));
        }
        let body = self.files.follow(schema)?;
        match body.get("schemaFormat").filter(|it| it.kind() == Kind::String) {
            Some(format) => Some((body.get("schema")?, Format::of(Some(format)))),
            None => Some((body, Format::Own)),
        }
    }

    fn fit(&mut self, schema: Node<'t>, format: Format, values: &[Node<'t>]) {
        match format {
            Format::Own | Format::OpenApi => {
                for value in values {
                    let validator = if format == Format::Own { &mut self.own } else { &mut self.open_api };
                    let found = validator.check(schema, *value);
                    self.mismatches(&EXAMPLE_MISMATCH, found);
                }
            }
            // A schema in a text is not read.
            Format::Avro if !values.is_empty() && !is_text_of_schema(schema) => {
                let avro = AvroSchema::read(schema, self.files);
                for value in values {
                    self.mismatches(&AVRO_EXAMPLE_MISMATCH, avro.check(*value));
                }
            }
            Format::Avro | Format::Protobuf | Format::Raml | Format::Unknown => {}
        }
    }

    fn fit_headers(&mut self, merged: &Merged<'t>, values: &[Node<'t>]) {
        if values.is_empty() {
            return;
        }
        let Some(schema) = self.headers_of(merged) else { return };
        let body = if self.is_2 { Some((schema, Format::Own)) } else { self.schema_and_format(schema, merged) };
        if let Some((schema, format)) = body {
            self.fit(schema, format, values);
        }
    }
}

/// Whether a schema is written as JSON within a text.
pub(super) fn is_text_of_schema(schema: Node<'_>) -> bool {
    schema.as_str().is_some_and(|it| it.trim_start().starts_with(['{', '[']))
}
