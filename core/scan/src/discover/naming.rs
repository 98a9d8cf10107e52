//! The names that the projects of a repository go by: folders, packages, and services of compose files.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::files::{Content, FileFacts};
use super::homes::{Homes, built, folder, is_holder};
use archwright_syntax::data::{self, Format};

/// A folder of code that is built or deployed by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Project {
    /// Relative to the root, with forward slashes; empty for the root itself.
    pub folder: SmolStr,
    /// What it is called: by its folders, its manifests, its settings and compose files.
    pub names: Vec<SmolStr>,
    /// How many files of code it has that were read.
    pub files: usize,
    /// The service that somebody says it belongs to, whatever it is called; nobody does here.
    pub service: Option<SmolStr>,
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|it| it.starts_with('/'))
}

/// What templates call a package.
const NAMELESS: [&str; 8] = ["app", "application", "laravel", "monorepo", "project", "root", "skeleton", "workspace"];

/// All projects that have code, in the order of their folders.
pub(super) fn projects(facts: &[FileFacts]) -> Vec<Project> {
    let homes = Homes::new(facts);
    let mut count: FxHashMap<&str, usize> = FxHashMap::default();
    for fact in facts.iter().filter(|it| matches!(it.content, Content::Code { .. })) {
        *count.entry(homes.of(&fact.path)).or_default() += 1;
    }
    let mut found: Vec<Project> = count
        .into_iter()
        .map(|(folder, files)| {
            let parts = folder.split('/').rev().filter(|it| !it.is_empty() && !is_holder(it));
            Project { folder: folder.into(), names: parts.map(SmolStr::new).collect(), files, service: None }
        })
        .collect();
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    for fact in facts {
        match &fact.content {
            Content::Manifest(text) => {
                let Some(name) = package(&fact.path, text) else { continue };
                let at = folder(&fact.path);
                // What has no manifest of its own belongs to that of the root.
                let is_of = |it: &Project| it.folder == at || at.is_empty() && !homes.has_manifest(&it.folder);
                found.iter_mut().filter(|it| is_of(it)).for_each(|it| it.names.push(name.clone()));
            }
            _ => {
                for setting in fact.settings() {
                    if setting.key == "spring.application.name" {
                        let home = homes.of(&fact.path);
                        let of = found.iter_mut().filter(|it| it.folder == home);
                        of.for_each(|it| it.names.push(setting.value.clone()));
                    }
                    let Some((name, context)) = built(&fact.path, &setting.key, &setting.value) else { continue };
                    found.iter_mut().filter(|it| it.folder == *context).for_each(|it| it.names.push(name.into()));
                }
            }
        }
    }
    for project in &mut found {
        let mut seen = FxHashSet::default();
        // Such a name says nothing of what the whole repository is.
        project.names.retain(|it| !project.folder.is_empty() || !NAMELESS.contains(&it.as_str()));
        project.names.retain(|it| !it.is_empty() && !it.contains(['$', '{', '@']) && seen.insert(it.clone()));
    }
    found
}

/// The name of the package of a manifest, whose text is in lower case.
pub(super) fn package(path: &str, text: &str) -> Option<SmolStr> {
    let file = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let last = |it: &str| it.rsplit('/').next().map(SmolStr::new);
    match file.as_str() {
        "package.json" | "composer.json" => {
            let tree = data::parse(text.to_owned(), Format::Json);
            let name = tree.roots().next().and_then(|it| it.entry("name"))?;
            name.value.scalar().and_then(last)
        }
        "pom.xml" => {
            // The parent may stand before or after the name.
            let before = text.split_once("<parent>").map_or(text, |it| it.0);
            let after = text.split_once("</parent>").map_or("", |it| it.1);
            let own = |it: &str| {
                let it = it.split_once("<dependencies>").map_or(it, |it| it.0);
                Some(SmolStr::new(it.split_once("<artifactid>")?.1.split_once("</artifactid>")?.0.trim()))
            };
            own(before).or_else(|| own(after))
        }
        "go.mod" => {
            let module = text.lines().find_map(|it| it.trim().strip_prefix("module "))?.trim();
            let is_version = |it: &str| it.strip_prefix('v').is_some_and(|it| it.parse::<u32>().is_ok());
            module.rsplit('/').find(|it| !is_version(it)).map(SmolStr::new)
        }
        "cargo.toml" | "pyproject.toml" => {
            let own = ["[package]", "[project]", "[tool.poetry]"].iter().find_map(|it| text.split_once(it))?.1;
            let of = |it: &str| it.trim().strip_prefix("name")?.trim().strip_prefix('=').map(str::to_owned);
            let mut lines = own.lines().take_while(|it| !it.trim_start().starts_with('['));
            let name = lines.find_map(of)?;
            Some(name.trim().trim_matches(['"', '\'']).into())
        }
        _ => path.rsplit('/').next()?.strip_suffix(".csproj").map(SmolStr::new),
    }
}

/// The innermost project that a file belongs to.
pub(super) fn project_of<'p>(projects: &'p [Project], path: &str) -> Option<&'p Project> {
    let around = projects.iter().filter(|it| is_below(path, &it.folder));
    around.max_by_key(|it| it.folder.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::read;

    #[test]
    fn projects_go_by_folders_packages_settings_and_compose_services() {
        let files = [
            (
                "services/orders/pom.xml",
                "<parent><artifactId>shop</artifactId></parent>\n<artifactId>order-api</artifactId>",
            ),
            ("services/orders/src/main/resources/application.yml", "spring:\n  application:\n    name: ordering\n"),
            ("services/orders/src/main/java/Orders.java", "class Orders {}"),
            ("billing/package.json", r#"{ "name": "@shop/invoices" }"#),
            ("billing/index.js", "run();"),
            ("cmd/mailer/main.go", "package main"),
            ("go.mod", "module example.org/shop/v2"),
            (
                "deploy/compose.yml",
                "services:\n  bills:\n    build: ../billing\n  mail:\n    build:\n      context: ../cmd/mailer\n",
            ),
        ];
        let facts: Vec<_> = files.iter().filter_map(|(path, text)| read(path, text)).collect();
        let found: Vec<(String, String, usize)> =
            projects(&facts).iter().map(|it| (it.folder.to_string(), it.names.join(" "), it.files)).collect();
        let project = |folder: &str, names: &str| (folder.to_owned(), names.to_owned(), 1);
        assert_eq!(
            found,
            [
                project("billing", "billing invoices bills"),
                project("cmd/mailer", "mailer shop mail"),
                project("services/orders", "orders order-api ordering"),
            ]
        );
    }

    #[test]
    fn the_folders_of_a_build_give_no_name() {
        let named = |files: &[(&str, &str)]| -> Vec<(String, String)> {
            let facts: Vec<_> = files.iter().filter_map(|(path, text)| read(path, text)).collect();
            projects(&facts).iter().map(|it| (it.folder.to_string(), it.names.join(" "))).collect()
        };
        let pair = |folder: &str, name: &str| (folder.to_owned(), name.to_owned());
        let own = ("pom.xml", "<artifactId>streams-examples</artifactId>");
        assert_eq!(named(&[own, ("src/main/java/A.java", "class A {}")]), [pair("", "streams-examples")]);
        let parent = "<artifactId>shipping</artifactId><parent><artifactId>boot</artifactId></parent><dependencies>\
                      <dependency><artifactId>rest</artifactId></dependency></dependencies>";
        assert_eq!(named(&[("pom.xml", parent), ("src/main/java/A.java", "")]), [pair("", "shipping")]);
        // What a template calls it is no name.
        assert_eq!(named(&[("package.json", r#"{ "name": "app" }"#), ("src/a.ts", "")]), [pair("", "")]);
        assert_eq!(named(&[("services/orders/src/main/kotlin/A.kt", "class A")]), [pair("services/orders", "orders")]);
        assert_eq!(named(&[("src/main.go", "package main")]), [pair("src", "")]);
    }
}
