//! `document/empty-section`: a section with nothing in it.

use super::template::Templated;
use crate::rules::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/empty-section",
    severity: Severity::Warning,
    summary: "A section of an artifact has nothing in it.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &["A-061", "A-065", "A-069", "A-093"],
    page: include_str!("empty_section.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    let document = Templated::new(cx);
    for (id, section) in tree.section_ids().skip(1) {
        // `## Status: Accepted` has its content in its title.
        let title = tree.plain_title(id, &facts.text);
        if title.split_once(':').is_some_and(|it| !it.1.trim().is_empty()) {
            continue;
        }
        let is_canonical = document.as_ref().is_some_and(|it| it.canonical(id).is_some());
        // A document may begin with its title at level 2, and then has no other.
        let is_title = id.0 == 1 && tree.sections.iter().all(|it| it.level != 1);
        let counts = is_canonical || section.level == 2 && !is_title;
        // A heading below it says something by itself, as the option that was taken.
        let is_empty = !section.has_content && tree.children(id).next().is_none();
        if counts && is_empty {
            let title = title.trim();
            let message = format!(
                "The section `{title}` is empty. Write `[TBD: question]` if the answer is open, or say why there is \
                none."
            );
            reporter.report(section.title, message);
        }
    }
}
