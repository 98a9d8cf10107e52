//! The texts that are compared: what they are called, written in, and read with.

use std::{fmt, sync::Arc};

use archwright_model::{
    RelPath,
    facts::{FileFacts, is_avro},
    key::Key,
};
use archwright_schema::{Language, compatibility};
use archwright_syntax::{FileType, data};
use smol_str::SmolStr;

use super::companions::{self, Addresses, Around, Companion};

/// What a compared text is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// A schema.
    Schema(Language),
    /// An AsyncAPI document.
    #[default]
    Asyncapi,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [
        Self::Schema(Language::JsonSchema),
        Self::Schema(Language::Avro),
        Self::Schema(Language::Protobuf),
        Self::Asyncapi,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Schema(Language::JsonSchema) => "json-schema",
            Self::Schema(Language::Avro) => "avro",
            Self::Schema(Language::Protobuf) => "protobuf",
            Self::Asyncapi => "asyncapi",
        }
    }

    /// The format that a file's name and content tell; `None` when they tell nothing.
    pub fn of(name: &str, text: &str) -> Option<Self> {
        let language = Language::of_path(name)?;
        Some(match language {
            Language::JsonSchema if archwright_asyncapi::is_asyncapi(text) => Self::Asyncapi,
            Language::JsonSchema if data::Format::of_path(name) == Some(data::Format::Json) && is_avro(text) => {
                Self::Schema(Language::Avro)
            }
            _ => Self::Schema(language),
        })
    }
}

/// One version of a document.
#[derive(Clone, Debug)]
pub struct NamedText {
    /// The path as it is shown; `NAME@REVISION` for a text out of git.
    pub name: String,
    /// What it says.
    pub text: Arc<str>,
    /// What a Protobuf file imports.
    pub imports: Vec<Arc<str>>,
    /// What an AsyncAPI document or a JSON Schema refers to.
    pub companions: Vec<Companion>,
    /// How many more files it imports or refers to, which were not read because they are too many.
    pub unread: usize,
    /// Where the schemas are that it names by what these call themselves.
    pub(super) addresses: Addresses,
}

impl NamedText {
    /// A text without any other files.
    pub fn alone(name: String, text: Arc<str>) -> Self {
        Self { name, text, imports: Vec::new(), companions: Vec::new(), unread: 0, addresses: Addresses::default() }
    }

    /// A file with what it imports and refers to. `read` gives the text of a path relative to the root, `name` tells
    /// how a path is shown. What it names by an address (`$id`) is looked for among `others`.
    pub fn new(
        path: &RelPath,
        text: Arc<str>,
        read: impl Fn(&RelPath) -> Option<Arc<str>>,
        name: impl Fn(&RelPath) -> String,
        others: &[RelPath],
    ) -> Self {
        let declared = companions::declared_among(others, &read);
        Self::within(path, text, &Around { read: &read, name: &name, declared: &declared })
    }

    /// A file with what it imports and refers to.
    pub fn within(path: &RelPath, text: Arc<str>, around: &Around<'_>) -> Self {
        let (imports, unread) = imports(path, &text, around.read);
        let found = companions::companions(path, &text, around);
        let unread = unread + found.left_out;
        Self { name: (around.name)(path), imports, companions: found.files, text, unread, addresses: found.addresses }
    }

    /// Whether an address of a schema that it refers to was looked for in vain.
    pub(crate) fn seeks_in_vain(&self, name: &SmolStr) -> bool {
        self.addresses.is_unknown(name)
    }

    /// Whether it found a schema by an address that an older version looked for in vain.
    pub(crate) fn names_what_is_unknown_to(&self, old: &Self) -> bool {
        self.addresses.names().any(|it| old.seeks_in_vain(it))
    }

    /// The files that it refers to, as texts of their own.
    pub(super) fn with_companions(self) -> impl Iterator<Item = Self> {
        let of = |it: &Companion| Self::alone(it.name.clone(), it.text.clone());
        let others: Vec<_> = self.companions.iter().map(of).collect();
        std::iter::once(self).chain(others)
    }
}

/// Every text that changes may stand in.
pub fn texts(named: impl IntoIterator<Item = NamedText>) -> impl Iterator<Item = NamedText> {
    named.into_iter().flat_map(NamedText::with_companions)
}

/// The imports of a Protobuf file; other files have none. `read` gives the text of a path relative to the root. An
/// import is relative to one of the folders around the file, which one the file does not say, so the nearest that has
/// it counts. With them how many more there are, which were not read.
pub(crate) fn imports(
    path: &RelPath,
    text: &str,
    read: impl Fn(&RelPath) -> Option<Arc<str>>,
) -> (Vec<Arc<str>>, usize) {
    if path.file_type() != Some(FileType::Protobuf) {
        return (Vec::new(), 0);
    }
    compatibility::proto_imports(text, |import: &str| imported(path, import, &read))
}

/// The text of one import of a Protobuf file: see `imports`.
pub fn imported(path: &RelPath, import: &str, read: impl Fn(&RelPath) -> Option<Arc<str>>) -> Option<Arc<str>> {
    path.ancestors().map(|it| it.join(import)).filter(|it| !it.escapes()).find_map(|it| read(&it))
}

/// Whether a Protobuf file imports another one itself; `exists` tells whether a file is there.
fn imports_file(importer: &RelPath, text: &str, file: &RelPath, exists: impl Fn(&RelPath) -> bool) -> bool {
    let mut is_meant = false;
    compatibility::proto_imports(text, |import| {
        let nearest = importer.ancestors().map(|it| it.join(import)).filter(|it| !it.escapes()).find(|it| exists(it));
        is_meant |= nearest.as_ref() == Some(file);
        None
    });
    is_meant
}

/// The keys under which schemas take something from another one without a reference: they import it, or name its types.
pub fn keys_of_importers(path: &RelPath, facts: Option<&FileFacts>) -> Vec<Key> {
    let entries = facts.map(|it| it.entries.as_slice()).unwrap_or_default();
    let types = entries.iter().filter_map(|it| match &it.key {
        Key::DeclaredType(folder, name) => Some(Key::Type(folder.clone(), name.clone())),
        _ => None,
    });
    std::iter::once(Key::Imported(path.clone())).chain(types).collect()
}

/// Whether a file that speaks under such a key takes something from the other one.
pub fn takes_from(key: &Key, importer: &FileFacts, exists: impl Fn(&RelPath) -> bool) -> bool {
    match key {
        Key::Imported(file) => imports_file(&importer.path, &importer.text, file, exists),
        // Who declares the type itself takes it from nobody.
        Key::Type(folder, name) => {
            let own = Key::DeclaredType(folder.clone(), name.clone());
            importer.entries.iter().all(|it| it.key != own)
        }
        _ => false,
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
