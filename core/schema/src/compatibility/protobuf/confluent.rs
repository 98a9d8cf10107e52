//! The comparison of Confluent Schema Registry: fields by their numbers across the whole message, oneofs by who
//! excludes whom.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::protobuf::schema::Field;

use super::files::Side;
use super::types::{Held, Holds, Wire, entry, holds, label, oneof};
use super::{Found, Places, TooLarge, Walk, advice};

pub(super) fn compare(writer: &Side<'_>, reader: &Side<'_>) -> Result<Vec<Found>, TooLarge> {
    let mut it = Comparison { walk: Walk::new(writer, reader), known: FxHashMap::default() };
    if let (Some(old), Some(new)) = (writer.main(), reader.main())
        && old.package != new.package
    {
        let message = format!(
            "The package changes from `{}` to `{}`, and the full name of every message with it.",
            old.package, new.package
        );
        let advice =
            "Keep the package; a new version in a package of its own stands beside the old one in a file of its own.";
        it.walk.add("PACKAGE_CHANGED", new.package.clone(), (old.package_span, new.package_span), message, advice);
    }
    it.messages((0, None), (0, None));
    it.walk.finish()
}

struct Comparison<'a> {
    walk: Walk<'a>,
    /// Whether the messages of imports are compatible; taken to be while they are being looked at.
    known: FxHashMap<(usize, usize), bool>,
}

impl<'a> Comparison<'a> {
    /// Compares the messages that stand in a file or in a message by their names.
    fn messages(&mut self, writer: (usize, Option<usize>), reader: (usize, Option<usize>)) {
        let read: FxHashMap<_, _> = self.walk.reader.messages(reader.0, reader.1).into_iter().collect();
        for (name, old) in self.walk.writer.messages(writer.0, writer.1) {
            if let Some(&new) = read.get(name) {
                self.message(old, new);
                continue;
            }
            let Some(message) = self.walk.writer.message(old) else { continue };
            let text = format!("The message `{}` is gone: nobody can read what was written with it.", message.nested);
            let places = (self.walk.writer.name_span(old), reader.1.and_then(|it| self.walk.reader.name_span(it)));
            self.walk.add("MESSAGE_REMOVED", message.nested.clone(), places, text, advice::MESSAGE);
        }
    }

    fn message(&mut self, old: usize, new: usize) {
        if !self.walk.may_go_on() {
            return;
        }
        let (writer, reader) = (self.walk.writer, self.walk.reader);
        let by_number = |side: &'a Side<'a>, message| {
            side.fields(message).map(|it| (it.node.number, it)).collect::<BTreeMap<_, _>>()
        };
        let (written, read) = (by_number(writer, old), by_number(reader, new));
        self.walk.steps += written.len() + read.len();
        self.exclusions(new, &written, &read);
        let gone = gone(reader, new, &written, &read);
        for number in written.keys().chain(read.keys().filter(|it| !written.contains_key(it))) {
            match (written.get(number), read.get(number)) {
                (Some(old), Some(new)) => self.field(old, new),
                (Some(old), None) => self.removed(old, new, &gone),
                (None, Some(new)) if oneof(new).is_none() && label(new) == Some("required") => {
                    let path = reader.path(new);
                    let text = format!(
                        "`{path}` is new and required: a reader cannot read a message that was written without it."
                    );
                    self.walk.add(
                        "REQUIRED_FIELD_ADDED",
                        path,
                        (None, Some(new.node.name_span)),
                        text,
                        advice::REQUIRED,
                    );
                }
                _ => (),
            }
        }
        if let (Some(one), Some(other)) = (writer.message(old), reader.message(new)) {
            self.messages((one.file, Some(old)), (other.file, Some(new)));
        }
    }

    /// Fields that could be set together and can no longer.
    fn exclusions(&mut self, message: usize, written: &BTreeMap<i64, Field<'a>>, read: &BTreeMap<i64, Field<'a>>) {
        let Some(node) = self.walk.reader.message(message) else { return };
        let mut members: FxHashMap<&str, Vec<&Field<'a>>> = FxHashMap::default();
        for field in read.values() {
            if let Some(name) = oneof(field) {
                members.entry(name).or_default().extend(written.get(&field.node.number));
            }
        }
        for it in &node.node.oneofs {
            let Some(before) = members.get(it.name.as_str()) else { continue };
            let groups: BTreeSet<_> = before.iter().map(|it| oneof(it).ok_or(it.node.number)).collect();
            if groups.len() < 2 {
                continue;
            }
            let alone = groups.iter().filter(|it| it.is_err()).count();
            let kind = if alone > 1 { "MULTIPLE_FIELDS_MOVED_TO_ONEOF" } else { "FIELD_MOVED_TO_EXISTING_ONEOF" };
            let path = format!("{}.{}", node.nested, it.name);
            let parts: Vec<_> = groups.iter().map(|it| written_as(*it, written)).collect();
            let text = format!(
                "{} could be set together; in `{path}` a reader keeps only the last of them.",
                parts.join(", ")
            );
            let place = before.iter().find(|it| oneof(it).is_none()).or(before.first()).map(|it| it.node.name_span);
            self.walk.add(kind, path, (place, Some(it.name_span)), text, advice::ONEOF);
        }
    }

    fn removed(&mut self, field: &Field<'a>, message: usize, gone: &BTreeSet<&str>) {
        let path = self.walk.writer.path(field);
        let places = (Some(field.node.name_span), self.walk.reader.name_span(message));
        match oneof(field) {
            Some(name) if !gone.contains(name) => {
                let text = format!("`{path}` is gone from `{name}`: a reader sees nothing set where a writer set it.");
                self.walk.add("ONEOF_FIELD_REMOVED", path, places, text, advice::ONEOF_FIELD);
            }
            None if label(field) == Some("required") => {
                let text =
                    format!("`{path}` is required and gone: readers of the file that has it cannot do without it.");
                self.walk.add("REQUIRED_FIELD_REMOVED", path, places, text, advice::REQUIRED);
            }
            _ => (),
        }
    }

    fn field(&mut self, old: &Field<'a>, new: &Field<'a>) {
        let path = self.walk.reader.path(new);
        let places = (Some(old.node.type_span), Some(new.node.type_span));
        self.types(old, new, &path, places);
    }

    /// Compares what two fields hold, or two parts of maps, which have no label.
    fn types(&mut self, old: &Field<'a>, new: &Field<'a>, path: &str, places: Places) {
        let (writer, reader) = (self.walk.writer, self.walk.reader);
        let (was, is) = (writer.type_text(old), reader.type_text(new));
        match (holds(writer, old), holds(reader, new)) {
            (Holds::Scalar(one), Holds::Scalar(other)) if one != other => {
                let text =
                    format!("`{path}` is written as `{was}` and read as `{is}`, which stand differently in a message.");
                self.walk.add("FIELD_SCALAR_KIND_CHANGED", path.to_owned(), places, text, advice::TYPE);
            }
            (Holds::Scalar(one), Holds::Scalar(_)) => {
                if let (Some(was), Some(is)) = (label(old), label(new))
                    && was != is
                    && one != Wire::Bytes
                {
                    let text =
                        format!("`{path}` is written as `{was}` and read as `{is}`, which numbers do not survive.");
                    self.walk.add("FIELD_NUMERIC_LABEL_CHANGED", path.to_owned(), places, text, advice::TYPE);
                }
            }
            (Holds::Map(one), Holds::Map(other)) => {
                for pair in entry(writer, one).iter().zip(&entry(reader, other)) {
                    if let (Some(old), Some(new)) = pair {
                        self.types(old, new, path, places);
                    }
                }
            }
            (Holds::Message(one), Holds::Message(other)) => {
                let same = match (&one, &other) {
                    (Held::Known(one), Held::Known(other)) => self.same(*one, *other, places),
                    _ => one.name(writer) == other.name(reader),
                };
                if !same {
                    let what = if was == is {
                        format!("holds a `{is}`, which changed in its own file so that it cannot be read any more")
                    } else {
                        format!("is written as `{was}` and read as `{is}`, which is not the same message")
                    };
                    let text = format!("`{path}` {what}.");
                    self.walk.add("FIELD_NAMED_TYPE_CHANGED", path.to_owned(), places, text, advice::TYPE);
                }
            }
            _ => {
                let text = format!("`{path}` is written as `{was}` and read as `{is}`, which are of different kinds.");
                self.walk.add("FIELD_KIND_CHANGED", path.to_owned(), places, text, advice::TYPE);
            }
        }
    }

    /// Whether two messages have the same name and, when one of them is of an import, compatible contents. Those of the
    /// schema itself are compared where they are declared.
    fn same(&mut self, old: usize, new: usize, places: Places) -> bool {
        let (Some(one), Some(other)) = (self.walk.writer.message(old), self.walk.reader.message(new)) else {
            return true;
        };
        if one.nested != other.nested {
            return false;
        }
        if one.file == 0 && other.file == 0 {
            return true;
        }
        if let Some(&known) = self.known.get(&(old, new)) {
            return known;
        }
        self.known.insert((old, new), true);
        let before = self.walk.found.len();
        let inside = self.walk.inside;
        if self.walk.enter(places) {
            self.message(old, new);
            self.walk.leave(inside);
        }
        let same = self.walk.found.len() == before;
        self.known.insert((old, new), same);
        same
    }
}

/// The name of a oneof or of the field with a number.
fn written_as(group: Result<&str, i64>, written: &BTreeMap<i64, Field<'_>>) -> String {
    match group {
        Ok(oneof) => format!("`oneof {oneof}`"),
        Err(number) => written.get(&number).map_or(String::new(), |it| format!("`{}`", it.node.name)),
    }
}

/// The oneofs that are gone with all that stood in them, which is compatible.
fn gone<'a>(
    reader: &Side<'a>,
    new: usize,
    written: &BTreeMap<i64, Field<'a>>,
    read: &BTreeMap<i64, Field<'a>>,
) -> BTreeSet<&'a str> {
    let left: BTreeSet<&str> =
        reader.message(new).into_iter().flat_map(|it| &it.node.oneofs).map(|it| it.name.as_str()).collect();
    let mut gone: BTreeSet<_> = written.values().filter_map(oneof).filter(|it| !left.contains(it)).collect();
    for field in written.values().filter(|it| read.contains_key(&it.node.number)) {
        if let Some(name) = oneof(field) {
            gone.remove(name);
        }
    }
    gone
}
