//! The files of one side of a comparison: the schema, what it imports, and the well-known types.

use archwright_syntax::Span;
use rustc_hash::FxHashMap;

use crate::compatibility::{InvalidSchema, Place, Version};
use crate::protobuf::schema::{Field, Message, Named, Schema, Source, qualified};
use crate::protobuf::tree::{File, Type, word};
use crate::protobuf::{known, parser};

/// Where the well-known types stand that messages use (protobuf.dev, "Protocol Buffers Well-Known Types").
const WELL_KNOWN: [&str; 7] = ["any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"];

/// The files as they are written; the schema is the first.
pub(super) struct Files<'a> {
    files: Vec<(File, &'a str)>,
}

impl<'a> Files<'a> {
    pub(super) fn read(version: Version<'a>) -> Result<Self, InvalidSchema> {
        let main = parser::whole(version.text).map_err(|it| {
            let place = Place { version: version.index, span: it.span };
            InvalidSchema { place, message: it.message }
        })?;
        let mut files = vec![(main, version.text)];
        files.extend(version.imports.iter().filter_map(|&text| Some((parser::whole(text).ok()?, text))));
        Ok(Self { files })
    }

    pub(super) fn side(&'a self) -> Side<'a> {
        let well_known = || WELL_KNOWN.iter().filter_map(|it| known::of_path(&format!("{}{it}.proto", known::FOLDER)));
        let own = self.files.iter().map(|(file, _)| file);
        let sources = own.chain(well_known().map(|it| &it.file)).map(|file| Source { path: "", file });
        let schema = Schema::new(sources.collect());
        let mut children: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (index, it) in schema.messages.iter().enumerate() {
            children.entry((it.file, it.parent)).or_default().push(index);
        }
        Side {
            schema,
            texts: self.files.iter().map(|it| it.1).chain(well_known().map(|it| it.text)).collect(),
            children,
        }
    }
}

/// The files with every name looked up.
pub(super) struct Side<'a> {
    pub(super) schema: Schema<'a>,
    texts: Vec<&'a str>,
    children: FxHashMap<(usize, Option<usize>), Vec<usize>>,
}

impl<'a> Side<'a> {
    /// The schema itself.
    pub(super) fn main(&self) -> Option<&'a File> {
        self.schema.sources.first().map(|it| it.file)
    }

    pub(super) fn message(&self, index: usize) -> Option<&Message<'a>> {
        self.schema.messages.get(index)
    }

    /// The messages that stand in a message, or at the top of a file, by their names; those that only stand for groups
    /// and maps are left out.
    pub(super) fn messages(&self, file: usize, parent: Option<usize>) -> Vec<(&'a str, usize)> {
        let named = |&index: &usize| {
            let node = self.schema.messages.get(index)?.node;
            (!node.group && !is_map(node)).then_some((node.name.as_str(), index))
        };
        self.children.get(&(file, parent)).into_iter().flatten().filter_map(named).collect()
    }

    /// Whether a file declares an enum of this name.
    pub(super) fn has_enum(&self, file: usize, nested: &str) -> bool {
        let full = qualified(self.schema.package(file), nested);
        let found = match self.schema.resolve(&format!(".{full}"), "").named {
            Some(Named::Enum(index)) => self.schema.enums.get(index),
            _ => None,
        };
        found.is_some_and(|it| it.file == file)
    }

    /// The fields of a message, but for groups.
    pub(super) fn fields(&self, message: usize) -> impl Iterator<Item = Field<'_>> {
        self.schema.fields(message).filter(|it| !matches!(it.node.ty, Type::Group(_)))
    }

    /// The type of a field as it is written.
    pub(super) fn type_text(&self, field: &Field<'_>) -> &'a str {
        self.texts.get(field.file).map_or("", |text| field.node.type_span.of(text))
    }

    /// The name of a field with the messages it stands in.
    pub(super) fn path(&self, field: &Field<'_>) -> String {
        let message = field.parent.and_then(|it| self.message(it)).map_or("", |it| it.nested.as_str());
        format!("{message}.{}", field.node.name)
    }

    /// The name of a message, where it is of the schema itself.
    pub(super) fn name_span(&self, message: usize) -> Option<Span> {
        self.message(message).filter(|it| it.file == 0).map(|it| it.node.name_span)
    }
}

/// Whether a message stands for a map: nobody wrote it, or it says so.
pub(super) fn is_map(message: &crate::protobuf::tree::Message) -> bool {
    message.entry || word(&message.options, "map_entry") == Some("true")
}
