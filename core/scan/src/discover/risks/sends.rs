//! Sends whose outcome nobody looks at, and sends whose failure is caught and forgotten.

use rustc_hash::FxHashMap;

use super::facts::HandsBack;
use super::rules::each_word;
use super::{Finder, RiskKind};
use crate::code::{Call, Expression, Guard};
use crate::discover::Edge;
use crate::discover::configuration::folded;
use crate::discover::index::Id;
use crate::discover::types::MAX_STEPS;
use crate::discover::values::shown;
use crate::facts::{Library, WriteWords, is_known};
use crate::{Action, Language, words};

impl<'f> Finder<'_, 'f> {
    pub(super) fn sends(&mut self) {
        for (function, call, library, is_direct) in self.sending() {
            if self.is_unseen(function, call, library, is_direct) {
                self.tell(function, RiskKind::FireAndForgetPublish, call.line, None, &library.name);
            }
            if let Some(line) = self.forgotten_send(function, call, library) {
                self.tell(function, RiskKind::SwallowedPublishError, line, Some(call.line), &library.name);
            }
        }
    }

    /// The calls that send, through functions of the repository too, without those that an outbox keeps.
    fn sending(&self) -> Vec<(Id, &'f Call, &'static Library, bool)> {
        let mut found = Vec::new();
        for site in self.joined.sites.iter().filter(|it| it.action == Action::Send && !it.library.outbox) {
            found.push((site.function, site.call, site.library, true));
        }
        let mut through: FxHashMap<&str, Vec<&Edge>> = FxHashMap::default();
        for edge in self.joined.edges.iter().filter(|it| it.action == Action::Send && !it.outbox) {
            if edge.through.is_some() {
                through.entry(&edge.path).or_default().push(edge);
            }
        }
        for (file, code) in self.index.files.iter().enumerate() {
            let Some(edges) = through.get(code.path) else { continue };
            let libraries = self.joined.libraries.get(file).map(Vec::as_slice).unwrap_or_default();
            for (index, body) in code.bodies.iter().enumerate() {
                for call in &body.calls {
                    let Some(edge) = edges.iter().find(|it| it.line == call.line && !call.is_construction) else {
                        continue;
                    };
                    // A loop that also sends is not a send.
                    let named = words(&call.name);
                    let sends = named.first().is_some_and(|it| is_known(it, |it| &it.sending));
                    let all = self.joined.libraries.iter().flatten().chain(libraries);
                    let library = all.map(|it| it.0).find(|it| it.name == edge.library);
                    if let Some(library) = library.filter(|_| sends) {
                        found.push((Id { file, index }, *call, library, false));
                    }
                }
            }
        }
        found
    }

    /// Whether a call sends an answer, or what is answered.
    pub(super) fn is_answer(&self, call: &Call) -> bool {
        let mut found = false;
        for argument in &call.arguments {
            each_word(&argument.value, &mut |it| {
                let named = words(it);
                found |= self.words.list("replies").iter().any(|word| named.contains(word));
            });
        }
        found
    }

    /// Whether nobody looks at the outcome of a send.
    fn is_unseen(&self, function: Id, call: &'f Call, library: &Library, is_direct: bool) -> bool {
        let Some(outline) = self.outline(function) else { return false };
        if call.span.is_empty() || !outline.discarded.contains(&call.span) {
            return false;
        }
        // Another call waits for what was sent.
        let calls = self.index.body(function).map(|it| it.calls.as_slice()).unwrap_or_default();
        if calls.iter().any(|it| self.words.waits.contains(&it.name.to_lowercase()) && it.span != call.span) {
            return false;
        }
        // A callback takes the outcome.
        if call
            .arguments
            .iter()
            .any(|it| matches!(it.value, Expression::Lambda(_)) || takes_outcome(it.name.as_deref()))
        {
            return false;
        }
        if is_direct {
            let is_one = library.outcomes.is_empty() || library.outcomes.iter().any(|it| *it == call.name);
            return library.hands_back != HandsBack::Nothing && is_one;
        }
        let Some(language) = self.index.file(function).map(|it| it.language) else { return false };
        let callees = self.index.callees(call, self.index.scope(function), MAX_STEPS);
        match language {
            // What is called stands in a package that sends by convention; in this language, sends are waited for.
            Language::JavaScript | Language::TypeScript | Language::Tsx if callees.is_empty() => {
                library.hands_back == HandsBack::Promise
            }
            Language::JavaScript | Language::TypeScript | Language::Tsx | Language::CSharp => {
                !callees.is_empty() && callees.iter().all(|it| self.hands_back_promise(*it))
            }
            _ => false,
        }
    }

    /// Whether a function hands back a promise or task with the outcome of what it does.
    fn hands_back_promise(&self, function: Id) -> bool {
        let Some(declared) = self.index.function(function) else { return false };
        let returns = declared.returns.as_ref().map(|it| it.name.as_str());
        let Some(outline) = self.outline(function) else { return false };
        let mut awaits = outline.awaited.iter().filter(|it| outline.function_at(it.start) == Some(declared.span));
        match returns {
            Some(name) => matches!(name, "Promise" | "Task" | "ValueTask"),
            None => awaits.next().is_some(),
        }
    }

    /// Whether a function takes messages out of an outbox, which keeps what could not be sent.
    fn is_relay(&self, function: Id) -> bool {
        let Some(words) = WriteWords::load() else { return true };
        let is_outbox = |name: &str| {
            let name = folded(name);
            words.outbox.iter().any(|it| name.contains(it.as_str()))
        };
        let owner = self.index.owner(function).and_then(|it| self.index.ty(it)).map(|it| it.name.as_str());
        let own = self.index.function(function).map(|it| it.name.as_str());
        let path = self.index.file(function).and_then(|it| it.path.rsplit('/').next());
        let calls = self.index.body(function).map(|it| it.calls.as_slice()).unwrap_or_default();
        let receivers = calls.iter().filter_map(|it| it.receiver.as_ref()).map(shown);
        [owner, own, path].into_iter().flatten().any(is_outbox) || receivers.into_iter().any(|it| is_outbox(&it))
    }

    /// The line of the handler that catches the failure of a send and tells nobody.
    fn forgotten_send(&self, function: Id, call: &'f Call, library: &Library) -> Option<u32> {
        // Whoever waits for an answer sees that none comes.
        if call.span.is_empty() || self.is_answer(call) {
            return None;
        }
        let outline = self.outline(function)?;
        let declared = self.index.function(function)?;
        let home = outline.function_at(call.span.start);
        let guards = outline.guards.iter().filter(|it| {
            it.body.start <= call.span.start
                && call.span.end <= it.body.end
                && outline.function_at(it.body.start) == home
        });
        let guard: &Guard = guards.min_by_key(|it| it.body.len())?;
        // What nobody waits for fails outside of the guard.
        let language = self.index.file(function)?.language;
        let is_script = language.folder() == "javascript";
        let is_left = outline.discarded.contains(&call.span) && library.hands_back == HandsBack::Promise;
        if is_left || (is_script && !outline.awaited.contains(&call.span)) || self.is_relay(function) {
            return None;
        }
        let of_broker = |what: &str| {
            let what = what.to_lowercase();
            !library.broker.is_empty() && what.contains(library.broker.as_str())
        };
        let catch = guard.catches.iter().find(|it| self.takes_any(&it.what) || of_broker(&it.what))?;
        if !self.is_silent(catch, function) {
            return None;
        }
        if !self.calls_in(function, catch.span).into_iter().all(|it| self.is_harmless(it, function)) {
            return None;
        }
        // It is tried again.
        let is_around = |it: &&crate::code::Loop| {
            it.span.start < guard.body.start && guard.body.end <= it.span.end && it.over.is_empty()
        };
        if outline.loops.iter().any(|it| is_around(&it) && home.is_none_or(|home| home.start < it.span.start)) {
            return None;
        }
        let end = guard.catches.iter().map(|it| it.span.end).max().unwrap_or(guard.body.end);
        let within = home.unwrap_or(declared.span);
        let is_outcome = |value: &str| words(value).iter().any(|it| self.words.outcomes.contains(it));
        let tells = outline.exits_in(within).any(|it| it.span.start >= end && is_outcome(&it.value));
        (!tells).then_some(catch.line)
    }
}

/// Whether an argument with a keyword takes the outcome of a send.
fn takes_outcome(keyword: Option<&str>) -> bool {
    keyword.is_some_and(|it| matches!(it, "callback" | "on_delivery" | "deliveryHandler"))
}
