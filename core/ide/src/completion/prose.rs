//! Names in running text and in code: offered in a sentence only to those who ask.

use archwright_knowledge::{self as knowledge, Card};
use archwright_model::{Key, facts::term_key};
use archwright_syntax::Span;

use super::{Completion, CompletionKind, Cursor, LIMIT, Occasion, names};
use crate::{identifiers::members, named::term};

/// So many letters say what is meant.
const FEWEST: usize = 2;
/// A name has so many words before the one that is being typed.
const WORDS_BEFORE: usize = 2;

/// In code: channels, and teams once their names have begun.
pub(super) fn in_code(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let mut found = names::channels(cursor).unwrap_or_default();
    let typed = cursor.before.rsplit('`').next()?;
    if typed.len() >= FEWEST && !typed.contains(' ') {
        let replace = cursor.word(typed, |it| it.is_alphanumeric() || matches!(it, '-' | '_'));
        found.extend(names::teams(cursor, typed, replace));
    }
    Some(found)
}

/// In a sentence, for those who ask: what begins like the words before the cursor.
pub(super) fn names(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    if cursor.occasion != Occasion::Asked {
        return None;
    }
    let mut found = Vec::new();
    for typed in beginnings(cursor.before) {
        let replace = cursor.word(typed, |it| it.is_alphanumeric() || matches!(it, '-' | '_'));
        found.extend(identifiers(cursor, typed, replace));
        found.extend(terms(cursor, typed, replace));
        found.extend(names::teams(cursor, typed, replace));
        found.extend(patterns(typed, replace));
        found.extend(technologies(typed, replace));
        found.extend(names::all_channels(cursor, typed).into_iter().map(|it| Completion { replace, ..it }));
        if !found.is_empty() {
            break;
        }
    }
    found.truncate(LIMIT);
    Some(found)
}

/// What a name that is being typed may begin with: the last words of a line, the most first.
fn beginnings(before: &str) -> Vec<&str> {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
    let mut starts = Vec::new();
    let mut rest = before;
    for _ in 0..=WORDS_BEFORE {
        let word = rest.trim_end_matches(is_part);
        if word.len() == rest.len() {
            break;
        }
        starts.push(word.len());
        let Some(next) = word.strip_suffix(' ') else { break };
        rest = next;
    }
    let typed = starts.into_iter().rev().filter_map(|it| before.get(it..));
    typed.filter(|it| it.len() >= FEWEST && !it.ends_with(' ')).collect()
}

fn begins(name: &str, typed: &str) -> bool {
    name.get(..typed.len()).is_some_and(|it| it.eq_ignore_ascii_case(typed)) && name.len() > typed.len()
}

fn item(label: &str, kind: CompletionKind, detail: String, replace: Span) -> Completion {
    let (label, detail) = (label.to_owned(), Some(detail));
    Completion { insert: label.clone(), label, kind, detail, documentation: None, replace }
}

fn identifiers(cursor: &Cursor<'_>, typed: &str, replace: Span) -> Vec<Completion> {
    let found = members(cursor.tree, &cursor.facts.text).into_iter().filter(|it| begins(&it.name, typed));
    found.map(|it| item(&it.name, CompletionKind::Term, "identifier of this document".to_owned(), replace)).collect()
}

fn terms(cursor: &Cursor<'_>, typed: &str, replace: Span) -> Vec<Completion> {
    let Some(file) = cursor.workspace.file(&cursor.facts.path) else { return Vec::new() };
    let beginning = term_key(typed);
    let keys = cursor.workspace.index().from(&Key::Term(beginning.clone()));
    let named = keys.map_while(|it| match it {
        Key::Term(key) if key.starts_with(beginning.as_str()) => Some(key),
        _ => None,
    });
    let defined = named.take(LIMIT).filter_map(|key| {
        let found = term(cursor.workspace, file, key)?;
        let path = cursor.workspace.path(found.definition?.file);
        Some(item(&found.text, CompletionKind::Term, format!("term of {path}"), replace))
    });
    defined.collect()
}

fn patterns(typed: &str, replace: Span) -> Vec<Completion> {
    let mut found = Vec::new();
    for pattern in knowledge::patterns() {
        for name in pattern.names().filter(|it| begins(it, typed)) {
            let detail = if *name == pattern.name { pattern.summary.to_string() } else { pattern.name.to_string() };
            let documentation = Some(pattern.hover_markdown_for(name));
            found.push(Completion { documentation, ..item(name, CompletionKind::Pattern, detail, replace) });
        }
    }
    found
}

fn technologies(typed: &str, replace: Span) -> Vec<Completion> {
    let mut found = Vec::new();
    for technology in knowledge::lexicon::technologies() {
        let names = std::iter::once(&technology.name).chain(&technology.aliases);
        for name in names.filter(|it| begins(it, typed)) {
            let detail =
                if *name == technology.name { technology.kind.to_string() } else { technology.name.to_string() };
            let documentation = knowledge::card(name).map(|it: &Card| it.hover_markdown_for(name));
            found.push(Completion { documentation, ..item(name, CompletionKind::Value, detail, replace) });
        }
    }
    found
}
