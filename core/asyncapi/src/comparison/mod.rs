//! What changed between two versions of a document as a whole, and whom each change breaks.

mod bindings;
mod channels;
mod model;
mod payload;
mod servers;
#[cfg(test)]
mod tests;

use archwright_schema::compatibility::{Change, Mode, Place, Profile, Side};
use archwright_syntax::{
    Span,
    data::{Node, Tree},
};

use model::Document;

/// What a change means to those who follow the old document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Class {
    /// Somebody that the mode protects stops understanding.
    Breaking,
    /// Nobody that the mode protects notices.
    NonBreaking,
    /// Whether it breaks cannot be told from the document; the message says what to look at.
    Unclassified,
}

impl Class {
    /// `breaking`, `non-breaking` or `unclassified`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::NonBreaking => "non-breaking",
            Self::Unclassified => "unclassified",
        }
    }
}

/// One change of a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentChange {
    /// What it means.
    pub class: Class,
    /// What changed; its path is a JSON pointer into the new document, or into the old one for what is gone.
    pub change: Change,
}

/// One of the compared documents: its place in the history, as [`Place::version`] counts it, and its tree.
#[derive(Clone, Copy, Debug)]
pub struct Version<'t> {
    /// Its number.
    pub number: usize,
    /// What it says.
    pub tree: &'t Tree,
}

/// Compares two versions of a document: servers, channels, messages, payloads, operations, bindings and security. What
/// only people read (titles, descriptions, tags, examples) is left out.
///
/// A channel, message or operation goes by its key; where that changed, by its address, name or channel, so that a
/// document that moved from 2.x to 3.x can be compared with what it was.
///
/// ```
/// use archwright_asyncapi::comparison::{Class, Version, compare};
/// use archwright_schema::compatibility::{Mode, Profile};
/// use archwright_syntax::data::{Format, parse};
///
/// let both = "asyncapi: 3.0.0\nchannels:\n  placed: { address: orders.placed.v1 }\n";
/// let old = parse(format!("{both}  cancelled: {{ address: orders.cancelled.v1 }}\n"), Format::Yaml);
/// let new = parse(both, Format::Yaml);
/// let (old, new) = (Version { number: 0, tree: &old }, Version { number: 1, tree: &new });
///
/// let changes = compare(old, new, Mode::Full, Profile::Confluent);
/// assert_eq!(changes.len(), 1);
/// assert_eq!(changes[0].class, Class::Breaking);
/// assert_eq!(changes[0].change.path, "/channels/cancelled");
/// ```
pub fn compare(old: Version<'_>, new: Version<'_>, mode: Mode, profile: Profile) -> Vec<DocumentChange> {
    let (Some(old_document), Some(new_document)) = (Document::of(old.tree), Document::of(new.tree)) else {
        return Vec::new();
    };
    let mut comparison = Comparison { versions: (old.number, new.number), mode, profile, found: Vec::new() };
    servers::compare(&mut comparison, &old_document, &new_document);
    channels::compare(&mut comparison, &old_document, &new_document);
    let mut found = comparison.found;
    found.sort_by_key(|it| (it.change.new.or(it.change.old).map(|it| it.span.start), it.class));
    found
}

/// Both sides: nobody who follows the old document understands the new one, and the other way round.
const BOTH: &[Side] = &[Side::Backward, Side::Forward];
/// Readers with the new document fail on what the others still send.
const BACKWARD: &[Side] = &[Side::Backward];
/// Those who follow the old document miss what they wait for.
const FORWARD: &[Side] = &[Side::Forward];

/// What is asked and what was found.
struct Comparison {
    versions: (usize, usize),
    mode: Mode,
    profile: Profile,
    found: Vec<DocumentChange>,
}

/// How many changes of one pair are kept.
const MAX_CHANGES: usize = 2_000;

/// A change before its class is known.
struct Difference {
    kind: &'static str,
    old: Option<Span>,
    new: Option<Span>,
    path: String,
    message: String,
}

impl Difference {
    /// Something that is there now.
    fn added(kind: &'static str, new: Node<'_>, message: impl Into<String>) -> Self {
        Self { kind, old: None, new: Some(named_span(new)), path: new.pointer(), message: message.into() }
    }

    /// Something that is gone.
    fn removed(kind: &'static str, old: Node<'_>, message: impl Into<String>) -> Self {
        Self { kind, old: Some(named_span(old)), new: None, path: old.pointer(), message: message.into() }
    }

    /// Something that is another now.
    fn changed(kind: &'static str, old: Node<'_>, new: Node<'_>, message: impl Into<String>) -> Self {
        Self {
            kind,
            old: Some(value_span(old)),
            new: Some(value_span(new)),
            path: new.pointer(),
            message: message.into(),
        }
    }
}

/// The key of an entry stands for all of it; everything else stands for itself.
fn named_span(node: Node<'_>) -> Span {
    node.as_entry().map_or(node.span(), |it| it.key_span)
}

/// A text stands for itself, something larger goes by its key.
fn value_span(node: Node<'_>) -> Span {
    if node.scalar().is_some() { node.span() } else { named_span(node) }
}

impl Comparison {
    /// A change that breaks these sides.
    fn breaking(&mut self, sides: &[Side], finding: Difference, advice: &str) {
        let breaks: Vec<Side> = sides.iter().copied().filter(|it| self.mode.sides().contains(it)).collect();
        let class = if breaks.is_empty() { Class::NonBreaking } else { Class::Breaking };
        self.push(class, breaks, finding, Some(advice.to_owned()).filter(|it| !it.is_empty()));
    }

    /// A change that nobody notices who follows the old document.
    fn harmless(&mut self, finding: Difference) {
        self.push(Class::NonBreaking, Vec::new(), finding, None);
    }

    /// A change whose effect the document does not tell.
    fn unclassified(&mut self, finding: Difference) {
        self.push(Class::Unclassified, Vec::new(), finding, None);
    }

    fn push(&mut self, class: Class, breaks: Vec<Side>, finding: Difference, advice: Option<String>) {
        if self.found.len() >= MAX_CHANGES {
            return;
        }
        let Difference { kind, old, new, path, message } = finding;
        let old = old.map(|span| Place { version: self.versions.0, span });
        let new = new.map(|span| Place { version: self.versions.1, span });
        self.found.push(DocumentChange { class, change: Change { kind, path, breaks, old, new, message, advice } });
    }

    /// Compares a field that must not change: a text that both sides rely on. A field that was added or removed counts
    /// as well.
    fn constant(&mut self, kind: &'static str, what: &str, old: Option<Node<'_>>, new: Option<Node<'_>>, why: &str) {
        let text = |node: Node<'_>| node.scalar().unwrap_or("another value").to_owned();
        match (old, new) {
            (Some(old), Some(new)) if old.scalar() != new.scalar() => {
                let message = format!("{what} was `{}` and is `{}`: {why}", text(old), text(new));
                self.breaking(BOTH, Difference::changed(kind, old, new, message), "");
            }
            (Some(old), None) => {
                let message = format!("{what} was `{}` and is gone: {why}", text(old));
                self.breaking(BOTH, Difference::removed(kind, old, message), "");
            }
            (None, Some(new)) => {
                let message = format!("{what} is `{}` now and was not said before: {why}", text(new));
                self.breaking(BOTH, Difference::added(kind, new, message), "");
            }
            _ => {}
        }
    }
}
