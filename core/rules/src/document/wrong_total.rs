//! `document/wrong-total`: a matrix of decisions whose total is not what its weights and scores come to.

use archwright_knowledge::claim_words;
use archwright_model::values::{quantity, value};
use archwright_syntax::markdown::Table;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/wrong-total",
    severity: Severity::Warning,
    summary: "The total of a weighted matrix is not what its weights and scores come to.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["E-066"],
    page: include_str!("wrong_total.md"),
    check,
    ..Rule::OURS
};

/// How far a total may be from what comes out, as a share: people round on their way.
const ROUNDED: f64 = 0.01;

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    for table in &tree.tables {
        let Some(matrix) = by_rows(facts, table).or_else(|| by_columns(facts, table)) else { continue };
        for (option, comes_to) in matrix.wrong() {
            let message = format!(
                "The total is {}, and the weights and scores of `{}` come to {}. Correct the number that is wrong.",
                value::plain(facts.slice(option.at)),
                option.name,
                shown(comes_to)
            );
            reporter.report(option.at, message);
        }
    }
}

/// A weighted matrix.
struct Matrix {
    /// The weights of the criteria.
    weights: Vec<f64>,
    options: Vec<Choice>,
    /// Whether the totals are said to be weighted.
    is_said: bool,
}

/// An option of a matrix.
struct Choice {
    name: String,
    scores: Vec<f64>,
    total: f64,
    /// Half of the last digit of the total.
    step: f64,
    /// Where the total stands.
    at: Span,
}

impl Choice {
    /// What the scores come to by their weights.
    fn weighted(&self, weights: &[f64]) -> f64 {
        weights.iter().zip(&self.scores).map(|(weight, score)| weight * score).sum()
    }

    /// Whether the total is a number, as far as people round.
    fn is(&self, comes_to: f64) -> bool {
        (self.total - comes_to).abs() <= (ROUNDED * comes_to.abs()).max(self.step * 1.2)
    }
}

impl Matrix {
    /// The options whose totals are wrong, with what they come to.
    fn wrong(&self) -> Vec<(&Choice, f64)> {
        let whole: f64 = self.weights.iter().sum();
        let plain = vec![1.0; self.weights.len()];
        if self.options.is_empty() || self.weights.len() < 2 || whole <= 0.0 {
            return Vec::new();
        }
        // Totals are in the unit of the scores, in that of the weights, or nobody weighs and the cells are added up.
        let scales: [(&[f64], f64); 4] =
            [(&self.weights, 1.0), (&self.weights, 1.0 / whole), (&self.weights, 0.01), (&plain, 1.0)];
        let right = |scale: &(&[f64], f64)| {
            let is_told = |it: &&Choice| it.total != 0.0 && it.is(it.weighted(scale.0) * scale.1);
            self.options.iter().filter(is_told).count()
        };
        let Some(best) = scales.iter().max_by_key(|it| right(it)) else { return Vec::new() };
        let agreeing = right(best);
        let are_shares = [1.0, 10.0, 100.0].iter().any(|it| (whole - it).abs() < it * 1e-6);
        let scale = if agreeing * 2 >= self.options.len() && agreeing > 0 {
            *best
        } else if self.is_said && are_shares && !self.is_scaled() && self.is_in_unit_of_scores() {
            (self.weights.as_slice(), 1.0 / whole)
        } else {
            return Vec::new();
        };
        let found = self.options.iter().map(|it| (it, it.weighted(scale.0) * scale.1));
        found.filter(|(option, comes_to)| !option.is(*comes_to)).collect()
    }

    /// Whether every total lies among the scores that it is made of.
    fn is_in_unit_of_scores(&self) -> bool {
        self.options.iter().all(|it| {
            let least = it.scores.iter().copied().fold(f64::INFINITY, f64::min);
            let most = it.scores.iter().copied().fold(0.0, f64::max);
            (least..=most).contains(&it.total)
        })
    }

    /// Whether all totals are what comes out by some factor: they are in another unit.
    fn is_scaled(&self) -> bool {
        let factors = self.options.iter().filter_map(|it| {
            let comes_to = it.weighted(&self.weights);
            (comes_to != 0.0 && it.total != 0.0).then(|| it.total / comes_to)
        });
        let factors: Vec<f64> = factors.collect();
        let least = factors.iter().copied().fold(f64::INFINITY, f64::min);
        let most = factors.iter().copied().fold(0.0, f64::max);
        factors.len() < 2 || most <= least * 1.02
    }
}

/// A matrix with a criterion in each row, its weight in a column, and the options in the others.
fn by_rows(facts: &FileFacts, table: &Table) -> Option<Matrix> {
    let tree = facts.markdown()?;
    let header: Vec<String> = tree.header(table).iter().map(|it| value::plain(facts.slice(*it))).collect();
    let weighing = header.iter().position(|it| claim_words("weight-columns").are_all_of(it))?;
    let rows: Vec<&[Span]> = tree.rows(table).iter().map(|it| tree.cells(it)).collect();
    let (last, criteria) = rows.split_last()?;
    let label = value::plain(facts.slice(*last.first()?));
    if !claim_words("total-columns").are_all_of(&label) {
        return None;
    }
    let number = |row: &[Span], at: usize| Some(read(facts.slice(*row.get(at)?))?.0);
    let weights: Vec<f64> = criteria.iter().map(|row| number(row, weighing)).collect::<Option<_>>()?;
    let mut options = Vec::new();
    for (at, name) in header.iter().enumerate().skip(1).filter(|it| it.0 != weighing) {
        let scores: Option<Vec<f64>> = criteria.iter().map(|row| number(row, at)).collect();
        let total = last.get(at).copied();
        if let (Some(scores), Some(at)) = (scores, total)
            && let Some((total, step)) = read(facts.slice(at))
        {
            options.push(Choice { name: name.clone(), scores, total, step, at });
        }
    }
    Some(Matrix { weights, options, is_said: claim_words("weighted-totals").are_in(&label) })
}

/// A matrix with an option in each row, and the criteria in columns with their weights in brackets.
fn by_columns(facts: &FileFacts, table: &Table) -> Option<Matrix> {
    let tree = facts.markdown()?;
    let header: Vec<String> = tree.header(table).iter().map(|it| value::plain(facts.slice(*it))).collect();
    let totals = header.iter().position(|it| claim_words("total-columns").are_all_of(it))?;
    let criteria: Vec<(usize, f64)> =
        header.iter().enumerate().filter_map(|(at, it)| Some((at, weight_in(it)?))).collect();
    // A column without a weight may count as well.
    if criteria.len() + 2 != header.len() || criteria.iter().any(|it| it.0 == 0 || it.0 >= totals) {
        return None;
    }
    let mut options = Vec::new();
    for row in tree.rows(table).iter().map(|it| tree.cells(it)) {
        let number = |at: usize| Some(read(facts.slice(*row.get(at)?))?.0);
        let scores: Option<Vec<f64>> = criteria.iter().map(|it| number(it.0)).collect();
        let at = *row.get(totals)?;
        if let (Some(scores), Some((total, step))) = (scores, read(facts.slice(at))) {
            options.push(Choice { name: value::plain(facts.slice(*row.first()?)), scores, total, step, at });
        }
    }
    let is_said = header.get(totals).is_some_and(|it| claim_words("weighted-totals").are_in(it));
    Some(Matrix { weights: criteria.iter().map(|it| it.1).collect(), options, is_said })
}

/// The weight in the brackets of a title: 20 of `Cost (20%)`, 3 of `Cost (×3)`.
fn weight_in(title: &str) -> Option<f64> {
    let (_, inner) = title.strip_suffix(')')?.rsplit_once('(')?;
    let inner = inner.trim();
    let digits = inner.strip_suffix('%').or_else(|| inner.strip_prefix(['×', 'x'])).unwrap_or(inner).trim();
    quantity::amount(digits).filter(|it| *it > 0.0)
}

/// The number that a cell is, with half of its last digit: `9`, `**8.4** ✅`, `90/100`, `25%`. Nothing where more stands
/// there.
fn read(cell: &str) -> Option<(f64, f64)> {
    let plain = value::plain(cell);
    let bare = plain.trim().trim_matches(|it: char| !it.is_ascii() && !it.is_alphanumeric() && it != '−').trim();
    let bare = bare.split_once('/').filter(|it| quantity::amount(it.1.trim()).is_some()).map_or(bare, |it| it.0);
    let digits = bare.trim_end_matches('%').trim();
    let is_number = digits.starts_with(|it: char| it.is_ascii_digit())
        && digits.chars().all(|it| it.is_ascii_digit() || matches!(it, '.' | ','));
    let number = quantity::amount(digits).filter(|_| is_number)?;
    let decimals = digits.rsplit_once(['.', ',']).map_or(0, |it| it.1.len());
    Some((number, 0.5 * 10_f64.powi(-i32::try_from(decimals).ok()?)))
}

/// A number with at most two decimals.
fn shown(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{read, weight_in};

    #[test]
    fn numbers_of_cells_are_read() {
        let close = |it: Option<(f64, f64)>, number: f64| it.is_some_and(|it| (it.0 - number).abs() < 1e-9);
        for (cell, number) in [("9", 9.0), ("**8.4** ✅", 8.4), ("90/100", 90.0), ("25%", 25.0), (" 1,200 ", 1200.0)] {
            assert!(close(read(cell), number), "{cell}: {:?}", read(cell));
        }
        for cell in ["", "-", "high", "9 of 10", "4 (1.2)", "v2", "+1"] {
            assert_eq!(read(cell), None, "{cell}");
        }
        assert_eq!(weight_in("Cost (20%)"), Some(20.0));
        assert_eq!(weight_in("Cost (×3)"), Some(3.0));
        assert_eq!(weight_in("Cost (monthly)"), None);
        assert_eq!(weight_in("Cost"), None);
    }
}
