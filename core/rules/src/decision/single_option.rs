//! `decision/single-option`: a proposal with one option, which is none.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "decision/single-option",
    severity: Severity::Info,
    summary: "A request for comments has a single option to comment on.",
    applies_to: &[Kind::Rfc],
    sources: &["A-079"],
    page: include_str!("single_option.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    let Some(section) = document.section(Role::Options) else { return };
    let tree = document.tree;
    let mut children = tree.children(section);
    let (Some(only), None) = (children.next(), children.next()) else { return };
    // A list before the only heading, or a table, may have the others.
    let span = tree.section(section).span;
    let has_list = tree.items.iter().any(|it| it.section == section);
    let has_table = tree.tables.iter().any(|it| span.contains(it.span));
    let title = tree.plain_title(only, document.text).to_lowercase();
    let is_list = ["options", "alternatives", "rejected", "other", "comparison"].iter().any(|it| title.contains(it));
    if has_list || has_table || is_list || document.section(Role::Alternatives).is_some_and(|it| it != section) {
        return;
    }
    let message = "There is nothing to choose where there is one option. Add what else could be done, if only to leave \
        things as they are, with its price.";
    reporter.report(tree.section(section).title, message.to_owned());
}
