//! `schema/invalid`: a schema with a mistake in it.

use std::sync::Arc;

use archwright_schema::{
    AdviceKind, Language,
    check::{Surroundings, diagnostics},
};
use archwright_syntax::data::{Format, parse};

use super::notes;
use crate::{
    evolution::imported,
    facts::{file_of_reference, split_reference},
    rules::prelude::*,
    store::Referenced,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/invalid",
    severity: Severity::Error,
    summary: "A schema has a mistake, so that tools refuse it or take it for another one.",
    applies_to: &[Kind::Schema],
    any_dialect: false,
    sources: &["E-041"],
    page: include_str!("invalid.md"),
    check,
    fix: None,
    ..Rule::OURS
};

/// How many files of a folder are asked for a type of Avro.
const MAX_SIBLINGS: usize = 50;

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(language) = Language::of_path(facts.path.as_str()) else { return };
    // What notation breaks is told where it breaks, and what follows from it is not.
    if !facts.syntax_errors.is_empty() || facts.unreadable.is_some() || facts.text.trim().is_empty() {
        return;
    }
    let tree = Format::of_path(facts.path.as_str()).map(|it| parse(facts.text.clone(), it));
    let told: Vec<Span> = notes(cx, AdviceKind::UnfittingDefault).map(|it| it.span).collect();
    for it in diagnostics(&facts.text, language, tree.as_ref(), &mut Workspace { cx }) {
        if !told.contains(&it.span) {
            reporter.report(it.span, it.message);
        }
    }
}

/// The other files of the workspace.
struct Workspace<'a, 'c> {
    cx: &'a Context<'c>,
}

impl Surroundings for Workspace<'_, '_> {
    fn import(&mut self, path: &str) -> Option<Arc<str>> {
        imported(&self.cx.facts().path, path, |it| self.cx.referenced_text(it))
    }

    fn declares(&mut self, name: &str) -> bool {
        let (namespace, simple) = name.rsplit_once('.').unwrap_or(("", name));
        // A type of a namespace that this schema is not of comes from elsewhere, perhaps from another repository.
        if !namespace.is_empty() && !self.cx.facts().text.contains(&format!("\"{namespace}\"")) {
            return true;
        }
        let path = &self.cx.facts().path;
        let siblings = self.cx.folder(&path.parent());
        let siblings = siblings.into_iter().filter(|it| *it != path && it.file_type() == path.file_type());
        let (quoted, full) = (format!("\"{simple}\""), format!("\"{name}\""));
        let declares = |it: &RelPath| match self.cx.referenced(it) {
            Referenced::Tree(tree) => tree.text().contains(&quoted) || tree.text().contains(&full),
            _ => false,
        };
        siblings.take(MAX_SIBLINGS).any(declares)
    }

    fn missing(&mut self, reference: &str) -> Option<String> {
        let path = file_of_reference(&self.cx.facts().path, reference)?;
        let (_, fragment) = split_reference(reference);
        match self.cx.referenced(&path) {
            Referenced::Missing => Some(format!("`{reference}` leads to no file.")),
            Referenced::Tree(tree) if fragment.starts_with('/') && tree.errors().is_empty() => {
                let found = tree.root().and_then(|it| it.resolve_local(&format!("#{fragment}")));
                found.is_none().then(|| format!("`{reference}` names nothing in that file."))
            }
            _ => None,
        }
    }
}
