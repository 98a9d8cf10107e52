//! The names of types that an Avro schema declares or uses.

use std::collections::BTreeSet;

use archwright_syntax::data::{Kind, Node, Tree};

/// What the language itself calls types.
const WORDS: [&str; 14] = [
    "null", "boolean", "int", "long", "float", "double", "bytes", "string", "record", "error", "enum", "fixed",
    "array", "map",
];

/// The names that a schema has as types, each as it is written: of those that it declares, their aliases, and those
/// that it takes from elsewhere.
pub fn avro_names(tree: &Tree) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<Node<'_>> = tree.root().into_iter().collect();
    while let Some(node) = open.pop() {
        match node.kind() {
            Kind::String => found.extend(node.as_str().filter(|it| !WORDS.contains(it))),
            Kind::Sequence => open.extend(node.items()),
            Kind::Mapping => {
                open.extend(["type", "items", "values"].iter().filter_map(|it| node.get(it)));
                let is_named =
                    matches!(node.get("type").and_then(Node::as_str), Some("record" | "error" | "enum" | "fixed"));
                if is_named {
                    found.extend(node.get("name").and_then(Node::as_str));
                    found.extend(node.get("aliases").into_iter().flat_map(Node::items).filter_map(Node::as_str));
                }
                let fields = node.get("fields").into_iter().flat_map(Node::items);
                open.extend(fields.filter_map(|it| it.get("type")));
            }
            _ => {}
        }
    }
    found
}

/// The names of the types that a schema declares, as they are written and with their namespaces.
pub fn avro_declared(tree: &Tree) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<(Node<'_>, &str)> = tree.root().into_iter().map(|it| (it, "")).collect();
    while let Some((node, around)) = open.pop() {
        match node.kind() {
            Kind::Sequence => open.extend(node.items().map(|it| (it, around))),
            Kind::Mapping => {
                let mut space = around;
                let ty = node.get("type").and_then(Node::as_str);
                if matches!(ty, Some("record" | "error" | "enum" | "fixed"))
                    && let Some(name) = node.get("name").and_then(Node::as_str)
                {
                    let own = node.get("namespace").and_then(Node::as_str).unwrap_or(around);
                    space = name.rsplit_once('.').map_or(own, |it| it.0);
                    if !space.is_empty() && !name.contains('.') {
                        found.insert(format!("{space}.{name}"));
                    }
                    found.insert(name.to_owned());
                }
                open.extend(["type", "items", "values"].iter().filter_map(|it| Some((node.get(it)?, space))));
                let fields = node.get("fields").into_iter().flat_map(Node::items);
                open.extend(fields.filter_map(|it| Some((it.get("type")?, space))));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use archwright_syntax::data::{Format, parse};

    use super::*;

    #[test]
    fn names_are_those_of_types_and_not_of_fields() {
        let text = r#"[{"type": "enum", "name": "Reason", "aliases": ["Why"], "symbols": ["A"]},
            {"type": "record", "name": "shop.Order", "fields": [
                {"name": "total", "type": ["null", "Money"]},
                {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": []}}}]}]"#;
        let tree = parse(text, Format::Json);
        let found: Vec<&str> = avro_names(&tree).into_iter().collect();
        assert_eq!(found, ["Line", "Money", "Reason", "Why", "shop.Order"]);
        let declared: Vec<String> = avro_declared(&tree).into_iter().collect();
        assert_eq!(declared, ["Line", "Reason", "shop.Line", "shop.Order"]);
    }
}
