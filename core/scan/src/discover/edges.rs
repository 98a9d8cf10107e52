//! The edges of a repository: direct calls of client libraries, and calls of the functions that wrap them.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::Edge;
use super::commits::Commits;
use super::found::{Found, queue_at};
use super::index::{Id, Index};
use super::operations::Libraries;
use super::types::{MAX_STEPS, MAX_VALUES};
use super::values::{Value, settled};
use crate::Action;
use crate::code::{Call, DEFAULT};
use crate::facts::{Argument, Library, Place};

/// How many functions a message passes at most between the code that knows the channel and the client library.
const MAX_WRAPPERS: usize = 5;

/// What was found of sends and receives.
pub(super) struct Joined<'f> {
    pub(super) edges: Vec<Edge>,
    /// The calls of client libraries.
    pub(super) sites: Vec<Site<'f>>,
    /// The functions that are told to handle messages, and by which library.
    pub(super) handlers: Vec<(Id, &'static Library, Told)>,
    /// The libraries that each file may use.
    pub(super) libraries: Vec<Libraries>,
}

/// A call of a client library that sends or receives.
#[derive(Clone, Copy)]
pub(super) struct Site<'f> {
    pub(super) function: Id,
    pub(super) call: &'f Call,
    pub(super) action: Action,
    pub(super) library: &'static Library,
}

/// How a function is told to handle messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Told {
    /// The library calls it: by an annotation, an interface or its parameters.
    Library,
    /// A function of the repository calls it that receives.
    Repository,
}

/// Looks for edges.
pub(super) struct Finder<'i, 'f> {
    pub(super) index: &'i Index<'f>,
    pub(super) libraries: Vec<Libraries>,
    pub(super) edges: Vec<Edge>,
    /// What functions do for those who call them, newest round only.
    open: FxHashMap<Id, Vec<Found>>,
    /// Functions whose openness was resolved by a caller.
    pub(super) answered: FxHashSet<Id>,
    pub(super) direct: FxHashSet<*const Call>,
    /// The functions that receive, and the library.
    pub(super) receivers: FxHashMap<Id, &'static Library>,
    /// The functions in which something is sent, and by which library.
    pub(super) senders: FxHashMap<Id, &'static Library>,
    pub(super) sites: Vec<Site<'f>>,
    /// The files and lines where what is sent comes out of an outbox.
    pub(super) relayed: FxHashSet<(usize, u32)>,
    /// How many functions stand between the calls that are looked at and the client library.
    pub(super) between: usize,
    /// What functions send on a channel that they know.
    known: FxHashMap<Id, Vec<Found>>,
    pub(super) handling: Vec<(Id, &'static Library, Told)>,
}

/// Finds all edges.
pub(super) fn find<'f>(index: &Index<'f>) -> Joined<'f> {
    let libraries = index.projects.libraries(&index.files);
    let mut finder = Finder {
        index,
        libraries,
        edges: Vec::new(),
        open: FxHashMap::default(),
        answered: FxHashSet::default(),
        direct: FxHashSet::default(),
        receivers: FxHashMap::default(),
        senders: FxHashMap::default(),
        sites: Vec::new(),
        relayed: FxHashSet::default(),
        between: 0,
        known: FxHashMap::default(),
        handling: Vec::new(),
    };
    finder.direct();
    finder.outside();
    let first = std::mem::take(&mut finder.open);
    let mut all = first.clone();
    let mut newest = first;
    for between in 0..MAX_WRAPPERS {
        finder.between = between;
        if newest.is_empty() {
            break;
        }
        newest = finder.through(&newest);
        for (id, found) in &newest {
            all.entry(*id).or_default().extend(found.iter().cloned());
        }
    }
    finder.shared();
    finder.handlers();
    finder.registrations();
    finder.enqueued(&all);
    finder.stored();
    finder.kept_in_rows();
    finder.conventions();
    // What nobody calls is told where it stands.
    for (function, found) in all {
        if !finder.answered.contains(&function) {
            for found in found {
                let found = finder.of_any(found);
                finder.edge(function, found, None);
            }
        }
    }
    let commits = Commits::find(index, &finder.libraries);
    let file = |it: &(usize, u32)| Some((index.files.get(it.0)?.path, it.1));
    let relayed: FxHashSet<(&str, u32)> = finder.relayed.iter().filter_map(file).collect();
    let mut edges = finder.edges;
    for edge in &mut edges {
        edge.outbox = edge.outbox || relayed.contains(&(edge.path.as_str(), edge.line));
        edge.outbox = edge.outbox || commits.hold(&edge.library, index.projects.folder(&edge.path));
    }
    edges.sort_by(|a, b| (&a.path, a.line, &a.channel, &a.library).cmp(&(&b.path, b.line, &b.channel, &b.library)));
    edges.dedup_by(|a, b| (&a.path, a.line, &a.channel, a.action) == (&b.path, b.line, &b.channel, b.action));
    Joined { edges, sites: finder.sites, handlers: finder.handling, libraries: finder.libraries }
}

/// Whether a name is that of a channel.
pub(super) fn is_named(value: &Value) -> bool {
    matches!(value, Value::Known(it) if it.resolution < super::Resolution::Environment)
}

/// Whether a name is known to be none.
pub(super) fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Known(it) if it.name.trim().is_empty())
}

impl<'f> Finder<'_, 'f> {
    fn direct(&mut self) {
        for file in 0..self.index.files.len() {
            let libraries = self.libraries.get(file).cloned().unwrap_or_default();
            if libraries.is_empty() {
                continue;
            }
            let Some(code) = self.index.files.get(file) else { continue };
            for index in 0..code.unit.types.len() {
                let ty = Id { file, index };
                let at = Id { file, index: 0 };
                for found in self.index.implemented(ty, &libraries) {
                    self.implementing(ty, &found);
                    self.edge(at, found, None);
                }
                let Some(declared) = code.unit.types.get(index) else { continue };
                let mut calls: Vec<&'f Call> = declared.annotations.iter().collect();
                let values = declared.fields.iter().filter_map(|it| it.value.as_ref());
                values.for_each(|it| it.each_call(&mut |call| calls.push(call)));
                for call in calls {
                    if let Some(found) = self.index.operation(call, Index::class_scope(ty), &libraries) {
                        self.direct.insert(std::ptr::from_ref(call));
                        self.edge(at, found, None);
                    }
                }
            }
            for (index, function) in code.unit.functions.iter().enumerate() {
                let id = Id { file, index };
                let scope = self.index.scope(id);
                let of_parameters = function.parameters.iter().flat_map(|it| &it.annotations);
                for call in function.annotations.iter().chain(of_parameters) {
                    if let Some(found) = self.index.operation(call, scope, &libraries) {
                        if found.action == Action::Receive {
                            self.handling.push((id, found.library, Told::Library));
                        }
                        self.edge(id, found, None);
                    }
                }
                for found in self.index.made_for(id, &libraries) {
                    self.edge(id, found, None);
                }
                for found in self.index.handled(id, &libraries) {
                    self.handling.push((id, found.library, Told::Library));
                    self.edge(id, found, None);
                }
                for call in self.index.body(id).map(|it| it.calls.as_slice()).unwrap_or_default() {
                    if let Some(found) = self.index.operation(call, scope, &libraries) {
                        self.direct.insert(std::ptr::from_ref(*call));
                        let (action, library) = (found.action, found.library);
                        self.sites.push(Site { function: id, call, action, library });
                        self.take(id, found, None);
                    }
                }
            }
        }
    }

    /// The methods that the library calls on a class that is told to receive.
    fn implementing(&mut self, ty: Id, found: &Found) {
        let names = found.library.handling.as_ref().map(|it| it.methods.as_slice()).unwrap_or_default();
        let methods = names.iter().flat_map(|it| self.index.own_methods(ty, it).to_vec());
        let methods: Vec<_> = methods.map(|it| (it, found.library, Told::Library)).collect();
        self.handling.extend(methods.into_iter().filter(|_| found.action == Action::Receive));
    }

    /// Keeps what is known, and leaves open what the caller knows.
    pub(super) fn take(&mut self, function: Id, found: Found, through: Option<&SmolStr>) {
        let is_sure = found.outside.is_none();
        if found.action == Action::Receive && through.is_none() && is_sure {
            self.receivers.insert(function, found.library);
        }
        if found.action == Action::Send && is_sure {
            self.senders.insert(function, found.library);
        }
        let (known, open): (Vec<Value>, Vec<Value>) = found.channels.iter().cloned().partition(Value::is_known);
        let messages_open = found.messages.iter().any(|it| !it.is_known());
        if !known.is_empty() && !messages_open && through.is_none() && found.action == Action::Send {
            self.known.entry(function).or_default().push(Found { channels: known.clone(), ..found.clone() });
        }
        if !known.is_empty() && !messages_open {
            self.edge(function, Found { channels: known.clone(), ..found.clone() }, through);
        }
        // A struct that carries the channel: what makes it knows.
        let carried = open.iter().find_map(|it| match it {
            Value::Field(ty, name) if self.is_carrier(function, *ty) && !self.index.is_abstract(*ty) => {
                Some((*ty, name.clone()))
            }
            _ => None,
        });
        if let Some((ty, name)) = carried.filter(|_| through.is_none()) {
            return self.carried(ty, &name, &found);
        }
        // A field of some other object, of which those that hand nothing over know nothing.
        let is_handed = self.index.function(function).is_none_or(|it| !it.parameters.is_empty());
        let is_foreign = |it: &Value| matches!(it, Value::Field(ty, _) if self.is_carrier(function, *ty));
        if through.is_some() && !is_handed && !messages_open && !open.is_empty() && open.iter().all(is_foreign) {
            return self.edge(function, Found { channels: open, ..found }, through);
        }
        if !open.is_empty() || messages_open {
            let channels = if messages_open { found.channels.clone() } else { open };
            self.open.entry(function).or_default().push(Found { channels, ..found });
        }
    }

    /// What a field or method of a message says in any of them, where no caller tells which one is sent.
    fn of_any(&self, mut found: Found) -> Found {
        let below = |ty: &Id, name: &str| -> Vec<Value> {
            let below = self.index.all_subtypes(*ty).into_iter().take(MAX_VALUES);
            below.flat_map(|it| self.index.values_in_type(it, name)).collect()
        };
        let any = found.channels.iter().flat_map(|it| match it {
            Value::Field(ty, name) => match self.index.values_of_field(*ty, name, MAX_STEPS) {
                values if values.iter().all(Value::is_known) && !values.is_empty() => values,
                _ => below(ty, name),
            },
            other => vec![other.clone()],
        });
        let any: Vec<Value> = any.collect();
        if any.iter().all(Value::is_known) && !any.is_empty() {
            found.channels = any;
        }
        found
    }

    /// Whether a type only holds values, seen from a function that is none of its methods.
    fn is_carrier(&self, function: Id, ty: Id) -> bool {
        self.index.owner(function).is_none_or(|owner| !self.index.supertypes(owner).contains(&ty))
    }

    /// What is sent by making an object that another function takes apart.
    fn carried(&mut self, ty: Id, name: &str, found: &Found) {
        let Some(declared) = self.index.ty(ty) else { return };
        let places = self.index.made.get(declared.name.as_str()).cloned().unwrap_or_default();
        for (id, made) in places {
            let at = |name: &str| {
                let place = Place { argument: Argument::Keyword(name.to_owned()), steps: Vec::new() };
                let mut values = self.index.values_made(&place, made, self.index.scope(id));
                values.retain(|it| !is_empty(it));
                values
            };
            let other = found.fallback.iter().find_map(|it| match it {
                Value::Field(owner, name) if *owner == ty => Some(at(name)),
                _ => None,
            });
            let (mut channels, mut fallback) = (at(name), other.unwrap_or_default());
            if channels.is_empty() {
                channels = std::mem::take(&mut fallback);
            }
            if !channels.is_empty() {
                let found = Found { channels, fallback, messages: Vec::new(), line: made.line(), ..found.clone() };
                self.take(id, found, Some(&declared.name));
            }
        }
    }

    /// The calls of functions that were left open.
    fn through(&mut self, newest: &FxHashMap<Id, Vec<Found>>) -> FxHashMap<Id, Vec<Found>> {
        let names: FxHashSet<&str> = newest
            .keys()
            .filter_map(|it| {
                let function = self.index.function(*it)?;
                let owner = self.index.owner(*it).and_then(|it| self.index.ty(it));
                Some(if function.is_constructor { owner?.name.as_str() } else { function.name.as_str() })
            })
            .collect();
        let any_constructor = newest.keys().any(|it| self.index.function(*it).is_some_and(|it| it.is_constructor));
        for file in 0..self.index.files.len() {
            let count = self.index.files.get(file).map_or(0, |it| it.bodies.len());
            // What a file hands out without a name goes by that which the importing file gives to it.
            let given = if names.contains(DEFAULT) { self.index.names_given(file) } else { Vec::new() };
            for index in 0..count {
                let id = Id { file, index };
                let scope = self.index.scope(id);
                let calls = self.index.body(id).map(|it| it.calls.as_slice()).unwrap_or_default();
                for call in calls {
                    let may = names.contains(call.name.as_str())
                        || (any_constructor && call.name == "super")
                        || given.contains(&call.name.as_str());
                    if !may || self.direct.contains(&std::ptr::from_ref(*call)) {
                        continue;
                    }
                    let callees = self.index.callees(call, scope, MAX_STEPS);
                    for callee in callees.iter().filter(|it| newest.contains_key(it) && **it != id) {
                        for found in newest.get(callee).into_iter().flatten() {
                            self.call(id, call, *callee, found);
                        }
                    }
                }
            }
        }
        std::mem::take(&mut self.open)
    }

    /// What a library of the repository sends on a channel that it knows is sent by those who call it.
    fn shared(&mut self) {
        let project = |it: Id| self.index.file(it).map(|it| self.index.projects.folder(it.path));
        let known: FxHashMap<Id, Vec<Found>> = std::mem::take(&mut self.known);
        let mut sent: Vec<(Id, Found, SmolStr)> = Vec::new();
        for (id, found) in known {
            let found: Vec<Found> = found.into_iter().filter(|it| it.outside.is_none()).collect();
            let Some(function) = self.index.function(id).filter(|it| !it.is_constructor && !it.name.is_empty()) else {
                continue;
            };
            let is_told = found.iter().flat_map(|it| &it.channels).all(is_named);
            if !is_told {
                continue;
            }
            let calls = self.index.calls_named(&function.name).iter();
            let callers = calls.filter(|it| self.index.callees(it.1, self.index.scope(it.0), MAX_STEPS).contains(&id));
            // What its own project sends is told where it stands.
            for (caller, call) in callers.filter(|it| project(it.0) != project(id)) {
                let found = found.iter().map(|it| Found { line: call.line, ..it.clone() });
                sent.extend(found.map(|it| (*caller, it, function.name.clone())));
            }
        }
        for (caller, found, name) in sent {
            self.senders.insert(caller, found.library);
            self.edge(caller, found, Some(&name));
        }
    }

    /// An edge of what is committed with the database.
    pub(super) fn outbox_edge(&mut self, function: Id, found: Found, through: Option<&SmolStr>) {
        let before = self.edges.len();
        self.edge(function, found, through);
        self.edges.iter_mut().skip(before).for_each(|it| it.outbox = true);
    }

    pub(super) fn edge(&mut self, function: Id, found: Found, through: Option<&SmolStr>) {
        let Some(file) = self.index.file(function) else { return };
        let (path, service) = (SmolStr::from(file.path), self.index.projects.service(file.path));
        let messages: Vec<_> = found.messages.into_iter().map(settled).collect();
        let known = messages.iter().filter(|it| it.resolution != super::Resolution::Unresolved);
        let mut names: Vec<&SmolStr> = known.map(|it| &it.name).collect();
        names.dedup();
        let has_more_types =
            names.len() > 1 || messages.iter().any(|it| it.resolution == super::Resolution::Unresolved);
        let message = names.first().map(|it| (*it).clone());
        for channel in found.channels.into_iter().map(settled).map(queue_at) {
            self.edges.push(Edge {
                action: found.action,
                channel,
                message: message.clone(),
                has_more_types,
                service: service.clone(),
                path: path.clone(),
                line: found.line,
                library: found.outside.as_ref().map_or(&found.library.name, |it| &it.module).clone(),
                broker: found.library.broker.clone(),
                through: through.cloned(),
                group: found.group.clone().filter(|_| found.action == Action::Receive),
                outbox: found.library.outbox,
                asks: found.asks,
                rests_on: found.outside.as_ref().map(|it| it.said_by.clone()),
            });
        }
    }
}
