//! Tags: names that are there twice, and what makes them useful.

use archwright_syntax::{Span, data::Node};
use rustc_hash::FxHashMap;

use super::super::{Check, Sink, span_of};
use super::addresses::short;
use super::subject::{Subject, items};
use super::{advice, error};

const DUPLICATE_TAG: Check = error(
    "duplicate-tag",
    "Two tags in a list have the same name.",
    &["asyncapi2-tags-uniqueness", "asyncapi-tags-uniqueness", "asyncapi-3-tags-uniqueness"],
);
/// From 3.0 on the text demands no unique names, and the schema of the specification only that no two tags are equal.
/// Servers have tags since 2.5, and the official parser does not look at these.
const AMBIGUOUS_TAG: Check = DUPLICATE_TAG.lenient();
const MISSING_TAGS: Check = advice(
    "missing-tags",
    "The document has no tags to find it by.",
    &["asyncapi2-tags", "asyncapi-tags", "asyncapi-3-tags"],
);
const MISSING_TAG_DESCRIPTION: Check = advice(
    "missing-tag-description",
    "A tag of the document has no `description` of what it means.",
    &["asyncapi-tag-description", "asyncapi-3-tag-description"],
)
.optional();
const UNSORTED_TAGS: Check = advice(
    "unsorted-tags",
    "The tags of the document are not in the order of the alphabet.",
    &["asyncapi-tags-alphabetical", "asyncapi-3-tags-alphabetical"],
)
.optional();

pub(super) const CHECKS: &[Check] = &[DUPLICATE_TAG, MISSING_TAGS, MISSING_TAG_DESCRIPTION, UNSORTED_TAGS];

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    for list in &subject.tags {
        unique(subject, *list, sink);
    }
    of_document(subject, sink);
}

/// A tag of a list: its name, itself, and where its name stands in the list.
fn tag<'t>(subject: &Subject<'t>, item: Node<'t>) -> Option<(&'t str, Node<'t>, Span)> {
    let body = subject.body(item)?;
    let name = body.get("name")?;
    Some((name.as_str()?, body, if item.get("$ref").is_some() { item.span() } else { span_of(name) }))
}

fn unique<'t>(subject: &Subject<'t>, list: Node<'t>, sink: &mut Sink) {
    /// Larger tags are not compared.
    const MAX_NODES: usize = 64;
    let is_of_server = list.parent().is_some_and(|it| subject.is_kind(it, "server"));
    let mut seen: FxHashMap<&str, Node<'t>> = FxHashMap::default();
    for (name, body, span) in list.items().filter_map(|it| tag(subject, it)) {
        let Some(first) = seen.insert(name, body) else { continue };
        let is_error = (subject.is_2() && !is_of_server) || first.to_json(MAX_NODES) == body.to_json(MAX_NODES);
        let check = if is_error { &DUPLICATE_TAG } else { &AMBIGUOUS_TAG };
        sink.push(check, span, format!("The tag `{}` is in the list already", short(name)));
    }
}

/// The tags of the document: those of the root in 2.x, of `info` from 3.0 on.
fn of_document(subject: &Subject<'_>, sink: &mut Sink) {
    let holder = if subject.is_2() { subject.root.entry("asyncapi") } else { subject.root.entry("info") };
    let Some(holder) = holder else { return };
    let tags = if subject.is_2() { subject.root.get("tags") } else { holder.value.get("tags") };
    let tags: Vec<Node<'_>> = tags.into_iter().flat_map(items).collect();
    if tags.is_empty() {
        let message = if subject.is_2() { "The document has no `tags`" } else { "`info` has no `tags`" };
        sink.push(&MISSING_TAGS, holder.key_span, message);
    }
    let mut last = "";
    let mut is_sorted = true;
    for (name, body, span) in tags.into_iter().filter_map(|it| tag(subject, it)) {
        if body.get("description").and_then(Node::scalar).is_none_or(|it| it.trim().is_empty()) {
            sink.push(&MISSING_TAG_DESCRIPTION, span, format!("The tag `{}` has no description", short(name)));
        }
        if is_sorted && name.to_lowercase() < last.to_lowercase() {
            is_sorted = false;
            let message = format!("The tag `{}` comes before `{}` in the alphabet", short(name), short(last));
            sink.push(&UNSORTED_TAGS, span, message);
        }
        last = name;
    }
}
