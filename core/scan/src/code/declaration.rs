//! Reads declarations of types, and annotations, attributes and decorators.

use archwright_syntax::Span;
use tree_sitter::Node;

use super::reader::{Reader, is_name};
use super::syntax::{all, child, children, field, line};
use super::{Argument, Call, Expression, Field, Function, Statement, TypeDeclaration, TypeName};
use crate::Language;

/// Where the grammars put what a type extends and implements.
const HERITAGE: &[&str] = &[
    "class_heritage",
    "extends_clause",
    "implements_clause",
    "extends_type_clause",
    "superclass",
    "super_interfaces",
    "interfaces",
    "extends_interfaces",
    "type_list",
    "base_list",
    "base_clause",
    "class_interface_clause",
    "delegation_specifiers",
    "trait_bounds",
];

impl<'t> Reader<'t> {
    pub(super) fn type_declaration(&mut self, node: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        let Some(name) = field(node, "name").or_else(|| child(node, &["identifier", "type_identifier"])) else {
            return self.statements(node, owner, out);
        };
        // `AMQP::Queue` of Ruby is called by its last name, as elsewhere.
        let name = self.text_of(name).rsplit([':', '.']).next().unwrap_or_default();
        if node.kind() == "module" && self.language == Language::Ruby && !has_methods(node) {
            return self.members(node, owner, out);
        }
        let annotations = self.annotations(node, owner);
        let is_abstract = matches!(node.kind(), "interface_declaration" | "trait_item" | "abstract_class_declaration")
            || self
                .text_of(node)
                .split(['{', '(', ':'])
                .next()
                .is_some_and(|head| head.split_whitespace().any(|it| matches!(it, "abstract" | "interface")));
        let mut supers = Vec::new();
        self.supers(node, &mut supers, 0);
        let known = self.unit.types.iter().position(|it| it.name == name && it.line == 0);
        let index = known.unwrap_or(self.unit.types.len());
        let declared = TypeDeclaration {
            name: name.into(),
            supers,
            annotations,
            is_abstract,
            line: field(node, "name").map_or_else(|| line(node), line),
            fields: Vec::new(),
        };
        match self.unit.types.get_mut(index) {
            Some(it) => *it = declared,
            None => self.unit.types.push(declared),
        }
        // `struct WorkerChannel(Channel);` has its fields by number.
        if let Some(list) = field(node, "body").filter(|it| it.kind() == "ordered_field_declaration_list") {
            let types: Vec<_> = list.children_by_field_name("type", &mut list.walk()).collect();
            for (at, part) in types.into_iter().enumerate() {
                let ty = self.type_of(part);
                let name = at.to_string().into();
                self.add_field(Some(index), Field { name, ty, value: None, annotations: Vec::new() });
            }
        }
        // The parameters of a primary constructor are fields that every method sees.
        let primary = child(node, &["primary_constructor"]).and_then(|it| child(it, &["class_parameters"]));
        let primary = primary.or_else(|| child(node, &["parameter_list"])).or_else(|| field(node, "parameters"));
        for parameter in primary.map(children).unwrap_or_default() {
            self.member_parameter(parameter, index);
        }
        if self.enter() {
            self.members(node, Some(index), out);
        }
        self.leave();
    }

    fn member_parameter(&mut self, node: Node<'t>, index: usize) {
        let name = field(node, "name").or_else(|| children(node).into_iter().find(|it| is_name(it.kind())));
        let Some(name) = name else { return };
        let ty = field(node, "type").or_else(|| child(node, &["user_type", "nullable_type"]));
        let ty = ty.and_then(|it| self.type_of(it));
        let value = children(node).into_iter().rfind(|it| is_literal(it.kind())).map(|it| self.expression(it, None));
        let annotations = self.annotations(node, Some(index));
        let declared = Field { name: self.name_of(name), ty, value, annotations };
        if let Some(it) = self.unit.types.get_mut(index) {
            it.fields.push(declared);
        }
    }

    fn supers(&self, node: Node<'t>, supers: &mut Vec<TypeName>, depth: usize) {
        for part in children(node).into_iter().filter(|_| depth < 5) {
            if HERITAGE.contains(&part.kind()) {
                self.super_list(part, supers, depth);
            } else if part.kind() == "argument_list" && node.kind() == "class_definition" {
                supers.extend(children(part).into_iter().filter_map(|it| self.type_of(it)));
            }
        }
    }

    fn super_list(&self, node: Node<'t>, supers: &mut Vec<TypeName>, depth: usize) {
        let value = field(node, "value");
        for part in children(node).into_iter().filter(|_| depth < 5) {
            match part.kind() {
                kind if HERITAGE.contains(&kind) => self.super_list(part, supers, depth + 1),
                "type_arguments" if value.is_some() => {
                    if let (Some(last), Some(with)) = (supers.last_mut(), value) {
                        let text = format!("{}{}", self.text_of(with), self.text_of(part));
                        *last = TypeName::read(&text).unwrap_or_default();
                    }
                }
                "argument_list" => {}
                _ => supers.extend(self.type_of(part)),
            }
        }
    }

    /// What stands in the body of a type.
    fn members(&mut self, node: Node<'t>, index: Option<usize>, out: &mut Vec<Statement>) {
        let bodies = ["body", "class_body", "companion_object", "declaration_list", "enum_class_body", "enum_body"];
        for body in children(node) {
            let is_body = field(node, "body") == Some(body) || bodies.contains(&body.kind());
            if is_body {
                self.member_list(body, index, out);
            }
        }
    }

    fn member_list(&mut self, body: Node<'t>, index: Option<usize>, out: &mut Vec<Statement>) {
        let mut decorators: Vec<Call> = Vec::new();
        for member in children(body) {
            match member.kind() {
                "decorator" => decorators.extend(self.annotation(member, index)),
                "use_declaration" if self.language == Language::Php => {
                    let traits: Vec<_> = children(member).into_iter().filter_map(|it| self.type_of(it)).collect();
                    if let Some(declared) = index.and_then(|it| self.unit.types.get_mut(it)) {
                        declared.supers.extend(traits);
                    }
                }
                "companion_object" => self.members(member, index, out),
                "enum_body_declarations" | "declaration_list" | "class_body" | "singleton_class" | "body_statement" => {
                    self.member_list(member, index, out);
                }
                "method_definition" | "method_signature" | "abstract_method_signature" => {
                    self.function(member, index, std::mem::take(&mut decorators));
                }
                "public_field_definition"
                | "field_definition"
                | "property_declaration"
                | "field_declaration"
                | "property_signature"
                | "constant_declaration"
                | "const_declaration"
                | "enum_assignment"
                | "enum_constant"
                | "enum_variant"
                | "enum_entry"
                | "enum_member_declaration"
                | "enum_case" => self.field(member, index, &mut decorators),
                // A member of an enum without a value.
                "property_identifier" | "identifier" if body.kind().contains("enum") => {
                    let name = self.name_of(member);
                    self.add_field(index, Field { name, ty: None, value: None, annotations: vec![] });
                }
                _ => {
                    let mut statements = Vec::new();
                    self.statement_at(member, index, &mut statements);
                    self.class_level(statements, index, out);
                }
            }
        }
    }

    /// What a class says outside of its methods: fields, and calls that set it up, as in Ruby.
    fn class_level(&mut self, statements: Vec<Statement>, index: Option<usize>, out: &mut Vec<Statement>) {
        for statement in statements {
            match statement {
                Statement::Bind { name, ty, value } if index.is_some() => {
                    self.add_field(index, Field { name, ty, value, annotations: Vec::new() });
                }
                Statement::Do(Expression::Call(call)) if index.is_some() => {
                    let declared = index.and_then(|it| self.unit.types.get_mut(it));
                    if let Some(declared) = declared {
                        // `include Sidekiq::Job`
                        if matches!(call.name.as_str(), "include" | "extend" | "prepend")
                            && let Some(Argument {
                                value: Expression::Name(name) | Expression::Member(_, name), ..
                            }) = call.arguments.first()
                        {
                            declared.supers.push(TypeName::plain(name.clone()));
                        }
                    }
                    // What runs when the class is loaded, with the blocks that run later.
                    let body = vec![Statement::Do(Expression::Call(call))];
                    self.unit.functions.push(Function { owner: index, body, has_body: true, ..Function::default() });
                }
                other => out.push(other),
            }
        }
    }

    fn add_field(&mut self, index: Option<usize>, declared: Field) {
        if let Some(it) = index.and_then(|it| self.unit.types.get_mut(it)) {
            it.fields.push(declared);
        }
    }

    fn field(&mut self, member: Node<'t>, index: Option<usize>, decorators: &mut Vec<Call>) {
        let mut annotations = self.annotations(member, index);
        annotations.append(decorators);
        let getter = field(member, "value").filter(|it| it.kind() == "arrow_expression_clause");
        let mut statements = Vec::new();
        let value = match member.kind() {
            "enum_constant" => field(member, "arguments").and_then(|it| children(it).first().copied()),
            "enum_entry" => child(member, &["value_arguments"])
                .and_then(|it| children(it).first().copied())
                .map(|it| children(it).last().copied().unwrap_or(it)),
            _ => getter.and_then(|it| children(it).first().copied()).or_else(|| field(member, "value")),
        };
        let name = ["name", "property"].iter().find_map(|it| field(member, it));
        let name = name.or_else(|| {
            let is_enum = member.kind().starts_with("enum");
            children(member).into_iter().find(|it| is_enum && is_name(it.kind()))
        });
        if let Some(name) = name {
            let names: Vec<_> = member.children_by_field_name("name", &mut member.walk()).collect();
            let names = if names.is_empty() { vec![name] } else { names };
            for name in names {
                let ty = field(member, "type").or_else(|| {
                    // What a variant of Rust carries.
                    let list = field(member, "body").filter(|it| it.kind() == "ordered_field_declaration_list");
                    list.and_then(|it| children(it).last().copied())
                });
                let ty = ty.and_then(|it| self.type_of(it)).map(|it| it.unwrapped().clone());
                let value = value.map(|it| self.expression(it, index));
                let annotations = std::mem::take(&mut annotations);
                self.add_field(index, Field { name: self.name_of(name), ty, value, annotations });
            }
            self.property_body(member, index);
            return;
        }
        let is_binding = child(member, &["variable_declarator"]).is_some() || member.kind() == "property_declaration";
        if is_binding && member.kind() != "const_declaration" && child(member, &["property_element"]).is_none() {
            for part in all(member, &["variable_declarator"]) {
                self.statement_at(part, index, &mut statements);
            }
            if statements.is_empty() {
                self.statement_at(member, index, &mut statements);
            }
        } else {
            self.statements(member, index, &mut statements);
        }
        for statement in statements {
            if let Statement::Bind { name, ty, value } = statement {
                let annotations = std::mem::take(&mut annotations);
                self.add_field(index, Field { name, ty, value, annotations });
            }
        }
    }

    /// Accessors with code.
    fn property_body(&mut self, member: Node<'t>, index: Option<usize>) {
        for accessor in field(member, "accessors").map(children).unwrap_or_default() {
            if field(accessor, "body").is_some() {
                self.function(accessor, index, Vec::new());
            }
        }
    }

    /// `type Name struct { .. }` and `type Name interface { .. }` of Go.
    pub(super) fn go_type(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let (Some(name), Some(body)) = (field(node, "name"), field(node, "type")) else { return };
        let text = self.text_of(name);
        let known = self.unit.types.iter().position(|it| it.name == text);
        let index = known.unwrap_or(self.unit.types.len());
        if known.is_none() {
            self.unit.types.push(TypeDeclaration { name: text.into(), ..TypeDeclaration::default() });
        }
        let mut fields = Vec::new();
        for list in all(body, &["field_declaration_list"]) {
            for part in all(list, &["field_declaration"]) {
                let ty = field(part, "type").and_then(|it| self.type_of(it));
                let names: Vec<_> = part.children_by_field_name("name", &mut part.walk()).collect();
                // An embedded struct lends its members.
                let embedded = ty.clone().filter(|_| names.is_empty());
                let tags = field(part, "tag").map(|it| tags(self.text_of(it), line(it))).unwrap_or_default();
                if let Some(it) = self.unit.types.get_mut(index) {
                    it.supers.extend(embedded);
                }
                fields.extend(names.into_iter().map(|it| Field {
                    name: self.name_of(it),
                    ty: ty.clone(),
                    value: None,
                    annotations: tags.clone(),
                }));
            }
        }
        if let Some(it) = self.unit.types.get_mut(index) {
            it.line = line(name);
            it.is_abstract = body.kind() == "interface_type";
            it.fields.append(&mut fields);
        }
        for method in all(body, &["method_elem"]) {
            self.statement_at(method, Some(index), out);
        }
    }

    /// `impl Trait for Type { .. }` of Rust.
    pub(super) fn implementation(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let Some(ty) = field(node, "type").and_then(|it| self.type_of(it)) else { return };
        let known = self.unit.types.iter().position(|it| it.name == ty.name);
        let index = known.unwrap_or(self.unit.types.len());
        if known.is_none() {
            self.unit.types.push(TypeDeclaration { name: ty.name, line: line(node), ..TypeDeclaration::default() });
        }
        let implemented = field(node, "trait").and_then(|it| self.type_of(it));
        if let Some(it) = self.unit.types.get_mut(index) {
            it.supers.extend(implemented);
        }
        if let Some(body) = field(node, "body") {
            self.member_list(body, Some(index), out);
        }
    }

    /// The annotations of a declaration.
    pub(super) fn annotations(&mut self, node: Node<'t>, owner: Option<usize>) -> Vec<Call> {
        let mut found = Vec::new();
        for part in children(node) {
            match part.kind() {
                "annotation" | "marker_annotation" | "decorator" | "attribute" => {
                    found.extend(self.annotation(part, owner));
                }
                "modifiers" | "attribute_list" | "attribute_group" => found.extend(self.annotations(part, owner)),
                _ => {}
            }
        }
        // Rust has them before the declaration, TypeScript before an exported class.
        if let Some(before) = node.parent().filter(|it| it.kind() == "export_statement") {
            let decorators = all(before, &["decorator"]);
            found.extend(decorators.into_iter().filter_map(|it| self.annotation(it, owner)));
        }
        found
    }

    fn annotation(&mut self, node: Node<'t>, owner: Option<usize>) -> Option<Call> {
        let inner = match node.kind() {
            "decorator" => children(node).first().copied()?,
            "annotation" if self.language == Language::Kotlin => child(node, &["constructor_invocation", "user_type"])?,
            _ => node,
        };
        match self.expression(inner, owner) {
            Expression::Call(call) => return Some(*call),
            Expression::Name(name) if inner != node => return Some(bare(name, line(node))),
            Expression::Member(object, name) if inner != node => {
                return Some(Call { receiver: Some(*object), ..bare(name, line(node)) });
            }
            _ => {}
        }
        let name = field(inner, "name").or_else(|| children(inner).first().copied())?;
        let ty = self.type_of(name)?;
        let list = ["arguments", "parameters"].iter().find_map(|it| field(inner, it));
        let list = list.or_else(|| child(inner, &["value_arguments", "attribute_argument_list", "arguments"]));
        let arguments: Vec<Argument> = list.map(|it| self.arguments(it, owner)).unwrap_or_default();
        Some(Call { arguments, types: ty.arguments, ..bare(ty.name, line(node)) })
    }
}

fn bare(name: smol_str::SmolStr, line: u32) -> Call {
    Call {
        receiver: None,
        name,
        types: Vec::new(),
        arguments: Vec::new(),
        is_construction: false,
        line,
        span: Span::default(),
    }
}

/// The tags of a field of Go: `env:"ORDERS_TOPIC" envDefault:"orders"`.
fn tags(text: &str, line: u32) -> Vec<Call> {
    let mut found = Vec::new();
    let mut rest = text.trim_matches('`');
    while let Some((name, tail)) = rest.split_once(":\"") {
        let Some((value, tail)) = tail.split_once('"') else { break };
        let value = Expression::Text(value.into());
        let arguments = vec![Argument { name: None, value, is_spread: false }];
        found.push(Call { arguments, ..bare(name.trim().into(), line) });
        rest = tail;
    }
    found
}

fn is_literal(kind: &str) -> bool {
    kind.contains("string") || kind.ends_with("_literal") || kind == "call_expression"
}

/// Whether a module of Ruby has methods of its own; one without is a namespace.
fn has_methods(node: Node<'_>) -> bool {
    let body = field(node, "body");
    body.is_some_and(|it| child(it, &["method", "singleton_method", "singleton_class"]).is_some())
}
