//! Values against JSON Schema draft-07 and its kin, straight on the trees of both.

mod branches;
mod collections;
mod formats;
mod scalars;
mod unevaluated;

use archwright_syntax::{
    Guesses, Span,
    data::{Kind, Node, NodeId},
};

use super::pattern::Patterns;
use super::value::{choices, every, is_equal, is_integer, quoted, shown, span_of, with_kind};
use super::{Mismatch, Resolve};

/// How schemas depart from JSON Schema draft-07.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Dialect {
    /// JSON Schema draft-07, which the schemas of AsyncAPI extend.
    #[default]
    JsonSchema,
    /// The Schema Object of `OpenAPI` 3.0: `nullable`, and `exclusiveMinimum` as a boolean.
    OpenApi,
}

/// How deep schemas and values are followed, references included.
const MAX_DEPTH: usize = 100;

/// How many references may lead to each other.
const MAX_HOPS: usize = 16;

/// How many pairs of schema and value are looked at for one value.
const MAX_STEPS: u32 = 100_000;

/// How many pairs of schema and value are looked at by one validator.
const MAX_TOTAL_STEPS: u32 = 600_000;

/// Checks values against schemas.
pub struct Validator<'t, 'r> {
    resolver: &'r dyn Resolve<'t>,
    dialect: Dialect,
    patterns: Patterns,
    /// How many steps are left for the value that is checked, and for all.
    left: u32,
    left_in_all: u32,
    /// How many values were not looked at to their end.
    unfinished: usize,
    /// Above zero while it only matters whether a value fits.
    quiet: u32,
    /// Whether something could not be told since the flag was last cleared.
    unsure: bool,
    guesses: Guesses,
    found: Vec<Found<'t>>,
}

/// A mismatch, and what it says of the schema as one of several.
struct Found<'t> {
    mismatch: Mismatch<'t>,
    /// The value whose kind or whole is wrong: the schema is probably not the one that was meant.
    tells_apart: Option<NodeId>,
    /// The kinds that were wanted in its place.
    wanted: Option<String>,
}

impl<'t, 'r> Validator<'t, 'r> {
    /// A validator of schemas in a dialect, whose references lead where `resolver` says.
    pub fn new(resolver: &'r dyn Resolve<'t>, dialect: Dialect) -> Self {
        let (patterns, left_in_all) = (Patterns::default(), MAX_TOTAL_STEPS);
        let (guesses, found) = (Guesses::default(), Vec::new());
        Self {
            resolver,
            dialect,
            patterns,
            left: 0,
            left_in_all,
            unfinished: 0,
            quiet: 0,
            unsure: false,
            guesses,
            found,
        }
    }

    /// Where a value does not fit a schema, in the order of the schema; empty when it does, or when that cannot be
    /// told.
    ///
    /// ```
    /// use archwright_schema::instance::{Dialect, NoReferences, Validator};
    /// use archwright_syntax::data::{Format, parse};
    ///
    /// let schema = parse("properties: { state: { enum: [open, closed] } }", Format::Yaml);
    /// let value = parse("state: opne", Format::Yaml);
    /// let mut validator = Validator::new(&NoReferences, Dialect::JsonSchema);
    ///
    /// let mismatches = validator.check(schema.root().unwrap(), value.root().unwrap());
    /// assert_eq!(mismatches[0].span.of(value.text()), "opne");
    /// assert_eq!(mismatches[0].replacement.as_deref(), Some("open"));
    /// ```
    pub fn check(&mut self, schema: Node<'t>, instance: Node<'t>) -> Vec<Mismatch<'t>> {
        let given = MAX_STEPS.min(self.left_in_all);
        self.left = given;
        self.value(schema, instance, 0);
        self.left_in_all -= given - self.left;
        self.unfinished += usize::from(self.left == 0);
        std::mem::take(&mut self.found).into_iter().map(|it| it.mismatch).collect()
    }

    /// How many of the values that were checked were not looked at to their end, because that takes too many steps.
    pub fn unfinished(&self) -> usize {
        self.unfinished
    }

    /// Whether a value fits a schema. What cannot be told fits, and sets `unsure`.
    fn value(&mut self, schema: Node<'t>, instance: Node<'t>, depth: usize) -> bool {
        self.left = self.left.saturating_sub(1);
        let body = (self.left > 0 && depth <= MAX_DEPTH).then(|| self.follow(schema)).flatten();
        let Some(schema) = body.filter(|it| matches!(it.kind(), Kind::Mapping | Kind::Bool)) else {
            self.unsure = true;
            return true;
        };
        if schema.kind() == Kind::Bool {
            return schema.as_bool() != Some(false) || self.nothing(schema, instance);
        }
        if self.dialect == Dialect::OpenApi
            && instance.is_null()
            && schema.get("nullable").and_then(Node::as_bool) == Some(true)
        {
            return true;
        }
        if !self.kind(schema, instance) {
            return false;
        }
        let is_collection = matches!(instance.kind(), Kind::Mapping | Kind::Sequence);
        let mut fits = true;
        for entry in schema.entries() {
            fits &= self.keyword(schema, entry.key, entry.value, instance, depth);
            // One mistake of a scalar is enough.
            if !fits && (self.quiet > 0 || !is_collection) {
                return false;
            }
        }
        fits
    }

    /// The schema behind references.
    fn follow(&self, schema: Node<'t>) -> Option<Node<'t>> {
        let mut schema = schema;
        for _ in 0..MAX_HOPS {
            let Some(reference) = schema.get("$ref") else { return Some(schema) };
            schema = self.resolver.resolve(schema, reference.as_str()?)?;
        }
        None
    }

    /// The `false` schema.
    fn nothing(&mut self, schema: Node<'t>, instance: Node<'t>) -> bool {
        let message = format!("{} is not allowed: the schema allows nothing here", capital(&shown(instance)));
        self.fault(schema, instance, message, Some(instance.id()), None)
    }

    /// The `type` of a schema.
    fn kind(&mut self, schema: Node<'t>, instance: Node<'t>) -> bool {
        let Some(allowed) = schema.get("type") else { return true };
        let one = allowed.as_str().into_iter();
        let names: Vec<&str> = one.chain(allowed.items().filter_map(Node::as_str)).collect();
        let mut wanted = Vec::new();
        for name in &names {
            let (words, fits) = match *name {
                "null" => ("null", instance.is_null()),
                "boolean" => ("true or false", instance.kind() == Kind::Bool),
                "integer" => ("an integer", is_integer(instance)),
                "number" => ("a number", matches!(instance.kind(), Kind::Integer | Kind::Float)),
                "string" => ("a string", instance.kind() == Kind::String),
                "array" => ("a list", instance.kind() == Kind::Sequence),
                "object" => ("a mapping", instance.kind() == Kind::Mapping),
                _ => ("", true),
            };
            if fits {
                return true;
            }
            wanted.push(words);
        }
        if wanted.is_empty() {
            return true;
        }
        if self.quiet > 0 {
            return false;
        }
        let wanted = wanted.join(" or ");
        let mut message = format!("{}, but the schema wants {wanted}", with_kind(instance));
        if instance.is_null() && schema.get("nullable").and_then(Node::as_bool) == Some(true) {
            message += "; `nullable` means nothing here: list `null` in `type`";
        }
        let mended = if names == ["string"] { quoted(instance) } else { None };
        self.push(schema, instance, span_of(instance), message, mended, Some(instance.id()), Some(wanted))
    }

    fn keyword(&mut self, schema: Node<'t>, key: &str, value: Node<'t>, instance: Node<'t>, depth: usize) -> bool {
        match key {
            "enum" if value.kind() == Kind::Sequence => self.choice(schema, value, instance),
            "const" => {
                is_equal(value, instance, &mut self.left, 0) || {
                    let message = format!("{} is not allowed: it must be {}", capital(&shown(instance)), shown(value));
                    self.fault(schema, instance, message, Some(instance.id()), None)
                }
            }
            "allOf" => every(value.items(), |it| self.value(it, instance, depth + 1)),
            "anyOf" => self.any_of(schema, value, instance, depth),
            "oneOf" => self.one_of(schema, value, instance, depth),
            "not" => {
                self.fits(value, instance, depth) != Some(true) || {
                    let message = format!("{} is what the schema under `not` excludes", capital(&shown(instance)));
                    self.fault(schema, instance, message, None, None)
                }
            }
            "if" => match self.fits(value, instance, depth) {
                Some(holds) => {
                    schema.get(if holds { "then" } else { "else" }).is_none_or(|it| self.value(it, instance, depth + 1))
                }
                None => true,
            },
            _ => match instance.kind() {
                Kind::Mapping => self.of_mapping(schema, key, value, instance, depth),
                Kind::Sequence => self.of_list(schema, key, value, instance, depth),
                Kind::String => self.of_text(schema, key, value, instance),
                Kind::Integer | Kind::Float => self.of_number(schema, key, value, instance),
                Kind::Null | Kind::Bool => true,
            },
        }
    }

    fn choice(&mut self, schema: Node<'t>, allowed: Node<'t>, instance: Node<'t>) -> bool {
        if allowed.items().any(|it| is_equal(it, instance, &mut self.left, 0)) {
            return true;
        }
        if self.quiet > 0 || allowed.is_empty() {
            return allowed.is_empty();
        }
        let near = instance.as_str();
        let near = near.and_then(|it| self.guesses.nearest(it, allowed.items().filter_map(Node::as_str)));
        let mut message = format!("{} is not allowed: {}", capital(&shown(instance)), choices(allowed.items()));
        if let Some(near) = near {
            message += &format!("; did you mean `{near}`?");
        }
        let mended = near.map(ToOwned::to_owned);
        self.push(schema, instance, span_of(instance), message, mended, Some(instance.id()), None)
    }

    /// Whether a value fits, without a word; `None` when that cannot be told.
    fn fits(&mut self, schema: Node<'t>, instance: Node<'t>, depth: usize) -> Option<bool> {
        let was_unsure = std::mem::replace(&mut self.unsure, false);
        self.quiet += 1;
        let fits = self.value(schema, instance, depth + 1);
        self.quiet -= 1;
        let is_sure = !self.unsure;
        self.unsure |= was_unsure;
        // What does not fit in a part that can be told does not fit, whatever the rest says.
        (is_sure || !fits).then_some(fits)
    }

    /// Notes that a value does not fit; always false.
    fn fault(
        &mut self,
        schema: Node<'t>,
        instance: Node<'t>,
        message: String,
        tells_apart: Option<NodeId>,
        at: Option<Span>,
    ) -> bool {
        self.push(schema, instance, at.unwrap_or_else(|| span_of(instance)), message, None, tells_apart, None)
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one record")]
    fn push(
        &mut self,
        schema: Node<'t>,
        instance: Node<'t>,
        span: Span,
        message: String,
        replacement: Option<String>,
        tells_apart: Option<NodeId>,
        wanted: Option<String>,
    ) -> bool {
        if self.quiet == 0 {
            let mismatch = Mismatch { instance, span, schema, message, replacement };
            self.found.push(Found { mismatch, tells_apart, wanted });
        }
        false
    }
}

/// A sentence begins with a capital, unless it begins with a value.
fn capital(text: &str) -> String {
    match text {
        "a list" => "A list".to_owned(),
        "a mapping" => "A mapping".to_owned(),
        other => other.to_owned(),
    }
}
