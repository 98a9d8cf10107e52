//! Avro schemas to check: what is wrong with them, and whether values fit.

use archwright_syntax::{
    data::{Kind, Node},
    nearest,
};
use rustc_hash::FxHashSet;

use super::logical::{beside, logical};
use super::types::{Field, Shape, Type, TypeId, Types};
use crate::Diagnostic;
use crate::instance::avro::Checker;
use crate::instance::value::span_of;
use crate::instance::{Mismatch, Resolve};

/// Something in an Avro schema that does not hold.
#[derive(Clone, Debug)]
pub struct AvroDiagnostic<'t> {
    /// The part of the schema at fault.
    pub node: Node<'t>,
    /// Where, and what is wrong.
    pub diagnostic: Diagnostic,
    /// The full name that the schema does not declare, if that is the mistake. In files for a schema registry such
    /// names may stand for types of other files.
    pub undeclared: Option<String>,
    /// Whether a part of the schema could not be read for it.
    pub is_loss: bool,
}

/// An Avro schema in a document (specification 1.12).
pub struct AvroSchema<'t> {
    types: Types<'t>,
}

impl<'t> AvroSchema<'t> {
    /// Reads a schema, whatever is wrong with it. References (`$ref`), which are no part of Avro but of the documents
    /// around it, lead where `resolver` says.
    pub fn read(schema: Node<'t>, resolver: &dyn Resolve<'t>) -> Self {
        Self { types: Types::read(schema, resolver) }
    }

    /// What is wrong with the schema.
    pub fn diagnostics(&self) -> Vec<AvroDiagnostic<'t>> {
        let told = |node: Node<'t>, message: String| {
            let diagnostic = Diagnostic { span: span_of(node), message };
            AvroDiagnostic { node, diagnostic, undeclared: None, is_loss: false }
        };
        let read = self.types.problems.iter().filter_map(|it| {
            let told = told(it.node?, it.message.clone());
            Some(AvroDiagnostic { undeclared: it.undeclared.clone(), is_loss: true, ..told })
        });
        let mut found = Vec::new();
        for ty in self.types.iter() {
            names(ty, &mut found);
            self.parts(ty, &mut found);
            found.extend(logical(ty).err().map(|it| (it.node, it.message)));
        }
        read.chain(found.into_iter().map(|(node, message)| told(node, message))).collect()
    }

    /// The defaults of fields that are values of a later branch of a union than the first. Avro took only the first one
    /// before 1.12 ("Complex Types", "Unions").
    pub fn later_defaults(&self) -> Vec<AvroDiagnostic<'t>> {
        let mut found = Vec::new();
        for ty in self.types.iter() {
            let Shape::Record { fields, .. } = &ty.shape else { continue };
            for field in fields {
                let (Some(default), Some(union)) = (field.node.get("default"), self.types.get(field.ty)) else {
                    continue;
                };
                let Shape::Union(branches) = &union.shape else { continue };
                let fits = |branch: &TypeId| Checker::of_default(&self.types).check(*branch, default).is_empty();
                let [first, rest @ ..] = branches.as_slice() else { continue };
                if !fits(first) && rest.iter().any(fits) {
                    let message = format!(
                        "The default of `{}` is of a later branch of its union, which Avro allows from 1.12 on: put \
                        that branch first.",
                        field.name
                    );
                    let diagnostic = Diagnostic { span: span_of(default), message };
                    found.push(AvroDiagnostic { node: default, diagnostic, undeclared: None, is_loss: false });
                }
            }
        }
        found
    }

    pub(super) fn types(&self) -> &Types<'t> {
        &self.types
    }

    /// Where a value does not fit the schema, as JSON writes it: the values of unions plain, or wrapped with the name
    /// of their type. Empty when that cannot be told.
    pub fn check(&self, instance: Node<'t>) -> Vec<Mismatch<'t>> {
        self.check_within_bounds(instance).0
    }

    /// The same, and whether the value was looked at to its end, which may take too many steps.
    pub fn check_within_bounds(&self, instance: Node<'t>) -> (Vec<Mismatch<'t>>, bool) {
        Checker::new(&self.types).check_within_bounds(self.types.root, instance)
    }

    fn parts(&self, ty: &Type<'t>, found: &mut Vec<(Node<'t>, String)>) {
        match &ty.shape {
            Shape::Record { fields, .. } => {
                for field in fields {
                    self.field(field, found);
                }
            }
            Shape::Enum { symbols, default, .. } => enumeration(ty.node, &symbols.nodes, *default, found),
            Shape::Fixed { size, .. } if *size < 0 => {
                let node = ty.node.get("size").unwrap_or(ty.node);
                found.push((node, format!("A fixed type cannot have {size} bytes.")));
            }
            Shape::Union(branches) => found.extend(ambiguous(&self.types, branches)),
            _ => {}
        }
    }

    fn field(&self, field: &Field<'t>, found: &mut Vec<(Node<'t>, String)>) {
        if !is_name(field.name) {
            let message = format!(
                "`{}` is no name: names have letters, digits and `_`, and do not begin with a digit.",
                field.name
            );
            found.push((field.node.get("name").unwrap_or(field.node), message));
        }
        aliases(field.node, found);
        if let Some(order) = field.node.get("order")
            && !order.as_str().is_some_and(|it| ORDERS.contains(&it))
        {
            let near = order.as_str().and_then(|it| nearest(it, ORDERS));
            let hint = near.map_or_else(String::new, |it| format!(" Did you mean `{it}`?"));
            let message = format!("The `order` of a field is `{}`.{hint}", ORDERS.join("`, `"));
            found.push((order, message));
        }
        found.extend(beside(&self.types, field).map(|it| (it.node, it.message)));
        if let Some(default) = field.node.get("default") {
            let first = Checker::of_default(&self.types).check(field.ty, default).into_iter().next();
            found.extend(first.map(|it| {
                (it.instance, format!("The default of `{}` does not fit its type: {}.", field.name, it.message))
            }));
        }
    }
}

/// Which branches of a union cannot be told apart (Avro 1.12, "Unions"): no reader takes such a schema.
pub(crate) fn ambiguous<'t>(types: &Types<'t>, branches: &[TypeId]) -> Vec<(Node<'t>, String)> {
    let mut found = Vec::new();
    let mut seen = FxHashSet::default();
    for branch in branches.iter().filter_map(|it| types.get(*it)) {
        let name = match &branch.shape {
            Shape::Primitive(it) => it.name().to_owned(),
            Shape::Array(_) => "array".to_owned(),
            Shape::Map(_) => "map".to_owned(),
            Shape::Fixed { name, .. } | Shape::Enum { name, .. } | Shape::Record { name, .. } => name.0.clone(),
            Shape::Union(_) => {
                found
                    .push((branch.node, "A union cannot stand directly in another: list all types in one.".to_owned()));
                continue;
            }
            Shape::Unknown => continue,
        };
        if !seen.insert(name.clone()) {
            found.push((branch.node, format!("The union has `{name}` twice, so its values cannot be told apart.")));
        }
    }
    found
}

/// How a field may count where records are sorted (Avro 1.12, "Records").
const ORDERS: [&str; 3] = ["ascending", "descending", "ignore"];

/// What is wrong with the other names of a type or field.
fn aliases<'t>(node: Node<'t>, found: &mut Vec<(Node<'t>, String)>) {
    let Some(list) = node.get("aliases") else { return };
    if list.kind() != Kind::Sequence {
        found.push((list, format!("`aliases` is a list of names, but this is {}.", list.kind().describe())));
    }
    for it in list.items().filter(|it| it.as_str().is_none()) {
        found.push((it, format!("An alias is a name, but this is {}.", it.kind().describe())));
    }
}

/// What is wrong with the name of a type.
fn names<'t>(ty: &Type<'t>, found: &mut Vec<(Node<'t>, String)>) {
    let (Shape::Record { name, .. } | Shape::Enum { name, .. } | Shape::Fixed { name, .. }) = &ty.shape else { return };
    aliases(ty.node, found);
    // That it is missing was told when it was read.
    if !name.simple().is_empty() && !name.0.split('.').all(is_name) {
        let message =
            format!("`{}` is no name: names have letters, digits and `_`, and do not begin with a digit.", name.0);
        found.push((ty.node.get("name").unwrap_or(ty.node), message));
    }
}

fn enumeration<'t>(node: Node<'t>, symbols: &[Node<'t>], default: Option<&str>, found: &mut Vec<(Node<'t>, String)>) {
    let mut seen = FxHashSet::default();
    for symbol in symbols {
        match symbol.as_str() {
            None => {
                found.push((*symbol, format!("A symbol must be a string, but this is {}.", symbol.kind().describe())));
            }
            Some(text) if !is_name(text) => {
                found.push((
                    *symbol,
                    format!(
                        "`{text}` is no symbol: symbols have letters, digits and `_`, and do not begin with a digit."
                    ),
                ));
            }
            Some(text) if !seen.insert(text) => {
                found.push((*symbol, format!("The enum has the symbol `{text}` twice.")));
            }
            Some(_) => {}
        }
    }
    if let Some(default) = default.filter(|it| !seen.contains(it)) {
        let near = nearest(default, symbols.iter().filter_map(|it| it.as_str()));
        let hint = near.map_or_else(String::new, |it| format!(" Did you mean `{it}`?"));
        let place = node.get("default").filter(|it| it.kind() == Kind::String).unwrap_or(node);
        found.push((place, format!("The default `{default}` is none of the enum's symbols.{hint}")));
    }
}

/// Avro 1.12, "Names".
fn is_name(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
}
