//! `cargo xtask new-rule`: the page, the file and the line in the family's list of a rule that is to be written.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use archwright_analysis::rules;

/// A rule that compiles and finds nothing. The tests of the rules compile it, so that it cannot grow stale.
const FILE: &str = include_str!("new_rule/template.rs");

/// A page with an example of each kind.
const PAGE: &str = include_str!("new_rule/template.md");

/// What the template is called.
const TEMPLATE: &str = "family/name";

/// The widest line of the code, in columns.
const MAX_WIDTH: usize = 120;

/// Why a rule cannot be begun.
#[derive(Debug, thiserror::Error)]
pub enum NewRuleError {
    /// The code is not written as one.
    #[error("`{0}` is no code of a rule: write `family/name`, each in lower-case words with hyphens between them")]
    Code(String),
    /// The family has no list.
    #[error(
        "there is no family `{family}`, only {}: make {} with a list of rules first",
        known.join(", "),
        path.display()
    )]
    Family {
        /// The family.
        family: String,
        /// The families that there are.
        known: Vec<String>,
        /// Where its list would be.
        path: PathBuf,
    },
    /// The rules of the family are made of something else.
    #[error(
        "the rules of `asyncapi` are the checks of archwright-asyncapi: write the check there, then its page, and list \
         both in core/rules/src/asyncapi/mod.rs"
    )]
    Checks,
    /// There is such a rule.
    #[error("there is a rule `{0}` already")]
    Exists(String),
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// Writes what a rule begins with, and gives the paths that were written, from the root of the repository.
///
/// # Errors
/// If the code is not one of a new rule in a family that there is, or if a file cannot be read or written.
pub fn create(root: &Path, code: &str, sources: &[String]) -> Result<Vec<PathBuf>, NewRuleError> {
    let (family, name) = parts(code).ok_or_else(|| NewRuleError::Code(code.to_owned()))?;
    if family == "asyncapi" {
        return Err(NewRuleError::Checks);
    }
    let module = name.replace('-', "_");
    let folder = Path::new("core/rules/src").join(family);
    let (page, file, list) =
        (folder.join(format!("{module}.md")), folder.join(format!("{module}.rs")), folder.join("mod.rs"));
    if rules::rule(code).is_some() || [&page, &file].into_iter().any(|it| root.join(it).exists()) {
        return Err(NewRuleError::Exists(code.to_owned()));
    }
    let unknown = || NewRuleError::Family {
        family: family.to_owned(),
        known: rules::registry().families().into_iter().map(str::to_owned).collect(),
        path: list.clone(),
    };
    let listed = match fs::read_to_string(root.join(&list)) {
        Ok(text) => with_rule(&text, &module).ok_or_else(unknown)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(unknown()),
        Err(error) => return Err(NewRuleError::File { path: list, error }),
    };
    let sources: Vec<String> = sources.iter().map(|it| format!("\"{it}\"")).collect();
    let rule = FILE
        .replace(TEMPLATE, code)
        .replace("template.md", &format!("{module}.md"))
        .replace("sources: &[]", &format!("sources: &[{}]", sources.join(", ")));
    for (path, text) in [(&page, PAGE), (&file, &rule), (&list, &listed)] {
        fs::write(root.join(path), text).map_err(|error| NewRuleError::File { path: path.clone(), error })?;
    }
    Ok(vec![page, file, list])
}

/// The family and the name of a code.
fn parts(code: &str) -> Option<(&str, &str)> {
    let (family, name) = code.split_once('/')?;
    let is_word = |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    let is_name = |it: &str| it.starts_with(|it: char| it.is_ascii_lowercase()) && it.split('-').all(is_word);
    (is_name(family) && is_name(name)).then_some((family, name))
}

/// The text of a family's `mod.rs` with one more rule, each list in its order; `None` if it has no list.
fn with_rule(text: &str, module: &str) -> Option<String> {
    const LIST: &str = "RULES: &[&Rule] =";
    let (before, rest) = text.split_once(LIST)?;
    let (entries, after) = rest.trim_start().strip_prefix("&[")?.split_once("];")?;
    let entry = format!("&{module}::RULE");
    let mut entries: Vec<&str> = entries.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    entries.push(&entry);
    entries.sort_unstable();
    let start = before.lines().next_back().unwrap_or_default();
    let in_one_line = format!("&[{}];", entries.join(", "));
    // As the formatter breaks it: behind the name if it fits there, on a line of its own, or an entry a line.
    let list = if start.len() + LIST.len() + " ".len() + in_one_line.len() <= MAX_WIDTH {
        format!(" {in_one_line}")
    } else if "    ".len() + in_one_line.len() <= MAX_WIDTH {
        format!("\n    {in_one_line}")
    } else {
        format!(" &[\n    {},\n];", entries.join(",\n    "))
    };
    Some(format!("{}{LIST}{list}{after}", with_module(before, module)?))
}

/// The text with one more module among those that it declares.
fn with_module(text: &str, module: &str) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let behind = lines.iter().position(|line| declared(line).is_some_and(|it| it > module));
    let at = behind.or_else(|| Some(lines.iter().rposition(|line| declared(line).is_some())? + 1))?;
    let (before, after) = lines.split_at_checked(at)?;
    Some(format!("{}mod {module};\n{}", before.concat(), after.concat()))
}

/// The module that a line declares.
fn declared(line: &str) -> Option<&str> {
    let (visibility, name) = line.trim_end().strip_suffix(';')?.split_once("mod ")?;
    (visibility.is_empty() || visibility.starts_with("pub")).then_some(name)
}
