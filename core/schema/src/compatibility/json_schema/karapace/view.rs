//! What Karapace takes a schema for: it looks at one keyword only.

use archwright_syntax::data::{Kind, Node, NodeId};
use rustc_hash::FxHashMap;

use crate::compatibility::json_schema::document::{Document, Target};
use crate::compatibility::json_schema::parts::{Criterion, Type};

/// A schema's number in [`Views`].
pub(super) type ViewId = usize;

/// What a schema is taken for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Family<'t> {
    /// There is none.
    Missing,
    Boolean(bool),
    Typed(Type),
    Enum,
    Not,
    Combined(Criterion),
    /// A type that JSON Schema does not know.
    Unknown(&'t str),
    /// A reference into another text.
    Elsewhere(&'t str),
}

/// The schemas inside of one, and the keyword that holds them.
pub(super) struct Branches {
    pub ids: Vec<ViewId>,
    pub keyword: &'static str,
}

#[derive(Clone, Copy)]
struct View<'t> {
    node: Option<Node<'t>>,
    /// The one of a list of types that it is looked at for.
    ty: Option<&'t str>,
    family: Family<'t>,
}

/// Every schema looked at so far; references are followed at once.
pub(super) struct Views<'d, 't> {
    documents: [&'d Document<'t>; 2],
    all: Vec<View<'t>>,
    known: FxHashMap<(bool, NodeId, Option<&'t str>), ViewId>,
    missing: ViewId,
    anything: ViewId,
}

impl<'d, 't> Views<'d, 't> {
    pub(super) fn new(writer: &'d Document<'t>, reader: &'d Document<'t>) -> Self {
        let view = |family| View { node: None, ty: None, family };
        let all = vec![view(Family::Missing), view(Family::Boolean(true))];
        Self { documents: [writer, reader], all, known: FxHashMap::default(), missing: 0, anything: 1 }
    }

    /// What is not restricted at all.
    pub(super) fn anything(&self) -> ViewId {
        self.anything
    }

    pub(super) fn of(&mut self, node: Option<Node<'t>>) -> ViewId {
        match node.filter(|it| !it.is_null()) {
            Some(node) => self.view(node, None),
            None => self.missing,
        }
    }

    fn view(&mut self, node: Node<'t>, ty: Option<&'t str>) -> ViewId {
        let [writer, reader] = self.documents;
        let is_reader = std::ptr::eq(node.tree(), reader.root.tree());
        let written = (is_reader, node.id(), ty);
        if let Some(known) = self.known.get(&written) {
            return *known;
        }
        let document = if is_reader { reader } else { writer };
        let (node, elsewhere) = match document.target(node) {
            Ok(Target::Here(target)) => (target, None),
            Ok(Target::Elsewhere(uri)) => (node, Some(uri)),
            Err(_) => (node, Some("")),
        };
        let node = node.alias_of().unwrap_or(node);
        let id = *self.known.entry((is_reader, node.id(), ty)).or_insert_with(|| {
            let family = elsewhere.map_or_else(|| family(node, ty), Family::Elsewhere);
            self.all.push(View { node: Some(node), ty, family });
            self.all.len() - 1
        });
        self.known.insert(written, id);
        id
    }

    pub(super) fn family(&self, id: ViewId) -> Family<'t> {
        self.all.get(id).map_or(Family::Missing, |it| it.family)
    }

    pub(super) fn node(&self, id: ViewId) -> Option<Node<'t>> {
        self.all.get(id).and_then(|it| it.node)
    }

    /// A keyword of a schema.
    pub(super) fn get(&self, id: ViewId, keyword: &str) -> Option<Node<'t>> {
        self.node(id)?.get(keyword).filter(|it| !it.is_null())
    }

    /// The schemas of a combination, of a list of types, or of `not`.
    pub(super) fn branches(&mut self, id: ViewId) -> Option<Branches> {
        let View { node, ty, family } = *self.all.get(id)?;
        let node = node?;
        match family {
            Family::Combined(Criterion::Any) if ty.is_none() && is_list(node) => {
                let types: Vec<_> = node.get("type")?.items().filter_map(Node::as_str).collect();
                Some(Branches {
                    ids: types.into_iter().map(|it| self.view(node, Some(it))).collect(),
                    keyword: "anyOf",
                })
            }
            Family::Combined(criterion) => {
                let list: Vec<_> = node.get(criterion.keyword())?.items().collect();
                Some(Branches {
                    ids: list.into_iter().map(|it| self.of(Some(it))).collect(),
                    keyword: criterion.keyword(),
                })
            }
            Family::Not => Some(Branches { ids: vec![self.of(node.get("not"))], keyword: "not" }),
            _ => None,
        }
    }
}

fn is_list(node: Node<'_>) -> bool {
    node.get("type").is_some_and(|it| it.kind() == Kind::Sequence)
}

fn family<'t>(node: Node<'t>, ty: Option<&'t str>) -> Family<'t> {
    if let Some(value) = node.as_bool() {
        return Family::Boolean(value);
    }
    if ty.is_none() && is_list(node) {
        return Family::Combined(Criterion::Any);
    }
    let combination =
        Criterion::ALL.into_iter().find(|it| node.get(it.0).is_some_and(|it| it.kind() == Kind::Sequence));
    if let Some((_, criterion)) = combination {
        return Family::Combined(criterion);
    }
    if node.get("not").is_some_and(|it| !it.is_null()) {
        return Family::Not;
    }
    match ty.or_else(|| node.get("type").and_then(Node::as_str)).filter(|it| !it.is_empty()) {
        Some(name) => Type::of_name(name).map_or(Family::Unknown(name), Family::Typed),
        None if node.get("enum").is_some() => Family::Enum,
        None => Family::Typed(Type::Object),
    }
}
