//! Regular expressions of `patternProperties`: which one a property's name matches.

use archwright_syntax::data::Node;
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashMap;

/// How large a compiled expression may be.
const MAX_SIZE: usize = 1 << 20;

/// Expressions compiled so far; one that does not compile, such as one with lookahead, matches nothing.
#[derive(Default)]
pub(super) struct Patterns<'t> {
    compiled: FxHashMap<&'t str, Option<Regex>>,
}

impl<'t> Patterns<'t> {
    /// The schema of the first pattern that a name matches, from its start on where `anchored`.
    pub(super) fn schema_of(&mut self, patterns: Node<'t>, name: &str, anchored: bool) -> Option<Node<'t>> {
        patterns.entries().find(|it| self.matches(it.key, name, anchored)).map(|it| it.value)
    }

    fn matches(&mut self, pattern: &'t str, name: &str, anchored: bool) -> bool {
        let regex = self
            .compiled
            .entry(pattern)
            .or_insert_with(|| RegexBuilder::new(pattern).size_limit(MAX_SIZE).build().ok());
        let Some(regex) = regex else { return false };
        regex.find(name).is_some_and(|it| !anchored || it.start() == 0)
    }
}
