//! Which rules the configuration selects.

use archwright_engine::Selection;
use archwright_model::{Config, Severity, config::ConfigProblem};
use archwright_rules::registry;

fn select(text: &str) -> (Selection, Vec<ConfigProblem>) {
    let (config, problems) = Config::parse(text);
    assert_eq!(problems, []);
    Selection::new(registry(), &config)
}

#[test]
fn a_family_without_its_star_is_told() {
    let (_, problems) = select("[rules]\nlink = \"off\"\n");
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert!(problem.message.contains("did you mean the family, `link/*`?"), "{problem:?}");
}

#[test]
fn an_unknown_rule_is_named_with_its_place_and_the_nearest_one() {
    let text = "[rules]\n\"link/dead-targt\" = \"off\"\n";
    let (_, problems) = select(text);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.contains("link/dead-target"), "{}", problems[0].message);
    assert_eq!(problems[0].span.of(text), "\"link/dead-targt\"");
}

#[test]
fn a_rule_can_be_silenced_and_a_family_lowered() {
    let (selection, problems) = select("[rules]\n\"link/*\" = \"hint\"\n\"link/dead-target\" = \"off\"\n");
    assert_eq!(problems, []);
    assert_eq!(selection.severity(registry().rule("link/dead-target").unwrap()), None);
    assert_eq!(selection.severity(registry().rule("link/wrong-depth").unwrap()), Some(Severity::Hint));
}

#[test]
fn an_unknown_family_is_told_with_those_that_there_are() {
    let text = "[rules]\n\"nope/*\" = \"off\"\n";
    let (_, problems) = select(text);
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!(problem.span.of(text), "\"nope/*\"");
    assert!(problem.message.contains("`nope`") && problem.message.contains("asyncapi, channel"), "{problem:?}");
}
