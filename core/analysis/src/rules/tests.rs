//! Runs the examples of every rule's page.

use std::collections::BTreeSet;

use archwright_syntax::{Encoding, LineIndex, markdown};

use super::{Rule, rules};
use crate::{
    Workspace,
    fixture::{Fixture, Mark, parse},
    writer,
};

/// The content of the page's code blocks with this language.
fn examples(rule: &Rule, language: &str) -> Vec<String> {
    let tree = markdown::parse(rule.page);
    let blocks = tree.code_blocks.iter().filter(|it| it.language.of(rule.page) == language);
    blocks.map(|it| it.content.of(rule.page).to_owned()).collect()
}

/// Where the rule fires: path, line, columns, message.
fn fired(workspace: &Workspace, rule: &'static Rule) -> Vec<(String, Mark)> {
    let mut places = Vec::new();
    for file in workspace.files() {
        let text = workspace.text(file).unwrap_or_default();
        let lines = LineIndex::new(&text);
        for finding in workspace.findings(file).iter().filter(|it| it.rule == rule) {
            let at = |offset: u32| lines.position(offset as usize, &text, Encoding::Utf32);
            let (start, end) = (at(finding.span.start), at(finding.span.end));
            let end = if end.line == start.line { end.column } else { u32::MAX };
            places.push((
                workspace.path(file).to_string(),
                Mark { line: start.line, start: start.column, end, message: finding.message.to_string() },
            ));
        }
    }
    places.sort();
    places
}

#[test]
fn bad_examples_fire_exactly_where_they_say() {
    for rule in rules() {
        let bad = examples(rule, "bad");
        assert!(!bad.is_empty(), "{} has no bad example", rule.code);
        for text in bad {
            let fixture = Fixture::new(&text);
            let found = fired(&fixture.open(), rule);
            let mut expected: Vec<(String, Mark)> = fixture
                .files
                .iter()
                .flat_map(|file| file.marks.iter().map(|it| (file.path.to_string(), it.clone())))
                .collect();
            expected.sort();
            assert!(!expected.is_empty(), "{}: the bad example marks no place", rule.code);
            let places = |it: &[(String, Mark)]| {
                it.iter().map(|(path, mark)| (path.clone(), mark.line, mark.start, mark.end)).collect::<BTreeSet<_>>()
            };
            assert_eq!(places(&found), places(&expected), "{}\nfound: {found:#?}", rule.code);
            for ((_, found), (_, expected)) in found.iter().zip(&expected) {
                assert!(
                    found.message.contains(&expected.message),
                    "{}: {:?} does not contain {:?}",
                    rule.code,
                    found.message,
                    expected.message
                );
            }
        }
    }
}

#[test]
fn good_examples_are_silent() {
    for rule in rules() {
        let good = examples(rule, "good");
        assert!(!good.is_empty(), "{} has no good example", rule.code);
        for text in good {
            let found = fired(&Fixture::new(&text).open(), rule);
            assert_eq!(found, [], "{}", rule.code);
        }
    }
}

#[test]
fn fixes_silence_the_bad_example_and_give_the_fixed_one() {
    for rule in rules().iter().filter(|it| it.fixable()) {
        let fixed = examples(rule, "fixed");
        assert!(!fixed.is_empty(), "{} has a fix and no fixed example", rule.code);
        for (text, fixed) in examples(rule, "bad").iter().zip(fixed) {
            let fixture = Fixture::new(text);
            for round in 0.. {
                assert!(round < 20, "{}: the fixes do not come to an end", rule.code);
                let workspace = fixture.open();
                let findings =
                    || workspace.files().flat_map(|file| workspace.findings(file).iter().map(move |it| (file, it)));
                let mut fixes =
                    findings().filter(|it| it.1.rule == *rule).flat_map(|(file, it)| workspace.fixes(file, it));
                let Some(fix) = fixes.next() else { break };
                writer::apply(fixture.folder.path(), &fix.edit)
                    .unwrap_or_else(|error| panic!("{}: {error}", rule.code));
            }
            assert_eq!(fired(&fixture.open(), rule), [], "{}: the fix leaves findings", rule.code);
            for file in parse(&fixed) {
                assert_eq!(fixture.read(&file.path), file.text, "{}: {}", rule.code, file.path);
            }
        }
    }
}

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
