//! `document/vague-owner`: an owner that is nobody in particular.

use archwright_knowledge::claim_words;
use archwright_model::values::value;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/vague-owner",
    severity: Severity::Warning,
    summary: "An owner is nobody in particular.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["A-128", "A-134"],
    page: include_str!("vague_owner.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

/// Whether a name consists of words for everybody and nobody in particular: `every department`, `all teams involved`.
fn is_nobody(owner: &str) -> bool {
    let mut words = owner.split(|it: char| !(it.is_alphanumeric() || it == '\'')).filter(|it| !it.is_empty());
    let is = |kind: &str, word: &str| claim_words(kind).are_all_of(word);
    let is_slug = owner.contains(['-', '_', '@', '#', '/']);
    !is_slug && words.clone().any(|it| is("crowds", it)) && words.all(|it| is("nobodys", it))
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    let (owners, nobody) = (claim_words("owner-names"), claim_words("anybody"));
    let fields = tree.fields.iter().filter(|it| owners.are_all_of(facts.slice(it.name))).map(|it| it.value);
    let cells = tree.tables.iter().flat_map(|table| {
        let at = tree.header(table).iter().position(|it| owners.are_all_of(facts.slice(*it)));
        let rows = tree.rows(table).iter();
        rows.filter_map(move |row| tree.cells(row).get(at?).copied())
    });
    for owner in fields.chain(cells) {
        let said = value::plain(facts.slice(owner));
        if nobody.are_all_of(&said) || is_nobody(&said) {
            let message = format!("What `{said}` owns, nobody does. Name one team or person who answers for it.");
            reporter.report(owner, message);
        }
    }
}
