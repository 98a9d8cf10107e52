//! Modules of JavaScript: the files that an import may mean, and what they hand out.

use super::index::{Id, Index};
use crate::code::{DEFAULT, Expression};

impl<'f> Index<'f> {
    /// What stands outside of functions in the files of JavaScript that an import may mean: the file that a path
    /// leads to, or the nearest ones of that name.
    pub(super) fn module_files(&self, module: &str, file: usize) -> Vec<Id> {
        let Some(code) = self.files.get(file).filter(|it| it.language.folder() == "javascript") else {
            return Vec::new();
        };
        let last = module.rsplit('/').find(|it| !it.is_empty()).unwrap_or_default();
        let last = last.strip_suffix(".js").or_else(|| last.strip_suffix(".ts")).unwrap_or(last);
        let stem = last.split('.').next().unwrap_or_default();
        let paths = self.paths.get(stem).into_iter().flatten().copied();
        if !module.starts_with('.') {
            // A name alone is that of a package of others.
            let is_called = |it: &Id| {
                let mut parts = self.file(*it).map(|it| it.path).unwrap_or_default().rsplit('/');
                let rest = parts.next().and_then(|it| it.strip_prefix(last));
                rest.is_some_and(|it| it.starts_with('.')) || parts.next() == Some(last)
            };
            return self.nearest(paths.filter(|it| module.contains('/') && is_called(it)), file);
        }
        let mut parts: Vec<&str> = code.path.split('/').collect();
        parts.pop();
        for part in module.split('/') {
            match part {
                "." | "" => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let wanted = parts.join("/");
        let wanted = wanted.strip_suffix(".js").unwrap_or(&wanted);
        let is_wanted = |it: &Id| {
            let path = self.file(*it).map(|it| it.path).unwrap_or_default();
            let rest = path.strip_prefix(wanted).unwrap_or_default();
            rest.starts_with('.') || rest.starts_with("/index.")
        };
        // `./` and `..` are the index of a folder, whose name the path has.
        let all = parts.last().and_then(|it| self.paths.get(*it)).into_iter().flatten().copied();
        paths.chain(all).filter(is_wanted).take(1).collect()
    }

    /// The one thing that a file of JavaScript hands out to a file that imports it.
    pub(super) fn handed_out(&self, module: &str, file: usize) -> Option<(Id, &'f Expression)> {
        let is_exports = |it: &Expression| {
            matches!(it, Expression::Member(object, name)
                if name == "exports" && matches!(&**object, Expression::Name(it) if it == "module"))
        };
        self.module_files(module, file).into_iter().filter(|it| it.file != file).find_map(|id| {
            let handed = self.body(id)?.assigned.iter().find(|it| is_exports(it.0))?;
            Some((id, handed.1))
        })
    }

    /// The names that a file gives to what others hand out as a whole.
    pub(super) fn names_given(&self, file: usize) -> Vec<&'f str> {
        let imports = self.files.get(file).map(|it| it.unit.imports.as_slice()).unwrap_or_default();
        imports.iter().flat_map(|it| &it.names).filter(|it| it.1.is_empty()).map(|it| it.0.as_str()).collect()
    }

    /// The function without a name that a file of JavaScript hands out, by what another file calls it.
    pub(super) fn function_handed_out(&self, name: &str, file: usize) -> Option<Id> {
        let imports = self.files.get(file).map(|it| it.unit.imports.as_slice()).unwrap_or_default();
        let import = imports.iter().find(|it| it.names.iter().any(|it| it.0 == name && it.1.is_empty()))?;
        let files = self.module_files(&import.module, file);
        self.all_named(DEFAULT).find(|it| files.iter().any(|file| file.file == it.file))
    }
}
