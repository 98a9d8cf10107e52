//! Terms of glossaries, teams and patterns, over all documents.
//!
//! What stands at the cursor is looked up in the index; who asks for every place that names it has the texts searched.

use archwright_engine::Workspace;
use archwright_knowledge as knowledge;
use archwright_model::{
    FileId, Key,
    facts::{Definition, FileFacts, Parsed, owners, teams, term_key, terms},
};
use archwright_syntax::Span;
use rayon::prelude::*;
use smol_str::SmolStr;

use super::{
    floor,
    hover::{NamedCard, ShowFile, card_at, line_of},
    identifiers::{self, feature_of},
    line_at,
    places::{Spans, silent, stands_alone},
    references::Location,
    standing::{Standing, Strength, team_stands, term_stands},
};

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameKind {
    /// A word of a glossary.
    Term,
    /// A team.
    Team,
    /// A pattern of the knowledge base.
    Pattern,
}

/// A name that documents share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// What it stands for.
    pub(super) kind: NameKind,
    /// As it is defined, or canonically.
    pub(super) text: SmolStr,
    /// Where it is defined, if a document does so.
    pub(super) definition: Option<Defined>,
}

/// The place that defines a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Defined {
    /// The document.
    pub(super) file: FileId,
    /// The name there.
    pub(super) span: Span,
    /// The row or list item.
    pub(super) row: Span,
}

/// The term, team or pattern at a place of a document, and where it stands there.
pub(super) fn name_at(workspace: &Workspace, file: FileId, offset: usize) -> Option<(Name, Span)> {
    let facts = workspace.facts(file)?;
    let document = facts.document()?;
    let offset = floor(&facts.text, offset);
    let mut silent_parts = None;
    for span in phrases_at(&facts.text, offset) {
        let written = span.of(&facts.text);
        let found = team(workspace, file, written).or_else(|| term(workspace, file, written));
        let Some(found) = found else { continue };
        let parts = silent_parts.get_or_insert_with(|| silent(document));
        if !hides(parts, document, &found, span) && strength(document, facts, &found, span).is_some() {
            return Some((found, span));
        }
    }
    let (name, span) = pattern_at(facts, offset)?;
    Some((name, span))
}

/// Whether a place is one in which no word is a name. Front matter names owners.
fn hides(silent: &Spans, parsed: &Parsed, it: &Name, span: Span) -> bool {
    let in_front = parsed.tree.front_matter.is_some_and(|it| it.body.contains(span));
    silent.hold(span) && !(in_front && it.kind == NameKind::Team)
}

/// How surely a name is meant at a place where it is written.
fn strength(parsed: &Parsed, facts: &FileFacts, it: &Name, span: Span) -> Option<Strength> {
    let standing = Standing::of(&parsed.tree, &facts.text, span);
    match it.kind {
        NameKind::Term => term_stands(&standing, &it.text, span.of(&facts.text)),
        NameKind::Team => team_stands(&standing, &it.text).then_some(Strength::Sure),
        NameKind::Pattern => None,
    }
}

/// The most words that a name has.
const MOST_WORDS: usize = 5;

/// The runs of words around a place of a line, the longest first.
fn phrases_at(text: &str, offset: usize) -> Vec<Span> {
    let line = line_at(text, offset);
    let is_inside = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '&');
    let mut words: Vec<Span> = Vec::new();
    let mut start = None;
    let ends = std::iter::once((line.len(), ' '));
    for (at, char) in line.of(text).char_indices().chain(ends) {
        let at = line.start as usize + at;
        match (start, is_inside(char)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push(Span::new(from, at));
                start = None;
            }
            _ => {}
        }
    }
    let Some(here) = words.iter().position(|it| it.touches(offset)) else { return Vec::new() };
    let joined = |from: usize, to: usize| {
        let span = words.get(from)?.cover(*words.get(to)?);
        let gaps = words.get(from..=to)?.windows(2);
        // A name goes on over single blanks.
        let is_run = gaps.into_iter().all(|it| {
            let [a, b] = it else { return true };
            Span::new(a.end as usize, b.start as usize).of(text) == " "
        });
        is_run.then_some(span)
    };
    let mut found = Vec::new();
    for length in (1..=MOST_WORDS).rev() {
        for from in here.saturating_sub(length - 1)..=here {
            found.extend(joined(from, from + length - 1).filter(|it| it.touches(offset)));
        }
    }
    found
}

/// The documents that speak under a key, those of the same feature first, and none of other features.
fn in_reach<'w>(workspace: &'w Workspace, file: FileId, key: &Key) -> Vec<(FileId, &'w FileFacts)> {
    let feature = workspace.facts(file).and_then(|it| feature_of(workspace, it));
    let ids = workspace.index().contributors(key);
    let mut known: Vec<_> = ids
        .iter()
        .filter_map(|it| {
            let facts = workspace.facts(*it)?;
            let of = feature_of(workspace, facts);
            (*it == file || of.is_none() || of == feature).then_some(((*it != file, of.is_none()), *it, facts))
        })
        .collect();
    known.sort_by(|a, b| (a.0, &a.2.path).cmp(&(b.0, &b.2.path)));
    known.into_iter().map(|(_, id, facts)| (id, facts)).collect()
}

fn defined(file: FileId, it: &Definition) -> Defined {
    Defined { file, span: it.name.span, row: it.row }
}

/// The term that a text is, as seen from a document.
pub(super) fn term(workspace: &Workspace, file: FileId, written: &str) -> Option<Name> {
    let key = term_key(written);
    in_reach(workspace, file, &Key::Term(key.clone())).into_iter().find_map(|(id, facts)| {
        let look = |it: &Parsed| terms(&it.tree, &facts.text);
        let found = facts.document()?.look(look).into_iter().find(|it| term_key(&it.name.text) == key)?;
        let text = found.name.text.clone();
        Some(Name { kind: NameKind::Term, text, definition: Some(defined(id, &found)) })
    })
}

/// The team that a text is. Teams are the same in all features.
pub(super) fn team(workspace: &Workspace, file: FileId, written: &str) -> Option<Name> {
    if workspace.index().contributors(&Key::Team(written.into())).is_empty() {
        return None;
    }
    let definition = in_reach(workspace, file, &Key::Listed(written.into())).into_iter().find_map(|(id, facts)| {
        let look = |it: &Parsed| teams(&it.tree, &facts.text);
        let found = facts.document()?.look(look).into_iter().find(|it| it.name.text == written)?;
        Some(defined(id, &found))
    });
    Some(Name { kind: NameKind::Team, text: written.into(), definition })
}

/// The pattern that a document names at a place.
fn pattern_at(facts: &FileFacts, offset: usize) -> Option<(Name, Span)> {
    let (span, NamedCard::Pattern(pattern)) = card_at(facts, offset)? else { return None };
    Some((Name { kind: NameKind::Pattern, text: pattern.name.clone(), definition: None }, span))
}

/// Every place that names a term, a team or a pattern; with `declaration` also the one that defines it.
pub(super) fn uses(workspace: &Workspace, it: &Name, declaration: bool) -> Vec<Location> {
    let own = it.definition.as_ref().map(|it| Location { file: it.file, span: it.span });
    let all = places(workspace, it, Strength::Likely).into_iter();
    all.filter(|it| declaration || Some(*it) != own).collect()
}

/// The places that surely name a term or a team, with what stands there.
pub(super) fn sure_uses(workspace: &Workspace, it: &Name) -> Vec<Location> {
    places(workspace, it, Strength::Sure)
}

fn places(workspace: &Workspace, it: &Name, least: Strength) -> Vec<Location> {
    let home = it.definition.as_ref().and_then(|it| workspace.facts(it.file));
    // The words of a feature's glossary are its own.
    let feature = home.and_then(|it| feature_of(workspace, it)).filter(|_| it.kind == NameKind::Term);
    let mut files: Vec<FileId> = match &feature {
        Some(feature) => workspace.index().contributors(&Key::Feature(feature.clone())).to_vec(),
        None => workspace.files().collect(),
    };
    // A glossary beside the layout is none of the feature's documents by the index.
    let home = it.definition.as_ref().map(|it| it.file).filter(|it| !files.contains(it));
    files.extend(home);
    let found = files.par_iter().with_min_len(64).flat_map_iter(|file| {
        let facts = workspace.facts(*file).filter(|it| it.document().is_some());
        let here = facts.map(|facts| in_document(facts, it, least)).unwrap_or_default();
        here.into_iter().map(|span| Location { file: *file, span })
    });
    found.collect()
}

/// Where a document names something.
fn in_document(facts: &FileFacts, it: &Name, least: Strength) -> Vec<Span> {
    let text = &facts.text;
    let candidates: Vec<Span> = match it.kind {
        NameKind::Team => text.match_indices(it.text.as_str()).map(|(at, it)| Span::new(at, at + it.len())).collect(),
        NameKind::Term => whatever_case(text, &it.text),
        NameKind::Pattern => {
            let mentions = knowledge::mentions(text).into_iter();
            mentions.filter(|mention| mention.pattern.name == it.text).map(|it| it.span).collect()
        }
    };
    if candidates.is_empty() {
        return Vec::new();
    }
    let Some(document) = facts.document() else { return Vec::new() };
    document.look(|parsed| {
        let silent = silent(parsed);
        let is_meant = |span: &Span| match it.kind {
            NameKind::Pattern => !parsed.tree.in_code(span.start as usize),
            _ => {
                stands_alone(text, *span)
                    && strength(parsed, facts, it, *span).is_some_and(|strength| strength >= least)
            }
        };
        candidates.into_iter().filter(|span| !hides(&silent, parsed, it, *span) && is_meant(span)).collect()
    })
}

/// Where a text has a name in whatever case of its letters.
fn whatever_case(text: &str, name: &str) -> Vec<Span> {
    let Some(first) = name.chars().next() else { return Vec::new() };
    let heads: Vec<char> = first.to_lowercase().chain(first.to_uppercase()).collect();
    let starts = text.match_indices(heads.as_slice()).map(|it| it.0);
    let same = |at: usize| {
        let written = text.get(at..at + name.len())?;
        (term_key(written) == term_key(name)).then(|| Span::new(at, at + name.len()))
    };
    starts.filter_map(same).collect()
}

/// What a name is, as Markdown: the row that defines a term or a team, and what a team owns.
pub(super) fn describe(workspace: &Workspace, it: &Name, show: &ShowFile<'_>) -> Option<String> {
    let title = match it.kind {
        NameKind::Term => "term",
        NameKind::Team => "team",
        NameKind::Pattern => return None,
    };
    let mut markdown = match &it.definition {
        Some(defined) => {
            let facts = workspace.facts(defined.file)?;
            let place = show(&facts.path, line_of(facts, defined.span.start as usize));
            let said = identifiers::described(facts, defined.span, defined.row).unwrap_or_default();
            format!("**{}** ({title}, {place})\n\n{said}", it.text)
        }
        None => format!("**{}** ({title})\n", it.text),
    };
    if it.kind == NameKind::Team {
        let (owned, more) = owned(workspace, &it.text);
        let shown = owned.iter().take(MOST_OWNED).map(|it| format!("\n- owner in {}", show(&it.path, None)));
        if it.definition.is_some() && !owned.is_empty() {
            markdown.push('\n');
        }
        markdown.extend(shown);
        let more = more + owned.len().saturating_sub(MOST_OWNED);
        if more > 0 {
            markdown.push_str(&format!("\n- … and {more} more documents"));
        }
    }
    Some(markdown)
}

/// So many documents that name a team as an owner are shown.
const MOST_OWNED: usize = 8;
/// So many of them are looked at.
const MOST_LOOKED_AT: usize = 24;

/// The documents that name a team as an owner, and how many more there are that nobody looked at.
fn owned<'w>(workspace: &'w Workspace, team: &SmolStr) -> (Vec<&'w FileFacts>, usize) {
    let ids = workspace.index().contributors(&Key::Team(team.clone()));
    let known = ids.iter().take(MOST_LOOKED_AT).filter_map(|it| workspace.facts(*it));
    let names_it = |facts: &FileFacts, it: &Parsed| owners(&it.tree, &facts.text).iter().any(|it| it.text == *team);
    let mut found: Vec<_> =
        known.filter(|facts| facts.document().is_some_and(|it| it.look(|it| names_it(facts, it)))).collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    (found, ids.len().saturating_sub(MOST_LOOKED_AT))
}
