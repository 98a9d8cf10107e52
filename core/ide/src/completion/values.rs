//! Values that a field can have.

use archwright_knowledge::claim_words;
use archwright_model::conventions::{role::Role, vocabulary::as_field};
use archwright_syntax::Span;

use super::{Completion, CompletionKind, Cursor, names};

/// The fields whose values are known.
const WITH_VALUES: [Role; 6] =
    [Role::Status, Role::Tier, Role::TierAchieved, Role::CompatibilityMode, Role::Delivery, Role::Channel];

/// In a section called Status, as some decision records have it: the values of the kind.
pub(super) fn status_section(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let section = cursor.tree.section_at(cursor.offset);
    let typed = cursor.before;
    if !cursor.by_role().is_heading_of(section, Role::Status) || !typed.chars().all(char::is_alphanumeric) {
        return None;
    }
    cursor.workspace.config().template(cursor.facts.kind)?;
    let status = cursor.workspace.config().status(cursor.facts.kind);
    let replace = cursor.word(typed, char::is_alphanumeric);
    Some(status.iter().map(|it| value(&it.name, String::new(), replace)).collect())
}

/// Behind a field's colon, or in the second cell of a table with two columns: the values it can have.
pub(super) fn field_values(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let before = cursor.before;
    let (name, typed, in_table) = match before.trim_start().strip_prefix('|') {
        Some(cells) => {
            let (name, typed) = cells.split_once('|')?;
            (name, typed, true)
        }
        None => {
            let (name, typed) = before.split_once(':')?;
            (name, typed, false)
        }
    };
    if typed.contains('|') {
        return None;
    }
    let name = name.trim_start_matches(|it: char| {
        it.is_whitespace() || it.is_ascii_digit() || matches!(it, '-' | '*' | '.' | '+')
    });
    let name = name.trim_end_matches(['*', ' ']);
    // In `**Status:**` the value starts behind the stars.
    let stars = typed.len() - typed.trim_start_matches('*').len();
    if stars == 0 && cursor.after.starts_with('*') {
        return None;
    }
    let typed = typed.get(stars..)?;
    let space = if typed.starts_with([' ', '\t']) { "" } else { " " };
    let typed = typed.trim_start();
    let config = cursor.workspace.config();
    let meanings = config.vocabulary().meanings(name);
    let replace = value_span(cursor, typed, in_table);
    let spaced = |found: Vec<Completion>| found.into_iter().map(|it| with_space(it, space, replace)).collect();
    let Some(role) = WITH_VALUES.into_iter().find(|it| as_field(meanings, *it).is_some()) else {
        // Names of owners are found in many words, so they are asked last.
        let teams = || names::teams(cursor, typed, replace);
        return claim_words("owner-names").are_all_of(name).then(teams).filter(|it| !it.is_empty()).map(spaced);
    };
    if role == Role::Channel {
        let begun = names::all_channels(cursor, typed.trim_matches('`'));
        return Some(spaced(if begun.is_empty() { names::all_channels(cursor, "") } else { begun }));
    }
    Some(of_role(cursor, role)?.into_iter().map(|it| value(it, space.to_owned(), replace)).collect())
}

/// The values that a field or a column can have.
pub(super) fn of_role<'c>(cursor: &Cursor<'c>, role: Role) -> Option<Vec<&'c str>> {
    let config = cursor.workspace.config();
    match role {
        Role::Status => {
            config.template(cursor.facts.kind)?;
            Some(config.status(cursor.facts.kind).iter().map(|it| it.name.as_str()).collect())
        }
        Role::Tier | Role::TierAchieved => Some(config.profile().tiers.names.iter().map(String::as_str).collect()),
        Role::CompatibilityMode => Some(vec!["BACKWARD", "FORWARD", "FULL", "NONE"]),
        Role::Delivery => Some(vec!["at-least-once", "at-most-once", "effectively-once"]),
        _ => None,
    }
}

/// What a value replaces: the one that is there, but no comment behind it and no further cell.
pub(super) fn value_span(cursor: &Cursor<'_>, typed: &str, in_table: bool) -> Span {
    let rest = cursor.after.split("<!--").next().unwrap_or_default();
    let rest = if in_table { rest.split('|').next().unwrap_or_default() } else { rest };
    Span::new(cursor.offset - typed.len(), cursor.offset + rest.trim_end().len())
}

/// A value, with what stands before it.
pub(super) fn value(label: &str, space: String, replace: Span) -> Completion {
    let insert = space + label;
    Completion {
        label: label.to_owned(),
        kind: CompletionKind::Value,
        detail: None,
        documentation: None,
        replace,
        insert,
    }
}

fn with_space(it: Completion, space: &str, replace: Span) -> Completion {
    Completion { insert: format!("{space}{}", it.insert), replace, ..it }
}
