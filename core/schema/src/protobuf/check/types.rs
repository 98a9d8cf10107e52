//! Types: names that nobody declares, maps, extensions, methods, and what may hold what.

use archwright_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use super::numbers::Sorted;
use super::pool::{Kind, Lookup, Pool};
use super::{Check, type_name};
use crate::protobuf::known;
use crate::protobuf::schema::{Field, Kind as Holds, qualified};
use crate::protobuf::tree::{Label, Scalar, Syntax, Type, Visibility};

/// What a type leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    Scalar(Scalar),
    Message(usize),
    Enum(usize),
    /// Nothing that could be found.
    Unknown,
}

impl<'p> Check<'p> {
    pub(super) fn types(&mut self) {
        for field in self.written_fields() {
            self.field_type(&field);
            self.extended(&field);
        }
        for (index, message) in self.messages() {
            if message.node.entry {
                self.map(index);
            }
            let filled: FxHashSet<usize> = message.node.fields.iter().filter_map(|it| it.oneof).collect();
            for (at, oneof) in message.node.oneofs.iter().enumerate() {
                if !filled.contains(&at) {
                    self.tell(oneof.name_span, "A oneof has at least one field.");
                }
            }
        }
        self.methods();
    }

    /// Where a field's names are looked up from: its own full name.
    pub(super) fn inside(&self, field: &Field<'p>) -> String {
        let scope = self.pool.schema.scope(field.file, field.parent);
        qualified(scope, &field.node.name)
    }

    /// What the type of a field of the file leads to.
    pub(super) fn target(&self, field: &Field<'p>) -> Target {
        let scope = self.pool.schema.scope(field.file, field.parent);
        match &field.node.ty {
            Type::Scalar(it) => Target::Scalar(*it),
            Type::Group(name) | Type::Map(name) => {
                let found = self.pool.schema.message_named(&qualified(scope, name));
                found.map_or(Target::Unknown, Target::Message)
            }
            Type::Named(name) => match self.pool.look_up(name, &self.inside(field), true) {
                Lookup::Found(symbol) => match symbol.kind {
                    Kind::Message(index) => Target::Message(index),
                    Kind::Enum(index) => Target::Enum(index),
                    _ => Target::Unknown,
                },
                _ => Target::Unknown,
            },
        }
    }

    /// The message that an extension adds to.
    pub(super) fn extendee(&self, field: &Field<'p>) -> Target {
        let Some(extendee) = &field.node.extendee else { return Target::Unknown };
        match self.pool.look_up(&extendee.it, &self.inside(field), false) {
            Lookup::Found(symbol) => match symbol.kind {
                Kind::Message(index) => Target::Message(index),
                _ => Target::Unknown,
            },
            _ => Target::Unknown,
        }
    }

    /// Says why a name leads nowhere, if that is certain.
    fn not_found(&mut self, written: &str, span: Span, lookup: Lookup, what: &str) {
        let message = match lookup {
            Lookup::Found(_) | Lookup::Unknown => return,
            Lookup::Missing if known::declaring(written).is_some() => {
                let path = known::declaring(written).unwrap_or_default();
                format!("`{written}` is declared in {path}, which this file does not import.")
            }
            Lookup::Missing => {
                let near = self.nearest_type(written);
                let hint = near.map_or_else(String::new, |it| format!(" Did you mean `{it}`?"));
                format!("`{written}` is no {what}: nothing of this name is declared or imported.{hint}")
            }
            Lookup::Hidden(full) => format!(
                "`{written}` means `{full}` here, because the innermost scope counts, and that does not exist. Start \
                the name with a dot to look it up from the outermost scope."
            ),
            Lookup::NotImported(file) => {
                format!("`{written}` is declared in {}, which this file does not import.", self.pool.path(file))
            }
        };
        self.tell(span, message);
    }

    /// The type that was meant by a name: one that is called so elsewhere, else one whose name is spelt alike.
    fn nearest_type(&mut self, written: &str) -> Option<&'p str> {
        let (pool, wanted) = (self.pool, last(written));
        match self.namesakes.get_or_insert_with(|| namesakes(pool)).get(wanted).copied() {
            Some(only) => only,
            None => {
                let names = pool.type_names().map(last).chain(Scalar::ALL.iter().map(|it| it.name()));
                self.guesses.nearest(wanted, names)
            }
        }
    }

    fn field_type(&mut self, field: &Field<'p>) {
        let Type::Named(written) = &field.node.ty else { return };
        self.named_type(written, field.node.type_span, &self.inside(field));
    }

    fn named_type(&mut self, written: &str, span: Span, inside: &str) {
        if written == "group" {
            self.tell(span, "A group cannot stand in a map.");
            return;
        }
        match self.pool.look_up(written, inside, true) {
            Lookup::Found(symbol) => match symbol.kind {
                Kind::Message(index) => {
                    if self.pool.schema.messages.get(index).is_some_and(|it| it.node.entry) {
                        let message = format!("`{written}` stands for the entries of a map; write `map<key, value>`.");
                        self.tell(span, message);
                    }
                    self.visible(symbol.kind, written, span);
                }
                Kind::Enum(_) => self.visible(symbol.kind, written, span),
                _ => self.tell(span, format!("`{written}` is no type.")),
            },
            lookup => self.not_found(written, span, lookup, "type"),
        }
    }

    /// Types of other files must be exported (edition 2024).
    fn visible(&mut self, kind: Kind, written: &str, span: Span) {
        let schema = &self.pool.schema;
        let (visibility, parent, file) = match kind {
            Kind::Message(index) => match schema.messages.get(index) {
                Some(it) => (it.node.visibility, it.parent, it.file),
                None => return,
            },
            Kind::Enum(index) => match schema.enums.get(index) {
                Some(it) => (it.node.visibility, it.parent, it.file),
                None => return,
            },
            _ => return,
        };
        let is_exported = match visibility {
            Visibility::Export => true,
            Visibility::Local => false,
            Visibility::Unset => match schema.feature("default_symbol_visibility", &[], None, file) {
                "EXPORT_TOP_LEVEL" => parent.is_none(),
                "LOCAL_ALL" | "STRICT" => false,
                _ => true,
            },
        };
        if file != 0 && !is_exported {
            let path = self.pool.path(file);
            self.tell(span, format!("`{written}` is local to {path}; mark it there as `export`."));
        }
    }

    /// The message that a field extends, and whether it may.
    fn extended(&mut self, field: &Field<'p>) {
        let Some(extendee) = field.node.extendee.as_ref().filter(|it| !is_built_in(&it.it)) else { return };
        let schema = &self.pool.schema;
        let index = match self.pool.look_up(&extendee.it, &self.inside(field), false) {
            Lookup::Found(symbol) => match symbol.kind {
                Kind::Message(index) => index,
                _ => return self.tell(extendee.span, format!("`{}` is no message.", extendee.it)),
            },
            lookup => return self.not_found(&extendee.it, extendee.span, lookup, "message"),
        };
        let Some(message) = schema.messages.get(index) else { return };
        self.visible(Kind::Message(index), &extendee.it, extendee.span);
        let ranges = self.set_aside.entry(index).or_insert_with(|| Sorted::of(&message.node.extension_ranges));
        if ranges.find(field.node.number).is_none() {
            let message = format!("`{}` sets no number {} aside for extensions.", message.full, field.node.number);
            self.tell(field.node.number_span, message);
        }
        let is_option = message.full.starts_with("google.protobuf.") && message.full.ends_with("Options");
        if self.syntax() == Syntax::Proto3 && !is_option {
            self.tell(extendee.span, "In proto3 only the messages of options can be extended.");
        }
        let own_is_lite = self.pool.own().is_some_and(super::files::is_lite);
        if own_is_lite && schema.sources.get(message.file).is_some_and(|it| !super::files::is_lite(it.file)) {
            let message =
                format!("`{}` is not made for the small runtime, so no file that is can extend it.", message.full);
            self.tell(extendee.span, message);
        }
    }

    pub(super) fn syntax(&self) -> Syntax {
        self.pool.own().map_or(Syntax::Proto2, |it| it.syntax)
    }

    /// The types of the key and the value of a map.
    fn map(&mut self, entry: usize) {
        let fields: Vec<Field<'p>> = self.pool.schema.fields(entry).collect();
        let sides = self.pool.schema.messages.get(entry).map_or([Span::default(); 2], |it| it.node.sides);
        for (field, span) in fields.iter().zip(sides) {
            if let Type::Named(written) = &field.node.ty {
                // A name is looked up as the field of a message that nobody wrote.
                self.named_type(written, span, &self.inside(field));
            }
        }
        let ([Some(key), Some(value)], [key_span, value_span]) = ([fields.first(), fields.get(1)], sides) else {
            return;
        };
        let target = self.target(key);
        let is_key = match target {
            Target::Scalar(it) => !matches!(it, Scalar::Float | Scalar::Double | Scalar::Bytes),
            Target::Message(_) | Target::Enum(_) => false,
            Target::Unknown => true,
        };
        if !is_key {
            let written = type_name(&key.node.ty);
            let message =
                format!("`{written}` cannot be the key of a map; a key is a whole number, a `bool` or a `string`.");
            self.tell(key_span, message);
        }
        if let Some(name) = self.closed_enum(value).filter(|_| self.syntax() == Syntax::Proto3) {
            self.tell(value_span, format!("`{name}` is a closed enum (proto2), which a map in proto3 cannot hold."));
        }
        if let Target::Enum(index) = self.target(value)
            && let Some(first) = self.pool.schema.enums.get(index).and_then(|it| it.node.values.first())
            && first.number != 0
        {
            let message =
                format!("An enum that is the value of a map starts with 0; `{}` is {}.", first.name, first.number);
            self.tell(value_span, message);
        }
    }

    fn methods(&mut self) {
        let services: Vec<_> = self.pool.schema.services.iter().filter(|it| it.file == 0).collect();
        for service in services {
            for method in &service.node.methods {
                let inside = format!("{}.{}", service.full, method.name);
                for side in [&method.input, &method.output].into_iter().filter(|it| !is_built_in(&it.name)) {
                    match self.pool.look_up(&side.name, &inside, false) {
                        Lookup::Found(symbol) if matches!(symbol.kind, Kind::Message(_)) => {
                            self.visible(symbol.kind, &side.name, side.span);
                        }
                        Lookup::Found(_) => self.tell(side.span, format!("`{}` is no message.", side.name)),
                        lookup => self.not_found(&side.name, side.span, lookup, "message"),
                    }
                }
            }
        }
    }

    /// Whether a field holds an enum that knows no values but its own.
    pub(super) fn closed_enum(&self, field: &Field<'p>) -> Option<&'p str> {
        let Target::Enum(index) = self.target(field) else { return None };
        let it = self.pool.schema.enums.get(index)?;
        let is_closed = self.pool.schema.feature("enum_type", &[&it.node.options], it.parent, it.file) == "CLOSED";
        is_closed.then_some(it.full.as_str())
    }

    /// Whether the values of a repeated field can be packed.
    pub(super) fn is_packable(&self, field: &Field<'p>) -> Option<bool> {
        if field.node.label != Label::Repeated || matches!(field.node.ty, Type::Map(_)) {
            return Some(false);
        }
        match self.target(field) {
            Target::Scalar(it) => Some(!matches!(it, Scalar::String | Scalar::Bytes)),
            Target::Enum(_) => Some(true),
            Target::Message(_) => Some(false),
            Target::Unknown => None,
        }
    }
}

/// A name without what is around it.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The types by their last names; nothing where several are called so.
fn namesakes<'p>(pool: &'p Pool<'p>) -> FxHashMap<&'p str, Option<&'p str>> {
    let mut found = FxHashMap::default();
    for name in pool.type_names() {
        found.entry(last(name)).and_modify(|it| *it = None).or_insert(Some(name));
    }
    found
}

/// Whether a field holds a message between two marks.
pub(super) fn is_delimited(field: &Field<'_>) -> bool {
    field.kind() == Holds::Group
}

/// Whether a name can only be a built-in type, of which the parser says so where a message belongs.
fn is_built_in(name: &str) -> bool {
    name == "group" || Scalar::of_name(name).is_some()
}
