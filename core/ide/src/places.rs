//! Where names may stand in a document: in its text, not in code blocks, comments and the targets of links.

use archwright_model::facts::Parsed;
use archwright_syntax::Span;

/// Spans that do not overlap, to look things up in.
pub(super) struct Spans(Vec<Span>);

impl Spans {
    pub(super) fn new(spans: impl Iterator<Item = Span>) -> Self {
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_unstable();
        Self(spans)
    }

    /// Whether one of them holds `span`.
    pub(super) fn hold(&self, span: Span) -> bool {
        let after = self.0.partition_point(|it| it.start <= span.start);
        // Code and the name of a channel may begin at one place.
        self.0.get(after.saturating_sub(2)..after).unwrap_or_default().iter().any(|it| it.contains(span))
    }
}

/// The parts of a document in which no word is a name: code blocks, comments, front matter and the targets of links.
pub(super) fn silent(parsed: &Parsed) -> Spans {
    let tree = &parsed.tree;
    let blocks = tree.code_blocks.iter().map(|it| it.span);
    let comments = tree.comments.iter().map(|it| it.span);
    let front = tree.front_matter.iter().map(|it| it.span);
    let definitions = tree.definitions.iter().map(|it| it.target);
    let targets = tree.links.iter().map(|it| it.target).chain(definitions);
    Spans::new(blocks.chain(comments).chain(front).chain(targets))
}

/// The places where a name stands alone: not as a part of a longer name, of a path or of a number.
pub(super) fn alone<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Span> + 't {
    let all = text.match_indices(name).map(|(at, it)| Span::new(at, at + it.len()));
    all.filter(move |it| stands_alone(text, *it))
}

/// Whether what stands at a place is not a part of a longer name or of a path.
pub(super) fn stands_alone(text: &str, span: Span) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_');
    let before = text.get(..span.start as usize).unwrap_or_default();
    let after = text.get(span.end as usize..).unwrap_or_default();
    // `A1.md` is a file, and `A1.` the end of a sentence.
    let joins = |it: char| matches!(it, '.' | '/' | '@' | ':');
    let goes_on = after.strip_prefix(joins).is_some_and(|it| it.starts_with(is_part)) && !after.starts_with('/');
    let came_from = before.strip_suffix(joins).is_some_and(|it| it.ends_with(is_part)) && !before.ends_with(['/', ':']);
    !after.starts_with(is_part) && !before.ends_with(is_part) && !goes_on && !came_from && !is_in_address(before, after)
}

/// Whether a place lies in an address, such as `https://example.com/A1`, or in a path with an ending.
fn is_in_address(before: &str, after: &str) -> bool {
    let is_space = |it: char| it.is_whitespace() || matches!(it, '|' | '(' | ')' | '`' | '[' | ']');
    let lead = before.rsplit(is_space).next().unwrap_or_default();
    let rest = after.split(is_space).next().unwrap_or_default();
    let has_ending = rest.rsplit_once('/').is_some_and(|it| it.1.trim_end_matches(['.', ',']).contains('.'));
    lead.contains("://") || has_ending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_part_of_another_and_of_no_path() {
        let count = |text: &str| alone(text, "SLO-1").count();
        for text in ["SLO-1", "(SLO-1)", "SLO-1.", "SLO-1/SLO-2", "see SLO-1: x", "SLO-1..SLO-4", "`SLO-1`", "SLO-1's"]
        {
            assert_eq!(count(text), 1, "{text}");
        }
        for text in ["SLO-10", "XSLO-1", "SLO-1-b", "SLO-1.md", "https://x.example/SLO-1", "a/SLO-1/b.md", "x.SLO-1"] {
            assert_eq!(count(text), 0, "{text}");
        }
    }
}
