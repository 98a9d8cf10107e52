//! Fields: `**Name**: value` in list items and lines, plain names that are known, and rows of two-column tables.

use super::lines;
use crate::Span;

/// Names that make a field without bold marks: `Status: accepted`. Which ones is a convention, so whoever reads
/// documents says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainNames {
    /// Those at the beginning of any line.
    lines: Names,
    /// Those at the beginning of a list item, where a name and a colon are hardly prose.
    items: Names,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Names {
    /// By the letter that they begin with, as most lines begin with none of them; longer ones first, so that one that
    /// begins with another wins.
    by_initial: Vec<Vec<Box<str>>>,
}

impl<T: AsRef<str>> FromIterator<T> for Names {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        let mut names: Vec<Box<str>> = names.into_iter().map(|it| it.as_ref().into()).collect();
        names.sort_by_key(|it| std::cmp::Reverse(it.len()));
        names.dedup();
        let mut by_initial = vec![Vec::new(); INITIALS];
        for name in names {
            if let Some(of_initial) = by_initial.get_mut(initial(&name)) {
                of_initial.push(name);
            }
        }
        Self { by_initial }
    }
}

impl<T: AsRef<str>> FromIterator<T> for PlainNames {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        Self { lines: names.into_iter().collect(), items: Names::default() }
    }
}

impl Names {
    /// The longest name that a text begins with, by its length.
    fn beginning(&self, text: &str) -> Option<usize> {
        let starts = |name: &str| text.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name));
        self.by_initial.get(initial(text))?.iter().find(|it| starts(it)).map(|it| it.len())
    }
}

impl PlainNames {
    /// The same names, and further ones that make a field of a list item only: `- Capacity: 120 per second`.
    #[must_use]
    pub fn with_items<T: AsRef<str>>(self, names: impl IntoIterator<Item = T>) -> Self {
        Self { items: names.into_iter().collect(), ..self }
    }

    /// The field that starts at `at` with one of the names, a colon, and white space or nothing.
    pub(super) fn field(&self, text: &str, at: usize, in_item: bool) -> Option<Beginning> {
        let rest = text.get(at..)?;
        let of = |names: &Names| names.beginning(rest).and_then(|it| named(text, Span::new(at, at + it)));
        of(&self.lines).or_else(|| if in_item { of(&self.items) } else { None })
    }

    /// The field that starts with one of the names in italics: `*Capacity*: 120 per second`.
    pub(super) fn italic(&self, text: &str, emphasis: Span, in_item: bool) -> Option<Beginning> {
        let source = emphasis.of(text);
        let inner = ["*", "_"].into_iter().find_map(|mark| source.strip_prefix(mark)?.strip_suffix(mark))?;
        let bare = inner.trim_ascii_end().strip_suffix(':').unwrap_or(inner).trim_ascii_end();
        let is_name = |names: &Names| names.beginning(bare) == Some(bare.len());
        if bare.is_empty() || !(is_name(&self.lines) || in_item && is_name(&self.items)) {
            return None;
        }
        let start = emphasis.start as usize + 1;
        let name = Span::new(start, start + bare.len());
        let end = emphasis.end as usize;
        if bare.len() < inner.trim_ascii_end().len() {
            return Some(Beginning { name, after: end });
        }
        let after = named(text, Span::new(name.start as usize, end))?.after;
        Some(Beginning { name, after })
    }
}

/// The field of a name that a colon and white space or nothing follow.
fn named(text: &str, name: Span) -> Option<Beginning> {
    let end = name.end as usize;
    let after = text.get(end..)?.strip_prefix(':')?;
    (after.is_empty() || after.starts_with([' ', '\t', '\n', '\r'])).then_some(Beginning { name, after: end + 1 })
}

/// Which letter a text begins with, whatever its case; the last number for all that are no ASCII letters.
fn initial(text: &str) -> usize {
    match text.as_bytes().first() {
        Some(it) if it.is_ascii_alphabetic() => usize::from(it.to_ascii_lowercase() - b'a'),
        _ => INITIALS - 1,
    }
}

/// The letters, and one for all other beginnings.
const INITIALS: usize = 27;

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
