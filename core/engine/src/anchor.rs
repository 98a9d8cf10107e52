//! A line of a file that is found again when the file has changed, or is known not to be there any more.

use archwright_syntax::Span;

/// What a line said when somebody looked at it, and which one of the lines that say the same it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// What stands in it, without what is around it.
    text: Box<str>,
    /// So many lines before it say the same.
    nth: u32,
    /// So many lines of the file say the same, with itself.
    of: u32,
}

impl Anchor {
    /// The line of a text, counting from 1; `None` if it is not there or empty.
    pub fn of(text: &str, line: u32) -> Option<Self> {
        let at = (line as usize).checked_sub(1)?;
        let said = text.split_inclusive('\n').nth(at)?.trim();
        if said.is_empty() {
            return None;
        }
        let (mut nth, mut of) = (0, 0);
        for (other, _) in text.split_inclusive('\n').enumerate().filter(|it| it.1.trim() == said) {
            nth += u32::from(other < at);
            of += 1;
        }
        Some(Self { text: said.into(), nth, of })
    }

    /// Where the line stands in a text, without what is around it; `None` if the text does not have it any more, or not
    /// as often as it had, so that nobody can tell which one is meant.
    pub fn span_in(&self, text: &str) -> Option<Span> {
        let (mut at, mut seen, mut found) = (0, 0, None);
        for line in text.split_inclusive('\n') {
            let said = line.trim();
            if said == &*self.text {
                if seen == self.nth {
                    let start = at + line.len() - line.trim_start().len();
                    found = Some(Span::new(start, start + said.len()));
                }
                seen += 1;
            }
            at += line.len();
        }
        found.filter(|_| seen == self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_where_it_moved_to_and_not_where_it_changed() {
        let text = "a\n  send(\"x\");\nb\n  send(\"x\");\n";
        let second = Anchor::of(text, 4).unwrap();
        assert_eq!(second.span_in(text).unwrap().range(), 19..29);
        let moved = format!("// new\n{text}");
        assert_eq!(second.span_in(&moved).unwrap().range(), 26..36);
        let deeper = text.replace("  send", "\tif (y) send");
        assert_eq!(second.span_in(&deeper), None);
        // One of two is gone, and which one it was cannot be told.
        assert_eq!(second.span_in("a\n  send(\"x\");\nb\n"), None);
        assert_eq!((Anchor::of(text, 0), Anchor::of(text, 9), Anchor::of("a\n\nb", 2)), (None, None, None));
    }
}
