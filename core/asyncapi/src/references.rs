//! References (`$ref`): where they point and whether the target is there.

use archwright_syntax::pointer;
use std::sync::LazyLock;

use archwright_syntax::data::{Kind, Node, Tree, follow};

use archwright_syntax::Spanned;

/// Where a reference points.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReferenceKind {
    /// Into the same document: `#/...`.
    Local,
    /// Into another file, relative to this one.
    File,
    /// To an absolute address with a scheme or a host.
    Remote,
}

/// One `$ref`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The value of `$ref`.
    pub target: Spanned,
    /// Where it points.
    pub kind: ReferenceKind,
}

impl ReferenceKind {
    /// The kind of a reference, by its text alone.
    pub fn of(target: &str) -> Self {
        let is_remote =
            || target.starts_with("//") || target.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme));
        match target {
            _ if target.starts_with('#') => Self::Local,
            _ if is_remote() => Self::Remote,
            _ => Self::File,
        }
    }
}

/// Whether the text before a colon is a URI scheme (RFC 3986, section 3.1). One letter is a drive.
fn is_scheme(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.'))
}

/// What a local reference comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target<'t> {
    /// A node of the document.
    Node(Node<'t>),
    /// Something behind a reference that leaves the document, or that dangles itself.
    Elsewhere,
    /// Nothing.
    Missing,
}

/// What a local reference (`#`, `#/...`) names. The way may lead through other references: below a channel that is
/// `{ $ref: '#/components/channels/x' }`, it goes on in `x`.
pub(crate) fn target<'t>(root: Node<'t>, reference: &str) -> Target<'t> {
    let Some(fragment) = reference.strip_prefix('#') else { return Target::Elsewhere };
    let Some(pointer) = pointer::of_fragment(fragment) else { return Target::Missing };
    if let Some(node) = root.resolve(&pointer) {
        return Target::Node(node);
    }
    let Some(tokens) = pointer.strip_prefix('/') else { return Target::Missing };
    let mut node = root;
    for token in tokens.split('/') {
        let step = format!("/{token}");
        node = match (node.resolve(&step), node.get("$ref").is_some(), follow(root, node)) {
            (Some(next), ..) => next,
            (None, true, None) => return Target::Elsewhere,
            (None, true, Some(body)) => match body.resolve(&step) {
                Some(next) => next,
                None => return Target::Missing,
            },
            (None, false, _) => return Target::Missing,
        };
    }
    Target::Node(node)
}

/// A `$ref` as the checks see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use<'t> {
    /// Its value.
    pub value: Node<'t>,
    /// The nearest schema around it that has an `$id`.
    pub base: Option<Node<'t>>,
    /// Whether it stands in data such as examples, where it is none, though resolvers take it for one.
    pub in_data: bool,
}

/// Every `$ref` below a node, and what looks like one in data, in the order of the text.
pub(crate) fn uses(from: Node<'_>) -> Vec<Use<'_>> {
    let mut found = Vec::new();
    walk_all(from, true, &mut |it| found.push(it));
    found
}

/// Every `$ref` of a document of any kind, in the order of the text; those in example values are none.
pub fn references(tree: &Tree) -> Vec<Reference> {
    let mut found = Vec::new();
    let Some(root) = tree.root() else { return found };
    walk(root, &mut |target, _| {
        found.extend(Spanned::of_scalar(target).map(|it| Reference { kind: ReferenceKind::of(&it.text), target: it }));
    });
    found
}

/// The value of every `$ref` below a node, in the order of the text; data such as examples has none.
pub fn reference_values(from: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    walk(from, &mut |value, _| found.push(value));
    found
}

/// The local references (`#/...`) that name nothing in the document, in the order of the text.
///
/// Silent on anchors (`#name`), which need a JSON Schema reader, and on references that resolve within a schema with
/// its own `$id`.
pub fn dangling_references(tree: &Tree) -> Vec<Spanned> {
    let Some(root) = tree.root() else { return Vec::new() };
    let mut found = Vec::new();
    walk(root, &mut |value, base| {
        let text = value.as_str().unwrap_or_default();
        let is_missing = |from: Node<'_>| target(from, text) == Target::Missing;
        if text.starts_with("#/") && is_missing(root) && base.is_none_or(is_missing) {
            found.extend(Spanned::of_scalar(value));
        }
    });
    found
}

/// Keys whose values are data, not parts of the document: a `$ref` in there is none.
const DATA: [&str; 5] = ["examples", "example", "const", "enum", "default"];

/// Keys whose entries carry names that users choose, so that `default` below them is a name.
const NAME_MAPS: [&str; 26] = [
    "$defs",
    "channels",
    "correlationIds",
    "definitions",
    "dependentSchemas",
    "externalDocs",
    "flows",
    "headers",
    "messageBindings",
    "messages",
    "messageTraits",
    "operationBindings",
    "operations",
    "operationTraits",
    "parameters",
    "patternProperties",
    "properties",
    "replies",
    "replyAddresses",
    "schemas",
    "securitySchemes",
    "serverBindings",
    "servers",
    "serverVariables",
    "tags",
    "variables",
];

/// The lengths of some names by their first letter: a bit for each. Tells most keys apart from all of them at once.
struct Lengths([u32; 128]);

impl Lengths {
    fn of(names: &[&str]) -> Self {
        let mut lengths = [0; 128];
        for name in names {
            let slot = name.bytes().next().and_then(|it| lengths.get_mut(usize::from(it)));
            if let Some(slot) = slot {
                *slot |= 1 << name.len();
            }
        }
        Self(lengths)
    }

    /// Whether the name may be one of them.
    fn may_have(&self, name: &str) -> bool {
        let lengths = name.bytes().next().and_then(|it| self.0.get(usize::from(it))).copied().unwrap_or_default();
        name.len() < 32 && lengths >> name.len() & 1 == 1
    }
}

static DATA_LENGTHS: LazyLock<Lengths> = LazyLock::new(|| Lengths::of(&DATA));
static NAME_MAPS_LENGTHS: LazyLock<Lengths> = LazyLock::new(|| Lengths::of(&NAME_MAPS));

fn is_data(key: &str) -> bool {
    DATA_LENGTHS.may_have(key) && DATA.contains(&key)
}

fn is_name_map(key: &str) -> bool {
    NAME_MAPS_LENGTHS.may_have(key) && NAME_MAPS.contains(&key)
}

/// Calls `visit` with the value of every `$ref` and the nearest schema around it that has an `$id`. Each node is
/// visited where it is written, so the cost is that of the text, whatever its aliases multiply to.
pub(crate) fn walk<'t>(from: Node<'t>, visit: &mut impl FnMut(Node<'t>, Option<Node<'t>>)) {
    walk_all(from, false, &mut |it| visit(it.value, it.base));
}

/// The same, in data too if `with_data` says so.
fn walk_all<'t>(from: Node<'t>, with_data: bool, visit: &mut impl FnMut(Use<'t>)) {
    let mut stack: Vec<Place<'t>> = vec![Place { node: from, base: None, holds_names: false, in_data: false }];
    while let Some(Place { node, base, holds_names, in_data }) = stack.pop() {
        if node.is_alias() {
            continue;
        }
        let from = stack.len();
        let has_id = !holds_names && !in_data && node.get("$id").is_some_and(|it| it.as_str().is_some());
        let base = if has_id { Some(node) } else { base };
        for entry in node.written_entries() {
            if entry.key == "$ref" && entry.value.kind() == Kind::String {
                visit(Use { value: entry.value, base, in_data });
            } else if matches!(entry.value.kind(), Kind::Mapping | Kind::Sequence) {
                let in_data = in_data || (!holds_names && is_data(entry.key));
                if !in_data || with_data {
                    let holds_names = !in_data && !holds_names && is_name_map(entry.key);
                    stack.push(Place { node: entry.value, base, holds_names, in_data });
                }
            }
        }
        stack.extend(node.items().map(|node| Place { node, base, holds_names: false, in_data }));
        // The last pushed is visited first.
        if let Some(pushed) = stack.get_mut(from..) {
            pushed.reverse();
        }
    }
}

/// A node on the way of a walk.
struct Place<'t> {
    node: Node<'t>,
    base: Option<Node<'t>>,
    /// Whether its keys are names that users choose.
    holds_names: bool,
    /// Whether it is part of an example or another value.
    in_data: bool,
}

#[cfg(test)]
mod tests {
    use archwright_syntax::data::{Format, parse};

    use super::*;

    #[test]
    fn the_kind_of_a_reference_is_told_by_its_text() {
        let cases = [
            ("#/components/messages/OrderPlaced", ReferenceKind::Local),
            ("#", ReferenceKind::Local),
            ("../schemas/order.json", ReferenceKind::File),
            ("order.yaml#/components", ReferenceKind::File),
            ("C:\\schemas\\order.json", ReferenceKind::File),
            ("https://schemas.shop.example/order.json", ReferenceKind::Remote),
            ("//schemas.shop.example/order.json", ReferenceKind::Remote),
            ("urn:shop:order", ReferenceKind::Remote),
        ];
        for (target, kind) in cases {
            assert_eq!(ReferenceKind::of(target), kind, "{target}");
        }
    }

    #[test]
    fn references_that_name_nothing_are_found_where_they_stand() {
        let text = "\
asyncapi: 3.0.0
channels:
  default: { $ref: '#/components/channels/default' }
  orders/placed: { $ref: '#/channels/orders~1plaecd' }
  again: { $ref: '#/channels/orders~1placed' }
  percent: { $ref: '#/channels/orders%7E1placed' }
components:
  schemas:
    Order:
      $id: order
      properties:
        $ref: { type: string }
        line: { $ref: '#/$defs/Line' }
        seller: { $ref: '#/$defs/Seller' }
        anchor: { $ref: '#Line' }
        file: { $ref: './line.json#/x' }
      examples: [{ $ref: '#/nowhere' }]
      $defs: { Line: {} }
";
        let tree = parse(text, Format::Yaml);
        let found: Vec<_> = dangling_references(&tree).iter().map(|it| it.span.of(text).to_owned()).collect();
        assert_eq!(found, ["#/components/channels/default", "#/channels/orders~1plaecd", "#/$defs/Seller"]);
    }

    #[test]
    fn the_way_to_a_target_may_lead_through_references() {
        let text = "\
asyncapi: 3.0.0
channels:
  near: { $ref: '#/components/channels/near' }
  far: { $ref: 'channels.yaml#/far' }
operations:
  a: { messages: [{ $ref: '#/channels/near/messages/M' }] }
  b: { messages: [{ $ref: '#/channels/far/messages/M' }] }
  c: { messages: [{ $ref: '#/channels/near/messages/N' }] }
components:
  channels: { near: { messages: { M: {} } } }
";
        let tree = parse(text, Format::Yaml);
        let found: Vec<_> = dangling_references(&tree).iter().map(|it| it.text.to_string()).collect();
        assert_eq!(found, ["#/channels/near/messages/N"]);
    }

    #[test]
    fn a_reference_that_comes_back_to_itself_ends() {
        let tree = parse("a: { $ref: '#/b' }\nb: { $ref: '#/a' }", Format::Yaml);
        let root = tree.root().unwrap();
        assert_eq!(follow(root, root.get("a").unwrap()), None);
        assert_eq!(dangling_references(&tree), []);
    }
}
