//! Objects.

use archwright_syntax::data::{Kind, Node};
use rustc_hash::FxHashSet;

use super::Karapace;
use super::view::ViewId;
use crate::compatibility::json_schema::limits::Limit;
use crate::compatibility::json_schema::meaning::Meaning;
use crate::compatibility::json_schema::model::{names, required};
use crate::compatibility::json_schema::search::{Definition, Incompatibility, Outcome, Token, TooLarge, below};

const COUNTS: [Limit; 2] = [
    Limit::upper("maxProperties", "max_properties_added", "max_properties_decreased"),
    Limit::lower("minProperties", "min_properties_added", "min_properties_increased"),
];

impl<'t> Karapace<'_, 't> {
    pub(super) fn objects(&mut self, writer: ViewId, reader: ViewId) -> Outcome<'t> {
        let mut found = below(Token::Key("properties"), self.properties(writer, reader)?);
        found.extend(self.dependencies(writer, reader)?);
        let (was, is) = self.places(writer, reader);
        found.extend(COUNTS.iter().filter_map(|it| it.check(was, is)));
        let keyword = "additionalProperties";
        let (old, new) = (self.views.get(writer, keyword), self.views.get(reader, keyword));
        let of_rest = match (old, new) {
            (None, Some(reader)) => {
                let (kind, meaning) = ("additional_properties_narrowed", Meaning::Narrowed(keyword));
                vec![Incompatibility { kind, meaning, path: Vec::new(), writer: was, reader }]
            }
            // Neither `false` nor an empty schema is looked into.
            (Some(old), Some(new)) if says_something(old) && says_something(new) => {
                let (old, new) = (self.views.of(Some(old)), self.views.of(Some(new)));
                self.compare(old, new)?
            }
            _ => Vec::new(),
        };
        found.extend(below(Token::Key(keyword), of_rest));
        Ok(found)
    }

    fn properties(&mut self, writer: ViewId, reader: ViewId) -> Outcome<'t> {
        let (old, new) = (self.views.get(writer, "properties"), self.views.get(reader, "properties"));
        let mut found = Vec::new();
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        for (name, schema) in names(old) {
            match new.and_then(|it| it.get(name)) {
                Some(other) => found.extend(below(Token::Key(name), self.property(schema, other)?)),
                None => removed.push((name, schema)),
            }
        }
        added.extend(names(new).filter(|it| old.is_none_or(|old| old.get(it.0).is_none())));
        self.search.spend(removed.len() + added.len())?;
        if !removed.is_empty() && !self.is_open(reader) {
            for (name, schema) in removed {
                found.extend(below(Token::Key(name), self.removed(name, schema, reader)?));
            }
        } else {
            let needed: FxHashSet<_> =
                self.views.node(reader).map(required).into_iter().flatten().filter_map(Node::as_str).collect();
            for (name, schema) in added {
                found.extend(below(Token::Key(name), self.added(name, schema, writer, needed.contains(name))?));
            }
        }
        Ok(found)
    }

    /// A property of both. A list of required properties that turns up inside of it makes the property itself required.
    fn property(&mut self, was: Node<'t>, is: Node<'t>) -> Outcome<'t> {
        let (old, new) = (self.views.of(Some(was)), self.views.of(Some(is)));
        let demands = |node: Option<Node<'t>>| node.filter(|it| it.as_bool() == Some(true) || !it.is_empty());
        let mut found = Vec::new();
        if let (None, Some(reader)) =
            (demands(self.views.get(old, "required")), demands(self.views.get(new, "required")))
        {
            let path = vec![Token::Key("required")];
            found.push(Incompatibility {
                kind: "required_attribute_added",
                meaning: Meaning::Added("required"),
                path,
                writer: was,
                reader,
            });
        }
        found.extend(self.compare(old, new)?);
        Ok(found)
    }

    /// A property that only the writer describes.
    fn removed(&mut self, name: &'t str, schema: Node<'t>, reader: ViewId) -> Outcome<'t> {
        let at = self.views.node(reader).unwrap_or(self.ends.1);
        let finding =
            |kind, meaning, reader| Incompatibility { kind, meaning, path: Vec::new(), writer: schema, reader };
        let Some(rule) = self.rule_for(name, reader)? else {
            return Ok(vec![finding("property_removed_from_closed_content_model", Meaning::PropertyRefused, at)]);
        };
        let (old, new) = (self.views.of(Some(schema)), self.views.of(Some(rule)));
        let mut found = self.compare(old, new)?;
        if found.is_empty() {
            return Ok(found);
        }
        let meaning = if rule.as_bool() == Some(false) { Meaning::PropertyRefused } else { Meaning::PropertyUncovered };
        if rule.as_bool().is_some() {
            found.clear();
        }
        found.push(finding("property_removed_not_covered_by_partially_open_content_model", meaning, rule));
        Ok(found)
    }

    /// A property that only the reader describes.
    fn added(&mut self, name: &'t str, schema: Node<'t>, writer: ViewId, is_required: bool) -> Outcome<'t> {
        let at = self.views.get(writer, "properties").or_else(|| self.views.node(writer)).unwrap_or(self.ends.0);
        let finding = |kind, meaning| Incompatibility { kind, meaning, path: Vec::new(), writer: at, reader: schema };
        if self.is_open(writer) {
            return Ok(vec![finding("property_added_to_open_content_model", Meaning::PropertyRestricted)]);
        }
        let mut found = Vec::new();
        if let Some(rule) = self.rule_for(name, writer)?.filter(|it| it.as_bool() != Some(false)) {
            let (old, new) = (self.views.of(Some(rule)), self.views.of(Some(schema)));
            if !self.compare(old, new)?.is_empty() {
                found.push(finding(
                    "property_added_not_covered_by_partially_open_content_model",
                    Meaning::PropertyNotCovered,
                ));
            }
        }
        // A default makes no difference.
        if is_required {
            found.push(finding("required_property_added_to_unopen_content_model", Meaning::RequiredUnknown));
        }
        Ok(found)
    }

    /// Whether properties that are not described may be anything.
    fn is_open(&self, id: ViewId) -> bool {
        let has_patterns = self.views.get(id, "patternProperties").is_some_and(|it| !it.is_empty());
        !has_patterns && self.views.get(id, "additionalProperties").is_none_or(|it| it.as_bool() == Some(true))
    }

    /// The schema that holds for a property that is not described itself.
    fn rule_for(&mut self, name: &str, id: ViewId) -> Result<Option<Node<'t>>, TooLarge> {
        let patterns = self.views.get(id, "patternProperties");
        self.search.spend(patterns.map_or(0, Node::len))?;
        let by_pattern = patterns.and_then(|it| self.patterns.schema_of(it, name, true));
        Ok(by_pattern.or_else(|| self.views.get(id, "additionalProperties")))
    }

    /// Karapace looks from the writer's side: what the reader no longer demands is refused, what it adds is not.
    fn dependencies(&mut self, writer: ViewId, reader: ViewId) -> Outcome<'t> {
        let mut found = Vec::new();
        let is = self.views.node(reader).unwrap_or(self.ends.1);
        let (old, new) = (self.views.get(writer, "dependencies"), self.views.get(reader, "dependencies"));
        for (name, was) in names(old) {
            self.search.spend(1 + was.len())?;
            let other = new.and_then(|it| it.get(name));
            let known: FxHashSet<_> = other.map(members).into_iter().flatten().collect();
            let kind = match other {
                None => "dependency_array_added",
                Some(_) if members(was).iter().any(|it| !known.contains(it)) => "dependency_array_extended",
                Some(_) => continue,
            };
            let path = vec![Token::Key(name), Token::Key("dependencies")];
            found.push(Incompatibility {
                kind,
                meaning: Meaning::DependencyDropped,
                path,
                writer: was,
                reader: other.unwrap_or(is),
            });
        }
        let (old, new) = (self.views.get(writer, "dependentSchemas"), self.views.get(reader, "dependentSchemas"));
        for (name, was) in names(old) {
            let (one, other) = (self.views.of(Some(was)), self.views.of(new.and_then(|it| it.get(name))));
            found.extend(below(Token::Key("dependentSchemas"), below(Token::Key(name), self.compare(one, other)?)));
        }
        Ok(found)
    }
}

/// The names in a dependency: those of a list, or the keywords of a schema.
fn members(node: Node<'_>) -> Vec<&str> {
    match node.kind() {
        Kind::Sequence => node.items().filter_map(Node::as_str).collect(),
        _ => node.entries().map(|it| it.key).collect(),
    }
}

fn says_something(node: Node<'_>) -> bool {
    node.as_bool().unwrap_or(!node.is_empty())
}
