//! Schemas taken apart the way the registries' libraries see them: one part per type, enumeration, negation and so on.
//!
//! Keywords of several kinds in one schema are an `allOf` of parts. Confluent and Apicurio both compare such parts: up to
//! draft 7 both read schemas with the same library, and Confluent translates newer ones into its terms.

use archwright_syntax::data::{Kind, Node, NodeId};
use rustc_hash::FxHashMap;

use super::document::{Document, Draft, Problem, Target, is_schema, reference};
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
    /// Whether it stands for a type that the schema names.
    is_typed: bool,
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
    of_node: FxHashMap<(*const (), NodeId), PartId>,
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
            (Self::Number | Self::Integer, _) => &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
            (Self::Object, Draft::Four) => {
                &["properties", "required", "minProperties", "maxProperties", "dependencies", "patternProperties", "additionalProperties"]
            }
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
            (Self::Array, Draft::Six | Draft::Seven) => &["items", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains"],
            (Self::Array, Draft::Modern) => {
                &["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "unevaluatedItems", "additionalItems"]
            }
            (Self::Boolean | Self::Null, _) => &[],
        }
    }
}

impl Criterion {
    pub(super) const ALL: [(&'static str, Self); 3] = [("allOf", Self::All), ("anyOf", Self::Any), ("oneOf", Self::One)];

    pub(super) fn keyword(self) -> &'static str {
        Self::ALL.into_iter().find(|it| it.1 == self).map_or("", |it| it.0)
    }
}

impl<'t> Parts<'t> {
    /// Takes a whole schema text apart; the number of its root.
    pub(super) fn read(&mut self, document: &Document<'t>) -> Result<PartId, Problem> {
        let root = self.reserve(document.root);
        let mut loader = Loader { parts: self, document, open: vec![document.root] };
        while let Some(node) = loader.open.pop() {
            loader.load(node)?;
        }
        self.take_prints(root);
        Ok(root)
    }

    /// The part for a schema of one of the texts.
    fn reserve(&mut self, node: Node<'t>) -> PartId {
        let node = node.alias_of().unwrap_or(node);
        let id = self.all.len();
        match self.of_node.entry(key(node)) {
            std::collections::hash_map::Entry::Occupied(known) => return *known.get(),
            std::collections::hash_map::Entry::Vacant(free) => free.insert(id),
        };
        let shape = if node.as_bool() == Some(false) { Shape::Never } else { Shape::Any };
        self.all.push(Part { node, draft: Draft::Seven, shape, is_whole: true, is_typed: false });
        id
    }

    fn add(&mut self, part: Part<'t>) -> PartId {
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

    /// Whether two parts say the same.
    pub(super) fn print(&self, id: PartId) -> Option<Print> {
        self.prints.get(id).copied()
    }

    /// Fingerprints of all parts from `first` on.
    fn take_prints(&mut self, first: PartId) {
        let mut prints = Prints::default();
        for id in first..self.all.len() {
            let print = self.all.get(id).map_or(0, |it| it.print(&self.all, &mut prints));
            self.prints.push(print);
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
            Shape::Combined { criterion, parts } => match self.node.get(criterion.keyword()) {
                Some(_) => keys.push(criterion.keyword()),
                // A list of types.
                None => {
                    keys.push("type");
                    let types = parts.iter().filter_map(|it| all.get(*it)).filter_map(Part::ty);
                    keys.extend(types.flat_map(|it| it.keywords(self.draft)));
                }
            },
            Shape::Any | Shape::Never => {}
        }
        let mut said: Vec<_> = keys.into_iter().filter_map(|key| Some((key, prints.of(self.node.get(key)?)))).collect();
        if let (true, Some(ty)) = (self.is_typed, self.ty()) {
            said.push(("type", of_text(ty.name())));
        }
        of_entries(said)
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
fn key(node: Node<'_>) -> (*const (), NodeId) {
    (std::ptr::from_ref(node.tree()).cast(), node.id())
}

/// Takes one text apart, schema by schema.
struct Loader<'l, 't> {
    parts: &'l mut Parts<'t>,
    document: &'l Document<'t>,
    open: Vec<Node<'t>>,
}

impl<'t> Loader<'_, 't> {
    /// The part for a schema inside another one, to be read later.
    fn child(&mut self, node: Node<'t>) -> PartId {
        let known = self.parts.all.len();
        let id = self.parts.reserve(node);
        if id == known {
            self.open.push(node.alias_of().unwrap_or(node));
        }
        id
    }

    /// A part of a schema that has several.
    fn part(&mut self, node: Node<'t>, shape: Shape<'t>) -> PartId {
        let draft = self.document.draft;
        self.parts.add(Part { node, draft, shape, is_whole: false, is_typed: false })
    }

    fn load(&mut self, node: Node<'t>) -> Result<(), Problem> {
        let draft = self.document.draft;
        let id = self.parts.reserve(node);
        if node.kind() == Kind::Mapping {
            self.children(node);
            let parts = self.keywords(node)?;
            let (shape, is_typed) = match *parts.as_slice() {
                [] => (Shape::Any, false),
                [only] => match self.parts.get(only) {
                    Some(it) => (it.shape.clone(), it.is_typed),
                    None => (Shape::Any, false),
                },
                _ => (Shape::Combined { criterion: Criterion::All, parts }, false),
            };
            if let Some(part) = self.parts.all.get_mut(id) {
                part.shape = shape;
                part.is_typed = is_typed;
            }
        }
        if let Some(part) = self.parts.all.get_mut(id) {
            part.draft = draft;
        }
        Ok(())
    }

    /// Every schema inside of another one gets a part.
    fn children(&mut self, node: Node<'t>) {
        for entry in node.entries() {
            match entry.key {
                "properties" | "patternProperties" | "dependencies" | "dependentSchemas" => {
                    for inner in entry.value.entries().filter(|it| is_schema(it.value)) {
                        self.child(inner.value);
                    }
                }
                "items" | "prefixItems" | "allOf" | "anyOf" | "oneOf" if entry.value.kind() == Kind::Sequence => {
                    for inner in entry.value.items() {
                        self.child(inner);
                    }
                }
                "items"
                | "additionalItems"
                | "additionalProperties"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "contains"
                | "propertyNames"
                | "not"
                | "if"
                | "then"
                | "else"
                    if is_schema(entry.value) =>
                {
                    self.child(entry.value);
                }
                _ => {}
            }
        }
    }

    /// Where the reference of a schema leads.
    fn reference(&mut self, node: Node<'t>) -> Result<Shape<'t>, Problem> {
        Ok(match self.document.target(node)? {
            Target::Here(target) => Shape::Reference(self.child(target)),
            Target::Elsewhere(uri) => Shape::Elsewhere(uri),
        })
    }

    /// The schemas in the list of `allOf`, `anyOf` or `oneOf`.
    fn branches(&mut self, node: Node<'t>, criterion: Criterion) -> Option<Vec<PartId>> {
        let list = node.get(criterion.keyword()).filter(|it| it.kind() == Kind::Sequence)?;
        Some(list.items().map(|it| self.child(it)).collect())
    }

    /// What a name of a type stands for.
    fn of_type(&mut self, node: Node<'t>, name: &'t str) -> PartId {
        let shape = Type::of_name(name).map_or(Shape::Unknown(name), Shape::Typed);
        let id = self.part(node, shape);
        if let Some(part) = self.parts.all.get_mut(id) {
            part.is_typed = true;
        }
        id
    }

    /// The parts of a schema: each combination is one, each type takes its keywords, and keywords without their type are a
    /// part as well. Up to draft 7 a reference hides what stands beside it.
    fn keywords(&mut self, node: Node<'t>) -> Result<Vec<PartId>, Problem> {
        let draft = self.document.draft;
        let mut parts = Vec::new();
        if reference(node).is_some() {
            let shape = self.reference(node)?;
            parts.push(self.part(node, shape));
            if draft < Draft::Modern {
                return Ok(parts);
            }
        }
        if node.get("enum").is_some_and(|it| it.kind() == Kind::Sequence) {
            parts.push(self.part(node, Shape::Enum));
        }
        for (_, criterion) in Criterion::ALL {
            if let Some(branches) = self.branches(node, criterion) {
                parts.push(self.part(node, Shape::Combined { criterion, parts: branches }));
            }
        }
        if let Some(not) = node.get("not").filter(|it| is_schema(*it)) {
            let shape = Shape::Not(self.child(not));
            parts.push(self.part(node, shape));
        }
        if draft > Draft::Four && node.get("const").is_some() {
            parts.push(self.part(node, Shape::Const));
        }
        let mut consumed = Vec::new();
        match node.get("type") {
            Some(list) if list.kind() == Kind::Sequence => {
                let names: Vec<_> = list.items().filter_map(Node::as_str).collect();
                consumed.extend(names.iter().filter_map(|it| Type::of_name(it)));
                let types = names.into_iter().map(|it| self.of_type(node, it)).collect();
                parts.push(self.part(node, Shape::Combined { criterion: Criterion::Any, parts: types }));
            }
            Some(one) => {
                if let Some(name) = one.as_str() {
                    consumed.extend(Type::of_name(name));
                    parts.push(self.of_type(node, name));
                }
            }
            None => {}
        }
        for ty in [Type::Array, Type::Object, Type::Number, Type::String] {
            let is_said = ty.keywords(draft).iter().any(|it| node.get(it).is_some());
            if is_said && !consumed.iter().any(|it| it.class() == ty) {
                parts.push(self.part(node, Shape::Typed(ty)));
            }
        }
        let is_condition = match draft {
            Draft::Four | Draft::Six => false,
            Draft::Seven => ["if", "then", "else"].iter().any(|it| node.get(it).is_some()),
            Draft::Modern => node.get("if").is_some(),
        };
        if is_condition {
            parts.push(self.part(node, Shape::Condition));
        }
        Ok(parts)
    }
}
