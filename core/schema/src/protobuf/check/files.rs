//! The file as a whole: its package and its imports.

use archwright_syntax::nearest;
use rustc_hash::FxHashSet;

use super::Check;
use super::pool::Kind;
use crate::protobuf::known;
use crate::protobuf::tree::{File, word};

impl Check<'_> {
    pub(super) fn files(&mut self) {
        let Some(file) = self.pool.own() else { return };
        self.package(file);
        self.imports(file);
        self.lite(file);
    }

    fn package(&mut self, file: &File) {
        let Some(span) = file.package_span else { return };
        let mut prefix = Some(file.package.as_str());
        while let Some(name) = prefix {
            let other = self.pool.symbols.get(name).filter(|it| it.file != 0 && it.kind != Kind::Package);
            if let Some(other) = other {
                let path = self.pool.path(other.file);
                self.tell(span, format!("`{name}` cannot be a package: {path} declares something else by that name."));
            }
            prefix = name.rsplit_once('.').map(|it| it.0);
        }
    }

    fn imports(&mut self, file: &File) {
        let mut seen = FxHashSet::default();
        for import in &file.imports {
            let (path, span) = (import.path.as_str(), import.path_span);
            let is_plain = |part: &str| !matches!(part, "" | "." | "..");
            if !seen.insert(path) {
                self.tell(span, format!("{path} is imported already."));
            } else if path.is_empty() || path.contains('\\') || !path.split('/').all(is_plain) {
                let message = "The path of an import has no `.` and `..`, no backslash and nothing empty in it; write \
                    it as it is from the root of all imports.";
                self.tell(span, message);
            } else if path == self.pool.path(0) {
                self.tell(span, "The file recursively imports itself.");
            } else if self.is_cycle(path) {
                let way = "directly or through others";
                self.tell(span, format!("The file recursively imports itself: {path} imports it in turn, {way}."));
            } else if path.starts_with(known::FOLDER)
                && known::of_path(path).is_none()
                && self.pool.imported(path).is_none()
            {
                let near = nearest(path, known::all().iter().map(|it| it.path));
                let hint = near.map_or_else(String::new, |it| format!(" Did you mean {it}?"));
                self.tell(span, format!("There is no file {path}.{hint}"));
            }
        }
    }

    /// Whether an import leads back to the file that is checked.
    fn is_cycle(&self, path: &str) -> bool {
        let own = self.pool.path(0);
        if own.is_empty() {
            return false;
        }
        let (mut waiting, mut seen) = (vec![path], FxHashSet::default());
        while let Some(path) = waiting.pop() {
            if path == own {
                return true;
            }
            if let Some(file) = self.pool.imported(path).filter(|_| seen.insert(path)) {
                waiting.extend(file.imports.iter().map(|it| it.path.as_str()));
            }
        }
        false
    }

    /// What is made for the small runtime works with the small runtime alone.
    fn lite(&mut self, file: &File) {
        if is_lite(file) {
            let generic = |it: &&str| word(&file.options, it) == Some("true");
            if let Some(option) = ["cc_generic_services", "java_generic_services"].iter().find(|it| generic(it)) {
                for it in &file.services {
                    let message = format!("A file with `optimize_for = LITE_RUNTIME` has no services with `{option}`.");
                    self.tell(it.name_span, message);
                }
            }
            return;
        }
        for import in &file.imports {
            if self.pool.imported(&import.path).is_some_and(is_lite) {
                let message = format!(
                    "{} is made for the small runtime (`optimize_for = LITE_RUNTIME`), so only files that are as well \
                     can import it.",
                    import.path
                );
                self.tell(import.path_span, message);
                return;
            }
        }
    }
}

pub(super) fn is_lite(file: &File) -> bool {
    word(&file.options, "optimize_for") == Some("LITE_RUNTIME")
}
