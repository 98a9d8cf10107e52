//! `decision/unknown-pattern`: a name that is almost that of a pattern.

use archwright_knowledge::{nearest_pattern, pattern};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/unknown-pattern",
    severity: Severity::Warning,
    summary: "A pattern's name is misspelt.",
    applies_to: &[
        Kind::Design,
        Kind::Contract,
        Kind::Adr,
        Kind::Rfc,
        Kind::Overview,
        Kind::ImplementationPlan,
        Kind::MigrationPlan,
    ],
    any_dialect: true,
    sources: &["A-076", "A-297", "A-082"],
    page: include_str!("unknown_pattern.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let (tree, text) = (document.tree, document.text);
    let sections: Vec<_> = document.sections(Role::Patterns).collect();
    for item in tree.items.iter().filter(|it| it.depth == 0 && sections.contains(&it.section)) {
        let content = item.content.of(text);
        let end = [":", " - ", " – ", " — "].iter().filter_map(|it| content.find(it)).min().unwrap_or(content.len());
        look(cx, reporter, Span::new(item.content.start as usize, item.content.start as usize + end));
    }
    for table in &tree.tables {
        let Some(at) = document.column(table, Role::Pattern) else { continue };
        for cell in tree.rows(table).iter().filter_map(|it| tree.cells(it).get(at)) {
            let mut start = cell.start as usize;
            for piece in cell.of(text).split_inclusive([',', '+', ';']) {
                let name = piece.trim_end_matches([',', '+', ';']);
                look(cx, reporter, Span::new(start, start + name.len()));
                start += piece.len();
            }
        }
    }
}

/// Reports the name under `span` if it is no pattern's but almost.
fn look(cx: &Context, reporter: &mut Reporter, span: Span) {
    let marks = ['*', '`', '_', '[', ']', ' ', '.'];
    let written = cx.facts().slice(span);
    let left = written.trim_start_matches(marks);
    let mut name = left.trim_end_matches(marks);
    if let Some((label, _)) = name.split_once("](") {
        name = label.trim_end_matches(marks);
    }
    let start = span.start as usize + written.len() - left.len();
    if nearest_pattern(name).is_none() {
        name = titled(name);
    }
    // A sentence that happens to be near a name is a sentence.
    if name.split_whitespace().count() > 6 || pattern(name).is_some() {
        return;
    }
    let Some(nearest) = nearest_pattern(name) else { return };
    let message = format!("There is no pattern `{name}`; did you mean `{}`?", nearest.name);
    reporter.report(Span::new(start, start + name.len()), message).data = nearest.name.to_string();
}

/// The words with which a line begins as long as each has a capital, of several: `Idempotent Receiver at the portal`.
fn titled(line: &str) -> &str {
    let mut end = 0;
    let mut count = 0;
    for word in line.split_inclusive(' ') {
        if !word.starts_with(char::is_uppercase) {
            break;
        }
        end += word.len();
        count += 1;
        if word.trim_end().ends_with([',', ';', '.']) {
            break;
        }
    }
    let name = line.get(..end).unwrap_or_default().trim_end_matches([' ', ',', ';', '.']);
    if count > 1 { name } else { line }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Write `{}`", finding.data), vec![edit]).into_iter().collect()
}
