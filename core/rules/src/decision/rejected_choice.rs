//! `decision/rejected-choice`: a record decides for what its own alternatives reject.

use archwright_knowledge::claim_words;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/rejected-choice",
    severity: Severity::Info,
    summary: "A record decides for what it rejects among its alternatives.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
    sources: &["A-134"],
    page: include_str!("rejected_choice.md"),
    check,
    ..Rule::OURS
};

/// Fewer words are too common to name an option.
const FEWEST: usize = 3;
/// A decision may say so many words more than the option.
const MOST_MORE: usize = 2;

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let (Some(decision), Some(alternatives)) = (document.section(Role::Decision), document.section(Role::Alternatives))
    else {
        return;
    };
    let (tree, text) = (document.tree, document.text);
    let rejected = tree.items.iter().filter(|it| it.section == alternatives && it.depth == 0);
    let rejected = rejected.filter_map(|it| {
        let said = it.content.of(text);
        let (head, reason) = said.split_once([':', ';', ',']).or_else(|| said.split_once(" – "))?;
        let is_rejected = claim_words("turned-down").begin(reason.trim_start());
        is_rejected.then(|| (it.content, words(head))).filter(|it| it.1.len() >= FEWEST)
    });
    let rejected: Vec<(Span, Vec<String>)> = rejected.collect();
    if rejected.is_empty() {
        return;
    }
    let Some(paragraph) = tree.paragraphs.iter().find(|it| it.section == decision) else { return };
    let said = paragraph.span.of(text);
    let length = said.find(". ").map_or(said.len(), |it| it + 1);
    let first = said.get(..length).unwrap_or(said);
    // `Instead of row locks` and `no longer row locks` decide against them.
    if ["denies", "hedged"].iter().any(|it| claim_words(it).are_in(first)) {
        return;
    }
    // What stands behind a comma adds to what is done.
    let decided = words(first.split(',').next().unwrap_or(first));
    let is_same =
        |option: &[String]| option.iter().all(|it| decided.contains(it)) && decided.len() <= option.len() + MOST_MORE;
    let Some((option, _)) = rejected.iter().find(|it| is_same(&it.1)) else { return };
    let start = paragraph.span.start as usize;
    let message = "This record decides for what it rejects among its alternatives. Say which of the two holds.";
    let related = cx.related(cx.file(), *option, "rejected here");
    reporter.report(Span::new(start, start + first.trim_end().len()), message.to_owned()).related.push(related);
}

/// The words of an option that tell it from others, in lower case and without their endings.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    let told = words.filter(|it| !claim_words("decision-fillers").are_all_of(it));
    told.map(|it| {
        let word = it.to_lowercase();
        // `Publishes` and `publish` are one.
        let hissing = word.strip_suffix("es").filter(|it| it.ends_with(['x', 's', 'z']) || it.ends_with("sh"));
        hissing.unwrap_or_else(|| word.trim_end_matches('s')).to_owned()
    })
    .collect()
}
