//! The objects and fields of AsyncAPI 2.0 to 3.1, as one table that validation, completion and hover read.

mod parse;
mod place;
#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

pub(crate) use place::Below;
pub use place::{Place, object_at, place_at};

/// What one version of AsyncAPI allows.
#[derive(Debug, Default)]
pub struct Specification {
    objects: Vec<ObjectType>,
    by_name: FxHashMap<&'static str, ObjectId>,
}

/// The place of an object in its [`Specification`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ObjectId(u16);

/// A kind of object, such as a channel.
#[derive(Debug)]
pub struct ObjectType {
    /// Its name in the table, unique in a version.
    pub name: &'static str,
    /// Its name in the specification, such as `Channel Object`.
    pub title: &'static str,
    /// What it is, in one sentence.
    pub meaning: &'static str,
    /// Whether it is a schema: it may be a boolean, and keys that nobody knows are allowed.
    pub is_schema: bool,
    /// What the table says of fields it does not list; `None` when there may be none but extensions.
    pub others: Option<Shape>,
    /// Which object it really is, for one that comes in several forms.
    pub choice: Option<Choice>,
    /// Of these fields one at least must be there.
    pub needs: Vec<&'static str>,
    /// Of these fields one at most may be there.
    pub apart: Vec<&'static str>,
    /// In the order of the table.
    fields: Vec<Field>,
    /// The indices of `fields`, sorted by the length of the name, then by the name.
    sorted: Vec<u16>,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What its value may be.
    pub shape: Shape,
}

/// How an object with several forms tells which one it has.
#[derive(Debug)]
pub enum Choice {
    /// By the value of a field.
    Value {
        /// The field.
        field: &'static str,
        /// The forms by value, in the order of the table.
        forms: Vec<(&'static str, ObjectId)>,
        /// The form for any other value; without one the others are not allowed.
        otherwise: Option<ObjectId>,
    },
    /// By whether a field is there.
    Presence {
        /// The field.
        field: &'static str,
        /// The form with the field.
        with: ObjectId,
        /// The form without it.
        without: ObjectId,
    },
}

/// Whether a Reference Object may stand in a place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReferenceUse {
    /// It may not.
    Never,
    /// It may not, and the schemas that the specification comes with let it pass, so that tools follow it.
    Tolerated,
    /// It may stand for the object.
    Allowed,
    /// Nothing else may stand there.
    Required,
}

/// How a text must be written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TextFormat {
    /// In any way.
    Any,
    /// An absolute URI.
    Uri,
    /// A reference: a URI, a path or a fragment.
    Reference,
    /// An e-mail address.
    Email,
    /// A runtime expression, `$message.header#/...` or `$message.payload#/...`.
    Expression,
    /// A regular expression.
    Pattern,
    /// With so many characters at most.
    AtMost(u32),
}

/// How the keys of a map must be written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KeyFormat {
    /// In any way.
    Any,
    /// With letters, digits, dots, hyphens and underscores.
    Name,
    /// With letters, digits, hyphens and underscores.
    Word,
    /// As an address with parameters in braces.
    Template,
    /// As a regular expression.
    Pattern,
}

/// What a value may be.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// Anything.
    Any,
    /// Nothing.
    Null,
    /// A text.
    Text(TextFormat),
    /// One of a few texts.
    Values(Vec<&'static str>),
    /// A whole number within bounds.
    Integer(i64, i64),
    /// One of a few whole numbers.
    Integers(Vec<i64>),
    /// A number; whether it must be above zero.
    Number(bool),
    /// True or false.
    Boolean,
    /// A mapping with any keys.
    Mapping,
    /// An object of the specification.
    Object(ObjectId, ReferenceUse),
    /// A list.
    List {
        /// What its items may be.
        items: Box<Shape>,
        /// Whether no two may be equal.
        unique: bool,
        /// Whether there must be one.
        filled: bool,
    },
    /// A mapping with keys that the author chooses.
    Map(KeyFormat, Box<Shape>),
    /// A schema in the format that `schemaFormat` beside it names.
    Payload,
    /// One of several.
    OneOf(Vec<Shape>),
}

/// The versions the table knows.
pub const VERSIONS: [(u8, u8); 9] = [(2, 0), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (2, 6), (3, 0), (3, 1)];

/// What a version of AsyncAPI allows; `None` of versions that the table does not know.
pub fn of(version: (u8, u8)) -> Option<&'static Specification> {
    static TABLES: [OnceLock<Specification>; VERSIONS.len()] = [const { OnceLock::new() }; VERSIONS.len()];
    let at = VERSIONS.iter().position(|it| *it == version)?;
    TABLES.get(at).map(|it| it.get_or_init(|| parse::specification(version)))
}

impl Specification {
    /// The object that a whole document is.
    pub fn root(&self) -> Option<&ObjectType> {
        self.named("document")
    }

    /// An object by its name in the table, such as `channel`.
    pub fn named(&self, name: &str) -> Option<&ObjectType> {
        self.object(*self.by_name.get(name)?)
    }

    /// The object with an id of this specification.
    pub fn object(&self, id: ObjectId) -> Option<&ObjectType> {
        self.objects.get(usize::from(id.0))
    }

    /// All objects, in the order of the table.
    pub fn objects(&self) -> impl Iterator<Item = &ObjectType> {
        self.objects.iter()
    }

    /// The id of an object by its name in the table.
    pub fn id(&self, name: &str) -> Option<ObjectId> {
        self.by_name.get(name).copied()
    }
}

impl ObjectType {
    /// Its fields, in the order of the table.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// A field by its key.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let field = |at: &u16| self.fields.get(usize::from(*at));
        let order = |it: &u16| field(it).map_or("", |it| it.name);
        // Lengths are compared faster than texts, and tell most names apart.
        let at = self
            .sorted
            .binary_search_by(|it| order(it).len().cmp(&name.len()).then_with(|| order(it).cmp(name)))
            .ok()?;
        field(self.sorted.get(at)?)
    }
}

impl Field {
    /// The object that a Reference Object in the field must lead to, or in its items or entries.
    pub fn reference_target(&self) -> Option<ObjectId> {
        self.shape.reference().map(|it| it.0)
    }

    /// The texts the field may have, when there are but a few.
    pub fn values(&self) -> &[&'static str] {
        self.shape.values()
    }
}

impl Shape {
    /// The object a Reference Object in here leads to, and whether it must stand there.
    pub fn reference(&self) -> Option<(ObjectId, ReferenceUse)> {
        match self {
            Self::Object(id, how @ (ReferenceUse::Allowed | ReferenceUse::Required)) => Some((*id, *how)),
            Self::List { items, .. } => items.reference(),
            Self::Map(_, values) => values.reference(),
            Self::OneOf(shapes) => shapes.iter().find_map(Self::reference),
            _ => None,
        }
    }

    /// The texts that are allowed, when there are but a few.
    pub fn values(&self) -> &[&'static str] {
        match self {
            Self::Values(values) => values,
            Self::List { items, .. } => items.values(),
            Self::OneOf(shapes) => shapes.iter().map(Self::values).find(|it| !it.is_empty()).unwrap_or_default(),
            _ => &[],
        }
    }
}
