//! Reads values: calls, members, texts, objects and lists.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::reader::{Reader, is_lambda};
use super::syntax::{all, children, field, line};
use super::{Argument, Call, Expression, Lambda, Statement, TypeName};
use crate::Language;

/// What can be taken off around a value.
const AROUND: &[&str] = &[
    "parenthesized_expression",
    "await_expression",
    "await",
    "non_null_expression",
    "try_expression",
    "reference_expression",
    "unary_expression",
    "argument",
    "value_argument",
    "expression_statement",
    "literal_element",
    "variadic_argument",
    "expression_list",
    "spread_element",
    "list_splat",
    "splat_argument",
    "variadic_unpacking",
    "annotated_lambda",
    "match_pattern",
    "constant_pattern",
    "attribute_argument",
    "parenthesized_statements",
    "postfix_unary_expression",
    "prefix_unary_expression",
    "postfix_expression",
    "interpolation",
    "template_substitution",
    "when_subject",
    "type_arguments",
    "block_argument",
    "checked_expression",
    "concatenated_string",
    "sequence_expression",
    "when_condition",
];

/// Numbers, truth values, and nothing.
const LITERALS: &[&str] = &[
    "true",
    "false",
    "boolean",
    "boolean_literal",
    "null",
    "nil",
    "none",
    "null_literal",
    "undefined",
    "number",
    "integer",
    "integer_literal",
    "int_literal",
    "number_literal",
    "decimal_integer_literal",
    "float",
    "float_literal",
    "real_literal",
];

impl<'t> Reader<'t> {
    /// Reads a value.
    pub(super) fn expression(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let read = if self.enter() { self.value(node, owner) } else { Expression::Other(Vec::new()) };
        self.leave();
        read
    }

    fn value(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let kind = node.kind();
        match kind {
            "string"
            | "string_literal"
            | "template_string"
            | "interpreted_string_literal"
            | "raw_string_literal"
            | "encapsed_string"
            | "interpolated_string_expression"
            | "verbatim_string_literal"
            | "multiline_string_literal"
            | "heredoc"
            | "character_literal"
            | "char_literal" => self.text(node, owner),
            "simple_symbol" | "hash_key_symbol" => Expression::Text(self.text_of(node).trim_matches(':').into()),
            "this" | "self" | "this_expression" | "relative_scope" => Expression::Name("this".into()),
            "instance_variable" => Expression::Member(Box::new(Expression::Name("this".into())), self.name_of(node)),
            "variable_name"
            | "identifier"
            | "simple_identifier"
            | "constant"
            | "property_identifier"
            | "name"
            | "type_identifier"
            | "shorthand_property_identifier"
            | "field_identifier"
            | "package_identifier"
            | "qualified_name"
            | "global_variable"
            | "class_variable" => match self.name_of(node) {
                name if name == "this" || (name == "self" && self.language == Language::Python) => {
                    Expression::Name("this".into())
                }
                name => Expression::Name(name.rsplit('\\').next().unwrap_or_default().into()),
            },
            "call_expression"
            | "invocation_expression"
            | "method_invocation"
            | "call"
            | "member_call_expression"
            | "nullsafe_member_call_expression"
            | "scoped_call_expression"
            | "function_call_expression"
            | "constructor_invocation" => self.call(node, owner),
            "type_conversion_expression" => self.conversion(node, owner),
            "new_expression" | "object_creation_expression" | "implicit_object_creation_expression" => {
                self.construction(node, owner)
            }
            "member_expression"
            | "member_access_expression"
            | "attribute"
            | "field_access"
            | "field_expression"
            | "navigation_expression"
            | "selector_expression"
            | "scoped_identifier"
            | "scope_resolution"
            | "class_constant_access_expression"
            | "scoped_property_access_expression"
            | "qualified_identifier"
            | "nullsafe_member_access_expression"
            | "conditional_access_expression"
            | "scoped_type_identifier" => self.member(node, owner),
            "member_binding_expression" => {
                let name = field(node, "name").map(|it| self.name_of(it)).unwrap_or_default();
                Expression::Name(name)
            }
            "generic_name" | "generic_function" => {
                let inner = field(node, "function").or_else(|| children(node).first().copied());
                inner.map_or_else(|| Expression::Other(Vec::new()), |it| self.expression(it, owner))
            }
            "object"
            | "dictionary"
            | "hash"
            | "literal_value"
            | "initializer_expression"
            | "field_initializer_list"
            | "anonymous_object_creation_expression"
            | "array_creation_expression" => self.object(node, owner),
            "composite_literal" | "struct_expression" => self.composite(node, owner),
            "array"
            | "list"
            | "tuple"
            | "array_initializer"
            | "element_value_array_initializer"
            | "collection_literal"
            | "collection_expression"
            | "array_expression"
            | "set"
            | "string_array"
            | "symbol_array"
            | "tuple_expression" => Expression::List(self.all_of(node, owner)),
            "implicit_array_creation_expression" => {
                children(node).last().map_or_else(|| Expression::List(Vec::new()), |it| self.expression(*it, owner))
            }
            "list_comprehension" | "generator_expression" | "set_comprehension" => {
                let body = field(node, "body").map(|it| self.expression(it, owner));
                Expression::List(body.into_iter().collect())
            }
            "class_literal" | "typeof_expression" => {
                let ty = children(node).first().and_then(|it| self.type_of(*it));
                ty.map_or_else(|| Expression::Other(Vec::new()), Expression::Type)
            }
            "callable_reference" if self.text_of(node).ends_with("::class") => {
                let ty = children(node).first().and_then(|it| self.type_of(*it));
                ty.map_or_else(|| Expression::Other(Vec::new()), Expression::Type)
            }
            "method_reference" | "callable_reference" => {
                let (receiver, name, types, line) = self.callee(node, owner);
                let (arguments, span) = (Vec::new(), self.span(node));
                let call = Call { receiver, name, types, arguments, is_construction: false, line, span };
                let body = vec![Statement::Do(Expression::Call(Box::new(call)))];
                Expression::Lambda(Box::new(Lambda { body, span: self.span(node) }))
            }
            "as_expression" | "cast_expression" | "satisfies_expression" | "type_cast_expression" => {
                let ty = field(node, "type").or_else(|| children(node).get(1).copied());
                let value = field(node, "value").or_else(|| children(node).first().copied());
                match (ty.and_then(|it| self.type_of(it)), value) {
                    (Some(ty), Some(value)) if ty.name != "const" && ty.name != "any" => {
                        Expression::Cast(ty, Box::new(self.expression(value, owner)))
                    }
                    (_, Some(value)) => self.expression(value, owner),
                    _ => Expression::Other(Vec::new()),
                }
            }
            "binary_expression"
            | "boolean_operator"
            | "binary_operator"
            | "binary"
            | "elvis_expression"
            | "infix_expression"
            | "null_coalescing_expression"
            | "additive_expression" => self.binary(node, owner),
            "ternary_expression" | "conditional_expression" | "conditional" => {
                let branches = ["consequence", "alternative", "body"].iter().filter_map(|it| field(node, it));
                let mut branches: Vec<_> = branches.collect();
                if branches.is_empty() {
                    branches = children(node);
                }
                Expression::Either(branches.into_iter().map(|it| self.expression(it, owner)).collect())
            }
            "if_expression" | "when_expression" | "switch_expression" | "match_expression" | "case" | "if" => {
                self.branches(node, owner)
            }
            "subscript_expression"
            | "subscript"
            | "element_access_expression"
            | "index_expression"
            | "element_reference"
            | "indexing_expression" => {
                let parts = children(node);
                match (parts.first(), parts.last()) {
                    (Some(object), Some(key)) if object != key => {
                        let key = children(*key).last().copied().filter(|it| it.kind() == "argument").unwrap_or(*key);
                        let (object, key) = (self.expression(*object, owner), self.expression(key, owner));
                        Expression::Index(Box::new(object), Box::new(key))
                    }
                    _ => Expression::Other(self.all_of(node, owner)),
                }
            }
            "property_delegate" => self.delegate(node, owner),
            // `typeof message`, `!message`: something else than what stands there.
            "unary_expression" if self.is_script() && !self.text_of(node).starts_with("await") => {
                Expression::Other(self.all_of(node, owner))
            }
            "macro_invocation" => self.macro_call(node, owner),
            _ if is_lambda(kind) => self.lambda(node, owner),
            "do_block" | "block" if self.language == Language::Ruby => self.lambda(node, owner),
            "pair" => {
                field(node, "value").map_or_else(|| Expression::Other(Vec::new()), |it| self.expression(it, owner))
            }
            _ if AROUND.contains(&kind) => match children(node).as_slice() {
                [inner] => self.expression(*inner, owner),
                [.., last] if kind == "value_argument" || kind == "argument" => self.expression(*last, owner),
                parts => {
                    let parts: Vec<_> = parts.iter().map(|it| self.expression(*it, owner)).collect();
                    if kind == "concatenated_string" { Expression::Template(parts) } else { Expression::Other(parts) }
                }
            },
            "assignment_expression" | "assignment" | "block" | "statement_block" | "unsafe_block" | "async_block" => {
                // A statement in the place of a value: what it does is kept.
                let mut body = Vec::new();
                self.statements(node, owner, &mut body);
                Expression::Lambda(Box::new(Lambda { body, span: self.span(node) }))
            }
            "send_statement" => self.channel_send(node, owner),
            _ if LITERALS.contains(&kind) => Expression::Literal(self.text_of(node).into()),
            _ => Expression::Other(self.all_of(node, owner)),
        }
    }

    /// What a property of Kotlin is delegated to; that of `by lazy { .. }` is what the lambda hands back.
    fn delegate(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let Some(inner) = children(node).first().copied() else { return Expression::Other(Vec::new()) };
        match self.expression(inner, owner) {
            Expression::Call(mut call) if call.name == "lazy" => {
                match call.arguments.last_mut().map(|it| &mut it.value) {
                    Some(Expression::Lambda(lambda)) if lambda.body.len() == 1 => match lambda.body.pop() {
                        Some(Statement::Do(value) | Statement::Return(value)) => value,
                        other => {
                            lambda.body.extend(other);
                            Expression::Call(call)
                        }
                    },
                    _ => Expression::Call(call),
                }
            }
            other => other,
        }
    }

    fn all_of(&mut self, node: Node<'t>, owner: Option<usize>) -> Vec<Expression> {
        children(node).into_iter().map(|it| self.expression(it, owner)).collect()
    }

    fn branches(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let mut values = Vec::new();
        self.branch_values(node, owner, &mut values, 0);
        Expression::Either(values)
    }

    fn branch_values(&mut self, node: Node<'t>, owner: Option<usize>, values: &mut Vec<Expression>, depth: usize) {
        let parts = children(node);
        for (index, part) in parts.iter().enumerate().filter(|_| depth < 6) {
            let is_last = index + 1 == parts.len();
            match part.kind() {
                "switch_expression_arm" | "when_entry" | "match_arm" | "switch_rule" | "when" => {
                    let value = field(*part, "value").or_else(|| children(*part).last().copied());
                    values.extend(value.map(|it| self.block_value(it, owner)));
                }
                "match_block" | "switch_block" | "switch_body" => self.branch_values(*part, owner, values, depth + 1),
                "else_clause" | "else" => self.branch_values(*part, owner, values, depth + 1),
                "block" | "control_structure_body" | "then" => values.push(self.block_value(*part, owner)),
                _ if is_last && depth > 0 => values.push(self.expression(*part, owner)),
                // The alternatives of a one-line condition of Kotlin.
                _ if node.kind() == "if_expression" && index > 0 => values.push(self.expression(*part, owner)),
                _ => {}
            }
        }
    }

    /// The last value of a block.
    fn block_value(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let is_block = matches!(node.kind(), "block" | "control_structure_body" | "then" | "expression_statement");
        match children(node).last().copied().filter(|_| is_block) {
            Some(last) if children(node).len() == 1 => self.block_value(last, owner),
            Some(_) => {
                let mut body = Vec::new();
                self.statements(node, owner, &mut body);
                Expression::Lambda(Box::new(Lambda { body, span: self.span(node) }))
            }
            None => self.expression(node, owner),
        }
    }

    fn member(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let (object, name, ..) = self.callee(node, owner);
        match object {
            // `Order::class` of PHP and Kotlin.
            Some(Expression::Name(ty) | Expression::Member(_, ty)) if name == "class" => {
                Expression::Type(TypeName::plain(ty))
            }
            Some(object) if !name.is_empty() => Expression::Member(Box::new(object), name),
            Some(object) => object,
            None => Expression::Name(name),
        }
    }

    pub(super) fn object(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let parts = children(node);
        if node.kind() == "anonymous_object_creation_expression" {
            let mut entries = Vec::new();
            for pair in parts.chunks(2) {
                if let [name, value] = pair {
                    entries.push((self.name_of(*name), self.expression(*value, owner)));
                }
            }
            return Expression::Object { ty: None, entries, line: line(node) };
        }
        self.object_of(&parts, node, owner)
    }

    /// An object with some of its parts.
    pub(super) fn object_of(&mut self, parts: &[Node<'t>], node: Node<'t>, owner: Option<usize>) -> Expression {
        let (mut entries, mut list) = (Vec::new(), Vec::new());
        for part in parts.iter().copied() {
            let inside = children(part);
            let key = ["key", "left", "field", "name"].iter().find_map(|it| field(part, it));
            let value = ["value", "right"].iter().find_map(|it| field(part, it));
            match (part.kind(), key, value) {
                ("shorthand_property_identifier" | "shorthand_field_initializer", ..) => {
                    let name = self.name_of(part);
                    entries.push((name.clone(), Expression::Name(name)));
                }
                ("array_element_initializer", ..) => match inside.as_slice() {
                    [key, value] => entries.push((self.key(*key), self.expression(*value, owner))),
                    [value] => list.push(self.expression(*value, owner)),
                    _ => {}
                },
                (_, Some(key), Some(value)) => entries.push((self.key(key), self.expression(value, owner))),
                ("method_definition", Some(key), None) => {
                    entries.push((self.key(key), self.lambda(part, owner)));
                }
                _ => list.push(self.expression(part, owner)),
            }
        }
        if entries.is_empty() && !list.is_empty() {
            return Expression::List(list);
        }
        entries.extend(list.into_iter().map(|it| (SmolStr::default(), it)));
        Expression::Object { ty: None, entries, line: line(node) }
    }

    fn key(&self, node: Node<'t>) -> SmolStr {
        self.text_of(node).trim_matches(['"', '\'', '`', ':', '[', ']']).into()
    }

    fn binary(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let parts = children(node);
        let left = field(node, "left").or_else(|| parts.first().copied());
        let right = field(node, "right").or_else(|| parts.last().copied());
        let (Some(left), Some(right)) = (left, right) else { return Expression::Other(Vec::new()) };
        let between = self.text.get(left.end_byte()..right.start_byte()).unwrap_or_default().trim();
        let values = vec![self.expression(left, owner), self.expression(right, owner)];
        match between {
            "+" | "." => Expression::Template(values),
            "||" | "??" | "?:" | "or" => Expression::Either(values),
            "to" => Expression::List(values),
            // `queue << message` of Ruby.
            "<<" if self.language == Language::Ruby => {
                let mut values = values.into_iter();
                let receiver = values.next();
                let arguments = values.map(|value| Argument { name: None, value, is_spread: false }).collect();
                Expression::Call(Box::new(Call {
                    receiver,
                    name: "<<".into(),
                    types: Vec::new(),
                    arguments,
                    is_construction: false,
                    line: line(node),
                    span: self.span(node),
                }))
            }
            _ => Expression::Other(values),
        }
    }

    fn lambda(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let mut body = Vec::new();
        let mut parameters = self.parameters(node, owner, &mut body);
        for list in all(node, &["block_parameters"]) {
            for part in children(list) {
                let name = self.name_of(part);
                parameters.push(super::Parameter { name, ty: None, default: None, annotations: Vec::new() });
            }
        }
        match field(node, "body") {
            Some(block) => self.body(block, owner, &mut body),
            None => {
                let is_parameter = |it: &Node<'_>| it.kind().ends_with("parameters");
                for part in children(node).into_iter().filter(|it| !is_parameter(it)) {
                    self.statement_at(part, owner, &mut body);
                }
            }
        }
        // The names of its parameters hide those outside.
        let hidden =
            parameters.iter().map(|it| Statement::Bind { name: it.name.clone(), ty: it.ty.clone(), value: None });
        let body = hidden.chain(body).collect();
        Expression::Lambda(Box::new(Lambda { body, span: self.span(node) }))
    }
}
