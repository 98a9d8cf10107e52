//! Compatibility as Karapace defines it.
//!
//! The kinds are those of its `Incompatibility`. It reads every schema as draft 7, by the keywords it finds, and knows
//! only one of `type`, `allOf`, `anyOf`, `oneOf`, `not` and `enum` in each. Where it would stop with an error, the
//! nearest verdict is given instead.

mod array;
mod object;
mod view;

use archwright_syntax::data::{Kind, Node};
use rustc_hash::FxHashSet;

use self::view::{Family, ViewId, Views};
use super::document::Document;
use super::limits::Limit;
use super::meaning::Meaning;
use super::parts::{Criterion, Type};
use super::patterns::Patterns;
use super::prints::Prints;
use super::search::{Definition, Depth, Incompatibility, Outcome, Search, Settled, Token, below};

const OF_STRINGS: [Limit; 2] = [
    Limit::upper("maxLength", "max_length_added", "max_length_decreased"),
    Limit::lower("minLength", "min_length_added", "min_length_increased"),
];

const OF_NUMBERS: [Limit; 4] = [
    Limit::upper("maximum", "maximum_added", "maximum_decreased"),
    Limit::lower("minimum", "minimum_added", "minimum_increased"),
    Limit::upper("exclusiveMaximum", "maximum_exclusive_added", "maximum_exclusive_decreased"),
    Limit::lower("exclusiveMinimum", "minimum_exclusive_added", "minimum_exclusive_increased"),
];

/// Compares two whole schemas.
pub(super) fn compare<'t>(writer: &Document<'t>, reader: &Document<'t>, depth: Depth) -> Settled<'t> {
    let mut views = Views::new(writer, reader);
    let (one, other) = (views.of(Some(writer.root)), views.of(Some(reader.root)));
    let ends = (writer.root, reader.root);
    Karapace { views, ends, search: Search::new(depth), patterns: Patterns::default() }.settle(one, other)
}

/// A comparison of two schemas.
struct Karapace<'d, 't> {
    views: Views<'d, 't>,
    /// The roots, which stand in for what is not there.
    ends: (Node<'t>, Node<'t>),
    search: Search<'t, ViewId>,
    patterns: Patterns<'t>,
}

impl<'t> Karapace<'_, 't> {
    /// The places of two schemas.
    fn places(&self, writer: ViewId, reader: ViewId) -> (Node<'t>, Node<'t>) {
        (self.views.node(writer).unwrap_or(self.ends.0), self.views.node(reader).unwrap_or(self.ends.1))
    }

    fn finding(&self, kind: &'static str, meaning: Meaning, writer: ViewId, reader: ViewId) -> Incompatibility<'t> {
        let (writer, reader) = self.places(writer, reader);
        Incompatibility { kind, meaning, path: Vec::new(), writer, reader }
    }

    fn mismatch(&self, writer: ViewId, reader: ViewId) -> Vec<Incompatibility<'t>> {
        vec![self.finding("type_changed", Meaning::Type, writer, reader)]
    }

    fn strings(writer: Node<'t>, reader: Node<'t>) -> Vec<Incompatibility<'t>> {
        let mut found: Vec<_> = OF_STRINGS.iter().filter_map(|it| it.check(writer, reader)).collect();
        let pattern = |node: Node<'t>| node.get("pattern").filter(|it| it.as_str().is_some());
        let path = vec![Token::Key("pattern")];
        match (pattern(writer), pattern(reader)) {
            (None, Some(is)) => {
                found.push(Incompatibility {
                    kind: "pattern_added",
                    meaning: Meaning::Added("pattern"),
                    path,
                    writer,
                    reader: is,
                });
            }
            (Some(was), Some(is)) if was.as_str() != is.as_str() => {
                found.push(Incompatibility {
                    kind: "pattern_changed",
                    meaning: Meaning::Changed("pattern"),
                    path,
                    writer: was,
                    reader: is,
                });
            }
            _ => {}
        }
        found
    }

    fn enums(writer: Node<'t>, reader: Node<'t>) -> Vec<Incompatibility<'t>> {
        let (Some(was), Some(is)) = (writer.get("enum"), reader.get("enum")) else { return Vec::new() };
        let values = |node: Node<'t>| {
            let mut prints = Prints::default();
            node.items().map(|it| prints.of(it)).collect::<FxHashSet<_>>()
        };
        if values(was).is_subset(&values(is)) {
            return Vec::new();
        }
        let path = vec![Token::Key("enum")];
        vec![Incompatibility { kind: "enum_array_narrowed", meaning: Meaning::Values, path, writer: was, reader: is }]
    }

    /// Schemas of which one at least is a combination.
    fn combined(&mut self, writer_id: ViewId, reader_id: ViewId) -> Outcome<'t> {
        let (writer, reader) = (self.views.branches(writer_id), self.views.branches(reader_id));
        let keyword = reader.as_ref().map(|it| it.keyword);
        let found = match (writer, reader) {
            (None, Some(only)) if only.is_combination() && only.ids.len() == 1 => {
                self.single(writer_id, only.ids.first(), (writer_id, reader_id))?
            }
            (Some(writer), Some(only)) if !writer.is_combination() && only.is_combination() && only.ids.len() == 1 => {
                self.single(writer_id, only.ids.first(), (writer_id, reader_id))?
            }
            (Some(only), reader)
                if only.is_combination()
                    && !reader.as_ref().is_some_and(view::Branches::is_combination)
                    && only.ids.len() == 1 =>
            {
                match only.ids.first() {
                    Some(branch) if self.compare(*branch, reader_id)?.is_empty() => Vec::new(),
                    _ => self.mismatch(writer_id, reader_id),
                }
            }
            (writer, Some(reader))
                if reader.is_sum() && !writer.as_ref().is_some_and(view::Branches::is_combination) =>
            {
                for branch in &reader.ids {
                    if self.compare(writer_id, *branch)?.is_empty() {
                        return Ok(Vec::new());
                    }
                }
                self.mismatch(writer_id, reader_id)
            }
            (Some(writer), Some(reader)) => self.both((writer_id, &writer), (reader_id, &reader))?,
            _ => self.mismatch(writer_id, reader_id),
        };
        Ok(match keyword {
            Some(keyword) => below(Token::Key(keyword), found),
            None => found,
        })
    }

    /// A combination of one branch is that branch.
    fn single(&mut self, writer: ViewId, branch: Option<&ViewId>, whole: (ViewId, ViewId)) -> Outcome<'t> {
        Ok(match branch {
            Some(branch) if self.compare(writer, *branch)?.is_empty() => Vec::new(),
            _ => self.mismatch(whole.0, whole.1),
        })
    }

    fn both(&mut self, writer: (ViewId, &view::Branches), reader: (ViewId, &view::Branches)) -> Outcome<'t> {
        let finding = |it: &Self, kind, meaning| {
            let list = |id: ViewId, branches: &view::Branches, or: Node<'t>| {
                let node = it.views.node(id).unwrap_or(or);
                node.get(branches.keyword)
                    .or_else(|| node.get("type").filter(|it| it.kind() == Kind::Sequence))
                    .unwrap_or(node)
            };
            let (writer, reader) = (list(writer.0, writer.1, it.ends.0), list(reader.0, reader.1, it.ends.1));
            Ok(vec![Incompatibility { kind, meaning, path: Vec::new(), writer, reader }])
        };
        let (was, is) = (writer.1, reader.1);
        if is.keyword != "anyOf" && is.keyword != was.keyword {
            return finding(self, "combined_type_changed", Meaning::Criterion);
        }
        let is_product = is.keyword == "allOf";
        if is_product && was.ids.len() < is.ids.len() {
            return finding(self, "product_type_extended", Meaning::Conditions);
        }
        if is.is_sum() && was.ids.len() > is.ids.len() {
            return finding(self, "sum_type_narrowed", Meaning::FewerAlternatives);
        }
        let matching = self.matched(&was.ids, &is.ids)?;
        if matching.len() >= if is_product { is.ids.len() } else { was.ids.len() } {
            return Ok(Vec::new());
        }
        let left_over = |of: &[Option<usize>], ids: &[ViewId]| {
            of.iter().position(Option::is_none).and_then(|at| ids.get(at).copied())
        };
        let (old, new) = (left_over(&matching.left, &was.ids), left_over(&matching.right, &is.ids));
        let kind = "combined_type_subschemas_changed";
        let finding = self.finding(kind, Meaning::Counterpart, old.unwrap_or(writer.0), new.unwrap_or(reader.0));
        Ok(vec![match old {
            Some(old) => self.nearest(old, &is.ids, finding)?,
            None => finding,
        }])
    }
}

impl<'t> Definition<'t> for Karapace<'_, 't> {
    type Key = ViewId;

    fn search(&mut self) -> &mut Search<'t, ViewId> {
        &mut self.search
    }

    fn pair(&mut self, writer: ViewId, reader: ViewId) -> Outcome<'t> {
        let (was, is) = (self.views.family(writer), self.views.family(reader));
        match (was, is) {
            (Family::Missing, Family::Missing) => return Ok(Vec::new()),
            (Family::Missing, _) => return Ok(vec![self.finding("schema_added", Meaning::Schema, writer, reader)]),
            (_, Family::Missing) => {
                return Ok(vec![self.finding("schema_removed", Meaning::SchemaDropped, writer, reader)]);
            }
            _ => {}
        }
        let is_object = |family: Family<'_>| matches!(family, Family::Typed(Type::Object) | Family::Boolean(true));
        let is_combination = |family: Family<'_>| matches!(family, Family::Combined(_));
        let (writer_node, reader_node) = self.places(writer, reader);
        let leads_away = |family: Family<'_>| matches!(family, Family::Elsewhere(_));
        if was != is && (leads_away(was) || leads_away(is)) {
            let takes_all = matches!(is, Family::Boolean(true));
            let unknown = || self.finding("type_changed", Meaning::Elsewhere, writer, reader);
            return Ok(if takes_all { Vec::new() } else { vec![unknown()] });
        }
        Ok(match (was, is) {
            (Family::Typed(one), Family::Typed(other))
                if one.class() == Type::Number && other.class() == Type::Number =>
            {
                let mut found: Vec<_> = OF_NUMBERS.iter().filter_map(|it| it.check(writer_node, reader_node)).collect();
                if (one, other) == (Type::Number, Type::Integer) {
                    found.push(self.finding("type_narrowed", Meaning::Integer, writer, reader));
                }
                found
            }
            _ if is_combination(was) || is_combination(is) => self.combined(writer, reader)?,
            _ if is_object(was) && is_object(is) => self.objects(writer, reader)?,
            (Family::Boolean(_), Family::Boolean(_)) => Vec::new(),
            (Family::Not, Family::Not) => {
                let inner = |views: &mut Views<'_, 't>, node: Node<'t>| views.of(node.get("not"));
                let (one, other) = (inner(&mut self.views, writer_node), inner(&mut self.views, reader_node));
                below(Token::Key("not"), self.compare(one, other)?)
            }
            (Family::Typed(Type::String), Family::Typed(Type::String)) => Self::strings(writer_node, reader_node),
            (Family::Typed(Type::Array), Family::Typed(Type::Array)) => self.arrays(writer, reader)?,
            (Family::Enum, Family::Enum) => {
                let values = |node: Node<'_>| node.get("enum").map_or(0, Node::len);
                self.search.spend(values(writer_node) + values(reader_node))?;
                Self::enums(writer_node, reader_node)
            }
            (one, other) if one == other => Vec::new(),
            _ => self.mismatch(writer, reader),
        })
    }
}

impl view::Branches {
    /// Whether it is one of `allOf`, `anyOf` and `oneOf`.
    fn is_combination(&self) -> bool {
        Criterion::ALL.iter().any(|it| it.0 == self.keyword)
    }

    fn is_sum(&self) -> bool {
        matches!(self.keyword, "anyOf" | "oneOf")
    }
}
