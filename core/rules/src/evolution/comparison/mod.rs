//! The operation `compat`: compares a schema or AsyncAPI document with its predecessors and says whom each change
//! breaks.

mod base;
mod by_level;
mod companions;
mod levels;
mod moves;
mod once;
mod texts;
mod untold;

use std::sync::Arc;

use archwright_asyncapi::comparison::{self, Class, DocumentChange};
use archwright_schema::{
    Language,
    compatibility::{self, Mode, Place, Profile, Source},
};
use archwright_syntax::{
    Span,
    data::{self, Tree},
};
use schemars::JsonSchema;
use serde::Serialize;

use archwright_engine::report::{Places, Point};

pub use base::{BaseError, BaseRequest, MAX_USERS, compare_with_base, declared_in, keys_of_users, mode_for, text_of};
pub(crate) use companions::reference_to;
pub use companions::{Around, Companion};
pub use levels::{Levels, advice as advice_of_level, below as path_below};
pub use moves::Likeness;
pub(crate) use moves::{Moves, compared_format};
pub use texts::{Format, NamedText, imported, keys_of_importers, takes_from, texts};
pub use untold::is_untold_schema;

/// What is compared.
#[derive(Clone, Debug)]
pub struct CompatRequest {
    /// The predecessors, oldest first.
    pub old: Vec<NamedText>,
    /// The new version.
    pub new: NamedText,
    /// What they are written in; nothing means what the name and the content of the new one tell.
    pub format: Option<Format>,
    /// Which readers must be served; nothing means [`Mode::Backward`] for schemas, and for AsyncAPI documents those on
    /// the other side of each operation.
    pub mode: Option<Mode>,
    /// Whose definition holds.
    pub profile: Profile,
}

/// The result of a comparison, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "archwright diff --format json", extend("required" = ["compatible", "changes"]))]
pub struct Comparison {
    /// Whether nothing breaks a reader that the mode protects; null where nothing was compared.
    pub compatible: Option<bool>,
    /// Every change that was found, in the order of the files.
    pub changes: Vec<ComparedChange>,
}

/// A comparison with the texts it is about. As JSON it is the comparison.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// The changes.
    pub comparison: Comparison,
    /// Every text a change stands in, by the name it has in the changes.
    pub texts: Vec<NamedText>,
    /// How many pairs of files were compared.
    pub files: usize,
    /// The git revision, as a reader would name it, when that is what was compared with.
    pub against: Option<String>,
    /// What that revision is, unless somebody named it: `the merge base of HEAD and origin/main`.
    pub base: Option<String>,
}

impl Serialize for Compared {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.comparison.serialize(serializer)
    }
}

impl Compared {
    /// What came of it, in one sentence.
    pub fn summary(&self) -> String {
        let mut against = self.against.as_ref().map(|it| format!(" against {it}")).unwrap_or_default();
        if let Some(base) = &self.base {
            against.push_str(&format!(" ({base})"));
        }
        if self.files == 0 {
            return format!("Nothing compared{against}: no schema and no AsyncAPI document has changed.");
        }
        let of = |class: &str| self.comparison.changes.iter().filter(|it| it.class == class).count();
        let count = |count: usize, one: &str, several: &str| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {several}"),
        };
        let compared = format!("{} compared{against}", count(self.files, "file", "files"));
        let mut others = String::new();
        for (number, one, several) in [
            (of("unclassified"), "change to judge", "changes to judge"),
            (of("non-breaking"), "harmless change", "harmless changes"),
        ] {
            if number > 0 {
                others += ", ";
                others += &count(number, one, several);
            }
        }
        match of("breaking") {
            0 => format!("Compatible: {compared}{others}."),
            breaking => {
                let breaking = count(breaking, "breaking change", "breaking changes");
                format!("Incompatible: {breaking}{others}, {compared}.")
            }
        }
    }

    /// Gives every file another name.
    pub fn rename(&mut self, name: &dyn Fn(&str) -> String) {
        for text in &mut self.texts {
            text.name = name(&text.name);
        }
        for change in &mut self.comparison.changes {
            for place in change.old.iter_mut().chain(&mut change.new).chain(&mut change.related) {
                place.file = name(&place.file);
            }
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedChange {
    /// What changed, in the registries' words where they have one.
    pub kind: &'static str,
    /// Where in the schema or document.
    pub path: String,
    /// `breaking`, `non-breaking`, or `unclassified` for what people must judge.
    pub class: &'static str,
    /// What was asked: a compatibility mode, or who asked for levels of buf.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mode: String,
    /// Whom it breaks: `backward`, readers of old messages with the new schema; `forward`, readers of new messages with
    /// the old one.
    pub breaks: Vec<&'static str>,
    /// The old place, if there is one.
    pub old: Option<ComparedPlace>,
    /// The new place, if there is one.
    pub new: Option<ComparedPlace>,
    /// Where documents and schemas refer to the file that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<ComparedPlace>,
    /// What changed and why it breaks.
    pub message: String,
    /// The safe way to make the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// A place in one of the compared texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedPlace {
    /// The file, as it was named.
    pub file: String,
    /// Where it starts.
    pub start: Point,
    /// Where it ends; the column is one past the last character.
    pub end: Point,
    /// The same in bytes.
    #[serde(skip)]
    pub span: Span,
}

/// Why two texts cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum ComparisonError {
    /// Neither the name nor the content tells the format.
    #[error("{name}: cannot tell the format: say whether it is json-schema, avro, protobuf or asyncapi")]
    UnknownFormat {
        /// The file.
        name: String,
    },
    /// The texts are written in different languages.
    #[error("{one} is written as {one_format} and {other} as {other_format}; compare versions of one document")]
    Mixed {
        /// A file.
        one: String,
        /// Its format.
        one_format: Format,
        /// Another file.
        other: String,
        /// Its format.
        other_format: Format,
    },
    /// One of the texts is no schema or document.
    #[error("{name}:{}:{}: {message}", at.line, at.column)]
    Invalid {
        /// The file.
        name: String,
        /// Where.
        at: Point,
        /// What is wrong.
        message: String,
    },
    /// There is nothing to compare with.
    #[error("{name}: there is no older version to compare with")]
    NoPredecessor {
        /// The file.
        name: String,
    },
}

/// Compares.
///
/// # Errors
/// If a text cannot be read in its format.
pub fn compat(request: &CompatRequest) -> Result<Comparison, ComparisonError> {
    let CompatRequest { old, new, format, mode, profile } = request;
    if old.is_empty() {
        return Err(ComparisonError::NoPredecessor { name: new.name.clone() });
    }
    let format = match format {
        Some(it) => *it,
        None => told_format(old, new)?.ok_or_else(|| ComparisonError::UnknownFormat { name: new.name.clone() })?,
    };
    let versions = Versions::of(old.iter().chain([new]));
    let imports: Vec<Vec<&str>> = old.iter().chain([new]).map(|it| slices(&it.imports)).collect();
    let sources: Vec<Source<'_>> =
        old.iter().chain([new]).zip(&imports).map(|(it, imports)| Source { text: &it.text, imports }).collect();
    let (now, before) = sources.split_last().map_or((Source::default(), &[][..]), |it| (*it.0, it.1));
    let found = match format {
        Format::Schema(Language::JsonSchema) if refers_to_files(old, new) => {
            compare_trees(old, new, Some(Language::JsonSchema), *mode, *profile)
        }
        Format::Schema(language) => {
            let mode = mode.unwrap_or_default();
            compatibility::compare_sources(before, now, language, mode, *profile).map(|it| classified(it, mode))
        }
        Format::Asyncapi => compare_trees(old, new, None, *mode, *profile),
    };
    let found = found.map_err(|error| versions.error(&error))?;
    let mut changes: Vec<_> = found.into_iter().map(|it| versions.change(it)).collect();
    changes.extend(base::unread(new, old));
    Ok(Comparison { compatible: Some(is_compatible(&changes)), changes })
}

/// Whether nobody stops understanding.
fn is_compatible(changes: &[ComparedChange]) -> bool {
    changes.iter().all(|it| it.class != Class::Breaking.name())
}

/// The one format that all texts seem to be written in.
fn told_format(old: &[NamedText], new: &NamedText) -> Result<Option<Format>, ComparisonError> {
    let mut told: Option<(&NamedText, Format)> = None;
    for it in std::iter::once(new).chain(old) {
        let Some(format) = Format::of(&it.name, &it.text) else { continue };
        told = match told {
            None => Some((it, format)),
            Some((_, known)) if known == format => told,
            // Any JSON or YAML file may be a JSON Schema, so what tells another one of these formats tells more.
            Some((_, Format::Schema(Language::JsonSchema))) if is_data(format) => Some((it, format)),
            Some((_, known)) if is_data(known) && format == Format::Schema(Language::JsonSchema) => told,
            Some((other, known)) => {
                return Err(ComparisonError::Mixed {
                    one: it.name.clone(),
                    one_format: format,
                    other: other.name.clone(),
                    other_format: known,
                });
            }
        };
    }
    Ok(told.map(|it| it.1))
}

/// Whether a format is written as JSON or YAML.
fn is_data(format: Format) -> bool {
    format != Format::Schema(Language::Protobuf)
}

/// The changes between two texts of one file. Without a mode, schemas must be compatible backward, and AsyncAPI
/// documents with those on the other side of each operation.
///
/// # Errors
/// If one of them cannot be read in the format.
pub fn changes_between(
    old: &NamedText,
    new: &NamedText,
    format: Format,
    mode: Option<Mode>,
    profile: Profile,
) -> Result<Vec<DocumentChange>, compatibility::InvalidSchema> {
    match format {
        Format::Schema(Language::JsonSchema) if refers_to_files(std::slice::from_ref(old), new) => {
            compare_trees(std::slice::from_ref(old), new, Some(Language::JsonSchema), mode, profile)
        }
        Format::Schema(language) => {
            let (old_imports, new_imports) = (slices(&old.imports), slices(&new.imports));
            let (old, new) =
                (Source { text: &old.text, imports: &old_imports }, Source { text: &new.text, imports: &new_imports });
            let mode = mode.unwrap_or_default();
            compatibility::compare_sources(&[old], new, language, mode, profile).map(|it| classified(it, mode))
        }
        Format::Asyncapi => compare_trees(std::slice::from_ref(old), new, None, mode, profile),
    }
}

fn slices(texts: &[Arc<str>]) -> Vec<&str> {
    texts.iter().map(|it| &**it).collect()
}

/// A schema says of each change whom it breaks.
fn classified(changes: Vec<compatibility::Change>, mode: Mode) -> Vec<DocumentChange> {
    let document = |change| DocumentChange { old_file: None, new_file: None, class: Class::of(&change), mode, change };
    changes.into_iter().map(document).collect()
}

/// Whether the schemas have parts in other files.
fn refers_to_files(old: &[NamedText], new: &NamedText) -> bool {
    old.iter().chain([new]).any(|it| !it.companions.is_empty())
}

/// Whole AsyncAPI documents, or schemas with what they refer to, each against the new one as the mode demands. A
/// document that is none is said to be so.
fn compare_trees(
    old: &[NamedText],
    new: &NamedText,
    language: Option<Language>,
    mode: Option<Mode>,
    profile: Profile,
) -> Result<Vec<DocumentChange>, compatibility::InvalidSchema> {
    let trees = old.iter().chain([new]).enumerate().map(|(number, it)| {
        let tree = data::parse(it.text.clone(), data::Format::of_path(&it.name).unwrap_or(data::Format::Yaml));
        let is_document = tree.root().is_some_and(|it| it.get("asyncapi").is_some());
        if language.is_some() || is_document {
            return Ok((number, tree, companions::Files::new(it)));
        }
        let place = Place { version: number, span: Span::new(0, 0) };
        Err(compatibility::InvalidSchema {
            place,
            message: "not an AsyncAPI document: there is no `asyncapi` at its top".to_owned(),
        })
    });
    let trees: Vec<(usize, Tree, companions::Files<'_>)> = trees.collect::<Result<_, _>>()?;
    let versions: Vec<_> = trees
        .iter()
        .map(|(number, tree, documents)| comparison::Version { number: *number, tree, documents })
        .collect();
    let Some((new, old)) = versions.split_last() else { return Ok(Vec::new()) };
    let first = if mode.is_some_and(Mode::is_transitive) { 0 } else { old.len().saturating_sub(1) };
    let mut found = Vec::new();
    for old in old.iter().skip(first) {
        found.extend(match language {
            Some(language) => comparison::compare_schemas(*old, *new, language, mode.unwrap_or_default(), profile)?,
            None => comparison::compare(*old, *new, mode, profile),
        });
    }
    Ok(found)
}

/// All versions, oldest first, the new one last, and the files beside each.
struct Versions<'a> {
    all: Vec<Version<'a>>,
}

struct Version<'a> {
    named: &'a NamedText,
    places: Places,
    files: companions::Files<'a>,
}

impl<'a> Versions<'a> {
    fn of(all: impl Iterator<Item = &'a NamedText>) -> Self {
        let of = |named: &'a NamedText| Version {
            named,
            places: Places::of(named.text.clone()),
            files: companions::Files::new(named),
        };
        Self { all: all.map(of).collect() }
    }

    fn place(&self, place: Place, file: Option<&str>) -> Option<ComparedPlace> {
        let version = self.all.get(place.version)?;
        let (name, (start, end)) = match file {
            Some(way) => {
                let companion = version.files.find(way)?;
                (&companion.name, Places::of(companion.text.clone()).points(place.span))
            }
            None => (&version.named.name, version.places.points(place.span)),
        };
        Some(ComparedPlace { file: name.clone(), start, end, span: place.span })
    }

    fn change(&self, DocumentChange { old_file, new_file, class, mode, change }: DocumentChange) -> ComparedChange {
        ComparedChange {
            class: class.name(),
            mode: mode.name().to_owned(),
            kind: change.kind,
            path: change.path,
            breaks: change.breaks.iter().map(|it| it.name()).collect(),
            old: change.old.and_then(|it| self.place(it, old_file.as_deref())),
            new: change.new.and_then(|it| self.place(it, new_file.as_deref())),
            related: Vec::new(),
            message: change.message,
            advice: change.advice,
        }
    }

    fn error(&self, error: &compatibility::InvalidSchema) -> ComparisonError {
        let place = self.place(error.place, None);
        let at = place.as_ref().map_or(Point { line: 1, column: 1 }, |it| it.start);
        ComparisonError::Invalid {
            name: place.map(|it| it.file).unwrap_or_default(),
            at,
            message: error.message.clone(),
        }
    }
}

/// The JSON Schema of [`Comparison`].
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Comparison).to_value()
}

#[cfg(test)]
mod tests {
    use super::{texts::imports, *};
    use archwright_model::RelPath;

    #[test]
    fn imports_lie_in_a_folder_around_the_file() {
        let files = [("proto/shop/money.proto", "message Money {}"), ("proto/shop/orders/money.proto", "")];
        let read = |path: &RelPath| files.iter().find(|it| it.0 == path.as_str()).map(|it| it.1.into());
        let of = |path: &str, import: &str| imports(&RelPath::new(path), &format!("import \"{import}\";"), read).0;
        assert_eq!(of("proto/shop/orders/placed.proto", "shop/money.proto"), [files[0].1.into()]);
        assert_eq!(of("proto/shop/orders/placed.proto", "money.proto"), [files[1].1.into()]);
        assert_eq!(of("proto/shop/orders/placed.proto", "../../../../etc/passwd"), []);
        assert_eq!(of("proto/shop/orders/placed.json", "money.proto"), []);
    }

    #[test]
    fn a_change_of_an_import_breaks_who_uses_it() {
        let of = |ty: &str| NamedText {
            imports: vec![format!("message Money {{ optional {ty} amount = 1; }}").into()],
            ..NamedText::alone(
                "placed.proto".to_owned(),
                "import \"money.proto\"; message Placed { optional Money total = 1; }".into(),
            )
        };
        let request = |old, new| CompatRequest {
            old: vec![of(old)],
            new: of(new),
            format: None,
            mode: Some(Mode::Backward),
            profile: Profile::Confluent,
        };
        assert_eq!(compat(&request("int32", "int64")).unwrap().compatible, Some(true));
        let found = compat(&request("int32", "string")).unwrap();
        let kinds: Vec<_> = found.changes.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, ["FIELD_SCALAR_KIND_CHANGED", "FIELD_NAMED_TYPE_CHANGED"]);
    }
}
