//! Objects that say the same: one of them is enough, and the others refer to it.

use archwright_asyncapi::specification::ObjectId;
use archwright_syntax::{
    data::{
        Kind as NodeKind, Node,
        write::{Value, replace},
    },
    pointer,
};

use super::{
    document::{Document, is_same, referable},
    extract::{self, Extractable},
};
use crate::{ActionKind, Refactoring};

/// How many nodes are looked at.
const MOST_NODES: usize = 50_000;

/// How many nodes are compared in full.
const MOST_COMPARED: usize = 200;

/// The size of what is compared.
const MOST_JSON: usize = 5_000;

/// Referring to a component that says what the selected object says.
pub(super) fn offers(document: &Document<'_>) -> Option<Refactoring> {
    let Extractable { node, section, .. } = extract::extractable(document)?;
    let json = node.to_json(MOST_JSON)?;
    let same = |it: &archwright_syntax::data::Entry<'_>| {
        it.value.len() == node.len() && it.value.to_json(MOST_JSON).as_ref() == Some(&json)
    };
    let there = document.root()?.get("components")?.get(section)?;
    let name = there.entries().take(MOST_NODES).find(same)?.key;
    let target = format!("#/components/{section}/{}", pointer::escape(name));
    let edit = replace(&document.printer(), node, &Value::reference(target.clone()))?;
    let edit = document.finish(vec![edit], Vec::new())?;
    Some(Document::offer(format!("Refer to the identical `{target}`"), ActionKind::Rewrite, edit))
}

/// The other objects of the same kind that say what `node` says and may be references.
pub(super) fn others<'t>(document: &'t Document<'_>, node: Node<'t>, id: ObjectId) -> Vec<Node<'t>> {
    let (Some(json), Some(root)) = (node.to_json(MOST_JSON), document.root()) else { return Vec::new() };
    let keys = |it: Node<'_>| it.written_entries().map(|it| it.key.len()).sum::<usize>();
    let shape = (node.len(), keys(node));
    let mut found = Vec::new();
    let mut compared = 0;
    let mut stack = vec![root];
    for _ in 0..MOST_NODES {
        let Some(other) = stack.pop() else { break };
        if other.is_alias() || other == node || compared > MOST_COMPARED {
            continue;
        }
        if other.kind() == NodeKind::Mapping && (other.len(), keys(other)) == shape {
            compared += 1;
            if other.to_json(MOST_JSON).as_ref() == Some(&json) && is_referable(document, other, id) {
                found.push(other);
                continue;
            }
        }
        stack.extend(other.items());
        stack.extend(other.written_entries().map(|it| it.value));
    }
    found
}

fn is_referable(document: &Document<'_>, node: Node<'_>, id: ObjectId) -> bool {
    let path = node.path();
    let is_component =
        path.len() == 3 && path.first() == Some(&archwright_syntax::data::PathSegment::Key("components"));
    let place = document.place(node).filter(|_| !is_component && !super::document::is_in_data(&path));
    place.is_some_and(|it| referable(&it).is_some_and(|other| is_same(it.specification, id, other)))
}
