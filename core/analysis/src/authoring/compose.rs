//! Composing a document from facts: a new one from its template, or the missing pieces into an existing one.
//!
//! **Invariant**: text that is there stays. A placeholder gives way to a fact, anything else is only added to, and
//! composing twice with the same facts changes nothing the second time.

use archwright_syntax::{
    EditError, Span, TextEdit, TextEdits,
    markdown::{Document, SectionId},
};

use crate::{
    conventions::{
        profile::{Name, Profile, SectionTemplate},
        role::Role,
    },
    facts,
    values::value::{self, is_placeholder},
};

/// What a section says.
#[derive(Clone, Debug)]
pub(crate) struct SectionContent {
    /// What it is for.
    pub role: Role,
    /// Title.
    pub name: String,
    /// Other titles that mean the same.
    pub aliases: Vec<String>,
    /// Heading level.
    pub level: u8,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a section.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// Named values.
    Fields {
        /// The values.
        fields: Vec<FieldContent>,
        /// Whether they are numbered.
        numbered: bool,
    },
    /// A list.
    Bullets {
        /// Key and whole text of each item; an item whose key an existing item starts with is there already.
        items: Vec<(String, String)>,
        /// What stands there if there are none.
        placeholder: String,
    },
    /// A table whose first column names the row.
    Table {
        /// What the columns are called.
        columns: Vec<Name>,
        /// Cells; `None` where nothing is known.
        rows: Vec<Vec<Option<String>>>,
    },
}

/// A named value.
#[derive(Clone, Debug)]
pub(crate) struct FieldContent {
    /// The name.
    pub name: String,
    /// Other names of the same.
    pub aliases: Vec<String>,
    /// The value, if it is known.
    pub value: Option<String>,
    /// What to ask if it is not.
    pub question: String,
}

impl FieldContent {
    /// A field by its name, value and question.
    pub fn new(name: &str, value: Option<&str>, question: &str) -> Self {
        Self { name: name.to_owned(), aliases: Vec::new(), value: value.map(one_line), question: question.to_owned() }
    }

    /// A field of the profile by its role, value and question.
    pub fn of(profile: &Profile, role: Role, value: Option<&str>, question: &str) -> Self {
        let aliases = profile.names(role).skip(1).map(str::to_owned).collect();
        Self { aliases, ..Self::new(profile.name(role), value, question) }
    }

    fn text(&self) -> String {
        self.value.clone().unwrap_or_else(|| value::placeholder(&self.question))
    }
}

impl SectionContent {
    /// An empty section after a template.
    pub fn of(template: &SectionTemplate) -> Self {
        Self {
            role: template.role,
            name: template.name.clone(),
            aliases: template.aliases.clone(),
            level: template.level,
            parts: Vec::new(),
        }
    }

    fn render(&self) -> String {
        let parts: Vec<String> = self.parts.iter().map(Part::render).filter(|it| !it.is_empty()).collect();
        format!("{} {}\n\n{}\n", "#".repeat(usize::from(self.level)), self.name, parts.join("\n\n"))
    }
}

impl Part {
    fn render(&self) -> String {
        match self {
            Self::Fields { fields, numbered } => {
                let line = |(at, it): (usize, &FieldContent)| field_line(it, *numbered, at);
                fields.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
            }
            Self::Bullets { items, placeholder } if items.is_empty() => placeholder.clone(),
            Self::Bullets { items, .. } => items.iter().map(|it| format!("- {}", it.1)).collect::<Vec<_>>().join("\n"),
            Self::Table { columns, rows } => {
                let titles: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
                let head = format!("| {} |\n|{}", titles.join(" | "), " --- |".repeat(columns.len()));
                let rows = rows.iter().map(|it| row_line(it));
                std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

fn field_line(field: &FieldContent, numbered: bool, at: usize) -> String {
    let marker = if numbered { format!("{}.", at + 1) } else { "-".to_owned() };
    format!("{marker} **{}**: {}", field.name, field.text())
}

fn row_line(cells: &[Option<String>]) -> String {
    let cells: Vec<String> =
        cells.iter().map(|it| it.as_deref().map_or_else(|| value::placeholder(""), cell)).collect();
    format!("| {} |", cells.join(" | "))
}

/// A value as a table cell.
fn cell(value: &str) -> String {
    one_line(value).replace('|', "\\|")
}

/// A value without line breaks, which would end a list item or a row.
pub(crate) fn one_line(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A new document.
pub(crate) fn render(title: &str, sections: &[SectionContent]) -> String {
    let sections: Vec<String> = sections.iter().map(SectionContent::render).collect();
    format!("# {title}\n\n{}", sections.join("\n"))
}

/// The edits that bring facts into an existing document.
///
/// # Errors
/// If two facts would change the same text, which does not happen for distinct sections.
pub(crate) fn merge(text: &str, sections: &[SectionContent]) -> Result<TextEdits, EditError> {
    let tree = facts::tree(text);
    let newline = archwright_syntax::newline(text);
    let titles: Vec<_> = tree.section_ids().skip(1).map(|it| (tree.plain_title(it.0, text), it.0)).collect();
    let find = |section: &SectionContent| {
        let titles = titles.iter().map(|it| (it.0.trim(), it.1));
        called(titles, &section.name, &section.aliases)
    };
    let found: Vec<Option<SectionId>> = sections.iter().map(find).collect();
    let mut edits = Vec::new();
    let mut added: Vec<(usize, String)> = Vec::new();
    for (at, (section, id)) in sections.iter().zip(&found).enumerate() {
        match id {
            Some(id) => {
                for part in &section.parts {
                    merge_part(part, *id, &tree, text, &mut edits);
                }
            }
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
    for (place, sections) in added {
        edits.push(insert_block(text, place, &sections));
    }
    for edit in &mut edits {
        edit.replacement = edit.replacement.replace('\n', newline);
    }
    TextEdits::new(edits)
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
pub(crate) fn insert_block(text: &str, place: usize, block: &str) -> TextEdit {
    let before = text.get(..place).unwrap_or_default().trim_end_matches(['\n', '\r', ' ', '\t']);
    let rest = text.get(place..).unwrap_or_default();
    let lead = if before.is_empty() { "" } else { "\n\n" };
    let tail = if rest.trim().is_empty() { "\n" } else { "\n\n" };
    let end = if rest.trim().is_empty() { text.len() } else { place };
    TextEdit::replace(Span::new(before.len(), end), format!("{lead}{}{tail}", block.trim_end()))
}

fn merge_part(part: &Part, section: SectionId, tree: &Document, text: &str, edits: &mut Vec<TextEdit>) {
    match part {
        Part::Fields { fields, numbered } => merge_fields(fields, *numbered, section, tree, text, edits),
        Part::Bullets { items, .. } => merge_bullets(items, section, tree, text, edits),
        Part::Table { columns, rows } => merge_table(columns, rows, section, tree, text, edits),
    }
}

fn merge_fields(
    fields: &[FieldContent],
    numbered: bool,
    section: SectionId,
    tree: &Document,
    text: &str,
    edits: &mut Vec<TextEdit>,
) {
    let present = tree.fields_in(section);
    let mut missing = Vec::new();
    for field in fields {
        match called(present.iter().map(|it| (it.name.of(text), it)), &field.name, &field.aliases) {
            Some(it) => {
                let old = it.value.of(text);
                if let Some(value) = field.value.as_ref().filter(|_| old.is_empty() || is_placeholder(old)) {
                    let space = if old.is_empty()
                        && text.get(..it.value.start as usize).is_some_and(|it| it.ends_with(':') || it.ends_with('*'))
                    {
                        " "
                    } else {
                        ""
                    };
                    edits.push(TextEdit::replace(it.value, format!("{space}{value}")));
                }
            }
            None => missing.push(field),
        }
    }
    if missing.is_empty() {
        return;
    }
    let lines: Vec<String> =
        missing.iter().enumerate().map(|(at, it)| field_line(it, numbered, present.len() + at)).collect();
    edits.push(append_lines(&lines.join("\n"), present.last().map(|it| it.item), section, tree, text));
}

fn merge_bullets(
    items: &[(String, String)],
    section: SectionId,
    tree: &Document,
    text: &str,
    edits: &mut Vec<TextEdit>,
) {
    let present: Vec<_> = tree.items.iter().filter(|it| it.section == section && it.depth == 0).collect();
    let plain = |span: Span| span.of(text).replace(['*', '`', '['], "").to_lowercase();
    let texts: Vec<String> = present.iter().map(|it| plain(it.content)).collect();
    let is_there = |key: &str| texts.iter().any(|it| it.starts_with(&key.replace(['*', '`', '['], "").to_lowercase()));
    let missing: Vec<String> = items.iter().filter(|it| !is_there(&it.0)).map(|it| format!("- {}", it.1)).collect();
    if missing.is_empty() {
        return;
    }
    let placeholder = present.iter().find(|it| value::waits(it.content.of(text)));
    match placeholder {
        Some(it) => edits.push(TextEdit::replace(
            Span::new(it.span.start as usize, it.span.start as usize + it.span.of(text).trim_end().len()),
            missing.join("\n"),
        )),
        None => edits.push(append_lines(&missing.join("\n"), present.last().map(|it| it.span), section, tree, text)),
    }
}

/// Adds lines behind the last of a kind, or at the end of the section.
fn append_lines(lines: &str, last: Option<Span>, section: SectionId, tree: &Document, text: &str) -> TextEdit {
    let body = tree.section(section).body;
    match last {
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
    }
}

fn merge_table(
    columns: &[Name],
    rows: &[Vec<Option<String>>],
    section: SectionId,
    tree: &Document,
    text: &str,
    edits: &mut Vec<TextEdit>,
) {
    let is_same = |header: &[Span]| {
        header.first().zip(columns.first()).is_some_and(|(it, column)| is_one_of(it.of(text).trim_matches('*'), column))
    };
    let Some(table) = tree.tables.iter().find(|it| it.section == section && is_same(tree.header(it))) else {
        if !rows.is_empty() {
            let table = Part::Table { columns: columns.to_vec(), rows: rows.to_vec() };
            edits.push(append_lines(&table.render(), None, section, tree, text));
        }
        return;
    };
    let header: Vec<&str> = tree.header(table).iter().map(|it| it.of(text)).collect();
    let column = |title: &str| columns.iter().position(|it| is_one_of(title.trim_matches('*'), it));
    let mut missing = Vec::new();
    for row in rows {
        let name = row.first().and_then(Option::as_deref).unwrap_or_default();
        let is_row = |cells: &[Span]| {
            cells.first().is_some_and(|it| it.of(text).trim_matches(['`', '*']).eq_ignore_ascii_case(name))
        };
        let Some(present) = tree.rows(table).iter().find(|it| is_row(tree.cells(it))) else {
            let cells: Vec<Option<String>> =
                header.iter().map(|it| column(it).and_then(|it| row.get(it)).cloned().flatten()).collect();
            missing.push(row_line(&cells));
            continue;
        };
        for (title, span) in header.iter().zip(tree.cells(present)) {
            let value = column(title).and_then(|it| row.get(it)).and_then(Option::as_ref);
            if let Some(value) = value.filter(|_| span.of(text).is_empty() || is_placeholder(span.of(text))) {
                edits.push(TextEdit::replace(*span, cell(value)));
            }
        }
    }
    if missing.is_empty() {
        return;
    }
    let waiting = tree.rows(table).iter().find(|it| tree.cells(it).first().is_some_and(|it| value::waits(it.of(text))));
    match waiting {
        Some(row) => edits.push(TextEdit::replace(
            Span::new(row.span.start as usize, row.span.start as usize + row.span.of(text).trim_end().len()),
            missing.join("\n"),
        )),
        None => {
            let end = table.span.start as usize + table.span.of(text).trim_end().len();
            edits.push(TextEdit::insert(end, format!("\n{}", missing.join("\n"))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections() -> Vec<SectionContent> {
        let fields =
            vec![FieldContent::new("Status", Some("Draft"), ""), FieldContent::new("Owner", Some("team-a"), "Who?")];
        let rows = vec![vec![Some("a.b.v1".to_owned()), Some("id".to_owned())]];
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
                Part::Bullets { items: vec![("Outbox".into(), "Outbox: why".into())], placeholder: "- [TBD]".into() },
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
        assert!(merge(&text, &sections()).unwrap().is_empty());
    }

    #[test]
    fn what_is_there_stays_and_what_is_missing_is_added_in_order() {
        let text = "# Design\n\n## Summary\n\n- **Status**: Accepted\n- **Owner**: [TBD: Who?]\n\nWords of mine.\n\n\
            ## Channels\n\n| Channel | Key |\n| --- | --- |\n| x.y.v1 | k |\n\n## More\n\nMine.\n";
        let edits = merge(text, &sections()).unwrap();
        let after = edits.apply(text).unwrap();
        assert_eq!(
            after,
            "# Design\n\n## Summary\n\n- **Status**: Accepted\n- **Owner**: team-a\n\nWords of mine.\n\n## Patterns\n\n\
            - Outbox: why\n\n## Channels\n\n| Channel | Key |\n| --- | --- |\n| x.y.v1 | k |\n| a.b.v1 | id |\n\n\
            ## More\n\nMine.\n"
        );
        assert!(merge(&after, &sections()).unwrap().is_empty());
    }
}
