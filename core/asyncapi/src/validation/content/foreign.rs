//! Schemas in other languages: Avro and Protobuf.

use archwright_schema::{AvroSchema, Diagnostic, Language, shape};
use archwright_syntax::{
    Span,
    data::{Node, ScalarStyle},
};

use super::examples::is_text_of_schema;
use super::{Content, INVALID_AVRO_SCHEMA, INVALID_PROTOBUF_SCHEMA};
use crate::files::is_of;

/// Longer texts are not read as Protobuf.
const MAX_PROTOBUF: usize = 1 << 20;

impl<'t> Content<'t, '_> {
    /// An Avro schema, here or at the end of a reference.
    pub(super) fn avro(&mut self, schema: Node<'t>) {
        if is_text_of_schema(schema) {
            return;
        }
        let before = self.via;
        if before.is_none() {
            self.via = schema.get("$ref");
        }
        let avro = AvroSchema::read(schema, self.files);
        let is_old = declared_version(schema).is_some_and(|it| it < (1, 12));
        let later = if is_old { avro.later_defaults() } else { Vec::new() };
        for it in avro.diagnostics().into_iter().chain(later) {
            // Files for a registry name types of other files.
            let is_elsewhere = |name: &String| {
                let way = self.files.way(std::ptr::from_ref(it.node.tree()));
                !is_of(self.root, it.node) && way.is_none_or(|way| self.files.documents.declares(&way, name))
            };
            if !it.undeclared.as_ref().is_some_and(is_elsewhere) {
                self.tell(&INVALID_AVRO_SCHEMA, it.node, it.diagnostic.span, without_dot(&it.diagnostic.message), None);
            }
        }
        self.via = before;
    }

    /// A Protobuf file in a text, or at the end of a reference.
    pub(super) fn protobuf(&mut self, schema: Node<'t>) {
        if let Some((node, reference)) = schema.get("$ref").and_then(|it| Some((it, it.as_str()?))) {
            let problems = self.files.text(schema, reference).map(protobuf_problems).unwrap_or_default();
            if let Some(first) = problems.first() {
                let message = format!("What `{reference}` leads to is wrong: {}", without_dot(&first.message));
                self.tell(&INVALID_PROTOBUF_SCHEMA, node, node.span(), message, None);
            }
        } else if let Some(text) = schema.as_str() {
            for problem in protobuf_problems(text) {
                let span = source_span(schema, text, problem.span);
                self.tell(&INVALID_PROTOBUF_SCHEMA, schema, span, without_dot(&problem.message), None);
            }
        }
    }
}

/// The version of Avro that the format of a schema names: `application/vnd.apache.avro;version=1.9.0`.
fn declared_version(schema: Node<'_>) -> Option<(u32, u32)> {
    let format = schema.parent()?.get("schemaFormat")?.as_str()?;
    let version = format.split(';').find_map(|it| it.trim().strip_prefix("version="))?;
    let mut numbers = version.trim_matches('"').split('.').map(|it| it.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// What is wrong with the text of a Protobuf file.
fn protobuf_problems(text: &str) -> Vec<Diagnostic> {
    if text.len() > MAX_PROTOBUF {
        let message = format!(
            "This Protobuf file has {} bytes and is not checked: within a document at most {MAX_PROTOBUF} bytes are. \
            Put it into a file of its own.",
            text.len()
        );
        return vec![Diagnostic { span: Span::empty(0), message }];
    }
    if text.trim().is_empty() { Vec::new() } else { shape(text, Language::Protobuf).diagnostics }
}

/// The sentences of schemas end with a full stop, those of diagnostics do not.
fn without_dot(message: &str) -> String {
    message.strip_suffix('.').unwrap_or(message).to_owned()
}

/// Where a part of a decoded text is written; the whole scalar when that cannot be told.
fn source_span(node: Node<'_>, text: &str, part: Span) -> Span {
    let whole = node.span();
    let source = node.source();
    let at = |offset: usize| whole.start as usize + offset;
    match node.style() {
        ScalarStyle::Literal => literal(source, text, part).map_or(whole, |(start, end)| Span::new(at(start), at(end))),
        _ => match source.find(text) {
            // Without escapes the text stands in the source as it is.
            Some(offset) => Span::new(at(offset + part.start as usize), at(offset + part.end as usize)),
            None => whole,
        },
    }
}

/// A part of a literal block in its source, whose lines are indented alike.
fn literal(source: &str, text: &str, part: Span) -> Option<(usize, usize)> {
    let header = source.find('\n')? + 1;
    let mut lines = Vec::new();
    let mut at = header;
    for line in source.get(header..)?.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    let place = |offset: usize| -> Option<usize> {
        let before = text.get(..offset)?;
        let line = before.matches('\n').count();
        let column = offset - before.rfind('\n').map_or(0, |it| it + 1);
        let decoded = text.lines().nth(line).unwrap_or_default();
        let (start, written) = lines.get(line)?;
        let written = written.trim_end_matches(['\n', '\r']);
        let indent = written.len().checked_sub(decoded.len())?;
        Some(start + indent + column)
    };
    let start = place(part.start as usize)?;
    let end = place(part.end as usize).unwrap_or(start).max(start);
    (end <= source.len()).then_some((start, end))
}
