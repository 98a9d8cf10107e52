//! Reads what modules of JavaScript hand out: functions and objects under `exports`, and objects of functions.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use smol_str::SmolStr;
use tree_sitter::Node;

use super::reader::{Reader, is_lambda, is_name};
use super::syntax::{children, field, line};
use super::{Expression, Statement, TypeDeclaration, TypeName};

/// What a file calls the one thing it hands out.
pub(crate) const DEFAULT: &str = "default";

impl<'t> Reader<'t> {
    /// Whether the file is one of JavaScript or TypeScript.
    pub(super) fn is_script(&self) -> bool {
        self.language.folder() == "javascript"
    }

    /// `exports.publish = async () => ..`, `module.exports = { .. }`: what other files take, if it is that.
    pub(super) fn exported(&mut self, target: Node<'t>, value: Node<'t>, out: &mut Vec<Statement>) -> bool {
        if target.kind() != "member_expression" {
            return false;
        }
        let text = self.text_of(target);
        let path = text.strip_prefix("module.").unwrap_or(text);
        match path.strip_prefix("exports") {
            Some("") => self.handed_out(value, out),
            Some(name) => {
                let Some(name) = name.strip_prefix('.').filter(|it| !it.contains(['.', '['])) else { return false };
                if is_lambda(value.kind()) {
                    self.function_called(name.into(), value, None, Vec::new());
                } else {
                    let value = Some(self.shared(name.into(), value));
                    out.push(Statement::Bind { name: name.into(), ty: None, value });
                }
            }
            None => return false,
        }
        true
    }

    /// `export default ..`, if it is that.
    pub(super) fn exported_default(&mut self, node: Node<'t>, out: &mut Vec<Statement>) -> bool {
        let Some(value) = field(node, "value") else { return false };
        self.handed_out(value, out);
        true
    }

    /// The one thing that a file hands out.
    fn handed_out(&mut self, value: Node<'t>, out: &mut Vec<Statement>) {
        if is_lambda(value.kind()) {
            self.function_called(DEFAULT.into(), value, None, Vec::new());
            return;
        }
        // A class says its name itself.
        let value = if let ("class", Some(name)) = (value.kind(), field(value, "name")) {
            let name = self.name_of(name);
            self.statement_at(value, None, out);
            Expression::Name(name)
        } else {
            // Other files see this object by what they call the file.
            let mut hasher = FxHasher::default();
            self.text.hash(&mut hasher);
            let name = format!("{DEFAULT}@{:x}", hasher.finish());
            self.shared(name.into(), value)
        };
        let module = Box::new(Expression::Name("module".into()));
        out.push(Statement::Assign { target: Expression::Member(module, "exports".into()), value });
    }

    fn shared(&mut self, name: SmolStr, value: Node<'t>) -> Expression {
        if is_shared_object(value) { self.object_called(name, value) } else { self.expression(value, None) }
    }

    /// An object of functions, as the only one of a type of its own: what is called on it are methods.
    pub(super) fn object_called(&mut self, name: SmolStr, node: Node<'t>) -> Expression {
        let index = self.unit.types.len();
        let declared = TypeDeclaration { name: name.clone(), line: line(node), ..TypeDeclaration::default() };
        self.unit.types.push(declared);
        let mut entries = Vec::new();
        for part in children(node) {
            let key = field(part, "key").or_else(|| field(part, "name"));
            let value = field(part, "value");
            let function = if part.kind() == "method_definition" { Some(part) } else { value };
            let function = function.filter(|it| is_lambda(it.kind()) || *it == part);
            match (key.filter(|it| is_name(it.kind()) || it.kind() == "string"), function) {
                (Some(key), Some(function)) => {
                    let key: SmolStr = self.text_of(key).trim_matches(['"', '\'', '`']).into();
                    self.function_called(key.clone(), function, Some(index), Vec::new());
                    let this = Expression::Name(name.clone());
                    entries.push((key.clone(), Expression::Member(Box::new(this), key)));
                }
                _ => {
                    if let Expression::Object { entries: found, .. } = self.object_of(&[part], node, None) {
                        entries.extend(found);
                    }
                }
            }
        }
        Expression::Object { ty: Some(TypeName::plain(name)), entries, line: line(node) }
    }
}

/// Whether a value is an object with functions which the whole file sees, and others through it.
pub(super) fn is_shared_object(value: Node<'_>) -> bool {
    let has_functions = |it: Node<'_>| {
        let mut entries = children(it).into_iter();
        let is_function = |it: Node<'_>| {
            it.kind() == "method_definition" || field(it, "value").is_some_and(|it| is_lambda(it.kind()))
        };
        entries.any(is_function)
    };
    if value.kind() != "object" || !has_functions(value) {
        return false;
    }
    let mut around = std::iter::successors(value.parent(), Node::parent);
    let outside = around.find(|it| {
        !matches!(
            it.kind(),
            "variable_declarator"
                | "lexical_declaration"
                | "variable_declaration"
                | "export_statement"
                | "assignment_expression"
                | "expression_statement"
        )
    });
    outside.is_some_and(|it| it.kind() == "program")
}
