//! `link/dead-anchor`: a link to a heading that the target does not have.

use super::target::checked_links;
use crate::rules::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "link/dead-anchor",
    severity: Severity::Error,
    summary: "A link names a heading that its target does not have.",
    applies_to: super::dead_target::RULE.applies_to,
    any_dialect: true,
    sources: &["A-130"],
    page: include_str!("dead_anchor.md"),
    check,
    fix: Some(fix),
};

fn check(cx: &Context, reporter: &mut Reporter) {
    for link in checked_links(cx) {
        let Some(fragment) = link.fragment else { continue };
        let name = cx.facts().slice(fragment);
        // `#L10` and `#L10-L20` are lines of a source file; an empty fragment is the top of the page.
        if name.is_empty() || name.strip_prefix('L').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit())) {
            continue;
        }
        let Some((_, target)) = cx.anchored(&link.path) else { continue };
        let Some(tree) = target.markdown() else { continue };
        let anchors = tree.anchors(&target.text);
        if anchors.iter().any(|it| it.0.eq_ignore_ascii_case(name)) {
            continue;
        }
        let nearest = nearest(name, anchors.iter().map(|it| it.0.as_str()));
        let hint = nearest.map_or_else(String::new, |it| format!(" Did you mean `#{it}`?"));
        let place = if target.path == cx.facts().path { "this document".to_owned() } else { format!("`{}`", target.path) };
        let finding = reporter.report(fragment, format!("There is no heading `#{name}` in {place}.{hint}"));
        finding.fixable = nearest.is_some();
        nearest.unwrap_or_default().clone_into(&mut finding.data);
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Link to `#{}`", finding.data), vec![edit]).into_iter().collect()
}
