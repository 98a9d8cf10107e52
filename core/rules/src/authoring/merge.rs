//! Bringing facts into a document that is there.
//!
//! **Invariant**: text that is there stays. A placeholder gives way to a fact, anything else is only added to, and
//! merging twice with the same facts changes nothing the second time. A given fact that is neither written nor there is
//! told, and takes the place of what is there only on request.

use archwright_model::{
    conventions::profile::Name,
    facts,
    values::{
        retention::Retention,
        value::{self, ANNOUNCED, is_placeholder},
    },
};
use archwright_syntax::{
    EditError, Span, TextEdit, TextEdits,
    markdown::{Document, Item, SectionId},
};

use super::compose::{Cell, FieldContent, ListItem, Part, SectionContent, cell, field_line, one_line, row_line};

/// What changes in a document, and what of the facts was not taken because it says otherwise.
#[derive(Debug)]
pub struct Merged {
    /// The change.
    pub edits: TextEdits,
    /// What was kept as it is.
    pub kept: Vec<Kept>,
}

/// A value that is there although another one was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it is, as a byte of the text.
    pub at: usize,
    /// What is there.
    pub there: String,
    /// What was given.
    pub given: String,
    /// Whether it would be taken on request.
    pub is_replaceable: bool,
}

/// The document, and what is made of it.
struct Merge<'t> {
    tree: &'t Document,
    text: &'t str,
    /// Whether given facts take the place of what says otherwise.
    update: bool,
    edits: Vec<TextEdit>,
    kept: Vec<Kept>,
}

/// Brings facts into an existing document. With `update`, what was given takes the place of what says otherwise.
///
/// # Errors
/// If two facts would change the same text, which does not happen for distinct sections.
pub fn merge(text: &str, sections: &[SectionContent], update: bool) -> Result<Merged, EditError> {
    let tree = facts::tree(text);
    let newline = archwright_syntax::newline(text);
    // A title is told without the signs of code and emphasis in it.
    let unmarked = |it: &str| it.replace(['`', '*'], "");
    let titles: Vec<_> = tree.section_ids().skip(1).map(|it| (unmarked(&tree.plain_title(it.0, text)), it.0)).collect();
    let find = |section: &SectionContent| {
        let titles = titles.iter().map(|it| (it.0.trim(), it.1));
        called(titles, &unmarked(&section.name), &section.aliases)
    };
    let found: Vec<Option<SectionId>> = sections.iter().map(find).collect();
    let mut merge = Merge { tree: &tree, text, update, edits: Vec::new(), kept: Vec::new() };
    let mut added: Vec<(usize, String)> = Vec::new();
    for (at, (section, id)) in sections.iter().zip(&found).enumerate() {
        match id {
            Some(id) => section.parts.iter().for_each(|it| merge.part(it, *id)),
            None => {
                let before = found.iter().take(at).rev().flatten().next().map(|it| tree.section(*it).span.end as usize);
                let after =
                    || found.iter().skip(at + 1).flatten().next().map(|it| tree.section(*it).heading.start as usize);
                let place = before.or_else(after).unwrap_or(text.len());
                match added.last_mut() {
                    Some((last, sections)) if *last == place => sections.push_str(&format!("\n{}", section.render())),
                    _ => added.push((place, section.render())),
                }
            }
        }
    }
    let Merge { mut edits, kept, .. } = merge;
    for (place, sections) in added {
        edits.push(insert_block(text, place, &sections));
    }
    for edit in &mut edits {
        edit.replacement = edit.replacement.replace('\n', newline);
    }
    Ok(Merged { edits: TextEdits::new(edits)?, kept })
}

/// Whether something written is one of the names of one thing.
fn is_one_of(written: &str, name: &Name) -> bool {
    name.names().any(|it| it.eq_ignore_ascii_case(written))
}

/// What is called by a name, else the first that is called by an alias of it.
fn called<'n, T>(named: impl Iterator<Item = (&'n str, T)>, name: &str, aliases: &[String]) -> Option<T> {
    let mut other = None;
    for (written, it) in named {
        if written.eq_ignore_ascii_case(name) {
            return Some(it);
        }
        if other.is_none() && aliases.iter().any(|it| it.eq_ignore_ascii_case(written)) {
            other = Some(it);
        }
    }
    other
}

/// Inserts sections at a place between two sections, with one blank line on either side.
pub fn insert_block(text: &str, place: usize, block: &str) -> TextEdit {
    let before = text.get(..place).unwrap_or_default().trim_end_matches(['\n', '\r', ' ', '\t']);
    let rest = text.get(place..).unwrap_or_default();
    let lead = if before.is_empty() { "" } else { "\n\n" };
    let tail = if rest.trim().is_empty() { "\n" } else { "\n\n" };
    let end = if rest.trim().is_empty() { text.len() } else { place };
    TextEdit::replace(Span::new(before.len(), end), format!("{lead}{}{tail}", block.trim_end()))
}

/// Whether what is there says what was given, in its words or as the same duration.
pub fn says(there: &str, given: &str) -> bool {
    /// A duration alone has no more words: `7 days`.
    const DURATION: usize = 2;
    let is_brief = |it: &str| it.split_whitespace().count() <= DURATION;
    let same_duration = || {
        let (there, given) = (Retention::of(there).exact(), Retention::of(given).exact());
        there.is_some() && there == given
    };
    value::contains(there, given) || is_brief(there) && is_brief(given) && same_duration()
}

/// Whether a text is another one in which some places wait for answers.
fn is_form_of(form: &str, whole: &str) -> bool {
    let mut rest = whole;
    let mut pieces = Vec::new();
    let mut left = form;
    while let Some((before, after)) = left.split_once("[TBD") {
        let Some((_, after)) = after.split_once(']') else { return false };
        pieces.push(before);
        left = after;
    }
    if pieces.is_empty() {
        return false;
    }
    for (at, piece) in pieces.iter().enumerate() {
        let Some(found) = rest.find(piece).filter(|it| at > 0 || *it == 0) else { return false };
        rest = rest.get(found + piece.len()..).unwrap_or_default();
    }
    rest.ends_with(left)
}

impl Merge<'_> {
    fn part(&mut self, part: &Part, section: SectionId) {
        match part {
            Part::Fields { fields, numbered } => self.fields(fields, *numbered, section),
            Part::Bullets { items, .. } => self.bullets(items, section),
            Part::Table { columns, rows } => self.table(columns, rows, section),
            Part::Text(text) => self.text(text, section),
        }
    }

    /// Settles a difference between what is there and what was given.
    fn differs(&mut self, span: Span, given: &str, replacement: impl FnOnce() -> String) {
        let there = span.of(self.text);
        let is_replaceable = !there.contains('\n');
        if self.update && is_replaceable {
            self.edits.push(TextEdit::replace(span, replacement()));
            return;
        }
        let (at, there, given) = (span.start as usize, one_line(there), given.to_owned());
        self.kept.push(Kept { at, there, given, is_replaceable });
    }

    fn fields(&mut self, fields: &[FieldContent], numbered: bool, section: SectionId) {
        let (tree, text) = (self.tree, self.text);
        let present = tree.fields_in(section);
        let mut missing = Vec::new();
        for field in fields {
            let Some(there) = called(present.iter().map(|it| (it.name.of(text), it)), &field.name, &field.aliases)
            else {
                missing.push(field);
                continue;
            };
            let Some(value) = &field.value else { continue };
            let old = there.value.of(text);
            if old.is_empty() || is_placeholder(old) {
                let is_bare =
                    old.is_empty() && text.get(..there.value.start as usize).is_some_and(|it| it.ends_with([':', '*']));
                let space = if is_bare { " " } else { "" };
                self.edits.push(TextEdit::replace(there.value, format!("{space}{value}")));
            } else if field.is_given && !says(old, value) {
                self.differs(there.value, value, || value.clone());
            }
        }
        if missing.is_empty() {
            return;
        }
        let lines: Vec<String> =
            missing.iter().enumerate().map(|(at, it)| field_line(it, numbered, present.len() + at)).collect();
        self.append(&lines.join("\n"), present.last().map(|it| it.item), section);
    }

    fn bullets(&mut self, items: &[ListItem], section: SectionId) {
        let text = self.text;
        let present: Vec<&Item> = self.tree.items.iter().filter(|it| it.section == section && it.depth == 0).collect();
        let plain = |it: &str| it.replace(['*', '`', '['], "").to_lowercase();
        let texts: Vec<String> = present.iter().map(|it| plain(it.content.of(text))).collect();
        let mut missing = Vec::new();
        for item in items {
            let key = plain(&item.key);
            match present.iter().zip(&texts).find(|it| it.1.starts_with(&key)) {
                Some((there, _)) => self.item(item, there.content),
                None => missing.push(format!("- {}", item.text)),
            }
        }
        if missing.is_empty() {
            return;
        }
        let placeholder = present.iter().find(|it| value::waits(it.content.of(text)));
        match placeholder {
            Some(it) => self.edits.push(TextEdit::replace(
                Span::new(it.span.start as usize, it.span.start as usize + it.span.of(text).trim_end().len()),
                missing.join("\n"),
            )),
            None => self.append(&missing.join("\n"), present.last().map(|it| it.span), section),
        }
    }

    /// An item that is there: it is completed, or has to say what was given.
    fn item(&mut self, item: &ListItem, content: Span) {
        let there = content.of(self.text);
        let announced = there.contains(ANNOUNCED) && there.replacen(&format!(" {ANNOUNCED}"), "", 1) == item.text;
        if announced || is_form_of(there, &item.text) {
            if there != item.text {
                self.edits.push(TextEdit::replace(content, item.text.clone()));
            }
            return;
        }
        let unsaid: Vec<&str> = item.given.iter().map(String::as_str).filter(|it| !says(there, it)).collect();
        if !unsaid.is_empty() {
            self.differs(content, &unsaid.join(", "), || item.text.clone());
        }
    }

    /// Adds lines behind the last of a kind, or at the end of the section.
    fn append(&mut self, lines: &str, last: Option<Span>, section: SectionId) {
        let text = self.text;
        let body = self.tree.section(section).body;
        self.edits.push(match last {
            Some(span) => {
                let end = span.start as usize + span.of(text).trim_end().len();
                TextEdit::insert(end, format!("\n{lines}"))
            }
            None => {
                let written = body.of(text);
                let end = body.start as usize + written.trim_end().len();
                let lead = if written.trim().is_empty() { "\n" } else { "\n\n" };
                let start = if written.trim().is_empty() { body.start as usize } else { end };
                let tail = if body.end as usize >= text.len() { "\n" } else { "\n\n" };
                TextEdit::replace(Span::new(start, body.end as usize), format!("{lead}{lines}{tail}"))
            }
        });
    }

    fn text(&mut self, given: &str, section: SectionId) {
        let body = self.tree.section(section).body;
        let written = body.of(self.text);
        let there = written.trim();
        // A text with headings of its own goes on in sections below.
        if value::contains(there, given) || value::contains(self.tree.section(section).span.of(self.text), given) {
            return;
        }
        if there.is_empty() || is_placeholder(there.trim_start_matches(['-', '*', ' '])) {
            let tail = if body.end as usize >= self.text.len() { "\n" } else { "\n\n" };
            self.edits.push(TextEdit::replace(body, format!("\n{}{tail}", given.trim())));
            return;
        }
        // A section is the work of people: it is never replaced as a whole.
        let at = body.start as usize + written.len() - written.trim_start().len();
        let (there, given) = (one_line(there), one_line(given));
        self.kept.push(Kept { at, there, given, is_replaceable: false });
    }

    fn table(&mut self, columns: &[Name], rows: &[Vec<Option<Cell>>], section: SectionId) {
        let (tree, text) = (self.tree, self.text);
        let is_same = |header: &[Span]| {
            let both = header.first().zip(columns.first());
            both.is_some_and(|(it, column)| is_one_of(it.of(text).trim_matches('*'), column))
        };
        let Some(table) = tree.tables.iter().find(|it| it.section == section && is_same(tree.header(it))) else {
            if !rows.is_empty() {
                let table = Part::Table { columns: columns.to_vec(), rows: rows.to_vec() };
                self.append(&table.render(), None, section);
            }
            return;
        };
        let header: Vec<&str> = tree.header(table).iter().map(|it| it.of(text)).collect();
        let column = |title: &str| columns.iter().position(|it| is_one_of(title.trim_matches('*'), it));
        let mut missing = Vec::new();
        for row in rows {
            let name = row.first().and_then(Option::as_ref).map_or("", |it| it.value.as_str());
            let plain = |it: &str| one_line(&it.replace("\\|", "|")).trim_matches(['`', '*']).to_lowercase();
            let name = plain(name);
            let is_row = |cells: &[Span]| cells.first().is_some_and(|it| plain(it.of(text)) == name);
            let placed: Vec<Option<Cell>> =
                header.iter().map(|it| column(it).and_then(|it| row.get(it)).cloned().flatten()).collect();
            let unplaced = row
                .iter()
                .zip(columns)
                .filter(|it| !header.iter().any(|title| is_one_of(title.trim_matches('*'), it.1)));
            let unplaced = unplaced.filter_map(|it| it.0.as_ref().filter(|it| it.is_given).map(|cell| (it.1, cell)));
            let at = table.span.start as usize;
            for (column, cell) in unplaced {
                let there = format!("no column {}", column.name);
                self.kept.push(Kept { at, there, given: cell.value.clone(), is_replaceable: false });
            }
            let Some(present) = tree.rows(table).iter().find(|it| is_row(tree.cells(it))) else {
                missing.push(row_line(&placed));
                continue;
            };
            for (given, span) in placed.iter().zip(tree.cells(present)).skip(1) {
                let Some(given) = given else { continue };
                let there = span.of(text);
                if there.is_empty() || is_placeholder(there) {
                    self.edits.push(TextEdit::replace(*span, cell(&given.value)));
                } else if given.is_given && !says(there, &given.value) {
                    self.differs(*span, &given.value, || cell(&given.value));
                }
            }
        }
        if missing.is_empty() {
            return;
        }
        let waits = |cells: &[Span]| cells.first().is_some_and(|it| value::waits(it.of(text)));
        self.edits.push(match tree.rows(table).iter().find(|it| waits(tree.cells(it))) {
            Some(row) => TextEdit::replace(
                Span::new(row.span.start as usize, row.span.start as usize + row.span.of(text).trim_end().len()),
                missing.join("\n"),
            ),
            None => {
                let end = table.span.start as usize + table.span.of(text).trim_end().len();
                TextEdit::insert(end, format!("\n{}", missing.join("\n")))
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{super::compose::render, *};
    use archwright_model::conventions::role::Role;

    fn sections() -> Vec<SectionContent> {
        let fields = vec![
            FieldContent::new("Status", Some("Draft"), ""),
            FieldContent::new("Owner", Some("team-a"), "Who?").given(),
        ];
        let cell = |it: &str| Some(Cell { value: it.to_owned(), is_given: true });
        let rows = vec![vec![cell("a.b.v1"), cell("id")]];
        let section = |name: &str, part: Part| SectionContent {
            role: Role::Summary,
            name: name.to_owned(),
            aliases: Vec::new(),
            level: 2,
            parts: vec![part],
        };
        vec![
            section("Summary", Part::Fields { fields, numbered: false }),
            section(
                "Patterns",
                Part::Bullets {
                    items: vec![ListItem::new("Outbox", "Outbox: why").given(["why"])],
                    placeholder: "- [TBD]".into(),
                },
            ),
            section(
                "Channels",
                Part::Table {
                    columns: ["Channel", "Key"].map(|it| Name { name: it.into(), aliases: Vec::new() }).to_vec(),
                    rows,
                },
            ),
        ]
    }

    #[test]
    fn a_new_document_needs_nothing_more() {
        let text = render("Design", &sections());
        assert_eq!(
            text,
            "# Design\n\n## Summary\n\n- **Status**: Draft\n- **Owner**: team-a\n\n## Patterns\n\n- Outbox: why\n\n\
            ## Channels\n\n| Channel | Key |\n| --- | --- |\n| a.b.v1 | id |\n"
        );
        assert!(merge(&text, &sections(), false).unwrap().edits.is_empty());
    }

    #[test]
    fn what_is_there_stays_and_what_is_missing_is_added_in_order() {
        let text = "# Design\n\n## Summary\n\n- **Status**: Accepted\n- **Owner**: [TBD: Who?]\n\nWords of mine.\n\n\
            ## Channels\n\n| Channel | Key |\n| --- | --- |\n| x.y.v1 | k |\n\n## More\n\nMine.\n";
        let merged = merge(text, &sections(), false).unwrap();
        let after = merged.edits.apply(text).unwrap();
        assert_eq!(
            after,
            "# Design\n\n## Summary\n\n- **Status**: Accepted\n- **Owner**: team-a\n\nWords of mine.\n\n## Patterns\n\n\
            - Outbox: why\n\n## Channels\n\n| Channel | Key |\n| --- | --- |\n| x.y.v1 | k |\n| a.b.v1 | id |\n\n\
            ## More\n\nMine.\n"
        );
        assert!(merge(&after, &sections(), false).unwrap().edits.is_empty());
    }

    #[test]
    fn what_contradicts_the_given_is_told_and_replaced_on_request_only() {
        let text = "# Design\n\n## Summary\n\n- **Status**: Accepted\n- **Owner**: team-b\n\n## Patterns\n\n\
            - Outbox: for speed\n\n## Channels\n\n| Channel | Key |\n| --- | --- |\n| a.b.v1 | `key` |\n";
        let merged = merge(text, &sections(), false).unwrap();
        assert!(merged.edits.is_empty());
        let told: Vec<_> = merged.kept.iter().map(|it| (it.there.as_str(), it.given.as_str())).collect();
        assert_eq!(told, [("team-b", "team-a"), ("Outbox: for speed", "why"), ("`key`", "id")]);
        let merged = merge(text, &sections(), true).unwrap();
        let after = merged.edits.apply(text).unwrap();
        assert_eq!(
            after,
            text.replace("team-b", "team-a").replace("for speed", "why").replace("`key`", "id"),
            "nobody gave the status"
        );
        assert!(merge(&after, &sections(), true).unwrap().edits.is_empty());
    }

    #[test]
    fn a_form_is_completed() {
        for (form, whole, expected) in [
            ("Outbox: [TBD: why?]", "Outbox: safe", true),
            ("A? Owner [TBD], due [TBD: date].", "A? Owner team-a, due 2027-01-01.", true),
            ("A? Owner [TBD], due 2027-02-01.", "A? Owner team-a, due 2027-01-01.", false),
            ("Outbox: mine, [TBD]", "Outbox: safe", false),
            ("Outbox: safe", "Outbox: safe", false),
        ] {
            assert_eq!(is_form_of(form, whole), expected, "{form}");
        }
    }
}
