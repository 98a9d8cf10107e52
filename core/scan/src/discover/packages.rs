//! Which of several types a name stands for: the nearest one, and in Go that of the package.

use smol_str::SmolStr;

use super::homes::folder;
use super::index::{Id, Index};
use crate::Language;
use crate::code::TypeName;

/// What the folder of a package begins with where it is known.
const PLACED: &str = "./";

impl<'f> Index<'f> {
    /// The type that a name stands for in a file: the nearest one.
    pub(super) fn type_named(&self, name: &str, file: usize) -> Option<Id> {
        let all = self.types.get(name)?;
        let foreign = self.foreign_module(name, file);
        let declared = all.iter().copied().filter(|it| {
            let path = self.files.get(it.file).map(|it| it.path).unwrap_or_default();
            let is_module = |it: &str, module: &str| it.split('.').next() == Some(module) || it == module;
            let is_there = foreign.is_none_or(|module| path.split('/').any(|it| is_module(it, module)));
            is_there && self.ty(*it).is_some_and(|it| it.line > 0)
        });
        self.nearest(declared, file).first().copied()
    }

    /// The type that is meant in a file: that of its package, if it is known where that stands.
    pub(super) fn type_meant(&self, ty: &TypeName, file: usize) -> Option<Id> {
        let Some(at) = ty.package().strip_prefix(PLACED) else { return self.type_named(&ty.name, file) };
        let is_there = |it: &Id| self.files.get(it.file).is_some_and(|it| folder(it.path) == at);
        let mut all = self.types.get(ty.name.as_str())?.iter().copied().filter(is_there);
        all.find(|it| self.ty(*it).is_some_and(|it| it.line > 0))
    }

    /// A type as a file has it, with the folder of its package, so that it is known elsewhere which one is meant. That
    /// is so in Go, where many packages have a `Client`.
    pub(super) fn placed(&self, ty: &TypeName, file: usize) -> TypeName {
        let Some(code) = self.files.get(file).filter(|it| it.language == Language::Go) else { return ty.clone() };
        let mut ty = ty.clone();
        ty.arguments.iter_mut().for_each(|it| *it = self.placed(it, file));
        let at = match ty.package() {
            "" => Some(SmolStr::new(folder(code.path))),
            package if package.starts_with(PLACED) => None,
            package => self.go_package(package, file),
        };
        let at = at.map(|it| format!("{PLACED}{it}"));
        let there = at.map(|it| TypeName { package: Some(Box::new(it.into())), ..ty.clone() });
        there.filter(|it| self.type_meant(it, file).is_some()).unwrap_or(ty)
    }

    /// The types of a name in the language of a file.
    pub(super) fn types_named(&self, name: &str, file: usize) -> impl Iterator<Item = Id> {
        let language = self.files.get(file).map(|it| it.language);
        let is_of = move |it: &&Id| self.file(**it).map(|it| it.language) == language;
        self.types.get(name).into_iter().flatten().filter(is_of).copied()
    }

    /// The last part of the package that a name is imported from, if a file of TypeScript takes it from a package that
    /// is none of the repository.
    fn foreign_module(&self, name: &str, file: usize) -> Option<&'f str> {
        let code = self.files.get(file).filter(|it| it.language.folder() == "javascript")?;
        let import = code.unit.imports.iter().find(|it| it.names.iter().any(|it| it.0 == name))?;
        let inside = ["./", "../", "@/", "~/", "src/", "/"].iter().any(|it| import.module.starts_with(it));
        let last = import.module.rsplit('/').next().unwrap_or_default();
        let is_foreign = !inside && import.module != "." && import.module != "..";
        (is_foreign && !self.projects.is_package(&import.module)).then_some(last)
    }

    /// The folder of the package of this repository that a name stands for in a file of Go.
    pub(super) fn go_package(&self, name: &str, file: usize) -> Option<SmolStr> {
        let code = self.files.get(file).filter(|it| it.language == Language::Go)?;
        let import = code.unit.imports.iter().find(|it| it.names.iter().any(|it| it.0 == name))?;
        let module = import.module.as_str();
        let known = self.packages.borrow().get(module).cloned();
        known.unwrap_or_else(|| {
            let found = self.projects.go_package(module).map(SmolStr::from);
            self.packages.borrow_mut().insert(module, found.clone());
            found
        })
    }
}
