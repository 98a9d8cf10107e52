//! Content: whether examples and defaults fit their schemas, and whether the schemas of payloads and headers hold, in
//! whatever language they are written.

mod examples;
mod foreign;
mod formats;
mod headers;
mod messages;
mod schemas;
#[cfg(test)]
mod tests;
mod visit;

use archwright_schema::instance::{Dialect, Mismatch, Validator};
use archwright_syntax::{
    Span,
    data::{Node, NodeId, Tree},
};
use elsa::FrozenVec;
use rustc_hash::FxHashSet;

use super::{Check, Documents, Severity, Sink, version};
use crate::files::{Files, is_of};
use crate::specification::{ObjectId, Specification, of};

const fn error(name: &'static str, summary: &'static str, same_as: &'static [&'static str]) -> Check {
    Check::new(name, Severity::Error, summary, same_as)
}

static EXAMPLE_MISMATCH: Check = error(
    "example-mismatch",
    "An example of a message does not fit the schema of its payload or headers.",
    &["asyncapi2-message-examples", "asyncapi-message-examples"],
);
static AVRO_EXAMPLE_MISMATCH: Check = error(
    "avro-example-mismatch",
    "An example of a message does not fit the Avro schema of its payload.",
    &["asyncapi2-message-examples-custom-format"],
);
static SCHEMA_EXAMPLE_MISMATCH: Check = error(
    "schema-example-mismatch",
    "An example of a schema does not fit the schema that it stands in.",
    &["asyncapi2-schema-examples", "asyncapi-schema-examples", "asyncapi-payload-examples"],
);
static DEFAULT_MISMATCH: Check = error(
    "default-mismatch",
    "A default does not fit the schema that it stands in.",
    &["asyncapi2-schema-default", "asyncapi-schema-default", "asyncapi-payload-default"],
);
const HEADERS_NOT_OBJECT: Check =
    error("headers-not-object", "Headers are described by a schema that is not of type `object`.", HEADERS);
/// Other tools take headers for an object when the schema does not say what they are, and from 3.0 on whatever it says.
static HEADERS_WITHOUT_TYPE: Check = HEADERS_NOT_OBJECT.lenient();
const HEADERS: &[&str] = &["asyncapi-headers-schema-type-object", "asyncapi-3-headers-schema-type-object"];
static INVALID_PATTERN: Check =
    Check::new("invalid-pattern", Severity::Warning, "A pattern is no regular expression of ECMA-262.", &[]);
static INVALID_AVRO_SCHEMA: Check =
    error("invalid-avro-schema", "A payload in Avro is described by an invalid Avro schema.", &["asyncapi2-schemas"]);
static INVALID_PROTOBUF_SCHEMA: Check = error(
    "invalid-protobuf-schema",
    "A payload in Protobuf is described by an invalid Protobuf file.",
    &["asyncapi2-schemas"],
);
static UNSUPPORTED_SCHEMA_FORMAT: Check = Check {
    severity: Severity::Info,
    ..error(
        "unsupported-schema-format",
        "A schema is in a format that tools do not know.",
        &[
            "asyncapi2-schemas",
            "asyncapi-payload-unsupported-schemaFormat",
            "asyncapi-3-payload-unsupported-schemaFormat",
        ],
    )
};

/// The checks made here.
pub(super) static CHECKS: &[Check] = &[
    EXAMPLE_MISMATCH,
    AVRO_EXAMPLE_MISMATCH,
    SCHEMA_EXAMPLE_MISMATCH,
    DEFAULT_MISMATCH,
    HEADERS_NOT_OBJECT,
    INVALID_PATTERN,
    INVALID_AVRO_SCHEMA,
    INVALID_PROTOBUF_SCHEMA,
    UNSUPPORTED_SCHEMA_FORMAT,
];

pub(super) fn check(root: Node<'_>, documents: &dyn Documents, sink: &mut Sink) {
    let Some(version) = version(root) else { return };
    let Some(specification) = of(version) else { return };
    let shelf = FrozenVec::new();
    let files = Files::new(root, documents);
    let mut content = Content {
        root,
        specification,
        is_2: version.0 == 2,
        files: &files,
        own: Validator::new(&files, Dialect::JsonSchema),
        open_api: Validator::new(&files, Dialect::OpenApi),
        sink,
        seen: FxHashSet::default(),
        told: FxHashSet::default(),
        via: None,
        hops: 0,
        shelf: &shelf,
        left_to_merge: messages::MAX_MERGED_BYTES,
        unfinished: None,
        unseen: None,
    };
    content.document();
    content.tell_unfinished();
    content.tell_unseen();
}

/// A walk through the messages and schemas of one document.
struct Content<'t, 's> {
    root: Node<'t>,
    specification: &'static Specification,
    /// Whether the document follows 2.x, where traits change what they are applied to.
    is_2: bool,
    files: &'s Files<'t>,
    own: Validator<'t, 's>,
    open_api: Validator<'t, 's>,
    sink: &'s mut Sink,
    /// What references and aliases lead to and has been looked at.
    seen: FxHashSet<(*const Tree, NodeId, ObjectId)>,
    /// The values that something has been said of.
    told: FxHashSet<(&'static str, Span)>,
    /// The reference that led to another file, which stands for all that is wrong there.
    via: Option<Node<'t>>,
    /// Through how many files references led here.
    hops: usize,
    /// Schemas that were put together from several.
    shelf: &'t FrozenVec<Box<Tree>>,
    /// How many bytes may still be put together.
    left_to_merge: usize,
    /// How many examples and defaults were not looked at to their end, and where the first of them stands.
    unfinished: Option<(usize, Span)>,
    /// How many references and aliases were not followed, and where the first of them stands.
    unseen: Option<(usize, Span)>,
}

impl<'t> Content<'t, '_> {
    /// Says something of a node of the document, or of another file by the reference that led there. Nothing is said
    /// twice of a place.
    fn tell(&mut self, check: &Check, node: Node<'t>, span: Span, message: String, mended: Option<String>) {
        if is_of(self.root, node) {
            if self.told.insert((check.name, span)) {
                self.sink.push_with(check, span, message, mended);
            }
        } else if let Some(via) = self.via.filter(|it| self.told.insert(("", it.span()))) {
            let message = format!("What `{}` leads to is wrong: {message}", via.scalar().unwrap_or_default());
            self.sink.push(check, via.span(), message);
        }
    }

    /// What of a value does not fit a schema.
    fn checked(&mut self, schema: Node<'t>, value: Node<'t>, format: formats::Format) -> Vec<Mismatch<'t>> {
        let validator = if format == formats::Format::OpenApi { &mut self.open_api } else { &mut self.own };
        let before = validator.unfinished();
        let found = validator.check(schema, value);
        if validator.unfinished() > before {
            self.leave_unfinished(value);
        }
        found
    }

    /// Keeps that a value was not looked at to its end.
    fn leave_unfinished(&mut self, value: Node<'t>) {
        let place = self.place_here(value);
        self.unfinished.get_or_insert((0, place)).0 += 1;
    }

    /// Keeps that what a reference or an alias leads to was not looked at.
    fn leave_unseen(&mut self, from: Node<'t>) {
        let place = self.place_here(from);
        self.unseen.get_or_insert((0, place)).0 += 1;
    }

    /// Where a node stands in the document, or the reference of the document that led to it.
    fn place_here(&self, node: Node<'t>) -> Span {
        let here = if is_of(self.root, node) { Some(node) } else { self.via };
        here.map_or(Span::empty(0), super::span_of)
    }

    /// Says how many references and aliases were not followed.
    fn tell_unseen(&mut self) {
        let Some((count, span)) = self.unseen else { return };
        let what = if count == 1 { "reference or alias was" } else { "references and aliases were" };
        let message = format!(
            "From here on {count} {what} not followed to compare examples and defaults with their \
            schemas, because the document has too many: split it"
        );
        self.sink.push(&Check { severity: Severity::Info, ..EXAMPLE_MISMATCH }, span, message);
    }

    /// Says how many values were not looked at to their end.
    fn tell_unfinished(&mut self) {
        let Some((count, span)) = self.unfinished else { return };
        let what = match count {
            1 => "This example or default is".to_owned(),
            _ => format!("{count} examples and defaults of this document, this one first, are"),
        };
        let message = format!(
            "{what} not checked to the end, because that takes too many steps: the schemas are very large, or lead \
            back to themselves. Simplify them, or split the document"
        );
        self.sink.push(&Check { severity: Severity::Info, ..EXAMPLE_MISMATCH }, span, message);
    }

    /// Says where a value does not fit its schema. Since 3.0 no other tool looks, and many documents that are in use
    /// have such a mistake, so it is a warning there.
    fn mismatches(&mut self, check: &Check, found: Vec<Mismatch<'t>>) {
        let check = if self.is_2 { *check } else { check.lenient() };
        for it in found {
            let message = match self.files.place(it.schema) {
                Some(place) => format!("{} (`{place}`)", it.message),
                None => it.message,
            };
            self.tell(&check, it.instance, it.span, message, it.replacement);
        }
    }
}
