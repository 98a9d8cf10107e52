//! Comments that allow a finding in place: `<!-- archwright: allow link/dead-target -- reason -->`.

use archwright_syntax::{Span, markdown::Document};
use smol_str::SmolStr;

use crate::values::value;

/// A comment that allows rules somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The comment.
    pub span: Span,
    /// Where it holds.
    pub scope: Span,
    /// The rules it names, each with its place.
    pub rules: Vec<(SmolStr, Span)>,
    /// Whether it says why; a placeholder does not.
    pub has_reason: bool,
}

/// The word that starts every comment to Archwright.
const MARK: &str = "archwright:";

/// The suppressions of a Markdown text. A comment on a line of its own holds for the block below it, up to a blank
/// line; one beside text holds for its line; `allow-file` holds for the file.
pub fn in_markdown(tree: &Document, text: &str) -> Vec<Suppression> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let lines = Lines::of(text);
    let comments = tree.comments.iter().filter(|it| !tree.in_code(it.span.start as usize));
    comments.filter_map(|it| suppression(it.span, it.content, &lines)).collect()
}

/// The suppressions of a text with line comments. A comment on a line of its own holds for the next line, one behind
/// something holds for its line.
pub fn in_comments(text: &str, marker: &str) -> Vec<Suppression> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let lines = Lines::of(text);
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(mark) = line.find(MARK) {
            let before = line.get(..mark).unwrap_or_default();
            if let Some(comment) = before.rfind(marker) {
                let end = at + line.trim_end().len();
                let content = Span::new(at + comment + marker.len(), end);
                found.extend(suppression(Span::new(at + comment, end), content, &lines));
            }
        }
        at += line.len();
    }
    found
}

fn suppression(span: Span, content: Span, lines: &Lines<'_>) -> Option<Suppression> {
    let text = lines.text;
    let body = content.of(text);
    let start = content.start as usize + body.len() - body.trim_start().len();
    let rest = body.trim_start().strip_prefix(MARK)?;
    let start = start + MARK.len() + rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let (whole_file, names) = match (rest.strip_prefix("allow-file"), rest.strip_prefix("allow")) {
        (Some(names), _) => (true, names),
        (None, Some(names)) => (false, names),
        (None, None) => return None,
    };
    let start = start + rest.len() - names.len();
    let (names, reason) = names.split_once("--").map_or((names, ""), |it| (it.0, it.1));
    let mut rules = Vec::new();
    let mut at = start;
    for part in names.split_inclusive([',', ' ']) {
        let name = part.trim_matches([',', ' ', '\t']);
        if !name.is_empty() {
            let begin = at + part.find(name).unwrap_or_default();
            rules.push((SmolStr::new(name), Span::new(begin, begin + name.len())));
        }
        at += part.len();
    }
    let scope = if whole_file { Span::new(0, text.len()) } else { lines.scope(span) };
    Some(Suppression { span, scope, rules, has_reason: !value::waits(reason.trim()) && !reason.trim().is_empty() })
}

/// The lines of a text, looked at once for all its comments.
struct Lines<'a> {
    text: &'a str,
    /// Where each begins.
    starts: Vec<usize>,
    /// Where the first block ends that begins in a line or below it: at the blank line behind it.
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let mut starts = Vec::new();
        let mut blank = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            starts.push(at);
            blank.push(line.trim().is_empty());
            at += line.len();
        }
        let mut ends = vec![text.len(); starts.len()];
        // From below: the end of the block of a line, and of the block below a blank one.
        let (mut end, mut begun) = (text.len(), false);
        for line in (0..starts.len()).rev() {
            match blank.get(line) {
                Some(true) => begun = false,
                _ if !begun => {
                    begun = true;
                    end = starts.get(line + 1).copied().unwrap_or(text.len());
                }
                _ => {}
            }
            if let Some(it) = ends.get_mut(line) {
                *it = end;
            }
        }
        Self { text, starts, ends }
    }

    /// The line of a comment that has company, else the block below.
    fn scope(&self, span: Span) -> Span {
        let line_of = |at: u32| self.starts.partition_point(|it| *it <= at as usize).saturating_sub(1);
        let line_start = self.starts.get(line_of(span.start)).copied().unwrap_or_default();
        let below = line_of(span.end.max(span.start + 1) - 1) + 1;
        let next = self.starts.get(below).copied().unwrap_or(self.text.len());
        let is_blank = |from: usize, to: usize| self.text.get(from..to).is_some_and(|it| it.trim().is_empty());
        if is_blank(line_start, span.start as usize) && is_blank(span.end as usize, next) {
            return Span::new(span.start as usize, self.ends.get(below).copied().unwrap_or(self.text.len()));
        }
        let has_break = self.text.as_bytes().get(next.wrapping_sub(1)) == Some(&b'\n');
        Span::new(line_start, if has_break { next - 1 } else { next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_holds_for_the_block_below_it() {
        let text = "# A\n\n<!-- archwright: allow link/dead-target, claim/x -- generated later -->\n[a](b.md)\nmore\n\n\
            [c](d.md)\n";
        let found = in_markdown(&archwright_syntax::markdown::parse(text), text);
        assert_eq!(found.len(), 1);
        let names: Vec<_> = found[0].rules.iter().map(|it| (it.0.as_str(), it.1.of(text))).collect();
        assert_eq!(names, [("link/dead-target", "link/dead-target"), ("claim/x", "claim/x")]);
        assert!(found[0].has_reason);
        assert!(found[0].scope.of(text).contains("more"));
        assert!(!found[0].scope.of(text).contains("[c]"));
    }

    #[test]
    fn a_comment_holds_up_to_the_next_blank_line_or_the_end() {
        for (text, scope) in [
            ("<!-- archwright: allow x/y -- z -->", "<!-- archwright: allow x/y -- z -->"),
            ("<!-- archwright: allow x/y -- z -->\n", "<!-- archwright: allow x/y -- z -->\n"),
            (
                "<!-- archwright: allow x/y -- z -->\n\n\na\r\nb\n \nc\n",
                "<!-- archwright: allow x/y -- z -->\n\n\na\r\nb\n",
            ),
            ("a\n\n  <!-- archwright: allow x/y -- z -->\nb\nc", "<!-- archwright: allow x/y -- z -->\nb\nc"),
            ("a <!-- archwright: allow x/y -- z --> b\nc\n", "a <!-- archwright: allow x/y -- z --> b"),
            ("<!-- archwright: allow\nx/y -- z -->\nb\n\nc\n", "<!-- archwright: allow\nx/y -- z -->\nb\n"),
        ] {
            let found = in_markdown(&archwright_syntax::markdown::parse(text), text);
            assert_eq!(found[0].scope.of(text), scope, "{text:?}");
        }
    }

    #[test]
    fn a_comment_beside_text_holds_for_its_line() {
        let text = "a: 1 # archwright: allow x/y -- why\nb: 2\n";
        let found = in_comments(text, "#");
        assert_eq!(found[0].scope.of(text), "a: 1 # archwright: allow x/y -- why");
    }
}
