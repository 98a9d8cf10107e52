//! What stands at a place of a document.

use archwright_syntax::data::{Kind, Node, PathSegment};

use super::{Choice, Field, ObjectType, ReferenceUse, Shape, Specification, of};

/// What the specification says of a place in a document.
#[derive(Clone, Copy, Debug)]
pub struct Place<'s> {
    /// The table of the document's version.
    pub specification: &'s Specification,
    /// What may stand there.
    pub shape: &'s Shape,
    /// The object that stands there, in the form that it has.
    pub object: Option<&'s ObjectType>,
    /// The field whose value it is; `None` for items and for entries of maps.
    pub field: Option<&'s Field>,
}

/// The object that a node of a document is; see [`place_at`].
pub fn object_at(root: Node<'_>, path: &[PathSegment<'_>]) -> Option<&'static ObjectType> {
    match path {
        [] => of(crate::validation::version(root)?)?.root(),
        _ => place_at(root, path)?.object,
    }
}

/// What the specification says of a place below the root of a document. The place need not exist yet: the last segments
/// may name fields that are not written.
pub fn place_at(root: Node<'_>, path: &[PathSegment<'_>]) -> Option<Place<'static>> {
    let specification = of(crate::validation::version(root)?)?;
    let root_object = specification.root()?;
    let mut node = Some(root);
    let mut place: Option<Place<'static>> = None;
    for segment in path {
        let (shape, field) = match (place, *segment) {
            (None, PathSegment::Key(key)) => step_into(root_object, key)?,
            (None, PathSegment::Index(_)) => return None,
            (Some(here), PathSegment::Key(key)) => match (here.object, map_of(here.shape)) {
                (Some(object), _) => step_into(object, key)?,
                (None, Some(values)) => (values, None),
                (None, None) => return None,
            },
            (Some(here), PathSegment::Index(_)) => (items_of(here.shape)?, None),
        };
        node = node.and_then(|it| match *segment {
            PathSegment::Key(key) => it.get(key),
            PathSegment::Index(at) => it.item(at),
        });
        let object = specification.object_of(shape, node);
        place = Some(Place { specification, shape, object, field });
    }
    place
}

/// What the specification says of all the places directly below one node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Below {
    object: Option<&'static ObjectType>,
    shape: Option<&'static Shape>,
}

impl Below {
    /// What it says below a node that stands at `path`.
    pub(crate) fn at(root: Node<'_>, path: &[PathSegment<'_>]) -> Self {
        match path {
            [] => Self { object: object_at(root, path), shape: None },
            _ => place_at(root, path)
                .map_or(Self { object: None, shape: None }, |it| Self { object: it.object, shape: Some(it.shape) }),
        }
    }

    /// What may stand under a key, or at an index; see [`place_at`].
    pub(crate) fn shape(self, segment: PathSegment<'_>) -> Option<&'static Shape> {
        match (segment, self.object) {
            (PathSegment::Key(key), Some(object)) => step_into(object, key).map(|it| it.0),
            (PathSegment::Key(_), None) => map_of(self.shape?),
            (PathSegment::Index(_), _) => items_of(self.shape?),
        }
    }
}

/// A field of an object, or what other keys of it may be.
fn step_into(object: &'static ObjectType, key: &str) -> Option<(&'static Shape, Option<&'static Field>)> {
    match object.field(key) {
        Some(field) => Some((&field.shape, Some(field))),
        None => Some((object.others.as_ref()?, None)),
    }
}

fn map_of(shape: &Shape) -> Option<&Shape> {
    match shape {
        Shape::Map(_, values) => Some(values),
        Shape::OneOf(shapes) => shapes.iter().find_map(map_of),
        _ => None,
    }
}

fn items_of(shape: &Shape) -> Option<&Shape> {
    match shape {
        Shape::List { items, .. } => Some(items),
        Shape::OneOf(shapes) => shapes.iter().find_map(items_of),
        _ => None,
    }
}

/// The media types of the AsyncAPI schema format and of JSON Schema, without their parameters.
fn is_own_format(format: &str) -> bool {
    let kind = format.split(';').next().unwrap_or_default().trim();
    kind.starts_with("application/vnd.aai.asyncapi")
        || matches!(kind, "application/schema+json" | "application/schema+yaml")
}

impl Specification {
    /// The object that stands at a node of some shape, in the form it has there.
    pub fn object_of(&self, shape: &Shape, node: Option<Node<'_>>) -> Option<&ObjectType> {
        match shape {
            Shape::Object(_, ReferenceUse::Required) => None,
            Shape::Object(id, _) => self.form(self.object(*id)?, node),
            Shape::Payload => self.payload(node.and_then(Node::parent)),
            Shape::OneOf(shapes) => {
                let is_mapping = node.is_none_or(|it| it.kind() == Kind::Mapping);
                shapes.iter().filter(|_| is_mapping).find_map(|it| self.object_of(it, node))
            }
            _ => None,
        }
    }

    /// The object that the payload of a message is, by the `schemaFormat` of what it stands in; `None` when it is
    /// written in a format of others.
    pub fn payload(&self, parent: Option<Node<'_>>) -> Option<&ObjectType> {
        match parent.and_then(|it| it.get("schemaFormat")) {
            Some(format) if !format.as_str().is_some_and(is_own_format) => None,
            _ => self.named("schema"),
        }
    }

    /// The form that an object has at a node; itself when it has but one, or when the form cannot be told.
    pub fn form<'s>(&'s self, object: &'s ObjectType, node: Option<Node<'_>>) -> Option<&'s ObjectType> {
        /// Choices lead to choices at most this often.
        const MAX_CHOICES: usize = 4;
        let mut object = object;
        for _ in 0..MAX_CHOICES {
            let next = match &object.choice {
                None => return Some(object),
                Some(Choice::Presence { field, with, without }) => {
                    Some(if node.is_some_and(|it| it.get(field).is_some()) { *with } else { *without })
                }
                Some(Choice::Value { field, forms, otherwise }) => {
                    let value = node.and_then(|it| it.get(field)).and_then(Node::as_str);
                    let form = value.and_then(|value| forms.iter().find(|it| it.0 == value));
                    form.map(|it| it.1).or(*otherwise)
                }
            };
            match next.and_then(|it| self.object(it)) {
                Some(form) => object = form,
                None => return Some(object),
            }
        }
        Some(object)
    }
}
