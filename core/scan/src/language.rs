//! The languages that are scanned.

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
