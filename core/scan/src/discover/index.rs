//! All files together: what names stand for, what implements what, and what is made where.

use std::cell::{Cell, OnceCell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::body::Body;
use super::configuration::{Setting, folded};
use super::files::{Content, FileFacts};
use super::projects::Projects;
use super::sections::Sections;
use super::types::MAX_STEPS;
use crate::Language;
use crate::code::{Call, Expression, Field, Function, Parameter, Statement, TypeDeclaration, TypeName, Unit};
use crate::facts::is_known;

/// So many values are looked at for one question; more are code that leads everywhere.
const MAX_LOOKS: u32 = 4_000;

/// A type or function: its file, and its place in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Id {
    pub(super) file: usize,
    pub(super) index: usize,
}

/// A file of code.
pub(super) struct CodeFile<'f> {
    pub(super) path: &'f str,
    pub(super) language: Language,
    pub(super) unit: &'f Unit,
    pub(super) bodies: Vec<Body<'f>>,
    /// The function that each function stands in, if it stands in one.
    around: Vec<Option<usize>>,
}

impl CodeFile<'_> {
    /// `global PRODUCER` in a function of Python: what it binds stands outside of it.
    fn lift(&mut self) {
        let is_python = self.language == Language::Python;
        let Some((top, inside)) = self.bodies.split_first_mut().filter(|_| is_python) else { return };
        for (body, function) in inside.iter().zip(self.unit.functions.iter().skip(1)) {
            for statement in &function.body {
                if let Statement::Do(Expression::Name(name)) = statement
                    && let (Some(bound), Some(values)) =
                        (top.names.get_mut(name.as_str()), body.names.get(name.as_str()))
                {
                    bound.extend(values.iter().copied());
                }
            }
        }
    }
}

/// What makes an object.
#[derive(Clone, Copy)]
pub(super) enum Made<'f> {
    Call(&'f Call),
    /// A literal with its fields.
    Object(&'f [(smol_str::SmolStr, Expression)], u32),
}

impl Made<'_> {
    /// Counts from 1.
    pub(super) fn line(&self) -> u32 {
        match self {
            Self::Call(call) => call.line,
            Self::Object(_, line) => *line,
        }
    }
}

/// What is assigned to the fields of a type, and in which function.
type Assigned<'f> = FxHashMap<&'f str, Vec<(Id, &'f Expression)>>;

/// All files.
pub(super) struct Index<'f> {
    pub(super) files: Vec<CodeFile<'f>>,
    pub(super) projects: Projects<'f>,
    pub(super) types: FxHashMap<&'f str, Vec<Id>>,
    functions: FxHashMap<&'f str, Vec<Id>>,
    /// The files that bind a name outside of functions, by that name.
    globals: FxHashMap<&'f str, Vec<Id>>,
    /// The files of JavaScript, by their names without endings, and by their folders where they are called `index`.
    pub(super) paths: FxHashMap<&'f str, Vec<Id>>,
    pub(super) methods: FxHashMap<Id, FxHashMap<&'f str, Vec<Id>>>,
    pub(super) subtypes: FxHashMap<Id, Vec<Id>>,
    assigned: FxHashMap<Id, Assigned<'f>>,
    pub(super) made: FxHashMap<&'f str, Vec<(Id, Made<'f>)>>,
    /// How many values may still be looked at for one question.
    budget: Cell<u32>,
    /// By the last key, folded.
    pub(super) settings: FxHashMap<String, Vec<(&'f str, &'f Setting)>>,
    /// The words of the repository, folded; collected when they are asked for.
    pub(super) mentioned: OnceCell<FxHashSet<String>>,
    /// The folders of packages of Go, by the modules that files import.
    pub(super) packages: RefCell<FxHashMap<&'f str, Option<SmolStr>>>,
    /// All calls, by their names; collected when they are asked for.
    pub(super) calls: OnceCell<FxHashMap<&'f str, Vec<(Id, &'f Call)>>>,
    /// Whether such a value is looked for right now.
    pub(super) in_default: Cell<bool>,
    /// What code says of settings that nobody sets, by the key, folded; collected when it is asked for.
    pub(super) defaults: OnceCell<FxHashMap<String, Vec<(Id, &'f Expression)>>>,
    /// The types that are filled from settings; nothing while these are looked for.
    pub(super) sections: OnceCell<Sections<'f>>,
    /// What infrastructure gives to the variables of environments.
    pub(super) variables: &'f FxHashMap<SmolStr, Vec<Option<SmolStr>>>,
}

impl<'f> Index<'f> {
    pub(super) fn new(facts: &'f [FileFacts], variables: &'f FxHashMap<SmolStr, Vec<Option<SmolStr>>>) -> Self {
        let mut index = Self {
            files: Vec::new(),
            projects: Projects::new(facts),
            types: FxHashMap::default(),
            functions: FxHashMap::default(),
            globals: FxHashMap::default(),
            paths: FxHashMap::default(),
            methods: FxHashMap::default(),
            subtypes: FxHashMap::default(),
            assigned: FxHashMap::default(),
            made: FxHashMap::default(),
            settings: FxHashMap::default(),
            mentioned: OnceCell::new(),
            defaults: OnceCell::new(),
            packages: RefCell::default(),
            calls: OnceCell::new(),
            in_default: Cell::new(false),
            sections: OnceCell::new(),
            variables,
            budget: Cell::new(MAX_LOOKS),
        };
        for fact in facts {
            match &fact.content {
                Content::Code { language, unit } => index.files.push(CodeFile {
                    path: &fact.path,
                    language: *language,
                    unit,
                    bodies: unit.functions.iter().map(Body::of).collect(),
                    around: around(&unit.functions),
                }),
                _ => {
                    for setting in fact.settings() {
                        let last = setting.key.rsplit('.').next().unwrap_or_default();
                        index.settings.entry(folded(last)).or_default().push((&fact.path, setting));
                    }
                }
            }
        }
        index.files.iter_mut().for_each(CodeFile::lift);
        index.name();
        index.relate();
        index.trace();
        let found = super::sections::find(&index);
        index.sections.get_or_init(|| found);
        index
    }

    fn name(&mut self) {
        for (file, code) in self.files.iter().enumerate() {
            if code.language.folder() == "javascript" {
                let mut parts = code.path.rsplit('/');
                let stem = parts.next().and_then(|it| it.split('.').next()).unwrap_or_default();
                let name = if stem == "index" { parts.next() } else { None };
                self.paths.entry(name.unwrap_or(stem)).or_default().push(Id { file, index: 0 });
            }
            for name in code.bodies.first().into_iter().flat_map(|it| it.names.keys()) {
                self.globals.entry(name).or_default().push(Id { file, index: 0 });
            }
            for (index, ty) in code.unit.types.iter().enumerate() {
                self.types.entry(&ty.name).or_default().push(Id { file, index });
            }
            for (index, function) in code.unit.functions.iter().enumerate().filter(|it| !it.1.name.is_empty()) {
                self.functions.entry(&function.name).or_default().push(Id { file, index });
            }
        }
    }

    /// Methods belong to the type that is declared, which may stand in another file; types belong to their supertypes.
    fn relate(&mut self) {
        let mut methods: FxHashMap<Id, FxHashMap<&'f str, Vec<Id>>> = FxHashMap::default();
        let mut subtypes: FxHashMap<Id, Vec<Id>> = FxHashMap::default();
        for (file, code) in self.files.iter().enumerate() {
            for (index, function) in code.unit.functions.iter().enumerate() {
                let Some(owner) = function.owner.map(|index| self.declared(Id { file, index })) else { continue };
                methods.entry(owner).or_default().entry(&function.name).or_default().push(Id { file, index });
            }
            for (index, ty) in code.unit.types.iter().enumerate() {
                let sub = self.declared(Id { file, index });
                for above in ty.supers.iter().filter_map(|it| self.type_named(&it.name, file)) {
                    if above != sub {
                        subtypes.entry(above).or_default().push(sub);
                    }
                }
            }
        }
        self.methods = methods;
        // What has the methods of an interface of Go implements it.
        let mut structural: Vec<(Id, Id)> = Vec::new();
        let go = self.files.iter().enumerate().filter(|it| it.1.language == Language::Go);
        for (file, code) in go {
            for (index, _) in code.unit.types.iter().enumerate().filter(|it| it.1.is_abstract) {
                let above = Id { file, index };
                let wanted: Vec<&Function> =
                    code.unit.functions.iter().filter(|it| it.owner == Some(index) && !it.has_body).collect();
                let Some(first) = wanted.first() else { continue };
                let project = self.projects.folder(code.path);
                for candidate in self.functions.get(first.name.as_str()).into_iter().flatten() {
                    let Some(owner) = self.owner(*candidate).filter(|it| *it != above) else { continue };
                    let path = self.file(owner).map(|it| it.path).unwrap_or_default();
                    let has = |it: &&Function| {
                        let own = self.own_methods(owner, &it.name).iter().filter_map(|it| self.function(*it));
                        own.into_iter().any(|own| takes_the_same(own, it))
                    };
                    let has_all = self.projects.folder(path) == project && wanted.iter().all(has);
                    let is_real = |it: &TypeDeclaration| !it.is_abstract && !is_double(&it.name);
                    if has_all && self.ty(owner).is_some_and(is_real) {
                        structural.push((above, owner));
                    }
                }
            }
        }
        for (above, sub) in structural {
            subtypes.entry(above).or_default().push(sub);
        }
        for subs in subtypes.values_mut() {
            subs.sort_unstable();
            subs.dedup();
        }
        self.subtypes = subtypes;
    }

    /// Where fields get their values, and where objects are made.
    fn trace(&mut self) {
        let mut assigned: FxHashMap<Id, Assigned<'f>> = FxHashMap::default();
        let mut made: FxHashMap<&'f str, Vec<(Id, Made<'f>)>> = FxHashMap::default();
        for (file, code) in self.files.iter().enumerate() {
            for (index, body) in code.bodies.iter().enumerate() {
                let id = Id { file, index };
                let owner = self.owner(id);
                for (target, value) in &body.assigned {
                    if let (Expression::Member(object, name), Some(owner)) = (target, owner)
                        && matches!(&**object, Expression::Name(it) if it == "this" || body.is_this(it))
                    {
                        assigned.entry(owner).or_default().entry(name).or_default().push((id, value));
                    }
                }
                // `_bus = bus` of C# and Java: a field, unless the name is bound inside.
                if let Some(ty) = owner.and_then(|it| self.ty(it)) {
                    for field in &ty.fields {
                        let values = body.names.get(field.name.as_str()).into_iter().flatten();
                        let values = values.filter(|it| it.ty.is_none()).filter_map(|it| it.value);
                        let owner = owner.unwrap_or(id);
                        assigned
                            .entry(owner)
                            .or_default()
                            .entry(&field.name)
                            .or_default()
                            .extend(values.map(|it| (id, it)));
                    }
                }
                for call in body.calls.iter().filter(|it| it.is_construction) {
                    made.entry(&call.name).or_default().push((id, Made::Call(call)));
                    let named = call.arguments.iter().filter_map(|it| Some((it.name.as_ref()?, &it.value)));
                    let ty = self.type_named(&call.name, file);
                    for (ty, (name, value)) in named.filter_map(|it| Some((ty?, it))) {
                        if self.constructors(ty).is_empty() {
                            assigned.entry(ty).or_default().entry(name).or_default().push((id, value));
                        }
                    }
                }
                for object in &body.objects {
                    if let Expression::Object { ty: Some(ty), entries, line } = object {
                        made.entry(&ty.name).or_default().push((id, Made::Object(entries, *line)));
                        if let Some(ty) = self.type_named(&ty.name, file) {
                            for (name, value) in entries {
                                assigned.entry(ty).or_default().entry(name).or_default().push((id, value));
                            }
                        }
                    }
                }
            }
        }
        self.assigned = assigned;
        self.made = made;
    }

    /// Takes one look from those that a question has, which begins with all steps; says how many steps are left, if the
    /// question may go on.
    pub(super) fn step(&self, steps: usize) -> Option<usize> {
        if steps == MAX_STEPS {
            self.budget.set(MAX_LOOKS);
        }
        self.budget.set(self.budget.get().checked_sub(1)?);
        steps.checked_sub(1)
    }

    pub(super) fn file(&self, id: Id) -> Option<&CodeFile<'f>> {
        self.files.get(id.file)
    }

    pub(super) fn ty(&self, id: Id) -> Option<&'f TypeDeclaration> {
        self.files.get(id.file)?.unit.types.get(id.index)
    }

    pub(super) fn function(&self, id: Id) -> Option<&'f Function> {
        self.files.get(id.file)?.unit.functions.get(id.index)
    }

    pub(super) fn body(&self, id: Id) -> Option<&Body<'f>> {
        self.files.get(id.file)?.bodies.get(id.index)
    }

    /// The function that a function stands in, whose names it sees.
    pub(super) fn around(&self, id: Id) -> Option<Id> {
        let index = self.files.get(id.file)?.around.get(id.index).copied().flatten()?;
        Some(Id { file: id.file, index })
    }

    /// The type that a function belongs to.
    pub(super) fn owner(&self, id: Id) -> Option<Id> {
        let index = self.function(id)?.owner?;
        Some(self.declared(Id { file: id.file, index }))
    }

    /// Where a type is declared, if its file only has methods of it.
    fn declared(&self, id: Id) -> Id {
        match self.ty(id) {
            Some(ty) if ty.line == 0 => self.type_named(&ty.name, id.file).unwrap_or(id),
            _ => id,
        }
    }

    /// Those nearest to a file: in it, beside it, in the same part of the tree. Code of another family of languages
    /// does not count.
    pub(super) fn nearest(&self, ids: impl Iterator<Item = Id>, file: usize) -> Vec<Id> {
        let Some(here) = self.files.get(file) else { return Vec::new() };
        let shared = |id: &Id| {
            let there = self.files.get(id.file).map(|it| it.path).unwrap_or_default();
            let equal = here.path.split('/').zip(there.split('/')).take_while(|it| it.0 == it.1).count();
            equal + usize::from(id.file == file)
        };
        let related = |it: Language| (it.folder() == here.language.folder()) || is_jvm(it) && is_jvm(here.language);
        let mut best: Vec<Id> = Vec::new();
        let mut most = 0;
        for id in ids.filter(|it| self.files.get(it.file).is_some_and(|it| related(it.language))) {
            let equal = shared(&id);
            if equal > most {
                best.clear();
                most = equal;
            }
            if equal == most {
                best.push(id);
            }
        }
        best
    }

    /// The functions that a bare name may stand for in a file, without methods.
    pub(super) fn functions_named(&self, name: &str, file: usize) -> Vec<Id> {
        let free = |it: &Id| self.function(*it).is_some_and(|it| it.owner.is_none() && it.has_body);
        self.nearest(self.functions.get(name).into_iter().flatten().copied().filter(free), file)
    }

    /// What stands outside of functions in the files that bind a name there.
    pub(super) fn globals(&self, name: &str) -> impl Iterator<Item = Id> {
        self.globals.get(name).into_iter().flatten().copied()
    }

    /// All functions and methods of a name.
    pub(super) fn all_named(&self, name: &str) -> impl Iterator<Item = Id> {
        self.functions.get(name).into_iter().flatten().copied()
    }

    /// A field of a type or of what it extends, and the type that has it.
    pub(super) fn field(&self, ty: Id, name: &str) -> Option<(Id, &'f Field)> {
        self.supertypes(ty).into_iter().find_map(|id| {
            let field = self.ty(id)?.fields.iter().find(|it| it.name == name)?;
            Some((id, field))
        })
    }

    /// What is assigned to a field in the methods of its type, and where.
    pub(super) fn assigned(&self, ty: Id, name: &str) -> &[(Id, &'f Expression)] {
        self.assigned.get(&ty).and_then(|it| it.get(name)).map_or(&[], Vec::as_slice)
    }

    /// What the constructors of subtypes hand to a parameter of a constructor.
    pub(super) fn handed_up(&self, constructor: Id, index: usize) -> Vec<(Id, &'f Expression)> {
        let Some(owner) = self.owner(constructor) else { return Vec::new() };
        let mut found = Vec::new();
        for below in self.all_subtypes(owner) {
            for other in self.constructors(below) {
                let calls = self.body(other).map(|it| it.calls.as_slice()).unwrap_or_default();
                let up = calls.iter().find(|it| is_super(it));
                found.extend(up.and_then(|it| it.positional().nth(index)).map(|it| (other, it)));
            }
        }
        found
    }

    /// The constructors of a type.
    pub(super) fn constructors(&self, ty: Id) -> Vec<Id> {
        let Some(declared) = self.ty(ty) else { return Vec::new() };
        let names = ["constructor", "__init__", "__construct", "initialize", "new", declared.name.as_str()];
        let found = names.iter().flat_map(|it| self.own_methods(ty, it)).copied();
        found.filter(|it| self.function(*it).is_some_and(|it| it.is_constructor)).collect()
    }

    /// The parameter of a function with a name, and its place.
    pub(super) fn parameter(&self, function: Id, name: &str) -> Option<(usize, &'f Parameter)> {
        self.function(function)?.parameters.iter().enumerate().find(|it| it.1.name == name)
    }
}

/// The function that each of some functions stands in; outer ones come before those inside.
fn around(functions: &[Function]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for (index, function) in functions.iter().enumerate() {
        let holds = |it: &usize| {
            functions
                .get(*it)
                .is_some_and(|it| it.span.start <= function.span.start && function.span.end <= it.span.end)
        };
        if function.span.is_empty() {
            found.push(None);
            continue;
        }
        while open.last().is_some_and(|it| !holds(it)) {
            open.pop();
        }
        found.push(open.last().copied());
        open.push(index);
    }
    found
}

/// Whether a call is of the constructor of the type above: `super(..)`, `super().__init__(..)`.
pub(super) fn is_super(call: &Call) -> bool {
    let on_super = matches!(&call.receiver, Some(Expression::Call(it)) if it.name == "super")
        || matches!(&call.receiver, Some(Expression::Name(it)) if it == "parent");
    (call.name == "super" && !call.arguments.is_empty())
        || (on_super && matches!(call.name.as_str(), "__init__" | "__construct" | "initialize"))
}

/// Whether a type stands for another one in tests: `MockSender`.
fn is_double(name: &str) -> bool {
    crate::words(name).iter().any(|it| is_known(it, |it| &it.doubles))
}

/// Whether two functions take parameters of the same types, as far as these are written.
fn takes_the_same(one: &Function, other: &Function) -> bool {
    let same = |it: (&Parameter, &Parameter)| match (&it.0.ty, &it.1.ty) {
        (Some(one), Some(other)) => {
            let open = |it: &TypeName| super::types::is_parameter(&it.name) || it.name == "any";
            one.name == other.name || open(one) || open(other)
        }
        _ => true,
    };
    one.parameters.len() == other.parameters.len() && one.parameters.iter().zip(&other.parameters).all(same)
}

fn is_jvm(language: Language) -> bool {
    matches!(language, Language::Java | Language::Kotlin)
}
