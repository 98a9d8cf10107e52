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
