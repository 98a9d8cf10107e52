//! Site generators: where the published site finds the page that a link names.
//!
//! A generator is told by its configuration file. What it makes of an address depends on more than we read (base paths,
//! permalinks, plugins), so a link is dead only if it names a file that the generator wants beside the document.

use archwright_syntax::markdown::decode_target;

use crate::prelude::*;

/// What is known of a generator.
struct Generator {
    /// The names of its configuration file.
    files: &'static [&'static str],
    /// The folders below that file which hold pages and what goes with them; `""` is all of the folder.
    folders: &'static [&'static str],
    /// Whether images and other files are looked for beside the document, and refused if they are not there.
    checks_files: bool,
}

const GENERATORS: [Generator; 8] = [
    Generator {
        files: &["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"],
        folders: &["docs", "blog", "src", "i18n", "versioned_docs", "community"],
        checks_files: true,
    },
    Generator { files: &["mkdocs.yml", "mkdocs.yaml"], folders: &["docs"], checks_files: true },
    Generator { files: &["book.toml"], folders: &["src"], checks_files: true },
    Generator {
        files: &[".vitepress/config.js", ".vitepress/config.ts", ".vitepress/config.mjs", ".vitepress/config.mts"],
        folders: &[""],
        checks_files: true,
    },
    Generator { files: &["_config.yml", "_config.yaml", "_config.toml"], folders: &[""], checks_files: false },
    Generator {
        files: &["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml"],
        folders: &["content"],
        checks_files: false,
    },
    Generator {
        files: &["astro.config.mjs", "astro.config.ts", "astro.config.js", "gatsby-config.js", "gatsby-config.ts"],
        folders: &["src", "content", "docs"],
        checks_files: false,
    },
    Generator {
        files: &[
            "antora.yml",
            "conf.py",
            "docfx.json",
            "docs.json",
            "mint.json",
            "_quarto.yml",
            "eleventy.config.js",
            ".eleventy.js",
            ".vuepress/config.js",
            ".vuepress/config.ts",
            ".gitbook.yaml",
        ],
        folders: &[""],
        checks_files: false,
    },
];

/// Folders that hold a site beside the documents that it shows.
const SITE_FOLDERS: [&str; 4] = ["website", "site", "docs-site", "www"];

/// Folders that are copied to the root of a site, or hold its pages.
const ROOTS: [&str; 8] = ["", "docs", "content", "src", "src/pages", "pages", "static", "public"];

/// A site that a document is part of.
struct Site {
    /// The folder of the configuration file.
    root: RelPath,
    checks_files: bool,
}

/// The sites that a document is part of.
pub(super) struct Sites(Vec<Site>);

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
                let roots: Vec<RelPath> = if file.starts_with('.') {
                    let begun = there.iter().filter(|it| it.1 == beginning(file)).map(|it| &it.0);
                    begun.filter(|it| cx.exists(&it.join(file))).cloned().collect()
                } else {
                    cx.named(file).into_iter().map(RelPath::parent).collect()
                };
                sites.extend(roots.into_iter().filter_map(|root| {
                    let beside = SITE_FOLDERS.contains(&root.name()).then(|| root.parent());
                    let held = [Some(&root), beside.as_ref()].into_iter().flatten();
                    let is_part = held
                        .flat_map(|root| generator.folders.iter().map(|it| root.join(it)))
                        .any(|folder| is_below(path, &folder));
                    is_part.then_some(Site { root, checks_files: generator.checks_files })
                }));
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
    /// Whether a file is there that the site shows under an address. Only files that GitHub would not find are new.
    fn has(&self, cx: &Context, path: &str) -> bool {
        let own = &cx.facts().path;
        // Beside the document, from the page that it becomes, and from the folders that hold pages.
        let page = own.parent().join(own.stem());
        let above = folders_above(own).filter(|it| is_below(it, &self.root) || *it == self.root);
        let roots = ROOTS.iter().map(|it| self.root.join(it));
        let folders = [page].into_iter().chain(above).chain(roots);
        folders.map(|it| it.join(path)).any(|it| !it.escapes() && cx.exists(&it))
    }
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
