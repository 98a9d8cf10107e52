//! The files of one side of a comparison: the schema, what it imports, and the well-known types.

use archwright_syntax::Span;
use rustc_hash::FxHashMap;

use crate::compatibility::{InvalidSchema, Place, Version};
use crate::protobuf::parser;
use crate::protobuf::schema::{Field, Message, Named, Schema, Source, qualified};
use crate::protobuf::tree::{File, Type, word};

/// The well-known types that are used in messages (protobuf.dev, "Protocol Buffers Well-Known Types"), as far as they
/// matter on the wire.
const WELL_KNOWN: &str = r#"
syntax = "proto3";
package google.protobuf;
message Any { string type_url = 1; bytes value = 2; }
message Duration { int64 seconds = 1; int32 nanos = 2; }
message Timestamp { int64 seconds = 1; int32 nanos = 2; }
message Empty {}
message FieldMask { repeated string paths = 1; }
message DoubleValue { double value = 1; }
message FloatValue { float value = 1; }
message Int64Value { int64 value = 1; }
message UInt64Value { uint64 value = 1; }
message Int32Value { int32 value = 1; }
message UInt32Value { uint32 value = 1; }
message BoolValue { bool value = 1; }
message StringValue { string value = 1; }
message BytesValue { bytes value = 1; }
message Struct { map<string, Value> fields = 1; }
message ListValue { repeated Value values = 1; }
enum NullValue { NULL_VALUE = 0; }
message Value {
  oneof kind {
    NullValue null_value = 1;
    double number_value = 2;
    string string_value = 3;
    bool bool_value = 4;
    Struct struct_value = 5;
    ListValue list_value = 6;
  }
}
"#;

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
        let others = version.imports.iter().copied().chain([WELL_KNOWN]);
        files.extend(others.filter_map(|text| Some((parser::whole(text).ok()?, text))));
        Ok(Self { files })
    }

    pub(super) fn side(&'a self) -> Side<'a> {
        let schema = Schema::new(self.files.iter().map(|(file, _)| Source { path: "", file }).collect());
        let mut children: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (index, it) in schema.messages.iter().enumerate() {
            children.entry((it.file, it.parent)).or_default().push(index);
        }
        Side { schema, texts: self.files.iter().map(|it| it.1).collect(), children }
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
        let found = match self.schema.resolve(&format!(".{full}"), "").1 {
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
