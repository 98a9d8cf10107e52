//! `reliability/missing-question`: a checklist that leaves out a question on reliability.

use archwright_model::facts::{Answer, answers};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/missing-question",
    severity: Severity::Warning,
    summary: "The reliability checklist of a design leaves out one of its questions.",
    applies_to: &[Kind::Design],
    sources: &["A-142", "A-143", "A-144", "A-145", "A-146", "A-147", "A-148", "A-149", "A-160"],
    page: include_str!("missing_question.md"),
    check,
    ..Rule::OURS
};

/// A list with fewer of the questions is one of another kind.
const FEWEST: usize = 5;

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(section) = document.section(Role::ReliabilityChecklist) else { return };
    let Some(answers) = answers(document) else { return };
    let heading = document.tree.section(section).heading;
    let (missing, found): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|it| it.place == heading);
    // What is called otherwise may be the question that seems to lack.
    let fields = document.tree.fields_under(section).len();
    if missing.is_empty() || found.len() < FEWEST || fields > found.len() {
        return;
    }
    let said = document.tree.section(section).body.of(document.text).to_lowercase();
    let is_told = |name: &str| said.contains(&name.to_lowercase());
    let names: Vec<String> =
        missing.iter().filter(|it| !is_told(&it.question.name)).map(|it| format!("`{}`", it.question.name)).collect();
    if names.is_empty() {
        return;
    }
    let title = document.tree.section(section).title;
    let message = format!(
        "The checklist leaves out {}. Answer it, or say why it does not arise: what nobody asks is met in production.",
        enumerate(&names, "and")
    );
    reporter.report(title, message);
}
