//! `document/unused-suppression`: a comment that takes nothing away.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/unused-suppression",
    severity: Severity::Warning,
    summary: "A suppression comment takes no finding away.",
    applies_to: &Kind::ALL,
    any_dialect: true,
    sources: &["X4"],
    page: include_str!("unused_suppression.md"),
    // Found by the engine while it applies suppressions.
    check: |_, _| {},
    fix: Some(remove),
    ..Rule::OURS
};

/// Removes a comment, with its line if nothing else stands there, or one name of several.
fn remove(cx: &Context, finding: &Finding) -> Vec<Fix> {
    // They stand in the order of the text.
    let all = &cx.facts().suppressions;
    let last = all.partition_point(|it| it.span.start <= finding.span.start).checked_sub(1);
    let suppression = last.and_then(|it| all.get(it)).filter(|it| it.span.contains(finding.span));
    let Some(suppression) = suppression else { return Vec::new() };
    let text = &cx.facts().text;
    let edit = if let [_] = suppression.rules.as_slice() {
        let line = text.get(..suppression.span.start as usize).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
        let after = text.get(suppression.span.end as usize..).unwrap_or_default();
        let rest = after.split_inclusive('\n').next().unwrap_or_default();
        let alone =
            Span::new(line, suppression.span.start as usize).of(text).trim().is_empty() && rest.trim().is_empty();
        if alone {
            TextEdit::delete(Span::new(line, suppression.span.end as usize + rest.len()))
        } else {
            let before =
                text.get(..suppression.span.start as usize).map_or(0, |it| it.trim_end_matches([' ', '\t']).len());
            TextEdit::delete(Span::new(before, suppression.span.end as usize))
        }
    } else {
        let after = text.get(finding.span.end as usize..).unwrap_or_default();
        let separator = after.len() - after.trim_start_matches([',', ' ']).len();
        TextEdit::delete(Span::new(finding.span.start as usize, finding.span.end as usize + separator))
    };
    edit_here(cx, "Remove the comment", vec![edit]).into_iter().collect()
}
