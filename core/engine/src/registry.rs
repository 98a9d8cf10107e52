//! The rules that a workspace runs, and look-ups among them.

use archwright_model::Kind;
use archwright_syntax::nearest;

use super::rule::Rule;

/// All rules, sorted by code.
#[derive(Debug)]
pub struct Registry {
    rules: Vec<&'static Rule>,
    by_kind: Vec<(Kind, Vec<&'static Rule>)>,
}

impl Registry {
    /// A registry of these rules, in whatever order they come.
    pub fn new(rules: impl IntoIterator<Item = &'static Rule>) -> Self {
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_unstable_by_key(|it| it.code);
        let of = |kind: Kind| rules.iter().filter(|it| it.applies_to.contains(&kind)).copied().collect();
        let by_kind = Kind::ALL.into_iter().map(|kind| (kind, of(kind))).collect();
        Self { rules, by_kind }
    }

    /// All rules, sorted by code.
    pub fn rules(&self) -> &[&'static Rule] {
        &self.rules
    }

    /// The rule with this code.
    pub fn rule(&self, code: &str) -> Option<&'static Rule> {
        self.rules.binary_search_by(|it| it.code.cmp(code)).ok().and_then(|at| self.rules.get(at)).copied()
    }

    /// The rules of a family.
    pub fn family(&self, family: &str) -> impl Iterator<Item = &'static Rule> {
        self.rules.iter().filter(move |it| it.family() == family).copied()
    }

    /// The names of the families, sorted.
    pub fn families(&self) -> Vec<&'static str> {
        let mut families: Vec<_> = self.rules.iter().map(|it| it.family()).collect();
        families.dedup();
        families
    }

    /// The rule whose code or name is nearest to what was written, if any is near.
    pub fn nearest(&self, code: &str) -> Option<&'static Rule> {
        let meant = nearest(code, self.rules.iter().flat_map(|rule| [rule.code, rule.name()]))?;
        self.rules.iter().find(|rule| rule.code == meant || rule.name() == meant).copied()
    }

    /// The rules that look at a kind of file.
    pub fn for_kind(&self, kind: Kind) -> &[&'static Rule] {
        self.by_kind.iter().find(|(it, _)| *it == kind).map_or(&[], |(_, rules)| rules)
    }
}
