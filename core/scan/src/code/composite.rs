//! Literals of structs: those of Go may go without the names of their fields, those of Rust without that of the type.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::reader::Reader;
use super::syntax::{all, children, field, line};
use super::{Expression, TypeName};
use crate::Language;

impl<'t> Reader<'t> {
    /// `Route{Topic: "orders"}`, `[]Route{{"orders", handle}}`, also of a struct without a name.
    pub(super) fn composite(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let declared = field(node, "type").or_else(|| field(node, "name"));
        let ty = declared.and_then(|it| self.type_of(it));
        let own = owner.and_then(|it| self.unit.types.get(it)).filter(|_| self.language == Language::Rust);
        let ty = match own {
            Some(own) => ty.map(|it| it.inside(&own.name)),
            None => ty,
        };
        match field(node, "body").map(|it| self.object(it, owner)) {
            Some(Expression::Object { mut entries, .. }) => {
                let inner = declared.filter(|it| it.kind() == "map_type").and_then(|it| field(it, "value"));
                let names = inner.map(|it| self.fields_of(it)).unwrap_or_default();
                for entry in &mut entries {
                    name(&mut entry.1, None, &names, line(node));
                }
                Expression::Object { ty, entries, line: line(node) }
            }
            Some(Expression::List(mut parts)) => {
                let inner = declared.and_then(|it| match it.kind() {
                    "slice_type" | "array_type" | "implicit_length_array_type" => field(it, "element"),
                    _ => None,
                });
                if let Some(inner) = inner {
                    let (names, ty) = (self.fields_of(inner), self.type_of(inner));
                    for part in &mut parts {
                        name(part, ty.as_ref(), &names, line(node));
                    }
                    return Expression::List(parts);
                }
                let names = declared.map(|it| self.fields_of(it)).unwrap_or_default();
                let mut list = Expression::List(parts);
                name(&mut list, ty.as_ref(), &names, line(node));
                list
            }
            Some(other) => other,
            None => Expression::Object { ty, entries: Vec::new(), line: line(node) },
        }
    }

    /// The names of the fields of a struct that is written out, or declared above in the same file.
    fn fields_of(&self, node: Node<'t>) -> Vec<SmolStr> {
        if self.language != Language::Go {
            return Vec::new();
        }
        match node.kind() {
            "struct_type" => {
                let lists = all(node, &["field_declaration_list"]).into_iter();
                let fields = lists.flat_map(|it| all(it, &["field_declaration"]));
                let names = fields.flat_map(|it| it.children_by_field_name("name", &mut it.walk()).collect::<Vec<_>>());
                names.map(|it| self.name_of(it)).collect()
            }
            "type_identifier" => {
                let text = self.text_of(node);
                let known = self.unit.types.iter().find(|it| it.name == text && it.supers.is_empty());
                known.map(|it| it.fields.iter().map(|it| it.name.clone()).collect()).unwrap_or_default()
            }
            "pointer_type" => children(node).first().map(|it| self.fields_of(*it)).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

/// Gives the values of a struct the names of its fields, if there is one for each.
fn name(value: &mut Expression, ty: Option<&TypeName>, names: &[SmolStr], line: u32) {
    let Expression::List(parts) = value else { return };
    if parts.is_empty() || parts.len() != names.len() {
        return;
    }
    let entries = names.iter().cloned().zip(std::mem::take(parts)).collect();
    *value = Expression::Object { ty: ty.cloned(), entries, line };
}
