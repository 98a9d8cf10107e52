//! Names that are known in the workspace or to Archwright itself: channels, patterns and rules.

use archwright_knowledge as knowledge;
use archwright_model::{
    Key,
    conventions::role::Role,
    facts::{ChannelRole, FileFacts},
};
use archwright_rules as rules;
use archwright_syntax::Span;
use smol_str::SmolStr;

use super::{Completion, CompletionKind, Cursor, EXPLAINED, LIMIT};
use crate::{
    hover::{show_path, summary},
    line_at,
};

/// Inside a suppression comment of a document: rule codes.
pub(super) fn rule_codes(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let typed = suppressed(cursor.before, &["<!--"])?;
    Some(all_rules(code_span(cursor.offset, typed, cursor.after)))
}

/// Inside a suppression comment of a data file or of source code: rule codes.
pub(super) fn rule_codes_in_data(text: &str, offset: usize) -> Option<Vec<Completion>> {
    let line = line_at(text, offset);
    let before = Span::new(line.start as usize, offset).of(text);
    let typed = suppressed(before, &["#", "//"])?;
    let after = Span::new(offset, line.end as usize).of(text);
    Some(all_rules(code_span(offset, typed, after)))
}

/// The code around the cursor; `--` ends it, also that of `-->`.
fn code_span(offset: usize, typed: &str, after: &str) -> Span {
    let rest = after.split("--").next().unwrap_or_default();
    let end = rest.find(|it: char| !(it.is_ascii_lowercase() || matches!(it, '/' | '-'))).unwrap_or(rest.len());
    Span::new(offset - typed.len(), offset + end)
}

/// The beginning of a rule's code in a suppression comment that is open at the end of `before`.
fn suppressed<'t>(before: &'t str, openers: &[&str]) -> Option<&'t str> {
    let (opener, rest) = before.rsplit_once("archwright:")?;
    let opener = opener.trim_end();
    if !openers.iter().any(|it| opener.ends_with(it)) {
        return None;
    }
    let names = rest.trim_start().strip_prefix("allow")?;
    let names = names.strip_prefix("-file").unwrap_or(names);
    if !names.starts_with([' ', '\t']) || names.contains("--") {
        return None;
    }
    names.rsplit([' ', '\t', ',']).next()
}

fn all_rules(replace: Span) -> Vec<Completion> {
    let rule = |it: &&rules::Rule| Completion {
        label: it.code.to_owned(),
        kind: CompletionKind::Rule,
        detail: Some(it.severity.to_string()),
        documentation: Some(it.summary.to_owned()),
        replace,
        insert: it.code.to_owned(),
    };
    rules::rules().iter().map(rule).collect()
}

/// At the start of a bullet in a Patterns section: pattern names.
pub(super) fn patterns(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let section = cursor.tree.section_at(cursor.offset);
    if cursor.by_role().role_of(section) != Some(Role::Patterns) {
        return None;
    }
    let typed = cursor.before.trim_start().strip_prefix(['-', '*', '+'])?.trim_start().trim_start_matches('*');
    if typed.contains([':', '(', '[']) {
        return None;
    }
    let replace = cursor.word(typed, |it| it.is_alphanumeric() || it == '-');
    let pattern = |it: &knowledge::Pattern| Completion {
        label: it.name.to_string(),
        kind: CompletionKind::Pattern,
        detail: Some(it.summary.to_string()),
        documentation: Some(it.hover_markdown()),
        replace,
        insert: it.name.to_string(),
    };
    let mut found: Vec<Completion> = knowledge::patterns().iter().map(pattern).collect();
    // Another name leads to the canonical one.
    let begins = |it: &&SmolStr| it.get(..typed.len()).is_some_and(|it| it.eq_ignore_ascii_case(typed));
    for it in knowledge::patterns().iter().filter(|_| !typed.is_empty()) {
        let names = it.aliases.iter().filter(begins);
        found.extend(names.map(|name| Completion {
            label: name.to_string(),
            detail: Some(it.name.to_string()),
            ..pattern(it)
        }));
    }
    Some(found)
}

/// In inline code, and once a letter is typed at the start of a table cell, a list item or a field's value: channels.
pub(super) fn channels(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let before = cursor.before;
    let start = before.rfind(|it: char| !is_channel(it)).map_or(0, |it| it + 1);
    let (lead, typed) = before.split_at_checked(start)?;
    let lead = lead.trim_start();
    let opens = if cursor.in_backticks() {
        lead.ends_with('`')
    } else {
        let is_bullet = lead.starts_with(['-', '*', '+']);
        let cell = lead.starts_with('|') && lead.trim_end().ends_with('|');
        let item = is_bullet && lead.trim_start_matches(['-', '*', '+', ' ']).is_empty();
        let value = (is_bullet || lead.starts_with("**")) && lead.trim_end_matches([' ', '*']).ends_with(':');
        !typed.is_empty() && (cell || item || value)
    };
    if !opens {
        return None;
    }
    let replace = cursor.word(typed, is_channel);
    Some(all_channels(cursor, typed).into_iter().map(|it| Completion { replace, ..it }).collect())
}

fn is_channel(it: char) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_')
}

/// The channels that start so and have a contract or an AsyncAPI address, in order, each once.
pub(super) fn all_channels(cursor: &Cursor<'_>, typed: &str) -> Vec<Completion> {
    let index = cursor.workspace.index();
    let keys = index.from(&Key::Channel(typed.into())).take(MOST_LOOKED_AT);
    let named = keys.map_while(|it| match it {
        Key::Channel(name) if name.starts_with(typed) => Some((it, name)),
        _ => None,
    });
    let described = named.filter_map(|(key, name)| {
        let files = index.contributors(key).iter().filter_map(|it| cursor.workspace.facts(*it));
        let role_in = |facts: &FileFacts| {
            [ChannelRole::Contract, ChannelRole::AsyncApi].into_iter().find(|it| facts.channel(name, *it).is_some())
        };
        // A contract says more than an address.
        let best = files.filter_map(|it| Some((role_in(it)?, &it.path, it))).min_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        best.map(|it| (name, it.2))
    });
    let channel = |(at, (name, facts)): (usize, (&SmolStr, &FileFacts))| Completion {
        label: name.to_string(),
        kind: CompletionKind::Channel,
        detail: Some(facts.path.to_string()),
        documentation: (at < EXPLAINED).then(|| summary(facts, cursor.workspace.config(), &show_path)),
        replace: Span::empty(cursor.offset),
        insert: name.to_string(),
    };
    described.take(LIMIT).enumerate().map(channel).collect()
}

/// So many names are looked at: what is typed next leads to the others.
const MOST_LOOKED_AT: usize = 10_000;

/// The teams whose names have what is typed, those that begin with it first.
pub(super) fn teams(cursor: &Cursor<'_>, typed: &str, replace: Span) -> Vec<Completion> {
    let typed = typed.trim_matches('`').to_lowercase();
    let keys = cursor.workspace.index().from(&Key::Team(SmolStr::default())).take(MOST_LOOKED_AT);
    let mut named: Vec<(bool, &SmolStr)> = keys
        .filter_map(|it| match it {
            Key::Team(name) => Some((name.to_lowercase().find(&typed)? > 0, name)),
            _ => None,
        })
        .collect();
    named.sort_unstable();
    let team = |name: &SmolStr| Completion {
        label: name.to_string(),
        kind: CompletionKind::Team,
        detail: Some("team".to_owned()),
        documentation: None,
        replace,
        insert: name.to_string(),
    };
    named.into_iter().take(LIMIT).map(|it| team(it.1)).collect()
}
