//! Whether a JSON Schema is one: the values of its keywords (drafts 4 to 2020-12), and where its references lead.

use archwright_syntax::{
    data::{Kind, Node, NodeId, Tree},
    nearest, pointer,
};
use rustc_hash::FxHashSet;

use crate::Diagnostic;
use crate::check::{Outward, Surroundings};
use crate::instance::{is_pattern, value::span_of};
use crate::{Identified, Identifiers};

/// How deep schemas are followed.
const MAX_DEPTH: usize = 128;

/// The types of JSON Schema (2020-12 validation, section 6.1.1).
const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "string", "integer"];

/// What a keyword's value must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A schema: a mapping, or a boolean.
    Schema,
    /// A list of schemas, at least one.
    Schemas,
    /// A schema or a list of schemas, as `items` was until 2019-09.
    SchemaOrSchemas,
    /// Schemas by name.
    Named,
    /// Schemas by a pattern of names.
    Patterns,
    /// A list of names, each once.
    Names,
    /// Lists of names by name.
    NamesByName,
    /// Schemas or lists of names by name.
    Dependencies,
    /// The name of a type, or a list of them.
    Types,
    Pattern,
    Text,
    List,
    Boolean,
    Number,
    /// A number above 0.
    Positive,
    /// An integer, 0 at least.
    Count,
    /// A number, or a boolean as in draft 4.
    Bound,
}

/// A version of JSON Schema, as `$schema` names it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Dialect {
    Draft4,
    Draft6,
    Draft7,
    Draft2019,
    Draft2020,
}

impl Dialect {
    /// The dialect of an address that is one of JSON Schema; `None` for versions that are not judged.
    fn of(address: &str) -> Option<Self> {
        let version = address.split_once("json-schema.org/draft")?.1.trim_start_matches(['-', '/']);
        let versions = [
            ("04", Self::Draft4),
            ("05", Self::Draft4),
            ("06", Self::Draft6),
            ("07", Self::Draft7),
            ("2019-09", Self::Draft2019),
            ("2020-12", Self::Draft2020),
        ];
        versions.into_iter().find(|it| version.starts_with(it.0)).map(|it| it.1)
    }

    /// Whether a keyword means nothing in the dialect, so that its value is nobody's business.
    fn ignores(self, keyword: &str) -> bool {
        let since = match keyword {
            "contains" | "propertyNames" | "examples" | "$id" => Self::Draft6,
            "if" | "then" | "else" | "readOnly" | "writeOnly" | "$comment" | "contentMediaType" | "contentEncoding" => {
                Self::Draft7
            }
            "$defs"
            | "dependentSchemas"
            | "dependentRequired"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "minContains"
            | "maxContains"
            | "$anchor"
            | "deprecated"
            | "contentSchema" => Self::Draft2019,
            "prefixItems" | "$dynamicRef" | "$dynamicAnchor" => Self::Draft2020,
            "additionalItems" => return self == Self::Draft2020,
            _ => return false,
        };
        self < since
    }
}

/// The keywords that constrain their value; what others hold is nobody's business.
fn form(keyword: &str) -> Option<Form> {
    Some(match keyword {
        "additionalItems"
        | "additionalProperties"
        | "contains"
        | "propertyNames"
        | "not"
        | "if"
        | "then"
        | "else"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => Form::Schema,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Form::Schemas,
        "items" => Form::SchemaOrSchemas,
        "properties" | "$defs" | "definitions" | "dependentSchemas" => Form::Named,
        "patternProperties" => Form::Patterns,
        "required" => Form::Names,
        "dependentRequired" => Form::NamesByName,
        "dependencies" => Form::Dependencies,
        "type" => Form::Types,
        "pattern" => Form::Pattern,
        "title" | "description" | "format" | "$comment" | "$id" | "$schema" | "$anchor" | "$ref" | "$dynamicRef"
        | "$dynamicAnchor" | "contentMediaType" | "contentEncoding" => Form::Text,
        "enum" | "examples" => Form::List,
        "uniqueItems" | "readOnly" | "writeOnly" | "deprecated" => Form::Boolean,
        "minimum" | "maximum" => Form::Number,
        "multipleOf" => Form::Positive,
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "minContains"
        | "maxContains" => Form::Count,
        "exclusiveMinimum" | "exclusiveMaximum" => Form::Bound,
        _ => return None,
    })
}

/// What is wrong with a schema, in the order of the text. A schema of a dialect that is not among the drafts is not
/// judged.
pub(crate) fn diagnostics(tree: &Tree, around: &mut dyn Surroundings) -> Vec<Diagnostic> {
    let Some(root) = tree.root() else { return Vec::new() };
    let named = root.get("$schema").and_then(Node::as_str);
    let dialect = named.and_then(Dialect::of);
    if named.is_some() && dialect.is_none() {
        return Vec::new();
    }
    let (seen, found) = (FxHashSet::default(), Vec::new());
    let mut reader = Reader { root, dialect, around, seen, anchors: None, identifiers: None, found };
    reader.schema(root, 0);
    let mut found = reader.found;
    found.sort_by_key(|it| it.span.start);
    found
}

struct Reader<'t, 'a> {
    root: Node<'t>,
    /// The dialect that the schema names; without one, what any of them allows is taken.
    dialect: Option<Dialect>,
    around: &'a mut dyn Surroundings,
    seen: FxHashSet<NodeId>,
    /// The names that `#name` may refer to, once they are asked for.
    anchors: Option<FxHashSet<&'t str>>,
    /// What schemas call themselves, once a reference is looked up.
    identifiers: Option<Identifiers<'t>>,
    found: Vec<Diagnostic>,
}

impl<'t> Reader<'t, '_> {
    fn wrong(&mut self, node: Node<'t>, message: impl Into<String>) {
        self.found.push(Diagnostic { span: span_of(node), message: message.into() });
    }

    /// Tells of a value that is not what a keyword wants.
    fn unfit(&mut self, keyword: &str, wanted: &str, node: Node<'t>) {
        self.wrong(node, format!("`{keyword}` is {wanted}, but this is {}.", node.kind().describe()));
    }

    fn schema(&mut self, schema: Node<'t>, depth: usize) {
        if depth > MAX_DEPTH || !self.seen.insert(schema.id()) {
            return;
        }
        match schema.kind() {
            Kind::Bool if self.dialect != Some(Dialect::Draft4) => return,
            Kind::Mapping => {}
            Kind::Bool => return self.wrong(schema, "A schema of draft 4 is a mapping, but this is a boolean."),
            other => {
                return self
                    .wrong(schema, format!("A schema is a mapping or a boolean, but this is {}.", other.describe()));
            }
        }
        for entry in schema.entries() {
            let is_ignored = self.dialect.is_some_and(|it| it.ignores(entry.key));
            match form(entry.key) {
                Some(form) if !is_ignored => self.keyword(entry.key, form, entry.value, depth),
                // References lead there all the same.
                Some(Form::Named) if entry.key == "$defs" => {
                    let schemas = entry.value.entries().filter(|it| it.value.kind() == Kind::Mapping);
                    schemas.for_each(|it| self.schema(it.value, depth + 1));
                }
                _ => {}
            }
        }
        if let Some(reference) = schema.get("$ref").filter(|it| it.kind() == Kind::String) {
            self.reference(schema, reference);
        }
    }

    fn keyword(&mut self, keyword: &str, form: Form, value: Node<'t>, depth: usize) {
        let kind = value.kind();
        let (is_4, is_known) = (self.dialect == Some(Dialect::Draft4), self.dialect.is_some());
        match form {
            // Draft 4 knows booleans here and nowhere else.
            Form::Schema if is_4 && kind == Kind::Bool && keyword.starts_with("additional") => {}
            Form::Schema => self.schema(value, depth + 1),
            Form::SchemaOrSchemas if kind == Kind::Sequence && self.dialect == Some(Dialect::Draft2020) => {
                self.wrong(value, "`items` is one schema since 2020-12, but this is a list; `prefixItems` takes one.");
            }
            Form::SchemaOrSchemas if kind == Kind::Sequence => {
                value.items().for_each(|it| self.schema(it, depth + 1));
            }
            Form::SchemaOrSchemas => self.schema(value, depth + 1),
            Form::Schemas if kind != Kind::Sequence => self.unfit(keyword, "a list of schemas", value),
            Form::Schemas if value.items().next().is_none() => {
                self.wrong(value, format!("`{keyword}` is empty; it needs one schema at least."));
            }
            Form::Schemas => value.items().for_each(|it| self.schema(it, depth + 1)),
            Form::Named | Form::Patterns | Form::NamesByName | Form::Dependencies if kind != Kind::Mapping => {
                self.unfit(keyword, "a mapping", value);
            }
            Form::Named => value.entries().for_each(|it| self.schema(it.value, depth + 1)),
            Form::Patterns => {
                for entry in value.entries() {
                    if !is_pattern(entry.key) {
                        let message = format!("`{}` is no regular expression of ECMA-262.", entry.key);
                        self.found.push(Diagnostic { span: entry.key_span, message });
                    }
                    self.schema(entry.value, depth + 1);
                }
            }
            Form::Dependencies => {
                for it in value.entries() {
                    match it.value.kind() {
                        Kind::Sequence => self.names(keyword, it.value),
                        _ => self.schema(it.value, depth + 1),
                    }
                }
            }
            Form::NamesByName => value.entries().for_each(|it| self.names(keyword, it.value)),
            Form::Names => self.names(keyword, value),
            Form::Types => self.types(value),
            Form::Pattern => match value.as_str() {
                Some(it) if is_pattern(it) => {}
                Some(it) => self.wrong(value, format!("`{it}` is no regular expression of ECMA-262.")),
                None => self.unfit(keyword, "a string", value),
            },
            Form::Text if kind != Kind::String => self.unfit(keyword, "a string", value),
            Form::List if kind != Kind::Sequence => self.unfit(keyword, "a list", value),
            Form::List
                if keyword == "enum"
                    && self.dialect.is_some_and(|it| it <= Dialect::Draft6)
                    && value.items().next().is_none() =>
            {
                self.wrong(value, "`enum` is empty; it needs one value at least.");
            }
            Form::Boolean if kind != Kind::Bool => self.unfit(keyword, "a boolean", value),
            Form::Number | Form::Positive | Form::Count if !matches!(kind, Kind::Integer | Kind::Float) => {
                self.unfit(keyword, "a number", value);
            }
            Form::Bound if is_4 && kind != Kind::Bool => self.unfit(keyword, "a boolean in draft 4", value),
            Form::Bound if is_known && !is_4 && kind == Kind::Bool => {
                self.unfit(keyword, "a number since draft 6", value);
            }
            Form::Bound if !matches!(kind, Kind::Integer | Kind::Float | Kind::Bool) => {
                self.unfit(keyword, "a number", value);
            }
            Form::Positive if value.as_f64().is_some_and(|it| it <= 0.0) => {
                self.wrong(value, format!("`{keyword}` must be above 0."));
            }
            Form::Count if value.as_f64().is_some_and(|it| it < 0.0 || it.fract() != 0.0) => {
                self.wrong(value, format!("`{keyword}` is a whole number, 0 at least."));
            }
            Form::Text | Form::List | Form::Boolean | Form::Number | Form::Positive | Form::Count | Form::Bound => {}
        }
    }

    /// A list of names of properties.
    fn names(&mut self, keyword: &str, value: Node<'t>) {
        if value.kind() != Kind::Sequence {
            return self.unfit(keyword, "a list of names", value);
        }
        if self.dialect == Some(Dialect::Draft4) && value.items().next().is_none() {
            self.wrong(value, format!("`{keyword}` is empty; in draft 4 it needs one name at least."));
        }
        let mut seen = FxHashSet::default();
        for item in value.items() {
            match item.as_str() {
                None => self.wrong(item, format!("`{keyword}` lists names, but this is {}.", item.kind().describe())),
                Some(name) if !seen.insert(name) => self.wrong(item, format!("`{name}` stands twice in `{keyword}`.")),
                Some(_) => {}
            }
        }
    }

    fn types(&mut self, value: Node<'t>) {
        let mut seen = FxHashSet::default();
        let items: Vec<Node<'t>> = match value.kind() {
            Kind::String => vec![value],
            Kind::Sequence => value.items().collect(),
            _ => return self.unfit("type", "the name of a type or a list of them", value),
        };
        for item in items {
            match item.as_str() {
                // `type: null` without quotes is a mistake that YAML makes easy.
                None => self.unfit("type", "the name of a type", item),
                Some(name) if !TYPES.contains(&name) => {
                    let hint = nearest(name, TYPES);
                    let hint = hint.map_or_else(
                        || format!(" The types are `{}`.", TYPES.join("`, `")),
                        |it| format!(" Did you mean `{it}`?"),
                    );
                    self.wrong(item, format!("`{name}` is no type of JSON Schema.{hint}"));
                }
                Some(name) if !seen.insert(name) => self.wrong(item, format!("The type `{name}` stands twice.")),
                Some(_) => {}
            }
        }
    }

    fn reference(&mut self, schema: Node<'t>, reference: Node<'t>) {
        let target = reference.as_str().unwrap_or_default();
        let root = self.root;
        let identifiers = self.identifiers.get_or_insert_with(|| Identifiers::of(root));
        let found = identifiers.resolve(schema, target);
        let Some(fragment) = target.strip_prefix('#') else {
            match found {
                Identified::Missing => self.wrong(reference, format!("`{target}` names nothing in that schema.")),
                Identified::Here(_) => {}
                Identified::Elsewhere(based) => {
                    let address = identifiers.address(schema, target).unwrap_or_default();
                    let outward = Outward { text: target, address: &address, has_base: based.is_some() };
                    if let Some(why) = self.around.missing(outward) {
                        self.wrong(reference, why);
                    }
                }
            }
            return;
        };
        let Some(pointer) = pointer::of_fragment(fragment) else { return };
        let is_there = if matches!(found, Identified::Here(_)) || pointer.is_empty() {
            true
        } else if pointer.starts_with('/') {
            // Most tools count pointers from the root, whatever the schema around them calls itself.
            root.resolve(&pointer).is_some()
        } else {
            self.anchors.get_or_insert_with(|| anchors(root)).contains(pointer.as_ref())
        };
        if !is_there {
            self.wrong(reference, format!("`{target}` names nothing in this schema."));
        }
    }
}

/// The names that parts of a schema give themselves.
fn anchors(root: Node<'_>) -> FxHashSet<&str> {
    let (mut found, mut stack) = (FxHashSet::default(), vec![root]);
    while let Some(node) = stack.pop() {
        for entry in node.written_entries() {
            if let Some(text) = entry.value.as_str() {
                match entry.key {
                    "$anchor" | "$dynamicAnchor" => found.extend([text]),
                    // Before 2019-09 (draft-07, section 8.2.3).
                    "$id" | "id" => found.extend(text.split_once('#').map(|it| it.1)),
                    _ => {}
                }
            }
        }
        stack.extend(node.items().chain(node.written_entries().map(|it| it.value)).filter(|it| !it.is_alias()));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::{
        Language,
        check::{Alone, diagnostics},
    };

    #[test]
    fn a_keyword_counts_from_the_draft_on_that_knows_it() {
        for (dialect, schema, count) in [
            ("http://json-schema.org/draft-07/schema#", "\"deprecated\": \"use b\"", 0),
            ("https://json-schema.org/draft/2019-09/schema", "\"deprecated\": \"use b\"", 1),
            ("https://json-schema.org/draft/2019-09/schema", "\"prefixItems\": {}", 0),
            ("https://json-schema.org/draft/2020-12/schema", "\"prefixItems\": {}", 1),
            ("http://json-schema.org/draft-04/schema#", "\"examples\": {}, \"if\": 1", 0),
            ("http://json-schema.org/draft-04/schema#", "\"type\": \"objct\"", 1),
            ("http://json-schema.org/draft-03/schema#", "\"required\": true, \"type\": \"any\"", 0),
        ] {
            let text = format!("{{\"$schema\": \"{dialect}\", {schema}}}");
            assert_eq!(diagnostics(&text, Language::JsonSchema, None, &mut Alone).len(), count, "{text}");
        }
    }
}
