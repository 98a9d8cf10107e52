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
        let counts = section.level == 2 || document.as_ref().is_some_and(|it| it.canonical(id).is_some());
        let is_empty = !section.has_content && tree.descendants(id).all(|it| !tree.section(it).has_content);
        if counts && is_empty {
            let title = title.trim();
            let message = format!(
                "The section `{title}` is empty. Write `<TBD: question>` if the answer is open, or say why there is none."
            );
            reporter.report(section.title, message);
        }
    }
}
