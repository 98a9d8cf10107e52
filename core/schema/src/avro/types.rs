//! Avro schemas as types that refer to each other, each with the place it was declared at.

use std::cell::RefCell;

use archwright_syntax::{
    Guesses,
    data::{Kind, Node, NodeId, Tree},
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::instance::{NoReferences, Resolve};

/// A type's number in its [`Types`].
pub(crate) type TypeId = usize;

/// All types of a schema.
pub(crate) struct Types<'t> {
    all: Vec<Type<'t>>,
    pub(crate) root: TypeId,
    /// What is wrong with the schema, in the order it was found.
    pub(crate) problems: Vec<TypeDiagnostic<'t>>,
    /// Shared by all values that are checked.
    pub(crate) guesses: RefCell<Guesses>,
}

/// A type and where it is written.
pub(crate) struct Type<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) shape: Shape<'t>,
}

/// What a type is.
pub(crate) enum Shape<'t> {
    Primitive(Primitive),
    Array(TypeId),
    Map(TypeId),
    Fixed {
        name: Name,
        size: i64,
    },
    Enum {
        name: Name,
        symbols: Symbols<'t>,
        default: Option<&'t str>,
    },
    Record {
        name: Name,
        fields: Vec<Field<'t>>,
    },
    Union(Vec<TypeId>),
    /// What could not be read; a problem says why, unless a reference leads to where nothing is known.
    Unknown,
}

/// The symbols of an enum.
pub(crate) struct Symbols<'t> {
    pub(crate) nodes: Vec<Node<'t>>,
    names: FxHashSet<&'t str>,
}

impl<'t> Symbols<'t> {
    fn new(nodes: Vec<Node<'t>>) -> Self {
        let names = nodes.iter().filter_map(|it| it.as_str()).collect();
        Self { nodes, names }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'t str> {
        self.nodes.iter().filter_map(|it| it.as_str())
    }
}

/// The types without parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Primitive {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
}

/// A full name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Name(pub(crate) String);

/// A field of a record.
pub(crate) struct Field<'t> {
    pub(crate) name: &'t str,
    pub(crate) node: Node<'t>,
    pub(crate) aliases: Vec<&'t str>,
    pub(crate) ty: TypeId,
    pub(crate) has_default: bool,
}

/// Why a text is no schema.
pub(crate) struct TypeDiagnostic<'t> {
    pub(crate) node: Option<Node<'t>>,
    pub(crate) message: String,
    /// The full name that stands for no type of the schema, if that is the mistake: registries know of further ones.
    pub(crate) undeclared: Option<String>,
}

/// Deeper than anybody nests types.
const MAX_DEPTH: usize = 200;

/// More types than anybody declares in one schema.
const MAX_TYPES: usize = 100_000;

impl Primitive {
    const ALL: [(&'static str, Self); 8] = [
        ("null", Self::Null),
        ("boolean", Self::Boolean),
        ("int", Self::Int),
        ("long", Self::Long),
        ("float", Self::Float),
        ("double", Self::Double),
        ("bytes", Self::Bytes),
        ("string", Self::String),
    ];

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.0 == name).map(|it| it.1)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|it| it.1 == self).map_or("", |it| it.0)
    }

    /// Whether a reader of this type takes what was written as the other (Avro 1.12, "Schema Resolution").
    pub(crate) fn reads(self, written: Self) -> bool {
        use Primitive::{Bytes, Double, Float, Int, Long, String};
        self == written
            || matches!(
                (self, written),
                (Long, Int) | (Float, Int | Long) | (Double, Int | Long | Float) | (Bytes, String) | (String, Bytes)
            )
    }
}

impl Name {
    fn new(name: &str, namespace: &str) -> Self {
        if name.contains('.') || namespace.is_empty() {
            Self(name.trim_start_matches('.').to_owned())
        } else {
            Self(format!("{namespace}.{name}"))
        }
    }

    fn namespace(&self) -> &str {
        self.0.rsplit_once('.').map_or("", |it| it.0)
    }

    /// The full name of an alias of this type: its namespace is that of the type unless it has its own.
    pub(crate) fn beside(&self, alias: &str) -> Self {
        Self::new(alias, self.namespace())
    }

    /// The name without its namespace, which is what resolution compares.
    pub(crate) fn simple(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }
}

impl<'t> Types<'t> {
    /// Reads a schema that is whole and has no mistake.
    pub(crate) fn of(tree: &'t Tree) -> Result<Self, TypeDiagnostic<'t>> {
        let root = tree.root().ok_or_else(|| TypeDiagnostic {
            node: None,
            message: "The text is empty; an Avro schema is JSON.".to_owned(),
            undeclared: None,
        })?;
        let mut types = Self::read(root, &NoReferences);
        if types.problems.is_empty() { Ok(types) } else { Err(types.problems.swap_remove(0)) }
    }

    /// Reads a schema with the mistakes it has. References (`$ref`) are no part of Avro, but of the documents it stands
    /// in.
    pub(crate) fn read(root: Node<'t>, resolver: &dyn Resolve<'t>) -> Self {
        let named = FxHashMap::default();
        let mut reader = Reader {
            resolver,
            types: Vec::new(),
            named,
            declared: FxHashMap::default(),
            problems: Vec::new(),
            guesses: Guesses::default(),
            is_cut: false,
        };
        let root = reader.read(root, "", 0);
        Self { all: reader.types, root, problems: reader.problems, guesses: RefCell::new(reader.guesses) }
    }

    pub(crate) fn get(&self, id: TypeId) -> Option<&Type<'t>> {
        self.all.get(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Type<'t>> {
        self.all.iter()
    }
}

struct Reader<'t, 'r> {
    resolver: &'r dyn Resolve<'t>,
    /// A record that is still being read is unknown.
    types: Vec<Type<'t>>,
    named: FxHashMap<String, TypeId>,
    /// The types by the node that declares them, which references may lead to twice.
    declared: FxHashMap<(*const Tree, NodeId), TypeId>,
    problems: Vec<TypeDiagnostic<'t>>,
    guesses: Guesses,
    /// Whether it was told that the schema is too large.
    is_cut: bool,
}

impl<'t> Reader<'t, '_> {
    fn add(&mut self, node: Node<'t>, shape: Shape<'t>) -> TypeId {
        self.types.push(Type { node, shape });
        self.types.len() - 1
    }

    fn wrong(&mut self, node: Node<'t>, message: impl Into<String>) -> TypeId {
        self.problem(node, message);
        self.add(node, Shape::Unknown)
    }

    fn problem(&mut self, node: Node<'t>, message: impl Into<String>) {
        self.problems.push(TypeDiagnostic { node: Some(node), message: message.into(), undeclared: None });
    }

    fn read(&mut self, node: Node<'t>, namespace: &str, depth: usize) -> TypeId {
        if depth > MAX_DEPTH || self.types.len() > MAX_TYPES {
            // What is left out behind this place would be told again and again.
            if std::mem::replace(&mut self.is_cut, true) {
                return self.add(node, Shape::Unknown);
            }
            let message = format!(
                "From here on the schema is not read: it nests more than {MAX_DEPTH} levels deep or has more than \
                 {MAX_TYPES} types."
            );
            return self.wrong(node, message);
        }
        match node.kind() {
            Kind::String => self.named(node, node.as_str().unwrap_or_default(), namespace),
            Kind::Sequence => {
                let branches = node.items().map(|it| self.read(it, namespace, depth + 1)).collect();
                self.add(node, Shape::Union(branches))
            }
            Kind::Mapping => match (node.get("$ref").and_then(Node::as_str), node.get("type")) {
                (Some(reference), None) => self.reference(node, reference, namespace, depth),
                (_, Some(ty)) if ty.kind() == Kind::String => {
                    self.object(node, ty.as_str().unwrap_or_default(), namespace, depth)
                }
                (_, Some(ty)) => self.read(ty, namespace, depth + 1),
                (None, None) => self.wrong(node, "A type is missing: an Avro schema object has the key `type`."),
            },
            other => self.wrong(node, format!("{} is no type; write a name, an object or a list.", other.describe())),
        }
    }

    fn reference(&mut self, node: Node<'t>, reference: &'t str, namespace: &str, depth: usize) -> TypeId {
        let Some(target) = self.resolver.resolve(node, reference) else { return self.add(node, Shape::Unknown) };
        match self.declared.get(&(std::ptr::from_ref(target.tree()), target.id())) {
            Some(known) => *known,
            None => self.read(target, namespace, depth + 1),
        }
    }

    fn named(&mut self, node: Node<'t>, name: &str, namespace: &str) -> TypeId {
        if let Some(primitive) = Primitive::of(name) {
            return self.add(node, Shape::Primitive(primitive));
        }
        let full = Name::new(name, namespace);
        // A name without namespace may also be one that was declared without.
        match self.named.get(&full.0).or_else(|| self.named.get(name)) {
            Some(id) => *id,
            None => {
                let known = Primitive::ALL.into_iter().map(|it| it.0).chain(self.named.keys().map(String::as_str));
                let hint = self.guesses.nearest(name, known);
                let hint = hint.map_or_else(String::new, |it| format!(" Did you mean `{it}`?"));
                let id = self.wrong(node, format!("`{name}` is no type: it was not declared before this place.{hint}"));
                self.problems.last_mut().into_iter().for_each(|it| it.undeclared = Some(full.0.clone()));
                id
            }
        }
    }

    fn object(&mut self, node: Node<'t>, ty: &str, namespace: &str, depth: usize) -> TypeId {
        match ty {
            "array" => match node.get("items") {
                Some(items) => {
                    let items = self.read(items, namespace, depth + 1);
                    self.add(node, Shape::Array(items))
                }
                None => self.wrong(node, "An array needs `items`."),
            },
            "map" => match node.get("values") {
                Some(values) => {
                    let values = self.read(values, namespace, depth + 1);
                    self.add(node, Shape::Map(values))
                }
                None => self.wrong(node, "A map needs `values`."),
            },
            "record" | "error" => self.record(node, namespace, depth),
            "enum" => {
                let Some(symbols) = node.get("symbols").filter(|it| it.kind() == Kind::Sequence) else {
                    return self.wrong(node, "An enum needs `symbols`.");
                };
                let default = node.get("default").and_then(Node::as_str);
                let symbols = Symbols::new(symbols.items().collect());
                self.declare(node, namespace, |name| Shape::Enum { name, symbols, default })
            }
            "fixed" => match node.get("size").and_then(Node::as_i64) {
                Some(size) => self.declare(node, namespace, |name| Shape::Fixed { name, size }),
                None => self.wrong(node, "A fixed type needs its `size` in bytes."),
            },
            other => match Primitive::of(other) {
                Some(it) => self.add(node, Shape::Primitive(it)),
                None => self.named(node.get("type").unwrap_or(node), other, namespace),
            },
        }
    }

    fn declare(&mut self, node: Node<'t>, namespace: &str, shape: impl FnOnce(Name) -> Shape<'t>) -> TypeId {
        let Some(name) = self.name_of(node, namespace) else { return self.add(node, Shape::Unknown) };
        let id = self.types.len();
        self.reserve(node, &name, id);
        self.add(node, shape(name))
    }

    fn name_of(&mut self, node: Node<'t>, namespace: &str) -> Option<Name> {
        match node.get("name").and_then(Node::as_str).filter(|it| !it.is_empty()) {
            Some(name) => Some(Name::new(name, node.get("namespace").and_then(Node::as_str).unwrap_or(namespace))),
            None => {
                self.problem(node, "A record, an enum and a fixed type need a `name`.");
                None
            }
        }
    }

    fn reserve(&mut self, node: Node<'t>, name: &Name, id: TypeId) {
        self.declared.insert((std::ptr::from_ref(node.tree()), node.id()), id);
        if Primitive::of(&name.0).is_some() || self.named.insert(name.0.clone(), id).is_some() {
            let message = format!("`{}` is declared already; a name stands for one type.", name.0);
            self.problem(node.get("name").unwrap_or(node), message);
        }
    }

    fn record(&mut self, node: Node<'t>, namespace: &str, depth: usize) -> TypeId {
        let name = self.name_of(node, namespace);
        // Its fields may refer to it.
        let id = self.types.len();
        if let Some(name) = &name {
            self.reserve(node, name, id);
        }
        // What stands in a record without a name is read all the same: it may have further mistakes.
        let name = name.unwrap_or_else(|| Name::new("", namespace));
        self.add(node, Shape::Unknown);
        let Some(list) = node.get("fields").filter(|it| it.kind() == Kind::Sequence) else {
            self.problem(node.get("fields").unwrap_or(node), "A record needs `fields`, a list.");
            return id;
        };
        let mut fields: Vec<Field<'t>> = Vec::new();
        let mut names = FxHashSet::default();
        for field in list.items() {
            let Some(field_name) = field.get("name").and_then(Node::as_str) else {
                self.problem(field, "A field needs a `name`.");
                continue;
            };
            if !names.insert(field_name) {
                self.problem(field.get("name").unwrap_or(field), format!("There are two fields `{field_name}`."));
            }
            let ty = match field.get("type") {
                Some(ty) => self.read(ty, name.namespace(), depth + 1),
                None => self.wrong(field, format!("The field `{field_name}` needs a `type`.")),
            };
            let aliases = field.get("aliases").into_iter().flat_map(Node::items).filter_map(Node::as_str).collect();
            fields.push(Field {
                name: field_name,
                node: field,
                aliases,
                ty,
                has_default: field.get("default").is_some(),
            });
        }
        if let Some(place) = self.types.get_mut(id) {
            *place = Type { node, shape: Shape::Record { name, fields } };
        }
        id
    }
}
