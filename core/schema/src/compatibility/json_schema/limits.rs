//! Limits on numbers, lengths and counts: all registries see them alike, under different names.

use archwright_syntax::data::Node;

use super::decimal::Decimal;
use super::meaning::Meaning;
use super::search::{Incompatibility, Token};

/// A keyword that limits values, and what a registry calls its changes.
pub(super) struct Limit {
    pub keyword: &'static str,
    pub bound: Bound,
    /// The reader has one and the writer does not.
    pub added: &'static str,
    /// The reader lets less through.
    pub tighter: &'static str,
}

/// On which side values are cut off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bound {
    Upper,
    Lower,
}

impl Limit {
    pub(super) const fn upper(keyword: &'static str, added: &'static str, tighter: &'static str) -> Self {
        Self { keyword, bound: Bound::Upper, added, tighter }
    }

    pub(super) const fn lower(keyword: &'static str, added: &'static str, tighter: &'static str) -> Self {
        Self { keyword, bound: Bound::Lower, added, tighter }
    }

    /// Compares the limit in two schemas.
    pub(super) fn check<'t>(&self, writer: Node<'t>, reader: Node<'t>) -> Option<Incompatibility<'t>> {
        self.compare((writer, writer.get(self.keyword)), (reader, reader.get(self.keyword)))
    }

    /// Compares two limits, each given with the schema it belongs to.
    pub(super) fn compare<'t>(
        &self,
        writer: (Node<'t>, Option<Node<'t>>),
        reader: (Node<'t>, Option<Node<'t>>),
    ) -> Option<Incompatibility<'t>> {
        let number = |it: Option<Node<'t>>| it.and_then(|node| Some((node, Decimal::of(node)?)));
        let (is_node, is) = number(reader.1)?;
        let (kind, meaning, was) = match number(writer.1) {
            None => (self.added, Meaning::Added(self.keyword), writer.0),
            Some((node, was)) => {
                let is_tighter = match self.bound {
                    Bound::Upper => is.compare(was).is_lt(),
                    Bound::Lower => is.compare(was).is_gt(),
                };
                if !is_tighter {
                    return None;
                }
                (self.tighter, Meaning::Tighter(self.keyword), node)
            }
        };
        Some(Incompatibility { kind, meaning, path: vec![Token::Key(self.keyword)], writer: was, reader: is_node })
    }
}
