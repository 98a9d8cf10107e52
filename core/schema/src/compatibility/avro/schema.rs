//! Avro schemas as types that refer to each other, each with the place it was declared at.

use archwright_syntax::data::{Kind, Node, Tree};
use rustc_hash::FxHashMap;

/// A type's number in its [`Types`].
pub(super) type TypeId = usize;

/// All types of a schema.
pub(super) struct Types<'t> {
    types: Vec<Type<'t>>,
    pub(super) root: TypeId,
}

/// A type and where it is written.
pub(super) struct Type<'t> {
    pub node: Node<'t>,
    pub shape: Shape<'t>,
}

/// What a type is.
pub(super) enum Shape<'t> {
    Primitive(Primitive),
    Array(TypeId),
    Map(TypeId),
    Fixed { name: Name, size: i64 },
    Enum { name: Name, symbols: Vec<Node<'t>>, default: Option<&'t str> },
    Record { name: Name, fields: Vec<Field<'t>> },
    Union(Vec<TypeId>),
}

/// The types without parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Primitive {
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
pub(super) struct Name(pub String);

/// A field of a record.
pub(super) struct Field<'t> {
    pub name: &'t str,
    pub node: Node<'t>,
    pub aliases: Vec<&'t str>,
    pub ty: TypeId,
    pub has_default: bool,
}

/// Why a text is no schema.
pub(super) struct Problem<'t> {
    pub node: Option<Node<'t>>,
    pub message: String,
}

/// Deeper than anybody nests types.
const MAX_DEPTH: usize = 200;

/// More types than anybody declares in one schema.
const MAX_TYPES: usize = 20_000;

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

    pub(super) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|it| it.1 == self).map_or("", |it| it.0)
    }

    /// Whether a reader of this type takes what was written as the other (Avro 1.12, "Schema Resolution").
    pub(super) fn reads(self, written: Self) -> bool {
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

    /// The name without its namespace, which is what resolution compares.
    pub(super) fn simple(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }
}

impl<'t> Types<'t> {
    /// Reads a schema.
    pub(super) fn of(tree: &'t Tree) -> Result<Self, Problem<'t>> {
        let root = tree.root().ok_or_else(|| Problem { node: None, message: "The text is empty; an Avro schema is JSON.".to_owned() })?;
        let mut reader = Reader { types: Vec::new(), named: FxHashMap::default() };
        let root = reader.read(root, "", 0)?;
        let Reader { types, .. } = reader;
        let types = types.into_iter().flatten().collect();
        Ok(Self { types, root })
    }

    pub(super) fn get(&self, id: TypeId) -> Option<&Type<'t>> {
        self.types.get(id)
    }
}

struct Reader<'t> {
    /// Nothing for a record that is still being read.
    types: Vec<Option<Type<'t>>>,
    named: FxHashMap<String, TypeId>,
}

impl<'t> Reader<'t> {
    fn add(&mut self, node: Node<'t>, shape: Shape<'t>) -> TypeId {
        self.types.push(Some(Type { node, shape }));
        self.types.len() - 1
    }

    fn read(&mut self, node: Node<'t>, namespace: &str, depth: usize) -> Result<TypeId, Problem<'t>> {
        let wrong = |message: String| Err(Problem { node: Some(node), message });
        if depth > MAX_DEPTH || self.types.len() > MAX_TYPES {
            return wrong("The schema is nested too deeply or has too many types to be compared.".to_owned());
        }
        match node.kind() {
            Kind::String => self.named(node, node.as_str().unwrap_or_default(), namespace),
            Kind::Sequence => {
                let mut branches = Vec::new();
                for branch in node.items() {
                    branches.push(self.read(branch, namespace, depth + 1)?);
                }
                Ok(self.add(node, Shape::Union(branches)))
            }
            Kind::Mapping => match node.get("type") {
                Some(ty) if ty.kind() == Kind::String => self.object(node, ty.as_str().unwrap_or_default(), namespace, depth),
                Some(ty) => self.read(ty, namespace, depth + 1),
                None => wrong("A type is missing: an Avro schema object has the key `type`.".to_owned()),
            },
            other => wrong(format!("{} is no type; write a name, an object or a list.", other.describe())),
        }
    }

    fn named(&mut self, node: Node<'t>, name: &str, namespace: &str) -> Result<TypeId, Problem<'t>> {
        if let Some(primitive) = Primitive::of(name) {
            return Ok(self.add(node, Shape::Primitive(primitive)));
        }
        let full = Name::new(name, namespace);
        // A name without namespace may also be one that was declared without.
        match self.named.get(&full.0).or_else(|| self.named.get(name)) {
            Some(id) => Ok(*id),
            None => Err(Problem { node: Some(node), message: format!("`{name}` is no type: it was not declared before this place.") }),
        }
    }

    fn object(&mut self, node: Node<'t>, ty: &str, namespace: &str, depth: usize) -> Result<TypeId, Problem<'t>> {
        let wrong = |at: Node<'t>, message: &str| Problem { node: Some(at), message: message.to_owned() };
        match ty {
            "array" => {
                let items = node.get("items").ok_or_else(|| wrong(node, "An array needs `items`."))?;
                let items = self.read(items, namespace, depth + 1)?;
                Ok(self.add(node, Shape::Array(items)))
            }
            "map" => {
                let values = node.get("values").ok_or_else(|| wrong(node, "A map needs `values`."))?;
                let values = self.read(values, namespace, depth + 1)?;
                Ok(self.add(node, Shape::Map(values)))
            }
            "record" | "error" => self.record(node, namespace, depth),
            "enum" => {
                let symbols: Vec<_> = node.get("symbols").into_iter().flat_map(Node::items).collect();
                if node.get("symbols").is_none_or(|it| it.kind() != Kind::Sequence) {
                    return Err(wrong(node, "An enum needs `symbols`."));
                }
                let default = node.get("default").and_then(Node::as_str);
                let name = name_of(node, namespace)?;
                let shape = Shape::Enum { name: name.clone(), symbols, default };
                self.declare(node, &name, shape)
            }
            "fixed" => {
                let size = node.get("size").and_then(Node::as_i64).ok_or_else(|| wrong(node, "A fixed type needs its `size` in bytes."))?;
                let name = name_of(node, namespace)?;
                let shape = Shape::Fixed { name: name.clone(), size };
                self.declare(node, &name, shape)
            }
            other => match Primitive::of(other) {
                Some(it) => Ok(self.add(node, Shape::Primitive(it))),
                None => self.named(node.get("type").unwrap_or(node), other, namespace),
            },
        }
    }

    fn declare(&mut self, node: Node<'t>, name: &Name, shape: Shape<'t>) -> Result<TypeId, Problem<'t>> {
        let id = self.types.len();
        self.reserve(node, name, id)?;
        self.types.push(Some(Type { node, shape }));
        Ok(id)
    }

    fn reserve(&mut self, node: Node<'t>, name: &Name, id: TypeId) -> Result<(), Problem<'t>> {
        if Primitive::of(&name.0).is_some() || self.named.insert(name.0.clone(), id).is_some() {
            return Err(Problem {
                node: node.get("name"),
                message: format!("`{}` is declared already; a name stands for one type.", name.0),
            });
        }
        Ok(())
    }

    fn record(&mut self, node: Node<'t>, namespace: &str, depth: usize) -> Result<TypeId, Problem<'t>> {
        let name = name_of(node, namespace)?;
        let id = self.types.len();
        // Its fields may refer to it.
        self.reserve(node, &name, id)?;
        self.types.push(None);
        let list = node.get("fields").filter(|it| it.kind() == Kind::Sequence);
        let list = list.ok_or_else(|| Problem { node: Some(node), message: "A record needs `fields`, a list.".to_owned() })?;
        let mut fields: Vec<Field<'t>> = Vec::new();
        for field in list.items() {
            let wrong = |at: Node<'t>, message: String| Problem { node: Some(at), message };
            let field_name = field.get("name").and_then(Node::as_str).ok_or_else(|| wrong(field, "A field needs a `name`.".to_owned()))?;
            if fields.iter().any(|it| it.name == field_name) {
                return Err(wrong(field.get("name").unwrap_or(field), format!("There are two fields `{field_name}`.")));
            }
            let ty = field.get("type").ok_or_else(|| wrong(field, format!("The field `{field_name}` needs a `type`.")))?;
            let ty = self.read(ty, name.namespace(), depth + 1)?;
            let aliases = field.get("aliases").into_iter().flat_map(Node::items).filter_map(Node::as_str).collect();
            fields.push(Field { name: field_name, node: field, aliases, ty, has_default: field.get("default").is_some() });
        }
        if let Some(place) = self.types.get_mut(id) {
            *place = Some(Type { node, shape: Shape::Record { name, fields } });
        }
        Ok(id)
    }
}

fn name_of<'t>(node: Node<'t>, namespace: &str) -> Result<Name, Problem<'t>> {
    let missing = || Problem { node: Some(node), message: "A record, an enum and a fixed type need a `name`.".to_owned() };
    let name = node.get("name").and_then(Node::as_str).filter(|it| !it.is_empty()).ok_or_else(missing)?;
    Ok(Name::new(name, node.get("namespace").and_then(Node::as_str).unwrap_or(namespace)))
}
