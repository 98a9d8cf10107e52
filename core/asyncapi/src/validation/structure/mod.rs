//! Structure: the objects, fields, types and references that the specification's tables allow.

mod indentation;
mod references;
#[cfg(test)]
mod tests;
mod text;
mod walk;

use archwright_syntax::data::Node;
pub(super) use references::MAX_HOPS;

use super::{Check, Documents, Severity, Sink, place_of, version};
use crate::references::Use;
use crate::specification::{ReferenceUse, VERSIONS, of};
pub(super) use text::pattern_fault;
use walk::Walker;

const fn error(name: &'static str, summary: &'static str, same_as: &'static [&'static str]) -> Check {
    Check::new(name, Severity::Error, summary, same_as)
}

const RESOLVED: &[&str] = &["asyncapi-document-resolved", "asyncapi-3-document-resolved", "asyncapi-schema"];

static UNSUPPORTED_VERSION: Check = error(
    "unsupported-version",
    "`asyncapi` names a version of the specification that is not known.",
    &["asyncapi-is-asyncapi"],
);
const MISSING_FIELD: Check = error("missing-field", "A required field is not there.", RESOLVED);
/// From 3.0 on every tool reads channels, servers and messages that are written out where a reference belongs.
static WRITTEN_OUT: Check = MISSING_FIELD.lenient();
const UNKNOWN_FIELD: Check =
    error("unknown-field", "An object has a field that is neither in the specification nor an extension.", RESOLVED);
/// The text allows one message or a list of several; the schema of the specification allows lists of lists.
static NESTED_CHOICE: Check = UNKNOWN_FIELD.lenient();
static WRONG_TYPE: Check = error("wrong-type", "A value is of another type than the specification demands.", RESOLVED);
static UNKNOWN_VALUE: Check = error("unknown-value", "A field that allows a few values has another one.", RESOLVED);
const MALFORMED_VALUE: Check = error(
    "malformed-value",
    "An address, expression, number or key is not written as the specification demands.",
    // Empty braces in the address of a channel make it no template.
    &[
        "asyncapi-document-resolved",
        "asyncapi-3-document-resolved",
        "asyncapi-schema",
        "asyncapi2-channel-no-empty-parameter",
        "asyncapi-channel-no-empty-parameter",
    ],
);
/// Generators write names with blanks, colons and brackets, and every tool lets them pass.
/// A field of a binding in the form that it had before the binding had versions.
static FORMER_TEXT: Check = INVALID_SCHEMA.lenient();
static UNUSUAL_NAME: Check = MALFORMED_VALUE.lenient();
const MISPLACED_REFERENCE: Check = error(
    "misplaced-reference",
    "A `$ref` stands where the specification allows no reference.",
    &["asyncapi-document-unresolved", "asyncapi-3-document-unresolved"],
);
/// People share the properties of schemas and, until version 3, bindings in this way, and every tool follows.
static REFERRED: Check = MISPLACED_REFERENCE.lenient();
const DANGLING_REFERENCE: Check = error(
    "dangling-reference",
    "A reference points to something that is not there.",
    &["invalid-ref", "asyncapi-3-channel-servers"],
);
static REMOTE_REFERENCE: Check = Check::new(
    "remote-reference",
    Severity::Info,
    "A reference leads to another host, which is not looked up.",
    &["invalid-ref"],
);
/// Where it leads depends on the machine.
static ABSOLUTE_REFERENCE: Check = DANGLING_REFERENCE.lenient();
static REFERENCE_CYCLE: Check =
    error("reference-cycle", "References lead back to themselves, and to nothing else.", &["invalid-ref"]);
const WRONG_TARGET: Check = error(
    "wrong-reference-target",
    "A reference leads to an object of another kind than belongs in its place.",
    RESOLVED,
);
/// Nothing is known to be wrong there.
static UNFOLLOWED_REFERENCE: Check = Check { severity: Severity::Info, ..WRONG_TARGET };
static REFERENCE_SIBLINGS: Check = Check::new(
    "reference-siblings",
    Severity::Warning,
    "A field stands beside a `$ref`, where it is ignored.",
    &["no-$ref-siblings"],
);
static SECOND_DOCUMENT: Check = Check::new(
    "second-document",
    Severity::Warning,
    "A second YAML document stands in the file, where nobody reads it.",
    &[],
);
const INVALID_SCHEMA_SAME_AS: &[&str] =
    &["asyncapi2-schemas", "asyncapi-payload", "asyncapi-headers-schema-type-object"];
const INVALID_SCHEMA: Check =
    error("invalid-schema", "A schema breaks JSON Schema draft-07 as AsyncAPI extends it.", INVALID_SCHEMA_SAME_AS);

/// The checks made here.
pub(super) static CHECKS: &[Check] = &[
    UNSUPPORTED_VERSION,
    MISSING_FIELD,
    UNKNOWN_FIELD,
    WRONG_TYPE,
    UNKNOWN_VALUE,
    MALFORMED_VALUE,
    MISPLACED_REFERENCE,
    DANGLING_REFERENCE,
    REMOTE_REFERENCE,
    REFERENCE_CYCLE,
    WRONG_TARGET,
    REFERENCE_SIBLINGS,
    SECOND_DOCUMENT,
    INVALID_SCHEMA,
];

pub(super) fn check<'t>(root: Node<'t>, uses: &[Use<'t>], documents: &dyn Documents, sink: &mut Sink) {
    second_document(root, sink);
    let known = references::check(root, uses, documents, sink);
    let Some(specification) = supported(root, sink) else { return };
    let mut walker = Walker { known, ..Walker::new(specification, root, documents, sink) };
    walker.document();
    walker.tell_left_out();
}

/// An AsyncAPI document is the first of a file; what comes after it is seen by no tool.
fn second_document(root: Node<'_>, sink: &mut Sink) {
    if let Some(second) = root.tree().roots().nth(1).filter(|it| !it.is_null()) {
        let message = "Here a second YAML document begins, which nobody reads: put it in a file of its own";
        sink.push(&SECOND_DOCUMENT, place_of(second), message);
    }
}

/// Checks a schema in a place that the table says nothing of.
pub(super) fn schema(root: Node<'_>, schema: Node<'_>, documents: &dyn Documents, sink: &mut Sink) {
    let Some(specification) = version(root).and_then(of) else { return };
    if let Some(id) = specification.id("schema") {
        Walker::new(specification, root, documents, sink).object(schema, id, ReferenceUse::Allowed, 0);
    }
}

/// The table of the document's version; says so when there is none.
fn supported(root: Node<'_>, sink: &mut Sink) -> Option<&'static crate::specification::Specification> {
    let Some(value) = root.get("asyncapi") else {
        let first = root.entries().next()?.key_span;
        sink.push(
            &MISSING_FIELD,
            first,
            "The AsyncAPI Object has no `asyncapi`, the version of the specification that it follows",
        );
        return None;
    };
    let found = version(root).filter(|_| value.as_str().is_some_and(is_release));
    if let Some(table) = found.and_then(of) {
        return Some(table);
    }
    let known: Vec<_> = VERSIONS.iter().map(|(major, minor)| format!("{major}.{minor}.0")).collect();
    let span = if value.span().is_empty() { root.entry("asyncapi")?.key_span } else { value.span() };
    let text = value.scalar().unwrap_or_default();
    let message = format!("`{text}` is no version of AsyncAPI that is known: there are {}", known.join(", "));
    // A version without its last part can only mean one thing.
    let mended =
        known.iter().find(|it| it.strip_suffix(".0").is_some_and(|short| short == text)).map(ToString::to_string);
    sink.push_with(&UNSUPPORTED_VERSION, span, message, mended);
    None
}

/// Whether a version is written with three numbers, the last of which is 0.
fn is_release(text: &str) -> bool {
    text.split('-').next().is_some_and(|it| it.split('.').nth(2) == Some("0"))
}
