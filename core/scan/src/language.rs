//! The languages that are scanned: names of files, grammars and data.

use std::sync::LazyLock;

use crate::facts::Facts;

/// A programming language.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Language {
    /// JavaScript, with or without JSX.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Python.
    Python,
}

/// The language a source file's name promises.
pub fn language_of_path(path: &str) -> Option<Language> {
    let name = path.rsplit(['/', '\\']).next()?;
    match name.rsplit_once('.')?.1 {
        "js" | "mjs" | "cjs" | "jsx" => Some(Language::JavaScript),
        "ts" | "mts" | "cts" => Some(Language::TypeScript),
        "tsx" => Some(Language::Tsx),
        "py" | "pyi" => Some(Language::Python),
        _ => None,
    }
}

/// What is known about a language; `None` if its data does not load, which a test rules out.
type Loaded = LazyLock<Option<Facts>>;

/// Loads the grammar, the queries, and the two fact files of a folder.
macro_rules! load {
    ($grammar:expr, [$($queries:literal),+], $folder:literal) => {
        LazyLock::new(|| {
            let queries = concat!($(include_str!(concat!("../languages/", $queries))),+);
            let syntax = include_str!(concat!("../languages/", $folder, "/language.toml"));
            let libraries = include_str!(concat!("../languages/", $folder, "/libraries.toml"));
            Facts::load($grammar.into(), queries, syntax, libraries).ok()
        })
    };
}

static JAVASCRIPT: Loaded =
    load!(tree_sitter_javascript::LANGUAGE, ["javascript/shared.scm", "javascript/queries.scm"], "javascript");
static TYPESCRIPT: Loaded = load!(
    tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
    ["javascript/shared.scm", "typescript/queries.scm"],
    "javascript"
);
static TSX: Loaded =
    load!(tree_sitter_typescript::LANGUAGE_TSX, ["javascript/shared.scm", "typescript/queries.scm"], "javascript");
static PYTHON: Loaded = load!(tree_sitter_python::LANGUAGE, ["python/queries.scm"], "python");

impl Language {
    pub(crate) fn facts(self) -> Option<&'static Facts> {
        match self {
            Self::JavaScript => JAVASCRIPT.as_ref(),
            Self::TypeScript => TYPESCRIPT.as_ref(),
            Self::Tsx => TSX.as_ref(),
            Self::Python => PYTHON.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_of_every_language_loads() {
        for language in [Language::JavaScript, Language::TypeScript, Language::Tsx, Language::Python] {
            assert!(language.facts().is_some(), "{language:?}");
        }
    }

    #[test]
    fn the_language_is_told_by_the_name() {
        assert_eq!(language_of_path("src/a.b/order.ts"), Some(Language::TypeScript));
        assert_eq!(language_of_path("a\\b.mjs"), Some(Language::JavaScript));
        assert_eq!(language_of_path("View.tsx"), Some(Language::Tsx));
        assert_eq!(language_of_path("capture.py"), Some(Language::Python));
        assert_eq!(language_of_path("py"), None);
        assert_eq!(language_of_path("README.md"), None);
    }
}
