//! Identifiers that a document's own table or list defines, such as `A1` to `A16`, `SLO-1` and `R-07`.
//!
//! A family is what has one prefix and at least three members in the first cells of rows or at the marked beginnings of
//! list items. A family that one document of a feature defines is known in its others; one that two of them define
//! belongs to each of them alone.

use archwright_engine::Workspace;
use archwright_model::{
    FileId, Key,
    facts::{FileFacts, Parsed, marked_head},
    values::value,
};
use archwright_syntax::{Span, markdown::Document};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{
    hover::{ShowFile, line_of},
    places::{alone, silent, stands_alone},
    references::Location,
    word_at,
};

/// An identifier with the place that defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identifier {
    /// As it is written.
    pub(super) name: SmolStr,
    /// The document that defines it.
    pub(super) file: FileId,
    /// Its name there.
    pub(super) span: Span,
    /// The row or list item that defines it.
    pub(super) row: Span,
}

/// A member of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// As it is written.
    pub(super) name: SmolStr,
    /// Its name where it is defined.
    pub(super) span: Span,
    /// The row or list item that defines it.
    pub(super) row: Span,
}

/// So many members make a family.
const FEWEST: usize = 3;
/// In features with more documents nobody waits for a look at all of them.
const MOST_DOCUMENTS: usize = 500;

/// The family of a name, which is its prefix: `SLO-` of `SLO-1`, `A` of `A12`. `None` for what is no identifier.
pub(super) fn family(name: &str) -> Option<&str> {
    let prefix = name.trim_end_matches(|it: char| it.is_ascii_digit());
    let digits = name.len() - prefix.len();
    let letters = prefix.strip_suffix(['-', '_']).unwrap_or(prefix);
    let is_word = (1..=10).contains(&letters.len()) && letters.bytes().all(|it| it.is_ascii_alphabetic());
    let is_marked = letters.starts_with(|it: char| it.is_ascii_uppercase());
    (is_word && is_marked && (1..=4).contains(&digits)).then_some(prefix)
}

/// The identifiers that a document defines, in its order.
pub(super) fn members(tree: &Document, text: &str) -> Vec<Member> {
    let rows = tree.tables.iter().flat_map(|it| tree.rows(it)).filter_map(|row| {
        let cell = tree.cells(row).first().copied()?;
        Some((bare(cell, text)?, row.span))
    });
    let items = tree.items.iter().filter_map(|it| Some((marked_head(it.content, text)?.name, it.span)));
    let mut found: Vec<Member> = rows
        .chain(items)
        .filter(|(name, _)| family(name.of(text)).is_some())
        .map(|(span, row)| Member { name: span.of(text).into(), span, row })
        .collect();
    found.sort_by_key(|it| it.span.start);
    // What comes again speaks of the first.
    let mut first: FxHashSet<SmolStr> = FxHashSet::default();
    found.retain(|it| first.insert(it.name.clone()));
    let mut count: FxHashMap<&str, usize> = FxHashMap::default();
    for it in &found {
        *count.entry(family(&it.name).unwrap_or_default()).or_default() += 1;
    }
    let large: Vec<SmolStr> = count.into_iter().filter(|it| it.1 >= FEWEST).map(|it| it.0.into()).collect();
    found.retain(|it| family(&it.name).is_some_and(|it| large.iter().any(|large| large == it)));
    found
}

/// A cell without bold marks and backticks; `None` for a link, which says that it is defined elsewhere.
fn bare(cell: Span, text: &str) -> Option<Span> {
    let written = cell.of(text);
    let left = written.trim_start_matches(['*', '`', '_']);
    let name = left.trim_end_matches(['*', '`', '_', ':', '.']);
    let start = cell.start as usize + written.len() - left.len();
    (!written.starts_with(['[', '<'])).then(|| Span::new(start, start + name.len()))
}

/// The feature of a file: that of its place, or of the README in a folder around it.
pub(super) fn feature_of(workspace: &Workspace, facts: &FileFacts) -> Option<SmolStr> {
    if facts.captures.feature.is_some() {
        return facts.captures.feature.clone();
    }
    let mut folder = facts.path.parent();
    while !folder.as_str().is_empty() {
        let place = workspace.config().layout().classify(&folder.join("README.md"));
        if let Some((_, captures)) = place {
            return captures.feature;
        }
        folder = folder.parent();
    }
    None
}

/// The other documents of the feature of a file.
fn siblings<'w>(workspace: &'w Workspace, file: FileId, facts: &FileFacts) -> Vec<(FileId, &'w FileFacts)> {
    let Some(feature) = feature_of(workspace, facts) else { return Vec::new() };
    let ids = workspace.index().contributors(&Key::Feature(feature));
    let known = |it: &FileId| Some((*it, workspace.facts(*it).filter(|it| it.document().is_some())?));
    if ids.len() > MOST_DOCUMENTS {
        return Vec::new();
    }
    ids.iter().filter(|it| **it != file).filter_map(known).collect()
}

/// The members that a document has of a family, looked at without keeping its tree.
fn of_family(facts: &FileFacts, family_of: &str) -> Vec<Member> {
    let is_of_it = |it: &Member| family(&it.name) == Some(family_of);
    let look = |it: &Parsed| members(&it.tree, &facts.text).into_iter().filter(is_of_it).collect();
    // Most documents have no word that begins so.
    if !facts.text.contains(family_of) {
        return Vec::new();
    }
    facts.document().map(|it| it.look(look)).unwrap_or_default()
}

/// The identifier at a place of a document, and where it stands there.
pub(super) fn identifier_at(workspace: &Workspace, file: FileId, offset: usize) -> Option<(Identifier, Span)> {
    let facts = workspace.facts(file)?;
    let document = facts.document()?;
    let span = name_at(&facts.text, offset)?;
    let name = span.of(&facts.text);
    let family_of = family(name)?;
    if silent(document).hold(span) {
        return None;
    }
    let named = |file: FileId, members: &[Member]| {
        let it = members.iter().find(|it| it.name == name)?;
        Some(Identifier { name: it.name.clone(), file, span: it.span, row: it.row })
    };
    let own = of_family(facts, family_of);
    if !own.is_empty() {
        return Some((named(file, &own)?, span));
    }
    let mut definers = siblings(workspace, file, facts)
        .into_iter()
        .map(|(id, facts)| (id, of_family(facts, family_of)))
        .filter(|it| !it.1.is_empty());
    let (definer, members) = definers.next()?;
    // Of two, nobody can say which is meant.
    if definers.next().is_some() {
        return None;
    }
    Some((named(definer, &members)?, span))
}

/// The word around an offset, if it could be an identifier by its letters.
fn name_at(text: &str, offset: usize) -> Option<Span> {
    let word = word_at(text, offset, &['-', '_']);
    let written = word.of(text);
    let name = written.trim_end_matches(['-', '_']);
    let start = word.start as usize + (written.len() - written.trim_start_matches(['-', '_']).len());
    let span = Span::new(start, (word.start as usize + name.len()).max(start));
    (!span.is_empty() && span.touches(offset) && stands_alone(text, span)).then_some(span)
}

/// Every place that names an identifier: in its document, and in those of its feature that define no such family.
pub(super) fn uses(workspace: &Workspace, it: &Identifier) -> Vec<Location> {
    let Some(facts) = workspace.facts(it.file) else { return Vec::new() };
    let Some(family_of) = family(&it.name) else { return Vec::new() };
    let mut found = in_document(it.file, facts, &it.name);
    let others = siblings(workspace, it.file, facts);
    let is_free = others.iter().all(|it| of_family(it.1, family_of).is_empty());
    if is_free {
        found.extend(others.into_iter().flat_map(|(file, facts)| in_document(file, facts, &it.name)));
    }
    found
}

/// The places of a document that have an identifier.
fn in_document(file: FileId, facts: &FileFacts, name: &str) -> Vec<Location> {
    if !facts.text.contains(name) {
        return Vec::new();
    }
    let look = |it: &Parsed| {
        let silent = silent(it);
        let found = alone(&facts.text, name).filter(|it| !silent.hold(*it));
        found.map(|span| Location { file, span }).collect()
    };
    facts.document().map(|it| it.look(look)).unwrap_or_default()
}

/// What the row or list item says that defines an identifier, as Markdown.
pub(super) fn describe(workspace: &Workspace, it: &Identifier, show: &ShowFile<'_>) -> Option<String> {
    let facts = workspace.facts(it.file)?;
    let place = show(&facts.path, line_of(facts, it.span.start as usize));
    let said = described(facts, it.span, it.row)?;
    Some(format!("**{}** (defined in {place})\n\n{said}", it.name))
}

/// What a row or list item says of the name that it begins with.
pub(super) fn described(facts: &FileFacts, name: Span, row: Span) -> Option<String> {
    let tree = facts.markdown()?;
    let text = &facts.text;
    let table = tree.tables.iter().find(|it| it.span.contains(name));
    let Some(table) = table else {
        let item = tree.items.iter().find(|it| it.span == row)?;
        let start = marked_head(item.content, text).map_or(item.content.start as usize, |it| it.end);
        return Some(Span::new(start, (item.content.end as usize).max(start)).of(text).trim().to_owned());
    };
    let row = tree.rows(table).iter().find(|it| it.span == row)?;
    let cells = tree.header(table).iter().zip(tree.cells(row)).skip(1).filter(|it| !it.1.is_empty());
    let lines: Vec<String> = cells.map(|(column, cell)| line(column.of(text), cell.of(text))).collect();
    Some(lines.join("\n"))
}

fn line(column: &str, cell: &str) -> String {
    let cell = cell.replace("\\|", "|");
    if column.is_empty() { format!("- {cell}") } else { format!("- {}: {cell}", value::plain(column)) }
}

#[cfg(test)]
mod tests {
    use archwright_syntax::markdown;

    use super::*;

    #[test]
    fn identifiers_have_a_prefix_and_a_number() {
        for (name, expected) in [
            ("A1", Some("A")),
            ("SLO-1", Some("SLO-")),
            ("R-07", Some("R-")),
            ("Risk_12", Some("Risk_")),
            ("v1", None),
            ("2026", None),
            ("A", None),
            ("A-12345", None),
            ("orders.placed.v1", None),
            ("-1", None),
        ] {
            assert_eq!(family(name), expected, "{name}");
        }
    }

    #[test]
    fn a_family_has_three_members_and_defines_each_once() {
        let text = "| Id | What |\n| --- | --- |\n| A1 | a |\n| **A2** | b |\n| `A3` | c |\n| [B1](x.md) | d |\n\n\
            | Id | Done |\n| --- | --- |\n| A1 | yes |\n\n- **L1**: x\n- **L2**: y\n\n\
            1. `R-1` x\n2. `R-2`: y\n3. **R-3.** z\n";
        let found = members(&markdown::parse(text), text);
        let names: Vec<&str> = found.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["A1", "A2", "A3", "R-1", "R-2", "R-3"]);
        assert!(found[0].row.of(text).contains("| a |"));
    }
}
