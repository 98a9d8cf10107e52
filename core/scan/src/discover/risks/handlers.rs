//! The code that handles messages: what a library calls, what is handed to it, and loops over what it hands out.

use archwright_syntax::Span;

use super::Finder;
use super::facts::Handling;
use super::steps::is_within;
use crate::Action;
use crate::code::{Call, Expression, Lambda, Statement};
use crate::discover::edges::Told;
use crate::discover::index::Id;
use crate::discover::projects::Use;
use crate::discover::types::{MAX_STEPS, Scope, is_parameter};
use crate::discover::values::{shown, text_of};
use crate::facts::{Library, On, is_known};
use crate::flow::Acknowledges;
use crate::words;

/// So many functions that a call may mean are looked into.
const MAX_CALLEES: usize = 2;

/// How deep functions are followed that a handler calls.
const MAX_DEPTH: usize = 5;

/// So many implementations are looked into where a call may mean any of them.
const MAX_IMPLEMENTATIONS: usize = 16;

/// Code that handles a message.
#[derive(Clone, Copy)]
pub(super) struct Handler<'f> {
    pub(super) function: Id,
    /// What is done for one message.
    pub(super) span: Span,
    pub(super) library: &'static Library,
    pub(super) handling: &'static Handling,
    pub(super) role: Role,
    /// It does what the message is about, and no step beside that.
    pub(super) is_main: bool,
    /// The lambda, if it is one.
    pub(super) lambda: Option<&'f Lambda>,
}

/// How code comes to handle messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// The library calls it.
    Called,
    /// A function of the repository calls it that receives, and settles the message by what it hands back.
    Asked,
    /// A loop over what the library hands out.
    Loop,
    /// A handler calls it, and the message counts as handled afterwards.
    Inner,
    /// It takes a message; who calls it is looked for.
    Delivered,
}

impl<'f> Finder<'_, 'f> {
    /// All code that handles messages.
    pub(super) fn handlers(&self) -> Vec<Handler<'f>> {
        let mut found = Vec::new();
        for (function, library, told) in &self.joined.handlers {
            let role = if *told == Told::Library { Role::Called } else { Role::Asked };
            found.extend(self.whole(*function, library, role));
        }
        for file in 0..self.index.files.len() {
            let libraries = self.joined.libraries.get(file).map(Vec::as_slice).unwrap_or_default();
            for (library, used) in libraries.iter().filter(|it| it.0.handling.is_some()) {
                let count = self.index.files.get(file).map_or(0, |it| it.bodies.len());
                for index in 0..count {
                    self.of_function(Id { file, index }, library, *used, &mut found);
                }
            }
        }
        let mut known: Vec<Handler<'f>> = Vec::new();
        for handler in found {
            let is_known = |it: &Handler<'_>| it.function == handler.function && it.span == handler.span;
            if !known.iter().any(is_known) {
                known.push(handler);
            }
        }
        let mut newest = known.clone();
        for _ in 0..MAX_DEPTH {
            let mut next = Vec::new();
            for outer in &newest {
                for inner in self.inner(outer) {
                    if known.iter().all(|it| it.function != inner.function) {
                        known.push(inner);
                        next.push(inner);
                    }
                }
            }
            newest = next;
        }
        // A function that takes a message is no handler by itself where a handler calls it.
        let called: Vec<Id> = known.iter().flat_map(|it| self.inner(it)).map(|it| it.function).collect();
        for handler in known.iter_mut().filter(|it| it.role == Role::Delivered) {
            handler.role = if called.contains(&handler.function) { Role::Inner } else { Role::Called };
        }
        known
    }

    fn whole(&self, function: Id, library: &'static Library, role: Role) -> Option<Handler<'f>> {
        let handling = library.handling.as_ref()?;
        let span = self.index.function(function).filter(|it| it.has_body)?.span;
        (!span.is_empty()).then_some(Handler { function, span, library, handling, role, is_main: true, lambda: None })
    }

    /// The handlers that a function is, contains, or hands to a library.
    fn of_function(&self, id: Id, library: &'static Library, used: Use, found: &mut Vec<Handler<'f>>) {
        let Some(handling) = library.handling.as_ref() else { return };
        let Some(function) = self.index.function(id) else { return };
        let mut types = function.parameters.iter().filter_map(|it| it.ty.as_ref());
        let is_delivery = types.any(|it| handling.deliveries.iter().any(|name| *name == it.unwrapped().name));
        // A function that takes a message to send it has one too.
        let sends = self.joined.sites.iter().any(|it| it.function == id && it.action == Action::Send);
        if is_delivery && !sends && !function.is_constructor {
            found.extend(self.whole(id, library, Role::Delivered));
        }
        let Some(body) = self.index.body(id) else { return };
        let scope = self.index.scope(id);
        for (target, value) in &body.assigned {
            if let Expression::Member(_, name) = target
                && handling.registers.iter().any(|it| it == name)
            {
                self.callbacks(value, scope, library, found);
            }
        }
        for call in &body.calls {
            if used == Use::Imported {
                self.registered(call, scope, library, handling, found);
            }
            let is_poll = handling.polls.iter().any(|it| *it == call.name);
            let is_client = || {
                self.index.is_made_on(call, scope, library, On::Client, used)
                    || call.receiver.as_ref().is_some_and(|it| self.is_handed_out(it, scope, library))
            };
            if is_poll && is_client() {
                found.extend(self.around(call, id, library, handling));
            }
        }
        for bound in body.names.values().flatten() {
            if let Some(Expression::Element(over)) = bound.value
                && self.is_handed_out(over, scope, library)
            {
                found.extend(self.loops(over, id, library, handling));
            }
        }
    }

    /// What a call takes as a handler.
    fn registered(
        &self,
        call: &'f Call,
        scope: Scope,
        library: &'static Library,
        handling: &'static Handling,
        found: &mut Vec<Handler<'f>>,
    ) {
        let registers = |name: &str| handling.registers.iter().any(|it| it == name);
        let first = call.arguments.first().and_then(|it| text_of(&it.value));
        // `subscription.on('message', ..)` takes one, `subscription.on('error', ..)` does not.
        let is_event = first.is_none_or(|it| self.words.events.iter().any(|word| word == it));
        let takes = registers(&call.name) && (call.name != "on" || (first.is_some() && is_event));
        for argument in &call.arguments {
            let is_named = argument.name.as_deref().is_some_and(registers);
            match &argument.value {
                Expression::Object { entries, .. } => {
                    for entry in entries.iter().filter(|it| registers(&it.0)) {
                        self.callbacks(&entry.1, scope, library, found);
                    }
                }
                value if is_named || takes => self.callbacks(value, scope, library, found),
                _ => {}
            }
        }
    }

    /// The code that a value stands for.
    fn callbacks(&self, value: &'f Expression, scope: Scope, library: &'static Library, found: &mut Vec<Handler<'f>>) {
        let Some(handling) = library.handling.as_ref() else { return };
        match value {
            Expression::Lambda(lambda) => {
                if let [Statement::Do(Expression::Call(call))] = lambda.body.as_slice()
                    && call.span == lambda.span
                {
                    let callees = self.index.callees(call, scope, MAX_STEPS);
                    found.extend(callees.into_iter().filter_map(|it| self.whole(it, library, Role::Called)));
                    return;
                }
                let Some(function) = scope.function.filter(|_| !lambda.span.is_empty()) else { return };
                let (span, lambda) = (lambda.span, Some(&**lambda));
                found.push(Handler { function, span, library, handling, role: Role::Called, is_main: true, lambda });
            }
            Expression::Name(name) => {
                let own = scope.owner.map(|it| self.index.methods(it, name)).unwrap_or_default();
                let named = if own.is_empty() { self.index.functions_named(name, scope.file) } else { own };
                if let [only] = named.as_slice() {
                    found.extend(self.whole(*only, library, Role::Called));
                }
            }
            Expression::Member(object, name) => {
                let types = self.index.types_of(object, scope, MAX_STEPS);
                let known = types.iter().filter_map(|it| self.index.type_meant(it.unwrapped(), scope.file));
                let methods = known.flat_map(|it| self.index.methods(it, name));
                found.extend(methods.take(MAX_CALLEES).filter_map(|it| self.whole(it, library, Role::Called)));
            }
            // `this.handle.bind(this)`
            Expression::Call(call) if call.name == "bind" => {
                if let Some(receiver) = &call.receiver {
                    self.callbacks(receiver, scope, library, found);
                }
            }
            Expression::Cast(_, inner) => self.callbacks(inner, scope, library, found),
            _ => {}
        }
    }

    /// What follows a call in the innermost loop around it.
    fn around(
        &self,
        call: &Call,
        function: Id,
        library: &'static Library,
        handling: &'static Handling,
    ) -> Option<Handler<'f>> {
        let outline = &self.index.file(function)?.unit.outline;
        let around = outline.loops.iter().filter(|it| it.span.start < call.span.start && call.span.end <= it.span.end);
        let innermost = around.min_by_key(|it| it.span.len())?;
        // A lambda in between is run by whoever is called with it.
        let is_same = outline.function_at(innermost.span.start) == outline.function_at(call.span.start);
        let span = Span { start: call.span.end, end: innermost.span.end };
        is_same.then_some(Handler { function, span, library, handling, role: Role::Loop, is_main: true, lambda: None })
    }

    /// Whether the elements of a value are messages of a library.
    fn is_handed_out(&self, over: &'f Expression, scope: Scope, library: &'static Library) -> bool {
        let is_receive = |call: &Call| {
            let mut sites = self.joined.sites.iter().filter(|it| it.action == Action::Receive);
            sites.any(|it| std::ptr::eq(it.call, call) && it.library.name == library.name)
        };
        let handling = library.handling.as_ref();
        let is_poll = |call: &Call| handling.is_some_and(|it| it.polls.iter().any(|it| *it == call.name));
        self.index.followed(over, scope, MAX_STEPS).into_iter().any(|(value, there)| match value {
            Expression::Call(call) if is_receive(call) => true,
            // `block_on(channel.basic_consume(..))`
            Expression::Call(call) if is_known(&call.name, |it| &it.waits) => {
                let inner = call.arguments.first().map(|it| &it.value);
                matches!(inner, Some(Expression::Call(inner)) if is_receive(inner))
            }
            Expression::Call(call) if call.is_construction => library.clients.iter().any(|it| *it == call.name),
            Expression::Call(call) if is_poll(call) => {
                self.index.is_made_on(call, there, library, On::Client, Use::Imported)
            }
            _ => false,
        })
    }

    /// The loops of a function over a value.
    fn loops(
        &self,
        over: &Expression,
        function: Id,
        library: &'static Library,
        handling: &'static Handling,
    ) -> Vec<Handler<'f>> {
        let last = |text: &str| text.rsplit(['.', ' ']).next().unwrap_or_default().to_owned();
        let name = last(&shown(over));
        let Some(file) = self.index.file(function) else { return Vec::new() };
        let within = self.index.function(function).map(|it| it.span).unwrap_or_default();
        let is_inside = |it: Span| within.is_empty() || (within.start <= it.start && it.end <= within.end);
        let loops = file.unit.outline.loops.iter().filter(|it| is_inside(it.span) && last(&it.over) == name);
        loops
            .map(|it| Handler {
                function,
                span: it.span,
                library,
                handling,
                role: Role::Loop,
                is_main: true,
                lambda: None,
            })
            .collect()
    }

    /// Whether a handler does nothing else than a call, but for what it does instead.
    fn is_alone(&self, call: &'f Call, handler: &Handler<'f>) -> bool {
        let Some(outline) = self.outline(handler.function) else { return false };
        let is_other = |it: &&'f Call| {
            !is_within(call.span, it.span)
                && !is_within(it.span, call.span)
                && self.is_effect(it, handler.function)
                && !outline.is_conditional(it.span.start, handler.span)
                && !outline.is_caught(it.span.start)
                && !self.is_check(it)
                && self.is_work(it, handler)
        };
        !self.calls(handler).iter().any(is_other)
    }

    /// Whether a call only looks whether something may be done, by its name.
    fn is_check(&self, call: &Call) -> bool {
        let first = words(&call.name).into_iter().find(|it| !it.is_empty());
        first.is_some_and(|it| self.words.checking.contains(&it))
    }

    /// What a call on a value of an open type may mean: what implements the interface.
    fn implementations(&self, call: &'f Call, scope: Scope) -> Vec<Id> {
        let Some(receiver) = &call.receiver else { return Vec::new() };
        let types = self.index.types_of(receiver, scope, MAX_STEPS);
        if !types.iter().any(|it| is_parameter(&it.unwrapped().name)) {
            return Vec::new();
        }
        let all = self.index.all_named(&call.name).filter(|it| self.index.owner(*it).is_some());
        all.filter(|it| self.index.function(*it).is_some_and(|it| it.has_body)).take(MAX_IMPLEMENTATIONS).collect()
    }

    /// When a message counts as handled, where a handler stands.
    pub(super) fn acknowledges(&self, handler: &Handler<'_>) -> Acknowledges {
        let service = |it: Id| self.index.file(it).map(|it| self.index.projects.service(it.path));
        let own = service(handler.function);
        let is_off = self.switched_off.iter().any(|it| it.1 == handler.library.name && service(it.0) == own);
        if is_off { Acknowledges::Manual } else { handler.handling.acknowledges }
    }

    /// The functions of the repository that a handler calls before the message counts as handled.
    fn inner(&self, outer: &Handler<'f>) -> Vec<Handler<'f>> {
        let scope = self.index.scope(outer.function);
        let mut found = Vec::new();
        for call in self.calls(outer) {
            let is_manual = self.acknowledges(outer) == Acknowledges::Manual;
            if self.is_quiet(call) || (is_manual && self.is_detached(call, outer.function)) {
                continue;
            }
            let is_settled =
                !is_manual || self.settling(outer, Span { start: call.span.end, end: outer.span.end }).is_some();
            let is_main = outer.is_main && self.is_alone(call, outer);
            let mut callees = self.index.callees(call, scope, MAX_STEPS);
            callees.truncate(MAX_CALLEES);
            if callees.is_empty() {
                callees = self.implementations(call, scope);
            }
            for callee in callees.into_iter().filter(|it| *it != outer.function) {
                let inner = self.whole(callee, outer.library, Role::Inner).map(|it| Handler { is_main, ..it });
                let settles = |it: &Handler<'f>| self.settling(it, it.span).is_some();
                found.extend(inner.filter(|it| is_settled || settles(it)));
            }
        }
        found
    }
}
