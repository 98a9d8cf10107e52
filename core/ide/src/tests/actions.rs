//! Quick fixes and fix-all.

use archwright_syntax::Span;
use archwright_writer as writer;

use super::open;
use crate::{Action, ActionKind, actions, fix_all};

fn titles(actions: &[Action]) -> Vec<&str> {
    actions.iter().map(|it| it.title.as_str()).collect()
}

const TWO_LINKS: &str = "\
//- /docs/features/shop/runbooks/lag.md
# Runbook: Lag
//- /docs/features/shop/adrs/0001-a.md
# ADR-0001: A

[one](runbooks/l$0ag.md) [two](runbooks/lag.md)
";

#[test]
fn a_finding_under_the_cursor_has_its_fixes_and_no_others() {
    let (_fixture, workspace, file, offset) = open(TWO_LINKS);
    let found = actions(&workspace, file, Span::empty(offset));
    let links: Vec<&Action> =
        found.iter().filter(|it| it.findings.iter().any(|it| it.rule.family() == "link")).collect();
    assert_eq!(links.len(), 1, "{:?}", titles(&found));
    assert!(links.iter().all(|it| it.kind == ActionKind::QuickFix && it.preferred && it.findings.len() == 1));
}

#[test]
fn fix_all_merges_what_does_not_touch_and_leaves_nothing_behind() {
    let (fixture, _, _, _) = open(TWO_LINKS);
    for round in 0.. {
        assert!(round < 8, "the fixes do not come to an end");
        let workspace = fixture.open();
        let file = workspace.files().find(|it| workspace.path(*it).name() == "0001-a.md").unwrap();
        let Some(action) = fix_all(&workspace, file) else { break };
        assert!(action.preferred && action.kind == ActionKind::FixAll);
        assert!(!action.findings.is_empty());
        writer::apply(fixture.folder.path(), &action.edit).unwrap();
    }
    let text = fixture.read(&"docs/features/shop/adrs/0001-a.md".into());
    assert!(text.contains("[one](../runbooks/lag.md) [two](../runbooks/lag.md)"), "{text}");
    let workspace = fixture.open();
    let fixable =
        workspace.files().flat_map(|it| workspace.findings(it)).filter(|it| it.fixable && it.rule.family() == "link");
    assert_eq!(fixable.count(), 0);
}

#[test]
fn fixes_that_insert_at_one_place_all_come_in_their_order() {
    let (fixture, workspace, file, _) = open("//- /docs/features/shop/design.md\n# Design: shop$0\n");
    assert!(fix_all(&workspace, file).is_none(), "questions are for people to ask");
    let all = actions(&workspace, file, Span::empty(3));
    let action = all.iter().find(|it| it.title == "Insert all 8 missing sections").unwrap();
    assert!(!action.preferred && action.kind == ActionKind::QuickFix);
    writer::apply(fixture.folder.path(), &action.edit).unwrap();
    let text = fixture.read(workspace.path(file));
    let headings: Vec<&str> = text.lines().filter(|it| it.starts_with("## ")).collect();
    let template = workspace.config().template(archwright_model::Kind::Design).unwrap();
    let names: Vec<String> =
        template.sections.iter().filter(|it| it.required).map(|it| format!("## {}", it.name)).collect();
    assert_eq!(headings, names, "{text}");
}

#[test]
fn all_that_is_missing_comes_at_once_whoever_tells_it() {
    let text = "//- /docs/system/architecture-overview.md\n# Over$0view\n\n## Summary\n\n- **Status**: Draft\n";
    let (fixture, workspace, file, _) = open(text);
    let all = actions(&workspace, file, Span::new(0, workspace.text(file).unwrap().len()));
    let action = all.iter().find(|it| it.title == "Insert all that the template wants here").unwrap();
    writer::apply(fixture.folder.path(), &action.edit).unwrap();
    let text = fixture.read(workspace.path(file));
    for part in ["- **Date**: [TBD]", "- **TL;DR**: [TBD]", "## System concerns", "## Related artifacts"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_move_stands_alone() {
    let text = "//- /docs/system/adrs/7-use-a-queue.md\n# ADR-0007: Use a queue$0\n\n## Summary\n\n\
        - **Status**: Propsed\n\n## Context\n\n[a](gone/7-use-a-queue.md)\n";
    let (fixture, workspace, file, _) = open(text);
    let moves = |it: &Action| !it.edit.renames.is_empty();
    let all = actions(&workspace, file, Span::new(0, workspace.text(file).unwrap().len()));
    assert!(all.iter().any(moves), "{:?}", titles(&all));
    // The move comes in a round of its own.
    let mut rounds = Vec::new();
    for _ in 0..8 {
        let workspace = fixture.open();
        let Some(action) = workspace.files().find_map(|it| fix_all(&workspace, it)) else { break };
        assert!(!moves(&action) || action.findings.len() == 1, "{:?}", action.edit);
        rounds.push(moves(&action));
        writer::apply(fixture.folder.path(), &action.edit).unwrap();
    }
    assert!(rounds.iter().any(|it| *it) && rounds.len() > 1, "{rounds:?}");
    assert!(fixture.folder.path().join("docs/system/adrs/0007-use-a-queue.md").exists());
}
