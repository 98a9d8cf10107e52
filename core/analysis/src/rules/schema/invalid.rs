//! `schema/invalid`: a schema with a mistake in it.

use std::{cell::OnceCell, sync::Arc};

use archwright_schema::{
    AdviceKind, Language,
    check::{Surroundings, diagnostics},
};
use archwright_syntax::data::{Format, parse};
use rustc_hash::FxHashSet;

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

/// How many files of a folder are asked for a type of Avro. Of larger folders nothing is said to be missing.
const MAX_SIBLINGS: usize = 100;

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(language) = Language::of_path(facts.path.as_str()) else { return };
    // What notation breaks is told where it breaks, and what follows from it is not.
    if !facts.syntax_errors.is_empty() || facts.unreadable.is_some() || facts.text.trim().is_empty() {
        return;
    }
    let tree = Format::of_path(facts.path.as_str()).map(|it| parse(facts.text.clone(), it));
    let told: FxHashSet<Span> = notes(cx, AdviceKind::UnfittingDefault).map(|it| it.span).collect();
    let mut workspace = Workspace::new(cx);
    for it in diagnostics(&facts.text, language, tree.as_ref(), &mut workspace) {
        if !told.contains(&it.span) {
            reporter.report(it.span, it.message);
        }
    }
    tell_bounds(cx, reporter, workspace.left_out);
}

/// Says what was not looked at because it is too much.
fn tell_bounds(cx: &Context, reporter: &mut Reporter, imports: usize) {
    let fields = cx.facts().schema().map_or(0, |it| it.shape.left_out);
    let mut told = Vec::new();
    if imports > 0 {
        told.push(format!(
            "{imports} files that this one imports were not read, because it imports too many: what they declare is \
            not judged here. Import fewer, or check with `protoc`."
        ));
    }
    if fields > 0 {
        told.push(format!(
            "{fields} or more fields of this message are left out, because it has too many: no rule looks at them. \
            Split the message."
        ));
    }
    for message in told {
        let finding = reporter.report(cx.facts().title_span(), message);
        if finding.severity == RULE.severity {
            finding.severity = Severity::Info;
        }
    }
}

/// The other files of the workspace.
struct Workspace<'a, 'c> {
    cx: &'a Context<'c>,
    /// What stands between quotes in the schema, and in the schemas beside it; nothing for very many of them.
    own: OnceCell<FxHashSet<&'a str>>,
    siblings: OnceCell<Option<FxHashSet<String>>>,
    /// How many imports were not read.
    left_out: usize,
}

impl<'a, 'c> Workspace<'a, 'c> {
    fn new(cx: &'a Context<'c>) -> Self {
        Self { cx, own: OnceCell::new(), siblings: OnceCell::new(), left_out: 0 }
    }

    fn quoted_beside(&self) -> Option<&FxHashSet<String>> {
        let read = || {
            let path = &self.cx.facts().path;
            let siblings = self.cx.folder(&path.parent()).into_iter();
            let siblings: Vec<_> = siblings
                .filter(|it| *it != path && it.file_type() == path.file_type())
                .take(MAX_SIBLINGS + 1)
                .collect();
            let mut found = FxHashSet::default();
            for path in siblings.iter().take_while(|_| siblings.len() <= MAX_SIBLINGS) {
                if let Referenced::Tree(tree) = self.cx.referenced(path) {
                    found.extend(quoted(tree.text()).map(str::to_owned));
                }
            }
            (siblings.len() <= MAX_SIBLINGS).then_some(found)
        };
        self.siblings.get_or_init(read).as_ref()
    }
}

/// Everything between two quotes, whichever of them open and close.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let last = text.matches('"').count();
    text.split('"').enumerate().filter(move |(at, _)| *at > 0 && *at < last).map(|it| it.1)
}

impl Surroundings for Workspace<'_, '_> {
    fn left_out(&mut self, imports: usize) {
        self.left_out = imports;
    }

    fn import(&mut self, path: &str) -> Option<Arc<str>> {
        imported(&self.cx.facts().path, path, |it| self.cx.referenced_text(it))
    }

    fn declares(&mut self, name: &str) -> bool {
        let (namespace, simple) = name.rsplit_once('.').unwrap_or(("", name));
        // A type of a namespace that this schema is not of comes from elsewhere, perhaps from another repository.
        let own = self.own.get_or_init(|| quoted(&self.cx.facts().text).collect());
        if !namespace.is_empty() && !own.contains(namespace) {
            return true;
        }
        self.quoted_beside().is_none_or(|it| it.contains(simple) || it.contains(name))
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
