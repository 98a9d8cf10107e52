//! "This is wrong": where the comment stands, and that it allows what it names.

use archwright_syntax::Span;
use archwright_writer as writer;

use super::open;
use crate::{ActionKind, allowances};

/// The text after the action for a rule, and the codes of the findings of that rule and of comments that are left.
fn allowed(text: &str, code: &str) -> (String, Vec<&'static str>) {
    let (fixture, workspace, file, _) = open(text);
    let whole = Span::new(0, workspace.text(file).unwrap().len());
    let found = allowances(&workspace, file, whole);
    let action = found.iter().find(|it| it.findings[0].rule.code == code).unwrap();
    assert!(!action.preferred && action.kind == ActionKind::QuickFix);
    let path = workspace.path(file).clone();
    writer::apply(fixture.folder.path(), &action.edit).unwrap();
    let workspace = fixture.open();
    let left = workspace.findings(workspace.file(&path).unwrap()).iter().map(|it| it.rule.code);
    let left = left.filter(|it| *it == code || it.contains("suppression")).collect();
    (fixture.read(&path), left)
}

const COMMENT: &str = "archwright: allow link/dead-target -- [TBD: why is this right?]";

fn document(body: &str) -> String {
    format!("//- /docs/features/shop/design.md\n# Design: shop\n\n## Notes\n\n{body}$0\n")
}

#[test]
fn a_comment_allows_the_finding_and_waits_for_its_reason() {
    for (body, expected) in [
        ("See [a](gone.md).", format!("<!-- {COMMENT} -->\nSee [a](gone.md).")),
        ("More text and\nthen [a](gone.md).", format!("<!-- {COMMENT} -->\nMore text and\nthen [a](gone.md).")),
        ("- b\n- [a](gone.md)\n- c", format!("- b\n- [a](gone.md) <!-- {COMMENT} -->\n- c")),
        ("| A |\n| --- |\n| [a](gone.md) |", format!("<!-- {COMMENT} -->\n| A |\n| --- |\n| [a](gone.md) |")),
        ("> See [a](gone.md).", format!("<!-- {COMMENT} -->\n> See [a](gone.md).")),
    ] {
        let (text, left) = allowed(&document(body), "link/dead-target");
        assert_eq!(text.split("## Notes\n\n").nth(1).unwrap().trim_end(), expected);
        // The rule about comments wants the reason.
        assert_eq!(left, ["document/invalid-suppression"], "{text}");
    }
}

#[test]
fn what_stands_at_the_title_is_allowed_in_the_file() {
    let (text, left) = allowed(&document("Text."), "document/missing-section");
    assert!(
        text.starts_with("# Design: shop\n\n<!-- archwright: allow-file document/missing-section -- [TBD: "),
        "{text}"
    );
    assert_eq!(left, ["document/invalid-suppression"]);
}

#[test]
fn yaml_and_code_have_comments_of_their_own() {
    let yaml = "//- /docs/features/shop/asyncapi/a.b.v1.yaml\nasyncapi: 3.0.0\ninfo:\n  \
        title: A\n  colour: red$0\n  version: 1.0.0\n";
    let (text, left) = allowed(yaml, "asyncapi/unknown-field");
    let expected = "  # archwright: allow asyncapi/unknown-field -- [TBD: why is this right?]\n  colour: red\n";
    assert!(text.contains(expected), "{text}");
    assert_eq!(left, ["document/invalid-suppression"]);
}

#[test]
fn nothing_is_offered_for_comments_and_where_none_can_stand() {
    let (_fixture, workspace, file, _) = open(&document("<!-- archwright: allow link/dead-target -->\n[a](gone.md)"));
    let whole = Span::new(0, workspace.text(file).unwrap().len());
    assert!(workspace.findings(file).iter().any(|it| it.rule.code == "document/invalid-suppression"));
    let found = allowances(&workspace, file, whole);
    assert!(found.iter().all(|it| !it.title.contains("suppression")), "{found:?}");
    let json = "//- /docs/features/shop/schemas/a.b.v1.json\n{ \"type\": 3 }$0\n";
    let (_fixture, workspace, file, _) = open(json);
    assert!(!workspace.findings(file).is_empty());
    assert!(allowances(&workspace, file, Span::new(0, 14)).is_empty());
}
