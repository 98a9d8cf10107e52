//! Sends and receives whose library stands in another repository: base classes of a shared package, and the rows of an
//! outbox.

use rustc_hash::FxHashMap;

use super::edges::Finder;
use super::found::Found;
use super::index::Id;
use super::types::MAX_STEPS;
use super::values::Value;
use crate::code::Call;
use crate::facts::{Library, is_known};
use crate::{Action, words};

impl<'f> Finder<'_, 'f> {
    /// A class that extends a publisher or listener of another repository, and says its channel in a field.
    pub(super) fn conventions(&mut self) {
        let mut senders: FxHashMap<Id, (Vec<Value>, &'static Library)> = FxHashMap::default();
        for file in 0..self.index.files.len() {
            let Some((library, _)) = self.libraries.get(file).and_then(|it| it.first()).copied() else { continue };
            let count = self.index.files.get(file).map_or(0, |it| it.unit.types.len());
            for index in 0..count {
                let ty = Id { file, index };
                let Some(declared) = self.index.ty(ty).filter(|it| it.line > 0) else { continue };
                let foreign = declared.supers.iter().find(|it| self.index.type_named(&it.name, file).is_none());
                let Some(last) = foreign.and_then(|it| words(&it.name).pop()) else { continue };
                let field = declared.fields.iter().find(|it| is_known(&it.name, |it| &it.channels));
                let Some(field) = field else { continue };
                let channels = self.index.values_of_field(ty, &field.name, MAX_STEPS);
                if channels.is_empty() {
                    continue;
                }
                if is_known(&last, |it| &it.senders) {
                    senders.insert(ty, (channels, library));
                } else if is_known(&last, |it| &it.receivers) {
                    let action = Action::Receive;
                    let found = Found::new(library, action, declared.line, channels);
                    self.edge(Id { file, index: 0 }, found, None);
                }
            }
        }
        if !senders.is_empty() {
            self.each_call(|finder, function, call| finder.sent_by(function, call, &senders));
        }
    }

    fn sent_by(&mut self, function: Id, call: &'f Call, senders: &FxHashMap<Id, (Vec<Value>, &'static Library)>) {
        if !is_known(&call.name, |it| &it.sending) {
            return;
        }
        let Some(receiver) = &call.receiver else { return };
        let scope = self.index.scope(function);
        for ty in self.index.types_of(receiver, scope, MAX_STEPS) {
            let known = self.index.type_meant(ty.unwrapped(), scope.file);
            let Some((channels, library)) = known.and_then(|it| senders.get(&it)) else { continue };
            let library: &'static Library = library;
            let (action, channels) = (Action::Send, channels.clone());
            let found = Found::new(library, action, call.line, channels);
            self.senders.insert(function, library);
            let name = known.and_then(|it| self.index.ty(it)).map(|it| &it.name);
            self.edge(function, found, name);
        }
    }

    /// A class that sends what it has kept: what others give it to keep is sent through an outbox.
    pub(super) fn enqueued(&mut self, open: &FxHashMap<Id, Vec<Found>>) {
        // The types of messages that a wrapper takes.
        let mut taken: Vec<(Id, &'static Library)> = Vec::new();
        for (function, found) in open {
            let Some(first) = found.iter().find(|it| it.action == Action::Send && it.outside.is_none()) else {
                continue;
            };
            let parameters = self.index.function(*function).map(|it| it.parameters.as_slice()).unwrap_or_default();
            for ty in parameters.iter().filter_map(|it| it.ty.as_ref()) {
                let known = self.index.type_meant(ty.unwrapped(), function.file);
                taken.extend(known.map(|it| (it, first.library)));
            }
        }
        let mut keepers: FxHashMap<Id, (usize, &'static Library)> = FxHashMap::default();
        for function in self.senders.keys() {
            let Some(owner) = self.index.owner(*function) else { continue };
            let Some(code) = self.index.file(*function) else { continue };
            for (index, other) in code.unit.functions.iter().enumerate() {
                let id = Id { file: function.file, index };
                let keeps = words(&other.name).first().is_some_and(|it| is_known(it, |it| &it.keeping));
                if !keeps || self.index.owner(id) != Some(owner) || self.senders.contains_key(&id) {
                    continue;
                }
                let message = other.parameters.iter().enumerate().find_map(|(at, parameter)| {
                    let ty = self.index.type_named(&parameter.ty.as_ref()?.unwrapped().name, id.file)?;
                    Some((at, taken.iter().find(|it| it.0 == ty)?.1))
                });
                keepers.extend(message.map(|it| (id, it)));
            }
        }
        if !keepers.is_empty() {
            self.each_call(|finder, function, call| finder.kept_by(function, call, &keepers));
        }
    }

    fn kept_by(&mut self, function: Id, call: &'f Call, keepers: &FxHashMap<Id, (usize, &'static Library)>) {
        // What is sent right here is told already.
        if self.senders.contains_key(&function) {
            return;
        }
        let scope = self.index.scope(function);
        for callee in self.index.callees(call, scope, MAX_STEPS) {
            let Some((at, library)) = keepers.get(&callee).copied() else { continue };
            let Some(argument) = self.index.argument(call, callee, at) else { continue };
            let channels: Vec<Value> =
                self.index.type_values(argument, scope, MAX_STEPS).into_iter().filter(Value::is_known).collect();
            if !channels.is_empty() {
                let action = Action::Send;
                let found = Found::new(library, action, call.line, channels);
                let name = self.index.function(callee).map(|it| &it.name);
                self.outbox_edge(function, found, name);
            }
        }
    }

    pub(super) fn each_call(&mut self, mut visit: impl FnMut(&mut Self, Id, &'f Call)) {
        for file in 0..self.index.files.len() {
            let count = self.index.files.get(file).map_or(0, |it| it.bodies.len());
            for index in 0..count {
                let function = Id { file, index };
                let calls = self.index.body(function).map(|it| it.calls.clone()).unwrap_or_default();
                for call in calls {
                    visit(self, function, call);
                }
            }
        }
    }
}
