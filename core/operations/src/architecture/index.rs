//! The lists in which decision records stand: a line for a new record that looks like those beside it, and the status
//! of one that was replaced.

use archwright_syntax::{
    Span, TextEdit,
    markdown::{Document, Table},
};

use archwright_engine::Workspace;
use archwright_model::{
    Kind, RelPath,
    conventions::{config::Config, role::State},
    date,
    facts::FileFacts,
    values::value,
};
use archwright_rules::authoring::record::{Sample, name};

/// A record as lists tell of it.
pub(super) struct Listed<'a> {
    /// Where it is.
    pub path: &'a RelPath,
    /// Its number.
    pub number: u32,
    /// What it is about.
    pub subject: &'a str,
    /// Its status.
    pub status: &'a str,
    /// Its day.
    pub date: &'a str,
}

/// A list of records in a document.
struct List<'a, 'w> {
    facts: &'a FileFacts,
    tree: &'a Document,
    /// Where each record is linked from, in the order of the records.
    links: Vec<(&'a Sample<'w>, Span)>,
}

/// The edits of each document that lists the records of a folder.
pub(super) fn edits<'w>(
    workspace: &'w Workspace,
    folder: &RelPath,
    records: &[Sample<'w>],
    new: &Listed,
    replaced: &[&RelPath],
) -> Vec<(RelPath, Vec<TextEdit>)> {
    let config = workspace.config();
    let mut found = Vec::new();
    for facts in workspace.files().filter_map(|it| workspace.facts(it)) {
        let Some(list) = List::of(facts, folder, records) else { continue };
        let mut edits: Vec<TextEdit> = Vec::new();
        let is_there = facts.document().is_some_and(|it| it.links.iter().any(|it| it.path == *new.path));
        if !is_there {
            edits.extend(list.add(new, config));
        }
        for (record, span) in list.links.iter().filter(|it| replaced.contains(&it.0.path)) {
            edits.extend(list.supersede(record, *span, records, config));
        }
        if !edits.is_empty() {
            found.push((facts.path.clone(), edits));
        }
    }
    found
}

impl<'a, 'w> List<'a, 'w> {
    /// The list of a document that stands in the folder or above it and links most of the records.
    fn of(facts: &'a FileFacts, folder: &RelPath, records: &'a [Sample<'w>]) -> Option<Self> {
        let parent = facts.path.parent();
        let is_above = parent == *folder
            || parent.as_str().is_empty()
            || folder.as_str().strip_prefix(parent.as_str()).is_some_and(|it| it.starts_with('/'));
        // The catalog has a row for what concerns all.
        let is_catalog = facts.kind == Kind::Catalog;
        let may_list = is_catalog || is_above && facts.kind == Kind::Document;
        let document = facts.document().filter(|_| may_list)?;
        if records.iter().any(|it| *it.path == facts.path) {
            return None;
        }
        let tree = &document.tree;
        let is_entry = |span: Span| {
            let in_item = tree.items.iter().any(|it| it.span.contains(span));
            in_item || tree.tables.iter().any(|it| it.span.contains(span))
        };
        let linked = |it: &'a Sample<'w>| {
            let link = document.links.iter().find(|link| link.path == *it.path && is_entry(link.span))?;
            Some((it, link.span))
        };
        let links: Vec<_> = records.iter().filter_map(linked).collect();
        let wanted = if is_catalog { 1 } else { records.len().div_ceil(2).max(1) };
        (links.len() >= wanted && (records.len() > 1 || is_catalog || parent == *folder)).then_some(Self {
            facts,
            tree,
            links,
        })
    }

    /// The table that a place stands in.
    fn table(&self, span: Span) -> Option<&Table> {
        self.tree.tables.iter().find(|it| it.span.contains(span))
    }

    /// The line for a new record.
    fn add(&self, new: &Listed, config: &Config) -> Option<TextEdit> {
        let text = &*self.facts.text;
        let newline = archwright_syntax::newline(text);
        // Lists of the newest first go on at their top.
        let falls = self.links.windows(2).filter(|it| matches!(it, [a, b] if b.1.start < a.1.start)).count();
        let falls = falls * 2 > self.links.len().saturating_sub(1);
        let (record, link) = self.links.last()?;
        let line = line_at(text, *link);
        if let Some(table) = self.table(*link) {
            let row = self.tree.rows(table).iter().find(|it| it.span.contains(*link))?;
            let cells = self.tree.cells(row);
            let new_cell = |at: usize, span: &Span| self.cell(*span, *link, record, new, at == 0, config);
            let new_cells: Vec<String> = cells.iter().enumerate().map(|(at, it)| new_cell(at, it)).collect();
            let row_text = replace(text, line, cells.iter().copied().zip(new_cells.iter().cloned()));
            let first = |cells: &[Span]| cells.first().map(|it| value::plain(it.of(text)).to_lowercase());
            let names: Vec<String> = self.tree.rows(table).iter().filter_map(|it| first(self.tree.cells(it))).collect();
            let is_sorted = names.len() > 1 && names.is_sorted() && self.facts.kind == Kind::Catalog;
            let own = new_cells.first().map(|it| value::plain(it).to_lowercase()).unwrap_or_default();
            let next = self
                .tree
                .rows(table)
                .iter()
                .filter(|_| is_sorted)
                .find(|it| first(self.tree.cells(it)).is_some_and(|it| it > own));
            return Some(match next {
                Some(next) => TextEdit::insert(next.span.start as usize, format!("{row_text}{newline}")),
                None if is_sorted => {
                    let end = table.span.start as usize + table.span.of(text).trim_end().len();
                    TextEdit::insert(end, format!("{newline}{row_text}"))
                }
                None if falls => TextEdit::insert(line.start as usize, format!("{row_text}{newline}")),
                None => TextEdit::insert(line.end as usize, format!("{newline}{row_text}")),
            });
        }
        let item = self.item(line, *link, record, new, config)?;
        Some(if falls {
            TextEdit::insert(line.start as usize, format!("{item}{newline}"))
        } else {
            TextEdit::insert(self.end_of_item(*link, line), format!("{newline}{item}"))
        })
    }

    /// Where the item of a link ends, with what it says on lines of its own.
    fn end_of_item(&self, link: Span, line: Span) -> usize {
        let item = self.tree.items.iter().rev().find(|it| it.span.contains(link));
        let end = item.map(|it| it.span.start as usize + it.span.of(&self.facts.text).trim_end().len());
        end.unwrap_or(line.end as usize).max(line.end as usize)
    }

    /// The link to the new record, written like that to another one.
    fn link(&self, link: Span, record: &Sample, new: &Listed) -> Option<String> {
        let written = self.tree.links.iter().find(|it| it.span == link)?;
        let text = &*self.facts.text;
        let label = label(written.text.of(text), record, new);
        let folder = self.facts.path.parent();
        let target = new.path.relative_to(&folder);
        let old = written.target.of(text);
        let dot = if old.starts_with("./") { "./" } else { "" };
        let end = format!(".{}", new.path.extension());
        let target = if old.ends_with(&end) { target } else { target.trim_end_matches(&end).to_owned() };
        Some(format!("[{label}]({dot}{target})"))
    }

    /// The line of a list. What only the other record says is left out.
    fn item(&self, line: Span, link: Span, record: &Sample, new: &Listed, config: &Config) -> Option<String> {
        let text = &*self.facts.text;
        let before = text.get(line.start as usize..link.start as usize)?;
        let after = text.get(link.end as usize..line.end as usize)?;
        let before = match mark(before) {
            Some(old) => {
                let own = self.mark_for(new.status, config);
                let own = own.as_deref().unwrap_or_default();
                let marked = before.replacen(old, own, 1);
                if own.is_empty() { marked.trim_end().to_owned() + " " } else { marked }
            }
            None => before.to_owned(),
        };
        let before = with_next_number(&before, record, new);
        // A colon or a dash begins what is said of a record.
        let tail = after.trim_end();
        let said = tail.trim_matches(|it: char| !it.is_alphanumeric());
        let tail = if said.is_empty() {
            tail.to_owned()
        } else if name::same_subject(said, record.subject()) {
            tail.replacen(said, new.subject, 1)
        } else if record.status.as_ref().is_some_and(|it| it.0.eq_ignore_ascii_case(said)) {
            tail.replacen(said, new.status, 1)
        } else if date::is_date(said) {
            tail.replacen(said, new.date, 1)
        } else {
            String::new()
        };
        Some(format!("{before}{}{tail}", self.link(link, record, new)?))
    }

    /// What stands before the link of a record in the line of a list.
    fn before(&self, link: Span) -> &str {
        let text = &*self.facts.text;
        let line = line_at(text, link);
        text.get(line.start as usize..link.start as usize).unwrap_or_default()
    }

    /// The sign that a list has before records of a status; the one that all have, if it tells no status.
    fn mark_for(&self, status: &str, config: &Config) -> Option<String> {
        let state = config.vocabulary().state(status);
        let marks = || self.links.iter().filter_map(|it| Some((it.0, mark(self.before(it.1))?)));
        let (_, first) = marks().next()?;
        if self.links.len() > 1 && marks().count() == self.links.len() && marks().all(|it| it.1 == first) {
            let states = marks().filter_map(|it| it.0.status.as_ref()?.1);
            let mut states: Vec<State> = states.collect();
            states.dedup();
            if states.len() > 1 || states.first().is_some_and(|it| Some(*it) == state) {
                return Some(first.to_owned());
            }
        }
        let of_state = |it: &Sample| it.status.as_ref().is_some_and(|it| it.1.is_some() && it.1 == state);
        marks().rfind(|it| of_state(it.0)).map(|it| it.1.to_owned())
    }

    /// The cell of a row.
    fn cell(&self, cell: Span, link: Span, record: &Sample, new: &Listed, first: bool, config: &Config) -> String {
        let text = cell.of(&self.facts.text);
        let escaped = |it: &str| it.replace('|', "\\|");
        if cell.contains(link) {
            let (before, after) = (cell.start as usize..link.start as usize, link.end as usize..cell.end as usize);
            let around = |it: std::ops::Range<usize>| self.facts.text.get(it).unwrap_or_default().to_owned();
            let is_bare = |it: &str| !it.contains(char::is_alphanumeric);
            let (before, after) = (around(before), around(after));
            let kept = |it: String| if is_bare(&it) { it } else { String::new() };
            let (before, after) = (kept(before), kept(after));
            return format!("{before}{}{after}", escaped(&self.link(link, record, new).unwrap_or_default()));
        }
        let plain = value::plain(text);
        let number = plain.trim_start_matches(|it: char| !it.is_ascii_digit());
        match () {
            () if plain.is_empty() => String::new(),
            () if name::same_subject(&plain, record.subject()) => escaped(new.subject),
            () if number.parse() == Ok(record.number.unwrap_or(u32::MAX)) => label(&plain, record, new),
            () if date::is_date(&plain) => new.date.to_owned(),
            () if is_status(&plain, config) => self.status_like(cell, new.status, config),
            () if shares_words(&plain, record.subject()) => escaped(new.subject),
            () if first => escaped(new.subject),
            () => value::placeholder(""),
        }
    }

    /// A status as the column of a cell writes it.
    fn status_like(&self, cell: Span, status: &str, config: &Config) -> String {
        let text = &*self.facts.text;
        let state = config.vocabulary().state(status);
        let Some(table) = self.table(cell) else { return status.to_owned() };
        let rows = || self.tree.rows(table).iter().map(|it| self.tree.cells(it));
        let column = rows().find_map(|it| it.iter().position(|it| *it == cell)).unwrap_or_default();
        let written = rows().filter_map(|it| it.get(column)).map(|it| it.of(text));
        let mut same = written.filter(|it| {
            let plain = value::plain(it);
            is_status(&plain, config) && config.vocabulary().state(&plain) == state
        });
        same.next_back().map_or_else(|| status.to_owned(), str::to_owned)
    }

    /// The status of a record that was replaced, where the list says it.
    fn supersede(&self, record: &Sample, link: Span, records: &[Sample], config: &Config) -> Option<TextEdit> {
        let Some(table) = self.table(link) else {
            let before = self.before(link);
            let old = mark(before)?;
            let new = self.mark_for(config.profile().state(State::Superseded), config).filter(|it| it != old)?;
            let at = link.start as usize - before.len() + before.find(old)?;
            return Some(TextEdit::replace(Span::new(at, at + old.len()), new));
        };
        let row = self.tree.rows(table).iter().find(|it| it.span.contains(link))?;
        let cells = self.tree.cells(row).iter().filter(|it| !it.contains(link));
        let mut statuses = cells.filter(|it| is_status(&value::plain(it.of(&self.facts.text)), config));
        let cell = statuses.next()?;
        let written = value::plain(cell.of(&self.facts.text));
        if config.vocabulary().state(&written) == Some(State::Superseded) || record.status.is_none() {
            return None;
        }
        let shown = records.iter().filter_map(|it| it.status.as_ref());
        let mut words = shown.filter(|it| it.1 == Some(State::Superseded)).map(|it| it.0.as_str());
        let word = words.find(|it| is_status(it, config)).unwrap_or_else(|| config.profile().state(State::Superseded));
        Some(TextEdit::replace(*cell, self.status_like(*cell, word, config)))
    }
}

/// A label for the new record that is made like another one's.
pub(super) fn label(written: &str, record: &Sample, new: &Listed) -> String {
    let is_code = written.starts_with('`') && written.ends_with('`');
    let bare = written.trim_matches('`');
    let (titles, subject) = name::Titles::of(bare);
    let label = match titles {
        name::Titles::Numbered { .. } if subject.is_empty() => titles.title(new.number, ""),
        name::Titles::Numbered { .. } => titles.title(new.number, new.subject),
        name::Titles::Plain => {
            let digits = bare.bytes().all(|it| it.is_ascii_digit()) && !bare.is_empty();
            match () {
                () if digits => {
                    let width = bare.len();
                    format!("{:0width$}", new.number)
                }
                () if bare == record.path.stem() => new.path.stem().to_owned(),
                () if bare == record.path.name() => new.path.name().to_owned(),
                () => new.subject.to_owned(),
            }
        }
    };
    if is_code { format!("`{label}`") } else { label }
}

/// The sign before the link of a list's line, as of a status: `- ✅ [..](..)`.
fn mark(before: &str) -> Option<&str> {
    let is_of_item = |it: char| it.is_ascii_digit() || it.is_ascii_punctuation() || it.is_whitespace();
    let mark = before.trim_start_matches(is_of_item).trim_end();
    (!mark.is_empty() && !mark.contains(char::is_alphanumeric)).then_some(mark)
}

/// What stands before a link, with the number of the record or of the item counted on.
fn with_next_number(before: &str, record: &Sample, new: &Listed) -> String {
    let Some(at) = before.find(|it: char| it.is_ascii_digit()) else { return before.to_owned() };
    let rest = before.get(at..).unwrap_or_default();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, after) = rest.split_at_checked(digits).unwrap_or((rest, ""));
    let head = before.get(..at).unwrap_or_default();
    let width = if number.starts_with('0') { number.len() } else { 1 };
    let next = match number.parse::<u32>() {
        Ok(it) if Some(it) == record.number => new.number,
        Ok(it) => it.saturating_add(1),
        Err(_) => return before.to_owned(),
    };
    // `1.` before every item is Markdown's way to count.
    let next = if number == "1" && record.number != Some(1) { 1 } else { next };
    format!("{head}{next:0width$}{after}")
}

/// The line that a place stands in, without its end.
fn line_at(text: &str, span: Span) -> Span {
    let start = text.get(..span.start as usize).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let rest = text.get(span.end as usize..).unwrap_or_default();
    let end = span.end as usize + rest.find(['\n', '\r']).unwrap_or(rest.len());
    Span::new(start, end)
}

/// Whether a text has most of its words in common with another one: a shortened title.
fn shares_words(text: &str, title: &str) -> bool {
    let words = |it: &str| -> Vec<String> {
        it.split(|it: char| !it.is_alphanumeric()).filter(|it| it.len() > 2).map(str::to_lowercase).collect()
    };
    let (text, title) = (words(text), words(title));
    let shared = text.iter().filter(|it| title.contains(it)).count();
    !text.is_empty() && shared * 2 >= text.len()
}

/// A line with other texts in some of its places.
fn replace(text: &str, line: Span, places: impl Iterator<Item = (Span, String)>) -> String {
    let (mut res, mut at) = (String::new(), line.start as usize);
    for (span, new) in places {
        res.push_str(text.get(at..span.start as usize).unwrap_or_default());
        res.push_str(&new);
        at = span.end as usize;
    }
    res.push_str(text.get(at..line.end as usize).unwrap_or_default());
    res
}

/// Whether a text is the word for a state, with a sign before it perhaps.
fn is_status(text: &str, config: &Config) -> bool {
    archwright_rules::authoring::record::is_word(text, config)
}
