//! Sends and receives through packages of other repositories that an organisation has around its client of messaging.
//!
//! Such a package cannot be read, so it takes three things together: its name speaks of messaging, what is called on it
//! sends or receives on something like a channel, and the project names a broker or a client elsewhere.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::edges::Finder;
use super::found::{Found, Outside};
use super::index::{Id, Index, Made};
use super::operations::type_value;
use super::projects::imported;
use super::types::{MAX_STEPS, Scope};
use super::values::{Value, chain, shown};
use super::{Channel, Resolution};
use crate::code::{Call, Expression, Import, TypeName};
use crate::facts::{Argument, PackageWords, Place, is_known, libraries};
use crate::{Action, Language, words};

/// A package that a file imports.
#[derive(Clone, Copy)]
struct Package<'f> {
    module: &'f str,
    /// Its name speaks of nothing but messaging.
    is_clear: bool,
}

/// The packages of other repositories that speak of messaging, and what of this one is made of them.
struct Packages<'f> {
    words: &'static PackageWords,
    /// By file, with the names that it has of each in the file.
    imports: FxHashMap<usize, Vec<(Package<'f>, &'f Import)>>,
    /// The types of this repository that extend one of such a package.
    extending: FxHashMap<Id, Package<'f>>,
    /// The words of the names of those types and of what is imported, by project.
    called: FxHashMap<&'f str, Vec<(Vec<String>, Package<'f>)>>,
}

impl Finder<'_, '_> {
    /// Looks for sends and receives through packages of other repositories.
    pub(super) fn outside(&mut self) {
        let Some(words) = PackageWords::load() else { return };
        let packages = Packages::new(self.index, words);
        if packages.imports.is_empty() {
            return;
        }
        let settings = self.index.names_broker(words);
        let mut projects: FxHashSet<&str> = packages.called.keys().copied().collect();
        projects.extend(
            packages
                .imports
                .keys()
                .filter_map(|it| self.index.files.get(*it))
                .map(|it| self.index.projects.folder(it.path)),
        );
        for file in 0..self.index.files.len() {
            let Some(code) = self.index.files.get(file) else { continue };
            if !projects.contains(self.index.projects.folder(code.path)) {
                continue;
            }
            let Some(said_by) = self.index.projects.said_broker(code.path, code.language.folder(), words, settings)
            else {
                continue;
            };
            for index in 0..code.bodies.len() {
                let function = Id { file, index };
                let calls = self.index.body(function).map(|it| it.calls.clone()).unwrap_or_default();
                for call in calls {
                    let at = std::ptr::from_ref(call);
                    if self.direct.contains(&at) {
                        continue;
                    }
                    let scope = self.index.scope(function);
                    if let Some((found, module)) = packages.operation(self.index, call, scope) {
                        self.direct.insert(at);
                        let outside = Outside { module: module.into(), said_by: said_by.into() };
                        self.take(function, Found { outside: Some(outside), ..found }, None);
                    }
                }
            }
        }
    }
}

impl<'f> Index<'f> {
    /// The file that names a broker in settings, or starts one.
    fn names_broker(&self, words: &PackageWords) -> Option<&'f str> {
        let is_word = |it: &str| words.brokers.iter().any(|word| word == it);
        let all = self.settings.values().flatten();
        let mut naming: Vec<&str> = all
            .filter(|(_, setting)| {
                crate::words(&setting.key).iter().any(|it| is_word(it))
                    || words.schemes.iter().any(|it| setting.value.starts_with(it.as_str()))
                    || words.ports.iter().any(|it| is_port(&setting.value, it))
            })
            .map(|it| it.0)
            .collect();
        naming.sort_unstable();
        self.projects.started_broker(&words.brokers).or(naming.first().copied())
    }

    /// The type of what is sent, where a call makes it, by its name.
    pub(super) fn made_elsewhere(&self, expression: &'f Expression, scope: Scope) -> Option<Value> {
        self.followed(expression, scope, MAX_STEPS).into_iter().find_map(|(value, _)| match value {
            Expression::Call(made) if made.name.starts_with(char::is_uppercase) => {
                Some(type_value(&TypeName::plain(made.name.clone())))
            }
            _ => None,
        })
    }

    /// Whether a module is a package of another repository that is no known client.
    fn is_elsewhere_made(&self, import: &Import, file: usize, words: &PackageWords) -> bool {
        let Some(code) = self.files.get(file) else { return false };
        let module = import.module.as_str();
        let kind = code.language.folder();
        let is_client = libraries().iter().any(|it| it.0 == kind && it.1.imports.iter().any(|it| imported(it, module)));
        let first = module.split(['/', '.', '\\']).find(|it| !it.is_empty()).unwrap_or_default();
        if is_client || words.inside.iter().any(|it| it == first || it == module) {
            return false;
        }
        match code.language {
            Language::JavaScript | Language::TypeScript | Language::Tsx => {
                let parts = if module.starts_with('@') { 2 } else { 1 };
                let package = module.split('/').take(parts).collect::<Vec<_>>().join("/");
                // Its manifest names it, so that it is no path of the repository.
                !module.starts_with('.')
                    && !self.projects.is_package(module)
                    && self.projects.names_any(code.path, &[package])
            }
            Language::Python => {
                let is_ours = |it: &str| {
                    let mut parts = it.split('/').map(|it| it.strip_suffix(".py").unwrap_or(it));
                    parts.any(|it| it == first)
                };
                !module.starts_with('.') && !self.files.iter().any(|it| is_ours(it.path))
            }
            Language::Go => {
                first.len() < module.len() && module.contains('.') && self.projects.go_package(module).is_none()
            }
            Language::Php => !import.names.iter().any(|it| self.types.contains_key(it.1.as_str())),
            _ => false,
        }
    }
}

impl<'f> Packages<'f> {
    fn new(index: &Index<'f>, words: &'static PackageWords) -> Self {
        let mut found = Self {
            words,
            imports: FxHashMap::default(),
            extending: FxHashMap::default(),
            called: FxHashMap::default(),
        };
        for (file, code) in index.files.iter().enumerate() {
            for import in &code.unit.imports {
                let named = crate::words(&import.module);
                let has = |all: &[String]| named.iter().any(|it| all.contains(it));
                let is_clear = has(&words.telling);
                if (is_clear || has(&words.vague)) && index.is_elsewhere_made(import, file, words) {
                    let package = Package { module: &import.module, is_clear };
                    found.imports.entry(file).or_default().push((package, import));
                }
            }
        }
        for (file, code) in index.files.iter().enumerate().filter(|it| found.imports.contains_key(&it.0)) {
            let project = index.projects.folder(code.path);
            for (place, ty) in code.unit.types.iter().enumerate() {
                let above = ty.supers.iter().find_map(|it| found.imported(&it.name, file));
                if let Some(package) = above.filter(|it| it.is_clear || found.acts(&ty.name)) {
                    found.extending.insert(Id { file, index: place }, package);
                    found.called.entry(project).or_default().push((crate::words(&ty.name), package));
                }
            }
            let names = found.imports.get(&file).into_iter().flatten();
            let names: Vec<_> = names.flat_map(|it| it.1.names.iter().map(|name| (&name.0, it.0))).collect();
            for (name, package) in names {
                if found.acts(name) {
                    found.called.entry(project).or_default().push((crate::words(name), package));
                }
            }
        }
        found
    }

    /// The package that a name of a file is taken from.
    fn imported(&self, name: &str, file: usize) -> Option<Package<'f>> {
        let all = self.imports.get(&file).into_iter().flatten();
        all.clone().find(|it| it.1.names.iter().any(|it| it.0 == name)).map(|it| it.0)
    }

    /// Whether a name speaks of something that sends or receives.
    fn acts(&self, name: &str) -> bool {
        words(name).iter().any(|it| self.words.actors.contains(it))
    }

    /// Which way a method sends messages, by its name.
    fn action(&self, method: &str) -> Option<Action> {
        let words = words(method);
        let mut words = words.iter().filter(|it| !it.is_empty());
        let first = words.next()?;
        let follows = words.all(|it| self.words.follow.contains(it));
        match () {
            () if !follows => None,
            () if self.words.sends.contains(first) => Some(Action::Send),
            () if self.words.receives.contains(first) => Some(Action::Receive),
            () => None,
        }
    }

    /// What a call of such a package does, if it is one.
    fn operation(&self, index: &Index<'f>, call: &'f Call, scope: Scope) -> Option<(Found, &'f str)> {
        let action = self.action(&call.name).filter(|_| !call.is_construction)?;
        let package = self.package(index, call, scope)?;
        let (channels, messages) = self.channels(index, call, scope, action)?;
        let found = Found::new(&self.words.library, action, call.line, channels);
        Some((Found { messages, ..found }, package.module))
    }

    /// The package that a call is made on.
    fn package(&self, index: &Index<'f>, call: &'f Call, scope: Scope) -> Option<Package<'f>> {
        let Some(receiver) = &call.receiver else {
            return self.imported(&call.name, scope.file).filter(|it| it.is_clear);
        };
        // The method of the class above, in one of this repository that overrides it.
        if let Expression::Call(inner) = receiver
            && inner.name == "super"
        {
            return self.extended(index, scope.owner?);
        }
        let names = chain(receiver);
        let says = |names: &[&str]| names.iter().any(|it| self.acts(it));
        if let Some(package) = names.first().and_then(|it| self.imported(it, scope.file)) {
            return Some(package).filter(|it| it.is_clear || says(&names));
        }
        if matches!(receiver, Expression::Name(it) if it == "this") {
            let owner = scope.owner?;
            return self.extended(index, owner).filter(|_| index.methods(owner, &call.name).is_empty());
        }
        for (value, there) in index.followed(receiver, scope, MAX_STEPS) {
            let Expression::Call(made) = value else { continue };
            let root = made.receiver.as_ref().map_or_else(|| vec![made.name.as_str()], chain);
            let package = root.first().and_then(|it| self.imported(it, there.file));
            if let Some(package) = package.filter(|it| it.is_clear || says(&root) || self.acts(&made.name)) {
                return Some(package);
            }
        }
        let types = index.types_of(receiver, scope, MAX_STEPS);
        for ty in &types {
            if let Some(package) = self.of_type(index, ty.unwrapped(), &call.name, scope) {
                return Some(package);
            }
        }
        if !types.is_empty() {
            return None;
        }
        // Without a type, it is called like one of those types, or like what sends in a file that takes such a package.
        let name = words(names.last()?.trim_start_matches('_'));
        let project = index.files.get(scope.file).map(|it| index.projects.folder(it.path)).unwrap_or_default();
        let called = self.called.get(project).into_iter().flatten();
        let is_alike = |it: &&(Vec<String>, Package<'f>)| it.0 == name && name.len() > 1;
        let alike = called.clone().find(is_alike).map(|it| it.1);
        let here = self.imports.get(&scope.file).into_iter().flatten().map(|it| it.0);
        let acts = name.iter().any(|it| self.words.actors.contains(it));
        alike.or_else(|| here.clone().find(|it| it.is_clear && acts))
    }

    /// The package whose class a class of this repository extends, itself or through others.
    fn extended(&self, index: &Index<'f>, ty: Id) -> Option<Package<'f>> {
        index.supertypes(ty).into_iter().find_map(|it| self.extending.get(&it)).copied()
    }

    /// The package of a type: one of this repository that extends it and does not do it itself, or one that a file of
    /// the project imports.
    fn of_type(&self, index: &Index<'f>, ty: &TypeName, method: &str, scope: Scope) -> Option<Package<'f>> {
        if let Some(known) = index.type_meant(ty, scope.file) {
            return self.extended(index, known).filter(|_| index.methods(known, method).is_empty());
        }
        let says = |it: &Package<'f>| it.is_clear || self.acts(&ty.name);
        if let Some(package) = self.imported(&ty.name, scope.file) {
            return Some(package).filter(says);
        }
        let project = index.files.get(scope.file).map(|it| index.projects.folder(it.path)).unwrap_or_default();
        let called = self.called.get(project).into_iter().flatten();
        called.clone().find(|it| it.0 == words(&ty.name)).map(|it| it.1)
    }

    /// The channels and messages of a call; `None` if nothing in it is like a channel.
    fn channels(
        &self,
        index: &Index<'f>,
        call: &'f Call,
        scope: Scope,
        action: Action,
    ) -> Option<(Vec<Value>, Vec<Value>)> {
        let keyword = |name: &String| Place { argument: Argument::Keyword(name.clone()), steps: Vec::new() };
        let is_channel = |it: &Value| match it {
            Value::Known(it) => it.resolution != Resolution::Unresolved && !it.name.contains(char::is_whitespace),
            _ => true,
        };
        let known = |values: Vec<Value>| -> Vec<Value> { values.into_iter().filter(is_channel).collect() };
        for name in &self.words.channels {
            let values = index.values_at(&keyword(name), call, scope);
            if call.named(name).is_some() {
                return Some((known(values), Vec::new()));
            }
        }
        let first = call.positional().next()?;
        for (value, there) in index.followed(first, scope, MAX_STEPS) {
            let Expression::Object { entries, line, .. } = value else { continue };
            let named = entries.iter().find(|it| self.words.channels.iter().any(|name| *name == *it.0));
            if let Some((name, _)) = named {
                let made = Made::Object(entries, *line);
                return Some((known(index.values_made(&keyword(&name.to_string()), made, there)), Vec::new()));
            }
        }
        // What is sent goes by its type.
        if let Some(made) = index.made_elsewhere(first, scope) {
            return Some((vec![made], Vec::new()));
        }
        let is_function = match first {
            Expression::Lambda(_) => true,
            Expression::Name(name) => !index.functions_named(name, scope.file).is_empty(),
            _ => false,
        };
        let values = if is_function { Vec::new() } else { known(index.values(first, scope, MAX_STEPS)) };
        if action == Action::Receive && !values.iter().any(Value::is_known) {
            // What receives may be made for its channels.
            let place = Place { argument: Argument::At(0), steps: Vec::new() };
            let made = call.receiver.as_ref().map(|it| index.made_at(&place, it, scope, MAX_STEPS));
            let made = known(made.unwrap_or_default());
            if is_function || made.iter().any(Value::is_known) {
                return Some((made, Vec::new()));
            }
        }
        let types = index.type_values(first, scope, MAX_STEPS);
        let is_message = |it: &Value| match it {
            Value::Known(it) => !is_known(&it.name, |it| &it.plain) && it.name.starts_with(char::is_uppercase),
            _ => true,
        };
        let messages: Vec<Value> = types.into_iter().filter(is_message).collect();
        if values.iter().any(Value::is_known) {
            return Some((values, Vec::new()));
        }
        if messages.iter().any(Value::is_known) {
            return Some((messages, Vec::new()));
        }
        let speaks = |it: &Expression| words(&shown(it)).iter().any(|it| self.words.named.contains(it));
        if let Some(named) = call.positional().find(|it| speaks(it)) {
            let mut values = known(index.values(named, scope, MAX_STEPS));
            if values.is_empty() {
                let name = SmolStr::from(shown(named));
                values.push(Value::Known(Channel { name, resolution: Resolution::Unresolved }));
            }
            return Some((values, Vec::new()));
        }
        (!values.is_empty()).then_some((values, messages))
    }
}

/// Whether a value is a port, or ends with it as addresses do.
fn is_port(value: &str, port: &str) -> bool {
    value.strip_suffix(port).is_some_and(|it| it.is_empty() || it.ends_with(':'))
}
