//! One schema text: which draft it is written in, and where its references lead.

use archwright_syntax::pointer;
use std::sync::Arc;

use archwright_syntax::{
    Span,
    data::{Kind, Node, NodeId, SyntaxErrorKind, Tree, parse},
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Diagnostic;
use crate::json_schema::{format_of, resolved};

/// Parses a schema text, JSON or YAML.
pub(super) fn tree(text: &str) -> Tree {
    parse(text, format_of(text))
}

/// The editions of JSON Schema as far as their keywords differ here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Draft {
    Four,
    Six,
    Seven,
    /// 2019-09 and 2020-12.
    Modern,
}

impl Draft {
    /// What `$schema` says.
    fn declared(root: Node<'_>) -> Option<Self> {
        let uri = root.get("$schema")?.as_str()?;
        let known = [
            ("draft-04/schema", Self::Four),
            ("draft-06/schema", Self::Six),
            ("draft-07/schema", Self::Seven),
            ("draft/2019-09/", Self::Modern),
            ("draft/2020-12/", Self::Modern),
            ("draft/next/", Self::Modern),
        ];
        known.into_iter().find(|it| uri.contains(it.0)).map(|it| it.1)
    }
}

/// Where a reference leads.
#[derive(Clone, Copy)]
pub(super) enum Target<'t> {
    /// Into the same text.
    Here(Node<'t>),
    /// Into another text, which is not at hand.
    Elsewhere(&'t str),
}

/// A parsed schema.
pub(super) struct Document<'t> {
    pub root: Node<'t>,
    pub draft: Draft,
    /// What has a URI of its own, through `$id`, `$anchor` and `$dynamicAnchor`.
    named: FxHashMap<String, Node<'t>>,
    /// The base URI of each schema that has a reference, when it is not empty.
    bases: FxHashMap<NodeId, Arc<str>>,
}

/// Longer identifiers are left out, so that no text is put together from many long ones.
const MAX_URI: usize = 2_048;

/// How many references in a row are followed.
const MAX_REFERENCES: usize = 100;

impl<'t> Document<'t> {
    /// Reads the root, its draft (`default` when it names none) and all its identifiers.
    pub(super) fn of(tree: &'t Tree, default: Draft) -> Result<Self, Diagnostic> {
        // A key that stands twice is no reason to refuse: the last one counts, as registries read it.
        let tolerated =
            |it: SyntaxErrorKind| matches!(it, SyntaxErrorKind::DuplicateKey | SyntaxErrorKind::DuplicateAnchor);
        if let Some(error) = tree.errors().iter().find(|it| !tolerated(it.kind)) {
            return Err(Diagnostic { span: error.span, message: error.message.clone() });
        }
        let root = tree.root().ok_or_else(|| Diagnostic {
            span: Span::new(0, 0),
            message: "The text is empty; a JSON Schema is an object, `true` or `false`.".to_owned(),
        })?;
        if !is_schema(root) {
            let message = format!("This is {}; a JSON Schema is an object, `true` or `false`.", root.kind().describe());
            return Err(Diagnostic { span: root.span(), message });
        }
        let draft = Draft::declared(root).unwrap_or(default);
        let mut document = Self { root, draft, named: FxHashMap::default(), bases: FxHashMap::default() };
        document.collect();
        Ok(document)
    }

    /// Collects what has a URI, and the base of what refers.
    fn collect(&mut self) {
        let id_key = if self.draft == Draft::Four { "id" } else { "$id" };
        let mut seen = FxHashSet::default();
        let mut open = vec![(self.root, Arc::<str>::from(""))];
        while let Some((node, mut base)) = open.pop() {
            if node.is_alias() || !seen.insert(node.id()) {
                continue;
            }
            if let Some(id) = node.get(id_key).and_then(Node::as_str).filter(|it| it.len() + base.len() <= MAX_URI) {
                let uri = resolved(&base, id);
                if !id.starts_with('#') {
                    base = without_fragment(&uri).into();
                }
                self.named.entry(uri.trim_end_matches('#').to_owned()).or_insert(node);
            }
            let anchors = ["$anchor", "$dynamicAnchor"].iter().filter_map(|it| node.get(it)?.as_str());
            for anchor in anchors.filter(|it| it.len() <= MAX_URI) {
                self.named.entry(format!("{base}#{anchor}")).or_insert(node);
            }
            if !base.is_empty() && reference(node).is_some() {
                self.bases.insert(node.id(), base.clone());
            }
            open.extend(node.items().map(|it| (it, base.clone())));
            // What stands in values is no schema.
            let schemas = node.entries().filter(|it| !matches!(it.key, "enum" | "const" | "default" | "examples"));
            open.extend(schemas.map(|it| (it.value, base.clone())));
        }
    }

    /// Where the reference of a schema leads.
    pub(super) fn target(&self, node: Node<'t>) -> Result<Target<'t>, Diagnostic> {
        let mut seen = FxHashSet::default();
        let mut node = node;
        while let Some(at) = reference(node) {
            if !seen.insert(node.id()) || seen.len() > MAX_REFERENCES {
                let message =
                    "This reference leads back to itself, or to too many others; refer to a schema.".to_owned();
                return Err(Diagnostic { span: at.span(), message });
            }
            match self.look_up(node, at)? {
                Target::Here(next) if has_siblings(next) && self.draft == Draft::Modern => {
                    return Ok(Target::Here(next));
                }
                Target::Here(next) => node = next,
                elsewhere @ Target::Elsewhere(_) => return Ok(elsewhere),
            }
        }
        Ok(Target::Here(node))
    }

    fn look_up(&self, node: Node<'t>, at: Node<'t>) -> Result<Target<'t>, Diagnostic> {
        let text = at.as_str().unwrap_or_default();
        let base = self.bases.get(&node.id()).map_or("", |it| &**it);
        let uri = resolved(base, text);
        if let Some(named) = self.named.get(uri.trim_end_matches('#')) {
            return Ok(Target::Here(*named));
        }
        let (resource, fragment) = uri.split_once('#').unwrap_or((&uri, ""));
        let inside = self.named.get(resource);
        if inside.is_none() && !text.is_empty() && !text.starts_with('#') {
            return Ok(Target::Elsewhere(text));
        }
        // Drafts differ in whether a pointer starts at the text or at the nearest `$id`; registries take either.
        let starts = inside.copied().into_iter().chain([self.root]);
        let pointer = pointer::of_fragment(fragment).unwrap_or_default();
        let found = starts.clone().find_map(|it| it.resolve(&pointer)).or_else(|| {
            let other = renamed(&pointer)?;
            starts.clone().find_map(|it| it.resolve(&other))
        });
        found.filter(|it| is_schema(*it)).map(Target::Here).ok_or_else(|| {
            let message =
                format!("`{text}` leads to no schema in this text; name one that is there, such as `#/$defs/Name`.");
            Diagnostic { span: at.span(), message }
        })
    }
}

/// Whether a value may be a schema.
pub(super) fn is_schema(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Mapping | Kind::Bool)
}

/// The reference a schema makes.
pub(super) fn reference(node: Node<'_>) -> Option<Node<'_>> {
    ["$ref", "$dynamicRef", "$recursiveRef"].iter().filter_map(|it| node.get(it)).find(|it| it.kind() == Kind::String)
}

/// Whether a schema says more than a reference.
fn has_siblings(node: Node<'_>) -> bool {
    reference(node).is_some()
        && node
            .entries()
            .any(|it| !matches!(it.key, "$ref" | "$dynamicRef" | "$recursiveRef" | "description" | "title"))
}

/// The same pointer in the other of the two places for definitions.
fn renamed(pointer: &str) -> Option<String> {
    let other = |from: &str, to: &str| pointer.strip_prefix(from).map(|rest| format!("{to}{rest}"));
    other("/$defs/", "/definitions/").or_else(|| other("/definitions/", "/$defs/"))
}

fn without_fragment(uri: &str) -> &str {
    uri.split('#').next().unwrap_or_default()
}
