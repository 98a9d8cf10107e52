//! What holds of the list of rules. The examples of their pages are run by `tests/pages.rs`.

use super::rules;

#[test]
fn the_list_is_sorted_and_every_rule_is_whole() {
    let codes: Vec<&str> = rules().iter().map(|it| it.code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    for rule in rules() {
        assert!(rule.code.split('/').count() == 2, "{}", rule.code);
        assert!(rule.summary.ends_with('.'), "{}: the summary is a sentence", rule.code);
        assert!(!rule.applies_to.is_empty() && !rule.sources.is_empty(), "{}", rule.code);
        assert!(rule.page.contains("## Example"), "{}", rule.code);
    }
}

/// A summary says what is found ("A link names a heading that its target does not have."), not what ought to be.
#[test]
fn summaries_state_the_fault() {
    const DEMANDS: [&str; 6] = ["must", "should", "shall", "ought", "only", "always"];
    const SUBJECTS: [&str; 6] = ["A", "An", "The", "Two", "None", "Code"];
    for rule in rules() {
        let mut words = rule.summary.split([' ', ',', ';', ':', '.']);
        let first = words.next().unwrap_or_default();
        // A fault has somebody or something at its beginning; an imperative has a verb, a good state "Every" or "No".
        let is_plural = first.ends_with('s');
        assert!(
            SUBJECTS.contains(&first) || first.starts_with('`') || is_plural,
            "{}: \"{}\" does not begin with what is at fault",
            rule.code,
            rule.summary
        );
        let demand = words.find(|word| DEMANDS.contains(word));
        assert_eq!(demand, None, "{}: \"{}\" demands something", rule.code, rule.summary);
    }
}
