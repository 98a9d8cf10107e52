//! Reads JSON Schema, drafts 4 to 2020-12, written as JSON or YAML.
//!
//! A schema that is put together (`$ref`, `allOf`, `oneOf`, `anyOf`, `if`) has the properties of all its parts.

mod identifiers;
mod keywords;

pub use identifiers::{Identified, Identifiers, resolved};
pub(crate) use keywords::diagnostics;

use archwright_syntax::{Spanned, pointer};
use std::collections::BTreeSet;

use archwright_syntax::data::{Format, Kind, Node, NodeId, Tree};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::shape::{Builder, MAX_DEPTH, has_classification, join};
use crate::{Field, Language, Shape};

/// How many schemas are looked at. Definitions that refer to each other many times over multiply.
const MAX_VISITS: u32 = 50_000;

pub(crate) fn shape(tree: &Tree) -> Shape {
    let mut out = Builder::new(Language::JsonSchema);
    for error in tree.errors() {
        out.loss(error.span, error.message.as_str());
    }
    let Some(root) = tree.root() else { return out.finish() };
    if !matches!(root.kind(), Kind::Mapping | Kind::Bool) {
        out.loss(root.span(), format!("A JSON Schema is a mapping, this is {}.", root.kind().describe()));
        return out.finish();
    }
    let mut reader = Reader { tree, out, open: FxHashSet::default(), visits: MAX_VISITS, identifiers: None };
    let parts = reader.parts(root);
    reader.out.name(parts.iter().find_map(|it| Spanned::of_scalar(it.get("title")?)));
    if parts.iter().any(|it| has_classification(*it)) {
        reader.out.classified();
    }
    reader.walk(root, "", 0);
    reader.out.finish()
}

/// JSON begins with a bracket; everything else is YAML.
pub(crate) fn format_of(text: &str) -> Format {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) { Format::Json } else { Format::Yaml }
}

struct Reader<'t> {
    tree: &'t Tree,
    out: Builder,
    /// The schemas that are being walked, so that one that contains itself ends.
    open: FxHashSet<NodeId>,
    /// How many schemas may still be looked at.
    visits: u32,
    /// What schemas call themselves, once a reference is looked up.
    identifiers: Option<Identifiers<'t>>,
}

impl<'t> Reader<'t> {
    /// Adds the fields below `schema`, whose own path is `path`.
    fn walk(&mut self, schema: Node<'t>, path: &str, depth: usize) {
        if depth > MAX_DEPTH {
            return self.out.cut();
        }
        let parts = self.parts(schema);
        let mut required = BTreeSet::new();
        self.required(schema, 0, &mut required);
        let mut opened = Vec::new();
        for part in parts {
            if !self.open.insert(part.id()) {
                continue;
            }
            opened.push(part.id());
            self.check(part);
            for entry in part.get("properties").into_iter().flat_map(Node::entries) {
                let path = join(path, entry.key);
                let parts = self.parts(entry.value);
                let description = parts.iter().find_map(|it| Spanned::of_scalar(it.get("description")?));
                let classified = parts.iter().any(|it| has_classification(*it));
                let (ty, required) = (self.ty(entry.value, 0), required.contains(entry.key));
                self.out.field(Field {
                    path: path.clone(),
                    name: Spanned::of_key(entry),
                    required,
                    ty,
                    description,
                    classified,
                });
                self.walk(entry.value, &path, depth + 1);
            }
            for items in ["items", "prefixItems", "contains"].iter().filter_map(|it| part.get(it)) {
                let path = format!("{path}[]");
                match items.kind() {
                    Kind::Sequence => items.items().for_each(|it| self.walk(it, &path, depth + 1)),
                    _ => self.walk(items, &path, depth + 1),
                }
            }
            let patterns = part.get("patternProperties").into_iter().flat_map(Node::entries).map(|it| it.value);
            for values in part.get("additionalProperties").into_iter().chain(patterns) {
                self.walk(values, &format!("{path}{{}}"), depth + 1);
            }
        }
        for part in opened {
            self.open.remove(&part);
        }
    }

    /// The schemas that `schema` is put together from, itself first, each once.
    fn parts(&mut self, schema: Node<'t>) -> Vec<Node<'t>> {
        let mut parts: Vec<Node<'t>> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut stack = vec![schema];
        while let Some(part) = stack.pop() {
            if !seen.insert(part.id()) || !self.visit() {
                continue;
            }
            parts.push(part);
            let mut inner: Vec<_> = self.reference(part).into_iter().collect();
            for list in ["allOf", "oneOf", "anyOf"].iter().filter_map(|it| part.get(it)) {
                inner.extend(list.items());
            }
            inner.extend(["then", "else"].iter().filter_map(|it| part.get(it)));
            inner.extend(part.get("dependentSchemas").into_iter().flat_map(Node::entries).map(|it| it.value));
            stack.extend(inner.into_iter().rev());
        }
        parts
    }

    /// The property names that every value of `schema` has: those it requires itself or through `$ref` and `allOf`, and
    /// those that all branches of a `oneOf` or `anyOf` require.
    fn required(&mut self, schema: Node<'t>, depth: usize, names: &mut BTreeSet<&'t str>) {
        if depth > MAX_DEPTH || !self.visit() {
            return;
        }
        names.extend(schema.get("required").into_iter().flat_map(Node::items).filter_map(Node::as_str));
        let all = schema.get("allOf").into_iter().flat_map(Node::items);
        for part in self.reference(schema).into_iter().chain(all) {
            self.required(part, depth + 1, names);
        }
        for branches in ["oneOf", "anyOf"].iter().filter_map(|it| schema.get(it)) {
            let mut common: Option<BTreeSet<&str>> = None;
            for branch in branches.items() {
                let mut of_branch = BTreeSet::new();
                self.required(branch, depth + 1, &mut of_branch);
                common = Some(common.map_or(of_branch.clone(), |it| it.intersection(&of_branch).copied().collect()));
            }
            names.extend(common.into_iter().flatten());
        }
    }

    /// The type of a schema in words.
    fn ty(&mut self, schema: Node<'t>, depth: usize) -> SmolStr {
        if depth > MAX_DEPTH || !self.visit() {
            return "any".into();
        }
        let named = match schema.get("type") {
            Some(it) if it.kind() == Kind::Sequence => {
                it.items().filter_map(Node::as_str).collect::<Vec<_>>().join("|")
            }
            Some(it) => it.as_str().unwrap_or_default().to_owned(),
            None => String::new(),
        };
        let is_array = named == "array" || (named.is_empty() && schema.get("items").is_some());
        if is_array && let Some(items) = schema.get("items").filter(|it| it.kind() == Kind::Mapping) {
            return format!("array<{}>", self.ty(items, depth + 1)).into();
        }
        if !named.is_empty() {
            return named.into();
        }
        if let Some(target) = self.reference(schema) {
            return self.ty(target, depth + 1);
        }
        if schema.get("properties").is_some() {
            return "object".into();
        }
        let example = schema.get("const").or_else(|| schema.get("enum")?.items().next());
        if let Some(example) = example {
            return match example.kind() {
                Kind::Null => "null",
                Kind::Bool => "boolean",
                Kind::Integer => "integer",
                Kind::Float => "number",
                Kind::String => "string",
                Kind::Sequence => "array",
                Kind::Mapping => "object",
            }
            .into();
        }
        if let Some(parts) = schema.get("allOf") {
            return parts.items().map(|it| self.ty(it, depth + 1)).find(|it| it != "any").unwrap_or("any".into());
        }
        let branches = schema.get("oneOf").or_else(|| schema.get("anyOf"));
        let mut types: Vec<SmolStr> = Vec::new();
        for branch in branches.into_iter().flat_map(Node::items) {
            let ty = self.ty(branch, depth + 1);
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        if types.is_empty() { "any".into() } else { types.join("|").into() }
    }

    /// What `$ref` names, if it is in this text: by what schemas call themselves, else by a pointer from the root, as
    /// most tools read them.
    fn reference(&mut self, schema: Node<'t>) -> Option<Node<'t>> {
        let reference = schema.get("$ref")?;
        let target = reference.as_str()?;
        let root = self.tree.root()?;
        let identifiers = self.identifiers.get_or_insert_with(|| Identifiers::of(root));
        if let Identified::Here(found) = identifiers.resolve(schema, target) {
            return Some(found);
        }
        let pointer = pointer::of_fragment(target.strip_prefix('#')?)?;
        let found = root.resolve(&pointer);
        // Names without a slash are anchors, which are not looked up.
        if found.is_none() && pointer.starts_with('/') {
            self.out.loss(reference.span(), format!("`{target}` names nothing in this schema."));
        }
        found
    }

    /// Reports what is wrong with a schema's own keywords.
    fn check(&mut self, schema: Node<'t>) {
        for (key, kind) in [("properties", Kind::Mapping), ("required", Kind::Sequence), ("allOf", Kind::Sequence)] {
            if let Some(value) = schema.get(key).filter(|it| it.kind() != kind) {
                self.out.loss(
                    value.span(),
                    format!("`{key}` is {}, this is {}.", kind.describe(), value.kind().describe()),
                );
            }
        }
        let is_closed = schema.get("additionalProperties").and_then(Node::as_bool) == Some(false);
        if is_closed && schema.get("patternProperties").is_none() {
            let properties = schema.get("properties");
            for name in schema.get("required").into_iter().flat_map(Node::items) {
                let Some(text) = name.as_str().filter(|it| properties.and_then(|all| all.get(it)).is_none()) else {
                    continue;
                };
                let message = format!(
                    "`{text}` is required, but it is no property and `additionalProperties: false` forbids others."
                );
                self.out.loss(name.span(), message);
            }
        }
    }

    fn visit(&mut self) -> bool {
        self.visits = self.visits.saturating_sub(1);
        if self.visits == 0 {
            self.out.cut();
        }
        self.visits > 0
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::Language::JsonSchema;
    use crate::testing::show;

    #[test]
    fn nested_objects_become_dotted_paths() {
        let text = r##"{
  "title": "OrderPlaced",
  "type": "object",
  "required": ["order_id", "lines"],
  "properties": {
    "order_id": { "type": "string", "description": "Number of the order." },
    "customer": { "$ref": "#/$defs/Customer" },
    "lines": { "type": "array", "items": { "$ref": "#/$defs/Line" } },
    "labels": { "type": "object", "additionalProperties": { "properties": { "text": { "const": "x" } } } },
    "note": { "type": ["string", "null"] }
  },
  "$defs": {
    "Customer": { "type": "object", "description": "Who bought.", "required": ["id"], "properties": { "id": { "type": "string" } } },
    "Line": { "properties": { "sku": { "enum": ["TEA"] }, "parts": { "type": "array", "items": { "$ref": "#/$defs/Line" } } } }
  }
}"##;
        insta::assert_snapshot!(show(text, JsonSchema), @r#"
        message OrderPlaced
        order_id string: "Number of the order."
        customer? object: "Who bought."
        customer.id string
        lines array<object>
        lines[].sku? string
        lines[].parts? array<object>
        labels? object
        labels{}.text? string
        note? string|null
        "#);
    }

    #[test]
    fn parts_are_merged() {
        let text = "\
allOf:
  - required: [id]
    properties: { id: { type: integer } }
  - $ref: '#/definitions/base'
oneOf:
  - required: [kind, card]
    properties: { kind: { const: card }, card: { type: string } }
  - required: [kind, iban]
    properties: { kind: { const: bank }, iban: { type: string } }
properties:
  amount: { oneOf: [{ type: integer }, { type: string }] }
definitions:
  base: { required: [at], properties: { at: { type: string, format: date-time } } }
";
        insta::assert_snapshot!(show(text, JsonSchema), @"
        amount? integer|string
        id integer
        at string
        kind string
        card? string
        iban? string
        ");
    }

    #[test]
    fn what_is_wrong_stands_beside_what_could_be_read() {
        let text = "\
type: object
additionalProperties: false
required: [id, order_id]
properties:
  id: { $ref: '#/$defs/Id' }
  list: { properties: [a], required: true }
";
        insta::assert_snapshot!(show(text, JsonSchema), @"
        id any
        list? object
        problem `order_id`: `order_id` is required, but it is no property and `additionalProperties: false` forbids others.
        problem `'#/$defs/Id'`: `#/$defs/Id` names nothing in this schema.
        problem `[a]`: `properties` is a mapping, this is a list.
        problem `true`: `required` is a list, this is a boolean.
        ");
        assert_eq!(show("[1, 2]", JsonSchema), "problem `[1, 2]`: A JSON Schema is a mapping, this is a list.\n");
        assert_eq!(show("", JsonSchema), "");
        assert_eq!(show("true", JsonSchema), "");
    }

    #[test]
    fn definitions_that_multiply_end() {
        let mut text = String::from("$defs:\n  d0: { properties: { leaf: { type: string } } }\n");
        for n in 1..60 {
            let part = format!("{{ $ref: '#/$defs/d{}' }}", n - 1);
            let _ = writeln!(text, "  d{n}: {{ allOf: [{part}, {part}], properties: {{ a: {part}, b: {part} }} }}");
        }
        text += "$ref: '#/$defs/d59'\n";
        assert!(crate::shape(&text, JsonSchema).fields.len() <= 5_000);
    }
}
