//! Whether a reader with one Avro schema resolves what was written with another (Avro 1.12, "Schema Resolution").
//!
//! Kinds and order follow the reference implementation, which the registries use; its names of kinds are theirs as
//! well.

mod meaning;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use archwright_syntax::{
    Span,
    data::{Format, Node, Tree, parse},
};
use rustc_hash::FxHashMap;

use super::{Change, InvalidSchema, Pair, Place, Profile, Version};
use crate::avro::ambiguous;
use crate::avro::types::{Field, Name, Shape, Type, TypeDiagnostic, TypeId, Types};

pub(super) fn compare(pair: &Pair<'_>) -> Result<Vec<Change>, InvalidSchema> {
    let (reader_tree, writer_tree) = (parse(pair.reader.text, Format::Json), parse(pair.writer.text, Format::Json));
    let reader = types(&reader_tree, pair.reader)?;
    let writer = types(&writer_tree, pair.writer)?;
    let mut resolution = Resolution {
        reader: &reader,
        writer: &writer,
        profile: pair.profile,
        branches: FxHashMap::default(),
        known: FxHashMap::default(),
        steps: 0,
        dropped: 0,
        is_too_large: false,
    };
    let found = resolution.resolve(reader.root, writer.root, 0);
    if resolution.is_too_large {
        let place = reader_tree.root().map_or(Span::new(0, 0), span);
        let message =
            "The schemas are too large to be compared, or refer to each other too often; split them up.".to_owned();
        return Err(InvalidSchema { place: Place { version: pair.reader.index, span: place }, message });
    }
    let changes = found.iter().map(|it| {
        let mut change =
            pair.change(it.kind, it.path(), Some(span(it.writer)), Some(span(it.reader)), it.message.to_string());
        change.advice = Some(it.advice.to_owned());
        if it.is_open {
            change.breaks.clear();
            change.is_open = true;
        }
        change
    });
    let at = |tree: &Tree| tree.root().map_or(Span::new(0, 0), span);
    let more = pair.more(resolution.dropped, at(&writer_tree), at(&reader_tree));
    Ok(changes.chain(more).collect())
}

/// Of an object, its name, or the word that says what it is: all of it would hide the rest.
fn span(node: Node<'_>) -> Span {
    node.get("name").or_else(|| node.get("type").filter(|it| it.as_str().is_some())).unwrap_or(node).span()
}

fn types<'t>(tree: &'t Tree, version: Version<'_>) -> Result<Types<'t>, InvalidSchema> {
    let invalid = |span, message: String| InvalidSchema { place: Place { version: version.index, span }, message };
    if let Some(error) = tree.errors().first() {
        return Err(invalid(error.span, error.message.clone()));
    }
    let place = |it: &TypeDiagnostic<'_>| it.node.map_or(Span::new(0, 0), span);
    let types = Types::of(tree).map_err(|it| invalid(place(&it), it.message))?;
    for ty in types.iter() {
        if let Shape::Union(branches) = &ty.shape
            && let Some((node, message)) = ambiguous(&types, branches).into_iter().next()
        {
            return Err(invalid(span(node), message));
        }
    }
    Ok(types)
}

/// One thing that does not resolve.
#[derive(Clone)]
struct Found<'t> {
    kind: &'static str,
    path: Option<Rc<Path>>,
    reader: Node<'t>,
    writer: Node<'t>,
    message: Rc<str>,
    advice: &'static str,
    /// Whether it resolves all the same, and only means something else.
    is_open: bool,
}

/// A step on the way to what does not resolve. The same finding lies on the ways through all types that lead to it, so
/// these share what is the same.
struct Path {
    token: Token,
    rest: Option<Rc<Self>>,
}

/// A key of the schema, or a place in a list of it.
#[derive(Clone, Copy)]
enum Token {
    Key(&'static str),
    Index(usize),
}

/// Whether none of this keeps a reader from reading.
fn resolves(found: &[Found<'_>]) -> bool {
    found.iter().all(|it| it.is_open)
}

impl Found<'_> {
    fn path(&self) -> String {
        let mut told = String::new();
        let mut at = self.path.as_deref();
        while let Some(step) = at {
            told += "/";
            match step.token {
                Token::Key(key) => told += key,
                Token::Index(index) => told += &index.to_string(),
            }
            at = step.rest.as_deref();
        }
        told
    }
}

/// How many pairs of types are compared or looked up. Unions of unions of records multiply: each branch is tried with
/// each.
const MAX_STEPS: usize = 5_000_000;

/// Deeper than types lead to each other without recursion, which is known by its pair.
const MAX_DEPTH: usize = 400;

/// How many findings of one pair of types inside of others are kept.
const MAX_FOUND: usize = 200;

/// How many findings of two whole schemas are kept.
const MAX_TOLD: usize = 2_000;

fn limit(depth: usize) -> usize {
    if depth == 0 { MAX_TOLD } else { MAX_FOUND }
}

/// Of how many lookups a finding takes the place: about a million are kept.
const COST_OF_FINDING: usize = 5;

/// The comparison of two schemas.
struct Resolution<'s, 't> {
    reader: &'s Types<'t>,
    writer: &'s Types<'t>,
    profile: Profile,
    /// The branches of the reader's unions by their names.
    branches: FxHashMap<TypeId, Branches<'s>>,
    /// What came of each pair of types; nothing while it is being looked at, where it is taken to resolve.
    known: FxHashMap<(TypeId, TypeId), Rc<[Found<'t>]>>,
    steps: usize,
    /// How many findings are not listed.
    dropped: usize,
    /// Whether a limit was reached, so that nothing can be said.
    is_too_large: bool,
}

/// The branches of a union by their names.
struct Branches<'s> {
    by_name: FxHashMap<&'s str, Vec<TypeId>>,
    /// Those without a name, and those that go by others, too.
    rest: Vec<TypeId>,
}

impl<'s> Branches<'s> {
    fn of(types: &'s Types<'_>, branches: &[TypeId]) -> Self {
        let mut all = Self { by_name: FxHashMap::default(), rest: Vec::new() };
        for &id in branches {
            let Some(ty) = types.get(id) else { continue };
            match name_of(ty).filter(|_| ty.node.get("aliases").is_none()) {
                Some(name) => all.by_name.entry(name.simple()).or_default().push(id),
                None => all.rest.push(id),
            }
        }
        all
    }

    /// Those that may take a type with a name, or one without.
    fn called(&self, name: Option<&str>) -> Vec<TypeId> {
        let named = name.and_then(|it| self.by_name.get(it));
        let all = name.is_none().then_some(&self.by_name).into_iter().flat_map(FxHashMap::values);
        named.into_iter().chain(all).flatten().chain(&self.rest).copied().collect()
    }
}

fn name_of<'a>(ty: &'a Type<'_>) -> Option<&'a Name> {
    match &ty.shape {
        Shape::Fixed { name, .. } | Shape::Enum { name, .. } | Shape::Record { name, .. } => Some(name),
        _ => None,
    }
}

const KEEP_TYPE: &str = "Keep the type and add a field with a default for the new one, or start a new subject.";

impl<'t> Resolution<'_, 't> {
    fn resolve(&mut self, reader: TypeId, writer: TypeId, depth: usize) -> Rc<[Found<'t>]> {
        self.steps += 1;
        if let Some(known) = self.known.get(&(reader, writer)) {
            return Rc::clone(known);
        }
        if self.is_too_large || self.steps > MAX_STEPS || depth > MAX_DEPTH {
            self.is_too_large = true;
            return Rc::default();
        }
        self.known.insert((reader, writer), Rc::default());
        let mut found = self.compare(reader, writer, depth + 1);
        self.dropped += found.len().saturating_sub(limit(depth));
        found.truncate(limit(depth));
        // What is kept takes room, so it counts as well.
        self.steps += COST_OF_FINDING * found.len();
        let found: Rc<[Found<'t>]> = found.into();
        self.known.insert((reader, writer), Rc::clone(&found));
        found
    }

    fn compare(&mut self, reader_id: TypeId, writer_id: TypeId, depth: usize) -> Vec<Found<'t>> {
        let (types, written) = (self.reader, self.writer);
        let (Some(reader), Some(writer)) = (types.get(reader_id), written.get(writer_id)) else { return Vec::new() };
        match (&reader.shape, &writer.shape) {
            (Shape::Union(_), Shape::Union(branches)) => {
                let mut found = Vec::new();
                for (at, branch) in branches.iter().enumerate() {
                    if self.is_too_large {
                        break;
                    }
                    let of_branch = self.resolve(reader_id, *branch, depth);
                    if resolves(&of_branch) {
                        found.extend(below(Token::Index(at), of_branch.to_vec()));
                    } else {
                        found.extend(self.missing_branch(reader, *branch, Some(at)));
                    }
                }
                found
            }
            // A reader that takes every branch takes the union.
            (_, Shape::Union(branches)) => {
                branches.iter().flat_map(|it| self.resolve(reader_id, *it, depth).to_vec()).collect()
            }
            (Shape::Union(branches), _) => {
                // Most branches are of another name; what is inside of them need not be looked at.
                let wanted = name_of(writer).map(Name::simple);
                let named = self.branches.entry(reader_id).or_insert_with(|| Branches::of(types, branches));
                let mut read: Option<Rc<[Found<'t>]>> = None;
                for it in named.called(wanted) {
                    let is_named_so = types.get(it).is_some_and(|it| self.may_be(it, writer));
                    let of_branch = if is_named_so { self.resolve(it, writer_id, depth) } else { continue };
                    if of_branch.is_empty() {
                        return Vec::new();
                    }
                    if resolves(&of_branch) {
                        read.get_or_insert(of_branch);
                    }
                }
                match read {
                    Some(it) => it.to_vec(),
                    None => self.missing_branch(reader, writer_id, None).into_iter().collect(),
                }
            }
            (Shape::Primitive(one), Shape::Primitive(other)) if one.reads(*other) => {
                meaning::change(reader, writer).into_iter().collect()
            }
            (Shape::Array(one), Shape::Array(other)) => {
                below(Token::Key("items"), self.resolve(*one, *other, depth).to_vec())
            }
            (Shape::Map(one), Shape::Map(other)) => {
                below(Token::Key("values"), self.resolve(*one, *other, depth).to_vec())
            }
            (Shape::Fixed { name, size }, Shape::Fixed { name: written_name, size: written_size }) => {
                let mut found = self.names(reader, writer, name, written_name);
                if size != written_size {
                    let message = format!("`{}` takes {size} bytes, but was written with {written_size}.", name.0);
                    found.push(finding("FIXED_SIZE_MISMATCH", "size", reader, writer, message, KEEP_TYPE));
                }
                if found.is_empty() {
                    found.extend(meaning::change(reader, writer));
                }
                found
            }
            (Shape::Enum { name, symbols, default }, Shape::Enum { name: written_name, symbols: written, .. }) => {
                let mut found = self.names(reader, writer, name, written_name);
                let is_missing = |it: &&Node<'_>| it.as_str().is_some_and(|it| !symbols.has(it));
                let missing: Vec<_> = written.nodes.iter().filter(is_missing).collect();
                let covered = default.is_some_and(|it| symbols.has(it));
                if let (Some(first), false) = (missing.first(), covered) {
                    let list: Vec<_> =
                        missing.iter().filter_map(|it| it.as_str()).map(|it| format!("`{it}`")).collect();
                    let message =
                        format!("The enum `{}` has no {}: a reader cannot read them.", name.0, list.join(", "));
                    let advice = "Give the enum a `default` symbol that stands for what a reader does not know, and \
                        roll that out first.";
                    let mut missing = finding("MISSING_ENUM_SYMBOLS", "symbols", reader, writer, message, advice);
                    missing.writer = **first;
                    found.push(missing);
                }
                found
            }
            (Shape::Record { name, fields }, Shape::Record { name: written_name, fields: written }) => {
                let mut found = self.names(reader, writer, name, written_name);
                for (at, field) in fields.iter().enumerate() {
                    let of_field = self.field(field, written, writer, depth);
                    found.extend(below(Token::Key("fields"), below(Token::Index(at), of_field)));
                    if found.len() > limit(depth.saturating_sub(1)) {
                        break;
                    }
                }
                found
            }
            _ => {
                let message = format!("A reader expects {}, but {} was written.", describe(reader), describe(writer));
                let mut found = finding("TYPE_MISMATCH", "", reader, writer, message, KEEP_TYPE);
                found.path = None;
                vec![found]
            }
        }
    }

    fn field(&mut self, field: &Field<'t>, written: &[Field<'t>], writer: &Type<'t>, depth: usize) -> Vec<Found<'t>> {
        let named = |name: &str| written.iter().find(|it| it.name == name);
        if let Some(other) = named(field.name).or_else(|| field.aliases.iter().find_map(|it| named(it))) {
            return below(Token::Key("type"), self.resolve(field.ty, other.ty, depth).to_vec());
        }
        if field.has_default {
            return Vec::new();
        }
        // The default of an enum stands for unknown symbols, not for a field that is missing.
        let of_enum =
            self.reader.get(field.ty).is_some_and(|it| matches!(it.shape, Shape::Enum { default: Some(_), .. }));
        let besides = if of_enum {
            "; the default of its enum does not count, it stands for symbols that a reader does not know"
        } else {
            ""
        };
        let message =
            format!("The field `{}` has no default, and what was written has no such field{besides}.", field.name);
        vec![Found {
            kind: "READER_FIELD_MISSING_DEFAULT_VALUE",
            path: None,
            reader: field.node,
            writer: writer.node,
            message: message.into(),
            advice: "Give the field a `default`.",
            is_open: false,
        }]
    }

    fn missing_branch(&self, reader: &Type<'t>, branch: TypeId, at: Option<usize>) -> Option<Found<'t>> {
        let branch = self.writer.get(branch)?;
        let message =
            format!("{} may have been written, and no branch of the reader's union takes it.", describe(branch));
        let message = message.strip_prefix('a').map_or_else(|| message.clone(), |rest| format!("A{rest}")).into();
        let path = at.map(|it| Rc::new(Path { token: Token::Index(it), rest: None }));
        let advice = "Keep the branch until nobody writes it any more, and add new ones to readers before writers.";
        let (reader, writer) = (reader.node, branch.node);
        Some(Found { kind: "MISSING_UNION_BRANCH", path, reader, writer, message, advice, is_open: false })
    }

    /// Whether the writer's type goes by a name the reader's has, as far as both have names.
    fn may_be(&self, reader: &Type<'t>, writer: &Type<'t>) -> bool {
        match (&reader.shape, &writer.shape) {
            (Shape::Fixed { name, .. }, Shape::Fixed { name: written, .. })
            | (Shape::Enum { name, .. }, Shape::Enum { name: written, .. })
            | (Shape::Record { name, .. }, Shape::Record { name: written, .. }) => {
                self.is_same_name(reader, name, written)
            }
            _ => true,
        }
    }

    /// Resolution compares the names without their namespaces, and aliases with them.
    fn is_same_name(&self, reader: &Type<'t>, name: &Name, written: &Name) -> bool {
        name.simple() == written.simple() || self.is_alias(reader, name, written)
    }

    fn names(&self, reader: &Type<'t>, writer: &Type<'t>, name: &Name, written: &Name) -> Vec<Found<'t>> {
        if self.is_same_name(reader, name, written) {
            return Vec::new();
        }
        let message =
            format!("A reader expects `{}`, but `{}` was written: types resolve by their names.", name.0, written.0);
        let advice = "Keep the name, or give the new type the old full name as one of its `aliases`: readers take \
            what was written before.";
        vec![finding("NAME_MISMATCH", "name", reader, writer, message, advice)]
    }

    /// Whether the reader's type also goes by the writer's name. An alias without a namespace has that of its type;
    /// Karapace takes it as it is written.
    fn is_alias(&self, reader: &Type<'t>, name: &Name, written: &Name) -> bool {
        let full = |alias: &str| match self.profile {
            Profile::Karapace => alias == written.0,
            _ => name.beside(alias) == *written,
        };
        reader.node.get("aliases").into_iter().flat_map(Node::items).filter_map(Node::as_str).any(full)
    }
}

fn below(token: Token, mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    for it in &mut found {
        it.path = Some(Rc::new(Path { token, rest: it.path.take() }));
    }
    found
}

fn finding<'t>(
    kind: &'static str,
    key: &'static str,
    reader: &Type<'t>,
    writer: &Type<'t>,
    message: String,
    advice: &'static str,
) -> Found<'t> {
    let at = |it: &Type<'t>| it.node.get(key).unwrap_or(it.node);
    let path = Some(Rc::new(Path { token: Token::Key(key), rest: None }));
    Found { kind, path, reader: at(reader), writer: at(writer), message: message.into(), advice, is_open: false }
}

fn describe(ty: &Type<'_>) -> String {
    match &ty.shape {
        Shape::Primitive(it) => format!("a value of type `{}`", it.name()),
        Shape::Array(_) => "an array".to_owned(),
        Shape::Map(_) => "a map".to_owned(),
        Shape::Fixed { name, .. } => format!("the fixed type `{}`", name.0),
        Shape::Enum { name, .. } => format!("the enum `{}`", name.0),
        Shape::Record { name, .. } => format!("the record `{}`", name.0),
        Shape::Union(_) => "a union".to_owned(),
        Shape::Unknown => "an unknown type".to_owned(),
    }
}
