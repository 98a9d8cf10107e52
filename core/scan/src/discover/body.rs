//! What a function does: its calls, what it binds and assigns, and what it hands back.

use rustc_hash::FxHashMap;

use crate::code::{Call, Expression, Function, Statement, TypeName};

/// What a name is bound to.
#[derive(Clone, Copy)]
pub(super) struct Bound<'f> {
    pub(super) ty: Option<&'f TypeName>,
    pub(super) value: Option<&'f Expression>,
}

/// What a function does, with the lambdas in it.
#[derive(Default)]
pub(super) struct Body<'f> {
    pub(super) names: FxHashMap<&'f str, Vec<Bound<'f>>>,
    /// In the order in which they are made.
    pub(super) calls: Vec<&'f Call>,
    pub(super) returns: Vec<&'f Expression>,
    /// What is compared with what, and the line.
    pub(super) cases: Vec<(Option<&'f Expression>, &'f Expression, u32)>,
    pub(super) assigned: Vec<(&'f Expression, &'f Expression)>,
    pub(super) objects: Vec<&'f Expression>,
}

impl<'f> Body<'f> {
    pub(super) fn of(function: &'f Function) -> Self {
        let mut body = Self::default();
        function.body.iter().for_each(|it| body.add(it, true));
        let defaults = function.parameters.iter().filter_map(|it| it.default.as_ref());
        defaults.for_each(|it| it.each_call(&mut |call| body.calls.push(call)));
        body
    }

    fn add(&mut self, statement: &'f Statement, is_own: bool) {
        match statement {
            Statement::Bind { name, ty, value } => {
                let bound = Bound { ty: ty.as_ref(), value: value.as_ref() };
                self.names.entry(name).or_default().push(bound);
            }
            Statement::Assign { target, value } => self.assigned.push((target, value)),
            Statement::Return(value) if is_own => self.returns.push(value),
            Statement::Case { subject, value, line } => self.cases.push((subject.as_ref(), value, *line)),
            _ => {}
        }
        for expression in statement.expressions() {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expression: &'f Expression) {
        for part in expression.parts() {
            self.expression(part);
        }
        match expression {
            Expression::Lambda(lambda) => lambda.body.iter().for_each(|it| self.add(it, false)),
            Expression::Call(call) => self.calls.push(call),
            Expression::Object { .. } => self.objects.push(expression),
            _ => {}
        }
    }

    /// Whether a name is bound to the object itself, as the receivers of Go are.
    pub(super) fn is_this(&self, name: &str) -> bool {
        let bound = self.names.get(name).into_iter().flatten();
        bound.filter_map(|it| it.value).any(|it| matches!(it, Expression::Name(it) if it == "this"))
    }
}
