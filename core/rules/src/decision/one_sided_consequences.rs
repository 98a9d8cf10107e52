//! `decision/one-sided-consequences`: a record that has gains and no price.

use archwright_knowledge::claim_words;
use archwright_syntax::markdown::SectionId;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/one-sided-consequences",
    severity: Severity::Info,
    summary: "A record has gains among its consequences, and no price.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
    sources: &["A-078"],
    page: include_str!("one_sided_consequences.md"),
    check,
    ..Rule::OURS
};

/// Words of a price, wherever it stands.
const PRICES: [&str; 23] = [
    "breaking change",
    "but ",
    "however",
    "cost",
    "risk",
    "drawback",
    "trade",
    "harder",
    "slower",
    "complex",
    "must ",
    "need",
    "lose",
    "loss",
    "negative",
    "downside",
    "less ",
    "more ",
    "only ",
    "cannot",
    "can't",
    "require",
    "although",
];

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(section) = document.section(Role::Consequences) else { return };
    let tree = document.tree;
    let fields = tree.fields_under(section);
    let all = std::iter::once(section).chain(tree.descendants(section));
    let good = document.field_among(fields, Role::Positive).map(|it| it.name).or_else(|| only_good(document, section));
    let Some(good) = good else { return };
    let is_bad = |id| document.is_heading_of(id, Role::Negative);
    let elsewhere = document.fields(Role::Negative).next().is_some() || all.into_iter().any(is_bad);
    let said = tree.section(section).span.of(document.text).to_lowercase();
    if elsewhere || PRICES.iter().any(|it| said.contains(it)) {
        return;
    }
    let message = "Every decision has a price, and this record names none: whoever pays it later thinks that nobody \
        knew. Say what gets worse.";
    reporter.report(good, message.to_owned());
}

/// The first item of a list of consequences that each say in front that they are good: `Good, because ...`.
fn only_good(document: &ByRole, section: SectionId) -> Option<Span> {
    let items = document.tree.items.iter().filter(|it| it.section == section && it.depth == 0);
    let items: Vec<Span> = items.map(|it| it.content).collect();
    let is_good = |it: &Span| claim_words("said-to-be-good").begin(it.of(document.text));
    let first = items.first().copied()?;
    let end = first.of(document.text).find(',').unwrap_or(0);
    let is_list = items.len() > 1 && items.iter().all(is_good);
    is_list.then(|| Span::new(first.start as usize, first.start as usize + end))
}
