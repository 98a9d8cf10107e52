//! Values against Avro schemas, as people write examples of them: close to Avro's JSON encoding, with unions plain or
//! wrapped.

use archwright_syntax::data::{Kind, Node};
use rustc_hash::FxHashSet;

use super::Mismatch;
use super::value::{choices, every, is_integer, quoted, shown, span_of, with_kind};
use crate::avro::types::{Primitive, Shape, Type, TypeId, Types};

/// How deep values are followed.
const MAX_DEPTH: usize = 100;

/// How many pairs of type and value are looked at for one value.
const MAX_STEPS: u32 = 100_000;

/// A check of one value.
pub(crate) struct Checker<'s, 't> {
    types: &'s Types<'t>,
    left: u32,
    /// Above zero while it only matters whether a value fits.
    quiet: u32,
    /// Whether the value is a default, which is written as Avro says and not as people write examples.
    is_default: bool,
    found: Vec<Mismatch<'t>>,
}

impl<'s, 't> Checker<'s, 't> {
    pub(crate) fn new(types: &'s Types<'t>) -> Self {
        Self { types, left: MAX_STEPS, quiet: 0, is_default: false, found: Vec::new() }
    }

    /// A check of a default.
    pub(crate) fn of_default(types: &'s Types<'t>) -> Self {
        Self { is_default: true, ..Self::new(types) }
    }

    pub(crate) fn check(self, ty: TypeId, instance: Node<'t>) -> Vec<Mismatch<'t>> {
        self.check_within_bounds(ty, instance).0
    }

    /// What does not fit, and whether the value was looked at to its end.
    pub(crate) fn check_within_bounds(mut self, ty: TypeId, instance: Node<'t>) -> (Vec<Mismatch<'t>>, bool) {
        self.value(ty, instance, 0);
        (self.found, self.left > 0)
    }

    /// Whether a value fits a type; true when that cannot be told.
    fn value(&mut self, id: TypeId, instance: Node<'t>, depth: usize) -> bool {
        self.left = self.left.saturating_sub(1);
        let types = self.types;
        let Some(ty) = types.get(id).filter(|_| self.left > 0 && depth <= MAX_DEPTH) else { return true };
        let kind = instance.kind();
        // Dates and decimals are written in the example as people write them.
        let is_scalar = !matches!(kind, Kind::Null | Kind::Sequence | Kind::Mapping);
        if is_scalar && ty.node.get("logicalType").is_some() {
            return true;
        }
        match &ty.shape {
            Shape::Unknown => true,
            Shape::Primitive(primitive) => self.primitive(ty, *primitive, instance),
            Shape::Fixed { size, .. } => match instance.as_str() {
                Some(text) => {
                    self.bytes(ty, instance)
                        && (!self.is_default || i64::try_from(text.chars().count()).is_ok_and(|it| it == *size) || {
                            let message = format!("{} does not have {size} bytes", shown(instance));
                            self.push(ty, instance, message, None)
                        })
                }
                None => self.kind(ty, instance),
            },
            Shape::Enum { symbols, .. } => match instance.as_str() {
                Some(text) if symbols.has(text) => true,
                Some(_) if self.quiet > 0 => false,
                Some(text) => {
                    let near = types.guesses.borrow_mut().nearest(text, symbols.names());
                    let hint = near.map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
                    let message = format!(
                        "{} is no symbol of the enum: {}{hint}",
                        shown(instance),
                        choices(symbols.nodes.iter().copied())
                    );
                    self.push(ty, instance, message, near.map(ToOwned::to_owned))
                }
                None => self.kind(ty, instance),
            },
            Shape::Array(items) if kind == Kind::Sequence => {
                every(instance.items(), |it| self.value(*items, it, depth + 1))
            }
            Shape::Map(values) if kind == Kind::Mapping => {
                every(instance.entries(), |it| self.value(*values, it.value, depth + 1))
            }
            Shape::Record { fields, .. } if kind == Kind::Mapping => {
                let mut fits = true;
                let mut extra: Option<Vec<&str>> = None;
                for field in fields {
                    fits &= match instance.get(field.name) {
                        Some(value) => self.value(field.ty, value, depth + 1),
                        None if field.has_default || self.is_nullable(field.ty) => true,
                        None if self.quiet > 0 => false,
                        None => {
                            let extra = extra.get_or_insert_with(|| {
                                let names: FxHashSet<&str> = fields.iter().map(|it| it.name).collect();
                                instance.entries().map(|it| it.key).filter(|it| !names.contains(it)).collect()
                            });
                            let hint = types
                                .guesses
                                .borrow_mut()
                                .nearest(field.name, extra.iter().copied())
                                .map_or_else(String::new, |it| format!("; did you mean it by `{it}`?"));
                            let message = format!("The field `{}` is missing: it has no default{hint}", field.name);
                            self.push(ty, instance, message, None)
                        }
                    };
                    if !fits && self.quiet > 0 {
                        return false;
                    }
                }
                fits
            }
            Shape::Array(_) | Shape::Map(_) | Shape::Record { .. } => self.kind(ty, instance),
            Shape::Union(branches) => self.union(ty, branches, instance, depth),
        }
    }

    fn primitive(&mut self, ty: &Type<'t>, primitive: Primitive, instance: Node<'t>) -> bool {
        let is_number = matches!(instance.kind(), Kind::Integer | Kind::Float);
        let fits = match primitive {
            Primitive::Null => instance.is_null(),
            Primitive::Boolean => instance.kind() == Kind::Bool,
            Primitive::Int | Primitive::Long => is_integer(instance),
            Primitive::Float | Primitive::Double => {
                is_number
                    || instance
                        .as_str()
                        .is_some_and(|it| matches!(it, "NaN" | "Infinity" | "-Infinity" | "INF" | "-INF"))
            }
            Primitive::Bytes | Primitive::String => instance.kind() == Kind::String,
        };
        if !fits {
            return self.kind(ty, instance);
        }
        // Avro 1.12, "Primitive Types".
        let has_room = |bits: i32| {
            let most = 2f64.powi(bits - 1);
            match (instance.kind(), instance.as_i64()) {
                (Kind::Integer, Some(it)) => bits == 64 || i32::try_from(it).is_ok(),
                (Kind::Integer, None) => false,
                _ => instance.as_f64().is_none_or(|it| -most <= it && it < most),
            }
        };
        let bits = match primitive {
            Primitive::Int => 32,
            Primitive::Long => 64,
            Primitive::Bytes => return self.bytes(ty, instance),
            _ => return true,
        };
        has_room(bits) || {
            let name = primitive.name();
            let message = format!("{} does not fit an `{name}`, which has {bits} bits", shown(instance));
            self.push(ty, instance, message, None)
        }
    }

    /// Whether each character of a default stands for a byte (Avro 1.12, "Complex Types", "Records").
    fn bytes(&mut self, ty: &Type<'t>, instance: Node<'t>) -> bool {
        let wide = instance.as_str().filter(|_| self.is_default).and_then(|it| it.chars().find(|it| *it > '\u{ff}'));
        let Some(wide) = wide else { return true };
        let code = u32::from(wide);
        let message = format!("U+{code:04X} is no byte: the characters of a default stand for the bytes 0 to 255");
        self.push(ty, instance, message, None)
    }

    fn union(&mut self, ty: &Type<'t>, branches: &[TypeId], instance: Node<'t>, depth: usize) -> bool {
        if branches.is_empty() {
            return true;
        }
        self.quiet += 1;
        let fits = branches.iter().any(|it| self.value(*it, instance, depth + 1));
        self.quiet -= 1;
        if fits {
            return true;
        }
        // { "string": "text" }: the value is wrapped with the name of its type.
        let mut entries = instance.entries();
        if let (Some(only), None) = (entries.next(), entries.next())
            && let Some(branch) =
                branches.iter().find(|it| self.types.get(**it).is_some_and(|it| is_called(it, only.key)))
        {
            return self.value(*branch, only.value, depth + 1);
        }
        let is_alike = |ty: &&TypeId| {
            self.types.get(**ty).is_some_and(|it| match it.shape {
                Shape::Record { .. } | Shape::Map(_) => instance.kind() == Kind::Mapping,
                Shape::Array(_) => instance.kind() == Kind::Sequence,
                Shape::Enum { .. } | Shape::Fixed { .. } | Shape::Primitive(Primitive::Bytes) => {
                    instance.kind() == Kind::String
                }
                Shape::Primitive(Primitive::Int | Primitive::Long) => is_integer(instance),
                _ => false,
            })
        };
        let mut alike = branches.iter().filter(is_alike);
        match (alike.next(), alike.next()) {
            (Some(only), None) => self.value(*only, instance, depth + 1),
            _ => self.kind(ty, instance),
        }
    }

    /// Says that a value is of another kind than its type wants.
    fn kind(&mut self, ty: &Type<'t>, instance: Node<'t>) -> bool {
        let wanted = match &ty.shape {
            Shape::Union(branches) => {
                let mut all: Vec<_> = branches.iter().filter_map(|it| self.types.get(*it)).map(wanted).collect();
                all.dedup();
                all.join(" or ")
            }
            _ => wanted(ty),
        };
        let is_text = matches!(ty.shape, Shape::Primitive(Primitive::String));
        self.push(
            ty,
            instance,
            format!("{}, but the schema wants {wanted}", with_kind(instance)),
            is_text.then(|| quoted(instance)).flatten(),
        )
    }

    fn is_nullable(&self, id: TypeId) -> bool {
        let is_null = |ty: &Type<'_>| matches!(ty.shape, Shape::Primitive(Primitive::Null) | Shape::Unknown);
        match self.types.get(id) {
            Some(Type { shape: Shape::Union(branches), .. }) => {
                branches.iter().filter_map(|it| self.types.get(*it)).any(is_null)
            }
            Some(ty) => is_null(ty),
            None => true,
        }
    }

    /// Notes that a value does not fit; always false.
    fn push(&mut self, ty: &Type<'t>, instance: Node<'t>, message: String, replacement: Option<String>) -> bool {
        if self.quiet == 0 {
            self.found.push(Mismatch { instance, span: span_of(instance), schema: ty.node, message, replacement });
        }
        false
    }
}

/// What a type wants, in words.
fn wanted(ty: &Type<'_>) -> String {
    match &ty.shape {
        Shape::Primitive(Primitive::Null) => "null".to_owned(),
        Shape::Primitive(Primitive::Boolean) => "true or false".to_owned(),
        Shape::Primitive(Primitive::Int | Primitive::Long) => "an integer".to_owned(),
        Shape::Primitive(Primitive::Float | Primitive::Double) => "a number".to_owned(),
        Shape::Primitive(Primitive::Bytes | Primitive::String) | Shape::Fixed { .. } => "a string".to_owned(),
        Shape::Array(_) => "a list".to_owned(),
        Shape::Map(_) => "a mapping".to_owned(),
        Shape::Enum { name, .. } => format!("a symbol of the enum `{}`", name.0),
        Shape::Record { name, .. } => format!("a mapping, the record `{}`", name.0),
        Shape::Union(_) => "one of several types".to_owned(),
        Shape::Unknown => "something else".to_owned(),
    }
}

/// Whether a wrapped value of a union names this type.
fn is_called(ty: &Type<'_>, key: &str) -> bool {
    match &ty.shape {
        Shape::Primitive(it) => it.name() == key,
        Shape::Array(_) => key == "array",
        Shape::Map(_) => key == "map",
        Shape::Fixed { name, .. } | Shape::Enum { name, .. } | Shape::Record { name, .. } => {
            name.0 == key || name.simple() == key
        }
        Shape::Union(_) | Shape::Unknown => false,
    }
}
