//! `document/outdated-remark`: a document that is said to be missing, and is there.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/outdated-remark",
    severity: Severity::Info,
    summary: "`(not yet written)` stands behind a link to a document that exists.",
    applies_to: Kind::DOCUMENTS,
    sources: &["A-067"],
    page: include_str!("outdated_remark.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

/// The remark as documents are written with it.
const REMARK: &str = "(not yet written)";

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    if !facts.text.contains(REMARK) {
        return;
    }
    let Some(document) = facts.document() else { return };
    for link in document.links.iter().filter(|it| it.shown && it.path != facts.path) {
        let Some(behind) = facts.text.get(link.span.end as usize..) else { continue };
        let blank = behind.len() - behind.trim_start_matches(' ').len();
        if !behind.trim_start_matches(' ').starts_with(REMARK) || !cx.exists(&link.path) {
            continue;
        }
        let start = link.span.end as usize + blank;
        let message = format!("`{}` has been written; take the remark away.", link.path);
        reporter.report(Span::new(start, start + REMARK.len()), message);
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let before = cx.facts().text.get(..finding.span.start as usize).unwrap_or_default();
    let start = before.trim_end_matches(' ').len();
    let edit = TextEdit::replace(Span::new(start, finding.span.end as usize), String::new());
    edit_here(cx, "Take the remark away", vec![edit]).into_iter().collect()
}
