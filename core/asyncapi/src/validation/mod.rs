//! Checks a document against the AsyncAPI specification and says where it does not hold.

mod content;
mod semantics;
mod structure;

use std::sync::OnceLock;

use archwright_syntax::{
    Guesses, Span,
    data::{Format, Kind, Node, Tree, parse},
};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::references;
use crate::sniff::is_document;

/// How bad a diagnostic is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The document breaks the specification.
    Error,
    /// It holds, but readers or tools will stumble.
    Warning,
    /// Worth knowing.
    Info,
    /// Advice on good style.
    Hint,
}

/// One thing a document gets wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Which check it comes from, such as `invalid-value` or `undefined-parameter`; see [`checks`].
    pub check: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The offending key or value.
    pub span: Span,
    /// What was found and what is allowed.
    pub message: String,
    /// What would replace the text at `span`, when only one thing can be meant.
    pub replacement: Option<String>,
}

/// A kind of diagnostic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it finds, in one sentence that states the fault.
    pub summary: &'static str,
    /// The rules of the official parser and of Spectral that demand the same.
    pub same_as: &'static [&'static str],
    /// Whether it is advice that is off unless somebody asks for it. [`validate`] reports it all the same.
    pub optional: bool,
}

impl Check {
    const fn new(
        name: &'static str,
        severity: Severity,
        summary: &'static str,
        same_as: &'static [&'static str],
    ) -> Self {
        Self { name, severity, summary, same_as, optional: false }
    }

    const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The same check where what it finds does less harm, or where no tool minds.
    const fn lenient(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }
}

/// Other files that a document refers to.
pub trait Documents {
    /// The tree of the file that a reference without its fragment names, relative to the document that is checked
    /// (`./schemas/order.json`); `Missing` when there is none.
    fn open(&self, reference: &str) -> Opened<'_>;

    /// How the document that is checked would write the way to what a reference from the root (`/schemas/order.json`)
    /// means, if exactly one file can be meant.
    fn way_from_root(&self, _reference: &str) -> Option<String> {
        None
    }

    /// The fragments (`/components/schemas/Order`) by which other files refer to parts of the document that is checked;
    /// `None` when any part may be used.
    fn used_elsewhere(&self) -> Option<Vec<String>> {
        Some(Vec::new())
    }

    /// The text of a file that is [`Opened::Other`], such as a `.proto` file; `None` when it is not known.
    fn text(&self, _reference: &str) -> Option<&str> {
        None
    }

    /// Whether an Avro type that a file takes from elsewhere may be declared there. `file` is the way to it, as the
    /// document that is checked would write it.
    fn declares(&self, _file: &str, _name: &str) -> bool {
        true
    }

    /// Which file has the schema that calls itself by an address (`$id`). The address has no fragment; one without a
    /// scheme and a root is a way from the folder of the document that is checked.
    fn declared(&self, _address: &str) -> Declared {
        Declared::Nowhere
    }
}

/// Who calls itself by an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Declared {
    /// No file that is known.
    Nowhere,
    /// A schema in the file at the end of this way, which [`Documents::open`] takes.
    In(String),
    /// Several schemas: nobody knows which one is meant.
    Several,
}

/// What came of opening another file.
#[derive(Clone, Copy, Debug)]
pub enum Opened<'t> {
    /// A YAML or JSON file.
    Tree(&'t Tree),
    /// A file of another kind (`.proto`, `.raml`), which is there.
    Other,
    /// A folder.
    Folder,
    /// It was not looked for: nothing can be said.
    Unknown,
    /// No such file.
    Missing,
}

/// Says [`Opened::Unknown`] of every file.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDocuments;

impl Documents for NoDocuments {
    fn open(&self, _: &str) -> Opened<'_> {
        Opened::Unknown
    }
}

/// All checks, in the order of their names.
pub fn checks() -> &'static [Check] {
    static ALL: OnceLock<Vec<Check>> = OnceLock::new();
    ALL.get_or_init(all_checks)
}

fn all_checks() -> Vec<Check> {
    let mut all: Vec<_> = structure::CHECKS
        .iter()
        .chain(semantics::CHECKS.iter().copied().flatten())
        .chain(content::CHECKS)
        .copied()
        .collect();
    all.sort_unstable_by_key(|it| it.name);
    all
}

/// Everything that is wrong with a document, in the order of the text; empty for a tree that is no AsyncAPI document.
/// Syntax errors are not repeated: they stand in [`Tree::errors`].
///
/// ```
/// use archwright_asyncapi::{NoDocuments, Severity, validate};
/// use archwright_syntax::data::{Format, parse};
///
/// let text = "
/// asyncapi: 3.0.0
/// info: { title: Orders, version: 1.0.0 }
/// operations:
///   place: { action: sent, channel: { $ref: '#/channels/placed' } }
/// channels:
///   placed: { address: orders.placed.v1 }
/// ";
/// let diagnostics = validate(&parse(text, Format::Yaml), &NoDocuments);
/// let wrong = diagnostics.iter().find(|it| it.severity == Severity::Error).unwrap();
/// assert_eq!(wrong.span.of(text), "sent");
/// assert_eq!(wrong.replacement.as_deref(), Some("send"));
/// ```
pub fn validate(tree: &Tree, documents: &dyn Documents) -> Vec<Diagnostic> {
    let Some(root) = tree.root().filter(|it| is_document(*it)) else { return Vec::new() };
    let (mut sink, mut meanwhile) = (Sink::default(), Sink::default());
    let uses = references::uses(root);
    let elsewhere = documents.used_elsewhere();
    let elsewhere = elsewhere.as_deref();
    let mut here = || {
        structure::check(root, &uses, documents, &mut sink);
        content::check(root, documents, &mut sink);
    };
    // Both halves only read, and take about as long.
    if tree.text().len() < LARGE {
        here();
        semantics::check(root, &uses, elsewhere, &mut meanwhile);
    } else {
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| semantics::check(root, &uses, elsewhere, &mut meanwhile));
            here();
        });
    }
    let mut found = sink.finish();
    found.extend(meanwhile.finish());
    // What could not be read is empty in the tree, which was told already.
    let unread: FxHashSet<Span> = tree.errors().iter().map(|it| it.span).collect();
    found.retain(|it| !unread.contains(&it.span));
    for it in &mut found {
        it.replacement = it.replacement.take().map(|text| quoted_like(it.span.of(tree.text()), text, tree.format()));
    }
    found.sort_by_key(|it| (it.span.start, it.span.end, it.severity));
    found.dedup();
    found
}

/// From so many bytes on a document is checked by two threads, because somebody waits for each of them while typing.
const LARGE: usize = 64 * 1024;

/// One part of [`validate`], so that its time can be measured.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Part {
    Structure,
    Semantics,
    Content,
}

/// How many diagnostics one part of [`validate`] has.
#[doc(hidden)]
pub fn validate_part(tree: &Tree, documents: &dyn Documents, part: Part) -> usize {
    let Some(root) = tree.root() else { return 0 };
    let mut sink = Sink::default();
    match part {
        Part::Structure => structure::check(root, &references::uses(root), documents, &mut sink),
        Part::Semantics => semantics::check(root, &references::uses(root), Some(&[]), &mut sink),
        Part::Content => content::check(root, documents, &mut sink),
    }
    sink.found.len()
}

/// Where checks put what they find.
#[derive(Default)]
struct Sink {
    found: Vec<Diagnostic>,
    guesses: Guesses,
    /// How many diagnostics are not kept, and the first of them.
    dropped: Option<(usize, Diagnostic)>,
}

/// How many diagnostics one half of the checks keeps. A document as large as can be opened has fewer, unless aliases
/// repeat its mistakes.
const MAX_DIAGNOSTICS: usize = 100_000;

impl Sink {
    /// The name that was probably meant, unless very many were looked for before.
    fn nearest<'c>(&mut self, given: &str, names: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
        self.guesses.nearest(given, names)
    }

    /// Everything that was found, and at the end how much more there is.
    fn finish(self) -> Vec<Diagnostic> {
        let more = self.dropped.map(|(count, first)| Diagnostic {
            message: format!(
                "{count} more things like this are wrong and not listed: mend those before and check again"
            ),
            replacement: None,
            ..first
        });
        self.found.into_iter().chain(more).collect()
    }

    /// Adds a diagnostic at a span.
    fn push(&mut self, check: &Check, span: Span, message: impl Into<String>) {
        self.push_with(check, span, message, None);
    }

    /// Adds a diagnostic and what would mend it.
    fn push_with(&mut self, check: &Check, span: Span, message: impl Into<String>, replacement: Option<String>) {
        let message = message.into();
        let found = Diagnostic { check: check.name, severity: check.severity, span, message, replacement };
        if self.found.len() < MAX_DIAGNOSTICS {
            self.found.push(found);
        } else {
            self.dropped.get_or_insert((0, found)).0 += 1;
        }
    }
}

/// The version a document says it follows: `3.0.0` is `(3, 0)`. `None` when it is not written `MAJOR.MINOR.PATCH`.
pub(crate) fn version(root: Node<'_>) -> Option<(u8, u8)> {
    let text: SmolStr = root.get("asyncapi")?.as_str()?.into();
    let mut parts = text.split(['.', '-']);
    let (major, minor, _) = (parts.next()?, parts.next()?, parts.next()?);
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// A text in the quotes of what it replaces, or in single quotes where it would be something else without.
fn quoted_like(source: &str, text: String, format: Format) -> String {
    let is_plain = || {
        let tree = parse(format!("[{text}]"), Format::Yaml);
        let only = tree.root().filter(|it| it.len() == 1).and_then(|it| it.item(0));
        tree.errors().is_empty() && only.is_some_and(|it| it.as_str() == Some(&text))
    };
    let is_value = || serde_json::from_str::<serde_json::Value>(&text).is_ok();
    match source.chars().next() {
        _ if format == Format::Json && !is_value() => serde_json::Value::String(text).to_string(),
        Some('"') if !text.starts_with(['"', '[']) => serde_json::Value::String(text).to_string(),
        Some('\'') => format!("'{}'", text.replace('\'', "''")),
        Some('[' | '{' | '-') | None => text,
        Some(_) if text.starts_with('"') || is_plain() => text,
        Some(_) => format!("'{}'", text.replace('\'', "''")),
    }
}

/// The place to point at for a value: its key when nothing is written.
fn span_of(node: Node<'_>) -> Span {
    match node.as_entry() {
        Some(entry) if node.span().is_empty() => entry.key_span,
        // A long collection is pointed at by its key.
        Some(entry) if matches!(node.kind(), Kind::Sequence | Kind::Mapping) => entry.key_span,
        _ => node.span(),
    }
}

/// The place to point at when something is missing in a mapping: its key, or its first key.
fn place_of(node: Node<'_>) -> Span {
    match (node.as_entry(), node.entries().next()) {
        (Some(entry), _) => entry.key_span,
        (None, Some(first)) if !first.merged => first.key_span,
        _ => node.span(),
    }
}
