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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
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

/// What `cargo xtask new-rule` writes, so that it compiles for as long as rules look like this.
#[path = "../../../xtask/src/new_rule/template.rs"]
mod template;

#[test]
fn codes_are_unique_and_those_of_a_new_rule_are_not_taken() {
    assert!(rules().is_sorted_by(|a, b| a.code < b.code), "a code is there twice");
    assert_eq!(rule(template::RULE.code), None);
}
