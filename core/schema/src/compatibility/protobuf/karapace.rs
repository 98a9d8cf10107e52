//! The comparison of Karapace: fields and oneofs apart, labels as they are written, and messages by what they hold.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::protobuf::schema::Field;

use super::files::Side;
use super::types::{Held, Holds, Wire, entry, holds, label, oneof};
use super::{Found, Places, TooLarge, Walk, advice};

pub(super) fn compare(writer: &Side<'_>, reader: &Side<'_>) -> Result<Vec<Found>, TooLarge> {
    let mut it = Comparison { walk: Walk::new(writer, reader), known: FxHashSet::default() };
    it.messages((0, None), (0, None));
    it.walk.finish()
}

struct Comparison<'a> {
    walk: Walk<'a>,
    /// The pairs of messages that are or were looked at.
    known: FxHashSet<(usize, usize)>,
}

type Numbered<'a> = BTreeMap<i64, Field<'a>>;

impl<'a> Comparison<'a> {
    fn messages(&mut self, writer: (usize, Option<usize>), reader: (usize, Option<usize>)) {
        let (old, new) = (self.walk.writer, self.walk.reader);
        let read: FxHashMap<_, _> = new.messages(reader.0, reader.1).into_iter().collect();
        for (name, index) in old.messages(writer.0, writer.1) {
            if let Some(&other) = read.get(name) {
                self.message(index, other);
                continue;
            }
            let Some(message) = old.message(index) else { continue };
            // An enum of the same name takes its place, which Karapace lets pass.
            if new.has_enum(reader.0, &message.nested) {
                continue;
            }
            let text = format!("The message `{}` is gone: nobody can read what was written with it.", message.nested);
            let places = (old.name_span(index), reader.1.and_then(|it| new.name_span(it)));
            self.walk.add("MESSAGE_DROP", message.nested.clone(), places, text, advice::MESSAGE);
        }
    }

    fn message(&mut self, old: usize, new: usize) {
        if !self.walk.may_go_on() || !self.known.insert((old, new)) {
            return;
        }
        let (writer, reader) = (self.walk.writer, self.walk.reader);
        let (mut written, were) = numbered(writer, old);
        let (read, are) = numbered(reader, new);
        self.walk.steps += written.len() + read.len();
        let (Some(one), Some(other)) = (writer.message(old), reader.message(new)) else { return };
        for it in &other.node.oneofs {
            let moved: Vec<_> = are
                .get(it.name.as_str())
                .into_iter()
                .flat_map(BTreeMap::keys)
                .filter_map(|it| written.remove(it))
                .collect();
            if moved.len() > 1 {
                let names: Vec<_> = moved.iter().map(|it| format!("`{}`", it.node.name)).collect();
                let path = format!("{}.{}", other.nested, it.name);
                let text = format!(
                    "{} could be set together; in `{path}` a reader keeps only the last of them.",
                    names.join(", ")
                );
                let places = (moved.first().map(|it| it.node.name_span), Some(it.name_span));
                self.walk.add("FEW_FIELDS_CONVERTED_TO_ONE_OF", path, places, text, advice::ONEOF);
            }
        }
        let names: FxHashMap<_, _> = read.values().map(|it| (it.node.name.as_str(), *it)).collect();
        for (number, field) in &written {
            if let Some(new) = names.get(field.node.name.as_str()).filter(|it| it.node.number != *number) {
                let path = reader.path(new);
                let text = format!("`{path}` is written with the number {number} and read with {}.", new.node.number);
                let places = (Some(field.node.name_span), Some(new.node.name_span));
                self.walk.add("FIELD_TAG_ALTER", path, places, text, advice::NUMBER);
            }
            if let Some(new) = read.get(number) {
                self.field(field, new);
            }
        }
        for (name, fields) in &were {
            let Some(left) = are.get(name) else { continue };
            for (number, field) in fields {
                if let Some(new) = left.get(number) {
                    self.field(field, new);
                    continue;
                }
                let path = writer.path(field);
                let text = format!("`{path}` is gone from `{name}`: a reader sees nothing set where a writer set it.");
                let places = (Some(field.node.name_span), reader.name_span(new));
                self.walk.add("ONE_OF_FIELD_DROP", path, places, text, advice::ONEOF_FIELD);
            }
        }
        self.messages((one.file, Some(old)), (other.file, Some(new)));
    }

    fn field(&mut self, old: &Field<'a>, new: &Field<'a>) {
        let path = self.walk.reader.path(new);
        self.types(old, new, &path, (Some(old.node.type_span), Some(new.node.type_span)));
    }

    fn types(&mut self, old: &Field<'a>, new: &Field<'a>, path: &str, places: Places) {
        let (writer, reader) = (self.walk.writer, self.walk.reader);
        let (was, is) = (writer.type_text(old), reader.type_text(new));
        match (holds(writer, old), holds(reader, new)) {
            (Holds::Scalar(one), Holds::Scalar(other)) => {
                let (before, after) = (label(old), label(new));
                if before != after && one != Wire::Bytes {
                    let [before, after] =
                        [before, after].map(|it| it.map_or("without a label".to_owned(), |it| format!("as `{it}`")));
                    let text = format!("`{path}` is written {before} and read {after}, which numbers do not survive.");
                    self.walk.add("FIELD_LABEL_ALTER", path.to_owned(), places, text, advice::TYPE);
                }
                if one != other {
                    let text = format!(
                        "`{path}` is written as `{was}` and read as `{is}`, which stand differently in a message."
                    );
                    self.walk.add("FIELD_KIND_ALTER", path.to_owned(), places, text, advice::TYPE);
                }
            }
            (Holds::Map(one), Holds::Map(other)) => {
                for pair in entry(writer, one).iter().zip(&entry(reader, other)) {
                    if let (Some(old), Some(new)) = pair {
                        self.types(old, new, path, places);
                    }
                }
            }
            (Holds::Message(Held::Known(one)), Holds::Message(Held::Known(other))) => self.held(one, other, places),
            (Holds::Message(one), Holds::Message(other)) => {
                if one.name(writer) != other.name(reader) {
                    let text =
                        format!("`{path}` is written as `{was}` and read as `{is}`, which is not the same message.");
                    self.walk.add("FIELD_TYPE_ALTER", path.to_owned(), places, text, advice::TYPE);
                }
            }
            _ => {
                let text = format!("`{path}` is written as `{was}` and read as `{is}`, which are of different kinds.");
                self.walk.add("FIELD_KIND_ALTER", path.to_owned(), places, text, advice::TYPE);
            }
        }
    }

    /// Messages of different names pass for a field that changed its name; others must hold the same.
    fn held(&mut self, old: usize, new: usize, places: Places) {
        let (Some(one), Some(other)) = (self.walk.writer.message(old), self.walk.reader.message(new)) else { return };
        if one.nested != other.nested || one.file == 0 && other.file == 0 {
            return;
        }
        let inside = self.walk.inside;
        if self.walk.enter(places) {
            self.message(old, new);
            self.walk.leave(inside);
        }
    }
}

/// The fields by their numbers: those outside of oneofs, and those of each oneof.
fn numbered<'a>(side: &'a Side<'a>, message: usize) -> (Numbered<'a>, BTreeMap<&'a str, Numbered<'a>>) {
    let (mut fields, mut oneofs) = (BTreeMap::new(), BTreeMap::new());
    if let Some(it) = side.message(message) {
        oneofs.extend(it.node.oneofs.iter().map(|it| (it.name.as_str(), BTreeMap::new())));
    }
    for field in side.fields(message) {
        match oneof(&field) {
            Some(name) => {
                oneofs.entry(name).or_insert_with(BTreeMap::new).insert(field.node.number, field);
            }
            None => {
                fields.insert(field.node.number, field);
            }
        }
    }
    (fields, oneofs)
}
