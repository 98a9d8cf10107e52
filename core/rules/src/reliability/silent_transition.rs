//! `reliability/silent-transition`: every transition is said to publish, and some in the table do not.

use archwright_knowledge::claim_words;

use crate::{
    claim::{claims, near, words},
    prelude::*,
    stated::within,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/silent-transition",
    severity: Severity::Warning,
    summary: "A document says that every transition publishes, and its table has some that do not.",
    applies_to: &[Kind::Design, Kind::Adr],
    any_dialect: true,
    sources: &["A-196", "H-053"],
    page: include_str!("silent_transition.md"),
    check,
    ..Rule::OURS
};

/// So many rows publish before the others stand out.
const HABIT: usize = 2;

fn check(cx: &Context, reporter: &mut Reporter) {
    let words = words(cx);
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| words.has(claim_words("published-columns"))) else { return };
    let mut silent = None;
    for table in &tree.tables {
        let header = tree.header(table);
        let column = header
            .iter()
            .position(|it| claim_words("published-columns").are_all_of(&facts.slice(*it).replace('`', "")));
        let Some(column) = column else { continue };
        let cells: Vec<Span> = tree.rows(table).iter().filter_map(|it| tree.cells(it).get(column).copied()).collect();
        let (empty, full): (Vec<Span>, Vec<Span>) =
            cells.into_iter().partition(|it| matches!(facts.slice(*it).trim(), "" | "-" | "–" | "—"));
        if full.len() >= HABIT && !empty.is_empty() {
            silent = Some((empty.len(), table.span));
        }
    }
    let Some((count, table)) = silent else { return };
    for claim in claims(cx) {
        let part = claim.span.range();
        let Some(at) = says_every(claim.text) else { continue };
        if !words.has_within(claim_words("publishing"), part) || claim_words("but-for").are_in(claim.text) {
            continue;
        }
        let rows = if count == 1 { "one row publishes".to_owned() } else { format!("{count} rows publish") };
        let message = format!(
            "Every transition is said to publish, and in the table {rows} nothing. Say which do, or fill in what they \
             publish."
        );
        reporter.report(within(&claim, &at), message).related.push(cx.related(cx.file(), table, "the transitions"));
    }
}

/// Where a sentence speaks of every transition: `each transition`, `no state change goes without`. A row of a table
/// says what is in it.
fn says_every(sentence: &str) -> Option<std::ops::Range<usize>> {
    if sentence.starts_with('|') {
        return None;
    }
    claim_words("every-transition").first(sentence).or_else(|| near(sentence, "each-of", "transitions", 1))
}
