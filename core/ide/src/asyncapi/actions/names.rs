//! Names for what is taken out of a document.

use archwright_syntax::data::{Kind as NodeKind, Node};

use super::document::{Document, ancestors};

/// Longer titles are sentences.
const LONGEST: usize = 60;

/// What an object is best called: by its own title, name or id, or by where it stands.
pub(super) fn of(document: &Document<'_>, node: Node<'_>) -> String {
    if let Some(own) = own(node) {
        return own;
    }
    // Keys that the specification gives say what it is; those of authors, what it is called.
    let mut suffix = String::new();
    for node in ancestors(node) {
        let Some(entry) = node.as_entry() else { continue };
        let is_given = document.place(node).is_some_and(|it| it.field.is_some());
        if !is_given {
            return joined(entry.key, &suffix);
        }
        if let Some(own) = own(node).filter(|_| !suffix.is_empty()) {
            return joined(&own, &suffix);
        }
        if !matches!(
            entry.key,
            "properties" | "messages" | "channels" | "operations" | "components" | "schemas" | "schema" | "items"
        ) || suffix.is_empty()
        {
            suffix = pascal(entry.key) + &suffix;
        }
    }
    if suffix.is_empty() { "Component".to_owned() } else { suffix }
}

fn joined(name: &str, suffix: &str) -> String {
    match (suffix.is_empty(), is_name(name)) {
        (true, true) => name.to_owned(),
        _ => pascal(name) + suffix,
    }
}

fn own(node: Node<'_>) -> Option<String> {
    let text = |key: &str| node.get(key).filter(|it| it.kind() == NodeKind::String).and_then(Node::as_str);
    let text = text("title").or_else(|| text("messageId")).or_else(|| text("name"))?;
    let name = if is_name(text) { text.to_owned() } else { pascal(text) };
    (!name.is_empty() && name.len() <= LONGEST).then_some(name)
}

/// Whether a text can be the key of a component (AsyncAPI 3.0.0, Components Object).
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_'))
}

/// A text as one word: `Order placed` is `OrderPlaced`.
pub(super) fn pascal(text: &str) -> String {
    let words = text.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    words.map(capital).collect()
}

/// A word with its first letter large.
pub(super) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

/// A name that is not taken.
pub(super) fn unique(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    (2..u32::MAX).map(|it| format!("{wanted}{it}")).find(|it| !is_taken(it)).unwrap_or_default()
}
