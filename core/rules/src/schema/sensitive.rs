//! Which fields of a schema or an AsyncAPI document hold what must be handled with care, by their names and types.

use archwright_knowledge::lexicon::{FieldValue, Sensitivity, sensitivity};
use archwright_schema::Field;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::prelude::*;

/// A field whose name says that its value needs care.
pub(super) struct SensitiveField {
    /// The way to it.
    pub(super) path: SmolStr,
    /// Its name where it is declared.
    pub(super) span: Span,
    /// The term that its name ends with.
    pub(super) term: String,
    /// Whether the schema says how sensitive it is.
    pub(super) classified: bool,
    /// The message of an AsyncAPI document that has it.
    pub(super) message: Option<usize>,
}

/// A field of whatever schema.
struct Candidate<'a> {
    path: &'a SmolStr,
    ty: &'a str,
    span: Span,
    classified: bool,
}

/// What the names of a file's fields say of their values, in the order of [`candidates`]: it takes a look at all terms
/// for each, and two rules ask.
struct Said(Vec<Option<(Sensitivity, String)>>);

/// The fields of one sensitivity: of a schema, or of the headers and payloads that stand in an AsyncAPI document. What
/// lies inside of such a field is part of it.
pub(super) fn fields(cx: &Context, wanted: Sensitivity) -> Vec<SensitiveField> {
    let lists = candidates(cx);
    let said = cx.shared(|| {
        let all = lists.iter().flat_map(|it| &it.fields);
        Said(all.map(|it| sensitivity(it.path, value_of(it.ty), cx.config().sensitive())).collect())
    });
    let mut rest = said.0.as_slice();
    let mut found = Vec::new();
    for list in &lists {
        let (said, after) = rest.split_at_checked(list.fields.len()).unwrap_or((rest, &[]));
        rest = after;
        pick(list, said, wanted, &mut found);
    }
    found
}

/// Fields that stand together.
struct Candidates<'a> {
    /// The message of an AsyncAPI document that has them.
    message: Option<usize>,
    fields: Vec<Candidate<'a>>,
}

/// All fields of a file.
fn candidates<'a>(cx: &Context<'a>) -> Vec<Candidates<'a>> {
    let mut lists = Vec::new();
    if let Some(shape) = cx.facts().schema().map(|it| &it.shape) {
        let of = |it: &'a Field| Candidate {
            path: &it.path,
            ty: &it.ty,
            span: it.name.span,
            classified: it.classified || shape.classified,
        };
        lists.push(Candidates { message: None, fields: shape.fields.iter().map(of).collect() });
    }
    for (at, message) in cx.facts().asyncapi().into_iter().flat_map(|it| it.terms.messages.iter().enumerate()) {
        for properties in [&message.headers.properties, &message.payload.properties] {
            let all = properties.iter().map(|it| Candidate {
                path: &it.path,
                ty: &it.ty,
                span: it.name.span,
                classified: it.classified,
            });
            lists.push(Candidates { message: Some(at), fields: all.collect() });
        }
    }
    lists
}

fn pick(
    list: &Candidates,
    said: &[Option<(Sensitivity, String)>],
    wanted: Sensitivity,
    found: &mut Vec<SensitiveField>,
) {
    let (from, all) = (found.len(), &list.fields);
    let classified_paths: FxHashSet<&str> = all.iter().filter(|it| it.classified).map(|it| it.path.as_str()).collect();
    for (at, (field, said)) in all.iter().zip(said).enumerate() {
        if found.get(from..).and_then(<[_]>::last).is_some_and(|it| is_inside(field.path, &it.path)) {
            continue;
        }
        let Some((_, term)) = said.as_ref().filter(|it| it.0 == wanted) else { continue };
        let has_parts = all.get(at + 1).is_some_and(|it| is_inside(it.path, field.path));
        // An object named `email` is a mail with parts of its own, not an address; an address has parts.
        let may_have_parts = ["address", "credentials"].iter().any(|it| term.ends_with(it));
        if !has_parts || may_have_parts {
            let mut around = field.path.match_indices(['.', '[', '{']).filter_map(|it| field.path.get(..it.0));
            let classified = field.classified || around.any(|it| classified_paths.contains(it));
            found.push(SensitiveField {
                path: field.path.clone(),
                span: field.span,
                term: term.clone(),
                classified,
                message: list.message,
            });
        }
    }
}

fn is_inside(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|it| it.starts_with(['.', '[', '{']))
}

/// What a type in the words of any schema language allows.
fn value_of(ty: &str) -> FieldValue {
    const FLAGS: [&str; 3] = ["boolean", "bool", "google.protobuf.BoolValue"];
    const NUMBERS: [&str; 18] = [
        "integer",
        "number",
        "int",
        "long",
        "float",
        "double",
        "int32",
        "int64",
        "uint32",
        "uint64",
        "sint32",
        "sint64",
        "fixed32",
        "fixed64",
        "sfixed32",
        "sfixed64",
        "google.protobuf.Int32Value",
        "google.protobuf.Int64Value",
    ];
    let bare = ty.trim_start_matches("array<").trim_start_matches("repeated ").trim_end_matches('>');
    let mut types =
        bare.split('|').map(|it| it.split('(').next().unwrap_or_default()).filter(|it| *it != "null").peekable();
    if types.peek().is_none() {
        return FieldValue::Other;
    }
    let types: Vec<&str> = types.collect();
    if types.iter().all(|it| FLAGS.contains(it)) {
        FieldValue::Flag
    } else if types.iter().all(|it| NUMBERS.contains(it)) {
        FieldValue::Number
    } else {
        FieldValue::Other
    }
}
