//! `layout/adr-title-mismatch`: the title of an ADR has another number than its file name.

use archwright_model::facts::number_like;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/adr-title-mismatch",
    severity: Severity::Warning,
    summary: "The number in the title of an ADR differs from the one in its file name.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
    sources: &["A-030"],
    page: include_str!("adr_title_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(adr) = facts.document().and_then(|it| it.adr.as_ref()) else { return };
    let (Some(number), Some((title_number, span))) = (adr.number, adr.title_number) else { return };
    if number == title_number || !is_number_of_title(facts, span) {
        return;
    }
    let written = facts.slice(span);
    let in_name = number_like(facts.path.stem(), number);
    let is_padded = written.starts_with('0');
    // `12. Use an outbox` has no zeros in front and gets none.
    let digits = match (is_padded, has_prefix(facts)) {
        (true, _) => written.len().max(in_name.len()),
        (false, true) => in_name.len(),
        (false, false) => 0,
    };
    let right = format!("{number:0digits$}");
    let message = format!(
        "The title says {written}, the file name `{}` says {in_name}. Write {right} in the title.",
        facts.path.name()
    );
    reporter.report(span, message).data = right;
}

/// Whether the title starts with `ADR`.
fn has_prefix(facts: &FileFacts) -> bool {
    facts.slice(facts.title_span()).get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr"))
}

/// Whether the digits count decisions: `ADR-0012: ...` and `12. ...` do, `3 brokers are enough` does not.
fn is_number_of_title(facts: &FileFacts, digits: Span) -> bool {
    let mut after = facts.text.get(digits.end as usize..).unwrap_or_default().chars();
    let (next, second) = (after.next(), after.next());
    has_prefix(facts) || matches!(next, Some('.' | ':' | ')')) && second.is_none_or(char::is_whitespace)
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write {} in the title", finding.data), vec![edit]).into_iter().collect()
}
