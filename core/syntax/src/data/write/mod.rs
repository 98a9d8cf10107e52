//! Writing data in the manner of a document: kept parts as they are, new parts in its indentation and quotes.

mod edit;
mod print;
mod source;
mod style;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{Entry, Node};

pub use edit::{Addition, add, append, remove, replace};
pub use print::Printer;
pub use source::last_comment;
pub use style::Style;

/// A value to write.
#[derive(Clone, Debug)]
pub enum Value<'t> {
    /// A value of a document, as it is written there.
    Node(Node<'t>),
    /// A text.
    Text(Cow<'t, str>),
    /// Any other scalar, as both notations write it: `true`, `12`, `null`.
    Plain(Cow<'t, str>),
    /// A mapping.
    Map(Vec<Pair<'t>>),
    /// A list.
    List(Vec<Value<'t>>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Pair<'t> {
    /// The key.
    pub key: Cow<'t, str>,
    /// The value.
    pub value: Value<'t>,
    /// The entries whose comments stand with the pair; the first also tells how the key is written.
    pub from: Vec<Entry<'t>>,
    /// What stands above.
    pub above: Above,
}

/// What is written above a pair of a block.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Above {
    /// The comments and blank lines of the entries it comes from.
    #[default]
    Comments,
    /// A blank line, then the comments.
    BlankLine,
    /// Nothing.
    Nothing,
}

impl<'t> Pair<'t> {
    /// A new pair.
    pub fn new(key: impl Into<Cow<'t, str>>, value: Value<'t>) -> Self {
        Self { key: key.into(), value, from: Vec::new(), above: Above::Comments }
    }

    /// An entry as it is.
    pub fn kept(entry: Entry<'t>) -> Self {
        Self { key: entry.key.into(), value: Value::Node(entry.value), from: vec![entry], above: Above::Comments }
    }

    /// The pair below a blank line, if it shall be `apart`.
    #[must_use]
    pub fn apart(self, apart: bool) -> Self {
        if apart { Self { above: Above::BlankLine, ..self } } else { self }
    }

    /// A pair in the place of an entry, whose comments it takes.
    #[must_use]
    pub fn instead_of(mut self, entry: Entry<'t>) -> Self {
        self.from.push(entry);
        self
    }
}

/// Whether there is a blank line above an entry of a block.
pub fn is_apart(entry: Entry<'_>) -> bool {
    let above = entry
        .value
        .tree()
        .text()
        .get(..entry.key_span.start as usize)
        .unwrap_or_default()
        .trim_end_matches([' ', '\t']);
    above.ends_with("\n\n") || above.ends_with("\n\r\n")
}

impl<'t> Value<'t> {
    /// A text.
    pub fn text(text: impl Into<Cow<'t, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A reference object.
    pub fn reference(target: impl Into<Cow<'t, str>>) -> Self {
        Self::Map(vec![Pair::new("$ref", Self::text(target))])
    }

    /// What JSON data says.
    pub fn of_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Plain("null".into()),
            Json::Bool(it) => Self::Plain(it.to_string().into()),
            Json::Number(it) => Self::Plain(it.to_string().into()),
            Json::String(it) => Self::Text(it.clone().into()),
            Json::Array(items) => Self::List(items.iter().map(Self::of_json).collect()),
            Json::Object(entries) => {
                Self::Map(entries.iter().map(|it| Pair::new(it.0.clone(), Self::of_json(it.1))).collect())
            }
        }
    }
}
