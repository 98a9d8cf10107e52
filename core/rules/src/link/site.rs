//! Site generators: where the published site finds the page that a link names.
//!
//! A generator is told by its configuration file. What it makes of an address depends on more than we read (base paths,
//! permalinks, plugins), so a link is dead only if it names a file that the generator wants beside the document.

use archwright_syntax::markdown::decode_target;

use super::generator::{GENERATORS, Generator, configured};
use crate::prelude::*;

/// Folders that hold a site beside the documents that it shows.
const SITE_FOLDERS: [&str; 4] = ["website", "site", "docs-site", "www"];

/// Folders that are copied to the root of a site, or hold its pages.
const ROOTS: [&str; 8] = ["", "docs", "content", "src", "src/pages", "pages", "static", "public"];

/// The sites that a document is part of.
pub(super) struct Sites(Vec<Site>);

/// A site that a document is part of.
struct Site {
    /// The folder of the configuration file.
    root: RelPath,
    /// The folders that hold its pages.
    folders: Vec<RelPath>,
    checks_files: bool,
}

impl Sites {
    /// The sites that the document of a context is part of.
    pub(super) fn of(cx: &Context) -> Self {
        let path = &cx.facts().path;
        let mut sites = Vec::new();
        // The walk lists no hidden files. Most folders have not even the one that such a file would lie in.
        let hidden = GENERATORS.iter().flat_map(|it| it.files).filter(|it| it.starts_with('.'));
        let mut beginnings: Vec<&str> = hidden.map(|it| beginning(it)).collect();
        beginnings.dedup();
        let above = || folders_above(path).flat_map(|folder| beginnings.iter().map(move |it| (folder.clone(), *it)));
        let there: Vec<(RelPath, &str)> = above().filter(|(folder, it)| cx.exists(&folder.join(it))).collect();
        for generator in &GENERATORS {
            for file in generator.files {
                let configurations: Vec<RelPath> = if file.starts_with('.') {
                    let begun = there.iter().filter(|it| it.1 == beginning(file)).map(|it| it.0.join(file));
                    begun.filter(|it| cx.exists(it)).collect()
                } else if generator.lies_above {
                    folders_above(path).map(|it| it.join(file)).filter(|it| cx.is_named_there(it)).collect()
                } else {
                    cx.named(file).into_iter().cloned().collect()
                };
                sites.extend(configurations.iter().filter_map(|it| Site::of(cx, generator, file, it)));
            }
        }
        Self(sites)
    }

    /// Whether the document is part of any site.
    pub(super) fn is_some(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether a site may have a page where a destination leads, or cannot be told not to.
    pub(super) fn may_have(&self, cx: &Context, destination: &str) -> bool {
        let decoded = decode_target(destination);
        let extension = decoded.rsplit_once('.').map_or("", |it| it.1);
        // No site has pages that are called so, but for what it makes of a file.
        let is_source = ["md", "mdx", "markdown"].iter().any(|it| it.eq_ignore_ascii_case(extension));
        let decides = |site: &Site| (site.checks_files || is_source) && !is_route(&decoded);
        self.0.iter().any(|site| !decides(site) || site.has(cx, &decoded))
    }
}

impl Site {
    /// The site that a configuration file tells, if the document of the context is part of it.
    fn of(cx: &Context, generator: &Generator, file: &str, configuration: &RelPath) -> Option<Self> {
        let root = root_of(configuration, file);
        let needs_text = generator.marker.is_some() || !generator.settings.is_empty();
        let text = needs_text.then(|| cx.any_text(configuration)).flatten().unwrap_or_default();
        if generator.marker.is_some_and(|it| !text.contains(it)) {
            return None;
        }
        let configured: Vec<&str> = configured(&text, generator.settings).collect();
        let usual = generator.folders.iter().copied().filter(|_| generator.adds || configured.is_empty());
        let names: Vec<&str> = usual.chain(configured.iter().copied()).collect();
        let beside = SITE_FOLDERS.contains(&root.name()).then(|| root.parent());
        let held = [Some(&root), beside.as_ref()].into_iter().flatten();
        let folders: Vec<RelPath> = held.flat_map(|root| names.iter().map(|it| root.join(it))).collect();
        let is_part = folders.iter().any(|it| is_below(&cx.facts().path, it));
        is_part.then_some(Self { root, folders, checks_files: generator.checks_files })
    }

    /// Whether a file is there that the site shows under an address. Only files that GitHub would not find are new.
    fn has(&self, cx: &Context, path: &str) -> bool {
        let own = &cx.facts().path;
        // Beside the document, from the page that it becomes, and from the folders that hold pages.
        let page = own.parent().join(own.stem());
        let above = folders_above(own).filter(|it| is_below(it, &self.root) || *it == self.root);
        let roots = ROOTS.iter().map(|it| self.root.join(it)).chain(self.folders.iter().cloned());
        let folders = [page].into_iter().chain(above).chain(roots);
        folders.map(|it| it.join(path)).any(|it| !it.escapes() && cx.exists(&it))
    }
}

/// The folder of a site whose configuration lies at a path. Hugo's may lie in `config/_default`.
fn root_of(configuration: &RelPath, file: &str) -> RelPath {
    let mut folder = configuration.parent();
    for _ in file.matches('/') {
        folder = folder.parent();
    }
    if folder.name() == "_default" && folder.parent().name() == "config" {
        return folder.parent().parent();
    }
    folder
}

/// The folder in which a configuration file lies below the site's, or the file itself.
fn beginning(file: &str) -> &str {
    file.split('/').next().unwrap_or(file)
}

/// Whether a destination is an address of the site and names no file beside the document.
fn is_route(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|it| it.1);
    path.starts_with('/') || matches!(extension, None | Some("" | "html" | "htm"))
}

fn folders_above(path: &RelPath) -> impl Iterator<Item = RelPath> {
    std::iter::successors(Some(path.parent()), |it| (!it.as_str().is_empty()).then(|| it.parent()))
}

fn is_below(path: &RelPath, folder: &RelPath) -> bool {
    folder.as_str().is_empty() || path.as_str().strip_prefix(folder.as_str()).is_some_and(|it| it.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_name_no_files() {
        for (path, route) in [
            ("/docs/intro", true),
            ("../guide/", true),
            ("intro", true),
            ("intro.html", true),
            ("intro.md", false),
            ("img/flow.png", false),
            ("./a/b.mdx", false),
        ] {
            assert_eq!(is_route(path), route, "{path}");
        }
    }
}
