//! The properties of a JSON Schema, at whatever depth.

use archwright_syntax::data::{Entry, Kind, Node};

/// Deeper than schemas of people go.
const MAX_DEPTH: usize = 40;

/// Calls `each` with every property that a schema declares.
pub(super) fn properties<'t>(schema: Node<'t>, each: &mut dyn FnMut(Entry<'t>)) {
    below(schema, each, 0);
}

fn below<'t>(node: Node<'t>, each: &mut dyn FnMut(Entry<'t>), depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    node.get("properties").into_iter().flat_map(Node::entries).for_each(&mut *each);
    let inner = node.entries().filter(|it| !matches!(it.key, "examples" | "example" | "default" | "const" | "enum"));
    for value in inner.map(|it| it.value) {
        match value.kind() {
            Kind::Mapping => below(value, each, depth + 1),
            Kind::Sequence => value.items().for_each(|it| below(it, each, depth + 1)),
            _ => {}
        }
    }
}
