//! What a decision record says, whatever its dialect.

use std::{collections::BTreeSet, ops::Range};

use archwright_syntax::{
    Span,
    markdown::{Document, Item},
};

use super::{
    ByRole, LinkFact,
    front_matter::front_matter,
    relations::{Relations, Supersession, relations},
};
use crate::{
    RelPath,
    conventions::{config::Config, role::Role},
    facts::{FileFacts, Spanned},
    key::{Entry, Key, hash_of},
    values::value,
};

/// What a decision record says, whatever its dialect.
#[derive(Clone, Debug, Default)]
pub struct AdrFacts {
    /// The number in the file name.
    pub number: Option<u32>,
    /// The number in the title, with its place.
    pub title_number: Option<(u32, Span)>,
    /// The status and where it stands.
    pub status: Option<Spanned>,
    /// The records that replace this one, as the status or a field says.
    pub superseded_by: Vec<Supersession>,
    /// The records that this one replaces.
    pub supersedes: Vec<Supersession>,
}

impl AdrFacts {
    /// What the record says of itself and of others, by the keys under which others ask for it.
    pub(super) fn entries(&self, facts: &FileFacts) -> Vec<Entry> {
        let folder = facts.path.parent();
        let claims = || self.supersedes.iter().chain(&self.superseded_by);
        let said = |it: &[Supersession]| -> Vec<(Option<u32>, Option<RelPath>, bool)> {
            it.iter().map(|it| (it.number, it.path.clone(), it.binding)).collect()
        };
        let status = self.status.as_ref().map(|it| &it.text);
        let hash = hash_of(&(self.number, said(&self.supersedes), said(&self.superseded_by), status, facts.opted_in()));
        let mut entries = vec![Entry { key: Key::Decision(facts.path.clone()), hash }];
        entries.push(Entry { key: Key::Decisions(folder.clone()), hash: hash_of(&self.number) });
        entries.extend(self.number.map(|it| Entry { key: Key::Numbered(folder.clone(), it), hash: 0 }));
        entries.extend(self.number.map(|it| Entry { key: Key::Record(it), hash: 0 }));
        let key = |it: &Supersession| match (&it.path, it.number) {
            (Some(path), _) => Some(Key::Claims(path.clone())),
            (None, Some(number)) => Some(Key::ClaimsOfNumber(folder.clone(), number)),
            (None, None) => None,
        };
        let mut keys: Vec<Key> = claims().filter_map(key).collect();
        keys.sort();
        keys.dedup();
        entries.extend(keys.into_iter().map(|key| Entry { key, hash }));
        entries
    }
}

pub(super) fn adr(document: &ByRole, links: &[LinkFact], facts: &FileFacts, config: &Config) -> AdrFacts {
    let (tree, text) = (document.tree, document.text);
    let title = tree.section_ids().nth(1).map(|(_, it)| it.title);
    let title_number = title.and_then(|span| {
        let title = span.of(text);
        let number = number_of(title)?;
        let digits = title.find(|it: char| it.is_ascii_digit())?;
        let len = title.get(digits..)?.bytes().take_while(u8::is_ascii_digit).count();
        Some((number, Span::new(span.start as usize + digits, span.start as usize + digits + len)))
    });
    let status = document.status();
    let Relations { supersedes, superseded_by } = relations(document, links, status.as_ref(), facts, config);
    AdrFacts { number: number_of(facts.path.stem()), title_number, supersedes, status, superseded_by }
}

impl ByRole<'_> {
    /// The status, wherever the document keeps it: a field or line, a table row, front matter, or a section of its own.
    ///
    /// It begins behind the marks in front of it: tags of HTML and the box of what was chosen.
    pub fn status(&self) -> Option<Spanned> {
        let said = self.written_status()?;
        let kept = behind_marks(&said.text)?;
        let span = Span::new(said.span.start as usize + kept.start, said.span.start as usize + kept.end);
        if kept.len() == said.text.len() || span.of(self.text) != said.text.get(kept)? {
            return Some(said);
        }
        Some(Spanned::of(span, self.text))
    }

    /// The status with all that stands around it.
    fn written_status(&self) -> Option<Spanned> {
        let text = self.text;
        if let Some(it) = self.field(Role::Status) {
            return Some(it);
        }
        let in_front_matter = || front_matter(self.tree, text).into_iter().find(|it| self.is_named(it.0, Role::Status));
        if let Some((_, value)) = self.tree.front_matter.is_some().then(in_front_matter).flatten() {
            return Some(Spanned::of(value, text));
        }
        let Some(section) = self.heading_of(Role::Status) else { return self.status_in_heading() };
        let paragraph = self.tree.paragraphs.iter().find(|it| it.section == section).map(|it| it.span);
        let mut items = self.tree.items.iter().filter(|it| it.section == section);
        // Of a list of boxes, what is ticked counts.
        let has_boxes = items.clone().any(|it| it.task.is_some());
        let is_said = |it: &&Item| !has_boxes || it.task.is_some_and(|it| it.done);
        let item = || items.find(|it| is_said(it)).map(|it| it.content);
        let said = paragraph.or_else(item)?;
        let line = said.of(text).lines().next()?;
        Some(Spanned::of(Span::new(said.start as usize, said.start as usize + line.len()), text))
    }

    /// The status in a heading such as `## Status: Accepted`.
    fn status_in_heading(&self) -> Option<Spanned> {
        self.tree.sections.iter().skip(1).find_map(|section| {
            let (name, value) = section.title.of(self.text).split_once(':')?;
            let start = section.title.end as usize - value.trim_start().len();
            let is_status = self.is_named(name, Role::Status) && !value.trim().is_empty();
            is_status.then(|| Spanned::of(Span::new(start, start + value.trim().len()), self.text))
        })
    }
}

/// What a status says behind marks in front of it; nothing if none of its boxes is ticked.
fn behind_marks(status: &str) -> Option<Range<usize>> {
    let mut start = 0;
    loop {
        let rest = status.get(start..)?;
        let blank = rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        start += blank;
        let is_tag =
            rest.strip_prefix('<').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_alphabetic() || it == '/'));
        if is_tag && !value::waits(rest) {
            start += rest.find('>')? + 1;
        } else if rest.starts_with("[ ]") {
            let ticked = rest.to_ascii_lowercase().find("[x]")?;
            start += ticked;
        } else if rest.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("[x]")) {
            let after = rest.get(3..)?;
            start += 3 + after.len() - after.trim_start().len();
            let end = after.find("[ ]").map_or(status.len(), |it| start.max(status.len() - after.len() + it));
            return Some(start..start + status.get(start..end)?.trim_end().len());
        } else {
            return Some(start..status.len());
        }
    }
}

/// The numbers of the records that a document keeps as its sections: `## ADR-007: Use an outbox`.
pub(super) fn numbers_of_sections(tree: &Document, text: &str) -> BTreeSet<u32> {
    let titles = tree.sections.iter().skip(1).map(|it| it.title.of(text).trim_start_matches('#').trim_start());
    let is_record = |it: &&str| it.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr"));
    titles.filter(is_record).filter_map(number_of).collect()
}

/// The leading number of a file name or title: `0012-use-outbox`, `ADR-0012`, `adr_12`, `12. Use`. A date is none.
pub fn number_of(name: &str) -> Option<u32> {
    leading_digits(name)?.parse().ok()
}

/// A number with as many digits as the name of a file has them: `031` beside `028-use-outbox`, four beside none.
pub fn number_like(name: &str, number: u32) -> String {
    let digits = leading_digits(name).map_or(4, str::len);
    format!("{number:0digits$}")
}

/// The digits of [`number_of`].
fn leading_digits(name: &str) -> Option<&str> {
    let prefixed = name.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("adr"));
    let rest = if prefixed { name.get(3..).unwrap_or_default().trim_start_matches(['-', '_', ' ', '#']) } else { name };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest.get(digits..)?;
    let is_date = digits == 4
        && after.starts_with('-')
        && after.get(1..3).is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
    if digits == 0 || digits > 6 || is_date || after.starts_with(char::is_alphanumeric) {
        return None;
    }
    rest.get(..digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_stands_behind_its_marks() {
        for (status, said) in [
            ("Accepted", Some("Accepted")),
            ("**Accepted**, 2026-01-02", Some("**Accepted**, 2026-01-02")),
            ("<span style=\"color: green\">Accepted</span>", Some("Accepted</span>")),
            ("<b><i>Accepted</i></b>", Some("Accepted</i></b>")),
            ("<TBD: which?>", Some("<TBD: which?>")),
            ("[x] Accepted", Some("Accepted")),
            ("[ ] Proposed [X] Accepted [ ] Rejected", Some("Accepted")),
            ("[ ] Accepted", None),
            ("<unclosed", None),
        ] {
            assert_eq!(behind_marks(status).and_then(|it| status.get(it)), said, "{status}");
        }
    }
}
