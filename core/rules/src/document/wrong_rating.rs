//! `document/wrong-rating`: a risk that is rated otherwise than its likelihood and impact give.

use archwright_knowledge::claim_words;
use archwright_model::values::value;
use rustc_hash::FxHashMap;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/wrong-rating",
    severity: Severity::Info,
    summary: "A risk is rated otherwise than its likelihood and impact give.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["E-069"],
    page: include_str!("wrong_rating.md"),
    check,
    ..Rule::OURS
};

/// A risk of a table.
struct Risk {
    likelihood: String,
    impact: String,
    rating: String,
    /// Where the rating stands.
    at: Span,
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    for table in &tree.tables {
        let header = tree.header(table);
        let column = |kind: &str| {
            let mut found =
                header.iter().enumerate().filter(|it| claim_words(kind).are_all_of(title(facts.slice(*it.1))));
            found.next().map(|it| it.0).filter(|_| found.next().is_none())
        };
        let (Some(likelihood), Some(impact), Some(rating)) =
            (column("likelihood-columns"), column("impact-columns"), column("rating-columns"))
        else {
            continue;
        };
        let risk = |row: &[Span]| {
            let said = |at: usize| Some(folded(facts.slice(*row.get(at)?))).filter(|it| !it.is_empty());
            let at = *row.get(rating)?;
            Some(Risk { likelihood: said(likelihood)?, impact: said(impact)?, rating: said(rating)?, at })
        };
        let risks: Vec<Risk> = tree.rows(table).iter().filter_map(|it| risk(tree.cells(it))).collect();
        if !by_numbers(facts, &risks, reporter) {
            by_neighbours(cx, &risks, reporter);
        }
    }
}

/// The title of a column without the scale in brackets behind it: `Impact` of `Impact (1-5)`.
fn title(cell: &str) -> &str {
    cell.split('(').next().unwrap_or_default().trim()
}

/// What a cell says, as far as it has letters and digits.
fn folded(cell: &str) -> String {
    let plain = value::plain(cell).to_lowercase();
    let words = plain.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Ratings that are products, if most of them are; whether the table has such ratings.
fn by_numbers(facts: &FileFacts, risks: &[Risk], reporter: &mut Reporter) -> bool {
    let number = |it: &str| it.parse::<u32>().ok();
    let product = |it: &Risk| Some((number(&it.likelihood)?.checked_mul(number(&it.impact)?)?, number(&it.rating)?));
    let all: Option<Vec<(u32, u32)>> = risks.iter().map(product).collect();
    let Some(all) = all.filter(|it| !it.is_empty()) else { return false };
    let right = all.iter().filter(|it| it.0 == it.1).count();
    if right >= 2 && right * 2 > all.len() {
        for (risk, (comes_to, stated)) in risks.iter().zip(&all).filter(|it| it.1.0 != it.1.1) {
            let message = format!(
                "The risk is rated {stated}, and its likelihood and impact, {} and {}, come to {comes_to}. Correct the \
                 number that is wrong.",
                risk.likelihood, risk.impact
            );
            reporter.report(trimmed(facts, risk.at), message);
        }
    }
    true
}

/// Risks that are rated otherwise than others with their likelihood and impact.
fn by_neighbours(cx: &Context, risks: &[Risk], reporter: &mut Reporter) {
    let facts = cx.facts();
    let mut known: FxHashMap<(&str, &str), Vec<&Risk>> = FxHashMap::default();
    // Remarks and numbers of one's own say more than a level.
    let is_level =
        |it: &&Risk| it.rating.split(' ').count() <= MOST_WORDS && !it.rating.contains(|it: char| it.is_ascii_digit());
    for risk in risks.iter().filter(is_level) {
        known.entry((&risk.likelihood, &risk.impact)).or_default().push(risk);
    }
    // Who rates most of such pairs otherwise rates by more than the two.
    let pairs = known.values().filter(|it| it.len() > 1);
    let differs = |it: &Vec<&Risk>| it.first().is_some_and(|first| it.iter().any(|it| it.rating != first.rating));
    let (apart, alike): (Vec<_>, Vec<_>) = pairs.partition(|it| differs(it));
    if apart.len() > 1 || alike.is_empty() && risks.len() < FEWEST {
        return;
    }
    for group in apart {
        // Two that differ are as likely wrong as each other; of more, the rare one is.
        let count = |rating: &str| group.iter().filter(|it| it.rating == rating).count();
        let Some(usual) = group.iter().max_by_key(|it| (count(&it.rating), std::cmp::Reverse(it.at.start))) else {
            continue;
        };
        for risk in group.iter().filter(|it| it.rating != usual.rating) {
            let message = format!(
                "The risk is rated `{}`, and another one of the same likelihood and impact `{}`. Rate both alike, or \
                 say what else counts.",
                value::plain(facts.slice(risk.at)).trim(),
                value::plain(facts.slice(usual.at)).trim()
            );
            let related = cx.related(cx.file(), usual.at, "rated otherwise");
            reporter.report(trimmed(facts, risk.at), message).related.push(related);
        }
    }
}

/// A level has no more words: `very high`, `low to medium`.
const MOST_WORDS: usize = 3;

/// Shorter tables say little of how they rate.
const FEWEST: usize = 4;

/// A cell without the space around it.
fn trimmed(facts: &FileFacts, cell: Span) -> Span {
    let said = facts.slice(cell);
    let start = cell.start as usize + said.len() - said.trim_start().len();
    Span::new(start, start + said.trim().len())
}
