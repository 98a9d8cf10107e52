//! `link/dead-anchor`: a link to a heading that the target does not have.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::target::checked_links;
use crate::{RelPath, rules::prelude::*};

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
    ..Rule::OURS
};

/// For how many links of one document a heading that was meant is looked for.
const GUESSES: usize = 300;

/// The anchors of a target: as they are, and in lower case to look names up in.
struct Anchors {
    all: Vec<SmolStr>,
    lower: FxHashSet<String>,
}

fn check(cx: &Context, reporter: &mut Reporter) {
    // A table of contents links to one document again and again.
    let mut known: FxHashMap<&RelPath, Anchors> = FxHashMap::default();
    let mut guesses = 0;
    for link in checked_links(cx) {
        let Some(fragment) = link.fragment else { continue };
        let name = cx.facts().slice(fragment);
        // `#L10` and `#L10-L20` are lines of a source file; an empty fragment is the top of the page.
        if name.is_empty() || name.strip_prefix('L').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit())) {
            continue;
        }
        let Some((_, target)) = cx.anchored(&link.path) else { continue };
        let Some(tree) = target.markdown() else { continue };
        let anchors = known.entry(&target.path).or_insert_with(|| {
            let all: Vec<SmolStr> = tree.anchors(&target.text).into_iter().map(|it| it.0).collect();
            let lower = all.iter().map(|it| it.to_ascii_lowercase()).collect();
            Anchors { all, lower }
        });
        if anchors.lower.contains(&name.to_ascii_lowercase()) {
            continue;
        }
        guesses += 1;
        let nearest = nearest(name, anchors.all.iter().filter(|_| guesses <= GUESSES).map(SmolStr::as_str));
        let hint = nearest.map_or_else(String::new, |it| format!(" Did you mean `#{it}`?"));
        let place =
            if target.path == cx.facts().path { "this document".to_owned() } else { format!("`{}`", target.path) };
        let finding = reporter.report(fragment, format!("There is no heading `#{name}` in {place}.{hint}"));
        finding.fixable = nearest.is_some();
        nearest.unwrap_or_default().clone_into(&mut finding.data);
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Link to `#{}`", finding.data), vec![edit]).into_iter().collect()
}
