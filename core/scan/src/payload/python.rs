//! Fields of data classes, models of pydantic, typed dictionaries and named tuples.

use tree_sitter::Node;

use super::{File, Payload};
use crate::code::syntax::{children, field};

/// What such a type extends that has no fields of its own.
const BASES: [&str; 4] = ["BaseModel", "TypedDict", "NamedTuple", "object"];

impl<'t> File<'t> {
    pub(super) fn python(&self, node: Node<'t>) -> Option<Payload> {
        let decorated = node.parent().filter(|it| it.kind() == "decorated_definition");
        let decorators = decorated.map(children).unwrap_or_default();
        let is_data = decorators.iter().any(|it| it.kind() == "decorator" && self.text_of(*it).contains("dataclass"));
        let above = field(node, "superclasses").map(children).unwrap_or_default();
        let above: Vec<&str> =
            above.into_iter().filter(|it| it.kind() != "keyword_argument").map(|it| self.text_of(it)).collect();
        let last = |it: &&str| it.rsplit('.').next().unwrap_or(it).to_owned();
        let supers: Vec<_> =
            above.iter().filter(|it| !BASES.contains(&last(it).as_str())).map(|it| last(it).into()).collect();
        let has_base = above.iter().any(|it| BASES.contains(&last(it).as_str()));
        if !is_data && !has_base && supers.is_empty() {
            return None;
        }
        let mut fields = Vec::new();
        for statement in field(node, "body").map(children).unwrap_or_default() {
            // A configuration of its own may name the fields otherwise.
            if matches!(statement.kind(), "class_definition") || self.text_of(statement).starts_with("model_config") {
                return None;
            }
            let Some(bound) = children(statement).into_iter().find(|it| it.kind() == "assignment") else { continue };
            let (Some(name), Some(ty)) = (field(bound, "left"), field(bound, "type")) else { continue };
            let (name, ty) = (self.text_of(name), self.text_of(ty));
            let value = field(bound, "right").map(|it| self.text_of(it));
            if ty.starts_with("ClassVar") || name.starts_with('_') {
                continue;
            }
            if value.is_some_and(|it| it.contains("alias")) {
                return None;
            }
            // `Field(...)` and `Field(gt=0)` give no value.
            let has_value = value.is_some_and(|it| {
                !it.starts_with("Field(")
                    || it.contains("default")
                    || it.trim_start_matches("Field(").starts_with(['"', '\'', 'N', '0'])
            });
            let (ty, is_open) = match ty.strip_prefix("NotRequired[").and_then(|it| it.strip_suffix(']')) {
                Some(inner) => (inner, true),
                None => (ty, false),
            };
            fields.push(self.field(name, ty, !has_value && !is_open, bound));
        }
        (!fields.is_empty() || !supers.is_empty()).then_some(Payload { fields, supers, line: 0 })
    }
}
