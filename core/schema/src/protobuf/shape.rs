//! Reads Protobuf files, through the parser of protox.

use archwright_syntax::Span;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::source_code_info::Location;
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::shape::{Builder, MAX_DEPTH, is_classification, join, says_classification};
use crate::{Field, Language, Shape, Text};

/// How many messages are looked at. Messages that use each other many times over multiply.
const MAX_VISITS: u32 = 50_000;

/// Numbers of fields of the descriptors (google/protobuf/descriptor.proto), which paths of locations are made of.
mod tag {
    /// `FileDescriptorProto.message_type`
    pub(super) const MESSAGE: i32 = 4;
    /// `DescriptorProto.field`
    pub(super) const FIELD: i32 = 2;
    /// `DescriptorProto.nested_type`
    pub(super) const NESTED: i32 = 3;
    /// `name` of both
    pub(super) const NAME: i32 = 1;
}

pub(crate) fn shape(text: &str) -> Shape {
    let mut out = Builder::new(Language::Protobuf);
    match protox_parse::parse("schema.proto", text) {
        Ok(file) => Reader::new(text, &file, out).read(&file),
        Err(error) => {
            let span = error.span().map_or(Span::empty(text.len()), Span::from);
            out.problem(span, sentence(&error.to_string()));
            out.finish()
        }
    }
}

/// The parser's message as a sentence.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(chars).chain(['.']).collect()
}

/// A message type and the path of its location.
#[derive(Clone)]
struct Declared<'f> {
    message: &'f DescriptorProto,
    path: Vec<i32>,
}

struct Reader<'f> {
    text: &'f str,
    out: Builder,
    /// Where each line starts, in bytes. Only `\n` ends a line, as the parser counts them.
    lines: Vec<usize>,
    locations: FxHashMap<&'f [i32], &'f Location>,
    /// Message types by their full name without a leading dot.
    messages: FxHashMap<String, Declared<'f>>,
    /// The messages that are being walked, so that one that contains itself ends.
    open: Vec<String>,
    /// How many messages may still be looked at.
    visits: u32,
}

impl<'f> Reader<'f> {
    fn new(text: &'f str, file: &'f FileDescriptorProto, out: Builder) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|it| it.0 + 1)).collect();
        let infos = file.source_code_info.iter().flat_map(|it| &it.location);
        let locations = infos.map(|it| (it.path.as_slice(), it)).collect();
        let mut reader =
            Self { text, out, lines, locations, messages: FxHashMap::default(), open: Vec::new(), visits: MAX_VISITS };
        for (index, message) in (0..).zip(&file.message_type) {
            reader.declare(message, file.package(), vec![tag::MESSAGE, index]);
        }
        reader
    }

    fn declare(&mut self, message: &'f DescriptorProto, scope: &str, path: Vec<i32>) {
        let name = join(scope, message.name()).to_string();
        for (index, nested) in (0..).zip(&message.nested_type) {
            self.declare(nested, &name, [path.as_slice(), &[tag::NESTED, index]].concat());
        }
        self.messages.insert(name, Declared { message, path });
    }

    fn read(mut self, file: &FileDescriptorProto) -> Shape {
        let names: Vec<String> =
            file.message_type.iter().map(|it| join(file.package(), it.name()).to_string()).collect();
        let used: FxHashSet<String> = names.iter().flat_map(|it| self.uses(it)).collect();
        // The first message that no other message of the file uses is the one that is sent.
        let Some(top) = names.iter().find(|it| !used.contains(*it)).or(names.first()) else { return self.out.finish() };
        if let Some(declared) = self.messages.get(top).cloned() {
            let name = self.named(declared.message.name(), &declared.path);
            self.out.name(name);
            self.walk(top, "", 0);
        }
        self.out.finish()
    }

    /// The other messages that a message or those nested in it use.
    fn uses(&self, name: &str) -> Vec<String> {
        let inside = self
            .messages
            .iter()
            .filter(|(it, _)| *it == name || it.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')));
        let fields =
            inside.flat_map(|(scope, declared)| declared.message.field.iter().map(move |field| (scope, field)));
        fields
            .filter_map(|(scope, field)| self.look_up(field.type_name.as_deref()?, scope))
            .filter(|it| it != name)
            .collect()
    }

    /// Adds the fields below a message, whose own path is `path`.
    fn walk(&mut self, name: &str, path: &str, depth: usize) {
        self.visits = self.visits.saturating_sub(1);
        if depth > MAX_DEPTH || self.visits == 0 || self.open.iter().any(|it| it == name) {
            return;
        }
        let Some(Declared { message, path: location }) = self.messages.get(name).cloned() else { return };
        self.open.push(name.to_owned());
        for (index, field) in (0..).zip(&message.field) {
            let location = [location.as_slice(), &[tag::FIELD, index]].concat();
            let Some(text) = self.named(field.name(), &location) else { continue };
            let target = field.type_name.as_deref().and_then(|it| self.look_up(it, name));
            let entry =
                target.as_ref().and_then(|it| self.messages.get(it)).map(|it| it.message).filter(|it| is_map_entry(it));
            let (path, description) = (join(path, field.name()), self.comment(&location));
            self.out.field(Field {
                path: path.clone(),
                name: text,
                required: field.label() == Label::Required,
                ty: entry.map_or_else(|| type_of(field), map_type),
                classified: is_marked(field) || description.as_ref().is_some_and(|it| says_classification(&it.text)),
                description,
            });
            let value = entry.and_then(|it| self.look_up(it.field.get(1)?.type_name.as_deref()?, target.as_deref()?));
            match (entry, field.label()) {
                (Some(_), _) => value.into_iter().for_each(|it| self.walk(&it, &format!("{path}{{}}"), depth + 1)),
                (None, Label::Repeated) => {
                    if let Some(it) = target {
                        self.walk(&it, &format!("{path}[]"), depth + 1);
                    }
                }
                (None, _) => target.into_iter().for_each(|it| self.walk(&it, &path, depth + 1)),
            }
        }
        self.open.pop();
    }

    /// The full name of the message that `name` means inside the message `scope`: the innermost scope that has one
    /// wins.
    fn look_up(&self, name: &str, scope: &str) -> Option<String> {
        if let Some(absolute) = name.strip_prefix('.') {
            return self.messages.contains_key(absolute).then(|| absolute.to_owned());
        }
        let mut scope = scope;
        loop {
            let full = join(scope, name);
            if self.messages.contains_key(full.as_str()) {
                return Some(full.to_string());
            }
            if scope.is_empty() {
                return None;
            }
            scope = scope.rsplit_once('.').map_or("", |it| it.0);
        }
    }

    /// The name of a declaration at its place.
    fn named(&self, name: &str, path: &[i32]) -> Option<Text> {
        let location = self.locations.get([path, &[tag::NAME]].concat().as_slice())?;
        Some(Text { text: name.into(), span: self.span(location) })
    }

    /// The bytes of a location: line and column of both ends from 0, the end's line left out when it is the same.
    fn span(&self, location: &Location) -> Span {
        let offset = |line: i32, column: i32| {
            let start =
                usize::try_from(line).ok().and_then(|it| self.lines.get(it)).copied().unwrap_or(self.text.len());
            start + usize::try_from(column).unwrap_or(0)
        };
        match *location.span.as_slice() {
            [line, start, end] => Span::new(offset(line, start), offset(line, end)),
            [line, start, end_line, end] => Span::new(offset(line, start), offset(end_line, end)),
            _ => Span::default(),
        }
    }

    /// The comment above a declaration, or the one behind it on its line.
    fn comment(&self, path: &[i32]) -> Option<Text> {
        let location = self.locations.get(path)?;
        let span = self.span(location);
        if let Some(comment) = &location.leading_comments {
            return text_of(comment, self.comment_before(span.start as usize));
        }
        let rest = self.text.get(span.end as usize..)?;
        let line = rest.get(..rest.find('\n').unwrap_or(rest.len()))?;
        let start = span.end as usize + line.find("//").or_else(|| line.find("/*"))?;
        text_of(location.trailing_comments.as_ref()?, Span::new(start, span.end as usize + line.trim_end().len()))
    }

    /// The comment that ends right before `end`: `//` lines in a row, or one block.
    fn comment_before(&self, end: usize) -> Span {
        let before = self.text.get(..end).unwrap_or_default().trim_end();
        if before.ends_with("*/") {
            return Span::new(before.rfind("/*").unwrap_or(before.len()), before.len());
        }
        let mut start = before.len();
        while let Some(line) = self.text.get(..start).map(str::trim_end).filter(|it| !it.is_empty()) {
            let line_start = line.rfind('\n').map_or(0, |it| it + 1);
            let Some(slashes) =
                line.get(line_start..).filter(|it| it.trim_start().starts_with("//")).and_then(|it| it.find("//"))
            else {
                break;
            };
            start = line_start + slashes;
            let gap = self.text.get(..start).unwrap_or_default();
            if gap.trim_end_matches([' ', '\t']).trim_end_matches('\n').trim_end_matches('\r').ends_with('\n') {
                break;
            }
        }
        Span::new(start, before.len())
    }
}

/// A comment's text without the blanks around its lines; `None` when nothing is left.
fn text_of(comment: &str, span: Span) -> Option<Text> {
    let text = comment.lines().map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n");
    (!text.is_empty()).then(|| Text { text: text.into(), span })
}

/// Whether one of a field's options says how sensitive its value is.
fn is_marked(field: &FieldDescriptorProto) -> bool {
    let options = field.options.iter().flat_map(|it| &it.uninterpreted_option);
    options.flat_map(|it| &it.name).any(|it| is_classification(&it.name_part))
}

fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(|it| it.map_entry() && message.field.len() == 2)
}

fn map_type(entry: &DescriptorProto) -> SmolStr {
    let [key, value] = entry.field.as_slice() else { return "map".into() };
    format!("map<{}, {}>", scalar_type(key), scalar_type(value)).into()
}

fn type_of(field: &FieldDescriptorProto) -> SmolStr {
    let ty = scalar_type(field);
    if field.label() == Label::Repeated { format!("repeated {ty}").into() } else { ty.into() }
}

/// The type as it is written.
fn scalar_type(field: &FieldDescriptorProto) -> &str {
    if let Some(name) = &field.type_name {
        return name;
    }
    match field.r#type() {
        Type::Double => "double",
        Type::Float => "float",
        Type::Int64 => "int64",
        Type::Uint64 => "uint64",
        Type::Int32 => "int32",
        Type::Fixed64 => "fixed64",
        Type::Fixed32 => "fixed32",
        Type::Bool => "bool",
        Type::String => "string",
        Type::Group => "group",
        Type::Message => "message",
        Type::Bytes => "bytes",
        Type::Uint32 => "uint32",
        Type::Enum => "enum",
        Type::Sfixed32 => "sfixed32",
        Type::Sfixed64 => "sfixed64",
        Type::Sint32 => "sint32",
        Type::Sint64 => "sint64",
    }
}

#[cfg(test)]
mod tests {
    use crate::Language::Protobuf;
    use crate::testing::show;

    #[test]
    fn the_message_nobody_uses_is_the_one_that_is_sent() {
        let text = "\
syntax = \"proto3\";
package shop.orders.v1;

/* größer */ message Line { string sku = 1; repeated Line parts = 2; }

// An order.
message OrderPlaced {
  // Number of the order,
  // the ordering key.
  string order_id = 1;
  optional string note = 2; // Free text.
  repeated Line lines = 3;
  map<string, shop.orders.v1.Party> parties = 4;
  /* When. */ google.protobuf.Timestamp placed_at = 5;
  message Buyer { int64 id = 1; }
  Buyer buyer = 6;
  oneof payment { string card = 7; string iban = 8; }
}
message Party { string id = 1; }
";
        insta::assert_snapshot!(show(text, Protobuf), @r#"
        message OrderPlaced
        order_id? string: "Number of the order,\nthe ordering key. (at `// Number of the order,\n  // the ordering key.`)"
        note? string: "Free text. (at `// Free text.`)"
        lines? repeated Line
        lines[].sku? string
        lines[].parts? repeated Line
        parties? map<string, shop.orders.v1.Party>
        parties{}.id? string
        placed_at? google.protobuf.Timestamp: "When. (at `/* When. */`)"
        buyer? Buyer
        buyer.id? int64
        card? string
        iban? string
        "#);
    }

    #[test]
    fn proto2_has_required_fields() {
        let text = "message Order {\r\n\trequired string id = 1;\r\n\toptional int32 n = 2 [default = 3];\r\n}\r\n";
        insta::assert_snapshot!(show(text, Protobuf), @"
        message Order
        id string
        n? int32
        ");
    }

    #[test]
    fn a_file_that_does_not_parse_says_where() {
        insta::assert_snapshot!(show("syntax = \"proto3\";\nmessage Order { string id; }", Protobuf), @"
        problem `;`: Expected '=', but found ';'.
        ");
        assert_eq!(show("message Order {", Protobuf).lines().count(), 1);
        assert_eq!(show("", Protobuf), "");
    }
}
