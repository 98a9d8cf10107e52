//! Calls and settings of libraries that are a risk by themselves, as the data of the libraries have it.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::facts::RiskRule;
use super::{Finder, RiskKind};
use crate::Action;
use crate::code::{Argument as Passed, Call, Expression};
use crate::discover::configuration::folded;
use crate::discover::index::Id;
use crate::discover::projects::Use;
use crate::discover::types::{MAX_STEPS, Scope};
use crate::discover::values::{chain, shown};
use crate::facts::{Absent, Argument, Library, Place, Step};
use crate::words;

/// What stands at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Seen {
    /// A value that is written out, in lower case.
    Is(String),
    /// Nothing.
    Absent,
    /// Something that cannot be told.
    Unknown,
}

impl<'f> Finder<'_, 'f> {
    pub(super) fn rules(&mut self) {
        let mut once: FxHashSet<(String, usize)> = FxHashSet::default();
        for file in 0..self.index.files.len() {
            let libraries = self.joined.libraries.get(file).cloned().unwrap_or_default();
            for (library, used) in libraries {
                for (at, rule) in library.risks.iter().enumerate() {
                    let lacks = !rule.only.is_empty() && !rule.only.iter().any(|it| self.mentions(it));
                    let mut unless = self.words.spread(&rule.unless);
                    let is_met = unless.any(|it| self.mentions(it));
                    if lacks || is_met || (rule.receives && !self.receives(file, library)) {
                        continue;
                    }
                    let found = self.ruled(file, library, used, rule);
                    for (function, line) in found {
                        let service = self.index.file(function).map(|it| self.index.projects.service(it.path));
                        let key = (format!("{}/{}", service.unwrap_or_default(), library.name), at);
                        if !rule.once || once.insert(key) {
                            self.tell(function, rule.kind, line, None, &library.name);
                        }
                    }
                }
            }
        }
    }

    /// Whether the service of a file receives through a library.
    fn receives(&self, file: usize, library: &Library) -> bool {
        let service = |it: usize| self.index.files.get(it).map(|it| self.index.projects.service(it.path));
        let own = service(file);
        let mut sites = self.joined.sites.iter().filter(|it| it.action == Action::Receive);
        let is_same = |it: &Library| it.broker == library.broker || it.name == library.name;
        sites.any(|it| is_same(it.library) && service(it.function.file) == own)
            || self.joined.handlers.iter().any(|it| is_same(it.1) && service(it.0.file) == own)
    }

    fn ruled(&self, file: usize, library: &'static Library, used: Use, rule: &RiskRule) -> Vec<(Id, u32)> {
        let mut found = Vec::new();
        let Some(code) = self.index.files.get(file) else { return found };
        for (index, body) in code.bodies.iter().enumerate() {
            let id = Id { file, index };
            let scope = self.index.scope(id);
            let annotations = code.unit.functions.get(index).map(|it| it.annotations.iter().collect::<Vec<_>>());
            for call in body.calls.iter().copied().chain(annotations.unwrap_or_default()) {
                // A function of the repository may have the name.
                let is_bare = call.receiver.is_none() && call.name.starts_with(char::is_lowercase);
                if rule.calls.iter().any(|it| *it == call.name)
                    && !is_bare
                    && self.index.is_made_on(call, scope, library, rule.on, used)
                    && self.is_bad(call, scope, rule)
                    && !self.is_leaving(id, call)
                    && !self.is_here(id, &rule.unless_here)
                {
                    let names: Vec<String> = names(&rule.at, &rule.key).map(str::to_owned).collect();
                    let line = if rule.bad.is_empty() { call.line } else { self.said(id, call, &names) };
                    found.push((id, line));
                }
            }
            if !rule.settings.is_empty() && used == Use::Imported {
                found.extend(self.set(id, scope, &rule.settings, &rule.bad).into_iter().map(|it| (id, it)));
            }
        }
        found
    }

    /// Whether a call is made because the program is told to end.
    fn is_leaving(&self, function: Id, call: &Call) -> bool {
        let cases = self.outline(function).map(|it| it.cases.as_slice()).unwrap_or_default();
        let around = cases.iter().filter(|it| it.0.start <= call.span.start && call.span.end <= it.0.end);
        let innermost = around.min_by_key(|it| it.0.len());
        let is_end = |it: &str| self.words.leaving.iter().any(|word| word == it);
        innermost.is_some_and(|it| words(&it.1).iter().any(|it| is_end(it)))
    }

    /// Whether a function has a word.
    fn is_here(&self, function: Id, words: &[String]) -> bool {
        if words.is_empty() {
            return false;
        }
        let mut found = false;
        let has = |text: &str| self.words.spread(words).any(|it| folded(it) == folded(text));
        let calls = self.index.body(function).map(|it| it.calls.as_slice()).unwrap_or_default();
        for call in calls {
            found |= has(&call.name);
            let parts = call.arguments.iter().map(|it| &it.value).chain(&call.receiver);
            parts.for_each(|it| each_word(it, &mut |word| found |= has(word)));
        }
        let span = self.index.function(function).map(|it| it.span).unwrap_or_default();
        let texts = self.outline(function).map(|it| it.conditions_in(span)).unwrap_or_default();
        found || texts.iter().any(|it| it.split(|it: char| !it.is_alphanumeric() && it != '_' && it != '-').any(has))
    }

    fn is_bad(&self, call: &'f Call, scope: Scope, rule: &RiskRule) -> bool {
        let is_excepted = rule.except.iter().any(|it| {
            let is_named = written(call, &it.at).is_some_and(|text| {
                let words = words(&text);
                self.words.spread(&it.named).any(|it| words.iter().any(|word| word == it))
            });
            let is_named = is_named || self.is_of(scope, &it.named);
            let is_value = match self.seen(call, scope, &it.at, &it.key) {
                Seen::Is(value) => it.is.contains(&value),
                Seen::Absent => it.is.iter().any(|it| it == "absent"),
                Seen::Unknown => it.is.iter().any(|it| it == "unknown"),
            };
            is_named || is_value
        });
        let is_answer = rule.kind == RiskKind::UnconfirmedPublish && self.is_answer(call);
        if is_excepted || is_answer {
            return false;
        }
        if rule.at.is_empty() {
            return true;
        }
        match self.seen(call, scope, &rule.at, &rule.key) {
            Seen::Is(value) => rule.bad.contains(&value),
            Seen::Absent if rule.elsewhere && names(&rule.at, &rule.key).any(|it| self.mentions(it)) => false,
            Seen::Absent => rule.absent == Absent::Bad,
            Seen::Unknown => false,
        }
    }

    /// Whether the type that something stands in is called by one of some words.
    fn is_of(&self, scope: Scope, named: &[String]) -> bool {
        let owner = scope.owner.and_then(|it| self.index.ty(it)).map(|it| words(&it.name)).unwrap_or_default();
        self.words.spread(named).any(|it| owner.iter().any(|word| word == it))
    }

    /// What stands at the first of some places that is there.
    fn seen(&self, call: &'f Call, scope: Scope, places: &[Place], keys: &[String]) -> Seen {
        let mut seen = Seen::Absent;
        for place in places {
            let value = match &place.argument {
                Argument::At(index) => call.positional().nth(*index),
                Argument::Keyword(name) => call.named(name),
                _ => None,
            };
            let Some(value) = value else { continue };
            let mut steps = place.steps.clone();
            if keys.is_empty() {
                return self.inside(value, &steps, scope, MAX_STEPS);
            }
            for key in keys {
                steps.push(Step::Key(key.clone()));
                match self.inside(value, &steps, scope, MAX_STEPS) {
                    Seen::Absent => seen = Seen::Absent,
                    other => return other,
                }
                steps.pop();
            }
            return seen;
        }
        // More arguments may be there than are written, if their names are anywhere.
        let is_open = call.arguments.iter().any(|it: &Passed| it.is_spread)
            && (keys.is_empty() && places.iter().all(|it| matches!(it.argument, Argument::At(_)))
                || names(places, keys).any(|it| self.mentions(it)));
        if is_open { Seen::Unknown } else { Seen::Absent }
    }

    fn inside(&self, value: &'f Expression, path: &[Step], scope: Scope, steps: usize) -> Seen {
        let Some(steps) = self.index.step(steps) else { return Seen::Unknown };
        let Some((step, rest)) = path.split_first() else { return self.value(value, scope, steps) };
        let Step::Key(key) = step else { return Seen::Unknown };
        match value {
            Expression::Literal(text) if is_nothing(text) => Seen::Absent,
            Expression::Name(text) if is_nothing(text) => Seen::Absent,
            Expression::Object { entries, .. } => {
                let entry = entries.iter().find(|it| is_key(&it.0, key));
                let is_open = entries.iter().any(|it| it.0.is_empty() && !is_default(&it.1));
                match entry {
                    Some(entry) => self.inside(&entry.1, rest, scope, steps),
                    None if is_open => Seen::Unknown,
                    None => Seen::Absent,
                }
            }
            Expression::List(parts) if parts.is_empty() => Seen::Absent,
            // `new ConsumerConfig { EnableAutoCommit = true }`, `FieldTable::default()`, `Map.of("a", 1)`
            Expression::Call(call) => {
                let texts = call.positional().any(|it| matches!(it, Expression::Text(it) if is_key(it, key)));
                match call.arguments.iter().find(|it| it.name.as_deref().is_some_and(|it| is_key(it, key))) {
                    Some(argument) => self.inside(&argument.value, rest, scope, steps),
                    None if texts => Seen::Unknown,
                    None if is_default(value) || is_initialized(call) => Seen::Absent,
                    None => Seen::Unknown,
                }
            }
            Expression::Cast(_, inner) => self.inside(inner, path, scope, steps),
            Expression::Name(_) | Expression::Member(..) => {
                let values = self.index.followed(value, scope, steps);
                let is_written = |it: &&(&'f Expression, Scope)| match it.0 {
                    Expression::Object { entries, .. } => !entries.is_empty(),
                    Expression::Call(call) => is_initialized(call),
                    _ => false,
                };
                // What is empty at first may be filled later.
                match values.iter().find(is_written) {
                    Some((value, there)) if values.len() == 1 => self.inside(value, path, *there, steps),
                    _ => Seen::Unknown,
                }
            }
            _ => Seen::Unknown,
        }
    }

    fn value(&self, value: &'f Expression, scope: Scope, steps: usize) -> Seen {
        match value {
            Expression::Literal(text) | Expression::Text(text) => Seen::Is(text.to_lowercase()),
            Expression::Name(text) if is_constant(text) => Seen::Is(text.to_lowercase()),
            Expression::Cast(_, inner) => self.value(inner, scope, steps),
            Expression::Name(_) | Expression::Member(..) => {
                let values = self.index.followed(value, scope, steps);
                match (values.as_slice(), value) {
                    ([(Expression::Literal(text) | Expression::Text(text), _)], _) => Seen::Is(text.to_lowercase()),
                    // A member of a type of the library: `sarama.NoResponse`, `Acks.None`.
                    ([], Expression::Member(_, name)) => Seen::Is(name.to_lowercase()),
                    _ => Seen::Unknown,
                }
            }
            _ => Seen::Unknown,
        }
    }

    /// Where a library is told to leave it to the code when a message counts as handled.
    pub(super) fn switched_off(&self) -> Vec<(Id, SmolStr)> {
        let off = ["false".to_owned()];
        let mut found = Vec::new();
        for file in 0..self.index.files.len() {
            let libraries = self.joined.libraries.get(file).map(Vec::as_slice).unwrap_or_default();
            for (library, _) in libraries {
                let switches = library.handling.as_ref().map(|it| it.switches.as_slice()).unwrap_or_default();
                let count = self.index.files.get(file).map_or(0, |it| it.bodies.len());
                for id in (0..count).map(|index| Id { file, index }).filter(|_| !switches.is_empty()) {
                    let is_off = !self.set(id, self.index.scope(id), switches, &off).is_empty();
                    found.extend(is_off.then(|| (id, library.name.clone())));
                }
            }
        }
        found
    }

    /// The lines that give one of some settings one of some values.
    fn set(&self, function: Id, scope: Scope, settings: &[String], values: &[String]) -> Vec<u32> {
        let Some(body) = self.index.body(function) else { return Vec::new() };
        let is_it = |name: &str| settings.iter().any(|it| it == name);
        let is_bad = |value: &'f Expression| match self.value(value, scope, MAX_STEPS) {
            Seen::Is(value) => values.contains(&value),
            _ => false,
        };
        let mut lines = Vec::new();
        for (target, value) in &body.assigned {
            let name = match target {
                Expression::Member(_, name) => name.as_str(),
                Expression::Index(_, key) => key_of(key),
                _ => continue,
            };
            if is_it(name) && is_bad(value) {
                lines.extend(self.line_of(function, target));
            }
        }
        for object in &body.objects {
            let Expression::Object { entries, line, .. } = object else { continue };
            if entries.iter().any(|it| is_it(&it.0) && is_bad(&it.1)) {
                lines.push(*line);
            }
        }
        for call in &body.calls {
            let named = call.arguments.iter().any(|it| it.name.as_deref().is_some_and(is_it) && is_bad(&it.value));
            let put = match call.arguments.as_slice() {
                [key, value] => is_it(key_of(&key.value)) && is_bad(&value.value),
                _ => false,
            };
            if named || put {
                lines.push(if named { self.said(function, call, settings) } else { call.line });
            }
        }
        lines
    }

    /// The line of an assignment.
    fn line_of(&self, function: Id, target: &Expression) -> Option<u32> {
        let last = match target {
            Expression::Index(_, key) => key_of(key),
            other => chain(other).last().copied().unwrap_or_default(),
        };
        let span = self.index.function(function)?.span;
        let inside = |at: u32| span.is_empty() || (span.start <= at && at < span.end);
        let named = self.outline(function)?.assignments.iter();
        named.filter(|it| inside(it.1)).find(|it| it.0 == last).map(|it| it.2)
    }

    /// The line of what is said under one of some names in a call, or that of the call.
    fn said(&self, function: Id, call: &Call, names: &[String]) -> u32 {
        let is_inside = |at: u32| call.span.start <= at && at < call.span.end;
        let named = self.outline(function).map(|it| it.assignments.as_slice()).unwrap_or_default();
        let mut named = named.iter().filter(|it| is_inside(it.1));
        let found = named.find(|it| names.iter().any(|name| *name == it.0));
        found.map_or(call.line, |it| it.2)
    }

    /// Whether a word stands anywhere in the repository as a name, a key or a text.
    pub(super) fn mentions(&self, word: &str) -> bool {
        // `*deadletter*` stands in other words too.
        match word.strip_prefix('*').and_then(|it| it.strip_suffix('*')) {
            Some(part) => self.mentioned.iter().any(|it| it.contains(part)),
            None => self.mentioned.contains(&folded(word)),
        }
    }
}

/// The words of a repository: names of calls and members, keys, and short texts.
pub(in crate::discover) fn mentioned(index: &crate::discover::index::Index<'_>) -> FxHashSet<String> {
    let mut all = FxHashSet::default();
    for code in &index.files {
        for body in &code.bodies {
            for call in &body.calls {
                all.insert(folded(&call.name));
                all.extend(call.arguments.iter().filter_map(|it| it.name.as_deref()).map(folded));
                for argument in call.arguments.iter().map(|it| &it.value).chain(&call.receiver) {
                    each_word(argument, &mut |it| {
                        all.insert(folded(it));
                    });
                }
            }
            for (target, value) in &body.assigned {
                for side in [target, value] {
                    each_word(side, &mut |it| {
                        all.insert(folded(it));
                    });
                }
            }
            for object in &body.objects {
                each_word(object, &mut |it| {
                    all.insert(folded(it));
                });
            }
            for bound in body.names.values().flatten().filter_map(|it| it.value) {
                each_word(bound, &mut |it| {
                    all.insert(folded(it));
                });
            }
        }
        all.extend(code.unit.imports.iter().map(|it| folded(&it.module)));
        all.extend(code.unit.imports.iter().flat_map(|it| &it.names).map(|it| folded(&it.1)));
        for function in &code.unit.functions {
            all.extend(function.annotations.iter().map(|it| folded(&it.name)));
        }
        for ty in &code.unit.types {
            all.extend(ty.annotations.iter().map(|it| folded(&it.name)));
            for value in ty.fields.iter().filter_map(|it| it.value.as_ref()) {
                each_word(value, &mut |it| {
                    all.insert(folded(it));
                });
            }
        }
    }
    all.extend(index.setting_keys().map(str::to_owned));
    all
}

/// Longer texts are no names. In bytes.
const MAX_WORD: usize = 60;

pub(super) fn each_word<'e>(expression: &'e Expression, visit: &mut dyn FnMut(&'e str)) {
    match expression {
        Expression::Text(text) | Expression::Name(text) | Expression::Member(_, text) if text.len() <= MAX_WORD => {
            visit(text);
        }
        Expression::Object { entries, .. } => entries.iter().for_each(|it| visit(&it.0)),
        Expression::Call(call) => {
            visit(&call.name);
            call.arguments.iter().filter_map(|it| it.name.as_deref()).for_each(&mut *visit);
        }
        _ => {}
    }
    for part in expression.parts() {
        each_word(part, visit);
    }
}

/// What stands at the first of some places that is there, as it is written.
fn written(call: &Call, places: &[Place]) -> Option<String> {
    let values = places.iter().filter_map(|it| match &it.argument {
        Argument::At(index) => call.positional().nth(*index),
        Argument::Keyword(name) => call.named(name),
        Argument::Receiver => call.receiver.as_ref(),
        _ => None,
    });
    values.map(shown).next()
}

/// The names by which something can be said at some places.
fn names<'r>(places: &'r [Place], keys: &'r [String]) -> impl Iterator<Item = &'r str> {
    let keywords = places.iter().filter_map(|it| match (&it.argument, it.steps.last()) {
        (_, Some(Step::Key(key))) => Some(key.as_str()),
        (Argument::Keyword(name), _) => Some(name.as_str()),
        _ => None,
    });
    let keywords = keywords.filter(|_| keys.is_empty());
    keys.iter().map(String::as_str).chain(keywords)
}

fn is_key(name: &str, key: &str) -> bool {
    name == key || folded(name) == folded(key)
}

fn is_nothing(text: &str) -> bool {
    matches!(text, "nil" | "null" | "None" | "undefined")
}

fn is_constant(text: &str) -> bool {
    is_nothing(text) || matches!(text, "true" | "false" | "True" | "False")
}

/// Whether a value is one of a type without anything said.
fn is_default(value: &Expression) -> bool {
    match value {
        Expression::Call(call) => {
            call.arguments.is_empty() && (call.is_construction || matches!(call.name.as_str(), "default" | "emptyMap"))
        }
        Expression::Object { entries, .. } => entries.is_empty(),
        Expression::Other(parts) => matches!(parts.as_slice(), [only] if is_default(only)),
        _ => false,
    }
}

/// Whether a construction says its fields.
fn is_initialized(call: &Call) -> bool {
    call.is_construction && !call.arguments.is_empty() && call.arguments.iter().all(|it| it.name.is_some())
}

/// The name of a key, as it is written.
fn key_of(key: &Expression) -> &str {
    match key {
        Expression::Text(text) => text,
        other => chain(other).last().copied().unwrap_or_default(),
    }
}
