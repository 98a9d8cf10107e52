//! Fields: `**Name**: value` in list items and lines, plain names that are known, and rows of two-column tables.

use super::lines;
use crate::Span;

/// Names that make a field without bold marks: `Status: accepted`. Which ones is a convention, so whoever reads
/// documents says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainNames {
    /// Longer ones first, so that one that begins with another wins.
    names: Vec<Box<str>>,
    /// The letters that they begin with, a bit for each: nearly all lines begin with none of them.
    initials: u32,
}

impl<T: AsRef<str>> FromIterator<T> for PlainNames {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        let mut names: Vec<Box<str>> = names.into_iter().map(|it| it.as_ref().into()).collect();
        names.sort_by_key(|it| std::cmp::Reverse(it.len()));
        let initials = names.iter().fold(0, |bits, it| bits | initial(it));
        Self { names, initials }
    }
}

impl PlainNames {
    /// The field that starts at `at` with one of the names, a colon, and white space or nothing.
    pub(super) fn field(&self, text: &str, at: usize) -> Option<Beginning> {
        let rest = text.get(at..)?;
        if self.initials & initial(rest) == 0 {
            return None;
        }
        let starts = |name: &&str| rest.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name));
        let name = self.names.iter().map(AsRef::as_ref).find(starts)?;
        let after = rest.get(name.len()..)?.strip_prefix(':')?;
        let end = at + name.len();
        (after.is_empty() || after.starts_with([' ', '\t', '\n', '\r']))
            .then_some(Beginning { name: Span::new(at, end), after: end + 1 })
    }
}

/// The bit of the first letter, whatever its case; one bit for all that are no ASCII letters.
fn initial(text: &str) -> u32 {
    match text.as_bytes().first() {
        Some(it) if it.is_ascii_alphabetic() => 1 << (it.to_ascii_lowercase() - b'a'),
        Some(_) => 1 << 31,
        None => 0,
    }
}

/// A name and where its value would start: the parts of a field that are known from its beginning.
#[derive(Clone, Copy)]
pub(super) struct Beginning {
    pub(super) name: Span,
    /// Right after the colon or the closing marks.
    pub(super) after: usize,
}

/// The field that a line starts with strong text at `strong`, if a colon ends it or follows it.
pub(super) fn bold(text: &str, strong: Span) -> Option<Beginning> {
    let name = bold_name(text, strong)?;
    let end = strong.end as usize;
    if name.end < strong.end - 2 && Span::new(name.end as usize, end).of(text).contains(':') {
        return Some(Beginning { name, after: end });
    }
    let rest = text.get(end..)?;
    let colon = end + rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let after = text.get(colon..)?.strip_prefix(':')?;
    (!after.starts_with(':')).then_some(Beginning { name, after: colon + 1 })
}

/// What stands between `**` and `**`, or `__` and `__`, without a colon at its end; `None` for other text and for no
/// text.
fn bold_name(text: &str, strong: Span) -> Option<Span> {
    let source = strong.of(text);
    let inner = ["**", "__"].into_iter().find_map(|mark| source.strip_prefix(mark)?.strip_suffix(mark))?;
    let name = inner.trim_ascii_end();
    let name = name.strip_suffix(':').unwrap_or(name);
    let start = strong.start as usize + 2;
    let name = lines::trim(text, Span::new(start, start + name.len()));
    (!name.is_empty()).then_some(name)
}

/// The end of a value that starts at `start`, if a separator stands between it and the next field at `next` on its
/// line.
pub(super) fn before_separator(text: &str, start: usize, next: usize) -> Option<usize> {
    let value = text.get(start..next)?.trim_end_matches([' ', '\t']).strip_suffix(['|', '·', '•'])?;
    Some(start + value.len())
}

/// The value between `start` and `end`: without white space and HTML comments around it. When nothing is left it is
/// empty and stands where a value would be written. In a block quote, later lines start with `>`.
pub(super) fn value(text: &str, start: usize, end: usize, quoted: bool) -> Span {
    let mut value = Span::new(start, end.max(start));
    loop {
        let before = value;
        value = lines::trim(text, value);
        if quoted && starts_line(text, start, value.start as usize) {
            let kept = value.of(text).trim_start_matches(['>', ' ', '\t']);
            value.start = value.end - kept.len() as u32;
        }
        let source = value.of(text);
        if let Some(comment) = source.strip_prefix("<!--") {
            let len = comment.find("-->").map_or(source.len(), |it| 4 + it + 3);
            value.start += len as u32;
        } else if let Some(open) = source.strip_suffix("-->").and_then(|it| it.rfind("<!--")) {
            value.end = value.start + open as u32;
        }
        if value.is_empty() {
            let blank = text.get(start..).is_some_and(|it| it.starts_with([' ', '\t']));
            return Span::empty(start + usize::from(blank));
        }
        if value == before {
            return value;
        }
    }
}

/// Whether a line starts at `at`, somewhere behind `from`, but for blanks.
fn starts_line(text: &str, from: usize, at: usize) -> bool {
    text.get(from..at).is_some_and(|it| it.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']))
}

/// How a cell in the first column of a table names a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CellName {
    /// `**Name**`.
    Bold(Span),
    /// A few plain words.
    Plain(Span),
    /// Anything else.
    None,
}

impl CellName {
    /// Reads the trimmed cell at `cell`.
    pub(super) fn of(text: &str, cell: Span) -> Self {
        let source = cell.of(text);
        let unmarked = source.strip_suffix(':').unwrap_or(source);
        let bare = Span::new(cell.start as usize, cell.start as usize + unmarked.len());
        if let Some(name) = bold_name(text, bare) {
            return if name.of(text).contains("**") { Self::None } else { Self::Bold(name) };
        }
        // More than five words are a sentence; digits first are a date or a row number.
        let words = unmarked.split_ascii_whitespace().count();
        let wordy = |it: char| it.is_alphanumeric() || " -/&'()_.".contains(it);
        if (1..=5).contains(&words) && unmarked.starts_with(char::is_alphabetic) && unmarked.chars().all(wordy) {
            return Self::Plain(lines::trim(text, bare));
        }
        Self::None
    }
}
