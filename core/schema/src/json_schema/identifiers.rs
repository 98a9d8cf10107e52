//! What the schemas of a document call themselves (`$id`, `$anchor`), and which of them a reference names: JSON Schema
//! 2020-12, section 8.2, and `id` and `#name` of the drafts before.

use std::sync::Arc;

use archwright_syntax::{
    data::{Kind, Node, NodeId},
    pointer,
};
use rustc_hash::FxHashMap;

/// Longer addresses are left out, so that no text is put together from many long ones.
const MAX_ADDRESS: usize = 2_048;

/// How far up the schema around a reference is looked for; deeper ones are not read at all.
const MAX_PARENTS: usize = 512;

/// Keys whose values are data, not schemas.
const DATA: [&str; 5] = ["examples", "example", "const", "enum", "default"];

/// Keys whose entries carry names that users choose, so that `$id` below them is a name.
const NAMES: [&str; 6] = ["properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "schemas"];

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identified<'t> {
    /// To this part of the document.
    Here(Node<'t>),
    /// To a schema of the document that has no such part.
    Missing,
    /// Out of what the document calls itself. With the whole address, where one is known.
    Elsewhere(Option<String>),
}

/// The names that the schemas of a document give themselves.
#[derive(Clone, Debug, Default)]
pub struct Identifiers<'t> {
    /// What has an address: schemas with an `$id`, and with its address in front of `#` those with an `$anchor`.
    named: FxHashMap<String, Node<'t>>,
    /// The addresses of the schemas that have one.
    bases: FxHashMap<NodeId, Arc<str>>,
    /// The anchors, wherever they stand.
    anchors: FxHashMap<&'t str, Node<'t>>,
}

/// A node on the way.
struct Place<'t> {
    node: Node<'t>,
    base: Arc<str>,
    /// Whether its keys are names that users choose.
    holds_names: bool,
    /// Whether a dialect was named in which `id` is what `$id` is.
    is_draft_4: bool,
}

impl<'t> Identifiers<'t> {
    /// Reads the names below a root.
    pub fn of(root: Node<'t>) -> Self {
        let mut found = Self::default();
        let text = root.tree().text();
        // Most documents have none, and are not walked for nothing.
        let is_old = text.contains("draft-03/") || text.contains("draft-04/");
        if !is_old && !["$id", "$anchor", "$dynamicAnchor"].iter().any(|it| text.contains(it)) {
            return found;
        }
        let mut stack = vec![Place { node: root, base: "".into(), holds_names: false, is_draft_4: false }];
        while let Some(Place { node, mut base, holds_names, mut is_draft_4 }) = stack.pop() {
            if node.is_alias() {
                continue;
            }
            if !holds_names && node.kind() == Kind::Mapping {
                if let Some(dialect) = node.get("$schema").and_then(Node::as_str) {
                    is_draft_4 = dialect.contains("draft-03/") || dialect.contains("draft-04/");
                }
                base = found.add(node, base, is_draft_4);
            }
            let from = stack.len();
            for entry in node.written_entries() {
                if holds_names || !DATA.contains(&entry.key) {
                    let holds_names = !holds_names && NAMES.contains(&entry.key);
                    stack.push(Place { node: entry.value, base: base.clone(), holds_names, is_draft_4 });
                }
            }
            stack.extend(node.items().map(|node| Place { node, base: base.clone(), holds_names: false, is_draft_4 }));
            // The last pushed is visited first, and of two schemas of one name the first counts.
            if let Some(pushed) = stack.get_mut(from..) {
                pushed.reverse();
            }
        }
        found
    }

    /// Adds what a schema calls itself, and gives the address from which its parts count.
    fn add(&mut self, node: Node<'t>, mut base: Arc<str>, is_draft_4: bool) -> Arc<str> {
        let key = if is_draft_4 { "id" } else { "$id" };
        // What stands beside a reference says nothing before 2019-09, but what it says is meant all the same.
        if let Some(id) = node.get(key).and_then(Node::as_str).filter(|it| it.len() + base.len() <= MAX_ADDRESS) {
            let (_, fragment) = id.split_once('#').unwrap_or((id, ""));
            let address = resolved(&base, id);
            if !id.starts_with('#') && !id.is_empty() {
                base = without_fragment(&address).into();
                self.bases.insert(node.id(), base.clone());
            }
            if !fragment.is_empty() && !fragment.starts_with('/') {
                self.anchors.entry(fragment).or_insert(node);
            }
            self.named.entry(address.trim_end_matches('#').to_owned()).or_insert(node);
        }
        for anchor in ["$anchor", "$dynamicAnchor"].iter().filter_map(|it| node.get(it)?.as_str()) {
            if anchor.len() <= MAX_ADDRESS {
                self.named.entry(format!("{base}#{anchor}")).or_insert(node);
                self.anchors.entry(anchor).or_insert(node);
            }
        }
        base
    }

    /// The addresses that schemas give themselves, without fragments; one that several have comes as often.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.bases.values().map(|it| &**it)
    }

    /// The address that a reference of a node means, without its fragment. It is a way from the file where no schema
    /// around the node has an address. `None` for references that stay in the document.
    pub fn address(&self, from: Node<'t>, reference: &str) -> Option<String> {
        let file = without_fragment(reference);
        let base = self.base(from).map_or("", |it| it.1);
        (!file.is_empty()).then(|| resolved(base, file))
    }

    /// Whether no schema of the document calls itself anything.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// The address from which references of a node count, where a schema around it has one, and that schema.
    pub fn base(&self, from: Node<'t>) -> Option<(Node<'t>, &str)> {
        if self.bases.is_empty() {
            return None;
        }
        let around = std::iter::successors(Some(from), |it| it.parent()).take(MAX_PARENTS);
        around.into_iter().find_map(|it| Some((it, &**self.bases.get(&it.id())?)))
    }

    /// Where a reference of a node leads, among what the document calls itself. Pointers of the document as a whole are
    /// not looked up.
    pub fn resolve(&self, from: Node<'t>, reference: &str) -> Identified<'t> {
        if self.is_empty() {
            return Identified::Elsewhere(None);
        }
        let base = self.base(from).map(|it| it.1);
        let address = resolved(base.unwrap_or_default(), reference);
        match self.by_address(&address) {
            Identified::Elsewhere(_) => Identified::Elsewhere(base.filter(|_| is_absolute(&address)).map(|_| address)),
            found => found,
        }
    }

    /// What an address names that counts from no schema any more.
    pub fn by_address(&self, address: &str) -> Identified<'t> {
        if let Some(node) = self.named.get(address.trim_end_matches('#')) {
            return Identified::Here(*node);
        }
        let (resource, fragment) = address.split_once('#').unwrap_or((address, ""));
        let Some(schema) = self.named.get(resource).filter(|_| !resource.is_empty()).copied() else {
            return Identified::Elsewhere(None);
        };
        let part = pointer::of_fragment(fragment).and_then(|it| schema.resolve(&it));
        part.map_or(Identified::Missing, Identified::Here)
    }

    /// The schema with an anchor, whatever address stands in front of it.
    pub fn anchor(&self, name: &str) -> Option<Node<'t>> {
        self.anchors.get(name).copied()
    }
}

/// Whether an address begins with a scheme (RFC 3986, section 3.1). One letter is a drive.
fn is_absolute(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.starts_with(|it: char| it.is_ascii_alphabetic())
            && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
    })
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

/// A reference as it counts from a base (RFC 3986, section 5.2).
pub fn resolved(base: &str, reference: &str) -> String {
    let base = without_fragment(base);
    if is_absolute(reference) || base.is_empty() {
        let (way, fragment) = reference.split_at(without_fragment(reference).len());
        let is_relative = !is_absolute(reference) && !reference.starts_with('/');
        return if is_relative { format!("{}{fragment}", flat("", way)) } else { reference.to_owned() };
    }
    if reference.is_empty() || reference.starts_with('#') {
        return format!("{base}{reference}");
    }
    let (way, fragment) = reference.split_at(without_fragment(reference).len());
    let scheme = base.find(':').filter(|_| is_absolute(base)).map_or(0, |it| it + 1);
    if way.starts_with("//") {
        return format!("{}{reference}", base.get(..scheme).unwrap_or_default());
    }
    let authority = base.get(scheme..).filter(|it| it.starts_with("//")).map_or(scheme, |rest| {
        let rest = rest.get(2..).unwrap_or_default();
        scheme + 2 + rest.find('/').unwrap_or(rest.len())
    });
    let (start, path) = base.split_at_checked(authority).unwrap_or((base, ""));
    if way.starts_with('/') {
        return format!("{start}{}{fragment}", flat("/", way.trim_start_matches('/')));
    }
    let folder = path.rfind('/').and_then(|it| path.get(..=it)).unwrap_or(if start.is_empty() { "" } else { "/" });
    let root = if folder.starts_with('/') { "/" } else { "" };
    format!("{start}{}{fragment}", flat(root, &format!("{}{way}", folder.trim_start_matches('/'))))
}

/// A way without its dots, below a root.
fn flat(root: &str, way: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in way.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => _ = parts.pop(),
            // Above the root there is nothing.
            ".." if !root.is_empty() => {}
            _ => parts.push(part),
        }
    }
    // What ends in dots means a folder.
    let is_folder = way.ends_with("/.") || way.ends_with("/..");
    format!("{root}{}{}", parts.join("/"), if is_folder && !parts.is_empty() { "/" } else { "" })
}

#[cfg(test)]
mod tests {
    use archwright_syntax::data::{Format, parse};

    use super::*;

    #[test]
    fn references_count_from_their_base() {
        let base = "https://shop.example/a/b/order.json";
        for (base, reference, expected) in [
            ("", "#/a", "#/a"),
            ("", "./item.json", "item.json"),
            (base, "#item", "https://shop.example/a/b/order.json#item"),
            (base, "item.json", "https://shop.example/a/b/item.json"),
            (base, "./item.json#x", "https://shop.example/a/b/item.json#x"),
            (base, "../item.json", "https://shop.example/a/item.json"),
            (base, "../../../item.json", "https://shop.example/item.json"),
            (base, "/item.json", "https://shop.example/item.json"),
            (base, "//other.example/x", "https://other.example/x"),
            (base, "urn:x:y", "urn:x:y"),
            ("https://shop.example", "item.json", "https://shop.example/item.json"),
            ("order.json", "./item.json#/a", "item.json#/a"),
            ("a/order.json", "../../item.json", "../item.json"),
            ("urn:x:y", "#a", "urn:x:y#a"),
        ] {
            assert_eq!(resolved(base, reference), expected, "{base} {reference}");
        }
    }

    /// What a reference in `at` names: the title of the schema.
    fn named(text: &str, at: &str, reference: &str) -> String {
        let tree = parse(text, Format::Yaml);
        let root = tree.root().unwrap();
        let found = Identifiers::of(root).resolve(root.resolve(at).unwrap(), reference);
        match found {
            Identified::Here(node) => node.get("title").and_then(Node::as_str).unwrap_or("?").to_owned(),
            Identified::Missing => "missing".to_owned(),
            Identified::Elsewhere(address) => address.unwrap_or_else(|| "elsewhere".to_owned()),
        }
    }

    #[test]
    fn schemas_are_found_by_what_they_call_themselves() {
        let text = "
order:
  $id: https://shop.example/schemas/order.json
  title: order
  properties:
    $id: { type: string }
    line: { title: property }
  $defs:
    line: { $id: line.json, title: line, $defs: { sku: { $anchor: sku, title: sku } } }
    part: { $anchor: part, title: part }
    old: { $id: '#old', title: old }
    text: { const: { $id: https://shop.example/none, title: none } }
plain: { $anchor: plain, title: plain }
";
        let order = "/order/properties/line";
        for (at, reference, expected) in [
            (order, "line.json", "line"),
            (order, "./line.json", "line"),
            (order, "/schemas/line.json", "line"),
            (order, "https://shop.example/schemas/line.json", "line"),
            ("/plain", "https://shop.example/schemas/line.json", "line"),
            ("/plain", "https://shop.example/schemas/line.json#sku", "sku"),
            ("/plain", "https://shop.example/schemas/line.json#/$defs/sku", "sku"),
            ("/plain", "https://shop.example/schemas/line.json#/$defs/sk", "missing"),
            (order, "line.json#sku", "sku"),
            (order, "line.json#none", "missing"),
            (order, "#part", "part"),
            (order, "#old", "old"),
            (order, "#/$defs/line", "line"),
            (order, "#", "order"),
            ("/order/$defs/line", "order.json", "order"),
            ("/order/$defs/line", "#sku", "sku"),
            (order, "item.json", "https://shop.example/schemas/item.json"),
            ("/plain", "item.json", "elsewhere"),
            ("/plain", "#plain", "plain"),
            ("/plain", "https://shop.example/none", "elsewhere"),
        ] {
            assert_eq!(named(text, at, reference), expected, "{at} {reference}");
        }
    }

    #[test]
    fn in_draft_4_the_word_is_id() {
        let text = |draft: &str| {
            format!("{{ $schema: 'http://json-schema.org/{draft}/schema#', id: 'http://x.example/a', title: a }}")
        };
        assert_eq!(named(&text("draft-04"), "", "http://x.example/a"), "a");
        assert_eq!(named(&text("draft-07"), "", "http://x.example/a"), "elsewhere");
        let child = "{ $schema: 'http://json-schema.org/draft-04/schema#', properties: { id: { type: string } }, \
                     definitions: { b: { id: '#b', title: b } } }";
        assert_eq!(named(child, "/properties", "#b"), "b");
    }
}
