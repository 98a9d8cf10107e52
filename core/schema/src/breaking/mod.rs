//! Which changes to Protobuf files break those who use them: the rules and categories of buf 1.75.
//!
//! Files are read one by one and names are looked up among the files given. What an import brings in that is not given counts
//! as a message of the name that is written.
//!
//! **Invariant**: [`breaking`] does no I/O and never panics; only text that is not Protobuf is an error.

mod checks;
mod cursor;
mod lexer;
mod options;
mod pairs;
mod parser;
mod rules;
mod schema;
#[cfg(test)]
mod tests;
mod tree;

use archwright_syntax::Span;

use pairs::{Findings, Pairs};
use schema::{Schema, Source};

/// How strict to be: what is compared, from most to least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Category {
    /// Generated code may break, file by file.
    File,
    /// Generated code may break, package by package: declarations may move between the files of a package.
    Package,
    /// The binary format or the JSON format breaks.
    WireJson,
    /// The binary format breaks.
    Wire,
    /// What Confluent Schema Registry looks at.
    Csr,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 5] = [Self::File, Self::Package, Self::WireJson, Self::Wire, Self::Csr];

    /// Its name: `WIRE_JSON`.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "FILE",
            Self::Package => "PACKAGE",
            Self::WireJson => "WIRE_JSON",
            Self::Wire => "WIRE",
            Self::Csr => "CSR",
        }
    }

    /// The category of this name, whatever its case, with `_` or `-` between the words.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_uppercase().replace('-', "_");
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// A rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Its name: `FIELD_SAME_TYPE`.
    pub name: &'static str,
    /// The categories it stands in.
    pub categories: &'static [Category],
    /// What it asks for.
    pub summary: &'static str,
    /// The safe way to make the change.
    pub advice: &'static str,
}

/// All rules, in the order of their names.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::RULES.iter().map(|it| &it.rule)
}

/// A file to compare. Its path is relative to the folder imports are relative to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SourceFile<'a> {
    /// Where it stands.
    pub path: &'a str,
    /// What it says.
    pub text: &'a str,
}

/// One breaking change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Annotation {
    /// The name of the rule.
    pub rule: &'static str,
    /// The new file; none when the file or the package is gone.
    pub path: Option<String>,
    /// Where in the new file; none when nothing of what changed is left in it.
    pub span: Option<Span>,
    /// What changed, in a sentence.
    pub message: String,
    /// Where it stood; none for what is new.
    pub previous: Option<Previous>,
}

/// A place in a previous file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Previous {
    /// The file.
    pub path: String,
    /// Where in it; none for the whole file or for what was not written there.
    pub span: Option<Span>,
}

/// A file that is not Protobuf.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{path}: {message}")]
pub struct InvalidProto {
    /// The file.
    pub path: String,
    /// Whether it is one of the previous files.
    pub previous: bool,
    /// Where in it.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

/// Which rules to check, and where to look away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selection {
    rules: Vec<&'static str>,
    /// Whether changes to files of unstable packages, such as `pay.v1beta1`, are of no interest.
    pub ignore_unstable_packages: bool,
    /// Files and folders in which changes are of no interest.
    pub ignore: Vec<String>,
    /// Names of rules, each with a file or folder in which it is of no interest.
    pub ignore_only: Vec<(String, String)>,
}

impl Selection {
    /// The rules of these categories.
    pub fn of_categories(categories: &[Category]) -> Self {
        Self::of_rules(rules().filter(|it| it.categories.iter().any(|it| categories.contains(it))).map(|it| it.name))
    }

    /// The rules of these names, which may be categories, rules, and older names of rules.
    ///
    /// # Errors
    /// The name that is unknown.
    pub fn of_names<'n>(names: &[&'n str]) -> Result<Self, &'n str> {
        let mut res = Self::of_categories(&[]);
        for name in names {
            res.rules.append(&mut named(name)?);
        }
        Ok(Self::of_rules(res.rules.into_iter()))
    }

    /// Leaves out the rules of these names, which may be categories too.
    ///
    /// # Errors
    /// The name that is unknown.
    pub fn except<'n>(mut self, names: &[&'n str]) -> Result<Self, &'n str> {
        for name in names {
            let out = named(name)?;
            self.rules.retain(|it| !out.contains(it));
        }
        Ok(self)
    }

    fn of_rules(names: impl Iterator<Item = &'static str>) -> Self {
        let mut rules: Vec<_> = names.collect();
        rules.sort_unstable();
        rules.dedup();
        Self { rules, ignore_unstable_packages: false, ignore: Vec::new(), ignore_only: Vec::new() }
    }

    /// The names of the rules, sorted.
    pub fn rules(&self) -> &[&'static str] {
        &self.rules
    }

    /// Whether a finding at this place of the new or of the old files is of no interest.
    fn ignores(&self, rule: &str, path: &str, schema: &Schema<'_>) -> bool {
        let inside = |folder: &str| {
            let folder = folder.trim_start_matches("./").trim_end_matches('/');
            folder == "." || path.strip_prefix(folder).is_some_and(|it| it.is_empty() || it.starts_with('/'))
        };
        self.ignore.iter().any(|it| inside(it))
            || self.ignore_only.iter().any(|(name, folder)| name == rule && inside(folder))
            || self.ignore_unstable_packages && schema.sources.iter().any(|it| it.path == path && is_unstable(&it.file.package))
    }
}

/// The rules that a name stands for.
fn named(name: &str) -> Result<Vec<&'static str>, &str> {
    if let Some(category) = Category::of_name(name) {
        return Ok(Selection::of_categories(&[category]).rules);
    }
    match rules().find(|it| it.name == name) {
        Some(rule) => Ok(vec![rule.name]),
        None => rules::replacements(name).map(<[_]>::to_vec).ok_or(name),
    }
}

/// Whether the last part of a package is a version that promises nothing: `v1alpha1`, `v1beta1`, `v1p1beta1` or `v1test`.
fn is_unstable(package: &str) -> bool {
    let Some((_, version)) = package.rsplit_once('.') else { return false };
    let Some(version) = version.strip_prefix('v') else { return false };
    let rest = version.trim_start_matches(|it: char| it.is_ascii_digit());
    if rest.len() == version.len() || version.starts_with('0') {
        return false;
    }
    if rest.starts_with("test") {
        return true;
    }
    let number = |it: &str| !it.is_empty() && !it.starts_with('0') && it.bytes().all(|it| it.is_ascii_digit());
    let stage = rest.find("alpha").or_else(|| rest.find("beta"));
    let Some((patch, stage)) = stage.and_then(|it| rest.split_at_checked(it)) else { return false };
    let stage = stage.trim_start_matches("alpha").trim_start_matches("beta");
    (patch.is_empty() || patch.strip_prefix('p').is_some_and(number)) && (stage.is_empty() || number(stage))
}

/// The changes from `previous` to `current` that the rules of these categories forbid, ordered by file and place.
///
/// # Errors
/// When one of the files is not Protobuf.
pub fn breaking(previous: &[SourceFile<'_>], current: &[SourceFile<'_>], categories: &[Category]) -> Result<Vec<Annotation>, InvalidProto> {
    breaking_with(previous, current, &Selection::of_categories(categories))
}

/// The changes from `previous` to `current` that these rules forbid, ordered by file and place.
///
/// # Errors
/// When one of the files is not Protobuf.
pub fn breaking_with(
    previous: &[SourceFile<'_>],
    current: &[SourceFile<'_>],
    selection: &Selection,
) -> Result<Vec<Annotation>, InvalidProto> {
    let (old, new) = (read(previous, true)?, read(current, false)?);
    let (old, new) = (schema(previous, &old), schema(current, &new));
    let pairs = Pairs::new(&old, &new);
    let mut findings = Findings { rule: "", annotations: Vec::new() };
    for entry in rules::RULES.iter().filter(|it| selection.rules.contains(&it.rule.name)) {
        entry.run(&pairs, &mut findings);
    }
    let mut annotations = findings.annotations;
    annotations.retain(|it| {
        let is = it.path.as_deref().is_some_and(|path| selection.ignores(it.rule, path, &new));
        let was = it.previous.as_ref().is_some_and(|place| selection.ignores(it.rule, &place.path, &old));
        !is && !was
    });
    let key = |it: &Annotation| (it.path.clone(), it.span, it.rule, it.message.clone());
    annotations.sort_by_cached_key(|it| (key(it), it.previous.clone()));
    annotations.dedup_by_key(|it| key(it));
    Ok(annotations)
}

fn read(files: &[SourceFile<'_>], previous: bool) -> Result<Vec<tree::File>, InvalidProto> {
    let read = |it: &SourceFile<'_>| {
        parser::parse(it.text).map_err(|problem| {
            let cursor::Problem { span, message } = problem;
            InvalidProto { path: it.path.to_owned(), previous, span, message }
        })
    };
    files.iter().map(read).collect()
}

fn schema<'s>(files: &[SourceFile<'s>], trees: &'s [tree::File]) -> Schema<'s> {
    Schema::new(files.iter().zip(trees).map(|(it, file)| Source { path: it.path, file }).collect())
}
