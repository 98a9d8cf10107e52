//! The one model of a message's fields, and finding a field in it.

use archwright_syntax::{Span, Spanned, data::Node, nearest};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::Language;

/// Something in a schema that does not hold.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Diagnostic {
    /// The text at fault.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

/// A message's fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape {
    /// What it was read from.
    pub language: Language,
    /// The message's name: a JSON Schema's `title`, an Avro record's or a Protobuf message's name.
    pub name: Option<Spanned>,
    /// All fields, each parent before its children, siblings in the order of the text.
    pub fields: Vec<Field>,
    /// Whether the schema says of the whole message how sensitive it is.
    pub classified: bool,
    /// What is wrong with the schema.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether all fields are there: no part of the schema had to be left out for what is wrong with it.
    pub is_whole: bool,
    /// How many imports of a Protobuf file were not read, because it has too many.
    pub unread: usize,
    /// How many fields were left out at least, because there are too many or they nest too deep.
    pub left_out: usize,
}

/// One field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The way to it: `customer.id`. Items of lists carry `[]` (`lines[].sku`), values of maps `{}` (`labels{}.text`).
    pub path: SmolStr,
    /// Its own name, where it is declared.
    pub name: Spanned,
    /// Whether every message that has its parent carries a value for it.
    pub required: bool,
    /// Its type in the words of the schema language, such as `string`, `array<Line>` or `string|null`.
    pub ty: SmolStr,
    /// What the schema says about it.
    pub description: Option<Spanned>,
    /// Whether the schema says how sensitive its value is, or that it is not.
    pub classified: bool,
}

/// Whether a keyword, an attribute or an option says how sensitive a value is: `x-pii`, `dataClassification`,
/// `(acme.sensitivity)`. There is no standard for it, so the words that are used for it count.
pub(crate) fn is_classification(name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["pii", "personal", "sensitiv", "classif", "privacy", "gdpr", "confidential", "redact", "phi"];
    // Nearly all keys are one of these.
    if matches!(
        name,
        "$ref"
            | "type"
            | "format"
            | "description"
            | "properties"
            | "required"
            | "items"
            | "enum"
            | "examples"
            | "minimum"
    ) {
        return false;
    }
    let is_word = |part: &str, word: &str| {
        let class = part.get(word.len()..).unwrap_or_default();
        has(part.get(..word.len()).unwrap_or_default(), word)
            && (class.is_empty() || class.eq_ignore_ascii_case("class"))
    };
    let parts = || name.split(|it: char| !it.is_ascii_alphanumeric());
    WORDS.iter().any(|word| if word.len() < 4 { parts().any(|it| is_word(it, word)) } else { has(name, word) })
}

/// Whether a word stands in a text, whatever its case. Asked of every key of every schema, so nothing is allocated.
fn has(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a text about a field calls it personal data.
pub(crate) fn says_classification(text: &str) -> bool {
    let words = || text.split(|it: char| !it.is_alphanumeric());
    words().any(|it| it.eq_ignore_ascii_case("pii")) || has(text, "personal data") || has(text, "personally identif")
}

/// Whether something in a mapping that declares a field says how sensitive its value is: one of its keys, its
/// description, or a tag.
pub fn has_classification(node: Node<'_>) -> bool {
    node.entries().any(|it| {
        let is_tags = it
            .key
            .len()
            .checked_sub(4)
            .and_then(|at| it.key.get(at..))
            .is_some_and(|it| it.eq_ignore_ascii_case("tags"));
        let tags = is_tags && it.value.items().filter_map(Node::as_str).any(is_classification);
        let text =
            matches!(it.key, "description" | "doc" | "$comment") && it.value.as_str().is_some_and(says_classification);
        tags || text || is_classification(it.key) && it.value.kind() != archwright_syntax::data::Kind::Mapping
    })
}

/// How many fields are read; a message with more is generated, and nobody names its fields in a document. Its shape is
/// not whole.
const MAX_FIELDS: usize = 5_000;

/// How deep fields nest.
pub(crate) const MAX_DEPTH: usize = 32;

impl Shape {
    /// Checks what every shape promises: that all its places lie inside of the text and on the borders of characters.
    ///
    /// # Errors
    /// When one does not, with that place in words.
    pub fn verify(&self, text: &str) -> Result<(), String> {
        let texts = self.fields.iter().flat_map(|it| it.description.iter().chain([&it.name])).chain(&self.name);
        let spans = texts.map(|it| it.span).chain(self.diagnostics.iter().map(|it| it.span));
        match spans.into_iter().find(|it| text.get(it.range()).is_none()) {
            Some(span) => Err(format!("{span:?} is no place in a text of {} bytes", text.len())),
            None => Ok(()),
        }
    }

    /// Whether the message has a field of this name. See [`Self::field`].
    pub fn has_field(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// The field that people mean by `name`: the one with exactly this path (`[]` and `{}` may be left out), or the
    /// only one that is called so, however deep it lies. Names may say where in the event they are looked for:
    /// `data.order_id` (CloudEvents), `payload.order_id`, `body.order_id` and `$.order_id` mean `order_id` unless there
    /// is such a field.
    pub fn field(&self, name: &str) -> Option<&Field> {
        /// Words for the message's content as opposed to its headers.
        const CONTENT: [&str; 5] = ["data.", "payload.", "body.", "value.", "$."];
        let name = name.trim();
        let inside = CONTENT.iter().find_map(|it| name.strip_prefix(it));
        self.exact(name).or_else(|| inside.and_then(|it| self.field(it))).or_else(|| self.unique_leaf(name))
    }

    fn exact(&self, name: &str) -> Option<&Field> {
        let plain = plain_path(name);
        self.fields
            .iter()
            .find(|it| it.path == name)
            .or_else(|| self.fields.iter().find(|it| plain_path(&it.path) == plain))
    }

    fn unique_leaf(&self, name: &str) -> Option<&Field> {
        let mut named = self.fields.iter().filter(|it| it.name.text == name);
        let first = named.next()?;
        named.all(|it| it.name.span == first.name.span).then_some(first)
    }

    /// The field whose path or name is [`nearest`] to `name`.
    pub fn nearest_field(&self, name: &str) -> Option<&Field> {
        let names = self.fields.iter().flat_map(|it| [it.path.as_str(), it.name.text.as_str()]);
        let meant = nearest(name, names)?;
        self.fields.iter().find(|it| it.path == meant || it.name.text == meant)
    }
}

/// A shape in the making.
pub(crate) struct Builder {
    shape: Shape,
    /// The paths of `shape.fields`.
    paths: FxHashSet<SmolStr>,
    /// The diagnostics that are told already.
    told: FxHashSet<Diagnostic>,
}

impl Builder {
    pub(crate) fn new(language: Language) -> Self {
        Self {
            shape: Shape {
                language,
                name: None,
                fields: Vec::new(),
                classified: false,
                diagnostics: Vec::new(),
                is_whole: true,
                unread: 0,
                left_out: 0,
            },
            paths: FxHashSet::default(),
            told: FxHashSet::default(),
        }
    }

    pub(crate) fn finish(self) -> Shape {
        self.shape
    }

    pub(crate) fn name(&mut self, name: Option<Spanned>) {
        self.shape.name = name;
    }

    /// Notes how many imports were not read.
    pub(crate) fn unread(&mut self, imports: usize) {
        self.shape.unread = imports;
    }

    pub(crate) fn classified(&mut self) {
        self.shape.classified = true;
    }

    /// Adds a field. The same path twice (from two branches of a union) is one field.
    pub(crate) fn field(&mut self, field: Field) {
        if self.shape.fields.len() >= MAX_FIELDS {
            self.shape.left_out += 1;
            self.partial();
        } else if self.paths.insert(field.path.clone()) {
            self.shape.fields.push(field);
        }
    }

    /// Notes that fields may be missing although nothing is wrong.
    pub(crate) fn partial(&mut self) {
        self.shape.is_whole = false;
    }

    /// Notes that fields are missing because a bound was reached.
    pub(crate) fn cut(&mut self) {
        self.shape.left_out = self.shape.left_out.max(1);
        self.partial();
    }

    /// Adds a problem for which fields may be missing.
    pub(crate) fn loss(&mut self, span: Span, message: impl Into<String>) {
        self.shape.is_whole = false;
        self.problem(span, message);
    }

    /// Adds a problem that takes no field away.
    pub(crate) fn problem(&mut self, span: Span, message: impl Into<String>) {
        let diagnostic = Diagnostic { span, message: message.into() };
        if self.told.insert(diagnostic.clone()) {
            self.shape.diagnostics.push(diagnostic);
        }
    }
}

/// A path without the marks of lists and maps.
fn plain_path(path: &str) -> String {
    path.replace("[]", "").replace("{}", "").trim_start_matches('.').to_owned()
}

/// The path of a field below a parent path.
pub(crate) fn join(parent: &str, name: &str) -> SmolStr {
    if parent.is_empty() { name.into() } else { format!("{parent}.{name}").into() }
}
