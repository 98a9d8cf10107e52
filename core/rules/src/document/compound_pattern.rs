//! `document/compound-pattern`: a row of a table of patterns that names several.

use archwright_knowledge::pattern;
use archwright_model::values::value;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/compound-pattern",
    severity: Severity::Info,
    summary: "A row in a table of patterns names several, so that nobody sees which tool does which.",
    applies_to: &[
        Kind::Design,
        Kind::Rfc,
        Kind::Overview,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
        Kind::ReadinessReview,
    ],
    sources: &["A-131"],
    page: include_str!("compound_pattern.md"),
    check,
    ..Rule::OURS
};

/// What stands between the names of two patterns.
const JOINTS: [&str; 5] = [" + ", " & ", " and ", " / ", ", "];

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    for table in &document.tree.tables {
        let Some(at) = document.column(table, Role::Pattern) else { continue };
        for row in document.tree.rows(table) {
            let cells = document.tree.cells(row);
            let Some(cell) = cells.get(at) else { continue };
            let said = value::plain(cell.of(document.text));
            // Where another cell goes through them one by one, each has its credit.
            let others = cells.iter().enumerate().filter(|it| it.0 != at).map(|it| it.1.of(document.text));
            let Some(names) = compound(&said).filter(|_| !others.into_iter().any(is_list)) else { continue };
            let message = format!(
                "{} are {} patterns in one row, and nobody sees which tool does which. Give each a row of its own.",
                enumerate(&names, "and"),
                names.len()
            );
            reporter.report(*cell, message);
        }
    }
}

/// The patterns of a cell, if there are several and nothing else.
fn compound(said: &str) -> Option<Vec<String>> {
    let mut parts = vec![said.trim().to_owned()];
    for joint in JOINTS {
        // `Pipes and Filters` is one.
        let split = |it: &String| match pattern(it) {
            Some(_) => vec![it.clone()],
            None => it.split(joint).map(|it| it.trim().to_owned()).collect(),
        };
        parts = parts.iter().flat_map(split).collect();
    }
    let names: Option<Vec<String>> = parts.iter().map(|it| pattern(it).map(|it| it.name.to_string())).collect();
    names.filter(|it| it.len() > 1)
}

/// Whether a cell goes through several things.
fn is_list(cell: &str) -> bool {
    cell.contains([';', '+', ',', ':'])
}

#[cfg(test)]
mod tests {
    use super::compound;

    #[test]
    fn several_patterns_are_told_from_one_with_a_long_name() {
        assert_eq!(compound("Bulkhead + Circuit Breaker").map(|it| it.len()), Some(2));
        assert_eq!(compound("Retry, Timeout and Bulkhead").map(|it| it.len()), Some(3));
        assert_eq!(compound("Pipes and Filters"), None);
        assert_eq!(compound("Circuit Breaker"), None);
        assert_eq!(compound("Circuit Breaker and a good night"), None);
    }
}
