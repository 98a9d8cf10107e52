//! The fields of the message that a Protobuf file is about.

use archwright_syntax::{Span, Spanned};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::check::pool::Read;
use super::check::problems;
use super::parser::parse;
use super::schema::{Cardinality, Field as Declared, Named, Schema, Source};
use super::tree::{self, Label, Type};
use crate::shape::{Builder, MAX_DEPTH, is_classification, join, says_classification};
use crate::{Field, Language, Shape};

/// How many messages are looked at. Messages that use each other many times over multiply.
const MAX_VISITS: u32 = 50_000;

/// The shape of a file; `own` are the paths by which imports may mean it, and `read` gives the texts of imports.
pub(crate) fn shape(text: &str, own: &[String], read: Read<'_>) -> Shape {
    let mut parsed = parse(text);
    // By whatever path it is imported, it is one file.
    parsed.file.name_once(own);
    let path = own.first().map(String::as_str).unwrap_or_default();
    let mut out = Builder::new(Language::Protobuf);
    let is_whole = !parsed.faults.iter().any(|it| it.is_lost);
    let (found, unread) = problems(&parsed, own, read);
    out.unread(unread);
    for it in found {
        if is_whole { out.problem(it.span, it.message) } else { out.loss(it.span, it.message) }
    }
    let file = &parsed.file;
    let schema = Schema::new(vec![Source { path, file }]);
    let mut reader =
        Reader { text, comments: &file.comments, schema: &schema, out, open: Vec::new(), visits: MAX_VISITS };
    if let Some(top) = reader.top() {
        if let Some(it) = schema.messages.get(top) {
            reader.out.name(Some(Spanned { text: it.node.name.as_str().into(), span: it.node.name_span }));
        }
        reader.walk(top, "", 0);
    }
    reader.out.finish()
}

struct Reader<'s> {
    text: &'s str,
    comments: &'s [Span],
    schema: &'s Schema<'s>,
    out: Builder,
    /// The messages that are being walked, so that one that contains itself ends.
    open: Vec<usize>,
    /// How many messages may still be looked at.
    visits: u32,
}

impl<'s> Reader<'s> {
    /// The first message that no other message of the file uses is the one that is sent.
    fn top(&self) -> Option<usize> {
        let mut outermost: FxHashMap<usize, usize> = FxHashMap::default();
        let mut used = vec![false; self.schema.messages.len()];
        for (index, message) in self.schema.messages.iter().enumerate() {
            // A message comes before those that nest in it.
            let top = message.parent.and_then(|it| outermost.get(&it).copied()).unwrap_or(index);
            outermost.insert(index, top);
            for field in self.schema.fields(index) {
                if let Some(target) = self.target(&field).filter(|it| *it != top)
                    && let Some(is_used) = used.get_mut(target)
                {
                    *is_used = true;
                }
            }
        }
        let mut tops = (0..self.schema.messages.len()).filter(|it| outermost.get(it) == Some(it));
        let unused = tops.clone().find(|it| used.get(*it) == Some(&false));
        unused.or_else(|| tops.next())
    }

    /// The message that a field holds, if it stands in this file.
    fn target(&self, field: &Declared<'s>) -> Option<usize> {
        let (Type::Named(name) | Type::Group(name) | Type::Map(name)) = &field.node.ty else { return None };
        match self.schema.resolve(name, self.schema.scope(field.file, field.parent)).named {
            Some(Named::Message(index)) => Some(index),
            _ => None,
        }
    }

    /// Adds the fields below a message, whose own path is `path`.
    fn walk(&mut self, message: usize, path: &str, depth: usize) {
        self.visits = self.visits.saturating_sub(1);
        if self.open.contains(&message) {
            return;
        }
        if depth > MAX_DEPTH || self.visits == 0 {
            return self.out.cut();
        }
        self.open.push(message);
        let schema = self.schema;
        for field in schema.fields(message) {
            let node = field.node;
            let target = self.target(&field);
            let entry = target.filter(|it| schema.messages.get(*it).is_some_and(|it| it.node.entry));
            let (path, description) = (join(path, &node.name), self.comment(node.span));
            self.out.field(Field {
                path: path.clone(),
                name: Spanned { text: node.name.as_str().into(), span: node.name_span },
                required: field.cardinality() == Cardinality::Required,
                ty: self.type_of(node, entry),
                classified: is_marked(node) || description.as_ref().is_some_and(|it| says_classification(&it.text)),
                description,
            });
            let (held, path) = match entry {
                Some(entry) => (schema.fields(entry).nth(1).and_then(|it| self.target(&it)), format!("{path}{{}}")),
                None if node.label == Label::Repeated => (target, format!("{path}[]")),
                None => (target, path.to_string()),
            };
            if let Some(held) = held {
                self.walk(held, &path, depth + 1);
            }
        }
        self.open.pop();
    }

    /// The type as it is written.
    fn type_of(&self, field: &tree::Field, entry: Option<usize>) -> SmolStr {
        let name = |field: &'s tree::Field| match &field.ty {
            Type::Scalar(it) => it.name(),
            Type::Named(name) | Type::Group(name) | Type::Map(name) => name,
        };
        if let Some(entry) = entry {
            let mut sides = self.schema.fields(entry).map(|it| name(it.node));
            return match (sides.next(), sides.next()) {
                (Some(key), Some(value)) => format!("map<{key}, {value}>").into(),
                _ => "map".into(),
            };
        }
        match &field.ty {
            Type::Scalar(it) if field.label == Label::Repeated => format!("repeated {}", it.name()).into(),
            Type::Scalar(it) => it.name().into(),
            Type::Named(name) | Type::Group(name) | Type::Map(name) if field.label == Label::Repeated => {
                format!("repeated {name}").into()
            }
            Type::Named(name) | Type::Group(name) | Type::Map(name) => name.into(),
        }
    }

    /// The comment above a declaration, or the one behind it on its line.
    fn comment(&self, declaration: Span) -> Option<Spanned> {
        let behind = self.comments.partition_point(|it| it.start < declaration.start);
        self.above(declaration, behind).or_else(|| self.behind(declaration))
    }

    /// The comment that ends right before a declaration: `//` lines in a row, or one block. `behind` is the first
    /// comment that does not stand before it.
    fn above(&self, declaration: Span, behind: usize) -> Option<Spanned> {
        let mut last = behind.checked_sub(1)?;
        let nearest = *self.comments.get(last)?;
        if self.lines_between(nearest.end, declaration.start)? > 1 || self.is_behind_code(nearest, declaration.start) {
            return None;
        }
        let mut whole = nearest;
        while nearest.of(self.text).starts_with("//")
            && let Some(before) = last.checked_sub(1).and_then(|it| self.comments.get(it))
            && before.of(self.text).starts_with("//")
            && self.lines_between(before.end, whole.start) == Some(1)
            && !self.is_behind_code(*before, whole.start)
        {
            whole.start = before.start;
            last -= 1;
        }
        self.text_of(self.comments.get(last..behind)?, whole)
    }

    /// Whether a comment stands behind something on its line and belongs to that, because what follows stands on a
    /// later line.
    fn is_behind_code(&self, comment: Span, next: u32) -> bool {
        let before = self.text.get(..comment.start as usize).unwrap_or_default();
        let line = before.get(before.rfind('\n').map_or(0, |it| it + 1)..).unwrap_or_default();
        !line.trim().is_empty() && self.lines_between(comment.end, next) != Some(0)
    }

    /// How many line ends there are between two places that only blanks stand between.
    fn lines_between(&self, start: u32, end: u32) -> Option<usize> {
        let between = self.text.get(start as usize..end as usize)?;
        between.trim().is_empty().then(|| between.matches('\n').count())
    }

    /// The comment that follows a declaration on its line.
    fn behind(&self, declaration: Span) -> Option<Spanned> {
        let at = self.comments.partition_point(|it| it.start < declaration.end);
        let comment = *self.comments.get(at)?;
        if self.lines_between(declaration.end, comment.start) != Some(0) {
            return None;
        }
        let rest = self.text.get(comment.end as usize..)?;
        let is_last = rest.split('\n').next().is_none_or(|it| it.trim().is_empty());
        if is_last { self.text_of(&[comment], comment) } else { None }
    }

    /// What comments say, without their marks and the blanks around their lines; `None` when nothing is left.
    fn text_of(&self, comments: &[Span], span: Span) -> Option<Spanned> {
        let mut lines = Vec::new();
        for comment in comments {
            let source = comment.of(self.text);
            match source.strip_prefix("//") {
                Some(line) => lines.push(line.trim()),
                None => {
                    let inside = source.strip_prefix("/*").unwrap_or(source);
                    let inside = inside.strip_suffix("*/").unwrap_or(inside);
                    let stars = |it: &'s str| it.trim_start().strip_prefix('*').unwrap_or(it).trim();
                    lines
                        .extend(inside.lines().enumerate().map(|(at, it)| if at == 0 { it.trim() } else { stars(it) }));
                }
            }
        }
        let text = lines.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n");
        (!text.is_empty()).then(|| Spanned { text: text.into(), span })
    }
}

/// Whether one of a field's options says how sensitive its value is.
fn is_marked(field: &tree::Field) -> bool {
    field.options.iter().flat_map(|it| &it.name).any(|it| is_classification(&it.text))
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
import \"google/protobuf/timestamp.proto\";

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
        message Order
        problem `;`: Found `;` where `=` belongs.
        ");
        let unclosed = "message Order\nproblem `{`: This brace is never closed; end it with `}`.\n";
        assert_eq!(show("message Order {", Protobuf), unclosed);
        assert_eq!(show("", Protobuf), "");
    }
}
