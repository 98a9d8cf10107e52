//! Reads functions, their parameters and their bodies.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::reader::{Reader, SWITCHES, is_compound, is_declarative, is_name};
use super::syntax::{child, children, field, line};
use super::{Call, Expression, Field, Function, Parameter, Statement, TypeDeclaration, TypeName};
use crate::Language;

impl<'t> Reader<'t> {
    pub(super) fn function(&mut self, node: Node<'t>, owner: Option<usize>, annotations: Vec<Call>) {
        let name = field(node, "name").or_else(|| child(node, &["identifier"]));
        let name = name.map(|it| self.name_of(it)).unwrap_or_default();
        let owner = self.receiver(node).or(owner);
        self.function_called(name, node, owner, annotations);
    }

    /// The type that a method of Go is declared on.
    fn receiver(&mut self, node: Node<'t>) -> Option<usize> {
        let receiver = field(node, "receiver")?;
        let parameter = children(receiver).first().copied()?;
        let ty = self.type_of(field(parameter, "type")?)?;
        Some(self.type_called(&ty.name))
    }

    /// The type with a name, which may be declared further down or in another file of the package.
    fn type_called(&mut self, name: &str) -> usize {
        if let Some(index) = self.unit.types.iter().position(|it| it.name == name) {
            return index;
        }
        self.unit.types.push(TypeDeclaration { name: name.into(), ..TypeDeclaration::default() });
        self.unit.types.len().saturating_sub(1)
    }

    pub(super) fn function_called(
        &mut self,
        name: SmolStr,
        node: Node<'t>,
        owner: Option<usize>,
        mut annotations: Vec<Call>,
    ) {
        if !self.enter() {
            self.leave();
            return;
        }
        annotations.extend(self.annotations(node, owner));
        let index = self.unit.functions.len();
        let owner_name = owner.and_then(|it| self.unit.types.get(it)).map(|it| it.name.clone());
        let is_constructor = node.kind().contains("constructor_declaration")
            || matches!(name.as_str(), "constructor" | "__init__" | "__construct" | "initialize")
            || (self.language == Language::Rust && name == "new" && owner.is_some())
            || (owner_name.as_ref() == Some(&name) && self.language == Language::Java);
        let returns = ["return_type", "returns", "result", "type"].iter().find_map(|it| field(node, it));
        let returns = returns.or_else(|| self.kotlin_result(node)).and_then(|it| self.type_of_result(it));
        let returns = match &owner_name {
            Some(owner) if self.language == Language::Rust => returns.map(|it| it.inside(owner)),
            _ => returns,
        };
        let extends = self.kotlin_receiver(node).and_then(|it| self.type_of(it));
        self.unit.functions.push(Function {
            name,
            owner,
            returns,
            extends,
            is_constructor,
            line: field(node, "name").map_or_else(|| line(node), line),
            span: self.span(node),
            ..Function::default()
        });
        let mut body = Vec::new();
        let mut parameters = self.parameters(node, owner, &mut body);
        // `this IBus bus` of C# takes what the function is called on.
        if let Some(first) = self.extended(node).then(|| parameters.first().cloned()).flatten() {
            parameters.remove(0);
            if let Some(function) = self.unit.functions.get_mut(index) {
                function.extends.clone_from(&first.ty);
            }
            body.push(Statement::Bind { name: first.name, ty: first.ty, value: None });
        }
        if let Some(receiver) = field(node, "receiver").and_then(|it| children(it).first().copied()) {
            let name = field(receiver, "name").map(|it| self.name_of(it));
            let value = Some(Expression::Name("this".into()));
            body.extend(name.map(|name| Statement::Bind { name, ty: None, value }));
        }
        let block = field(node, "body").or_else(|| child(node, &["function_body", "block", "arrow_expression_clause"]));
        if let Some(block) = block {
            self.body(block, owner, &mut body);
        }
        if let Some(function) = self.unit.functions.get_mut(index) {
            function.body = body;
            function.parameters = parameters;
            function.annotations = annotations;
            function.has_body = block.is_some();
        }
        self.leave();
    }

    /// The body of a function or lambda: statements, or one value that is handed back.
    pub(super) fn body(&mut self, block: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        match block.kind() {
            "function_body" => match children(block).as_slice() {
                [inner] if inner.kind() == "block" => self.statements(*inner, owner, out),
                [value] => {
                    let value = self.expression(*value, owner);
                    out.push(Statement::Return(value));
                }
                _ => self.statements(block, owner, out),
            },
            "arrow_expression_clause" => self.statement(block, owner, out),
            kind if is_compound(kind) || is_declarative(kind) || kind == "constructor_body" => {
                self.statements(block, owner, out);
                self.last_value(block, owner, out);
            }
            _ => {
                let value = self.expression(block, owner);
                out.push(Statement::Return(value));
            }
        }
    }

    /// Rust and Ruby hand back the last value of a body; it stands there as something that is done.
    fn last_value(&mut self, block: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        let hands_back = matches!(self.language, Language::Rust | Language::Ruby);
        let last = children(block).last().copied().filter(|it| hands_back && it.kind() != "expression_statement");
        if last.is_some_and(|it| SWITCHES.contains(&it.kind())) {
            let value = last.map(|it| self.expression(it, owner));
            out.extend(value.map(Statement::Return));
        } else if let Some(Statement::Do(_)) = out.last().filter(|_| last.is_some())
            && let Some(Statement::Do(value)) = out.pop()
        {
            out.push(Statement::Return(value));
        } else if let Some(Statement::Assign { target: target @ Expression::Member(..), .. }) =
            out.last().filter(|_| last.is_some() && self.language == Language::Ruby)
        {
            // `@producer ||= Karafka.producer`
            let target = target.clone();
            out.push(Statement::Return(target));
        }
    }

    fn kotlin_result(&self, node: Node<'t>) -> Option<Node<'t>> {
        let name = field(node, "name").map_or(0, |it| it.start_byte());
        let is_result = |it: &Node<'_>| is_type(*it) && it.start_byte() > name;
        children(node).into_iter().find(is_result).filter(|_| self.language == Language::Kotlin)
    }

    /// Whether a function of C# extends the type of its first parameter.
    fn extended(&self, node: Node<'t>) -> bool {
        let first = field(node, "parameters").and_then(|it| children(it).first().copied());
        self.language == Language::CSharp && first.is_some_and(|it| self.text_of(it).starts_with("this "))
    }

    /// The type that a function of Kotlin extends, which stands before its name.
    fn kotlin_receiver(&self, node: Node<'t>) -> Option<Node<'t>> {
        let name = field(node, "name")?.start_byte();
        let is_receiver = |it: &Node<'_>| is_type(*it) && it.start_byte() < name;
        children(node).into_iter().find(is_receiver).filter(|_| self.language == Language::Kotlin)
    }

    fn type_of_result(&self, node: Node<'t>) -> Option<TypeName> {
        // Go hands back several; the first one matters.
        let first = if node.kind() == "parameter_list" { children(node).first().copied()? } else { node };
        self.type_of(field(first, "type").unwrap_or(first))
    }

    pub(super) fn parameters(
        &mut self,
        node: Node<'t>,
        owner: Option<usize>,
        body: &mut Vec<Statement>,
    ) -> Vec<Parameter> {
        let list = field(node, "parameters").or_else(|| field(node, "parameter")).or_else(|| {
            child(node, &["function_value_parameters", "parameter_list", "lambda_parameters", "formal_parameters"])
        });
        let Some(list) = list else { return Vec::new() };
        let parts = if is_name(list.kind()) { vec![list] } else { children(list) };
        let mut parameters = Vec::new();
        let mut annotations = Vec::new();
        for part in parts {
            if part.kind() == "parameter_modifiers" {
                annotations = self.annotations(part, owner);
                continue;
            }
            let mut parameter = self.parameter(part, owner, body);
            parameter.annotations.append(&mut annotations);
            let is_self = matches!(parameter.name.as_str(), "self" | "this" | "cls" | "mut self");
            if !(is_self && matches!(self.language, Language::Python | Language::Rust)) {
                // `a, b string` of Go is one node with two names.
                let more: Vec<_> = part.children_by_field_name("name", &mut part.walk()).skip(1).collect();
                let ty = parameter.ty.clone();
                parameters.push(parameter);
                let more = more.into_iter().filter(|_| self.language == Language::Go).map(|it| self.name_of(it));
                parameters.extend(more.map(|name| Parameter {
                    name,
                    ty: ty.clone(),
                    default: None,
                    annotations: Vec::new(),
                }));
            }
        }
        parameters
    }

    fn parameter(&mut self, part: Node<'t>, owner: Option<usize>, body: &mut Vec<Statement>) -> Parameter {
        let name = ["name", "pattern", "left"].iter().find_map(|it| field(part, it));
        let name = name.or_else(|| children(part).into_iter().find(|it| is_name(it.kind()))).unwrap_or(part);
        let ty = field(part, "type").or_else(|| child(part, &["user_type", "nullable_type", "type"]));
        let default = ["value", "right", "default_value"].iter().find_map(|it| field(part, it));
        let default = default.map(|it| self.expression(it, owner));
        // `({ topic, message })`: each name takes its part of the parameter.
        if matches!(name.kind(), "object_pattern" | "array_pattern") {
            let whole = self.name_of(name);
            for (name, key) in self.taken(name) {
                let part = Expression::Member(Box::new(Expression::Name(whole.clone())), key);
                body.push(Statement::Bind { name, ty: None, value: Some(part) });
            }
        }
        let ty = ty.and_then(|it| self.type_of(it));
        // `private client: Stan` in a constructor of TypeScript, `private val topics` of Kotlin: a field as well.
        let is_field = child(part, &["accessibility_modifier", "readonly", "modifiers", "visibility_modifier"])
            .is_some()
            || self.text_of(part).starts_with("val ")
            || self.text_of(part).starts_with("var ")
            || self.text_of(part).starts_with("readonly ");
        let annotations = self.annotations(part, owner);
        let parameter = Parameter { name: self.name_of(name), ty, default, annotations };
        let declared = owner.and_then(|it| self.unit.types.get_mut(it));
        if let Some(declared) = declared.filter(|_| is_field) {
            let (name, ty) = (parameter.name.clone(), parameter.ty.clone());
            let known = declared.fields.iter().any(|it| it.name == name);
            if !known {
                declared.fields.push(Field { name, ty, value: None, annotations: Vec::new() });
            }
        }
        parameter
    }
}

fn is_type(node: Node<'_>) -> bool {
    matches!(node.kind(), "user_type" | "nullable_type")
}
