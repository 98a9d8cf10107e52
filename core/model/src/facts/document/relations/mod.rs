//! Which decision records a record replaces, and which replace it, in whatever dialect it says so.
//!
//! Records say it in a field, in the front matter, in the words of their status, in a paragraph below the heading of
//! the status, or among their links.

mod wording;

use archwright_syntax::{
    Span,
    data::{self, Format},
    markdown::{Field, FieldOrigin, FrontMatterFormat, SectionId, decode_target},
};

use self::wording::{
    denies, end_of_sentence, end_of_value, is_partial, is_word_start, names_a_part, pieces, relations_at,
    starts_with_prefix, unmarked, within_brackets, written_target,
};
use super::{
    ByRole, LinkFact,
    adr::number_of,
    front_matter::{front_matter, unquoted},
    is_external, known,
};
use crate::{
    RelPath,
    conventions::{
        config::Config,
        role::{Role, State},
    },
    facts::{FileFacts, Spanned},
    values::value,
};

/// A mention of another record that replaces or is replaced.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Supersession {
    /// Where the mention stands.
    pub span: Span,
    /// The other record's number.
    pub number: Option<u32>,
    /// The other record's file, if the mention is a link.
    pub path: Option<RelPath>,
    /// Whether all of the other record is meant, and a record of this workspace: only then it has to say the same.
    pub binding: bool,
}

/// What a record says of others.
pub(super) struct Relations {
    pub supersedes: Vec<Supersession>,
    pub superseded_by: Vec<Supersession>,
}

/// What the statements of a record are read with.
struct Reader<'r, 'a> {
    document: &'r ByRole<'a>,
    links: &'r [LinkFact],
    path: &'r RelPath,
    config: &'r Config,
    /// The blocks that speak of the record itself, with the words of relations in them.
    statements: Vec<Statement>,
}

/// A block of text that says of the record which others it replaces, or which replace it.
struct Statement {
    span: Span,
    /// In the order of the text.
    claims: Vec<Claim>,
}

/// The words of a relation where a sentence, or a part of one, begins with them.
struct Claim {
    role: Role,
    /// From the start of the block.
    start: usize,
    end: usize,
}

pub(super) fn relations(
    document: &ByRole,
    links: &[LinkFact],
    status: Option<&Spanned>,
    facts: &FileFacts,
    config: &Config,
) -> Relations {
    let mut it = Reader { document, links, path: &facts.path, config, statements: Vec::new() };
    it.statements = it.read_statements(status.map(|it| it.span));
    let mut relations =
        Relations { supersedes: it.stated(Role::Supersedes), superseded_by: it.stated(Role::SupersededBy) };
    // `Superseded, see ADR-0005` names the other one without the usual words.
    let is_superseded = |it: &&Spanned| config.vocabulary().state(&it.text) == Some(State::Superseded);
    if relations.superseded_by.is_empty()
        && let Some(status) = status.filter(is_superseded)
    {
        relations.superseded_by = it.claims(status.span, status.span);
    }
    relations
}

impl Reader<'_, '_> {
    /// The records that the document names in a relation, each once.
    fn stated(&self, role: Role) -> Vec<Supersession> {
        let text = self.document.text;
        let fields = self.document.fields(role).flat_map(|it| self.values(it));
        let values = fields.chain(self.below_headings(role)).filter_map(|it| known(Spanned::of(it, text)));
        let mut found: Vec<Supersession> = values.flat_map(|it| self.claims(it.span, it.span)).collect();
        found.extend(self.front_matter(role));
        found.extend(self.statements.iter().flat_map(|it| self.sentences(it, role)));
        let mut unique: Vec<Supersession> = Vec::new();
        for it in found {
            if !unique.iter().any(|other| other.span == it.span || other.names_same(&it)) {
                unique.push(it);
            }
        }
        unique
    }

    /// The value of a field, or what the list below it says.
    fn values(&self, field: &Field) -> Vec<Span> {
        if !field.value.is_empty() || field.origin != FieldOrigin::ListItem {
            return vec![field.value];
        }
        let items = &self.document.tree.items;
        let below = items.iter().skip(items.partition_point(|it| it.span.start <= field.item.start));
        below.take_while(|it| it.depth > 0 && it.section == field.section).map(|it| it.content).collect()
    }

    /// The paragraphs and items below headings that are called like a relation.
    fn below_headings(&self, role: Role) -> impl Iterator<Item = Span> {
        let document = self.document;
        let is_below = move |section: SectionId| document.is_heading_of(section, role);
        let paragraphs = document.tree.paragraphs.iter().filter(move |it| is_below(it.section)).map(|it| it.span);
        paragraphs.chain(document.tree.items.iter().filter(move |it| is_below(it.section)).map(|it| it.content))
    }

    /// The status, and the paragraphs and items that speak of the record itself, as far as they hold words of a
    /// relation.
    fn read_statements(&self, status: Option<Span>) -> Vec<Statement> {
        let text = self.document.text;
        let names = |role: Role| self.config.profile().names(role).map(move |it| (role, it));
        let names: Vec<(Role, &str)> = [Role::Supersedes, Role::SupersededBy].into_iter().flat_map(names).collect();
        // Nearly all words begin with another letter.
        let initials = names.iter().filter_map(|it| it.1.bytes().next());
        let mut initials: Vec<u8> = initials.map(|it| it.to_ascii_lowercase()).collect();
        initials.sort_unstable();
        initials.dedup();
        let claims = |block: &str| -> Vec<Claim> {
            let mut claims = Vec::new();
            for initial in &initials {
                for at in memchr::memchr2_iter(*initial, initial.to_ascii_uppercase(), block.as_bytes()) {
                    if is_word_start(block, at) {
                        claims.extend(relations_at(block, at, &names));
                    }
                }
            }
            claims.sort_by_key(|it: &Claim| it.start);
            claims
        };
        let blocks = status.into_iter().chain(self.statements());
        let read = blocks.map(|span| Statement { span, claims: claims(span.of(text)) });
        read.filter(|it| !it.claims.is_empty()).collect()
    }

    /// The paragraphs and items that speak of the record itself: before its first section, about its status, and among
    /// its links.
    fn statements(&self) -> impl Iterator<Item = Span> {
        let document = self.document;
        let speaks = move |section: SectionId| {
            section.index() < 2 && document.tree.section(section).level < 2
                || document.is_heading_of(section, Role::Status)
                || matches!(document.role_of(section), Some(Role::Summary | Role::RelatedArtifacts))
        };
        let paragraphs = document.tree.paragraphs.iter().filter(move |it| speaks(it.section)).map(|it| it.span);
        paragraphs.chain(document.tree.items.iter().filter(move |it| speaks(it.section)).map(|it| it.content))
    }

    /// The records named behind the words of a relation, wherever a sentence or a part of one begins with them.
    fn sentences(&self, statement: &Statement, role: Role) -> Vec<Supersession> {
        let (block, text) = (statement.span, statement.span.of(self.document.text));
        let mut found = Vec::new();
        for claim in statement.claims.iter().filter(|it| it.role == role) {
            // `Supersedes / Extends: ADR-0011` leaves open which of the two it does.
            if text.get(claim.end..).is_some_and(|it| unmarked(it).starts_with(['/', '|'])) {
                continue;
            }
            let later = statement.claims.iter().map(|it| it.start).filter(|it| *it > claim.start);
            let next = later.min().unwrap_or(text.len());
            let stop = text.get(claim.end..next).and_then(end_of_sentence).map_or(next, |it| claim.end + it);
            let before = text.get(..claim.start).unwrap_or_default();
            let begin = before.rfind(['.', '\n', ';']).map_or(0, |it| it + 1);
            let at = |it: usize| block.start as usize + it;
            found.extend(self.claims(Span::new(at(claim.end), at(stop)), Span::new(at(begin), at(stop))));
        }
        found
    }

    /// The records that the front matter names under a relation's key, in whatever form.
    fn front_matter(&self, role: Role) -> Vec<Supersession> {
        let text = self.document.text;
        let Some(front_matter) = &self.document.tree.front_matter else { return Vec::new() };
        let body = front_matter.body;
        let name_of = |line: &str| self.document.is_named(line.split([':', '=']).next().unwrap_or_default(), role);
        if !body.of(text).lines().any(|it| !it.starts_with([' ', '\t', '#', '-']) && name_of(it)) {
            return Vec::new();
        }
        if front_matter.format == FrontMatterFormat::Toml {
            let values = self::front_matter(self.document.tree, text).into_iter();
            let values = values.filter(|it| self.document.is_named(it.0, role));
            return values
                .flat_map(|it| pieces(within_brackets(it.1, text), text))
                .flat_map(|it| self.entry(it))
                .collect();
        }
        let tree = data::parse(body.of(text), Format::Yaml);
        let Some(root) = tree.root() else { return Vec::new() };
        let mut found = Vec::new();
        for entry in root.entries().filter(|it| !it.merged && self.document.is_named(it.key, role)) {
            let values = std::iter::once(entry.value).chain(entry.value.items());
            for it in values.filter(|it| it.scalar().is_some() && !it.is_null()) {
                let span = Span::new((body.start + it.span().start) as usize, (body.start + it.span().end) as usize);
                found.extend(self.entry(span));
            }
        }
        found
    }

    /// The records that one value of the front matter names. It may be just a file's name.
    fn entry(&self, span: Span) -> Vec<Supersession> {
        let span = unquoted(span, self.document.text);
        let name = span.of(self.document.text);
        if value::is_unknown(name) || value::is_none(name) {
            return Vec::new();
        }
        let found = self.claims(span, span);
        if !found.is_empty() || name.contains(char::is_whitespace) {
            return found;
        }
        let file = format!("{}.md", name.strip_suffix(".md").unwrap_or(name));
        vec![Supersession { span, number: None, path: Some(self.path.parent().join(&file)), binding: true }]
    }

    /// The records named in `[ADR-0002](0002-x.md)`, `ADR-0001` or `ADR-0001, ADR-0004 and ADR-0007`, in a sentence
    /// that may say more.
    fn claims(&self, span: Span, sentence: Span) -> Vec<Supersession> {
        let text = self.document.text;
        let said = span.of(text);
        if denies(said) {
            return Vec::new();
        }
        let span = Span::new(span.start as usize, span.start as usize + end_of_value(said));
        let is_partial = is_partial(sentence.of(text)) || names_a_part(span.of(text));
        let mut found: Vec<Supersession> = Vec::new();
        for piece in pieces(span, text) {
            let is_first = found.is_empty();
            found.extend(
                self.claim(piece, is_first).map(|it| Supersession { binding: it.binding && !is_partial, ..it }),
            );
        }
        found
    }

    /// The record named in one piece of a value. Only the first piece may begin with other words, or be a bare number:
    /// later ones are often remarks.
    fn claim(&self, span: Span, is_first: bool) -> Option<Supersession> {
        let value = span.of(self.document.text);
        let is_there = |it: &&LinkFact| span.contains(it.span) && (is_first || it.span.start == span.start);
        let linked = self.links.iter().find(is_there);
        let target = linked.is_none().then(|| written_target(value)).flatten().filter(|_| is_first);
        let is_foreign = target.is_some_and(is_external);
        let path = match (linked, target) {
            (Some(link), _) => Some(link.path.clone()),
            (None, Some(target)) if !is_foreign && !target.is_empty() => {
                Some(self.path.parent().join(&decode_target(target)))
            }
            _ => None,
        };
        let at = |at: usize| value.get(at..).filter(|it| starts_with_prefix(it)).and_then(number_of);
        let is_start = |at: usize| value.get(..at).is_some_and(|it| !it.ends_with(char::is_alphanumeric));
        let starts = || value.char_indices().map(|it| it.0).filter(|it| is_start(*it));
        let prefixed = if is_first { starts().find_map(at) } else { at(value.len() - unmarked(value).len()) };
        let words =
            || value.split(|it: char| it.is_whitespace() || matches!(it, '[' | ']' | '(' | ')' | ',' | '`' | '"'));
        // A small number is most often a count of something; only at the end it is a name, as in `Superseded by 12`.
        let is_name = |it: &&str| it.bytes().take_while(u8::is_ascii_digit).count() > 2 || value.ends_with(*it);
        let is_digit = |it: char| it.is_ascii_digit();
        let bare = || words().filter(|it| it.starts_with(is_digit)).filter(is_name).find_map(number_of);
        let is_foreign = is_foreign || path.is_none() && self.is_elsewhere(value);
        let number = prefixed
            .or_else(|| path.as_ref().and_then(|it| number_of(it.stem())))
            .or_else(|| bare().filter(|_| is_first && path.is_none()));
        (number.is_some() || path.is_some()).then_some(Supersession { span, number, path, binding: !is_foreign })
    }
}

impl Reader<'_, '_> {
    /// Whether a record is named by a path that does not lead here: `billing/docs/adr/ADR-001` of another repository.
    fn is_elsewhere(&self, value: &str) -> bool {
        let own = self.path.parent();
        let paths = value.split_whitespace().filter_map(|it| unmarked(it).rsplit_once('/'));
        let mut records =
            paths.filter(|it| starts_with_prefix(it.1) || it.1.starts_with(|it: char| it.is_ascii_digit()));
        records.any(|(folder, _)| {
            let folder = folder.trim_start_matches("./");
            !folder.is_empty() && own.as_str() != folder && !own.as_str().ends_with(&format!("/{folder}"))
        })
    }
}

impl Supersession {
    fn names_same(&self, other: &Self) -> bool {
        match (&self.path, &other.path) {
            (Some(one), Some(other)) => one == other,
            _ => self.number.is_some() && self.number == other.number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Loaded;

    /// What a record says: `supersedes` and `superseded by`, each as numbers and names of files.
    fn said(text: &str) -> (String, String) {
        let path = RelPath::new("docs/system/adrs/0009-x.md");
        let facts = crate::facts::extract(&path, Loaded::Text(text.into()), &Config::default());
        let adr = facts.document().unwrap().adr.as_ref().unwrap();
        let shown = |it: &Supersession| {
            let name = it.path.as_ref().map(|it| it.name().to_owned());
            let number = it.number.map(|it| it.to_string()).unwrap_or_default();
            let mark = if it.binding { "" } else { "?" };
            format!("{}{mark}", name.unwrap_or(number))
        };
        let list = |it: &[Supersession]| it.iter().map(shown).collect::<Vec<_>>().join(" ");
        (list(&adr.supersedes), list(&adr.superseded_by))
    }

    #[test]
    fn every_dialect_says_what_it_replaces() {
        let section = |status: &str| {
            format!("# 9. X\n\nDate: 2026-01-01\n\n## Status\n\n{status}\n\n## Context\n\nSupersedes ADR-77.\n")
        };
        let links = |items: &str| format!("# X\n\n- Status: accepted\n\n## Decision\n\nD.\n\n## Links\n\n{items}\n");
        let front = |lines: &str| format!("---\n{lines}\n---\n# X\n\n## Context\n\nC.\n");
        let cases = [
            (section("Accepted\n\nSupersedes [1. A, and B](0001-a.md)"), "0001-a.md"),
            (
                section("Accepted\n\nSupercedes [1. A](0001-a.md)\n\nSupercedes [2. B](0002-b.md)"),
                "0001-a.md 0002-b.md",
            ),
            (section("Accepted\nSupersedes [1. A](0001-a.md)"), "0001-a.md"),
            (section("Accepted. Supersedes ADR-0001 and ADR 0002."), "1 2"),
            (section("Accepted (supersedes [ADR-1](0001-a.md))"), "0001-a.md"),
            (section("- Accepted\n- Supersedes [ADR-1](0001-a.md)"), "0001-a.md"),
            (section("Accepted\n\nThis decision supersedes decision: [0001 A](0001-a.md)."), "0001-a.md"),
            (section("Accepted, and replaces [one][1].\n\n[1]: 0001-a.md"), "0001-a.md"),
            (section("Accepted\n\nSupersedes ADR-0001 in part."), "1?"),
            (section("Accepted\n\nAmends [1. A](0001-a.md)"), ""),
            (section("Accepted\n\nIt was not superseded by ADR-0001 or others."), ""),
            (
                links("- Supersedes [20200926-use-x](20200926-use-x.md)\n- Refines [ADR-3](0003-c.md)"),
                "20200926-use-x.md",
            ),
            (links("* Supersedes [ADR-0001](0001-a.md) and [ADR-0002](0002-b.md)"), "0001-a.md 0002-b.md"),
            (links("- [Supersedes](0001-a.md)"), ""),
            (front("status: accepted\nsupersedes: ADR-0001"), "1"),
            (front("status: accepted\nsupersedes: 1"), "1"),
            (front("status: accepted\nsupersedes: [\"0001\", ADR-2]"), "1 2"),
            (
                front("status: accepted\nsupersedes:\n  - 0001-a.md\n  - \"[ADR-2](0002-b.md)\"\n  - use-x"),
                "1 0002-b.md use-x.md",
            ),
            (front("status: accepted\nsupersedes: null"), ""),
            (front("status: accepted\nsupersedes: []"), ""),
            (front("status: accepted\nsupersedes: none"), ""),
            (front("status: accepted\nReplaces: 0001-a.md # the first one"), "1"),
            ("+++\nstatus = \"accepted\"\nsupersedes = [\"ADR-0001\", \"ADR-0002\"]\n+++\n# X\n".to_owned(), "1 2"),
            (
                "# X\n\n- **Status**: Accepted\n- **Supersedes**:\n  - [A](0001-a.md)\n  - [B](0002-b.md)\n".to_owned(),
                "0001-a.md 0002-b.md",
            ),
            ("# X\n\n## Supersedes\n\n- [A](0001-a.md)\n".to_owned(), "0001-a.md"),
            ("# X\n\n- **Supersedes**: [ADR-1](https://example.org/adr/1.md)\n".to_owned(), "1?"),
            // What stands behind another label is another relation.
            ("# X\n\n**Supersedes:** _(none)_\n**Related:** ADR-0070 (a), ADR-0087 (b)\n".to_owned(), ""),
            ("# X\n\n- Supersedes: 없음 / Relates: ADR-0058(a), ADR-0019(b)\n".to_owned(), ""),
            ("# X\n\n- Supersedes: ADR-0001 / Relates: ADR-0058(a), ADR-0019(b)\n".to_owned(), "1"),
            ("# X\n\nSupersedes: ADR-0001: Use a queue\nRelated: ADR-0002\n".to_owned(), "1"),
            ("# X\n\n**Status:** Accepted\n**Supersedes:** None (extends ADR-0087)\n".to_owned(), ""),
            ("# X\n\n**Supersedes / Extends**: ADR-0011 (orders only).\n".to_owned(), ""),
            // A path into another repository, and a part of a record.
            ("# X\n\n- **Supersedes**: charting/docs/adr/ADR-001 (its own service)\n".to_owned(), "1?"),
            ("# X\n\n- **Supersedes**: docs/system/adrs/ADR-001\n".to_owned(), "1"),
            (section("Accepted\n\nSupersedes the notes on Kubernetes in [ADR-0005](0005-x.md)."), "0005-x.md?"),
            (section("Accepted\n\nSupersedes: row 31 of [ADR-0005](0005-x.md) (the ports)."), "0005-x.md?"),
            ("# X\n\n- **Supersedes**: ADR-0003, section Interval only\n- **Replaces**: 3 scripts\n".to_owned(), "3?"),
        ];
        for (text, expected) in cases {
            assert_eq!(said(&text), (expected.to_owned(), String::new()), "{text}");
        }
    }

    #[test]
    fn every_dialect_says_what_replaces_it() {
        let section = |status: &str| format!("# 9. X\n\n## Status\n\n{status}\n\n## Context\n\nC.\n");
        let front = |lines: &str| format!("---\n{lines}\n---\n# X\n\n## Context\n\nC.\n");
        let cases = [
            (section("Superseded by [2. B](0002-b.md)"), "0002-b.md"),
            (section("Superceded by [2. B](0002-b.md)"), "0002-b.md"),
            (section("Accepted\n\nSuperseded by [2. B](0002-b.md)"), "0002-b.md"),
            (section("Superseded\nby [2. B](0002-b.md)"), "0002-b.md"),
            (section("Superseded by\n[2. B](0002-b.md)"), "0002-b.md"),
            (section("~~Accepted~~ Superseded by [2. B](0002-b.md) on 2026-01-01"), "0002-b.md"),
            (section("Superseded, see [2. B](0002-b.md)"), "0002-b.md"),
            (section("**Superseded** by ADR-0002 and ADR-0003"), "2 3"),
            (section("Superseded by ADR-0002, which also amends ADR-0003"), "2"),
            (section("Superseded by 0002."), "2"),
            (section("Replaced by [2. B](0002-b.md). It builds on [3. C](0003-c.md)."), "0002-b.md"),
            (section("Partially superseded by [2. B](0002-b.md)"), "0002-b.md?"),
            (front("status: superseded by [ADR-0002](0002-b.md)"), "0002-b.md"),
            (front("status: \"superseded by ADR-0002\""), "2"),
            (front("status: superseded by\n  [ADR-0002](0002-b.md)"), "0002-b.md"),
            (front("status: superseded\nsuperseded-by: 0002-b.md"), "2"),
            (front("status: superseded\nsuperseded_by:\n- ADR-0002"), "2"),
            (front("status: superseded\nsupersededBy: ADR-0002"), "2"),
            ("# X\n\n* Status: superseded by [ADR-0002](0002-b.md)\n* Date: 2026-01-01\n".to_owned(), "0002-b.md"),
            ("# X\n\n* Status: superseded by\n  [ADR-0002](0002-b.md)\n".to_owned(), "0002-b.md"),
            (
                "# X\n\n| | |\n| --- | --- |\n| Status | Superseded by [ADR-2](0002-b.md) |\n| Date | 2026-01-01 |\n"
                    .to_owned(),
                "0002-b.md",
            ),
            (
                "# X\n\n- Status: accepted\n\n## Links\n\n- Superseded by [x](20210101-x.md)\n".to_owned(),
                "20210101-x.md",
            ),
            ("# X\n\n## Status: Superseded by [ADR-2](0002-b.md)\n\nT.\n".to_owned(), "0002-b.md"),
        ];
        for (text, expected) in cases {
            assert_eq!(said(&text), (String::new(), expected.to_owned()), "{text}");
        }
    }
}
