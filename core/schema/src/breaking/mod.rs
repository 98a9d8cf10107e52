//! Which changes to Protobuf files break those who use them: the rules and categories of buf 1.75.
//!
//! Files are read one by one and names are looked up among the files given. What an import brings in that is not given
//! counts as a message of the name that is written.
//!
//! **Invariant**: [`breaking`] does no I/O and never panics; only text that is not Protobuf is an error.

mod checks;
mod pairs;
mod rules;
mod selection;
mod settings;
#[cfg(test)]
mod tests;

use archwright_syntax::Span;

use crate::protobuf::schema::{Schema, Source};
use crate::protobuf::{parser, tree};
use pairs::{Annotations, Pairs};
pub use selection::Selection;
pub use settings::InvalidSettings;

/// How strict to be: what is compared, from most to least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Category {
    /// Generated code may break, file by file.
    #[default]
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

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules().find(|it| it.name == name)
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

/// The changes from `previous` to `current` that the rules of these categories forbid, ordered by file and place.
///
/// ```
/// use archwright_schema::breaking::{Category, InvalidProto, SourceFile, breaking};
///
/// let old = r#"syntax = "proto3"; message Order { string id = 1; }"#;
/// let new = r#"syntax = "proto3"; message Order { int32 id = 1; }"#;
/// let file = |text| [SourceFile { path: "order.proto", text }];
///
/// let annotations = breaking(&file(old), &file(new), &[Category::File])?;
/// assert_eq!(annotations[0].rule, "FIELD_SAME_TYPE");
/// assert_eq!(annotations[0].span.unwrap().of(new), "int32");
/// # Ok::<(), InvalidProto>(())
/// ```
///
/// # Errors
/// When one of the files is not Protobuf.
pub fn breaking(
    previous: &[SourceFile<'_>],
    current: &[SourceFile<'_>],
    categories: &[Category],
) -> Result<Vec<Annotation>, InvalidProto> {
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
    let mut findings = Annotations { rule: "", annotations: Vec::new() };
    for entry in rules::RULES.iter().filter(|it| selection.rules().contains(&it.rule.name)) {
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
        parser::whole(it.text).map_err(|problem| {
            let crate::Diagnostic { span, message } = problem;
            InvalidProto { path: it.path.to_owned(), previous, span, message }
        })
    };
    files.iter().map(read).collect()
}

fn schema<'s>(files: &[SourceFile<'s>], trees: &'s [tree::File]) -> Schema<'s> {
    Schema::new(files.iter().zip(trees).map(|(it, file)| Source { path: it.path, file }).collect())
}
