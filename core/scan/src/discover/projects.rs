//! The projects of a repository: their names, and the client libraries they use.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::files::{Content, FileFacts};
use super::homes::{Homes, folder, folder_of_manifest, is_holder};
use super::index::CodeFile;
use super::naming::package as package_named;
use super::{Broker, Edge};
use crate::facts::{Library, PackageWords, libraries};

/// The projects, by their folders.
pub(super) struct Projects<'f> {
    /// The folder and the text of each manifest, the deepest first.
    manifests: Vec<(&'f str, &'f str, &'f str)>,
    /// The texts of the projects of .NET that each of them refers to, also through others.
    referred: FxHashMap<&'f str, Vec<&'f str>>,
    /// What compose files and the like say.
    images: Vec<(&'f str, &'f str)>,
    homes: Homes<'f>,
    /// The names of the packages of JavaScript.
    packages: Vec<SmolStr>,
}

/// So many projects are looked into that one refers to.
const MAX_REFERRED: usize = 40;

/// How it is told that a file uses a library.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Use {
    /// A manifest names the package.
    Declared,
    /// The file imports it.
    Imported,
}

impl<'f> Projects<'f> {
    pub(super) fn new(facts: &'f [FileFacts]) -> Self {
        let mut manifests = Vec::new();
        let mut images = Vec::new();
        for fact in facts {
            match &fact.content {
                Content::Manifest(text) => {
                    manifests.push((folder_of_manifest(&fact.path), fact.path.as_str(), text.as_str()));
                }
                _ => {
                    let found = fact.settings().iter().filter(|it| it.key.ends_with(".image"));
                    images.extend(found.map(|it| (fact.path.as_str(), it.value.as_str())));
                }
            }
        }
        manifests.sort_by_key(|it| std::cmp::Reverse(it.0.len()));
        let projects = manifests.iter().filter(|it| it.1.ends_with("proj"));
        let referred = projects.map(|it| (it.1, referred(&manifests, it))).collect();
        let of_scripts = manifests.iter().filter(|it| it.1.ends_with("package.json"));
        let packages = of_scripts.filter_map(|it| package_named(it.1, it.2)).collect();
        Self { manifests, referred, images, homes: Homes::new(facts), packages }
    }

    fn around(&self, path: &str) -> impl Iterator<Item = &(&'f str, &'f str, &'f str)> {
        let holds =
            move |folder: &str| folder.is_empty() || path.strip_prefix(folder).is_some_and(|it| it.starts_with('/'));
        self.manifests.iter().filter(move |it| holds(it.0))
    }

    /// The name of the project that a file belongs to: its folder; empty if that is all of the repository.
    pub(super) fn service(&self, path: &str) -> SmolStr {
        let name = self.homes.of(path).rsplit('/').next().unwrap_or_default();
        Some(name).filter(|it| !is_holder(it)).unwrap_or_default().into()
    }

    /// The folder of the innermost project that a file belongs to.
    pub(super) fn folder(&self, path: &str) -> &'f str {
        self.around(path).map(|it| it.0).next().unwrap_or_default()
    }

    /// Whether a module that JavaScript imports is of a package of this repository.
    pub(super) fn is_package(&self, module: &str) -> bool {
        let parts = if module.starts_with('@') { 2 } else { 1 };
        let package = module.split('/').take(parts).last().unwrap_or_default();
        self.packages.iter().any(|it| it.eq_ignore_ascii_case(package))
    }

    /// The folder of a package of Go that a module of the repository has.
    pub(super) fn go_package(&self, import: &str) -> Option<String> {
        let import_lower = import.to_ascii_lowercase();
        self.manifests.iter().filter(|it| it.1.ends_with("go.mod")).find_map(|(at, _, text)| {
            let module = text.lines().find_map(|it| it.trim().strip_prefix("module "))?.trim().trim_matches('"');
            let rest = import_lower.strip_prefix(module).filter(|it| it.is_empty() || it.starts_with('/'))?;
            // Names of folders keep their case.
            let rest = import.get(import.len() - rest.len()..)?.trim_matches('/');
            Some([*at, rest].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("/"))
        })
    }

    /// The libraries that each file may call, and how that is told.
    pub(super) fn libraries(&self, files: &[CodeFile<'_>]) -> Vec<Vec<(&'static Library, Use)>> {
        // The manifests around a folder are looked through once.
        let mut declared: FxHashMap<(&str, &str), Vec<&'static Library>> = FxHashMap::default();
        let mut all = Vec::new();
        for file in files {
            let kind = file.language.folder();
            let known = libraries().iter().filter(|it| it.0 == kind || (it.0 == "java" && kind == "kotlin"));
            let known: Vec<&'static Library> = known.map(|it| &it.1).collect();
            let around = declared.entry((folder(file.path), kind)).or_insert_with(|| {
                let names_it = |it: &&&'static Library| self.names_any(file.path, &it.packages);
                known.iter().filter(names_it).copied().collect()
            });
            let uses = |library: &&'static Library| {
                let is_in = |names: &[String], module: &str| names.iter().any(|it| imported(it, module));
                let is_of = |module: &str| is_in(&library.imports, module) && !is_in(&library.apart, module);
                if file.unit.imports.iter().any(|it| is_of(&it.module)) {
                    return Some((*library, Use::Imported));
                }
                around.iter().any(|it| std::ptr::eq(*it, *library)).then_some((*library, Use::Declared))
            };
            all.push(known.iter().filter_map(uses).collect());
        }
        all
    }

    /// The file that says that the project of a file has a broker or a client of one: its manifest, or settings.
    pub(super) fn said_broker(
        &self,
        path: &str,
        kind: &str,
        words: &PackageWords,
        settings: Option<&'f str>,
    ) -> Option<&'f str> {
        let has = |all: &[String], name: &str| all.iter().any(|it| it == name);
        let speaks =
            |it: &Library| !it.broker.is_empty() && !has(&words.stores, &it.broker) || has(&words.clients, &it.name);
        let clients = libraries().iter().filter(|it| it.0 == kind && speaks(&it.1));
        let packages: Vec<String> = clients.flat_map(|it| &it.1.packages).map(|it| it.to_ascii_lowercase()).collect();
        let manifest = self.around(path).find(|it| packages.iter().any(|package| names(it.2, package)));
        manifest.map(|it| it.1).or(settings)
    }

    /// The first compose file or the like that starts a broker.
    pub(super) fn started_broker(&self, words: &[String]) -> Option<&'f str> {
        let is_broker = |it: &str| words.iter().any(|word| it.contains(word.as_str()));
        self.images.iter().find(|it| is_broker(it.1)).map(|it| it.0)
    }

    /// Whether the projects around a file, or those that they refer to, name one of some packages.
    pub(super) fn names_any(&self, path: &str, packages: &[String]) -> bool {
        let is_named = |text: &str| packages.iter().any(|it| names(text, &it.to_ascii_lowercase()));
        self.around(path)
            .any(|it| is_named(it.2) || self.referred.get(it.1).into_iter().flatten().copied().any(is_named))
    }

    /// Whether any project names the package.
    fn declares(&self, library: &Library) -> Option<&'f str> {
        let declares = |text: &str| library.packages.iter().any(|it| names(text, &it.to_ascii_lowercase()));
        self.manifests.iter().find(|it| declares(it.2)).map(|it| it.1)
    }
}

/// The texts of the projects of .NET that a project refers to, also through others.
fn referred<'f>(manifests: &[(&'f str, &'f str, &'f str)], project: &(&'f str, &'f str, &'f str)) -> Vec<&'f str> {
    let mut found: Vec<&(&str, &str, &'f str)> = Vec::new();
    let mut open = vec![project];
    while let Some((at, _, text)) = open.pop().filter(|_| found.len() < MAX_REFERRED) {
        // The texts of manifests are in lower case.
        let parts = text.split("<projectreference").skip(1);
        for target in parts.filter_map(|it| it.split_once("include=\"")?.1.split('"').next()) {
            let target = joined(at, &target.replace('\\', "/"));
            let other = manifests.iter().find(|it| it.1.eq_ignore_ascii_case(&target) && it.1 != project.1);
            let other = other.filter(|it| !found.iter().any(|known| known.1 == it.1));
            found.extend(other);
            open.extend(other);
        }
    }
    found.into_iter().map(|it| it.2).collect()
}

/// A path from a folder, without steps up.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in path.split('/').filter(|it| !matches!(*it, "" | ".")) {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// Whether an import is of a module or of something in it.
pub(super) fn imported(name: &str, module: &str) -> bool {
    let rest = module.strip_prefix(name);
    rest.is_some_and(|it| {
        it.is_empty() || it.starts_with(['.', '/', ':', '\\', '{', ';', ' ']) || name.ends_with(['.', '/', '\\'])
    })
}

/// Whether a manifest names a package as a whole word. The package is in lower case; `*` at its end stands for any.
fn names(text: &str, package: &str) -> bool {
    let (package, is_prefix) = package.strip_suffix('*').map_or((package, false), |it| (it, true));
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '/' | '.');
    text.match_indices(package).any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text.get(at + package.len()..).and_then(|it| it.chars().next());
        !before.is_some_and(|it| is_part(it) && it != '/') && (is_prefix || !after.is_some_and(is_part))
    })
}

/// The brokers that edges, manifests and images tell.
pub(super) fn brokers(index: &super::index::Index<'_>, edges: &[Edge]) -> Vec<Broker> {
    let mut found: FxHashMap<SmolStr, Vec<SmolStr>> = FxHashMap::default();
    let used: FxHashSet<&str> = edges.iter().map(|it| it.library.as_str()).collect();
    for (_, library) in libraries() {
        if library.broker.is_empty() {
            continue;
        }
        if used.contains(library.name.as_str()) {
            let places = edges.iter().filter(|it| it.library == library.name).map(|it| it.path.clone());
            found.entry(library.broker.clone()).or_default().extend(places);
        }
        if used.contains(library.name.as_str())
            && let Some(manifest) = index.projects.declares(library)
        {
            found.entry(library.broker.clone()).or_default().push(manifest.into());
        }
    }
    if !edges.is_empty() {
        for (path, image) in &index.projects.images {
            let kind = ["kafka", "rabbitmq", "nats", "pulsar", "activemq", "mosquitto", "redpanda"]
                .into_iter()
                .find(|it| image.contains(it) && !image.contains("exporter") && !image.contains("-ui"));
            if let Some(kind) = kind {
                let kind = if kind == "redpanda" { "kafka" } else { kind };
                found.entry(kind.into()).or_default().push((*path).into());
            }
        }
    }
    let mut brokers: Vec<Broker> = found
        .into_iter()
        .map(|(kind, mut evidence)| {
            evidence.sort_unstable();
            evidence.dedup();
            Broker { kind, evidence }
        })
        .collect();
    brokers.sort_by(|a, b| a.kind.cmp(&b.kind));
    brokers
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn a_project_uses_what_those_bring_that_it_refers_to() {
        let api = r#"<ProjectReference Include="..\\..\\Shared\\Web\\Web.csproj" />"#;
        let web = r#"<ProjectReference Include="../Bus/Bus.csproj" />"#;
        let bus = r#"<PackageReference Include="MassTransit.RabbitMQ" />"#;
        let code = "
            public class Orders : Base
            {
                private readonly IPublishEndpoint _endpoint;
                public Task Place(string id) => _endpoint.Publish(new OrderPlaced(id));
            }";
        let sends = |api: &str| {
            let files = [
                ("src/Orders/Api/Api.csproj", api),
                ("src/Shared/Web/Web.csproj", web),
                ("src/Shared/Bus/Bus.csproj", bus),
                ("src/Orders/Api/Orders.cs", code),
            ];
            found(&files)
        };
        assert_eq!(sends(api), ["send OrderPlaced"]);
        assert_eq!(sends("<Project />"), [""; 0]);
    }
}
