//! Diagrams of Mermaid 11: what its parser refuses for certain, so that no diagram is drawn.
//!
//! It is told what kinds of diagram there are, which blocks of sequence diagrams and flowcharts are not closed, what
//! stands outside of its block, and which labels lack quotes. All else is left to Mermaid.

mod flowchart;
mod sequence;

use std::ops::Range;

use crate::{is_slip, nearest};

/// What Mermaid refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it is.
    pub what: Refused,
    /// Where it stands in the diagram.
    pub at: Range<usize>,
}

/// What Mermaid refuses, by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A diagram that begins with no kind that Mermaid knows, with the one that was meant.
    UnknownKind(Option<&'static str>),
    /// A block without its `end`: `alt`, `subgraph`.
    NotClosed,
    /// An `end` that closes nothing.
    NothingToClose,
    /// A part that stands in another block than its own: `else`, which only `alt` has.
    Misplaced(&'static str),
    /// A participant that ends what it did not begin.
    NotActive,
    /// A sign in a label that has to stand in quotes, with the text to be quoted if that is certain.
    Unquoted(Option<(usize, usize)>),
    /// `[/`, which begins a slanted shape that nothing ends, with the text to be quoted.
    Slanted(Option<(usize, usize)>),
    /// The bracket of a label that never closes.
    OpenLabel,
}

/// The words that a diagram of each kind begins with. Mermaid looks at no more than the beginning of the word.
const KINDS: [&str; 30] = [
    "flowchart",
    "graph",
    "sequenceDiagram",
    "classDiagram",
    "stateDiagram",
    "erDiagram",
    "journey",
    "gantt",
    "pie",
    "quadrantChart",
    "requirement",
    "gitGraph",
    "mindmap",
    "timeline",
    "zenuml",
    "sankey",
    "xychart",
    "block",
    "packet",
    "kanban",
    "architecture",
    "radar",
    "treemap",
    "treeView",
    "venn",
    "eventmodeling",
    "ishikawa",
    "wardley",
    "info",
    "example-diagram",
];

/// The kinds of C4, which Mermaid looks for in all of the text.
const C4: [&str; 5] = ["C4Context", "C4Container", "C4Component", "C4Dynamic", "C4Deployment"];

/// What Mermaid refuses of a diagram, at most a few things: where it stops it reads no further, and neither is it done
/// here. Nothing where it is not certain.
///
/// ```
/// use archwright_syntax::mermaid::{Refused, refusals};
///
/// let found = refusals("sequenceDiagram\n  alt paid\n  a->>b: ship\n");
/// assert_eq!(found[0].what, Refused::NotClosed);
/// assert!(refusals("flowchart LR\n  a[\"paid (in full)\"] --> b\n").is_empty());
/// ```
pub fn refusals(text: &str) -> Vec<Refusal> {
    // What is filled in by another tool is not there yet.
    if ["{%", "<%", "{{{", "${"].iter().any(|it| text.contains(it)) {
        return Vec::new();
    }
    let Some(start) = start(text) else { return Vec::new() };
    let Some(body) = text.get(start..) else { return Vec::new() };
    let word = body.split(|it: char| it.is_whitespace() || it == ';').next().unwrap_or_default();
    // Mermaid reads the case of these two loosely.
    let loosely = word.to_ascii_lowercase();
    let is_known = KINDS.iter().any(|it| word.starts_with(it))
        || ["wardley", "ishikawa"].iter().any(|it| loosely.starts_with(it))
        || C4.iter().any(|it| body.contains(it));
    if !is_known {
        // What goes on in its line is more likely a piece of a diagram.
        let behind = body.split('\n').next().and_then(|it| it.strip_prefix(word)).unwrap_or_default().trim();
        if !["", "LR", "RL", "TB", "TD", "BT"].contains(&behind) {
            return Vec::new();
        }
        return unknown(word, start).into_iter().collect();
    }
    let refused = match word {
        "sequenceDiagram" => sequence::refusals(body),
        "flowchart" | "graph" => flowchart::refusals(body),
        _ => Vec::new(),
    };
    let moved = refused.into_iter().map(|it| Refusal {
        at: it.at.start + start..it.at.end + start,
        what: match it.what {
            Refused::Unquoted(Some((from, to))) => Refused::Unquoted(Some((from + start, to + start))),
            Refused::Slanted(Some((from, to))) => Refused::Slanted(Some((from + start, to + start))),
            other => other,
        },
    });
    moved.collect()
}

/// A word that is none of the kinds; nothing if it is no word.
fn unknown(word: &str, start: usize) -> Option<Refusal> {
    let is_word = word.starts_with(|it: char| it.is_ascii_alphabetic())
        && word.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'));
    let known = KINDS.iter().copied().filter(|it| *it != "example-diagram").chain(C4);
    let meant = nearest(word, known).filter(|it| is_slip(word, it));
    is_word.then(|| Refusal { what: Refused::UnknownKind(meant), at: start..start + word.len() })
}

/// Where the diagram begins: behind front matter, directives and comments. Nothing if there is none, or if it is not
/// certain where.
fn start(text: &str) -> Option<usize> {
    let mut at = text.len() - text.trim_start().len();
    let rest = text.get(at..)?;
    if rest.starts_with("---") {
        let mut ends = rest.match_indices('\n').map(|it| it.0 + 1);
        let end =
            ends.find(|it| rest.get(*it..).is_some_and(|it| it.trim_start_matches([' ', '\t']).starts_with("---")))?;
        at += end + rest.get(end..)?.find('\n')?;
    }
    loop {
        let rest = text.get(at..)?;
        at += rest.len() - rest.trim_start().len();
        let rest = text.get(at..)?;
        if rest.starts_with("%%{") {
            at += rest.find("}%%")? + 3;
        } else if rest.starts_with("%%") {
            at += rest.find('\n')?;
        } else {
            return (!rest.is_empty()).then_some(at);
        }
    }
}

/// A line of a diagram, without the space around it.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    at: usize,
}

/// The lines of a diagram that say something, behind the first: none of its comments, and nothing of a description
/// over several lines. Nothing if the first line goes on with something else.
fn lines(body: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut is_described = false;
    let mut found = Vec::new();
    for line in body.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let text = line.trim();
        if is_described {
            is_described = !text.contains('}');
            continue;
        }
        let describes = text.strip_prefix("accDescr").is_some_and(|it| it.trim_start().starts_with('{'));
        is_described = describes && !text.contains('}');
        if !text.is_empty() && !text.starts_with("%%") && !describes {
            found.push(Line { text, at: start });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is refused, each with the text where it stands.
    fn refused(text: &str) -> Vec<(Refused, &str)> {
        refusals(text).into_iter().map(|it| (it.what, &text[it.at])).collect()
    }

    #[test]
    fn kinds_are_known_behind_what_may_precede_them() {
        for kind in KINDS.iter().chain(&C4).chain(&["stateDiagram-v2", "packet-beta", "xychart-beta", "flowchart-elk"])
        {
            assert_eq!(refused(&format!("{kind}\n  a\n")), [], "{kind}");
        }
        for text in [
            "---\ntitle: Stock\nconfig:\n  theme: dark\n---\nflowchart LR\n  a --> b",
            "%%{init: {\n 'theme': 'dark'}}%%\n%% drawn by hand\n\nsequenceDiagram\n  a->>b: c",
            "...",
            "",
            "%% nothing yet",
            "{{ diagram }}",
            "title Stock\nC4Context\n",
            "component stock [0.4, 0.7]",
        ] {
            assert_eq!(refused(text), [], "{text}");
        }
        assert_eq!(
            refused("%% x\nSequencediagram\n  a->>b: c"),
            [(Refused::UnknownKind(Some("sequenceDiagram")), "Sequencediagram")]
        );
        assert_eq!(refused("speedometer\n  a"), [(Refused::UnknownKind(None), "speedometer")]);
    }
}
