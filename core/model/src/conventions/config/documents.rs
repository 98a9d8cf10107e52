//! What a workspace says of its documents: where they lie, and in which forms they are written.

use std::collections::BTreeMap;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde_spanned::Spanned;

use super::{ConfigProblem, Settings, problem};
use crate::{
    Kind,
    conventions::{
        dialect::{self, Dialects},
        layout::PathTemplate,
    },
};

/// The places that the workspace names.
pub(super) fn places(
    named: &BTreeMap<Kind, Vec<Spanned<String>>>,
    problems: &mut Vec<ConfigProblem>,
) -> Vec<PathTemplate> {
    let mut places = Vec::new();
    for (kind, template) in named.iter().flat_map(|(kind, all)| all.iter().map(move |it| (*kind, it))) {
        match PathTemplate::new(kind, template.get_ref()) {
            Ok(_) if leads_out(template.get_ref()) => {
                let message = format!(
                    "`{}` lies outside of the workspace; write the place relative to its root, as \
                     `docs/{{feature}}/design.md`",
                    template.get_ref()
                );
                problems.push(problem(template.span(), message));
            }
            Ok(it) => places.push(it),
            Err(error) => problems.push(problem(template.span(), error.to_string())),
        }
    }
    places
}

/// Whether a place cannot be one below the root: files would be written where nobody looks for them.
fn leads_out(template: &str) -> bool {
    let is_drive = template.get(1..2) == Some(":") && template.starts_with(|it: char| it.is_ascii_alphabetic());
    let mut parts = template.split(['/', '\\']);
    template.starts_with(['/', '\\']) || is_drive || template.starts_with("~/") || parts.any(|it| it == "..")
}

/// The dialects of the workspace, before those that are known by themselves.
pub(super) fn dialects(settings: &Settings, problems: &mut Vec<ConfigProblem>) -> Dialects {
    let of_documents = settings.dialects.iter().filter(|it| Kind::DOCUMENTS.contains(&it.1.kind));
    let own = of_documents.map(|(name, it)| it.clone().named(name.get_ref()));
    let (dialects, faults) = Dialects::new(own.chain(dialect::known().iter().cloned()).collect());
    for (name, message) in faults {
        let span = settings.dialects.keys().find(|it| *it.get_ref() == name).map_or(0..0, Spanned::span);
        problems.push(problem(span, message));
    }
    for (name, it) in settings.dialects.iter().filter(|it| !Kind::DOCUMENTS.contains(&it.1.kind)) {
        problems.push(problem(name.span(), format!("{} is no document, and has no dialects", it.kind.title())));
    }
    for (name, _) in settings.dialects.iter().filter(|it| it.1.forms.is_empty()) {
        let message = "The dialect has no form, so that no document is told to be one; add `[[dialects.NAME.forms]]`";
        problems.push(problem(name.span(), message));
    }
    dialects
}

/// The places of documents that are held to no template.
pub(super) fn places_without_template(settings: &Settings, problems: &mut Vec<ConfigProblem>) -> Vec<PathTemplate> {
    let mut named = places(&settings.documents, problems);
    named.retain(|it| Kind::DOCUMENTS.contains(&it.kind()));
    for (kind, templates) in settings.documents.iter().filter(|it| !Kind::DOCUMENTS.contains(it.0)) {
        let message = format!("{} is no document; write its place into [layout]", kind.title());
        problems.extend(templates.iter().map(|it| problem(it.span(), message.clone())));
    }
    named
}

/// Globs of paths or names; those that are none are problems.
pub(super) fn globs(patterns: &[Spanned<String>], problems: &mut Vec<ConfigProblem>) -> GlobSet {
    let mut globs = GlobSetBuilder::new();
    for pattern in patterns {
        match Glob::new(pattern.get_ref()) {
            Ok(glob) => {
                globs.add(glob);
            }
            Err(error) => problems.push(problem(pattern.span(), error.to_string())),
        }
    }
    globs.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::leads_out;

    #[test]
    fn places_outside_of_the_root_are_none() {
        for it in
            ["/abs/{name}.md", "../x/{name}.md", "docs/../../{name}.md", "~/x/{name}.md", r"C:\x\{name}.md", "c:/x.md"]
        {
            assert!(leads_out(it), "{it}");
        }
        for it in ["./docs/{name}.md", "docs/..x/{name}.md", "~x/{name}.md", ".adr/{name}.md", "**/{name}.md", ""] {
            assert!(!leads_out(it), "{it}");
        }
    }
}
