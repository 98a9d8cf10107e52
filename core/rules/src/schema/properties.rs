//! The properties of a JSON Schema, at whatever depth, and the words of their names.

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

/// The words of `orderId`, `order_id` or `OrderID`, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut after_lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || after_lower && letter.is_uppercase() {
            words.push(String::new());
        }
        after_lower = letter.is_lowercase() || letter.is_numeric();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|it| !it.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_fall_into_words() {
        for name in ["orderLineId", "order_line_id", "OrderLineID", "order-line-id"] {
            assert_eq!(words(name), ["order", "line", "id"], "{name}");
        }
        assert!(words("__").is_empty());
        assert_eq!(words("sha256Hash"), ["sha256", "hash"]);
    }
}
