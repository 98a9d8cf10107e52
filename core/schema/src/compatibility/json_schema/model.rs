//! Objects and lists of all drafts in the same terms: what else they let in, and what their properties demand of each
//! other.

use archwright_syntax::data::{Kind, Node};

use super::document::{Draft, is_schema};
use super::parts::{Part, PartId, Parts, Shape};

/// What is let in beside what is described.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Additional {
    /// Anything.
    Open,
    /// Nothing.
    Closed,
    /// What passes a schema.
    Schema(PartId),
}

/// The items of a list.
pub(super) struct Array<'t> {
    pub node: Node<'t>,
    /// The schema of every item.
    pub all: Option<PartId>,
    /// The schemas of the first items.
    pub first: Vec<Node<'t>>,
    /// The items behind those.
    pub additional: Additional,
    pub unevaluated: Option<PartId>,
    pub contains: Option<PartId>,
    pub draft: Draft,
}

/// What properties demand of other ones.
pub(super) struct Lists<'t> {
    /// The properties that must be there as well.
    pub of_names: Vec<(&'t str, Node<'t>)>,
    /// The schema that must hold as well.
    pub of_schemas: Vec<(&'t str, PartId)>,
}

/// The entries of a mapping, each name once.
pub(super) fn names(mapping: Option<Node<'_>>) -> impl Iterator<Item = (&str, Node<'_>)> {
    let entries = mapping.into_iter().flat_map(|map| map.entries().map(move |it| (map, it)));
    entries
        .filter(|(map, it)| map.get(it.key).is_some_and(|last| last.id() == it.value.id()))
        .map(|(_, it)| (it.key, it.value))
}

/// The strings of `required`.
pub(super) fn required(schema: Node<'_>) -> Vec<Node<'_>> {
    schema.get("required").into_iter().flat_map(Node::items).filter(|it| it.as_str().is_some()).collect()
}

pub(super) fn additional_properties<'t>(parts: &Parts<'t>, schema: Node<'t>) -> Additional {
    rest(parts, schema.get("additionalProperties"))
}

/// What a keyword for the rest lets in.
fn rest<'t>(parts: &Parts<'t>, keyword: Option<Node<'t>>) -> Additional {
    match keyword {
        Some(it) if it.as_bool() == Some(false) => Additional::Closed,
        Some(it) if it.kind() == Kind::Mapping => parts.of(it).map_or(Additional::Open, Additional::Schema),
        _ => Additional::Open,
    }
}

impl<'t> Array<'t> {
    pub(super) fn of(parts: &Parts<'t>, part: &Part<'t>) -> Self {
        let node = part.node;
        let schema = |key: &str| node.get(key).filter(|it| is_schema(*it));
        let items = node.get("items");
        let prefix: Vec<_> =
            node.get("prefixItems").filter(|_| part.draft == Draft::Modern).into_iter().flat_map(Node::items).collect();
        let is_list = items.is_some_and(|it| it.kind() == Kind::Sequence);
        let (all, first, additional) = if is_list {
            // Up to 2019-09.
            (None, items.into_iter().flat_map(Node::items).collect(), rest(parts, schema("additionalItems")))
        } else if part.draft == Draft::Modern {
            let every = schema("items")
                .filter(|it| prefix.is_empty() && it.kind() == Kind::Mapping)
                .and_then(|it| parts.of(it));
            let behind = if every.is_some() { Additional::Open } else { rest(parts, schema("items")) };
            (every, prefix, behind)
        } else {
            let every = schema("items").and_then(|it| parts.of(it));
            // With a schema for every item there are no further ones to refuse.
            let behind = match rest(parts, schema("additionalItems")) {
                Additional::Closed if every.is_some() => Additional::Open,
                other => other,
            };
            (every, Vec::new(), behind)
        };
        let unevaluated =
            schema("unevaluatedItems").filter(|_| part.draft == Draft::Modern).and_then(|it| parts.of(it));
        let contains = schema("contains").filter(|_| part.draft > Draft::Four).and_then(|it| parts.of(it));
        Self { node, all, first, additional, unevaluated, contains, draft: part.draft }
    }

    /// Whether it lets in items it does not describe, whatever they are.
    pub(super) fn is_open(&self, parts: &Parts<'t>) -> bool {
        let evaluates = self.unevaluated.and_then(|it| parts.get(it)).is_some_and(|it| it.shape != Shape::Any);
        matches!(self.additional, Additional::Open) && !evaluates
    }
}

/// `dependencies` up to draft 7, `dependentRequired` and `dependentSchemas` since.
pub(super) fn property_lists<'t>(parts: &Parts<'t>, schema: Node<'t>, draft: Draft) -> Lists<'t> {
    let keys: &[&str] =
        if draft == Draft::Modern { &["dependentRequired", "dependentSchemas"] } else { &["dependencies"] };
    let mut lists = Lists { of_names: Vec::new(), of_schemas: Vec::new() };
    for (name, value) in keys.iter().flat_map(|key| names(schema.get(key))) {
        match value.kind() {
            Kind::Sequence if !value.is_empty() => lists.of_names.push((name, value)),
            Kind::Mapping | Kind::Bool => lists.of_schemas.extend(parts.of(value).map(|it| (name, it))),
            _ => {}
        }
    }
    lists
}
