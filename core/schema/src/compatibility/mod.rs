//! Whether a new schema may follow its predecessors: the modes, the profiles of the registries, and every incompatible
//! change.

pub(crate) mod avro;
mod json_schema;
mod protobuf;

use archwright_syntax::Span;
use rustc_hash::FxHashMap;

use crate::Language;
pub use protobuf::proto_imports;

/// Which readers a new version must serve, as schema registries define it (catalogue D-P05, X4).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Mode {
    /// The new schema reads what the latest old one wrote.
    #[default]
    Backward,
    /// The new schema reads what every old one wrote.
    BackwardTransitive,
    /// The latest old schema reads what the new one writes.
    Forward,
    /// Every old schema reads what the new one writes.
    ForwardTransitive,
    /// Both directions against the latest old schema.
    Full,
    /// Both directions against every old schema.
    FullTransitive,
    /// Anything goes.
    None,
}

/// Whose definition of compatibility holds; the registries differ, most of all for JSON Schema.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Profile {
    /// Confluent Schema Registry with its strict policy.
    #[default]
    Confluent,
    /// Confluent Schema Registry with its lenient policy for JSON Schema.
    ConfluentLenient,
    /// Karapace.
    Karapace,
    /// Apicurio Registry.
    Apicurio,
}

/// Who can no longer read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Side {
    /// Readers with the new schema fail on old messages.
    Backward,
    /// Readers with the old schema fail on new messages.
    Forward,
}

/// Where something stands in one of the compared texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// Which of the old texts, oldest first; for the new text, the number of old texts.
    pub version: usize,
    /// The bytes.
    pub span: Span,
}

/// One change that matters to a reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// What changed, in the registries' words where they have one: `REQUIRED_ATTRIBUTE_ADDED`,
    /// `READER_FIELD_MISSING_DEFAULT_VALUE`.
    pub kind: &'static str,
    /// Where in the schema: a JSON pointer such as `/properties/id`, or `Message.field` for Protobuf.
    pub path: String,
    /// Whom it breaks; empty for a change that is reported but harms nobody.
    pub breaks: Vec<Side>,
    /// The old place, when there is one.
    pub old: Option<Place>,
    /// The new place, when there is one.
    pub new: Option<Place>,
    /// What changed and why it breaks, in one sentence.
    pub message: String,
    /// The safe way to make the change.
    pub advice: Option<String>,
    /// Whether people must judge it: the definition that holds allows it, and values may mean something else.
    pub is_open: bool,
}

/// A schema that cannot be compared.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct InvalidSchema {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
}

/// A schema with the files it imports.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Source<'a> {
    /// The schema.
    pub text: &'a str,
    /// What it imports, directly or through other imports. Only Protobuf files have imports here; one that is not given
    /// or cannot be read counts as a file nobody knows.
    pub imports: &'a [&'a str],
}

/// Compares a new schema with its predecessors, oldest first. The result is empty when nothing incompatible was found;
/// a change that breaks both sides is listed once.
///
/// ```
/// use archwright_schema::{
///     Language,
///     compatibility::{InvalidSchema, Mode, Profile, Side, compare},
/// };
///
/// let old = r#"{ "type": "record", "name": "Order", "fields": [] }"#;
/// let new = r#"{ "type": "record", "name": "Order", "fields": [{ "name": "id", "type": "string" }] }"#;
///
/// // The new field has no default for the messages that were written without it.
/// let changes = compare(&[old], new, Language::Avro, Mode::Backward, Profile::Confluent)?;
/// assert_eq!(changes[0].kind, "READER_FIELD_MISSING_DEFAULT_VALUE");
/// assert_eq!(changes[0].breaks, [Side::Backward]);
///
/// // The old readers ignore it.
/// assert!(compare(&[old], new, Language::Avro, Mode::Forward, Profile::Confluent)?.is_empty());
/// # Ok::<(), InvalidSchema>(())
/// ```
///
/// # Errors
/// When one of the texts cannot be read as a schema of `language`.
pub fn compare(
    old: &[&str],
    new: &str,
    language: Language,
    mode: Mode,
    profile: Profile,
) -> Result<Vec<Change>, InvalidSchema> {
    let old: Vec<_> = old.iter().map(|text| Source { text, imports: &[] }).collect();
    compare_sources(&old, Source { text: new, imports: &[] }, language, mode, profile)
}

/// As [`compare`], with what the schemas import. A change inside of an import stands at the place that uses it.
///
/// # Errors
/// When one of the texts cannot be read as a schema of `language`.
pub fn compare_sources(
    old: &[Source<'_>],
    new: Source<'_>,
    language: Language,
    mode: Mode,
    profile: Profile,
) -> Result<Vec<Change>, InvalidSchema> {
    let latest = old.len().saturating_sub(1);
    let mut changes = Changes::default();
    for (version, &source) in old.iter().enumerate() {
        if !mode.is_transitive() && version != latest {
            continue;
        }
        for &side in mode.sides() {
            let old = Version { text: source.text, imports: source.imports, index: version };
            let new = Version { text: new.text, imports: new.imports, index: latest + 1 };
            let (reader, writer) = match side {
                Side::Backward => (new, old),
                Side::Forward => (old, new),
            };
            let pair = Pair { reader, writer, side, profile };
            let found = match language {
                Language::JsonSchema => json_schema::compare(&pair)?,
                Language::Avro => avro::compare(&pair)?,
                Language::Protobuf => protobuf::compare(&pair)?,
            };
            for it in found {
                changes.add(it);
            }
        }
    }
    Ok(changes.all)
}

/// What makes two changes the same: kind, path and places.
type Identity = (&'static str, String, Option<Place>, Option<Place>);

/// The changes found so far.
#[derive(Default)]
struct Changes {
    all: Vec<Change>,
    known: FxHashMap<Identity, usize>,
}

impl Changes {
    /// Adds a change, or its sides to the same change found in the other direction.
    fn add(&mut self, change: Change) {
        let key = (change.kind, change.path.clone(), change.old, change.new);
        let at = *self.known.entry(key).or_insert(self.all.len());
        match self.all.get_mut(at) {
            Some(known) => {
                known.breaks.extend(change.breaks);
                known.breaks.sort_unstable();
                known.breaks.dedup();
            }
            None => self.all.push(change),
        }
    }
}

/// A text and its place in the history.
#[derive(Clone, Copy, Debug)]
struct Version<'a> {
    text: &'a str,
    imports: &'a [&'a str],
    index: usize,
}

/// What one direction of a comparison looks at.
#[derive(Clone, Copy, Debug)]
struct Pair<'a> {
    /// The schema that reads.
    reader: Version<'a>,
    /// The schema that wrote.
    writer: Version<'a>,
    /// Who fails when the reader cannot read.
    side: Side,
    profile: Profile,
}

impl Pair<'_> {
    /// A change in this direction, with the places the right way round for who reads.
    fn change(
        &self,
        kind: &'static str,
        path: String,
        writer: Option<Span>,
        reader: Option<Span>,
        message: String,
    ) -> Change {
        let writer = writer.map(|span| Place { version: self.writer.index, span });
        let reader = reader.map(|span| Place { version: self.reader.index, span });
        let (old, new) = match self.side {
            Side::Backward => (writer, reader),
            Side::Forward => (reader, writer),
        };
        Change { kind, path, breaks: vec![self.side], old, new, message, advice: None, is_open: false }
    }

    /// Says that the list of changes is cut off, and how many are missing. Parts are cut off before they are counted
    /// everywhere they are used, so there may be more.
    fn more(&self, dropped: usize, writer: Span, reader: Span) -> Option<Change> {
        let message = format!("At least {dropped} more incompatible changes are not listed.");
        let advice = "Mend those that are listed and compare again, or compare the parts of the schema by themselves.";
        let mut change = self.change("MORE_CHANGES", String::new(), Some(writer), Some(reader), message);
        change.advice = Some(advice.to_owned());
        (dropped > 0).then_some(change)
    }
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 7] = [
        Self::Backward,
        Self::BackwardTransitive,
        Self::Forward,
        Self::ForwardTransitive,
        Self::Full,
        Self::FullTransitive,
        Self::None,
    ];

    /// The registries' name, in lower case: `backward_transitive`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Backward => "backward",
            Self::BackwardTransitive => "backward_transitive",
            Self::Forward => "forward",
            Self::ForwardTransitive => "forward_transitive",
            Self::Full => "full",
            Self::FullTransitive => "full_transitive",
            Self::None => "none",
        }
    }

    /// The mode of this name, whatever its case, with `_`, `-` or a space between the words.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether all predecessors count, not only the latest.
    pub fn is_transitive(self) -> bool {
        matches!(self, Self::BackwardTransitive | Self::ForwardTransitive | Self::FullTransitive)
    }

    /// Which sides it protects.
    pub fn sides(self) -> &'static [Side] {
        match self {
            Self::Backward | Self::BackwardTransitive => &[Side::Backward],
            Self::Forward | Self::ForwardTransitive => &[Side::Forward],
            Self::Full | Self::FullTransitive => &[Side::Backward, Side::Forward],
            Self::None => &[],
        }
    }
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 4] = [Self::Confluent, Self::ConfluentLenient, Self::Karapace, Self::Apicurio];

    /// Its name on the command line and in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confluent => "confluent",
            Self::ConfluentLenient => "confluent-lenient",
            Self::Karapace => "karapace",
            Self::Apicurio => "apicurio",
        }
    }

    /// The profile of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl Side {
    /// `backward` or `forward`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Backward => "backward",
            Self::Forward => "forward",
        }
    }
}
