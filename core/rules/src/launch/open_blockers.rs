//! `launch/open-blockers`: GO with blockers that are still open.

use archwright_knowledge::claim_words;
use archwright_model::{facts::prose, values::value};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "launch/open-blockers",
    severity: Severity::Error,
    summary: "The decision is GO, and blockers are open.",
    applies_to: &[Kind::Launch],
    any_dialect: true,
    sources: &["A-094", "A-358"],
    page: include_str!("open_blockers.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let status = document.status();
    let state = status.as_ref().and_then(|it| cx.config().vocabulary().state(&it.text));
    let (Some(status), Some(State::Go | State::GoWithRisks)) = (status, state) else { return };
    let Some(section) = document.section(Role::Blockers) else { return };
    let items = document.tree.items.iter().filter(|it| it.depth == 0 && it.section == section);
    let items = items.filter(|it| it.task.is_none_or(|it| !it.done)).map(|it| it.content);
    let tables = document.tree.tables.iter().filter(|it| document.tree.section_at(it.span.start as usize) == section);
    let rows = tables.flat_map(|it| document.tree.rows(it)).map(|it| it.span);
    let all = items.chain(rows).filter(|it| !it.is_empty());
    let open: Vec<Span> = all.filter(|it| is_open(it.of(document.text).trim_matches(['|', ' ', '\n']))).collect();
    let Some(first) = open.first() else { return };
    let count = match open.len() {
        1 => "a blocker is".to_owned(),
        many => format!("{many} blockers are"),
    };
    let message = format!(
        "The decision is {}, and {count} open. Close what blocks, accept it as a risk with a name, or decide NO-GO.",
        value::plain(&status.text)
    );
    let finding = reporter.report(*first, message);
    let related = cx.related(cx.file(), status.span, "decided here".to_owned());
    finding.related.push(related);
    finding.related.extend(open.iter().skip(1).map(|it| cx.related(cx.file(), *it, "open as well".to_owned())));
}

/// Whether an item is a blocker that nothing says to be settled.
fn is_open(item: &str) -> bool {
    let said = prose::without_names(item);
    if value::is_unknown(item) || value::is_none(item) || said.contains("~~") || item.contains("[TBD") {
        return false;
    }
    let settled = claim_words("settled");
    // `Not done yet` settles nothing, and neither does `to be closed`; `no longer to be done` does.
    let is_denied = |it: &str| ["no longer", "nothing", "none"].iter().any(|word| it.to_lowercase().contains(word));
    let is_pending = |it: &str| claim_words("to-come").are_in(it) && !is_denied(it);
    let mut clauses = said.split([',', ';']);
    !settled.are_in(&said) || clauses.any(is_pending) && !said.trim_start().to_lowercase().starts_with("no")
}
