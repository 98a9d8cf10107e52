//! Fingerprints of values: the same for the same JSON value, whatever its order and layout.

use std::hash::{DefaultHasher, Hash, Hasher};

use archwright_syntax::data::{Kind, Node, NodeId};
use rustc_hash::FxHashMap;

use super::decimal::Decimal;

/// A fingerprint.
pub(super) type Print = u64;

/// The fingerprints of one text's nodes, each taken once.
#[derive(Default)]
pub(super) struct Prints {
    of_node: FxHashMap<NodeId, Print>,
}

impl Prints {
    /// The fingerprint of a value. Trees nest no deeper than [`archwright_syntax::data::MAX_DEPTH`].
    pub(super) fn of(&mut self, node: Node<'_>) -> Print {
        let node = node.alias_of().unwrap_or(node);
        if let Some(known) = self.of_node.get(&node.id()) {
            return *known;
        }
        let print = match node.kind() {
            Kind::Mapping => of_entries(node.entries().map(|it| (it.key, self.of(it.value))).collect()),
            Kind::Sequence => hashed(&("list", node.items().map(|it| self.of(it)).collect::<Vec<_>>())),
            Kind::Integer | Kind::Float => hashed(&("number", Decimal::of(node).map(Decimal::canonical))),
            Kind::Bool => hashed(&("bool", node.as_bool())),
            Kind::Null => hashed(&"null"),
            Kind::String => of_text(node.as_str().unwrap_or_default()),
        };
        self.of_node.insert(node.id(), print);
        print
    }
}

/// The fingerprint of a string.
pub(super) fn of_text(text: &str) -> Print {
    hashed(&("text", text))
}

/// The fingerprint of an object with these entries; of those with the same key, the last counts.
pub(super) fn of_entries(mut entries: Vec<(&str, Print)>) -> Print {
    entries.reverse();
    entries.sort_by_key(|it| it.0);
    entries.dedup_by_key(|it| it.0);
    hashed(&("object", entries))
}

fn hashed(value: &impl Hash) -> Print {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
