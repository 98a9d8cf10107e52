//! Reads calls, constructions and their arguments.

use archwright_syntax::Span;
use smol_str::SmolStr;
use tree_sitter::Node;

use super::reader::{Reader, is_lambda, is_name};
use super::syntax::{child, children, field, line};
use super::{Argument, Call, Expression, Statement, TypeName};
use crate::Language;
use crate::facts::is_known;

/// Arguments that stand for any number of them.
const SPREADS: &[&str] = &[
    "spread_element",
    "list_splat",
    "dictionary_splat",
    "splat_argument",
    "hash_splat_argument",
    "variadic_unpacking",
    "variadic_argument",
    "spread_expression",
];

impl<'t> Reader<'t> {
    /// `producer.Input() <- message` of Go is a call of `<-` on the channel.
    pub(super) fn channel_send(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let (Some(channel), Some(value)) = (field(node, "channel"), field(node, "value")) else {
            return Expression::Other(Vec::new());
        };
        Expression::Call(Box::new(Call {
            receiver: Some(self.expression(channel, owner)),
            name: "<-".into(),
            types: Vec::new(),
            arguments: vec![Argument { name: None, value: self.expression(value, owner), is_spread: false }],
            is_construction: false,
            line: line(node),
            span: self.span(node),
        }))
    }

    /// What a call calls: its receiver, its name, its type arguments, and the line of the name.
    pub(super) fn callee(
        &mut self,
        function: Node<'t>,
        owner: Option<usize>,
    ) -> (Option<Expression>, SmolStr, Vec<TypeName>, u32) {
        match function.kind() {
            "parenthesized_expression" | "await_expression" | "await" => {
                if let Some(inner) = children(function).first() {
                    return self.callee(*inner, owner);
                }
            }
            "generic_name" | "generic_function" => {
                let name = field(function, "function").or_else(|| children(function).first().copied());
                let types = child(function, &["type_argument_list", "type_arguments"]);
                let types = types.map(|it| self.types(it)).unwrap_or_default();
                if let Some(name) = name {
                    let (receiver, name, _, line) = self.callee(name, owner);
                    return (receiver, name, types, line);
                }
            }
            "conditional_access_expression" => {
                let parts = children(function);
                if let (Some(object), Some(last)) = (parts.first(), parts.last()) {
                    let object = self.expression(*object, owner);
                    let name = field(*last, "name").unwrap_or(*last);
                    let (_, name, types, line) = self.callee(name, owner);
                    return (Some(object), name, types, line);
                }
            }
            kind if is_lambda(kind) => {
                return (Some(self.expression(function, owner)), SmolStr::default(), Vec::new(), line(function));
            }
            kind if is_name(kind) || function.named_child_count() == 0 && kind != "string" => {
                return (None, self.name_of(function), Vec::new(), line(function));
            }
            _ => {}
        }
        let names = ["property", "name", "attribute", "field"];
        let name = names.iter().find_map(|it| field(function, it)).or_else(|| children(function).last().copied());
        let objects = ["object", "expression", "value", "operand", "path", "scope"];
        let object = objects.iter().find_map(|it| field(function, it)).or_else(|| children(function).first().copied());
        match (object, name) {
            (Some(object), Some(name)) if object != name => {
                let object = self.expression(object, owner);
                let (_, name, types, line) = self.callee(name, owner);
                (Some(object), name, types, line)
            }
            _ => {
                // Only what stands inside, or it would be read for ever.
                let inside = children(function).first().copied();
                let inner = inside.map_or_else(|| Expression::Other(Vec::new()), |it| self.expression(it, owner));
                (Some(inner), SmolStr::default(), Vec::new(), line(function))
            }
        }
    }

    fn types(&self, node: Node<'t>) -> Vec<TypeName> {
        children(node).into_iter().filter_map(|it| self.type_of(it)).collect()
    }

    pub(super) fn call(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let (mut receiver, name, mut types, line) = match field(node, "function") {
            Some(function) => self.callee(function, owner),
            None => {
                let object = ["object", "receiver", "scope"].iter().find_map(|it| field(node, it));
                let name = ["name", "method"].iter().find_map(|it| field(node, it));
                match (object, name) {
                    (object, Some(name)) => {
                        let object = object.map(|it| self.expression(it, owner));
                        (object, self.name_of(name), Vec::new(), line(name))
                    }
                    // Kotlin, and constructions in a list of supertypes.
                    (_, None) => match children(node).first().copied() {
                        Some(first) if first.kind() == "user_type" => {
                            let ty = self.type_of(first).unwrap_or_default();
                            (None, ty.name, ty.arguments, line(first))
                        }
                        Some(first) => self.callee(first, owner),
                        None => return Expression::Other(Vec::new()),
                    },
                }
            }
        };
        if let Some(list) = field(node, "type_arguments").or_else(|| child(node, &["type_arguments"])) {
            types = self.types(list);
        }
        let span = self.span(node);
        let mut arguments = Vec::new();
        for list in children(node) {
            let is_list = field(node, "arguments") == Some(list)
                || matches!(list.kind(), "value_arguments" | "argument_list" | "arguments");
            if is_list {
                arguments.extend(self.arguments(list, owner));
            } else if matches!(list.kind(), "annotated_lambda" | "do_block" | "block") {
                arguments.push(Argument { name: None, value: self.expression(list, owner), is_spread: false });
            }
        }
        let handed = match () {
            () if is_known(&name, |it| &it.hand_first) => Some(0),
            () if is_known(&name, |it| &it.hand_second) => Some(1),
            () => None,
        };
        if let Some(at) = handed.filter(|_| self.language == Language::Python) {
            hand_on(&mut arguments, at, line, span);
        }
        // `topics.forEach((topic) => ..)`: the function takes each element.
        if is_known(&name, |it| &it.elements)
            && let (Some(list), Some(Argument { value: Expression::Lambda(lambda), .. })) =
                (&receiver, arguments.first_mut())
            && let Some(Statement::Bind { ty: None, value: value @ None, .. }) = lambda.body.first_mut()
        {
            *value = Some(Expression::Element(Box::new(list.clone())));
        }
        // `orders.forEach(this::place)` hands each element on.
        if let (Some(list), [Argument { value: Expression::Lambda(lambda), .. }]) =
            (&receiver, arguments.as_mut_slice())
            && let [Statement::Do(Expression::Call(inner))] = lambda.body.as_mut_slice()
            && inner.arguments.is_empty()
            && self.text_of(node).contains("::")
        {
            let element = Expression::Element(Box::new(list.clone()));
            inner.arguments.push(Argument { name: None, value: element, is_spread: false });
        }
        // `Order.new(..)` of Ruby is a construction.
        if name == "new"
            && self.language == Language::Ruby
            && let Some(Expression::Name(ty) | Expression::Member(_, ty)) = &receiver
        {
            let name = ty.clone();
            receiver = None;
            let is_construction = true;
            return Expression::Call(Box::new(Call { receiver, name, types, arguments, is_construction, line, span }));
        }
        let starts = name.chars().next().is_some_and(char::is_uppercase);
        let constructs = matches!(self.language, Language::Python | Language::Kotlin);
        let is_path = |it: &Expression| matches!(it, Expression::Name(_) | Expression::Member(..));
        let is_variant = self.language == Language::Rust && starts && !matches!(name.as_str(), "Some" | "Ok" | "Err");
        let is_construction = starts && (constructs || is_variant) && receiver.as_ref().is_none_or(is_path);
        if is_construction && self.language != Language::Python {
            receiver = None;
        }
        if self.language == Language::Kotlin && matches!(name.as_str(), "apply" | "run") {
            lend(receiver.as_ref(), &mut arguments);
        }
        Expression::Call(Box::new(Call { receiver, name, types, arguments, is_construction, line, span }))
    }

    /// `T(value)`, which Go also parses for a call with type arguments.
    pub(super) fn conversion(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let value = field(node, "operand").map(|it| self.expression(it, owner));
        let ty = field(node, "type").and_then(|it| self.type_of(it)).unwrap_or_default();
        let arguments = value.into_iter().map(|value| Argument { name: None, value, is_spread: false }).collect();
        Expression::Call(Box::new(Call {
            receiver: None,
            name: ty.name,
            types: ty.arguments,
            arguments,
            is_construction: false,
            line: line(node),
            span: self.span(node),
        }))
    }

    pub(super) fn construction(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let ty = field(node, "constructor").or_else(|| field(node, "type"));
        let ty = ty.or_else(|| child(node, &["name", "qualified_name", "variable_name"]));
        let mut named = ty.and_then(|it| self.type_of(it)).unwrap_or_default();
        if ty.is_none() {
            // `new() { .. }` of C# takes the type of what it is bound to.
            let bound = std::iter::successors(node.parent(), Node::parent).take(3);
            let declared = bound.into_iter().find_map(|it| field(it, "type"));
            named = declared.and_then(|it| self.type_of(it)).unwrap_or_default();
        }
        if let Some(list) = child(node, &["type_arguments"]) {
            named.arguments = self.types(list);
        }
        let list = field(node, "arguments").or_else(|| child(node, &["arguments", "argument_list"]));
        let mut arguments = list.map(|it| self.arguments(it, owner)).unwrap_or_default();
        let initializer = field(node, "initializer").map(|it| self.object(it, owner));
        match initializer {
            Some(Expression::Object { entries, .. }) => {
                arguments.extend(entries.into_iter().map(|it| Argument {
                    name: Some(it.0),
                    value: it.1,
                    is_spread: false,
                }));
            }
            // `new List<string> { "a", "b" }`
            Some(list @ Expression::List(_)) if arguments.is_empty() => return list,
            _ => {}
        }
        if let Some(body) = child(node, &["class_body", "declaration_list"]) {
            let mut inside = Vec::new();
            self.statements(body, owner, &mut inside);
        }
        Expression::Call(Box::new(Call {
            receiver: None,
            name: named.name,
            types: named.arguments,
            arguments,
            is_construction: true,
            line: ty.map_or_else(|| line(node), line),
            span: self.span(node),
        }))
    }

    pub(super) fn arguments(&mut self, list: Node<'t>, owner: Option<usize>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for part in children(list) {
            let keyword = match part.kind() {
                "keyword_argument" | "argument" | "value_argument" | "attribute_argument" => field(part, "name"),
                "element_value_pair" | "pair" => field(part, "key"),
                _ => None,
            };
            let parts = children(part);
            // Kotlin and C# have the keyword as the first of two parts.
            let is_pair = matches!(part.kind(), "value_argument" | "attribute_argument") && parts.len() == 2;
            let keyword = keyword.or_else(|| parts.first().copied().filter(|it| is_pair && is_name(it.kind())));
            let value = match keyword {
                Some(keyword) => {
                    let value = field(part, "value").or_else(|| parts.last().copied().filter(|it| *it != keyword));
                    value.unwrap_or(part)
                }
                None => part,
            };
            let name = keyword.map(|it| SmolStr::from(self.text_of(it).trim_matches([':', '"', '\'', '='])));
            let is_spread = SPREADS.contains(&part.kind()) || SPREADS.contains(&value.kind());
            arguments.push(Argument { name, value: self.expression(value, owner), is_spread });
        }
        arguments
    }
}

/// Calls in the lambda of `apply` are made on what it is called on.
fn lend(receiver: Option<&Expression>, arguments: &mut [Argument]) {
    let Some(Argument { value: Expression::Lambda(lambda), .. }) = arguments.last_mut() else { return };
    for statement in &mut lambda.body {
        if let Statement::Do(Expression::Call(call)) = statement
            && call.receiver.is_none()
            && !call.is_construction
        {
            call.receiver = receiver.cloned();
        }
    }
}

/// `to_thread(producer.send, topic, body)` calls the method with what follows.
fn hand_on(arguments: &mut [Argument], at: usize, line: u32, span: Span) {
    let Some((method, rest)) = arguments.get_mut(at..).and_then(<[Argument]>::split_first_mut) else { return };
    let Expression::Member(object, name) = &method.value else { return };
    method.value = Expression::Call(Box::new(Call {
        receiver: Some((**object).clone()),
        name: name.clone(),
        types: Vec::new(),
        arguments: rest.to_vec(),
        is_construction: false,
        line,
        span,
    }));
}
