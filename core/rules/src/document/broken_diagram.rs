//! `document/broken-diagram`: a diagram that Mermaid refuses to draw.

use archwright_knowledge::claim_words;
use archwright_syntax::{
    markdown::CodeBlock,
    mermaid::{Refusal, Refused, refusals},
};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/broken-diagram",
    severity: Severity::Warning,
    summary: "A diagram cannot be drawn, because Mermaid refuses what is written in it.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["A-085"],
    page: include_str!("broken_diagram.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    for block in tree.code_blocks.iter().filter(|it| is_diagram(&facts.text, it)) {
        let refused = refusals(facts.slice(block.content));
        if refused.is_empty() || is_shown_as_wrong(&facts.text, &tree.plain_title(block.section, &facts.text), block) {
            continue;
        }
        for refusal in refused {
            tell(facts, block, &refusal, reporter);
        }
    }
}

/// Whether the lines around a diagram, or the title of its section, say that it is wrong: documents on diagrams show
/// those that cannot be drawn.
fn is_shown_as_wrong(text: &str, title: &str, block: &CodeBlock) -> bool {
    let wrong = claim_words("shown-as-wrong");
    let filled = |it: &&str| !it.trim().is_empty();
    let before = text.get(..block.span.start as usize).and_then(|it| it.lines().rev().find(filled));
    let behind = text.get(block.span.end as usize..).and_then(|it| it.lines().find(filled));
    [Some(title), before, behind].into_iter().flatten().any(|it| wrong.are_in(it))
}

/// Whether a block is a diagram of Mermaid as it stands: not one that is quoted, whose lines keep their marks.
fn is_diagram(text: &str, block: &CodeBlock) -> bool {
    let before = text.get(..block.span.start as usize).and_then(|it| it.rsplit('\n').next()).unwrap_or_default();
    block.fenced && block.language.of(text).eq_ignore_ascii_case("mermaid") && !before.contains('>')
}

/// Says what Mermaid refuses.
fn tell(facts: &FileFacts, block: &CodeBlock, refusal: &Refusal, reporter: &mut Reporter) {
    let start = block.content.start as usize;
    let at = Span::new(start + refusal.at.start, start + refusal.at.end);
    let said = facts.slice(at);
    let (message, quote) = match refusal.what {
        Refused::UnknownKind(Some(meant)) => {
            (format!("Mermaid knows no kind of diagram that is called `{said}`. Did you mean `{meant}`?"), None)
        }
        Refused::UnknownKind(None) => {
            let message = format!(
                "Mermaid draws nothing here: `{said}` begins no kind of diagram that version 11 knows. Begin with one \
                 that it knows, such as `flowchart LR` or `sequenceDiagram`."
            );
            (message, None)
        }
        Refused::NotClosed => {
            (format!("Mermaid draws nothing here, because an `end` is missing. Close this `{said}`."), None)
        }
        Refused::NothingToClose => {
            ("Mermaid draws nothing here, because this `end` closes nothing. Take it out.".to_owned(), None)
        }
        Refused::Misplaced(of) => {
            let message =
                format!("Mermaid draws nothing here: `{said}` stands in no `{of}`, and nothing else may have it.");
            (message, None)
        }
        Refused::NotActive => {
            let message = "Mermaid draws nothing here: who is deactivated was not activated before. It counts from top \
                           to bottom, through all branches.";
            (message.to_owned(), None)
        }
        Refused::Unquoted(quote) => {
            let message = if said == "\"" {
                "Mermaid draws nothing here: a label is quoted as a whole or not at all. Write `#quot;` within it."
                    .to_owned()
            } else {
                format!("Mermaid draws nothing here: a label with `{said}` in it has to be quoted.")
            };
            (message, quote)
        }
        Refused::Slanted(quote) => {
            let message = format!(
                "Mermaid draws nothing here: `{said}` begins a slanted shape, which nothing ends. Quote the label."
            );
            (message, quote)
        }
        Refused::OpenLabel => {
            (format!("Mermaid draws nothing here, because this `{said}` is never closed. Close it."), None)
        }
    };
    let finding = reporter.report(at, message);
    finding.fixable = quote.is_some();
    if let Some((from, to)) = quote {
        finding.data = format!("{} {}", start + from, start + to);
    }
}

/// Puts the label in quotes.
fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let place = finding.data.split_once(' ').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let Some((from, to)) = place else { return Vec::new() };
    let quotes = [from, to].map(|it| TextEdit::replace(Span::empty(it), "\"".to_owned()));
    edit_here(cx, "Quote the label", quotes.to_vec()).into_iter().collect()
}
