//! Small helpers on nodes of the parser.

use tree_sitter::Node;

/// Elements that are read of one list at most; more are data.
const MAX_CHILDREN: usize = 10_000;

/// The named children, without comments.
pub(crate) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    node.named_children(&mut node.walk()).filter(|it| !it.is_extra()).take(MAX_CHILDREN).collect()
}

/// The child with a field name.
pub(crate) fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

/// The first child of one of some kinds.
pub(crate) fn child<'t>(node: Node<'t>, kinds: &[&str]) -> Option<Node<'t>> {
    children(node).into_iter().find(|it| kinds.contains(&it.kind()))
}

/// All children of one of some kinds.
pub(crate) fn all<'t>(node: Node<'t>, kinds: &[&str]) -> Vec<Node<'t>> {
    children(node).into_iter().filter(|it| kinds.contains(&it.kind())).collect()
}

/// The line of a node; counts from 1.
pub(crate) fn line(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).unwrap_or(u32::MAX).saturating_add(1)
}

/// The nodes of a kind below a node, not nested in each other.
pub(crate) fn descendants<'t>(node: Node<'t>, kind: &str) -> Vec<Node<'t>> {
    let inside = |it: Node<'t>| if it.kind() == kind { vec![it] } else { descendants(it, kind) };
    children(node).into_iter().flat_map(inside).collect()
}
