//! Names that a document defines for others: the terms of a glossary and the teams of a list; and the teams that it
//! names as owners.

use archwright_knowledge::claim_words;
use archwright_syntax::{
    Span,
    markdown::{Document, SectionId, Table},
};
use smol_str::SmolStr;

use super::{bare, known};
use crate::{
    facts::Spanned,
    key::{Entry, Key},
    values::team::Team,
};

/// A name, and what the document says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name as it is written.
    pub name: Spanned,
    /// The row or list item that defines it.
    pub row: Span,
    /// What stands beside the name there.
    pub meaning: Span,
}

/// Longer names are sentences.
const MOST_WORDS: usize = 5;

/// The words that a document defines: rows of tables with a word and what it means, and the items of lists below a
/// heading such as Glossary.
pub fn terms(tree: &Document, text: &str) -> Vec<Definition> {
    let (titles, columns, meanings) =
        (claim_words("glossary-titles"), claim_words("term-columns"), claim_words("meaning-columns"));
    let is_glossary = |table: &Table| {
        let header = tree.header(table);
        let [first, second, ..] = header else { return false };
        columns.are_all_of(first.of(text))
            && (meanings.are_all_of(second.of(text)) || is_below(tree, text, table.section, "glossary-titles"))
    };
    let mut found = rows(tree, text, is_glossary);
    found.extend(items(tree, text, |section| titles.are_all_of(title(tree, text, section))));
    found.sort_by_key(|it| it.name.span.start);
    found
}

/// The teams that a document lists: rows of tables that say more of each team, and the items of lists below a heading
/// such as Teams.
pub fn teams(tree: &Document, text: &str) -> Vec<Definition> {
    let (titles, columns, facts) = (claim_words("team-titles"), claim_words("team-columns"), claim_words("team-facts"));
    let is_list = |table: &Table| {
        let Some((first, rest)) = tree.header(table).split_first() else { return false };
        columns.are_all_of(first.of(text))
            && (rest.iter().any(|it| facts.are_all_of(it.of(text)))
                || is_below(tree, text, table.section, "team-titles"))
    };
    let mut found = rows(tree, text, is_list);
    found.extend(items(tree, text, |section| titles.are_all_of(title(tree, text, section))));
    found.sort_by_key(|it| it.name.span.start);
    found
}

/// The teams that a document names as owners in its fields and tables, where the name says that it is a team.
pub fn owners(tree: &Document, text: &str) -> Vec<Spanned> {
    let words = claim_words("owner-names");
    let fields = tree.fields.iter().filter(|it| words.are_all_of(it.name.of(text))).map(|it| it.value);
    let cells = tree.tables.iter().flat_map(|table| {
        let at = tree.header(table).iter().position(|it| words.are_all_of(it.of(text)));
        let rows = at.map(|_| tree.rows(table)).unwrap_or_default().iter();
        rows.filter_map(move |row| tree.cells(row).get(at?).copied())
    });
    fields.chain(cells).filter_map(|it| named_team(it, text)).collect()
}

/// The team that a value begins with, at its place.
fn named_team(value: Span, text: &str) -> Option<Spanned> {
    let written = value.of(text);
    let team = Team::of(written)?;
    let start = value.start as usize + written.find(&team.name)?;
    Some(Spanned::of(Span::new(start, start + team.name.len()), text))
}

/// What all spellings of a term have in common.
pub fn term_key(name: &str) -> SmolStr {
    SmolStr::new(name.to_lowercase())
}

/// What a document has in the index for the names that it defines, and for its owners.
pub(super) fn entries(tree: &Document, text: &str, is_artifact: bool) -> Vec<Entry> {
    // Nothing that is told of a file depends on what others call things.
    let entry = |key: Key| Entry { key, hash: 0 };
    let terms = terms(tree, text).into_iter().map(|it| Key::Term(term_key(&it.name.text)));
    let teams = teams(tree, text).into_iter();
    let teams = teams.flat_map(|it| [Key::Listed(it.name.text.clone()), Key::Team(it.name.text)]);
    let owners = if is_artifact { owners(tree, text) } else { Vec::new() };
    let mut keys: Vec<Key> = terms.chain(teams).chain(owners.into_iter().map(|it| Key::Team(it.text))).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().map(entry).collect()
}

/// The title of a section without a number before it.
fn title<'t>(tree: &Document, text: &'t str, section: SectionId) -> &'t str {
    tree.title(section, text).trim_start_matches(|it: char| it.is_ascii_digit() || matches!(it, '.' | ' '))
}

/// Whether a section, or one around it, has a title of a kind.
fn is_below(tree: &Document, text: &str, section: SectionId, kind: &str) -> bool {
    let words = claim_words(kind);
    let mut at = Some(section);
    while let Some(id) = at {
        if words.are_all_of(title(tree, text, id)) {
            return true;
        }
        at = tree.section(id).parent;
    }
    false
}

/// The names in the first cells of tables.
fn rows(tree: &Document, text: &str, is_wanted: impl Fn(&Table) -> bool) -> Vec<Definition> {
    let rows = tree.tables.iter().filter(|it| is_wanted(it)).flat_map(|it| tree.rows(it));
    let named = rows.filter_map(|row| {
        let (first, rest) = tree.cells(row).split_first()?;
        let meaning = rest.first().copied().unwrap_or_else(|| Span::empty(first.end as usize));
        let meaning = rest.last().map_or(meaning, |it| meaning.cover(*it));
        Some(Definition { name: name_in(*first, text)?, row: row.span, meaning })
    });
    named.collect()
}

/// The marked names that list items of some sections begin with.
fn items(tree: &Document, text: &str, is_wanted: impl Fn(SectionId) -> bool) -> Vec<Definition> {
    let mut section = (SectionId::ROOT, false);
    let mut found = Vec::new();
    for item in &tree.items {
        if section.0 != item.section {
            section = (item.section, is_wanted(item.section));
        }
        let Some(head) = Some(item.content).filter(|_| section.1).and_then(|it| marked_head(it, text)) else {
            continue;
        };
        if let Some(name) = name_in(head.name, text) {
            let meaning = Span::new(head.end, (item.content.end as usize).max(head.end));
            found.push(Definition { name, row: item.span, meaning });
        }
    }
    found
}

/// What stands in bold or in code at the beginning of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkedHead {
    /// The name without its marks and a colon.
    pub name: Span,
    /// Where what follows begins: behind the marks, a colon and a dash.
    pub end: usize,
}

/// What stands in bold or in code at the beginning of a text.
pub fn marked_head(item: Span, text: &str) -> Option<MarkedHead> {
    let written = item.of(text);
    let mark = ["**`", "**", "__", "`"].into_iter().find(|it| written.starts_with(it))?;
    let closing = if mark == "**`" { "`**" } else { mark };
    let inner = written.get(mark.len()..)?;
    let length = inner.find(closing)?;
    let name = inner.get(..length)?.trim_end_matches([':', '.', ' ']);
    let behind = inner.get(length + closing.len()..)?;
    let rest = behind.trim_start_matches([':', ' ', '–', '—', '-', '.']);
    let start = item.start as usize + mark.len();
    let end = item.start as usize + written.len() - rest.len();
    Some(MarkedHead { name: Span::new(start, start + name.len()), end })
}

/// The name that a cell or the head of an item is, without marks and a remark in parentheses.
fn name_in(span: Span, text: &str) -> Option<Spanned> {
    let kept = span.of(text).split(" (").next().unwrap_or_default();
    let start = span.start as usize;
    let name = known(bare(Span::new(start, start + kept.len()), text))?;
    let is_name = name.text.split_whitespace().count() <= MOST_WORDS
        && name.text.starts_with(char::is_alphanumeric)
        && !name.text.contains(['`', '*', '|', '[', '<', ',', '/', '\n']);
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use archwright_syntax::markdown;

    use super::*;

    fn names(found: &[Definition], text: &str) -> Vec<String> {
        found.iter().map(|it| format!("{}: {}", it.name.text, it.meaning.of(text))).collect()
    }

    #[test]
    fn glossaries_are_tables_and_lists() {
        let text = "# Glossary\n\n| Term | Meaning |\n| --- | --- |\n| Order | A cart that is paid. |\n\
            | `Dead letter` (DLQ) | Given up. |\n| [TBD] | x |\n\n## 2. Terms\n\n- **Hold**: Stock set aside.\n\
            - **Saga** — steps.\n- no mark\n\n## Others\n\n- **Not**: a term.\n\n| Term | Days |\n| --- | --- |\n| Short | 3 |\n";
        let tree = markdown::parse(text);
        let found = terms(&tree, text);
        assert_eq!(
            names(&found, text),
            [
                "Order: A cart that is paid.",
                "Dead letter: Given up.",
                "Hold: Stock set aside.",
                "Saga: steps.",
                "Short: 3"
            ]
        );
        let other = "# Notes\n\n| Term | Days |\n| --- | --- |\n| Short | 3 |\n";
        assert_eq!(terms(&markdown::parse(other), other), []);
    }

    #[test]
    fn teams_are_listed_with_what_they_do() {
        let text = "# People\n\n| Team | On-call |\n| --- | --- |\n| Growth | #growth |\n| `team-orders` | #orders |\n\n\
            | Team | Signed off |\n| --- | --- |\n| Payments | yes |\n\n## Teams\n\n- **Platform**: brokers.\n";
        let tree = markdown::parse(text);
        let found: Vec<_> = teams(&tree, text).into_iter().map(|it| it.name.text).collect();
        assert_eq!(found, ["Growth", "team-orders", "Platform"]);
    }

    #[test]
    fn owners_are_teams_by_their_names() {
        let text = "# D\n\n- **Owner**: `team-orders`, on call\n- **DLQ owner**: Ada\n- **Owner team**: Growth team (x)\n\n\
            | Item | Owner |\n| --- | --- |\n| a | team-pay |\n";
        let found: Vec<_> = owners(&markdown::parse(text), text).into_iter().map(|it| it.text).collect();
        assert_eq!(found, ["team-orders", "Growth team", "team-pay"]);
    }
}
