//! The languages that are scanned: names of files, grammars and data.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::facts::Facts;

/// A programming language.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Language {
    /// JavaScript, with or without JSX.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Python.
    Python,
    /// Java.
    Java,
    /// Kotlin.
    Kotlin,
    /// Go.
    Go,
    /// C#.
    CSharp,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// Rust.
    Rust,
}

/// The language a source file's name promises, if [`scan`](crate::scan) reads it on its own.
pub fn language_of_path(path: &str) -> Option<Language> {
    Language::of_path(path).filter(|it| matches!(it.folder(), "javascript" | "python"))
}

fn of_path(path: &str) -> Option<Language> {
    let name = path.rsplit(['/', '\\']).next()?;
    match name.rsplit_once('.')?.1 {
        "js" | "mjs" | "cjs" | "jsx" => Some(Language::JavaScript),
        "ts" | "mts" | "cts" => Some(Language::TypeScript),
        "tsx" => Some(Language::Tsx),
        "py" | "pyi" => Some(Language::Python),
        "java" => Some(Language::Java),
        "kt" | "kts" => Some(Language::Kotlin),
        "go" => Some(Language::Go),
        "cs" => Some(Language::CSharp),
        "rb" | "rake" => Some(Language::Ruby),
        "php" => Some(Language::Php),
        "rs" => Some(Language::Rust),
        _ => None,
    }
}

/// What is known about a language; `None` if its data does not load, which a test rules out.
type Loaded = LazyLock<Option<Facts>>;

/// Loads the grammar, the queries, and the facts of a folder.
macro_rules! load {
    ($grammar:expr, [$($queries:literal),+], $folder:literal) => {
        LazyLock::new(|| {
            let queries = concat!($(include_str!(concat!("../languages/", $queries))),+);
            let syntax = include_str!(concat!("../languages/", $folder, "/language.toml"));
            Facts::load($grammar.into(), queries, syntax, $folder).ok()
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
    /// The language a source file's name promises.
    pub fn of_path(path: &str) -> Option<Self> {
        of_path(path)
    }

    /// The folder of its facts below `languages`.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::JavaScript | Self::TypeScript | Self::Tsx => "javascript",
            Self::Python => "python",
            Self::Java => "java",
            Self::Kotlin => "kotlin",
            Self::Go => "go",
            Self::CSharp => "csharp",
            Self::Ruby => "ruby",
            Self::Php => "php",
            Self::Rust => "rust",
        }
    }

    /// A word for it that no other has.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::TypeScript => "typescript",
            Self::Tsx => "tsx",
            other => other.folder(),
        }
    }

    /// Its grammar.
    pub(crate) fn grammar(self) -> tree_sitter::Language {
        match self {
            Self::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
            Self::Python => tree_sitter_python::LANGUAGE.into(),
            Self::Java => tree_sitter_java::LANGUAGE.into(),
            Self::Kotlin => tree_sitter_kotlin_ng::LANGUAGE.into(),
            Self::Go => tree_sitter_go::LANGUAGE.into(),
            Self::CSharp => tree_sitter_c_sharp::LANGUAGE.into(),
            Self::Ruby => tree_sitter_ruby::LANGUAGE.into(),
            Self::Php => tree_sitter_php::LANGUAGE_PHP.into(),
            Self::Rust => tree_sitter_rust::LANGUAGE.into(),
        }
    }

    pub(crate) fn facts(self) -> Option<&'static Facts> {
        match self {
            Self::JavaScript => JAVASCRIPT.as_ref(),
            Self::TypeScript => TYPESCRIPT.as_ref(),
            Self::Tsx => TSX.as_ref(),
            Self::Python => PYTHON.as_ref(),
            _ => None,
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
