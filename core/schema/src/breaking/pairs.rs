//! What both sides of a comparison have, paired up, and the findings the checks leave.

use std::collections::BTreeMap;

use archwright_syntax::Span;

use super::{Annotation, Previous};
use crate::protobuf::schema::{Enum, Field, Message, Schema, Service, Source};

/// Both sides, and what stands on both under the same path, name or number. Old first.
pub(super) struct Pairs<'a> {
    pub(super) old: &'a Schema<'a>,
    pub(super) new: &'a Schema<'a>,
    pub(super) files: Vec<(usize, usize)>,
    pub(super) messages: Vec<(usize, usize)>,
    pub(super) enums: Vec<(usize, usize)>,
    pub(super) services: Vec<(&'a Service<'a>, &'a Service<'a>)>,
    pub(super) fields: Vec<(Field<'a>, Field<'a>)>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(old: &'a Schema<'a>, new: &'a Schema<'a>) -> Self {
        let names = |it: &'a [Message<'a>]| it.iter().map(|it| it.full.as_str());
        let enum_names = |it: &'a [Enum<'a>]| it.iter().map(|it| it.full.as_str());
        let paths = |it: &'a [Source<'a>]| it.iter().map(|it| it.path);
        let messages = matching(names(&old.messages), names(&new.messages));
        let services =
            matching(old.services.iter().map(|it| it.full.as_str()), new.services.iter().map(|it| it.full.as_str()));
        let services = services.into_iter().filter_map(|(a, b)| Some((old.services.get(a)?, new.services.get(b)?)));
        let mut fields = Vec::new();
        for &(before, after) in &messages {
            fields.extend(paired(old.fields(before), new.fields(after), |it| it.node.number));
        }
        let extensions = |schema: &'a Schema<'a>| (0..schema.extensions.len()).filter_map(|it| schema.extension(it));
        let key = |it: &Field<'a>| (it.owner(), it.node.number);
        fields.extend(paired(extensions(old), extensions(new), key));
        Self {
            old,
            new,
            files: matching(paths(&old.sources), paths(&new.sources)),
            messages,
            enums: matching(enum_names(&old.enums), enum_names(&new.enums)),
            services: services.collect(),
            fields,
        }
    }

    pub(super) fn messages(&self) -> impl Iterator<Item = (&'a Message<'a>, &'a Message<'a>)> {
        self.messages.iter().filter_map(|&(old, new)| Some((self.old.messages.get(old)?, self.new.messages.get(new)?)))
    }

    pub(super) fn enums(&self) -> impl Iterator<Item = (&'a Enum<'a>, &'a Enum<'a>)> {
        self.enums.iter().filter_map(|&(old, new)| Some((self.old.enums.get(old)?, self.new.enums.get(new)?)))
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&'a Source<'a>, &'a Source<'a>)> {
        self.files.iter().filter_map(|&(old, new)| Some((self.old.sources.get(old)?, self.new.sources.get(new)?)))
    }

    /// The place in the old file of this index.
    pub(super) fn was(&self, file: usize, span: impl Into<Option<Span>>) -> Was<'a> {
        (self.old.path(file), span.into())
    }

    /// The place in the new file of this index.
    pub(super) fn is(&self, file: usize, span: impl Into<Option<Span>>) -> Is<'a> {
        (self.new.path(file), span.into())
    }
}

/// The indices of what both sides name alike.
fn matching<'a>(old: impl Iterator<Item = &'a str>, new: impl Iterator<Item = &'a str>) -> Vec<(usize, usize)> {
    paired(old.enumerate(), new.enumerate(), |it| it.1).map(|(old, new)| (old.0, new.0)).collect()
}

/// What both sides have of a key. In a side that uses a key twice, which no compiler accepts, the first counts.
fn paired<T, K: Ord>(
    old: impl Iterator<Item = T>,
    new: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> impl Iterator<Item = (T, T)> {
    let mut new = by(new, &key);
    let old = by(old, &key);
    old.into_iter().filter_map(move |(key, old)| Some((old, new.remove(&key)?)))
}

/// A place in an old file.
pub(super) type Was<'a> = (&'a str, Option<Span>);

/// A place in a new file.
pub(super) type Is<'a> = (&'a str, Option<Span>);

/// What the checks found.
pub(super) struct Annotations {
    /// The rule that is being checked.
    pub(super) rule: &'static str,
    pub(super) annotations: Vec<Annotation>,
}

impl Annotations {
    /// Adds a finding; without a place when the new file is gone.
    pub(super) fn add<'a>(&mut self, is: impl Into<Option<Is<'a>>>, was: Was<'_>, message: String) {
        let previous = Some(Previous { path: was.0.to_owned(), span: was.1 });
        self.push(is, previous, message);
    }

    /// Adds a finding about something that was not there before.
    pub(super) fn push<'a>(&mut self, is: impl Into<Option<Is<'a>>>, previous: Option<Previous>, message: String) {
        let (path, span) = is.into().map_or((None, None), |(path, span)| (Some(path.to_owned()), span));
        self.annotations.push(Annotation { rule: self.rule, path, span, message, previous });
    }
}

/// The names of `items` by what `key` makes of them, in order. The first of a key counts.
pub(super) fn by<K: Ord, T>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> BTreeMap<K, T> {
    let mut map = BTreeMap::new();
    for it in items {
        map.entry(key(&it)).or_insert(it);
    }
    map
}
