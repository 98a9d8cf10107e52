//! Compatibility as Apicurio Registry defines it.
//!
//! The kinds are those of its `DiffType`; changes it counts as compatible are not reported. Where it pairs the branches of
//! `allOf`, `anyOf` and `oneOf` one after the other, and so may call a schema incompatible with itself, here as many as
//! possible find a counterpart.

use archwright_syntax::data::Node;
use rustc_hash::FxHashSet;

use super::decimal::Decimal;
use super::document::Draft;
use super::limits::Limit;
use super::meaning::Meaning;
use super::model::{Additional, Array, additional_properties, names, property_lists, required};
use super::parts::{Criterion, Part, PartId, Parts, Shape, Type};
use super::prints::{Print, Prints};
use super::search::{Definition, Finding, Outcome, Search, Token, TooLarge, below};

const OF_STRINGS: [Limit; 2] = [
    Limit::upper("maxLength", "STRING_TYPE_MAX_LENGTH_ADDED", "STRING_TYPE_MAX_LENGTH_DECREASED"),
    Limit::lower("minLength", "STRING_TYPE_MIN_LENGTH_ADDED", "STRING_TYPE_MIN_LENGTH_INCREASED"),
];

const OF_OBJECTS: [Limit; 2] = [
    Limit::upper("maxProperties", "OBJECT_TYPE_MAX_PROPERTIES_ADDED", "OBJECT_TYPE_MAX_PROPERTIES_DECREASED"),
    Limit::lower("minProperties", "OBJECT_TYPE_MIN_PROPERTIES_ADDED", "OBJECT_TYPE_MIN_PROPERTIES_INCREASED"),
];

const OF_ARRAYS: [Limit; 2] = [
    Limit::upper("maxItems", "ARRAY_TYPE_MAX_ITEMS_ADDED", "ARRAY_TYPE_MAX_ITEMS_DECREASED"),
    Limit::lower("minItems", "ARRAY_TYPE_MIN_ITEMS_ADDED", "ARRAY_TYPE_MIN_ITEMS_INCREASED"),
];

/// Keywords of strings whose value must stay, and what it is called when they turn up or change.
const FIXED: [(&str, &str, &str); 4] = [
    ("pattern", "STRING_TYPE_PATTERN_ADDED", "STRING_TYPE_PATTERN_CHANGED"),
    ("format", "STRING_TYPE_FORMAT_ADDED", "STRING_TYPE_FORMAT_CHANGED"),
    ("contentEncoding", "STRING_TYPE_CONTENT_ENCODING_ADDED", "STRING_TYPE_CONTENT_ENCODING_CHANGED"),
    ("contentMediaType", "STRING_TYPE_CONTENT_MEDIA_TYPE_ADDED", "STRING_TYPE_CONTENT_MEDIA_TYPE_CHANGED"),
];

/// The formats that are checked, by the draft they came with; others say nothing.
const FORMATS: [(&str, Draft); 13] = [
    ("date-time", Draft::Four),
    ("email", Draft::Four),
    ("hostname", Draft::Four),
    ("ipv4", Draft::Four),
    ("ipv6", Draft::Four),
    ("uri", Draft::Four),
    ("json-pointer", Draft::Six),
    ("uri-reference", Draft::Six),
    ("uri-template", Draft::Six),
    ("date", Draft::Seven),
    ("regex", Draft::Seven),
    ("relative-json-pointer", Draft::Seven),
    ("time", Draft::Seven),
];

/// A comparison of two schemas.
pub(super) struct Apicurio<'p, 't> {
    parts: &'p Parts<'t>,
    search: Search<'t, PartId>,
}

impl<'p, 't> Apicurio<'p, 't> {
    pub(super) fn new(parts: &'p Parts<'t>) -> Self {
        Self { parts, search: Search::new() }
    }

    /// Whether a reader with one schema takes what the other describes.
    fn takes(&mut self, writer: PartId, reader: PartId) -> Result<bool, TooLarge> {
        Ok(self.compare(writer, reader)?.is_empty())
    }

    /// Of several conditions that hold at once, the one of the reader's type stands for all; an enumeration of strings that
    /// names its type is such a case.
    fn of_same_type(&self, writer: PartId, ty: Type) -> PartId {
        let Some(Shape::Combined { criterion: Criterion::All, parts }) = self.parts.get(writer).map(|it| &it.shape) else { return writer };
        let of_type = |it: &&PartId| self.parts.get(**it).and_then(Part::ty).is_some_and(|it| it.class() == ty.class());
        let mut prints = FxHashSet::default();
        let fitting: Vec<_> = parts.iter().filter(of_type).filter(|it| prints.insert(self.parts.print(**it))).collect();
        match fitting.as_slice() {
            [only] => **only,
            _ => writer,
        }
    }

    fn node(&self, id: PartId, or: Node<'t>) -> Node<'t> {
        self.parts.get(id).map_or(or, |it| it.node)
    }

    fn combined(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (Shape::Combined { criterion: was, parts: old }, Shape::Combined { criterion: is, parts: new }) =
            (&writer.shape, &reader.shape)
        else {
            return Ok(Vec::new());
        };
        let list = |part: &Part<'t>, criterion: Criterion| {
            part.node.get(criterion.keyword()).or_else(|| part.node.get("type")).unwrap_or(part.node)
        };
        let (writer_list, reader_list) = (list(writer, *was), list(reader, *is));
        let finding = |kind, meaning| Finding { kind, meaning, path: Vec::new(), writer: writer_list, reader: reader_list };
        if was != is {
            return Ok(match (was, is) {
                (_, Criterion::Any) => Vec::new(),
                (Criterion::Any, _) => vec![finding("COMBINED_TYPE_CRITERION_NARROWED", Meaning::Criterion)],
                _ => vec![finding("COMBINED_TYPE_CRITERION_CHANGED", Meaning::Criterion)],
            });
        }
        if old.len() > new.len() {
            // Nothing is said of which alternative is gone, so the branches are not looked into.
            return Ok(match is {
                Criterion::All => Vec::new(),
                Criterion::Any => vec![finding("COMBINED_TYPE_ANY_OF_SIZE_DECREASED", Meaning::FewerAlternatives)],
                Criterion::One => vec![finding("COMBINED_TYPE_ONE_OF_SIZE_DECREASED", Meaning::FewerAlternatives)],
            });
        }
        let mut found = Vec::new();
        if *is == Criterion::All && old.len() < new.len() {
            found.push(finding("COMBINED_TYPE_ALL_OF_SIZE_INCREASED", Meaning::Conditions));
        }
        let (old, new) = (self.distinct(old), self.distinct(new));
        let matching = self.matched(&old, &new)?;
        let lonely = matching.left.iter().zip(&old).filter(|it| it.0.is_none()).map(|it| *it.1);
        found.extend(lonely.map(|it| {
            let (kind, meaning) = ("COMBINED_TYPE_SUBSCHEMA_NOT_COMPATIBLE", Meaning::Counterpart);
            Finding { kind, meaning, path: Vec::new(), writer: self.parts.place(it).unwrap_or(writer_list), reader: reader_list }
        }));
        Ok(found)
    }

    fn distinct(&self, branches: &[PartId]) -> Vec<PartId> {
        let mut seen: FxHashSet<Option<Print>> = FxHashSet::default();
        branches.iter().copied().filter(|it| seen.insert(self.parts.print(*it))).collect()
    }

    fn objects(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (was, is) = (writer.node, reader.node);
        let mut found: Vec<_> = OF_OBJECTS.iter().filter_map(|it| it.check(was, is)).collect();
        let old: FxHashSet<_> = required(was).into_iter().filter_map(Node::as_str).collect();
        self.search.spend(old.len())?;
        for node in required(is) {
            let Some(name) = node.as_str().filter(|it| !old.contains(it)) else { continue };
            let writer = was.get("properties").and_then(|it| it.get(name)).unwrap_or(was);
            let path = vec![Token::Key(name), Token::Key("required")];
            let kind = "OBJECT_TYPE_REQUIRED_PROPERTIES_MEMBER_ADDED";
            found.push(Finding { kind, meaning: Meaning::Required, path, writer, reader: node });
        }
        found.extend(self.property_names(writer, reader)?);
        found.extend(self.dependencies(writer, reader)?);
        let (old_rest, new_rest) = (additional_properties(self.parts, was), additional_properties(self.parts, is));
        let rest = Rest {
            keyword: "additionalProperties",
            closed: "OBJECT_TYPE_ADDITIONAL_PROPERTIES_TRUE_TO_FALSE",
            narrowed: "OBJECT_TYPE_ADDITIONAL_PROPERTIES_NARROWED",
            changed: "OBJECT_TYPE_ADDITIONAL_PROPERTIES_SCHEMA_CHANGED",
        };
        found.extend(self.rest(&rest, (was, old_rest), (is, new_rest))?);
        for (pattern, schema) in names(is.get("patternProperties")) {
            let of_pattern = match was.get("patternProperties").and_then(|it| it.get(pattern)) {
                Some(other) => self.both(other, schema)?,
                None => {
                    let kind = "OBJECT_TYPE_PATTERN_PROPERTY_KEYS_MEMBER_ADDED";
                    vec![Finding { kind, meaning: Meaning::PropertyRestricted, path: Vec::new(), writer: was, reader: schema }]
                }
            };
            found.extend(below(Token::Key("patternProperties"), below(Token::Key(pattern), of_pattern)));
        }
        let (old, new) = (was.get("properties"), is.get("properties"));
        let mut of_properties = Vec::new();
        for (name, schema) in names(old) {
            let of_property = match new.and_then(|it| it.get(name)) {
                Some(other) => self.property(schema, other)?,
                None => self.removed(&PROPERTIES, schema, (is, new_rest))?.into_iter().collect(),
            };
            of_properties.extend(below(Token::Key(name), of_property));
        }
        for (name, schema) in names(new).filter(|it| old.is_none_or(|old| old.get(it.0).is_none())) {
            let of_property = self.added(&PROPERTIES, (was, old_rest), schema, new_rest)?.into_iter().collect();
            of_properties.extend(below(Token::Key(name), of_property));
        }
        found.extend(below(Token::Key("properties"), of_properties));
        Ok(found)
    }

    fn both(&mut self, writer: Node<'t>, reader: Node<'t>) -> Outcome<'t> {
        match (self.parts.of(writer), self.parts.of(reader)) {
            (Some(one), Some(other)) => self.compare(one, other),
            _ => Ok(Vec::new()),
        }
    }

    /// A property of both. A string that becomes one of several alternatives is one of one before.
    fn property(&mut self, writer: Node<'t>, reader: Node<'t>) -> Outcome<'t> {
        let (Some(one), Some(other)) = (self.parts.of(writer), self.parts.of(reader)) else { return Ok(Vec::new()) };
        let parts = self.parts;
        let (Some(was), Some(is)) = (parts.get(one), parts.get(other)) else { return Ok(Vec::new()) };
        let (Shape::Typed(Type::String), Shape::Combined { criterion, parts: branches }) = (&was.shape, &is.shape) else {
            return self.compare(one, other);
        };
        let finding = |kind, meaning| Finding { kind, meaning, path: Vec::new(), writer, reader };
        match criterion {
            Criterion::Any => {
                for branch in branches {
                    if self.takes(one, *branch)? {
                        return Ok(Vec::new());
                    }
                }
                Ok(vec![finding("COMBINED_TYPE_SUBSCHEMA_NOT_COMPATIBLE", Meaning::Counterpart)])
            }
            Criterion::All | Criterion::One => Ok(vec![finding("COMBINED_TYPE_CRITERION_NARROWED", Meaning::Criterion)]),
        }
    }

    fn property_names(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let schema = |part: &Part<'t>| part.node.get("propertyNames").filter(|_| part.draft > Draft::Four);
        let Some(new) = schema(reader) else { return Ok(Vec::new()) };
        let found = match schema(writer) {
            Some(old) => self.both(old, new)?,
            None => {
                let (kind, meaning) = ("OBJECT_TYPE_PROPERTY_SCHEMA_ADDED", Meaning::Added("propertyNames"));
                vec![Finding { kind, meaning, path: Vec::new(), writer: writer.node, reader: new }]
            }
        };
        Ok(below(Token::Key("propertyNames"), found))
    }

    fn dependencies(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (old, new) = (property_lists(self.parts, writer.node, writer.draft), property_lists(self.parts, reader.node, reader.draft));
        let mut found = Vec::new();
        for (name, list) in new.of_names {
            self.search.spend(1 + list.len())?;
            let change = match old.of_names.iter().find(|it| it.0 == name) {
                None => Some(("OBJECT_TYPE_PROPERTY_DEPENDENCIES_KEYS_MEMBER_ADDED", writer.node)),
                Some((_, other)) => {
                    let known: FxHashSet<_> = other.items().filter_map(Node::as_str).collect();
                    let is_new = list.items().filter_map(Node::as_str).any(|it| !known.contains(it));
                    is_new.then_some(("OBJECT_TYPE_PROPERTY_DEPENDENCIES_VALUE_MEMBER_ADDED", *other))
                }
            };
            let finding =
                |(kind, writer)| Finding { kind, meaning: Meaning::Dependency, path: vec![Token::Key(name)], writer, reader: list };
            found.extend(change.map(finding));
        }
        for (name, schema) in new.of_schemas {
            self.search.spend(1)?;
            let of_schema = match old.of_schemas.iter().find(|it| it.0 == name) {
                Some((_, other)) => self.compare(*other, schema)?,
                None => {
                    let kind = "OBJECT_TYPE_SCHEMA_DEPENDENCIES_MEMBER_ADDED";
                    let reader = self.node(schema, reader.node);
                    vec![Finding { kind, meaning: Meaning::Dependency, path: Vec::new(), writer: writer.node, reader }]
                }
            };
            found.extend(below(Token::Key(name), of_schema));
        }
        Ok(below(Token::Key("dependencies"), found))
    }

    /// What is let in beside what is described.
    fn rest(&mut self, words: &Rest, was: (Node<'t>, Additional), is: (Node<'t>, Additional)) -> Outcome<'t> {
        let at = |node: Node<'t>| node.get(words.keyword).unwrap_or(node);
        let (writer, reader) = (at(was.0), at(is.0));
        let finding = |kind, meaning| vec![Finding { kind, meaning, path: vec![Token::Key(words.keyword)], writer, reader }];
        Ok(match (was.1, is.1) {
            (Additional::Open | Additional::Schema(_), Additional::Closed) => finding(words.closed, Meaning::Closed(words.keyword)),
            (Additional::Open, Additional::Schema(_)) => finding(words.narrowed, Meaning::Narrowed(words.keyword)),
            (Additional::Schema(old), Additional::Schema(new)) if !self.takes(old, new)? => {
                let kind = if self.takes(new, old)? { words.narrowed } else { words.changed };
                finding(kind, Meaning::Narrowed(words.keyword))
            }
            _ => Vec::new(),
        })
    }

    /// A property or item that only the reader describes.
    fn added(
        &mut self,
        words: &Described,
        was: (Node<'t>, Additional),
        schema: Node<'t>,
        rest: Additional,
    ) -> Result<Option<Finding<'t>>, TooLarge> {
        self.search.spend(1)?;
        let finding = |kind, meaning| Some(Finding { kind, meaning, path: Vec::new(), writer: was.0, reader: schema });
        let Additional::Schema(old) = was.1 else {
            return Ok(match was.1 {
                Additional::Open => finding(words.narrowed, words.restricted),
                _ => None,
            });
        };
        let Some(new) = self.parts.of(schema) else { return Ok(None) };
        Ok(if matches!(rest, Additional::Closed) {
            finding(if self.takes(old, new)? { words.narrowed } else { words.changed }, words.not_covered)
        } else if self.takes(new, old)? {
            None
        } else {
            finding(words.changed, words.not_covered)
        })
    }

    /// A property or item that only the writer describes.
    fn removed(&mut self, words: &Described, schema: Node<'t>, is: (Node<'t>, Additional)) -> Result<Option<Finding<'t>>, TooLarge> {
        self.search.spend(1)?;
        let finding = |kind, meaning| Some(Finding { kind, meaning, path: Vec::new(), writer: schema, reader: is.0 });
        Ok(match (is.1, self.parts.of(schema)) {
            (Additional::Open, _) | (_, None) => None,
            (Additional::Closed, _) => finding(words.narrowed, words.refused),
            (Additional::Schema(rest), Some(old)) if !self.takes(old, rest)? => finding(words.changed, words.uncovered),
            (Additional::Schema(_), _) => None,
        })
    }

    fn arrays(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let (was, is) = (Array::of(self.parts, writer), Array::of(self.parts, reader));
        let mut found: Vec<_> = OF_ARRAYS.iter().filter_map(|it| it.check(was.node, is.node)).collect();
        let unique = |array: &Array<'t>| array.node.get("uniqueItems").filter(|it| it.as_bool() == Some(true));
        if let (None, Some(reader)) = (unique(&was), unique(&is)) {
            let (kind, meaning) = ("ARRAY_TYPE_UNIQUE_ITEMS_FALSE_TO_TRUE", Meaning::Added("uniqueItems"));
            found.push(Finding { kind, meaning, path: vec![Token::Key("uniqueItems")], writer: was.node, reader });
        }
        for (keyword, kind, old, new) in [
            ("items", "ARRAY_TYPE_ALL_ITEM_SCHEMA_ADDED", was.all, is.all),
            ("contains", "ARRAY_TYPE_CONTAINED_ITEM_SCHEMA_ADDED", was.contains, is.contains),
        ] {
            let inside = match (old, new) {
                (Some(old), Some(new)) => self.compare(old, new)?,
                (None, Some(new)) => {
                    let reader = self.node(new, is.node);
                    vec![Finding { kind, meaning: Meaning::Added(keyword), path: Vec::new(), writer: was.node, reader }]
                }
                (_, None) => Vec::new(),
            };
            found.extend(below(Token::Key(keyword), inside));
        }
        let rest = Rest {
            keyword: "additionalItems",
            closed: "ARRAY_TYPE_ADDITIONAL_ITEMS_TRUE_TO_FALSE",
            narrowed: "ARRAY_TYPE_ADDITIONAL_ITEMS_NARROWED",
            changed: "ARRAY_TYPE_SCHEMA_OF_ADDITIONAL_ITEMS_CHANGED",
        };
        found.extend(self.rest(&rest, (was.node, was.additional), (is.node, is.additional))?);
        if !is.first.is_empty() {
            let mut of_items = Vec::new();
            for at in 0..was.first.len().max(is.first.len()) {
                let of_item = match (was.first.get(at).copied(), is.first.get(at).copied()) {
                    (Some(old), Some(new)) => self.both(old, new)?,
                    (None, Some(new)) => self.added(&ITEMS, (was.node, was.additional), new, is.additional)?.into_iter().collect(),
                    (Some(old), None) => self.removed(&ITEMS, old, (is.node, is.additional))?.into_iter().collect(),
                    (None, None) => Vec::new(),
                };
                of_items.extend(below(Token::Index(at), of_item));
            }
            found.extend(below(Token::Key("items"), of_items));
        }
        Ok(found)
    }
}

/// What the changes of `additionalProperties` and `additionalItems` are called.
struct Rest {
    keyword: &'static str,
    closed: &'static str,
    narrowed: &'static str,
    changed: &'static str,
}

/// What it is called when a property or an item is described or no longer is.
struct Described {
    narrowed: &'static str,
    changed: &'static str,
    restricted: Meaning,
    not_covered: Meaning,
    refused: Meaning,
    uncovered: Meaning,
}

const PROPERTIES: Described = Described {
    narrowed: "OBJECT_TYPE_PROPERTY_SCHEMAS_NARROWED",
    changed: "OBJECT_TYPE_PROPERTY_SCHEMAS_CHANGED",
    restricted: Meaning::PropertyRestricted,
    not_covered: Meaning::PropertyNotCovered,
    refused: Meaning::PropertyRefused,
    uncovered: Meaning::PropertyUncovered,
};

const ITEMS: Described = Described {
    narrowed: "ARRAY_TYPE_ITEM_SCHEMAS_NARROWED",
    changed: "ARRAY_TYPE_ITEM_SCHEMAS_CHANGED",
    restricted: Meaning::ItemRestricted,
    not_covered: Meaning::ItemNotCovered,
    refused: Meaning::ItemRefused,
    uncovered: Meaning::ItemUncovered,
};

fn strings<'t>(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Finding<'t>> {
    let mut found: Vec<_> = OF_STRINGS.iter().filter_map(|it| it.check(writer.node, reader.node)).collect();
    for (keyword, added, changed) in FIXED {
        let value = |part: &Part<'t>| {
            let node = part.node.get(keyword)?;
            let is_checked = |it: &str| keyword != "format" || FORMATS.iter().any(|(name, since)| *name == it && *since <= part.draft);
            // The encodings are only known of a schema that is all about strings.
            let is_own = part.is_whole || !keyword.starts_with("content");
            node.as_str().filter(|it| is_own && is_checked(it)).map(|it| (node, it))
        };
        let Some((reader_node, is)) = value(reader) else { continue };
        let (kind, meaning, writer_node) = match value(writer) {
            None => (added, Meaning::Added(keyword), writer.node),
            Some((node, was)) if was != is => (changed, Meaning::Changed(keyword), node),
            Some(_) => continue,
        };
        found.push(Finding { kind, meaning, path: vec![Token::Key(keyword)], writer: writer_node, reader: reader_node });
    }
    found
}

fn numbers<'t>(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Finding<'t>> {
    let (was, is) = (writer.node, reader.node);
    let number = |node: Node<'t>, key: &str| node.get(key).and_then(|it| Some((it, Decimal::of(it)?)));
    let finding = |kind, meaning, keyword, writer, reader| Finding { kind, meaning, path: vec![Token::Key(keyword)], writer, reader };
    let mut found = Vec::new();
    let is_whole = number(was, "multipleOf").is_some_and(|it| it.1.compare(Decimal::ONE).is_eq());
    if reader.ty() == Some(Type::Integer) && writer.ty() != Some(Type::Integer) && !is_whole {
        let kind = "NUMBER_TYPE_INTEGER_REQUIRED_FALSE_TO_TRUE";
        found.push(finding(kind, Meaning::Integer, "type", was.get("type").unwrap_or(was), is.get("type").unwrap_or(is)));
    }
    for (limit, exclusive, became) in [
        (
            Limit::lower("minimum", "NUMBER_TYPE_MINIMUM_ADDED", "NUMBER_TYPE_MINIMUM_INCREASED"),
            "exclusiveMinimum",
            "NUMBER_TYPE_IS_MINIMUM_EXCLUSIVE_FALSE_TO_TRUE",
        ),
        (
            Limit::upper("maximum", "NUMBER_TYPE_MAXIMUM_ADDED", "NUMBER_TYPE_MAXIMUM_DECREASED"),
            "exclusiveMaximum",
            "NUMBER_TYPE_IS_MAXIMUM_EXCLUSIVE_FALSE_TO_TRUE",
        ),
    ] {
        // A limit of its own since draft 6, a mark on the other one before.
        let bound = |node: Node<'t>| {
            let own = number(node, exclusive);
            let is_exclusive = own.is_some() || node.get(exclusive).and_then(Node::as_bool) == Some(true);
            own.or_else(|| number(node, limit.keyword)).map(|(at, value)| (at, value, is_exclusive))
        };
        let (old, new) = (bound(was), bound(is));
        let stricter = limit.compare((was, old.map(|it| it.0)), (is, new.map(|it| it.0)));
        if let (None, Some((writer, one, false)), Some((reader, two, true))) = (&stricter, old, new)
            && one.compare(two).is_eq()
        {
            found.push(finding(became, Meaning::Tighter(exclusive), exclusive, writer, reader));
        }
        found.extend(stricter);
    }
    if let Some((reader, new)) = number(is, "multipleOf") {
        match number(was, "multipleOf") {
            None => found.push(finding("NUMBER_TYPE_MULTIPLE_OF_ADDED", Meaning::Added("multipleOf"), "multipleOf", was, reader)),
            Some((writer, old)) if !old.is_multiple_of(new) && old.compare(new).is_ne() => {
                let kind = "NUMBER_TYPE_MULTIPLE_OF_UPDATED_IS_NOT_DIVISIBLE";
                found.push(finding(kind, Meaning::Changed("multipleOf"), "multipleOf", writer, reader));
            }
            Some(_) => {}
        }
    }
    found
}

/// The values that a list or a constant allows; a list of one is a constant.
fn values<'t>(part: &Part<'t>) -> Option<(Node<'t>, Vec<Print>)> {
    let mut prints = Prints::default();
    match part.shape {
        Shape::Enum => part.node.get("enum").map(|it| (it, it.items().map(|it| prints.of(it)).collect())),
        Shape::Const => part.node.get("const").map(|it| (it, vec![prints.of(it)])),
        _ => None,
    }
}

impl<'t> Definition<'t> for Apicurio<'_, 't> {
    type Key = PartId;

    fn search(&mut self) -> &mut Search<'t, PartId> {
        &mut self.search
    }

    fn resolved(&self, part: PartId) -> PartId {
        self.parts.target(part)
    }

    fn pair(&mut self, mut writer_id: PartId, reader_id: PartId) -> Outcome<'t> {
        if let Some(Shape::Typed(ty @ (Type::String | Type::Boolean | Type::Number | Type::Integer))) =
            self.parts.get(reader_id).map(|it| &it.shape)
        {
            writer_id = self.of_same_type(writer_id, *ty);
        }
        let parts = self.parts;
        let (Some(writer), Some(reader)) = (parts.get(writer_id), parts.get(reader_id)) else { return Ok(Vec::new()) };
        Ok(match (&writer.shape, &reader.shape) {
            (Shape::Never, _) | (_, Shape::Any) => Vec::new(),
            (Shape::Typed(one), Shape::Typed(other)) if one.class() == other.class() => match one.class() {
                Type::String => strings(writer, reader),
                Type::Object => self.objects(writer, reader)?,
                Type::Array => self.arrays(writer, reader)?,
                Type::Number | Type::Integer => numbers(writer, reader),
                Type::Boolean | Type::Null => Vec::new(),
            },
            (Shape::Const, Shape::Const) => changed_value(writer, reader),
            (Shape::Enum | Shape::Const, Shape::Enum) => narrowed_values(writer, reader),
            (Shape::Enum, Shape::Const) if values(writer).is_some_and(|it| it.1.iter().collect::<FxHashSet<_>>().len() == 1) => {
                changed_value(writer, reader)
            }
            (Shape::Condition, Shape::Condition) => self.conditions(writer, reader)?,
            (Shape::Not(was), Shape::Not(is)) => {
                if self.takes(*is, *was)? {
                    Vec::new()
                } else {
                    let kind = if self.takes(*was, *is)? { NOT_BACKWARD } else { "NOT_TYPE_SCHEMA_COMPATIBLE_NONE" };
                    let at = |part: &Part<'t>| part.node.get("not").unwrap_or(part.node);
                    let (writer, reader) = (at(writer), at(reader));
                    vec![Finding { kind, meaning: Meaning::Excluded, path: vec![Token::Key("not")], writer, reader }]
                }
            }
            (Shape::Combined { .. }, Shape::Combined { .. }) => self.combined(writer, reader)?,
            (Shape::Unknown(one), Shape::Unknown(other)) | (Shape::Elsewhere(one), Shape::Elsewhere(other)) if one == other => Vec::new(),
            (one, other) => {
                let leads_away = |it: &Shape<'_>| matches!(it, Shape::Elsewhere(_));
                let meaning = if leads_away(one) || leads_away(other) { Meaning::Elsewhere } else { Meaning::Type };
                let (writer, reader) = (writer.node, reader.node);
                vec![Finding { kind: "SUBSCHEMA_TYPE_CHANGED", meaning, path: Vec::new(), writer, reader }]
            }
        })
    }
}

const NOT_BACKWARD: &str = "NOT_TYPE_SCHEMA_COMPATIBLE_BACKWARD_NOT_FORWARD";

fn changed_value<'t>(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Finding<'t>> {
    let (Some(was), Some(is)) = (values(writer), values(reader)) else { return Vec::new() };
    if was.1.first() == is.1.first() {
        return Vec::new();
    }
    let (kind, path) = ("CONST_TYPE_VALUE_CHANGED", vec![Token::Key("const")]);
    vec![Finding { kind, meaning: Meaning::Changed("const"), path, writer: was.0, reader: is.0 }]
}

fn narrowed_values<'t>(writer: &Part<'t>, reader: &Part<'t>) -> Vec<Finding<'t>> {
    let (Some(was), Some(is)) = (values(writer), values(reader)) else { return Vec::new() };
    let known: FxHashSet<_> = is.1.into_iter().collect();
    if was.1.iter().all(|it| known.contains(it)) {
        return Vec::new();
    }
    let (kind, path) = ("ENUM_TYPE_VALUES_MEMBER_REMOVED", vec![Token::Key("enum")]);
    vec![Finding { kind, meaning: Meaning::Values, path, writer: was.0, reader: is.0 }]
}

impl<'t> Apicurio<'_, 't> {
    /// `if` must stay as it is; `then` and `else` may let more through.
    fn conditions(&mut self, writer: &Part<'t>, reader: &Part<'t>) -> Outcome<'t> {
        let mut found = Vec::new();
        for (keyword, kinds) in CONDITIONS {
            let Some(is) = reader.node.get(keyword) else { continue };
            let finding =
                |kind, writer| Finding { kind, meaning: Meaning::Condition(keyword), path: vec![Token::Key(keyword)], writer, reader: is };
            let Some(was) = writer.node.get(keyword) else {
                found.push(finding(kinds.added, writer.node));
                continue;
            };
            let (Some(old), Some(new)) = (self.parts.of(was), self.parts.of(is)) else { continue };
            let (backward, forward) = (self.takes(old, new)?, self.takes(new, old)?);
            found.extend(match (backward, forward) {
                (true, true) => None,
                (true, false) if keyword != "if" => None,
                (true, false) => Some(finding(kinds.backward, was)),
                (false, true) => Some(finding(kinds.forward, was)),
                (false, false) => Some(finding(kinds.none, was)),
            });
        }
        Ok(found)
    }
}

/// What changes of a condition are called.
struct OfCondition {
    added: &'static str,
    backward: &'static str,
    forward: &'static str,
    none: &'static str,
}

const CONDITIONS: [(&str, OfCondition); 3] = [
    (
        "if",
        OfCondition {
            added: "CONDITIONAL_TYPE_IF_SCHEMA_ADDED",
            backward: "CONDITIONAL_TYPE_IF_SCHEMA_COMPATIBLE_BACKWARD_NOT_FORWARD",
            forward: "CONDITIONAL_TYPE_IF_SCHEMA_COMPATIBLE_FORWARD_NOT_BACKWARD",
            none: "CONDITIONAL_TYPE_IF_SCHEMA_COMPATIBLE_NONE",
        },
    ),
    (
        "then",
        OfCondition {
            added: "CONDITIONAL_TYPE_THEN_SCHEMA_ADDED",
            backward: "CONDITIONAL_TYPE_THEN_SCHEMA_COMPATIBLE_BACKWARD_NOT_FORWARD",
            forward: "CONDITIONAL_TYPE_THEN_SCHEMA_COMPATIBLE_FORWARD_NOT_BACKWARD",
            none: "CONDITIONAL_TYPE_THEN_SCHEMA_COMPATIBLE_NONE",
        },
    ),
    (
        "else",
        OfCondition {
            added: "CONDITIONAL_TYPE_ELSE_SCHEMA_ADDED",
            backward: "CONDITIONAL_TYPE_ELSE_SCHEMA_COMPATIBLE_BACKWARD_NOT_FORWARD",
            forward: "CONDITIONAL_TYPE_ELSE_SCHEMA_COMPATIBLE_FORWARD_NOT_BACKWARD",
            none: "CONDITIONAL_TYPE_ELSE_SCHEMA_COMPATIBLE_NONE",
        },
    ),
];
