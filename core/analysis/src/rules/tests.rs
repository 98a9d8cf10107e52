//! What holds of the lists of rules. The examples of their pages are run by `tests/pages.rs`.

use std::{collections::BTreeSet, fs, path::Path};

use super::{FAMILIES, rule, rules};

#[test]
fn families_are_sorted_lists_of_their_own_rules() {
    for family in FAMILIES {
        assert!(family.is_sorted_by_key(|it| it.code), "{family:?}");
        assert!(family.iter().all(|it| it.family() == family[0].family()), "{family:?}");
    }
}

#[test]
fn every_page_is_that_of_a_rule_of_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut codes = BTreeSet::new();
    for family in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_dir()) {
        for page in fs::read_dir(&family).unwrap().map(|it| it.unwrap().path()) {
            if page.extension().is_none_or(|it| it != "md") {
                continue;
            }
            let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
            let code = format!("{}/{}", name(&family), name(&page));
            let found = rule(&code).unwrap_or_else(|| panic!("`{code}` has a page and no line in its family's list"));
            assert_eq!(found.page, fs::read_to_string(&page).unwrap(), "{code}");
            codes.insert(found.code);
        }
    }
    assert_eq!(codes.len(), rules().len());
}

#[test]
fn every_rule_is_whole() {
    assert!(rules().is_sorted_by(|a, b| a.code < b.code), "a code is there twice");
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
