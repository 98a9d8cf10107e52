//! `link/dead-anchor`: a link to a heading that the target does not have.

use archwright_model::RelPath;
use archwright_syntax::{
    Guesses,
    markdown::{decode_target, encode_target, slug},
};
use rustc_hash::FxHashMap;

use super::{
    github,
    meant::{Anchors, hint},
    once::{Found, Once},
    placeholder,
    target::Links,
};
use crate::prelude::*;

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

fn check(cx: &Context, reporter: &mut Reporter) {
    // A table of contents links to one document again and again.
    let mut known: FxHashMap<&RelPath, Anchors> = FxHashMap::default();
    let mut guesses = Guesses::default();
    let mut expressions: FxHashMap<&RelPath, bool> = FxHashMap::default();
    let links = Links::of(cx);
    let mut once = Once::default();
    for link in links.checked() {
        let Some(fragment) = link.fragment else { continue };
        let decoded = decode_target(cx.facts().slice(fragment));
        let Some(name) = github::heading(&decoded) else { continue };
        let Some(target) = cx.anchored(&link.path) else { continue };
        let Some(tree) = target.markdown() else { continue };
        let anchors = known
            .entry(&target.path)
            .or_insert_with(|| Anchors::new(tree.anchors(&target.text).into_iter().map(|it| it.0).collect()));
        if anchors.has(name) || anchors.has(&decoded) {
            continue;
        }
        let meant = anchors.meant(name, &mut guesses);
        // Generators have rules of their own for anchors, and other ways to make some.
        let is_alike = || meant.as_ref().is_some_and(|it| it.certain) || anchors.has_in_ascii(name);
        let mut has_expressions =
            || *expressions.entry(&target.path).or_insert_with(|| has_expressions(cx, &target.path));
        if links.sites().is_some() && (is_alike() || has_expressions()) {
            continue;
        }
        if placeholder::of(&decoded).is_some() {
            continue;
        }
        let hint = meant.as_ref().map_or_else(String::new, |it| hint(&format!("#{name}"), &format!("#{}", it.target)));
        let place =
            if target.path == cx.facts().path { "this document".to_owned() } else { format!("`{}`", target.path) };
        let in_code = in_code(cx, &target.path, name).map_or_else(String::new, |line| {
            format!(" What looks like it stands in a block of code, which begins at line {line} there.")
        });
        let message = format!("There is no heading `#{name}` in {place}.{in_code}{hint}");
        let found = Found {
            span: fragment,
            message,
            fixable: meant.is_some(),
            certain: meant.as_ref().is_some_and(|it| it.certain),
            data: meant.map(|it| encode_target(it.target)).unwrap_or_default(),
        };
        once.add(cx, &RULE, found);
    }
    once.report(cx, reporter);
}

/// The line at which a block of code begins that has such a heading as one of its lines: a fence that nobody closed
/// takes in what is below it.
fn in_code(cx: &Context, path: &RelPath, name: &str) -> Option<usize> {
    let facts = cx.whole(path)?;
    let blocks = facts.markdown()?.code_blocks.iter().filter(|it| it.fenced);
    let is_heading = |line: &str| line.starts_with('#') && slug(line.trim_start_matches('#').trim()) == name;
    let block = blocks.into_iter().find(|it| facts.slice(it.content).lines().any(is_heading))?;
    Some(facts.text.get(..block.span.start as usize)?.matches('\n').count() + 1)
}

/// Whether a text takes in others, or holds what a generator puts anchors into.
fn has_expressions(cx: &Context, path: &RelPath) -> bool {
    let text = cx.whole(path).map_or("", |it| &it.text);
    ["{{", "{%", "--8<--", ":::", "{:", "{#", "\nimport "].iter().any(|it| text.contains(it))
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    super::link_to(cx, finding, format!("Link to `#{}`", decode_target(&finding.data)))
}
