//! What changed between two versions of a document as a whole, and whom each change breaks.

mod bindings;
mod channels;
mod model;
mod payload;
mod servers;
#[cfg(test)]
mod tests;

use archwright_schema::{
    Language,
    compatibility::{Change, InvalidSchema, Mode, Place, Profile, Side},
};
use archwright_syntax::{
    Span,
    data::{Node, Tree},
};

use crate::validation::Documents;
use model::{Acts, Document};

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
    /// What the change of a schema means.
    pub fn of(change: &Change) -> Self {
        match () {
            () if change.is_open => Self::Unclassified,
            () if change.breaks.is_empty() => Self::NonBreaking,
            () => Self::Breaking,
        }
    }

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
    /// The file that the old place stands in, as the document would write the way to it; nothing for the document.
    pub old_file: Option<String>,
    /// The file that the new place stands in.
    pub new_file: Option<String>,
    /// What it means.
    pub class: Class,
    /// The mode that was asked: whom the change must not break.
    pub mode: Mode,
    /// What changed; its path is a JSON pointer into the new document, or into the old one for what is gone. What
    /// stands in another file has its way in front, and a `#`.
    pub change: Change,
}

impl DocumentChange {
    /// What the list is sorted by: the file and place where the change is read.
    fn order(&self) -> (Option<&str>, Option<u32>, Class) {
        let (file, place) = match &self.change.new {
            Some(place) => (&self.new_file, Some(place)),
            None => (&self.old_file, self.change.old.as_ref()),
        };
        (file.as_deref(), place.map(|it| it.span.start), self.class)
    }
}

/// One of the compared documents: its place in the history, as [`Place::version`] counts it, its tree, and the files it
/// refers to.
#[derive(Clone, Copy)]
pub struct Version<'t> {
    /// Its number.
    pub number: usize,
    /// What it says.
    pub tree: &'t Tree,
    /// What its references lead to.
    pub documents: &'t dyn Documents,
}

/// Compares two versions of a document: servers, channels, messages, payloads, operations, bindings and security. What
/// only people read (titles, descriptions, tags, examples) is left out.
///
/// A channel, message or operation goes by its key; where that changed, by its address, name or channel, so that a
/// document that moved from 2.x to 3.x can be compared with what it was.
///
/// Without a mode each place is asked for those on its other side: what the application sends must be understood by
/// the readers there are ([`Mode::Forward`]), what it receives was written as the old document says
/// ([`Mode::Backward`]).
///
/// ```
/// use archwright_asyncapi::NoDocuments;
/// use archwright_asyncapi::comparison::{Class, Version, compare};
/// use archwright_schema::compatibility::{Mode, Profile};
/// use archwright_syntax::data::{Format, parse};
///
/// let both = "asyncapi: 3.0.0\nchannels:\n  placed: { address: orders.placed.v1 }\n";
/// let old = parse(format!("{both}  cancelled: {{ address: orders.cancelled.v1 }}\n"), Format::Yaml);
/// let new = parse(both, Format::Yaml);
/// let old = Version { number: 0, tree: &old, documents: &NoDocuments };
/// let new = Version { number: 1, tree: &new, documents: &NoDocuments };
///
/// let changes = compare(old, new, Mode::Full, Profile::Confluent);
/// assert_eq!(changes.len(), 1);
/// assert_eq!(changes[0].class, Class::Breaking);
/// assert_eq!(changes[0].change.path, "/channels/cancelled");
/// ```
pub fn compare(
    old: Version<'_>,
    new: Version<'_>,
    mode: impl Into<Option<Mode>>,
    profile: Profile,
) -> Vec<DocumentChange> {
    let given = mode.into();
    let (Some(old_document), Some(new_document)) = (Document::of(old), Document::of(new)) else {
        return Vec::new();
    };
    let mode = given.unwrap_or_else(|| default_mode(&old_document, &new_document));
    let mut comparison = Comparison::new(old, new, mode, profile);
    comparison.is_chosen = given.is_some();
    comparison.crosses = old_document.major != new_document.major;
    servers::compare(&mut comparison, &old_document, &new_document);
    channels::compare(&mut comparison, &old_document, &new_document);
    comparison.changes(&old_document, &new_document)
}

/// The question that a document is asked as a whole: that of its one side, if it has one only.
fn default_mode(old: &Document<'_>, new: &Document<'_>) -> Mode {
    let mode = old.all_acts().mode().or_else(|| new.all_acts().mode());
    mode.filter(|it| *it != Mode::Full).unwrap_or_default()
}

/// Compares two versions of a schema, with the schemas in other files that it refers to.
///
/// # Errors
/// When one of them cannot be read as a schema of `language`.
pub fn compare_schemas(
    old: Version<'_>,
    new: Version<'_>,
    language: Language,
    mode: Mode,
    profile: Profile,
) -> Result<Vec<DocumentChange>, InvalidSchema> {
    let (Some(old_document), Some(new_document)) = (Document::of_schema(old), Document::of_schema(new)) else {
        return Ok(Vec::new());
    };
    let mut comparison = Comparison::new(old, new, mode, profile);
    payload::whole(&mut comparison, &old_document, &new_document, language)?;
    Ok(comparison.changes(&old_document, &new_document))
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
    /// The question that is asked where the comparison stands.
    mode: Mode,
    /// Whether somebody chose the mode; else each place has that of its side.
    is_chosen: bool,
    profile: Profile,
    found: Vec<Found>,
    /// Whether one document is of 2.x and the other of 3.x, which say some things in other ways.
    crosses: bool,
    /// Whether what is compared may say more, in traits that nobody read.
    is_partial: bool,
    /// How many changes are not kept, and the worst of them.
    dropped: Option<(usize, Class)>,
}

/// A change, and the trees that its places stand in.
struct Found {
    class: Class,
    mode: Mode,
    change: Change,
    trees: (Option<*const Tree>, Option<*const Tree>),
    /// The ways to files that are no trees.
    texts: (Option<String>, Option<String>),
}

/// A place in one of the trees.
#[derive(Clone, Copy)]
struct Spot {
    span: Span,
    tree: *const Tree,
}

/// How many changes of one pair are kept.
const MAX_CHANGES: usize = 2_000;

/// A change before its class is known.
struct Difference {
    kind: &'static str,
    old: Option<Spot>,
    new: Option<Spot>,
    path: String,
    message: String,
    /// Whether it is a change of a schema that people must judge.
    is_open: bool,
    /// The ways to files that are no trees, where it stands in one.
    texts: (Option<String>, Option<String>),
}

impl Difference {
    /// Something that is there now.
    fn added(kind: &'static str, new: Node<'_>, message: impl Into<String>) -> Self {
        Self {
            kind,
            old: None,
            new: Some(named_spot(new)),
            path: new.pointer(),
            message: message.into(),
            is_open: false,
            texts: (None, None),
        }
    }

    /// Something that is gone.
    fn removed(kind: &'static str, old: Node<'_>, message: impl Into<String>) -> Self {
        Self {
            kind,
            old: Some(named_spot(old)),
            new: None,
            path: old.pointer(),
            message: message.into(),
            is_open: false,
            texts: (None, None),
        }
    }

    /// Something that is another now.
    fn changed(kind: &'static str, old: Node<'_>, new: Node<'_>, message: impl Into<String>) -> Self {
        Self {
            kind,
            old: Some(value_spot(old)),
            new: Some(value_spot(new)),
            path: new.pointer(),
            message: message.into(),
            is_open: false,
            texts: (None, None),
        }
    }
}

/// The key of an entry stands for all of it; everything else stands for itself.
fn named_span(node: Node<'_>) -> Span {
    node.as_entry().map_or(node.span(), |it| it.key_span)
}

fn named_spot(node: Node<'_>) -> Spot {
    Spot { span: named_span(node), tree: node.tree() }
}

/// A text stands for itself, something larger goes by its key.
fn value_spot(node: Node<'_>) -> Spot {
    if node.scalar().is_some() { Spot { span: node.span(), tree: node.tree() } } else { named_spot(node) }
}

impl Comparison {
    fn new(old: Version<'_>, new: Version<'_>, mode: Mode, profile: Profile) -> Self {
        Self {
            versions: (old.number, new.number),
            mode,
            is_chosen: true,
            profile,
            found: Vec::new(),
            crosses: false,
            is_partial: false,
            dropped: None,
        }
    }

    /// Compares something that the application does this with, unless somebody chose whom to ask for.
    fn asking(&mut self, acts: Acts, compare: impl FnOnce(&mut Self)) {
        let before = self.mode;
        if !self.is_chosen {
            self.mode = acts.mode().unwrap_or(before);
        }
        compare(self);
        self.mode = before;
    }

    /// Compares objects that may have traits.
    fn with_traits<'t>(
        &mut self,
        old: (&Document<'t>, Node<'t>),
        new: (&Document<'t>, Node<'t>),
        compare: impl FnOnce(&mut Self),
    ) {
        let before = std::mem::replace(&mut self.is_partial, old.0.is_partial(old.1) || new.0.is_partial(new.1));
        compare(self);
        self.is_partial = before;
    }

    /// Whether one of two things is a reference that nobody followed. If it came, went or is another one, that is told.
    fn is_unread<'t>(&mut self, what: &str, old: (&Document<'t>, Node<'t>), new: (&Document<'t>, Node<'t>)) -> bool {
        let message = match (old.0.unread(old.1), new.0.unread(new.1)) {
            (None, None) => return false,
            (Some(was), Some(is)) if was == is => return true,
            (Some(was), Some(is)) => {
                format!("The {what} was `{was}` and is `{is}`, and neither was read: compare them.")
            }
            (Some(was), None) => {
                format!("The {what} was `{was}`, which was not read: compare it with what stands here now.")
            }
            (None, Some(is)) => {
                format!("The {what} is `{is}` now, which was not read: compare it with what stood here.")
            }
        };
        self.unclassified(Difference::changed("REFERENCE_NOT_READ", old.1, new.1, message));
        true
    }

    /// What was found, file by file in the order of the new text.
    fn changes(self, old: &Document<'_>, new: &Document<'_>) -> Vec<DocumentChange> {
        let told = self.found.into_iter().map(|Found { class, mode, mut change, trees, texts }| {
            let old_file = texts.0.or_else(|| trees.0.and_then(|it| old.files.way(it)));
            let new_file = texts.1.or_else(|| trees.1.and_then(|it| new.files.way(it)));
            if let Some(file) = if trees.1.is_some() { &new_file } else { &old_file } {
                change.path = format!("{file}#{}", change.path);
            }
            DocumentChange { old_file, new_file, class, mode, change }
        });
        let mut found: Vec<_> = told.collect();
        found.sort_by(|a, b| a.order().cmp(&b.order()));
        found.extend(self.dropped.map(|(count, class)| DocumentChange {
            old_file: None,
            new_file: None,
            class,
            mode: self.mode,
            change: Change {
                kind: "MORE_CHANGES",
                path: String::new(),
                breaks: if class == Class::Breaking { self.mode.sides().to_vec() } else { Vec::new() },
                old: None,
                new: None,
                message: format!("{count} more changes are not listed."),
                advice: Some("Look at those that are listed and compare again.".to_owned()),
                is_open: false,
            },
        }));
        found
    }

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
            let (count, worst) = self.dropped.unwrap_or((0, class));
            self.dropped = Some((count + 1, worst.min(class)));
            return;
        }
        let Difference { kind, old, new, path, message, is_open, texts } = finding;
        let trees = (old.map(|it| it.tree), new.map(|it| it.tree));
        let old = old.map(|it| Place { version: self.versions.0, span: it.span });
        let new = new.map(|it| Place { version: self.versions.1, span: it.span });
        let change = Change { kind, path, breaks, old, new, message, advice, is_open };
        self.found.push(Found { class, mode: self.mode, change, trees, texts });
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
                self.one_sided(Difference::removed(kind, old, message));
            }
            (None, Some(new)) => {
                let message = format!("{what} is `{}` now and was not said before: {why}", text(new));
                self.one_sided(Difference::added(kind, new, message));
            }
            _ => {}
        }
    }

    /// A change for both sides of what only one document says, unless a trait of the other may say it.
    fn one_sided(&mut self, finding: Difference) {
        if self.is_partial {
            self.unclassified(finding);
        } else {
            self.breaking(BOTH, finding, "");
        }
    }
}
