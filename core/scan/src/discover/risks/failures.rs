//! Failures in handlers: caught and forgotten, or let out by a message that cannot be read.

use archwright_syntax::Span;

use super::facts::Failure;
use super::handlers::{Handler, Role};
use super::steps::is_within;
use super::{Finder, RiskKind};
use crate::code::{Call, Catch, Expression, Guard, Leaving};
use crate::discover::index::Id;
use crate::discover::types::MAX_STEPS;
use crate::discover::values::{chain, shown};
use crate::facts::is_known;
use crate::flow::Acknowledges;
use crate::words;

impl<'f> Finder<'_, 'f> {
    pub(super) fn failures(&mut self, handler: &Handler<'f>) {
        let Some(outline) = self.outline(handler.function) else { return };
        let home = outline.function_at(handler.span.start);
        let guards = outline.guards.iter().filter(|it| is_within(it.body, handler.span));
        for guard in guards.filter(|it| outline.function_at(it.body.start) == home) {
            for catch in &guard.catches {
                if let Some((line, because)) = self.forgotten(handler, guard, catch) {
                    let library = &handler.library.name;
                    self.tell(handler.function, RiskKind::AckOnFailure, line, Some(because), library);
                }
            }
        }
        if let Some(line) = self.unreadable(handler) {
            self.tell(handler.function, RiskKind::PoisonMessage, line, None, &handler.library.name);
        }
    }

    /// Where a message counts as handled although a failure was caught, and the line of the handler of the failure.
    fn forgotten(&self, handler: &Handler<'f>, guard: &Guard, catch: &Catch) -> Option<(u32, u32)> {
        let outline = self.outline(handler.function)?;
        let works = |within: Span| {
            let calls = self.calls_in(handler.function, within);
            calls.into_iter().any(|it| self.is_work(it, handler))
        };
        // Its word in the call that reads the message counts as work: what cannot be read is lost as well.
        let reads = self.calls_in(handler.function, guard.body).into_iter().any(|it| self.is_decoding(it));
        if self.is_tick(handler, guard.body) {
            return None;
        }
        if !(self.takes_any(&catch.what) && (reads || works(guard.body))) || !self.swallows(catch, handler) {
            return None;
        }
        let gives_back = |within: Span| {
            let calls = self.calls_in(handler.function, within);
            calls.into_iter().any(|it| self.gives_back(it, handler))
        };
        // What comes after the work of the message, or is done beside it, may fail.
        let is_before = |it: &&'f Call| it.span.end <= guard.body.start && self.is_effect(it, handler.function);
        if self.calls(handler).iter().any(|it| is_before(it) && self.is_work(it, handler)) || self.is_beside(handler) {
            return None;
        }
        let end = guard.catches.iter().map(|it| it.span.end).chain(guard.finally.map(|it| it.end));
        let end = end.max().unwrap_or_default().max(guard.body.end).min(handler.span.end);
        let rest = Span { start: end, end: handler.span.end };
        let leaves = outline.exits_in(catch.span).next().is_some();
        if !leaves && works(rest) {
            return None;
        }
        if [catch.span, rest].into_iter().chain(guard.finally).any(gives_back) {
            return None;
        }
        // Whoever asked is told in an answer.
        let ends = guard.finally.into_iter().chain([rest]);
        let mut sends = ends.flat_map(|it| self.calls_in(handler.function, it));
        if !leaves && sends.any(|it| words(&it.name).iter().any(|it| is_known(it, |it| &it.sending))) {
            return None;
        }
        let is_done = |value: &str| self.is_done(value);
        let exits: Vec<_> = outline.exits_in(handler.span).filter(|it| it.leaving == Leaving::Return).collect();
        // The handler hands back that the message is handled.
        let says = outline.exits_in(catch.span).find(|it| words(&it.value).iter().any(|it| it == "ack"));
        if let Some(exit) = says {
            return Some((exit.line, catch.line));
        }
        if let Some(settle) = self.settling(handler, catch.span) {
            return Some((settle.line, catch.line));
        }
        if self.acknowledges(handler) != Acknowledges::Manual {
            let says_failure = exits.iter().any(|it| it.span.start >= end && !is_done(&it.value));
            return (!says_failure || leaves).then_some((catch.line, catch.line));
        }
        let finally = guard.finally.and_then(|it| self.settling(handler, it));
        let after = if leaves { None } else { self.settling(handler, rest) };
        if let Some(settle) = finally.or(after) {
            let is_sure = !outline.is_conditional(settle.span.start, handler.span);
            return is_sure.then_some((settle.line, catch.line));
        }
        // Positions of a log: the next message that is handled commits this one too.
        if handler.library.broker == "kafka" && leaves && self.settling(handler, rest).is_some() {
            return Some((catch.line, catch.line));
        }
        let is_asked = handler.role == Role::Asked;
        let yes = exits.iter().find(|it| it.span.start >= end && it.value.eq_ignore_ascii_case("true"));
        match yes.filter(|_| is_asked) {
            Some(exit) => Some((exit.line, catch.line)),
            None if is_asked || handler.role == Role::Inner => {
                exits.iter().all(|it| is_done(&it.value)).then_some((catch.line, catch.line))
            }
            None => None,
        }
    }

    /// Whether a call is made for what it does.
    pub(super) fn is_effect(&self, call: &Call, function: Id) -> bool {
        let effects = self.outline(function).map(|it| it.effects.as_slice()).unwrap_or_default();
        effects.iter().any(|it| is_within(call.span, *it) && call.span.end == it.end)
    }

    /// Whether a function that a handler calls does something beside the work, by its name.
    fn is_beside(&self, handler: &Handler<'f>) -> bool {
        let name = self.index.function(handler.function).map(|it| it.name.as_str()).unwrap_or_default();
        let first = words(name).into_iter().find(|it| !it.is_empty());
        let is_named = first.is_some_and(|it| self.words.beside.contains(&it));
        handler.role == Role::Inner && (is_named || !handler.is_main)
    }

    /// Whether a handler of failures takes any failure, or one of a message that cannot be read.
    pub(super) fn takes_any(&self, what: &str) -> bool {
        let what = what.trim().trim_matches(['(', ')']).to_lowercase();
        let is_any = |it: &str| self.words.broad.iter().any(|word| word == it.trim());
        let is_malformed = |it: &str| self.words.malformed.iter().any(|word| it.contains(word.as_str()));
        !what.ends_with(" when") && (is_any(&what) || what.split(['|', ',']).any(is_any) || is_malformed(&what))
    }

    /// Whether a handler of failures only tells of them.
    fn swallows(&self, catch: &Catch, handler: &Handler<'f>) -> bool {
        let harmless = |it: &'f Call| self.is_harmless(it, handler.function) || self.is_settling(it, handler);
        self.is_silent(catch, handler.function) && self.calls_in(handler.function, catch.span).into_iter().all(harmless)
    }

    /// Whether a handler of failures hands none of them on, by what it raises, hands back or ends.
    pub(super) fn is_silent(&self, catch: &Catch, function: Id) -> bool {
        let Some(outline) = self.outline(function) else { return false };
        let is_done = |value: &str| self.is_done(value);
        let hands_on = outline.exits_in(catch.span).any(|it| match it.leaving {
            Leaving::Raise | Leaving::End => true,
            Leaving::Return => !is_done(&it.value),
            Leaving::Loop => false,
        });
        let ends = self.calls_in(function, catch.span).into_iter().any(|it| self.is_ending(it));
        !hands_on && !ends
    }

    /// Whether what a handler hands back says that the message is handled.
    fn is_done(&self, value: &str) -> bool {
        let is_ack = || words(value).iter().any(|it| it == "ack");
        self.words.done.contains(&value.to_lowercase()) || is_ack()
    }

    /// Whether a call ends the program.
    fn is_ending(&self, call: &Call) -> bool {
        let name = call.name.to_lowercase();
        self.words.ends.contains(&name)
    }

    /// The line of a call that fails on a message which cannot be read, with nothing around it.
    fn unreadable(&self, handler: &Handler<'f>) -> Option<u32> {
        let fails = matches!(handler.handling.failure, Failure::Redelivers | Failure::Stops | Failure::Stuck);
        if !fails {
            return None;
        }
        let outline = self.outline(handler.function)?;
        if let Some(line) = self.raised(handler) {
            return Some(line);
        }
        if handler.role == Role::Inner {
            return None;
        }
        let scope = self.index.scope(handler.function);
        let is_open = |call: &Call, within: Span| {
            let outline = self.outline(handler.function);
            outline.is_some_and(|it| it.guards_of(call.span.start, within).next().is_none())
        };
        let home = outline.function_at(handler.span.start);
        for call in self.calls(handler) {
            let is_own = outline.function_at(call.span.start) == home;
            let is_about =
                self.takes_message(call, handler) || call.receiver.as_ref().is_some_and(|it| self.is_of_message(it));
            if !is_own || !is_open(call, handler.span) || !is_about {
                continue;
            }
            if self.is_decoding(call) {
                return Some(call.line);
            }
            let reads = self.index.callees(call, scope, MAX_STEPS).into_iter().take(2).any(|it| self.reads_openly(it));
            if reads && words(&call.name).iter().any(|it| self.is_reading(it)) {
                return Some(call.line);
            }
        }
        None
    }

    /// The line where the program is ended because a message cannot be read.
    fn raised(&self, handler: &Handler<'f>) -> Option<u32> {
        let outline = self.outline(handler.function)?;
        let is_rust = self.index.file(handler.function).is_some_and(|it| it.language == crate::Language::Rust);
        let guards = outline.guards.iter().filter(|it| is_within(it.body, handler.span) && is_rust);
        for guard in guards {
            let scope = self.index.scope(handler.function);
            let reads = self.calls_in(handler.function, guard.body).into_iter().any(|it| {
                let callees = self.index.callees(it, scope, MAX_STEPS);
                self.is_decoding(it) || callees.into_iter().take(2).any(|it| self.reads_openly(it))
            });
            let Some(catch) = guard.catches.first().filter(|_| reads) else { continue };
            let exit = outline.exits_in(catch.span).find(|it| it.leaving == Leaving::End);
            if let Some(exit) = exit {
                return Some(exit.line);
            }
        }
        None
    }

    /// Whether a function reads a message and lets the failure out.
    fn reads_openly(&self, function: Id) -> bool {
        let Some(span) = self.index.function(function).map(|it| it.span) else { return false };
        let Some(outline) = self.outline(function) else { return false };
        let mut calls = self.calls_in(function, span).into_iter();
        calls.any(|it| self.is_decoding(it) && outline.guards_of(it.span.start, span).next().is_none())
    }

    /// Whether a word is one of functions that read messages.
    fn is_reading(&self, word: &str) -> bool {
        self.words.malformed.iter().any(|it| it == word)
    }

    /// Whether a call reads a message and fails on one that cannot be read.
    pub(super) fn is_decoding(&self, call: &Call) -> bool {
        let on =
            call.receiver.as_ref().map(chain).unwrap_or_default().last().copied().unwrap_or_default().to_lowercase();
        let name = format!("{}.{}", on.trim_start_matches('_'), call.name.to_lowercase());
        if self.words.decoding.contains(&name) {
            return true;
        }
        // `serde_json::from_slice(body).unwrap()`
        let fails = self.words.fails.contains(&call.name.to_lowercase());
        let inner = call.receiver.as_ref().map(shown).unwrap_or_default().to_lowercase();
        // `worker.message_to_job(body).expect("..")`
        let converts = match &call.receiver {
            Some(Expression::Call(inner)) => {
                let named = words(&inner.name);
                named.iter().any(|it| self.words.messages.contains(it) || self.is_reading(it))
            }
            _ => false,
        };
        fails && (converts || self.words.decoding.iter().any(|it| inner.starts_with(it.as_str())))
    }
}
