//! The comparison of Apicurio Registry, which follows Protolock: names and numbers stay together for good, and what is
//! removed is reserved. Messages are known by their names without the package, types by their names as they are
//! written.

use std::collections::BTreeMap;

use archwright_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::protobuf::schema::{Enum, Field, Named, Service};
use crate::protobuf::tree::{Method, Range, Syntax, Type};

use super::files::Side;
use super::types::{entry, label};
use super::{Found, advice};

const RESERVE: &str = "Reserve the number and the name of what you remove: `reserved 4; reserved \"note\";`.";
const RESERVED: &str = "Keep what is reserved; take a number and a name that were never used.";
const NAME: &str = "Keep the name; where only the name in code matters, set it in the generator instead.";
const RPC: &str = "Keep the method as it is and add another one beside it.";

pub(super) fn compare(writer: &Side<'_>, reader: &Side<'_>) -> Vec<Found> {
    let mut it = Comparison { writer, reader, found: Vec::new() };
    let read: FxHashMap<&str, usize> = messages(reader).map(|index| (nested(reader, index), index)).collect();
    let written: BTreeMap<&str, usize> = messages(writer).map(|index| (nested(writer, index), index)).collect();
    for old in written.into_values() {
        it.message(old, read.get(nested(writer, old)).copied());
    }
    it.enums();
    it.services();
    it.found
}

/// The messages of the schema itself that somebody wrote.
fn messages(side: &Side<'_>) -> impl Iterator<Item = usize> {
    let written = |(index, it): (usize, &crate::protobuf::schema::Message<'_>)| {
        let own = it.file == 0 && !it.node.entry && !it.node.group;
        own.then_some(index)
    };
    side.schema.messages.iter().enumerate().filter_map(written)
}

fn nested<'a>(side: &'a Side<'_>, message: usize) -> &'a str {
    side.message(message).map_or("", |it| it.nested.as_str())
}

struct Comparison<'a> {
    writer: &'a Side<'a>,
    reader: &'a Side<'a>,
    found: Vec<Found>,
}

impl<'a> Comparison<'a> {
    fn add(
        &mut self,
        kind: &'static str,
        path: String,
        places: (Option<Span>, Option<Span>),
        message: String,
        advice: &'static str,
    ) {
        self.found.push(Found { kind, path, places, message, advice });
    }

    fn message(&mut self, old: usize, new: Option<usize>) {
        let (writer, reader) = (self.writer, self.reader);
        let written: Vec<_> = writer.fields(old).collect();
        let read: Vec<_> = new.into_iter().flat_map(|it| reader.fields(it)).collect();
        let names: FxHashMap<_, _> = read.iter().map(|it| (it.node.name.as_str(), it)).collect();
        let numbers: FxHashMap<_, _> = read.iter().map(|it| (it.node.number, it)).collect();
        let reserved = Reserved::of(reader, new);
        for field in &written {
            match names.get(field.node.name.as_str()) {
                Some(other) => self.field(field, other),
                None => self.removed(field, numbers.get(&field.node.number).copied(), new, &reserved),
            }
        }
        self.reserved(old, new, &read, &reserved);
        let proto2 = writer.main().is_some_and(|it| it.syntax == Syntax::Proto2);
        if proto2 && new.is_some() {
            let known: FxHashSet<&str> = written.iter().map(|it| it.node.name.as_str()).collect();
            for field in
                read.iter().filter(|it| label(it) == Some("required") && !known.contains(it.node.name.as_str()))
            {
                let path = reader.path(field);
                let text = format!(
                    "`{path}` is new and required: a reader cannot read a message that was written without it."
                );
                self.add("REQUIRED_FIELD_ADDED", path, (None, Some(field.node.name_span)), text, advice::REQUIRED);
            }
        }
    }

    /// A field whose name is on both sides.
    fn field(&mut self, old: &Field<'a>, new: &Field<'a>) {
        let path = self.reader.path(new);
        let (was, is) = (old.node.number, new.node.number);
        if was != is {
            let text = format!("`{path}` is written with the number {was} and read with {is}.");
            self.add(
                "FIELD_ID_CHANGED",
                path.clone(),
                (Some(old.node.name_span), Some(new.node.name_span)),
                text,
                advice::NUMBER,
            );
        }
        let places = (Some(old.node.type_span), Some(new.node.type_span));
        if spelled(self.writer, old) != spelled(self.reader, new) {
            let (was, is) = (self.writer.type_text(old), self.reader.type_text(new));
            let text =
                format!("`{path}` is written as `{was}` and read as `{is}`; the registry keeps every type as it is.");
            self.add("FIELD_TYPE_CHANGED", path.clone(), places, text, advice::TYPE);
        }
        if label(old) != label(new) {
            let [was, is] =
                [label(old), label(new)].map(|it| it.map_or("without a label".to_owned(), |it| format!("as `{it}`")));
            let text = format!("`{path}` is written {was} and read {is}; the registry keeps every label as it is.");
            self.add("FIELD_LABEL_CHANGED", path, places, text, advice::TYPE);
        }
    }

    /// A field whose name is not there any more.
    fn removed(
        &mut self,
        field: &Field<'a>,
        heir: Option<&Field<'a>>,
        message: Option<usize>,
        reserved: &Reserved<'_>,
    ) {
        let path = self.writer.path(field);
        let (name, number) = (field.node.name.as_str(), field.node.number);
        let place = Some(field.node.name_span);
        if let Some(heir) = heir {
            let text = format!("`{path}` has another name: its number {number} now belongs to `{}`.", heir.node.name);
            self.add("FIELD_NAME_CHANGED", path, (place, Some(heir.node.name_span)), text, NAME);
        } else if !(reserved.has_name(name) && reserved.has_number(number)) {
            let missing = match (reserved.has_name(name), reserved.has_number(number)) {
                (false, false) => format!("neither its name nor its number {number} is"),
                (true, _) => format!("its number {number} is not"),
                _ => "its name is not".to_owned(),
            };
            let text =
                format!("`{path}` is gone, and {missing} reserved: somebody may use it again for something else.");
            let place = (place, message.and_then(|it| self.reader.name_span(it)));
            self.add("FIELD_REMOVED_WITHOUT_RESERVATION", path, place, text, RESERVE);
        }
    }

    /// What was reserved must stay so and must not be used.
    fn reserved(&mut self, old: usize, new: Option<usize>, read: &[Field<'a>], after: &Reserved<'_>) {
        let before = Reserved::of(self.writer, Some(old));
        let places = (self.writer.name_span(old), new.and_then(|it| self.reader.name_span(it)));
        for field in read {
            let (name, number) = (field.node.name.as_str(), field.node.number);
            let what = match (before.has_number(number), before.has_name(name)) {
                (false, false) => continue,
                (true, _) => format!("the number {number}"),
                _ => format!("the name `{name}`"),
            };
            let path = self.reader.path(field);
            let text = format!("`{path}` uses {what}, which was reserved.");
            self.add("RESERVED_FIELD_USED", path, (places.0, Some(field.node.name_span)), text, RESERVED);
        }
        let path = nested(self.writer, old).to_owned();
        let lost: Vec<_> =
            before.names.iter().filter(|it| !after.names.contains(*it)).map(|it| format!("`{it}`")).collect();
        if !(lost.is_empty() && after.covers(&before.ranges)) {
            let what = if lost.is_empty() { "numbers".to_owned() } else { lost.join(", ") };
            let text = format!("`{path}` no longer reserves {what}: somebody may use them again for something else.");
            self.add("RESERVED_FIELD_REMOVED", path, places, text, RESERVED);
        }
    }

    fn enums(&mut self) {
        let own = |side: &'a Side<'a>| side.schema.enums.iter().filter(|it| it.file == 0);
        let read: FxHashMap<&str, &Enum<'a>> = own(self.reader).map(|it| (it.nested.as_str(), it)).collect();
        for old in own(self.writer) {
            let Some(new) = read.get(old.nested.as_str()) else { continue };
            let names: FxHashMap<_, _> = new.node.values.iter().map(|it| (it.name.as_str(), it)).collect();
            // The last name of a number counts, as for the registry.
            let before: BTreeMap<_, _> = old.node.values.iter().map(|it| (it.number, it)).collect();
            let after: FxHashMap<_, _> = new.node.values.iter().map(|it| (it.number, it)).collect();
            for value in &old.node.values {
                let Some(other) = names.get(value.name.as_str()).filter(|it| it.number != value.number) else {
                    continue;
                };
                let path = format!("{}.{}", old.nested, value.name);
                let text = format!("`{path}` is written as {} and read as {}.", value.number, other.number);
                self.add(
                    "FIELD_ID_CHANGED",
                    path,
                    (Some(value.name_span), Some(other.name_span)),
                    text,
                    advice::NUMBER,
                );
            }
            for (number, value) in before {
                let heir = after.get(&number);
                if heir.is_some_and(|it| it.name == value.name) {
                    continue;
                }
                let path = format!("{}.{}", old.nested, value.name);
                let text = match heir {
                    Some(it) => format!("`{path}` has another name: {number} is now `{}`.", it.name),
                    None => format!("`{path}` is gone: a reader does not know what {number} is."),
                };
                let place = heir.map_or(new.node.name_span, |it| it.name_span);
                self.add("FIELD_NAME_CHANGED", path, (Some(value.name_span), Some(place)), text, NAME);
            }
        }
    }

    fn services(&mut self) {
        let own = |side: &'a Side<'a>| side.schema.services.iter().filter(|it| it.file == 0);
        let read: FxHashMap<&str, &Service<'a>> = own(self.reader).map(|it| (it.node.name.as_str(), it)).collect();
        for old in own(self.writer) {
            let new = read.get(old.node.name.as_str());
            let methods: FxHashMap<_, _> =
                new.into_iter().flat_map(|it| &it.node.methods).map(|it| (it.name.as_str(), it)).collect();
            for method in &old.node.methods {
                let path = format!("{}.{}", old.node.name, method.name);
                match methods.get(method.name.as_str()) {
                    None => {
                        let text = format!("The method `{path}` is gone.");
                        self.add(
                            "RPC_REMOVED",
                            path,
                            (Some(method.name_span), new.map(|it| it.node.name_span)),
                            text,
                            RPC,
                        );
                    }
                    Some(it) if signature(it) != signature(method) => {
                        let text = format!("The method `{path}` takes or returns something else.");
                        self.add(
                            "RPC_SIGNATURE_CHANGED",
                            path,
                            (Some(method.name_span), Some(it.name_span)),
                            text,
                            RPC,
                        );
                    }
                    Some(_) => (),
                }
            }
        }
    }
}

fn signature(method: &Method) -> [(&str, bool); 2] {
    [&method.input, &method.output].map(|it| (it.name.as_str(), it.streaming))
}

/// A type in full, as the registry spells it: a name with dots is taken to be full.
fn spelled(side: &Side<'_>, field: &Field<'_>) -> String {
    let full = |name: &str| match name.strip_prefix('.') {
        Some(name) => name.to_owned(),
        None if name.contains('.') => name.to_owned(),
        None => {
            let resolved = side.schema.resolve(name, side.schema.scope(field.file, field.parent));
            let is_own = match resolved.named {
                Some(Named::Message(index)) => side.message(index).is_some_and(|it| it.file == 0),
                Some(Named::Enum(index)) => side.schema.enums.get(index).is_some_and(|it| it.file == 0),
                _ => false,
            };
            if is_own { resolved.full } else { format!("{}.{name}", side.schema.package(0)) }
        }
    };
    match &field.node.ty {
        Type::Scalar(it) => format!("`{}`", it.name()),
        Type::Named(name) | Type::Group(name) => full(name),
        Type::Map(name) => {
            let scope = side.schema.scope(field.file, field.parent);
            let Some(Named::Message(map)) = side.schema.resolve(name, scope).named else { return String::new() };
            // Inside of a map the registry compares the letters.
            let written = |it: Option<Field<'_>>| match it.map(|it| it.node.ty.clone()) {
                Some(Type::Scalar(it)) => it.name().to_owned(),
                Some(Type::Named(name)) => name,
                _ => String::new(),
            };
            entry(side, map).map(written).join(",")
        }
    }
}

/// What a message reserves.
#[derive(Default)]
struct Reserved<'a> {
    names: FxHashSet<&'a str>,
    /// In order, without overlaps and gaps.
    ranges: Vec<Range>,
}

impl<'a> Reserved<'a> {
    fn of(side: &'a Side<'_>, message: Option<usize>) -> Self {
        let Some(message) = message.and_then(|it| side.message(it)) else { return Self::default() };
        let all = message.node.reserved.iter().map(|it| it.it).filter(|it| it.first <= it.last);
        let names = message.node.reserved_names.iter().map(|it| it.it.as_str()).collect();
        Self { names, ranges: Range::merged(all.collect()) }
    }

    fn has_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    fn has_number(&self, number: i64) -> bool {
        self.covers(&[Range { first: number, last: number }])
    }

    /// Whether each of these ranges is reserved as a whole.
    fn covers(&self, ranges: &[Range]) -> bool {
        ranges.iter().all(|range| {
            let at = self.ranges.partition_point(|it| it.last < range.first);
            self.ranges.get(at).is_some_and(|it| it.first <= range.first && range.last <= it.last)
        })
    }
}
