//! Site generators: which configuration files tell them, and which folders with pages these name.

/// What is known of a generator.
pub(super) struct Generator {
    /// The names of its configuration file.
    pub(super) files: &'static [&'static str],
    /// Words without which the file is no configuration of this generator.
    pub(super) marker: Option<&'static str>,
    /// Whether the file is looked for in the folders above a document only, because others are often called so.
    pub(super) lies_above: bool,
    /// The folders below that file which hold pages and what goes with them; `""` is all of the folder.
    pub(super) folders: &'static [&'static str],
    /// The settings that name such a folder.
    pub(super) settings: &'static [&'static str],
    /// Whether the folders that are set are there beside the usual ones, and not in their place.
    pub(super) adds: bool,
    /// Whether images and other files are looked for beside the document, and refused if they are not there.
    pub(super) checks_files: bool,
}

impl Generator {
    /// One whose pages lie anywhere below its configuration file.
    const ANYWHERE: Self = Self {
        files: &[],
        marker: None,
        lies_above: false,
        folders: &[""],
        settings: &[],
        adds: false,
        checks_files: false,
    };
}

/// All that are known.
pub(super) const GENERATORS: [Generator; 12] = [
    Generator {
        files: &["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"],
        folders: &["docs", "blog", "src", "i18n", "versioned_docs", "community"],
        settings: &["path"],
        adds: true,
        checks_files: true,
        ..Generator::ANYWHERE
    },
    Generator {
        files: &["mkdocs.yml", "mkdocs.yaml", "zensical.toml"],
        folders: &["docs"],
        settings: &["docs_dir"],
        checks_files: true,
        ..Generator::ANYWHERE
    },
    Generator {
        files: &["book.toml"],
        folders: &["src"],
        settings: &["src"],
        checks_files: true,
        ..Generator::ANYWHERE
    },
    Generator {
        files: &[".vitepress/config.js", ".vitepress/config.ts", ".vitepress/config.mjs", ".vitepress/config.mts"],
        checks_files: true,
        ..Generator::ANYWHERE
    },
    Generator { files: &["_config.yml", "_config.yaml", "_config.toml"], ..Generator::ANYWHERE },
    Generator {
        files: &["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml"],
        folders: &["content"],
        settings: &["contentDir", "source"],
        adds: true,
        ..Generator::ANYWHERE
    },
    Generator {
        files: &["astro.config.mjs", "astro.config.ts", "astro.config.js", "gatsby-config.js", "gatsby-config.ts"],
        folders: &["src", "content", "docs"],
        settings: &["srcDir", "path"],
        adds: true,
        ..Generator::ANYWHERE
    },
    Generator {
        files: &["next.config.js", "next.config.mjs", "next.config.cjs", "next.config.ts", "next.config.mts"],
        marker: Some("nextra"),
        folders: &["pages", "content", "app", "src", "docs"],
        ..Generator::ANYWHERE
    },
    Generator {
        files: &["theme.config.js", "theme.config.jsx", "theme.config.ts", "theme.config.tsx"],
        marker: Some("nextra"),
        folders: &["pages", "content", "app", "src", "docs"],
        ..Generator::ANYWHERE
    },
    Generator {
        files: &["rspress.config.ts", "rspress.config.js", "rspress.config.mjs", "rspress.config.mts"],
        folders: &["docs"],
        settings: &["root"],
        adds: true,
        ..Generator::ANYWHERE
    },
    Generator { files: &["index.html"], marker: Some("docsify"), lies_above: true, ..Generator::ANYWHERE },
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
        ..Generator::ANYWHERE
    },
];

/// The folders that settings of a configuration name, whichever of its lines sets them: `docs_dir: pages` in YAML,
/// `contentDir = "pages"` in TOML, `root: path.join(__dirname, 'pages')` in a script.
pub(super) fn configured<'a>(text: &'a str, settings: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let lines = text.lines().filter(|it| !["#", "//", "*", "/*"].iter().any(|sign| it.trim_start().starts_with(sign)));
    lines.flat_map(|line| settings.iter().flat_map(|it| values(line, it))).filter_map(folder)
}

/// What stands behind a setting, for each time that a line sets it.
fn values<'a>(line: &'a str, setting: &str) -> Vec<&'a str> {
    let lower = line.to_ascii_lowercase();
    let behind = |at: usize| {
        let is_whole = !line.get(..at)?.ends_with(|it: char| it.is_alphanumeric() || "_-.$".contains(it));
        let rest = line.get(at + setting.len()..).filter(|_| is_whole)?;
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start();
        rest.strip_prefix([':', '=']).map(str::trim_start)
    };
    lower.match_indices(&setting.to_ascii_lowercase()).filter_map(|it| behind(it.0)).collect()
}

/// The folder that a value names: the string that it is, the first in it, or a word.
fn folder(value: &str) -> Option<&str> {
    const QUOTES: [char; 3] = ['"', '\'', '`'];
    let word = value.split(|it: char| it.is_whitespace() || "#,;}".contains(it)).next().unwrap_or_default();
    let is_word = !word.is_empty() && word.chars().all(|it| it.is_alphanumeric() || "_-./".contains(it));
    let written = if is_word {
        word
    } else {
        let opening = value.find(QUOTES)?;
        let quote = value.get(opening..)?.chars().next()?;
        value.get(opening + 1..)?.split(quote).next()?
    };
    let below = written.strip_prefix("${__dirname}/").unwrap_or(written);
    (!below.is_empty() && !below.starts_with('/') && !below.contains('$')).then_some(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_in_the_notation_of_the_file() {
        for (text, settings, folders) in [
            ("site_name: x\ndocs_dir: documentation # \"old\"\n", &["docs_dir"][..], &["documentation"][..]),
            ("docs_dir: !ENV [DOCS, 'pages']\n", &["docs_dir"], &["pages"]),
            ("# docs_dir: old\nmy_docs_dir: x\n", &["docs_dir"], &[]),
            ("docs_dir: \"my pages\"\n", &["docs_dir"], &["my pages"]),
            ("contentdir = 'inhalt'\n[languages.en]\n  contentDir=\"en\"\n", &["contentDir"], &["inhalt", "en"]),
            ("{\"contentDir\": \"inhalt\", \"title\": \"x\"}", &["contentDir"], &["inhalt"]),
            ("[book]\nsrc=\"docs\"\n", &["src"], &["docs"]),
            ("  root: path.join(__dirname, 'pages'),\n", &["root"], &["pages"]),
            ("  path: `${__dirname}/pages`,\n  path: `${base}/x`,\n", &["path"], &["pages"]),
            ("docs: { path: '../guide', routeBasePath: '/' },\n", &["path"], &["../guide"]),
            ("docs_dir:\n", &["docs_dir"], &[]),
        ] {
            assert_eq!(configured(text, settings).collect::<Vec<_>>(), folders, "{text}");
        }
    }
}
