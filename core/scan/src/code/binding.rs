//! Reads what gives names their values: declarations, assignments, loops and patterns.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::export::is_shared_object;
use super::reader::{Reader, is_compound, is_declarative, is_lambda, is_name};
use super::syntax::{child, children, descendants, field};
use super::{Expression, Statement, TypeName};

impl<'t> Reader<'t> {
    /// The names that a pattern takes out of a variant: `Action::Publish(message)`.
    pub(super) fn unpacked(
        &mut self,
        node: Node<'t>,
        subject: Option<Node<'t>>,
        owner: Option<usize>,
        out: &mut Vec<Statement>,
    ) {
        for pattern in descendants(node, "tuple_struct_pattern") {
            let Some(ty) = field(pattern, "type") else { continue };
            let variant = self.expression(ty, owner);
            let names = children(pattern).into_iter().filter(|it| *it != ty);
            for name in names {
                let name = self.text_of(name).rsplit(' ').next().unwrap_or_default().into();
                let value = match &variant {
                    Expression::Member(..) => Some(variant.clone()),
                    _ => subject.map(|it| self.expression(it, owner)),
                };
                out.push(Statement::Bind { name, ty: None, value });
            }
        }
    }

    /// A name that gets a value where it is declared.
    pub(super) fn binding(&mut self, node: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        let parts = children(node);
        let declared = child(node, &["variable_declaration"]);
        let names: Vec<Node<'t>> = match (declared, field(node, "name").or_else(|| field(node, "pattern"))) {
            (Some(declared), _) => children(declared).into_iter().take(1).collect(),
            (None, Some(_)) => node.children_by_field_name("name", &mut node.walk()).collect(),
            (None, None) => parts.iter().take(1).copied().collect(),
        };
        let names = if names.is_empty() { field(node, "pattern").into_iter().collect() } else { names };
        let ty = field(node, "type").or_else(|| node.parent().and_then(|it| field(it, "type")));
        let ty = ty.or_else(|| declared.and_then(|it| children(it).get(1).copied()));
        let ty = ty.and_then(|it| self.type_of(it)).filter(|it| it.name != "var" && it.name != "let");
        let value = field(node, "value").or_else(|| field(node, "default_value"));
        let value = value.or_else(|| {
            // C#, PHP and Kotlin have the value without a name, as the last part.
            let last = parts.last().copied().filter(|it| !names.contains(it) && Some(*it) != declared)?;
            (field(node, "type") != Some(last) && !is_declarative(last.kind())).then_some(last)
        });
        let values: Vec<Node<'t>> = match value {
            Some(list) if list.kind() == "expression_list" => children(list),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        for (index, name) in names.iter().enumerate() {
            let value = values.get(index).or(if names.len() > 1 { values.first() } else { None }).copied();
            self.bind(*name, ty.clone(), value, owner, out);
        }
    }

    /// Binds a name, a pattern, or a member to a value. A function in a variable is a function.
    fn bind(
        &mut self,
        name: Node<'t>,
        ty: Option<TypeName>,
        value: Option<Node<'t>>,
        owner: Option<usize>,
        out: &mut Vec<Statement>,
    ) {
        if let Some(function) = value.filter(|it| is_lambda(it.kind()) && is_name(name.kind())) {
            let index = self.unit.functions.len();
            self.function_called(self.name_of(name), function, owner, Vec::new());
            // `const handler: SQSHandler = async (event) => ..`: the type of all of it tells the one of its parameter.
            let made = self.unit.functions.get_mut(index);
            if let (Some(ty), Some(first)) = (ty, made.and_then(|it| it.parameters.first_mut()))
                && ty.name.ends_with("Handler")
                && first.ty.is_none()
            {
                first.ty = Some(ty);
            }
            return;
        }
        if let Some(value) = value.filter(|_| self.is_script()) {
            if self.required(name, value) || self.exported(name, value, out) {
                return;
            }
            if is_name(name.kind()) && is_shared_object(value) {
                let object = self.object_called(self.name_of(name), value);
                out.push(Statement::Bind { name: self.name_of(name), ty, value: Some(object) });
                return;
            }
        }
        let read = value.map(|it| self.expression(it, owner));
        match name.kind() {
            kind if is_name(kind) => out.push(Statement::Bind { name: self.name_of(name), ty, value: read }),
            // Each name takes its part.
            "tuple_pattern" | "array_pattern" => {
                for (at, part) in children(name).into_iter().enumerate() {
                    let Some(value) = value.map(|it| self.expression(it, owner)) else { continue };
                    let value = Expression::Member(Box::new(value), at.to_string().into());
                    out.push(Statement::Bind { name: self.name_of(part), ty: None, value: Some(value) });
                }
                out.extend(read.map(Statement::Do));
            }
            "object_pattern" => {
                for (name, key) in self.taken(name) {
                    // Each name takes its member, so the value is read once for each.
                    let Some(value) = value.map(|it| self.expression(it, owner)) else { continue };
                    let value = Expression::Member(Box::new(value), key);
                    out.push(Statement::Bind { name, ty: None, value: Some(value) });
                }
                out.extend(read.map(Statement::Do));
            }
            _ => {
                let target = self.expression(name, owner);
                match read {
                    Some(value) if matches!(target, Expression::Member(..) | Expression::Index(..)) => {
                        out.push(Statement::Assign { target, value });
                    }
                    Some(value) => out.push(Statement::Do(value)),
                    None => {}
                }
            }
        }
    }

    /// The names that a pattern binds, each with the key or place that it takes of the value.
    pub(super) fn taken(&self, pattern: Node<'t>) -> Vec<(SmolStr, SmolStr)> {
        let parts = children(pattern);
        match pattern.kind() {
            "object_pattern" => {
                let pairs = parts.into_iter().filter_map(|part| match part.kind() {
                    "pair_pattern" => Some((field(part, "value")?, field(part, "key")?)),
                    "object_assignment_pattern" => Some((field(part, "left")?, field(part, "left")?)),
                    _ => Some((part, part)),
                });
                pairs.map(|it| (self.name_of(it.0), self.name_of(it.1))).collect()
            }
            "array_pattern" | "pattern_list" | "tuple_pattern" | "left_assignment_list" => {
                let places = parts.into_iter().enumerate();
                places.map(|(at, part)| (self.name_of(part), at.to_string().into())).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn assignment(&mut self, node: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        let parts = children(node);
        let declared = field(node, "type");
        let (Some(left), Some(right)) =
            (field(node, "left").or(parts.first().copied()), field(node, "right").or(parts.last().copied()))
        else {
            return;
        };
        // `topic: str` of Python: a type and no value.
        if Some(right) == declared {
            let ty = declared.and_then(|it| self.type_of(it));
            self.bind(left, ty, None, owner, out);
            return;
        }
        let list = |it: Node<'t>| {
            let is_list = matches!(it.kind(), "expression_list" | "pattern_list" | "left_assignment_list" | "tuple");
            if is_list { children(it) } else { vec![it] }
        };
        let targets = list(left);
        // A tuple is one value, unless its parts are taken.
        let is_whole = targets.len() == 1 && right.kind() == "tuple";
        let values = if is_whole { vec![right] } else { list(right) };
        let ty = declared.and_then(|it| self.type_of(it));
        for (index, target) in targets.iter().enumerate() {
            let value = if values.len() == targets.len() { values.get(index) } else { values.first() };
            self.bind(*target, ty.clone(), value.copied(), owner, out);
        }
    }

    /// A loop over a list: its name is an element of it.
    pub(super) fn each(&mut self, node: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        let clause = child(node, &["range_clause"]).unwrap_or(node);
        let name = ["left", "name", "pattern"].iter().find_map(|it| field(clause, it));
        let name = name.or_else(|| child(node, &["variable_declaration", "variable_name"]));
        let list = ["right", "value"].iter().find_map(|it| field(clause, it));
        let list = list.or_else(|| children(node).into_iter().find(|it| Some(*it) != name));
        let list = list.filter(|it| name.is_some() && !is_compound(it.kind()));
        if let (Some(name), Some(list)) = (name, list) {
            // `for (const { queue, handle } of consumers)`, `for queue, handle in CONSUMERS`
            let taken = if self.language == crate::Language::Go { Vec::new() } else { self.taken(name) };
            if !taken.is_empty() {
                for (name, key) in taken {
                    let element = Expression::Element(Box::new(self.expression(list, owner)));
                    let value = Some(Expression::Member(Box::new(element), key));
                    out.push(Statement::Bind { name, ty: None, value });
                }
                let rest = children(node).into_iter().filter(|it| *it != name && *it != list && *it != clause);
                rest.for_each(|it| self.statement(it, owner, out));
                return;
            }
            let element = Expression::Element(Box::new(self.expression(list, owner)));
            let name = children(name).into_iter().rfind(|it| is_name(it.kind())).unwrap_or(name);
            let ty = field(node, "type").and_then(|it| self.type_of(it)).filter(|it| it.name != "var");
            out.push(Statement::Bind { name: self.name_of(name), ty, value: Some(element) });
        }
        for part in children(node).into_iter().filter(|it| Some(*it) != name && Some(*it) != list && *it != clause) {
            self.statement(part, owner, out);
        }
    }
}
