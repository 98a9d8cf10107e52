//! Looking at a YAML text line by line and bracket by bracket, without parsing it.

use crate::Span;

/// What separates words within a line. Other characters of Unicode that look blank are content in YAML.
pub(super) const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// One line of the text.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    /// Before the line break.
    pub(super) end: usize,
}

impl<'a> Line<'a> {
    pub(super) fn at(text: &'a str, at: usize) -> Self {
        let bytes = text.as_bytes();
        let at = at.min(text.len());
        let start = memchr::memrchr2(b'\n', b'\r', bytes.get(..at).unwrap_or_default()).map_or(0, |it| it + 1);
        let end =
            memchr::memchr2(b'\n', b'\r', bytes.get(start..).unwrap_or_default()).map_or(text.len(), |it| start + it);
        Self { text, start, end }
    }

    pub(super) fn next(self) -> Option<Self> {
        let rest = self.text.get(self.end..)?;
        let len = if rest.starts_with("\r\n") { 2 } else { 1 };
        (rest.len() > len).then(|| Self::at(self.text, self.end + len))
    }

    pub(super) fn previous(self) -> Option<Self> {
        let before = self.text.get(..self.start)?;
        let before = before.strip_suffix("\r\n").or_else(|| before.strip_suffix(['\n', '\r']))?;
        Some(Self::at(self.text, before.len()))
    }

    pub(super) fn source(self) -> &'a str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// The number of leading spaces.
    pub(super) fn indent(self) -> usize {
        self.source().len() - self.source().trim_start_matches(' ').len()
    }

    /// From the first to the last character that is neither blank nor in a comment behind it.
    pub(super) fn content(self) -> Span {
        let source = self.source();
        let start = source.len() - source.trim_start_matches(BLANK).len();
        let mut quotes = 0;
        let mut end = source.len();
        let mut before = ' ';
        for (at, char) in source.char_indices() {
            match char {
                '#' if matches!(before, ' ' | '\t') && quotes % 2 == 0 => {
                    end = at;
                    break;
                }
                '"' | '\'' => quotes += 1,
                _ => {}
            }
            before = char;
        }
        let end = source.get(..end).unwrap_or_default().trim_end_matches(BLANK).len().max(start);
        Span::new(self.start + start, self.start + end)
    }

    pub(super) fn is_blank(self) -> bool {
        self.content().is_empty()
    }

    pub(super) fn words(self) -> &'a str {
        self.content().of(self.text)
    }

    pub(super) fn starts_item(self) -> bool {
        self.words() == "-" || self.words().starts_with("- ")
    }

    /// Whether it starts with `key:`.
    pub(super) fn starts_entry(self) -> bool {
        let words = self.words();
        words.ends_with(':') || words.contains(": ")
    }

    /// The next line that has content.
    pub(super) fn next_content(self) -> Option<Self> {
        std::iter::successors(self.next(), |it| it.next()).find(|it| !it.is_blank())
    }

    pub(super) fn previous_content(self) -> Option<Self> {
        std::iter::successors(self.previous(), |it| it.previous()).find(|it| !it.is_blank())
    }
}

/// The brackets that are open at `to`, read from `from`, and the end of the last thing before `to`.
pub(super) fn open_brackets(text: &str, from: usize, to: usize) -> (Vec<(usize, u8)>, usize) {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let mut open = Vec::new();
    let mut end = from;
    let mut before = b' ';
    let mut at = from;
    while at < to.min(bytes.len()) {
        let char = byte(at);
        let starts_token = matches!(before, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b'{' | b':');
        match char {
            b'#' if matches!(before, b' ' | b'\t' | b'\n' | b'\r') => {
                at = memchr::memchr2(b'\n', b'\r', bytes.get(at..).unwrap_or_default())
                    .map_or(bytes.len(), |it| at + it);
                before = b'\n';
                continue;
            }
            b'"' | b'\'' if starts_token => {
                at = quoted_end(text, at).min(to);
                end = at;
                before = char;
                continue;
            }
            b'[' | b'{' if !open.is_empty() || starts_token => open.push((at, char)),
            b']' if open.last().is_some_and(|it: &(usize, u8)| it.1 == b'[') => drop(open.pop()),
            b'}' if open.last().is_some_and(|it: &(usize, u8)| it.1 == b'{') => drop(open.pop()),
            _ => {}
        }
        if !matches!(char, b' ' | b'\t' | b'\n' | b'\r') {
            end = at + 1;
        }
        before = char;
        at += 1;
    }
    (open, end)
}

/// Behind the closing quote of the quoted scalar at `start`; the text's end if there is none.
pub(super) fn quoted_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes.get(start).copied().unwrap_or(b'"');
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let found = if quote == b'"' { memchr::memchr2(b'"', b'\\', rest) } else { memchr::memchr(b'\'', rest) };
        let Some(found) = found else { return text.len() };
        at += found;
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'\\'), _) | (Some(b'\''), Some(b'\'')) => at += 2,
            _ => return at + 1,
        }
    }
}

/// Behind the bracket that closes the one at `start`.
pub(super) fn balanced_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => {
                at = quoted_end(text, at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}
