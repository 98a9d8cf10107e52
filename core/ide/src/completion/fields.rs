//! Names of fields that a section wants and does not have yet.

use archwright_knowledge::reliability_questions;
use archwright_model::conventions::profile::{Checklist, SectionTemplate};

use super::{Completion, CompletionKind, Cursor};

/// At the start of a list item of a section with fields: those that it lacks.
pub(super) fn names(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    if !cursor.facts.opted_in() {
        return None;
    }
    let (marker, typed) = beginning(cursor.before)?;
    let closed = cursor.after.trim_end();
    if !(closed.is_empty() || closed == "**") {
        return None;
    }
    let config = cursor.workspace.config();
    let role = cursor.by_role().role_of(cursor.tree.section_at(cursor.offset))?;
    let section = config.template(cursor.facts.kind)?.section(role)?;
    let word = typed.trim_start_matches('*').to_lowercase();
    let missing = missing(cursor, section).into_iter().filter(|it| it.0.to_lowercase().starts_with(&word));
    let start = cursor.line.start as usize + marker;
    let replace = archwright_syntax::Span::new(start, cursor.offset + closed.len());
    let field = |(name, about): (String, String)| Completion {
        insert: format!("**{name}**: "),
        label: name,
        kind: CompletionKind::Field,
        detail: Some("missing field".to_owned()),
        documentation: Some(about).filter(|it| !it.is_empty()),
        replace,
    };
    Some(missing.map(field).collect::<Vec<_>>()).filter(|it| !it.is_empty())
}

/// Where the text of a list item begins in a line that has only begun, and what of it is there.
fn beginning(before: &str) -> Option<(usize, &str)> {
    let bare = before.trim_start();
    let numbered = bare.trim_start_matches(|it: char| it.is_ascii_digit());
    let rest = match bare.strip_prefix(['-', '*', '+']) {
        Some(rest) => rest,
        None if numbered.len() < bare.len() => numbered.strip_prefix('.')?,
        None => return None,
    };
    let typed = rest.strip_prefix(' ')?.trim_start();
    let is_name = !typed.contains([':', '(', '[', '`', '|']) && typed.trim_start_matches('*').split(' ').count() <= 4;
    is_name.then_some((before.len() - typed.len(), typed))
}

/// The fields of a section that a document lacks, each with the question that it answers.
fn missing(cursor: &Cursor<'_>, template: &SectionTemplate) -> Vec<(String, String)> {
    let profile = cursor.workspace.config().profile();
    let document = cursor.by_role();
    let there = cursor.tree.fields_in(cursor.tree.section_at(cursor.offset));
    // The one that is being written is not there yet.
    let others = || there.iter().filter(|it| !it.item.touches(cursor.offset));
    let has = |name: &str| others().any(|it| cursor.facts.slice(it.name).eq_ignore_ascii_case(name));
    if template.concerns {
        let stated: Vec<_> = document.concerns().into_iter().map(|it| it.role).collect();
        let open = profile.concerns.iter().filter(|it| !stated.contains(&it.role));
        return open.map(|it| (profile.name(it.role).to_owned(), it.question.clone())).collect();
    }
    if template.checklist == Some(Checklist::Reliability) {
        let open = reliability_questions().iter().filter(|it| !has(&it.name));
        return open.map(|it| (it.name.to_string(), it.question.to_string())).collect();
    }
    let is_stated = |role| others().any(|it| document.is_named(cursor.facts.slice(it.name), role));
    let open = template.fields.iter().filter(|it| !is_stated(**it));
    open.map(|it| (profile.name(*it).to_owned(), String::new())).collect()
}
