//! What the calls in a handler are: work, words, settling a message, giving it back, or starting something.

use archwright_syntax::Span;

use super::Finder;
use super::handlers::{Handler, Role};
use crate::code::{Call, Expression, Outline};
use crate::discover::index::Id;
use crate::discover::types::MAX_STEPS;
use crate::discover::values::{chain, shown};
use crate::flow::is_dead_letter;
use crate::words;

impl<'f> Finder<'_, 'f> {
    pub(super) fn outline(&self, function: Id) -> Option<&'f Outline> {
        Some(&self.index.file(function)?.unit.outline)
    }

    /// The calls of a handler, in the order of the text.
    pub(super) fn calls(&self, handler: &Handler<'f>) -> Vec<&'f Call> {
        self.calls_in(handler.function, handler.span)
    }

    /// The calls of a function within some code.
    pub(super) fn calls_in(&self, function: Id, within: Span) -> Vec<&'f Call> {
        let calls = self.index.body(function).map(|it| it.calls.as_slice()).unwrap_or_default();
        let inside = calls.iter().copied().filter(|it| !it.span.is_empty() && is_within(it.span, within));
        inside.collect()
    }

    /// Whether a call only tells, or does no work.
    pub(super) fn is_quiet(&self, call: &Call) -> bool {
        let name = call.name.to_lowercase();
        let tells = |word: Option<&String>| word.is_some_and(|it| self.words.telling.contains(it));
        // `reportError()`, `appLogger.x()`; an `eventLogService` keeps something.
        let begins = |text: &str| tells(words(text).iter().find(|it| !it.is_empty()));
        let ends = |text: &str| tells(words(text).last()) || tells(Some(&text.to_lowercase()));
        let receiver = call.receiver.as_ref().map(shown).unwrap_or_default();
        let on = call.receiver.as_ref().map(chain).unwrap_or_default();
        self.words.quiet.contains(&name)
            || begins(&call.name)
            || on.iter().any(|it| ends(it))
            || receiver.split(['.', '(']).next().is_some_and(ends)
    }

    /// Whether a call does nothing but tell, seen from what it calls in the repository.
    pub(super) fn is_harmless(&self, call: &'f Call, function: Id) -> bool {
        if self.is_quiet(call) {
            return true;
        }
        let callees = self.index.callees(call, self.index.scope(function), MAX_STEPS);
        let is_quiet = |it: &Id| {
            let calls = self.index.body(*it).map(|it| it.calls.as_slice()).unwrap_or_default();
            let raises = self.index.function(*it).is_some_and(|function| {
                let exits = self.outline(*it).map(|it| it.exits_in(function.span));
                exits.is_some_and(|mut it| it.any(|it| it.leaving == crate::code::Leaving::Raise))
            });
            !raises && calls.iter().all(|it| self.is_quiet(it))
        };
        !callees.is_empty() && callees.iter().all(is_quiet)
    }

    /// Whether a call tells the broker that a message is handled, in itself or in a function that it calls.
    pub(super) fn is_settling(&self, call: &'f Call, handler: &Handler<'f>) -> bool {
        self.is_told(call, handler, &handler.handling.settles) || self.through(call, handler, &handler.handling.settles)
    }

    /// Whether a call gives a message back.
    pub(super) fn is_rejecting(&self, call: &'f Call, handler: &Handler<'f>) -> bool {
        self.is_told(call, handler, &handler.handling.rejects) || self.through(call, handler, &handler.handling.rejects)
    }

    /// Whether a call gives a message back or puts it aside, whatever it is called on.
    pub(super) fn gives_back(&self, call: &'f Call, handler: &Handler<'f>) -> bool {
        let is_word = |it: &String| self.words.rejecting.contains(it);
        let is_named = || words(&call.name).iter().any(is_word) || is_dead_letter(&call.name);
        // `$this->release(30)` in a job.
        let on = call.receiver.as_ref().map(shown).unwrap_or_default();
        let is_own = matches!(on.trim_start_matches('$'), "this" | "self");
        self.is_rejecting(call, handler)
            || is_own && handler.handling.rejects.iter().any(|it| *it == call.name)
            || !self.is_quiet(call) && is_named()
    }

    fn through(&self, call: &'f Call, handler: &Handler<'f>, names: &[String]) -> bool {
        let callees = self.index.callees(call, self.index.scope(handler.function), MAX_STEPS);
        let is_short = |it: &Id| self.index.body(*it).is_some_and(|it| it.calls.len() < 24);
        callees.iter().take(2).filter(|it| is_short(it)).any(|it| {
            let calls = self.index.body(*it).map(|it| it.calls.as_slice()).unwrap_or_default();
            calls.iter().any(|it| self.is_told(it, handler, names))
        })
    }

    fn is_told(&self, call: &Call, handler: &Handler<'f>, names: &[String]) -> bool {
        if !names.iter().any(|it| *it == call.name) {
            return false;
        }
        // Short words mean something in other libraries too: they must be said of a message or a client.
        let Some(receiver) = &call.receiver else { return call.name.len() > 7 };
        let name = chain(receiver).last().copied().unwrap_or_default();
        let named = words(name);
        let is_message = |it: &String| self.words.messages.contains(it) || handler.library.receivers.contains(it);
        call.name.len() > 7 || named.iter().any(is_message) || name.len() < 3
    }

    /// The first call in some code of a handler that settles the message.
    pub(super) fn settling(&self, handler: &Handler<'f>, within: Span) -> Option<&'f Call> {
        self.calls_in(handler.function, within).into_iter().find(|it| self.is_settling(it, handler))
    }

    /// Whether a call does what the message is about.
    pub(super) fn is_work(&self, call: &'f Call, handler: &Handler<'f>) -> bool {
        !self.is_quiet(call)
            && !self.is_settling(call, handler)
            && !self.is_rejecting(call, handler)
            && !self.is_harmless(call, handler.function)
    }

    /// Whether nobody waits for what a call starts.
    pub(super) fn is_detached(&self, call: &'f Call, function: Id) -> bool {
        let Some(outline) = self.outline(function) else { return false };
        if outline.started.contains(&call.span) {
            return true;
        }
        if !outline.discarded.contains(&call.span) {
            return false;
        }
        let starts = |name: &str| self.words.background.contains(&name.to_lowercase());
        if starts(&call.name) {
            return true;
        }
        let callees = self.index.callees(call, self.index.scope(function), MAX_STEPS);
        callees.iter().take(2).any(|callee| {
            let calls = self.index.body(*callee).map(|it| it.calls.as_slice()).unwrap_or_default();
            calls.iter().any(|it| {
                let first = it.arguments.first().map(|it| &it.value);
                let is_handed =
                    matches!(first, Some(Expression::Name(it)) if self.index.parameter(*callee, it).is_some());
                starts(&it.name) && is_handed
            })
        })
    }

    /// Whether a value is made of a message.
    pub(super) fn is_of_message(&self, value: &Expression) -> bool {
        let mut found = false;
        each_name(value, &mut |name| found |= words(name).iter().any(|it| self.words.messages.contains(it)));
        found
    }

    /// Whether the arguments of a call, or what they are made of, have to do with a message.
    pub(super) fn takes_message(&self, call: &Call, handler: &Handler<'f>) -> bool {
        let parameters = self.index.function(handler.function).map(|it| it.parameters.as_slice()).unwrap_or_default();
        let names = self.index.body(handler.function).map(|it| &it.names);
        let is_element = |it: &str| {
            let mut bound = names.and_then(|names| names.get(it)).into_iter().flatten().filter_map(|it| it.value);
            handler.role == Role::Loop && bound.any(|it| matches!(it, Expression::Element(_)))
        };
        let is_parameter = |it: &str| parameters.iter().any(|parameter| parameter.name == it);
        let mut found = false;
        for argument in &call.arguments {
            each_name(&argument.value, &mut |name| {
                let is_message = words(name).iter().any(|it| self.words.messages.contains(it));
                let is_own = is_parameter(name) && handler.lambda.is_none() && handler.role != Role::Loop;
                found |= is_message || is_own || is_element(name);
            });
        }
        found
    }
}

/// Whether a span lies in another.
pub(super) fn is_within(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The names in an expression.
pub(super) fn each_name<'e>(expression: &'e Expression, visit: &mut dyn FnMut(&'e str)) {
    match expression {
        Expression::Name(name) => visit(name),
        Expression::Member(_, name) => visit(name),
        _ => {}
    }
    for part in expression.parts() {
        each_name(part, visit);
    }
}
