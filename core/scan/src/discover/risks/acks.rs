//! When a message counts as handled: before its work, or while its work goes on elsewhere.

use super::handlers::{Handler, Role};
use super::{Finder, RiskKind};
use crate::code::Call;
use crate::flow::Acknowledges;
use crate::words;

impl<'f> Finder<'_, 'f> {
    pub(super) fn acks(&mut self, handler: &Handler<'f>) {
        let library = &handler.library.name;
        if let Some((line, because)) = self.early(handler) {
            self.tell(handler.function, RiskKind::AckBeforeProcessing, line, Some(because), library);
        }
        for line in self.left(handler) {
            self.tell(handler.function, RiskKind::AckBeforeProcessing, line, None, library);
        }
        for line in self.unbounded(handler) {
            self.tell(handler.function, RiskKind::UnboundedConcurrency, line, None, library);
        }
    }

    /// The line of a call that settles the message before all work, and that of the work.
    fn early(&self, handler: &Handler<'f>) -> Option<(u32, u32)> {
        // What a handler calls may be all that settles.
        let outline = self.outline(handler.function).filter(|_| handler.role != Role::Inner)?;
        let calls = self.calls(handler);
        let home = outline.function_at(handler.span.start);
        let is_plain = |it: &&&Call| {
            let at = it.span.start;
            outline.function_at(at) == home
                && !outline.is_conditional(at, handler.span)
                && !outline.deferred.iter().any(|it| it.start <= at && at < it.end)
                && !outline
                    .guards
                    .iter()
                    .any(|guard| guard.catches.iter().any(|it| it.span.start <= at && at < it.span.end))
        };
        let settle = calls.iter().filter(is_plain).find(|it| self.is_settling(it, handler))?;
        let is_real = |it: &&&'f Call| {
            let scope = self.index.scope(handler.function);
            let is_ours = !self.index.callees(it, scope, crate::discover::types::MAX_STEPS).is_empty();
            self.is_work(it, handler) && (is_ours || outline.awaited.contains(&it.span))
        };
        let mut before = calls.iter().filter(|it| it.span.end <= settle.span.start);
        if before.any(|it| self.is_work(it, handler) && !self.is_decoding(it)) {
            return None;
        }
        let after = calls.iter().filter(|it| it.span.start >= settle.span.end);
        let work = after.filter(is_real).find(|it| !outline.is_conditional(it.span.start, handler.span))?;
        Some((settle.line, work.line))
    }

    /// The lines of work that goes on when the message counts as handled.
    fn left(&self, handler: &Handler<'f>) -> Vec<u32> {
        if self.acknowledges(handler) == Acknowledges::Manual {
            return Vec::new();
        }
        let calls = self.calls(handler);
        // What was started may be waited for together.
        if calls.iter().any(|it| words(&it.name).iter().any(|it| self.words.waits.contains(it) && it != "get")) {
            return Vec::new();
        }
        let left = calls.iter().filter(|it| self.is_detached(it, handler.function) && self.takes_message(it, handler));
        left.map(|it| it.line).collect()
    }

    /// The lines in a loop over messages that start work without bounds.
    fn unbounded(&self, handler: &Handler<'f>) -> Vec<u32> {
        if handler.role != Role::Loop {
            return Vec::new();
        }
        let Some(outline) = self.outline(handler.function) else { return Vec::new() };
        let body = self.index.body(handler.function);
        let calls = body.map(|it| it.calls.as_slice()).unwrap_or_default();
        let is_limit = |text: &str| words(text).iter().any(|it| self.words.limits.contains(it));
        let is_limited = calls.iter().any(|it| {
            is_limit(&it.name) || it.receiver.as_ref().is_some_and(|it| is_limit(&super::super::values::shown(it)))
        });
        let bounded = handler.handling.bounds.iter().any(|it| self.mentions(it));
        if is_limited || bounded {
            return Vec::new();
        }
        let started = self
            .calls(handler)
            .into_iter()
            .filter(|it| outline.started.contains(&it.span) && self.takes_message(it, handler));
        started.map(|it| it.line).collect()
    }
}
