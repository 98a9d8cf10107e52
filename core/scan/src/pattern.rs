//! Patterns named in comments.

use archwright_syntax::{Span, Spanned};

use crate::PatternComment;
use crate::facts::PATTERN;

/// The patterns that the lines of a comment name. `span` is the whole comment.
pub(crate) fn patterns_in(text: &str, span: Span) -> Vec<PatternComment> {
    let comment = span.of(text);
    let mut at = span.start as usize;
    let mut found = Vec::new();
    for line in comment.split_inclusive('\n') {
        found.extend(pattern_in(line, at));
        at += line.len();
    }
    found
}

/// The pattern a line names, if it starts with that. `at` is where the line starts.
fn pattern_in(line: &str, at: usize) -> Option<PatternComment> {
    let marks =
        |it: char| it.is_whitespace() || matches!(it, '/' | '*' | '#' | '!' | '-' | ';' | '%' | '<' | '(' | '{');
    let body = line.trim_start_matches(marks);
    let start = at + line.len() - body.len();
    let rest = body.strip_prefix(PATTERN)?;
    let ends = [" - ", " – ", " — ", ";", "—", "*/", "\n", "\r"];
    let end = ends.iter().filter_map(|it| rest.find(it)).min().unwrap_or(rest.len());
    let name = rest.get(..end)?.trim().trim_end_matches('.');
    if name.is_empty() {
        return None;
    }
    let name_start = start + PATTERN.len() + (rest.len() - rest.trim_start().len());
    let span = Span::new(name_start, name_start + name.len());
    Some(PatternComment { name: Spanned { text: name.into(), span }, span: Span::new(start, span.end as usize) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_ends_where_the_reason_begins() {
        let cases = [
            ("// Pattern: Transactional Outbox - one commit.", "Transactional Outbox"),
            ("# Pattern: Saga; compensates", "Saga"),
            ("# Pattern: Saga—compensates", "Saga"),
            ("// Pattern: Dead-Letter Channel – parks", "Dead-Letter Channel"),
            ("/* Pattern: Idempotent Receiver. */", "Idempotent Receiver"),
            ("/**\r\n * Pattern:  Größe \r\n */", "Größe"),
        ];
        for (text, name) in cases {
            let found = patterns_in(text, Span::new(0, text.len()));
            let names: Vec<_> = found.iter().map(|it| it.name.text.as_str()).collect();
            assert_eq!(names, [name], "{text}");
            let first = found.first().unwrap();
            assert_eq!(first.name.span.of(text), name);
            assert!(first.span.of(text).starts_with("Pattern:"));
        }
    }

    #[test]
    fn other_comments_name_none() {
        for text in
            ["// Design Pattern: Saga", "// Pattern:", "// Pattern: - why", "// pattern: Saga", "// Patterns: Saga"]
        {
            assert_eq!(patterns_in(text, Span::new(0, text.len())), [], "{text}");
        }
    }
}
