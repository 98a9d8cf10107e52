//! Schemas taken apart the way the registries' libraries see them: one part per type, enumeration, negation and so on.
//!
//! Keywords of several kinds in one schema are an `allOf` of parts. Confluent and Apicurio both compare such parts: up
//! to draft 7 both read schemas with the same library, and Confluent translates newer ones into its terms.

use archwright_syntax::data::{Node, NodeId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::document::Draft;
use super::prints::{Print, Prints, of_entries, of_text};

/// A part's number in its [`Parts`].
pub(super) type PartId = usize;

/// One part of a schema.
pub(super) struct Part<'t> {
    /// The schema it belongs to.
    pub node: Node<'t>,
    pub draft: Draft,
    pub shape: Shape<'t>,
    /// Whether it is all of its schema, so that title, default and unknown keywords are its own.
    pub is_whole: bool,
    /// The fingerprints of the values it lists, or of the one it is.
    pub values: FxHashSet<Print>,
    /// Whether it stands for a type, or a list of types, that the schema names.
    pub is_typed: bool,
}

/// What a part demands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Shape<'t> {
    /// Nothing.
    Any,
    /// Nothing passes.
    Never,
    Typed(Type),
    /// A type that JSON Schema does not know.
    Unknown(&'t str),
    Enum,
    Const,
    Not(PartId),
    Condition,
    Combined {
        criterion: Criterion,
        parts: Vec<PartId>,
    },
    Reference(PartId),
    /// A reference into another text.
    Elsewhere(&'t str),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    String,
    Number,
    Integer,
    Object,
    Array,
    Boolean,
    Null,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Criterion {
    All,
    Any,
    One,
}

/// All parts of the compared schemas.
#[derive(Default)]
pub(super) struct Parts<'t> {
    all: Vec<Part<'t>>,
    prints: Vec<Print>,
    of_node: FxHashMap<(usize, NodeId), PartId>,
}

/// How many references in a row are followed.
const MAX_REFERENCES: usize = 32;

const TYPES: [(&str, Type); 7] = [
    ("string", Type::String),
    ("number", Type::Number),
    ("integer", Type::Integer),
    ("object", Type::Object),
    ("array", Type::Array),
    ("boolean", Type::Boolean),
    ("null", Type::Null),
];

impl Type {
    pub(super) fn of_name(name: &str) -> Option<Self> {
        TYPES.into_iter().find(|it| it.0 == name).map(|it| it.1)
    }

    pub(super) fn name(self) -> &'static str {
        TYPES.into_iter().find(|it| it.1 == self).map_or("", |it| it.0)
    }

    /// The type without the difference between numbers and integers.
    pub(super) fn class(self) -> Self {
        if self == Self::Integer { Self::Number } else { self }
    }

    /// The keywords that only values of this type obey.
    pub(super) fn keywords(self, draft: Draft) -> &'static [&'static str] {
        match (self, draft) {
            (Self::String, Draft::Modern) => &["minLength", "maxLength", "pattern"],
            (Self::String, _) => &["minLength", "maxLength", "pattern", "format"],
            (Self::Number | Self::Integer, _) => {
                &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
            }
            (Self::Object, Draft::Four) => &[
                "properties",
                "required",
                "minProperties",
                "maxProperties",
                "dependencies",
                "patternProperties",
                "additionalProperties",
            ],
            (Self::Object, Draft::Six | Draft::Seven) => &[
                "properties",
                "required",
                "minProperties",
                "maxProperties",
                "dependencies",
                "patternProperties",
                "additionalProperties",
                "propertyNames",
            ],
            (Self::Object, Draft::Modern) => &[
                "properties",
                "required",
                "minProperties",
                "maxProperties",
                "dependentRequired",
                "dependentSchemas",
                "patternProperties",
                "additionalProperties",
                "unevaluatedProperties",
                "propertyNames",
            ],
            (Self::Array, Draft::Four) => &["items", "additionalItems", "minItems", "maxItems", "uniqueItems"],
            (Self::Array, Draft::Six | Draft::Seven) => {
                &["items", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains"]
            }
            (Self::Array, Draft::Modern) => &[
                "items",
                "prefixItems",
                "minItems",
                "maxItems",
                "uniqueItems",
                "contains",
                "unevaluatedItems",
                "additionalItems",
            ],
            (Self::Boolean | Self::Null, _) => &[],
        }
    }
}

impl Criterion {
    pub(super) const ALL: [(&'static str, Self); 3] =
        [("allOf", Self::All), ("anyOf", Self::Any), ("oneOf", Self::One)];

    pub(super) fn keyword(self) -> &'static str {
        Self::ALL.into_iter().find(|it| it.1 == self).map_or("", |it| it.0)
    }
}

impl<'t> Parts<'t> {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get_mut(&mut self, id: PartId) -> Option<&mut Part<'t>> {
        self.all.get_mut(id)
    }

    /// The part for a schema of one of the texts.
    pub(super) fn reserve(&mut self, node: Node<'t>) -> PartId {
        let node = node.alias_of().unwrap_or(node);
        let id = self.all.len();
        match self.of_node.entry(key(node)) {
            std::collections::hash_map::Entry::Occupied(known) => return *known.get(),
            std::collections::hash_map::Entry::Vacant(free) => free.insert(id),
        };
        let shape = if node.as_bool() == Some(false) { Shape::Never } else { Shape::Any };
        self.all.push(Part {
            node,
            draft: Draft::Seven,
            shape,
            is_whole: true,
            values: FxHashSet::default(),
            is_typed: false,
        });
        id
    }

    pub(super) fn add(&mut self, part: Part<'t>) -> PartId {
        self.all.push(part);
        self.all.len() - 1
    }

    pub(super) fn get(&self, id: PartId) -> Option<&Part<'t>> {
        self.all.get(id)
    }

    /// The part of a schema inside another one.
    pub(super) fn of(&self, node: Node<'t>) -> Option<PartId> {
        self.of_node.get(&key(node.alias_of().unwrap_or(node))).copied()
    }

    /// Where a part is written: of one type of a list, its name; of some other part of its schema, the keyword.
    pub(super) fn place(&self, id: PartId) -> Option<Node<'t>> {
        let part = self.all.get(id)?;
        let keyword = match &part.shape {
            _ if part.is_whole => return Some(part.node),
            Shape::Unknown(_) => "type",
            Shape::Typed(_) if part.is_typed => "type",
            Shape::Typed(ty) => ty.keywords(part.draft).iter().copied().find(|it| part.node.get(it).is_some())?,
            Shape::Enum => "enum",
            Shape::Const => "const",
            Shape::Not(_) => "not",
            Shape::Condition => "if",
            Shape::Combined { .. } if part.is_typed => "type",
            Shape::Combined { criterion, .. } => criterion.keyword(),
            Shape::Reference(_) | Shape::Elsewhere(_) => "$ref",
            Shape::Any | Shape::Never => return Some(part.node),
        };
        let node = part.node.get(keyword).unwrap_or(part.node);
        let of_type = part.ty().and_then(|ty| node.items().find(|it| it.as_str() == Some(ty.name())));
        Some(of_type.unwrap_or(node))
    }

    /// The part that a reference leads to; any other is its own target.
    pub(super) fn target(&self, id: PartId) -> PartId {
        let mut id = id;
        for _ in 0..MAX_REFERENCES {
            match self.all.get(id).map(|it| &it.shape) {
                Some(Shape::Reference(target)) => id = *target,
                _ => break,
            }
        }
        id
    }

    /// The parts without those that say the same as an earlier one.
    pub(super) fn distinct(&self, ids: &[PartId]) -> Vec<PartId> {
        let mut seen = FxHashSet::default();
        ids.iter().copied().filter(|it| seen.insert(self.prints.get(*it))).collect()
    }

    /// Fingerprints of all parts from `first` on.
    pub(super) fn take_prints(&mut self, first: PartId) {
        let mut prints = Prints::default();
        for id in first..self.all.len() {
            let print = self.all.get(id).map_or(0, |it| it.print(&self.all, &mut prints));
            self.prints.push(print);
            if let Some(part) = self.all.get_mut(id) {
                part.values = match part.shape {
                    Shape::Enum => {
                        part.node.get("enum").into_iter().flat_map(Node::items).map(|it| prints.of(it)).collect()
                    }
                    Shape::Const => part.node.get("const").map(|it| prints.of(it)).into_iter().collect(),
                    _ => FxHashSet::default(),
                };
            }
        }
    }
}

impl<'t> Part<'t> {
    /// The fingerprint of the object that would say only what this part says.
    fn print(&self, all: &[Part<'t>], prints: &mut Prints) -> Print {
        if self.is_whole {
            return prints.of(self.node);
        }
        let mut keys: Vec<&'static str> = Vec::new();
        match &self.shape {
            Shape::Typed(ty) => keys.extend(ty.keywords(self.draft)),
            Shape::Enum => keys.push("enum"),
            Shape::Const => keys.push("const"),
            Shape::Not(_) => keys.push("not"),
            Shape::Condition => keys.extend(["if", "then", "else"]),
            Shape::Reference(_) | Shape::Elsewhere(_) => keys.extend(["$ref", "$dynamicRef", "$recursiveRef"]),
            Shape::Unknown(_) => keys.push("type"),
            Shape::Combined { parts, .. } if self.is_typed => {
                keys.push("type");
                let types = parts.iter().filter_map(|it| all.get(*it)).filter_map(Part::ty);
                keys.extend(types.flat_map(|it| it.keywords(self.draft)));
            }
            Shape::Combined { criterion, .. } => keys.push(criterion.keyword()),
            Shape::Any | Shape::Never => {}
        }
        let mut said: Vec<_> = keys.into_iter().filter_map(|key| Some((key, prints.of(self.node.get(key)?)))).collect();
        if let (true, Some(ty)) = (self.is_typed, self.ty()) {
            said.push(("type", of_text(ty.name())));
        }
        of_entries(said)
    }

    /// Where the branches of a combination are written.
    pub(super) fn branches(&self) -> Node<'t> {
        let keyword = match &self.shape {
            Shape::Combined { .. } if self.is_typed => self.node.get("type"),
            Shape::Combined { criterion, .. } => self.node.get(criterion.keyword()),
            _ => None,
        };
        keyword.unwrap_or(self.node)
    }

    /// The type of a part that is for one.
    pub(super) fn ty(&self) -> Option<Type> {
        match self.shape {
            Shape::Typed(ty) => Some(ty),
            _ => None,
        }
    }
}

/// Nodes of both texts, told apart by their trees.
fn key(node: Node<'_>) -> (usize, NodeId) {
    (std::ptr::from_ref(node.tree()).addr(), node.id())
}
