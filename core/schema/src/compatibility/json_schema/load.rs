//! Takes a schema text apart.

use archwright_syntax::data::{Kind, Node};
use rustc_hash::FxHashSet;

use super::document::{Document, Draft, Target, is_schema, reference};
use super::parts::{Criterion, Part, PartId, Parts, Shape, Type};
use crate::Diagnostic;

impl<'t> Parts<'t> {
    /// Takes a whole schema text apart; the number of its root. Nothing here recurses: what is inside of a schema is
    /// put off.
    pub(super) fn read(&mut self, document: &Document<'t>) -> Result<PartId, Diagnostic> {
        let root = self.reserve(document.root);
        let mut loader = Loader { parts: self, document, open: vec![document.root] };
        while let Some(node) = loader.open.pop() {
            loader.load(node)?;
        }
        self.take_prints(root);
        Ok(root)
    }
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
        let known = self.parts.len();
        let id = self.parts.reserve(node);
        if id == known {
            self.open.push(node.alias_of().unwrap_or(node));
        }
        id
    }

    /// A part of a schema that has several.
    fn part(&mut self, node: Node<'t>, shape: Shape<'t>) -> PartId {
        let draft = self.document.draft;
        self.parts.add(Part { node, draft, shape, is_whole: false, values: FxHashSet::default(), is_typed: false })
    }

    fn load(&mut self, node: Node<'t>) -> Result<(), Diagnostic> {
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
            if let Some(part) = self.parts.get_mut(id) {
                part.shape = shape;
                part.is_typed = is_typed;
            }
        }
        if let Some(part) = self.parts.get_mut(id) {
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
    fn reference(&mut self, node: Node<'t>) -> Result<Shape<'t>, Diagnostic> {
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
        if let Some(part) = self.parts.get_mut(id) {
            part.is_typed = true;
        }
        id
    }

    /// The parts of a schema: each combination is one, each type takes its keywords, and keywords without their type
    /// are a part as well. Up to draft 7 a reference hides what stands beside it.
    fn keywords(&mut self, node: Node<'t>) -> Result<Vec<PartId>, Diagnostic> {
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
                let list = self.part(node, Shape::Combined { criterion: Criterion::Any, parts: types });
                if let Some(part) = self.parts.get_mut(list) {
                    part.is_typed = true;
                }
                parts.push(list);
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
