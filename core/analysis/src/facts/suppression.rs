//! Comments that allow a finding in place: `<!-- archwright: allow link/dead-target -- reason -->`.

use archwright_syntax::{Span, markdown::Document};
use smol_str::SmolStr;

/// A comment that allows rules somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The comment.
    pub span: Span,
    /// Where it holds.
    pub scope: Span,
    /// The rules it names, each with its place.
    pub rules: Vec<(SmolStr, Span)>,
    /// Whether it says why.
    pub has_reason: bool,
}

/// The word that starts every comment to Archwright.
const MARK: &str = "archwright:";

/// The suppressions of a Markdown text. A comment on a line of its own holds for the block below it, up to a blank
/// line; one beside text holds for its line; `allow-file` holds for the file.
pub fn in_markdown(tree: &Document, text: &str) -> Vec<Suppression> {
    let comments = tree.comments.iter().filter(|it| !tree.in_code(it.span.start as usize));
    comments.filter_map(|it| suppression(it.span, it.content, text)).collect()
}

/// The suppressions of a text with line comments. A comment on a line of its own holds for the next line, one behind
/// something holds for its line.
pub fn in_comments(text: &str, marker: &str) -> Vec<Suppression> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(mark) = line.find(MARK) {
            let before = line.get(..mark).unwrap_or_default();
            if let Some(comment) = before.rfind(marker) {
                let end = at + line.trim_end().len();
                let content = Span::new(at + comment + marker.len(), end);
                found.extend(suppression(Span::new(at + comment, end), content, text));
            }
        }
        at += line.len();
    }
    found
}

fn suppression(span: Span, content: Span, text: &str) -> Option<Suppression> {
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
    let scope = if whole_file { Span::new(0, text.len()) } else { scope(span, text) };
    Some(Suppression { span, scope, rules, has_reason: !reason.trim().is_empty() })
}

/// The line of a comment that has company, else the block below.
fn scope(span: Span, text: &str) -> Span {
    let line_start = text.get(..span.start as usize).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let after = text.get(span.end as usize..).unwrap_or_default();
    let line_end = span.end as usize + after.find('\n').unwrap_or(after.len());
    let alone = text.get(line_start..span.start as usize).is_some_and(|it| it.trim().is_empty())
        && text.get(span.end as usize..line_end).is_some_and(|it| it.trim().is_empty());
    if !alone {
        return Span::new(line_start, line_end);
    }
    let mut end = line_end;
    let mut begun = false;
    for line in text.get(line_end..).unwrap_or_default().split_inclusive('\n').skip(1) {
        if line.trim().is_empty() {
            if begun {
                break;
            }
        } else {
            begun = true;
        }
        end += line.len();
    }
    Span::new(span.start as usize, (end + 1).min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_holds_for_the_block_below_it() {
        let text = "# A\n\n<!-- archwright: allow link/dead-target, claim/x -- generated later -->\n[a](b.md)\nmore\n\n[c](d.md)\n";
        let found = in_markdown(&archwright_syntax::markdown::parse(text), text);
        assert_eq!(found.len(), 1);
        let names: Vec<_> = found[0].rules.iter().map(|it| (it.0.as_str(), it.1.of(text))).collect();
        assert_eq!(names, [("link/dead-target", "link/dead-target"), ("claim/x", "claim/x")]);
        assert!(found[0].has_reason);
        assert!(found[0].scope.of(text).contains("more"));
        assert!(!found[0].scope.of(text).contains("[c]"));
    }

    #[test]
    fn a_comment_beside_text_holds_for_its_line() {
        let text = "a: 1 # archwright: allow x/y -- why\nb: 2\n";
        let found = in_comments(text, "#");
        assert_eq!(found[0].scope.of(text), "a: 1 # archwright: allow x/y -- why");
    }
}
