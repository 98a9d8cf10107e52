//! `document/duplicate-section`: a section of the template stands twice.

use super::template::Templated;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/duplicate-section",
    severity: Severity::Warning,
    summary: "A section of the template stands twice under the same title.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &["A-069", "A-075", "A-078", "A-093"],
    page: include_str!("duplicate_section.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = Templated::new(cx) else { return };
    let (tree, text) = (document.tree, document.text);
    let title = |id| tree.plain_title(id, text).trim().to_lowercase();
    for (id, at) in document.sections() {
        // Two aliases of one section may well mean two things, such as Motivation and Background; one title twice does
        // not.
        let is_same = |other| tree.section(other).parent == tree.section(id).parent && title(other) == title(id);
        let first = document.sections().take_while(|it| it.0 < id).find(|it| it.1 == at && is_same(it.0));
        if let Some((first, _)) = first {
            let name = tree.plain_title(id, text);
            let related = cx.related(cx.file(), tree.section(first).title, format!("the first `{name}`"));
            let message = format!(
                "The section `{name}` stands here a second time. Merge the two, so that a reader finds all of it in \
                one place."
            );
            reporter.report(tree.section(id).title, message).related.push(related);
        }
    }
}
