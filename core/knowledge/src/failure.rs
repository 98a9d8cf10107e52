//! How to prove that a fault loses something: a scenario per kind of finding of a review.

use std::sync::OnceLock;

use smol_str::SmolStr;

use crate::{
    files,
    source::{self, Node},
};

/// What to do to a running system, and what must be so afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kinds of findings that it proves.
    pub by: Vec<SmolStr>,
    /// What to do.
    pub action: SmolStr,
    /// What must hold.
    pub holds: SmolStr,
}

/// The scenarios, in order.
pub fn failures() -> &'static [Failure] {
    static FAILURES: OnceLock<Vec<Failure>> = OnceLock::new();
    FAILURES.get_or_init(|| {
        let tree = source::yaml(files::skill_file("knowledge/failures.yaml").unwrap_or_default());
        let all = tree.root().map(|it| source::nodes(it, "failures")).unwrap_or_default();
        all.into_iter().filter_map(failure_of).collect()
    })
}

/// The scenario for a kind of finding.
pub fn failure(code: &str) -> Option<&'static Failure> {
    failures().iter().find(|it| it.by.iter().any(|it| it == code))
}

fn failure_of(node: Node<'_>) -> Option<Failure> {
    Some(Failure {
        by: source::texts(node, "by"),
        action: source::text(node, "do")?,
        holds: source::text(node, "holds")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_whole_and_each_kind_has_one() {
        assert!(failures().len() > 10);
        let mut kinds: Vec<&SmolStr> = failures().iter().flat_map(|it| &it.by).collect();
        let all = kinds.len();
        kinds.sort();
        kinds.dedup();
        assert_eq!(kinds.len(), all);
        assert!(failures().iter().all(|it| it.action.ends_with('.') && it.holds.ends_with('.') && !it.by.is_empty()));
        assert!(failure("review/dual-write").is_some() && failure("review/none").is_none());
    }
}
