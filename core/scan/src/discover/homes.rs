//! Which project a file belongs to, told by manifests and by what is started.

use rustc_hash::FxHashSet;

use super::files::{Content, FileFacts};
use crate::Language;
use crate::code::{Expression, Statement, Unit};

/// Folders that only hold others.
const HOLDERS: [&str; 14] = [
    "src", "services", "service", "apps", "app", "cmd", "internal", "pkg", "packages", "modules", "libs", "lib",
    "projects", "backend",
];

/// The folders of the projects of a repository.
pub(super) struct Homes<'f> {
    manifests: FxHashSet<&'f str>,
    /// The languages, by their folders, of which the root has a manifest.
    root: FxHashSet<&'static str>,
    /// Folders of something that is started or built by itself, where a manifest at the root is for all.
    started: FxHashSet<&'f str>,
    /// Folders that compose files build services from.
    named: FxHashSet<String>,
}

/// The folder that a file stands in.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |it| it.0)
}

/// The folder whose project a manifest is of: `requirements/prod.txt` of Python is that of the folder above.
pub(super) fn folder_of_manifest(path: &str) -> &str {
    let at = folder(path);
    let is_list = ends_in(path, &["txt", "in"]);
    at.strip_suffix("requirements").filter(|_| is_list).map_or(at, |it| it.trim_end_matches('/'))
}

/// Whether a path ends in one of some extensions, in lower case.
pub(super) fn ends_in(path: &str, extensions: &[&str]) -> bool {
    let last = path.rsplit('/').next().and_then(|it| it.rsplit_once('.')).map(|it| it.1.to_ascii_lowercase());
    last.is_some_and(|it| extensions.contains(&it.as_str()))
}

/// Whether a folder only holds others.
pub(super) fn is_holder(name: &str) -> bool {
    HOLDERS.contains(&name)
}

impl<'f> Homes<'f> {
    pub(super) fn new(facts: &'f [FileFacts]) -> Self {
        let (mut manifests, mut root) = (FxHashSet::default(), FxHashSet::default());
        let (mut started, mut named) = (Vec::new(), FxHashSet::default());
        for fact in facts {
            let path = fact.path.as_str();
            match &fact.content {
                Content::Manifest(_) => {
                    let at = folder_of_manifest(path);
                    manifests.insert(at);
                    root.extend(languages(path).iter().filter(|_| at.is_empty()));
                }
                Content::Code { language, unit } if is_start(path, *language, unit) => started.push(folder(path)),
                _ => {
                    started.extend(Some(folder(path)).filter(|_| is_built(path, fact)));
                    let contexts = fact.settings().iter().filter_map(|it| built(path, &it.key, &it.value));
                    named.extend(contexts.map(|it| it.1));
                }
            }
        }
        let above = |it: &'f str| {
            let mut at = it;
            while is_holder(at.rsplit('/').next().unwrap_or_default()) {
                at = folder(at);
            }
            at
        };
        let mut started: FxHashSet<&str> = started.into_iter().map(above).filter(|it| !it.is_empty()).collect();
        // One thing that is started is all of the repository.
        if started.len() == 1 {
            started.clear();
        }
        Self { manifests, root, started, named }
    }

    /// Whether a folder has a manifest.
    pub(super) fn has_manifest(&self, folder: &str) -> bool {
        self.manifests.contains(folder)
    }

    /// The folder of the project that a file belongs to: the innermost with a manifest; the root, where only that has
    /// one for the language of the file, but what is started by itself; else the first that does not only hold others.
    pub(super) fn of<'p>(&self, path: &'p str) -> &'p str {
        let above = |has: &dyn Fn(&str) -> bool| {
            let mut at = folder(path);
            while !at.is_empty() && !has(at) {
                at = folder(at);
            }
            Some(at).filter(|it| !it.is_empty())
        };
        if let Some(found) = above(&|it| self.manifests.contains(it)) {
            return found;
        }
        let is_of_root = Language::of_path(path).is_none_or(|it| self.root.contains(kind(it)));
        if is_of_root && !self.root.is_empty() {
            return above(&|it| self.started.contains(it) || self.named.contains(it)).unwrap_or_default();
        }
        let mut end = 0;
        for part in folder(path).split('/') {
            // Builds of Java and its like have all of a project in these two, whose names say nothing.
            let rest = path.get(end..).unwrap_or_default().trim_start_matches('/');
            if ["src/main/", "src/test/"].iter().any(|it| rest.starts_with(it)) {
                break;
            }
            end += part.len() + usize::from(end > 0);
            if !is_holder(part) {
                break;
            }
        }
        path.get(..end).unwrap_or_default()
    }
}

fn kind(language: Language) -> &'static str {
    if language == Language::Kotlin { "java" } else { language.folder() }
}

/// The languages that a manifest is for, by their folders.
fn languages(path: &str) -> &'static [&'static str] {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    match name.as_str() {
        "package.json" => &["javascript", "typescript"],
        "pom.xml" | "build.gradle" | "build.gradle.kts" => &["java"],
        "go.mod" => &["go"],
        "cargo.toml" => &["rust"],
        "composer.json" => &["php"],
        "gemfile" | "gemfile.lock" => &["ruby"],
        name if name.ends_with(".gemspec") => &["ruby"],
        name if name.ends_with(".csproj") => &["csharp"],
        "pyproject.toml" | "pipfile" | "setup.py" | "setup.cfg" => &["python"],
        name if name.starts_with("requirements") || is_list_of_requirements(path) => &["python"],
        _ => &[],
    }
}

/// Whether a file lists what a project of Python needs, in a folder for that.
pub(super) fn is_list_of_requirements(path: &str) -> bool {
    ends_in(path, &["txt", "in"]) && folder(path).rsplit('/').next() == Some("requirements")
}

/// Whether a program begins in a file.
fn is_start(path: &str, language: Language, unit: &Unit) -> bool {
    let mut parts = path.rsplit('/');
    let stem = parts.next().and_then(|it| it.split('.').next()).unwrap_or_default();
    match language {
        Language::Go => unit.functions.iter().any(|it| it.name == "main" && it.owner.is_none()),
        Language::JavaScript | Language::TypeScript | Language::Tsx => stem == "main",
        Language::Python => {
            let is_main = |it: &Expression| {
                let parts = it.parts();
                let is = |name: &str| parts.iter().any(|it| matches!(it, Expression::Name(it) if it == name));
                let text = parts.iter().any(|it| matches!(it, Expression::Text(it) if it == "__main__"));
                is("__name__") && text
            };
            let top = unit.functions.first().map(|it| it.body.as_slice()).unwrap_or_default();
            let mut tests = top.iter().filter_map(|it| if let Statement::Do(it) = it { Some(it) } else { None });
            let is_named = matches!(stem, "main" | "app" | "server" | "worker") || parts.next() == Some(stem);
            stem == "__main__" || is_named && tests.any(is_main)
        }
        _ => false,
    }
}

/// Whether a file says that its folder is built or deployed by itself.
fn is_built(path: &str, fact: &FileFacts) -> bool {
    match path.rsplit('/').next().unwrap_or_default() {
        "Dockerfile" => true,
        // Of Nx, whose libraries are no services.
        "project.json" => fact.settings().iter().any(|it| it.key == "projectType" && it.value == "application"),
        _ => false,
    }
}

/// The service that a compose file builds from a folder.
pub(super) fn built<'f>(path: &str, key: &'f str, value: &str) -> Option<(&'f str, String)> {
    let rest = key.strip_prefix("services.")?;
    let name = rest.strip_suffix(".build.context").or_else(|| rest.strip_suffix(".build"))?;
    let mut parts: Vec<&str> = folder(path).split('/').filter(|it| !it.is_empty()).collect();
    for part in value.split('/').filter(|it| !matches!(*it, "" | ".")) {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some((name, parts.join("/"))).filter(|it| !it.0.contains('.') && !it.1.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::read;

    /// The homes of the last path, in a repository of some files.
    fn homes(files: &[(&str, &str)]) -> Vec<String> {
        let facts: Vec<_> = files.iter().filter_map(|(path, text)| read(path, text)).collect();
        let homes = Homes::new(&facts);
        files.iter().filter(|it| Language::of_path(it.0).is_some()).map(|it| homes.of(it.0).to_owned()).collect()
    }

    #[test]
    fn a_manifest_at_the_root_makes_one_project() {
        let files =
            [("go.mod", "module example.org/shop"), ("worker/task/a.go", "package task"), ("api/b.go", "package api")];
        assert_eq!(homes(&files), ["", ""]);
        // What is of another language, and what has a manifest of its own, is not in it.
        let files = [
            ("Gemfile", "gem 'rails'"),
            ("app/jobs/a.rb", "run"),
            ("tools/a.py", "run()"),
            ("web/package.json", "{}"),
            ("web/src/a.ts", "run();"),
        ];
        assert_eq!(homes(&files), ["", "tools", "web"]);
        assert_eq!(homes(&[("orders/src/a.ts", ""), ("services/billing/a.ts", "")]), ["orders", "services/billing"]);
    }

    #[test]
    fn what_is_started_by_itself_is_a_project_of_its_own() {
        let main = "package main\nfunc main() {}";
        let files = [
            ("go.mod", "module example.org/shop"),
            ("cmd/api/main.go", main),
            ("writer/cmd/main.go", main),
            ("writer/internal/a.go", "package internal"),
            ("internal/a.go", "package internal"),
        ];
        assert_eq!(homes(&files), ["cmd/api", "writer", "writer", ""]);
        // One thing alone is all of it.
        assert_eq!(homes(&[files[0], files[2], files[3], files[4]]), ["", "", ""]);
        let script = "if __name__ == '__main__':\n    run()\n";
        let files = [
            ("pyproject.toml", "[project]\nname = 'shop'"),
            ("listener/listener.py", script),
            ("grouper/main.py", script),
            ("jobs/clean.py", script),
            ("apps/orders/project.json", r#"{ "projectType": "application" }"#),
            ("apps/orders/a.py", ""),
            ("mailer/src/a.py", ""),
            ("compose.yml", "services:\n  mail:\n    build: ./mailer\n"),
            ("lib/setup.py", "class Setup: pass"),
        ];
        assert_eq!(homes(&files), ["listener", "grouper", "", "apps/orders", "mailer", ""]);
    }
}
