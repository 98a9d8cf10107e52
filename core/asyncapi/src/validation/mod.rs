//! Checks a document against the AsyncAPI specification and says where it does not hold.

#![allow(dead_code, reason = "the checks are being built")]

mod semantics;
mod structure;

use archwright_syntax::Span;
use archwright_syntax::data::{Format, Node, Tree};
use smol_str::SmolStr;

/// How bad a diagnostic is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The document breaks the specification.
    Error,
    /// It holds, but readers or tools will stumble.
    Warning,
    /// Worth knowing.
    Info,
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
    /// What it demands, in one sentence.
    pub summary: &'static str,
    /// The rules of the official parser and of Spectral that demand the same.
    pub same_as: &'static [&'static str],
}

/// Other files that a document refers to.
pub trait Documents {
    /// The tree of the file that a reference without its fragment names, relative to the document that is checked
    /// (`./schemas/order.json`); `Missing` when there is none.
    fn open(&self, reference: &str) -> Opened<'_>;
}

/// What came of opening another file.
#[derive(Clone, Copy, Debug)]
pub enum Opened<'t> {
    /// A YAML or JSON file.
    Tree(&'t Tree),
    /// A file of another kind (`.proto`, `.raml`), which is there.
    Other,
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
pub fn checks() -> Vec<Check> {
    let mut all: Vec<_> = structure::CHECKS.iter().chain(semantics::CHECKS).copied().collect();
    all.sort_unstable_by_key(|it| it.name);
    all
}

/// Everything that is wrong with a document, in the order of the text; empty for a tree that is no AsyncAPI document.
/// Syntax errors are not repeated: they stand in [`Tree::errors`].
pub fn validate(tree: &Tree, documents: &dyn Documents) -> Vec<Diagnostic> {
    let Some(root) = tree.root().filter(|it| it.get("asyncapi").is_some()) else { return Vec::new() };
    let mut sink = Sink { found: Vec::new() };
    structure::check(root, documents, &mut sink);
    semantics::check(root, documents, &mut sink);
    let mut found = sink.found;
    for it in &mut found {
        it.replacement = it.replacement.take().map(|text| written_like(it.span.of(tree.text()), &text, tree.format()));
    }
    found.sort_by_key(|it| (it.span.start, it.span.end, it.severity));
    found.dedup();
    found
}

/// A text in the quotes of what it replaces, so that it means itself.
fn written_like(source: &str, text: &str, format: Format) -> String {
    let is_quoted = |it: &str| it.starts_with(['"', '\'']);
    let needs_quotes = text.starts_with(['#', '*', '&', '!', '@', '`', '%', '{', '[']) || text.contains(": ") || text.contains(" #");
    if is_quoted(text) {
        text.to_owned()
    } else if source.starts_with('"') || format == Format::Json && !is_literal(text) {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else if source.starts_with('\'') || needs_quotes {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        text.to_owned()
    }
}

/// Whether JSON reads the text as a number, `true`, `false` or `null`.
fn is_literal(text: &str) -> bool {
    matches!(text, "true" | "false" | "null")
        || text.starts_with(|it: char| it.is_ascii_digit() || it == '-') && text.parse::<f64>().is_ok()
}

/// Where checks put what they find.
struct Sink {
    found: Vec<Diagnostic>,
}

/// How many diagnostics of one document are kept.
const MAX_DIAGNOSTICS: usize = 2_000;

impl Sink {
    /// Adds a diagnostic at a span.
    fn push(&mut self, check: &Check, span: Span, message: impl Into<String>) {
        self.push_with(check, span, message, None);
    }

    /// Adds a diagnostic and what would mend it.
    fn push_with(&mut self, check: &Check, span: Span, message: impl Into<String>, replacement: Option<String>) {
        if self.found.len() < MAX_DIAGNOSTICS {
            let message = message.into();
            self.found.push(Diagnostic { check: check.name, severity: check.severity, span, message, replacement });
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
