//! Examples of messages against the schemas of payload and headers.

use archwright_schema::AvroSchema;
use archwright_syntax::data::{Kind, Node};

use super::formats::Format;
use super::messages::Merged;
use super::{AVRO_EXAMPLE_MISMATCH, Check, Content, EXAMPLE_MISMATCH};

/// How sure it is that an example is wrong.
#[derive(Clone, Copy)]
enum Fault {
    /// It does not fit what is written with it.
    Certain,
    /// It does not fit what comes of merging traits.
    Merged,
}

impl Fault {
    const fn of(self, check: &Check) -> Check {
        match self {
            Self::Certain => *check,
            Self::Merged => check.lenient(),
        }
    }
}

impl<'t> Content<'t, '_> {
    /// Checks the examples of a message, by itself and with its traits. Of what headers and examples of traits bring
    /// about in 2.x no tool knows, though they replace what the message says.
    pub(super) fn examples(&mut self, message: Node<'t>, merged: &Merged<'t>) {
        if !self.is_2 || merged.is_plain() {
            return self.examples_of(merged, merged, Fault::Certain);
        }
        self.examples_of(&Merged::of(message), merged, Fault::Certain);
        self.examples_of(merged, merged, Fault::Merged);
    }

    /// Checks examples with the headers that stand in the same layers, and the payload that is merged.
    fn examples_of(&mut self, own: &Merged<'t>, merged: &Merged<'t>, fault: Fault) {
        let examples: Vec<Node<'t>> = own.field("examples").into_iter().flat_map(Node::items).collect();
        if examples.is_empty() {
            return;
        }
        let part = |key: &str| examples.iter().filter_map(|it| it.get(key)).collect::<Vec<_>>();
        let (payloads, headers) = (part("payload"), part("headers"));
        if let Some((schema, format)) = merged.field("payload").and_then(|it| self.schema_and_format(it, merged)) {
            self.fit(schema, format, &payloads, fault);
        }
        self.fit_headers(own, &headers, fault);
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

    fn fit(&mut self, schema: Node<'t>, format: Format, values: &[Node<'t>], fault: Fault) {
        match format {
            Format::Own | Format::OpenApi => {
                for value in values {
                    let found = self.checked(schema, *value, format);
                    self.mismatches(&fault.of(&EXAMPLE_MISMATCH), found);
                }
            }
            // A schema in a text is not read.
            Format::Avro if !values.is_empty() && !is_text_of_schema(schema) => {
                let avro = AvroSchema::read(schema, self.files);
                for value in values {
                    let (found, is_whole) = avro.check_within_bounds(*value);
                    if !is_whole {
                        self.leave_unfinished(*value);
                    }
                    self.mismatches(&fault.of(&AVRO_EXAMPLE_MISMATCH), found);
                }
            }
            Format::Avro | Format::Protobuf | Format::Raml | Format::Unknown => {}
        }
    }

    fn fit_headers(&mut self, merged: &Merged<'t>, values: &[Node<'t>], fault: Fault) {
        if values.is_empty() {
            return;
        }
        let Some(schema) = self.headers_of(merged) else { return };
        let body = if self.is_2 { Some((schema, Format::Own)) } else { self.schema_and_format(schema, merged) };
        if let Some((schema, format)) = body {
            self.fit(schema, format, values, fault);
        }
    }
}

/// Whether a schema is written as JSON within a text.
pub(super) fn is_text_of_schema(schema: Node<'_>) -> bool {
    schema.as_str().is_some_and(|it| it.trim_start().starts_with(['{', '[']))
}
