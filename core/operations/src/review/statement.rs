//! A document as a list of statements: its fields, cells, bullets and paragraphs, each with what tells it from others.

use archwright_model::{
    conventions::{
        config::Config,
        role::Role,
        vocabulary::{as_field, folded},
    },
    facts::{ByRole, FileFacts},
};
use archwright_syntax::Span;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::tokens::said;

/// The roles of fields whose values others rely on.
const ROLES: [Role; 22] = [
    Role::OwnerTeam,
    Role::Owner,
    Role::DlqOwner,
    Role::OrderingKey,
    Role::IdempotencyKey,
    Role::Dlq,
    Role::Retention,
    Role::Replay,
    Role::Delivery,
    Role::CompatibilityMode,
    Role::CiGate,
    Role::Versioning,
    Role::Partitions,
    Role::Classification,
    Role::Trigger,
    Role::Procedure,
    Role::Rto,
    Role::Slo,
    Role::Capacity,
    Role::DrPosture,
    Role::Compliance,
    Role::Tenancy,
];

/// Something that a document says.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// What the section is for, and its title, folded.
    pub section: (Option<Role>, String),
    /// What it is called: the name of a field, or the first cell of a row and the title of the column, folded.
    pub label: Option<String>,
    /// The label as it is written.
    pub shown: Option<String>,
    /// What it is for, if it is a field that others rely on.
    pub role: Option<Role>,
    /// The value, or the whole text.
    pub span: Span,
    /// Its text, without destinations of links.
    pub text: String,
}

/// What a document says, in its order.
pub(super) fn statements(facts: &FileFacts, config: &Config) -> Vec<Statement> {
    let Some(document) = ByRole::of(facts, config) else { return Vec::new() };
    let (tree, text) = (document.tree, document.text);
    let section = |id| {
        let title: String = folded(tree.title(id, text)).collect();
        // A part of a section has the role of the whole.
        let above = std::iter::successors(Some(id), |it| tree.section(*it).parent);
        (above.filter(|it| it.index() > 0).find_map(|it| document.role_of(it)), title)
    };
    let said_at = |span: Span| said(span.of(text)).trim().to_owned();
    let vocabulary = config.vocabulary();
    let role_of = |name: &str| {
        let meanings = vocabulary.meanings(name);
        let called = ROLES.iter().filter_map(|it| Some((as_field(meanings, *it)?, *it)));
        called.min_by_key(|it| it.0).map(|it| it.1)
    };
    let mut found = Vec::new();
    for field in &tree.fields {
        let name = field.name.of(text);
        found.push(Statement {
            section: section(field.section),
            label: Some(folded(name).collect()),
            shown: Some(name.to_owned()),
            role: role_of(name),
            span: field.value,
            text: said_at(field.value),
        });
    }
    let is_field = |span: Span| tree.fields.iter().any(|it| span.range().contains(&(it.name.start as usize)));
    for table in &tree.tables {
        let titles: Vec<&str> = tree.header(table).iter().map(|it| it.of(text)).collect();
        for row in tree.rows(table) {
            let cells = tree.cells(row);
            let Some(key) = cells.first().map(|it| it.of(text).trim_matches(['`', '*', ' '])) else { continue };
            for (cell, title) in cells.iter().zip(&titles).skip(1) {
                let label: String = folded(key).chain(['/']).chain(folded(title)).collect();
                found.push(Statement {
                    section: section(table.section),
                    label: Some(label),
                    shown: Some(format!("{title} of {key}")),
                    role: role_of(title),
                    span: *cell,
                    text: said_at(*cell),
                });
            }
        }
    }
    let plain = tree.items.iter().map(|it| (it.section, it.content)).filter(|it| !is_field(it.1));
    let in_list = |span: Span| tree.items.iter().any(|it| it.span.contains(span));
    let paragraphs =
        tree.paragraphs.iter().map(|it| (it.section, it.span)).filter(|it| !is_field(it.1) && !in_list(it.1));
    for (at, span) in plain.chain(paragraphs) {
        found.push(Statement { section: section(at), label: None, shown: None, role: None, span, text: said_at(span) });
    }
    found.sort_by_key(|it| it.span.start);
    found
}

/// By what a statement is found again.
type KeyOf = fn(&Statement) -> Option<(SmolStr, SmolStr)>;

/// Which statement of `now` each of `then` became; every one of `now` is used once.
pub(super) fn pair(then: &[Statement], now: &[Statement]) -> Vec<Option<usize>> {
    let mut taken = vec![false; now.len()];
    let mut pairs = vec![None; then.len()];
    let mut take = |pairs: &mut Vec<Option<usize>>, from: usize, to: usize| {
        let (Some(slot), Some(is_taken)) = (pairs.get_mut(from), taken.get_mut(to)) else { return };
        if slot.is_none() && !*is_taken {
            (*slot, *is_taken) = (Some(to), true);
        }
    };
    // The same label in the same section, the same label anywhere, the same words anywhere.
    let keys: [KeyOf; 3] = [
        |it| Some((it.label.as_deref()?.into(), it.section.1.as_str().into())),
        |it| Some((it.label.as_deref()?.into(), SmolStr::default())),
        |it| Some((it.text.as_str().into(), SmolStr::default())),
    ];
    for key in keys {
        let mut places: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (at, it) in now.iter().enumerate().rev() {
            if let Some(key) = key(it) {
                places.entry(key).or_default().push(at);
            }
        }
        for (from, it) in then.iter().enumerate() {
            if pairs.get(from).is_some_and(Option::is_some) {
                continue;
            }
            let Some(places) = key(it).and_then(|key| places.get_mut(&key)) else { continue };
            if let Some(to) = places.pop() {
                take(&mut pairs, from, to);
            }
        }
    }
    // What was reworded, within its section.
    let words: Vec<Vec<String>> = now.iter().map(|it| super::tokens::words(&it.text)).collect();
    let mut near = Vec::new();
    for (from, it) in then.iter().enumerate().filter(|it| it.1.label.is_none()) {
        if pairs.get(from).is_some_and(Option::is_some) {
            continue;
        }
        let said = super::tokens::words(&it.text);
        for (to, other) in now.iter().enumerate() {
            let is_near =
                other.section.1 == it.section.1 || other.section.0.is_some() && other.section.0 == it.section.0;
            if !is_near {
                continue;
            }
            let likeness = super::tokens::likeness(&said, words.get(to).map_or(&[], Vec::as_slice));
            if likeness >= REWORDED {
                near.push((likeness, from, to));
            }
        }
    }
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, from, to) in near {
        take(&mut pairs, from, to);
    }
    pairs
}

/// How much of the words of a statement must be the same, so that it counts as reworded and not as another one.
const REWORDED: f64 = 0.35;
