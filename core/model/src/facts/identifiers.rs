//! What the schemas of a file call themselves (`$id`), and by which of these addresses a file refers to others, as
//! entries of the index.

use std::collections::BTreeMap;

use archwright_asyncapi::ReferenceKind;
use archwright_schema::Identifiers;
use archwright_syntax::data::{Node, Tree};
use percent_encoding::percent_decode_str;
use smol_str::SmolStr;

use crate::{
    RelPath,
    key::{Entry, Key, hash_of},
};

/// The name under which the index has an address that a file declares or refers to. One that begins with a scheme or
/// at a root is the same everywhere; any other is a way from the file.
pub fn name_of_address(from: &RelPath, address: &str) -> SmolStr {
    if counts_from_nothing(address) {
        return address.into();
    }
    let decoded = percent_decode_str(address).decode_utf8_lossy();
    from.parent().join(&decoded).as_str().into()
}

/// Whether an address means the same wherever it is written.
pub fn counts_from_nothing(address: &str) -> bool {
    address.starts_with('/') || ReferenceKind::of(address) == ReferenceKind::Remote
}

/// What the index has of an address that one schema of a file declares.
pub fn declared_once() -> u64 {
    hash_of(&1_usize)
}

/// Whether a file whose kind is not known declares an address at its top, as schemas do and data does not.
pub fn names_itself(root: Node<'_>) -> bool {
    let id = root.get("$id").and_then(Node::as_str);
    id.is_some_and(|it| counts_from_nothing(it) || it.contains(['/', '.'])) || root.get("$schema").is_some()
}

/// The entries of a file for the addresses that its schemas declare, and for those that it refers to.
pub(super) fn entries(path: &RelPath, tree: &Tree, references: &[archwright_asyncapi::Reference]) -> Vec<Entry> {
    let Some(root) = tree.root() else { return Vec::new() };
    let identifiers = Identifiers::of(root);
    let (mut declared, mut meant): (BTreeMap<SmolStr, usize>, BTreeMap<SmolStr, u64>) = Default::default();
    for address in identifiers.addresses() {
        *declared.entry(name_of_address(path, address)).or_default() += 1;
    }
    let mut refer = |address: &str, reference: &str| {
        // A way leads to a file, and is an entry already.
        if counts_from_nothing(address) {
            let fragment = reference.split_once('#').map_or("", |it| it.1);
            let hash = meant.entry(address.into()).or_default();
            *hash = hash_of(&(*hash, fragment));
        }
    };
    if identifiers.is_empty() {
        let outward = references.iter().filter(|it| it.kind != ReferenceKind::Local);
        outward.for_each(|it| refer(it.target.text.split('#').next().unwrap_or_default(), &it.target.text));
    } else if !references.is_empty() {
        for value in archwright_asyncapi::reference_values(root) {
            let text = value.as_str().unwrap_or_default();
            identifiers.address(value, text).into_iter().for_each(|it| refer(&it, text));
        }
    }
    let declared =
        declared.into_iter().map(|(name, count)| Entry { key: Key::Identified(name), hash: hash_of(&count) });
    let meant = meant.into_iter().map(|(name, hash)| Entry { key: Key::Addressed(name), hash });
    declared.chain(meant).collect()
}

#[cfg(test)]
mod tests {
    use archwright_syntax::data::{Format, parse};

    use super::*;

    #[test]
    fn files_have_entries_for_addresses_that_they_declare_and_refer_to() {
        let text = "{ $id: https://x.example/a/order.json, p: { $ref: 'line.json#/a' }, q: { $ref: '#/p' }, \
                    $defs: { one: { $id: one.json }, again: { $id: one.json } } }";
        let tree = parse(text, Format::Yaml);
        let found = entries(&RelPath::new("s/order.yaml"), &tree, &archwright_asyncapi::references(&tree));
        let found: Vec<_> = found.iter().map(|it| (it.key.clone(), it.hash == declared_once())).collect();
        let expected = [
            (Key::Identified("https://x.example/a/one.json".into()), false),
            (Key::Identified("https://x.example/a/order.json".into()), true),
            (Key::Addressed("https://x.example/a/line.json".into()), false),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_address_without_a_base_is_a_way_from_the_file() {
        let from = RelPath::new("a/b/order.json");
        for (address, expected) in [
            ("../line.json", "a/line.json"),
            ("my%20line.json", "a/b/my line.json"),
            ("/schemas/line", "/schemas/line"),
            ("urn:x:line", "urn:x:line"),
            ("//x.example/line", "//x.example/line"),
        ] {
            assert_eq!(name_of_address(&from, address), expected);
        }
    }
}
