//! Definitions that count for nothing, and references that have none.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::super::{DuplicateDefinition, UndefinedReference, links};
use super::Fold;
use crate::Span;

impl Fold<'_> {
    /// Definitions stand where no block has text. The parser keeps only the first of a label, so that the others are
    /// looked for in what lies between the texts of blocks.
    pub(super) fn see(&mut self, event: &Event<'_>, span: Span) {
        let is_text = match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) | Event::End(TagEnd::Link | TagEnd::Image) => true,
            Event::Start(_) | Event::End(_) => false,
            _ => true,
        };
        if is_text {
            self.gap(span.start as usize);
            self.seen = self.seen.max(span.end as usize);
        }
    }

    /// What lies between the last text that was seen and `end`.
    pub(super) fn gap(&mut self, end: usize) {
        if self.document.definitions.is_empty() || self.seen >= end {
            return;
        }
        let text = self.text;
        let Some(gap) = text.get(self.seen..end) else { return };
        if memchr::memmem::find(gap.as_bytes(), b"]:").is_none() {
            return;
        }
        let mut at = self.seen;
        for line in gap.split_inclusive(['\n', '\r']) {
            let is_prefix =
                |it: char| matches!(it, ' ' | '\t' | '>' | '-' | '*' | '+' | '.' | ')') || it.is_ascii_digit();
            let rest = line.trim_start_matches(is_prefix);
            let start = at + line.len() - rest.len();
            at += line.len();
            let Some(label) = rest.strip_prefix('[').filter(|it| !it.starts_with('^')) else { continue };
            let Some(len) = links::unescaped(label.as_bytes(), 0, b']') else { continue };
            if !label.get(len + 1..).is_some_and(|it| it.starts_with(':')) {
                continue;
            }
            if self.document.definitions.binary_search_by_key(&(start as u32), |it| it.span.start).is_ok() {
                continue;
            }
            let wanted = folded(label.get(..len).unwrap_or_default());
            let mut definitions = self.document.definitions.iter().enumerate();
            if let Some((first, _)) = definitions.find(|(_, it)| folded(it.label.of(text)) == wanted) {
                let span = Span::new(start, start + rest.trim_ascii_end().len());
                let definition = links::definition(text, span, true);
                self.document.duplicates.push(DuplicateDefinition { definition, first: first as u32 });
            }
        }
    }

    /// References (`[text][label]`, `[text][]`) that no definition answers, by the places where they stand.
    pub(super) fn undefined(&mut self, mut spans: Vec<Span>) {
        spans.sort_unstable();
        spans.dedup();
        for span in spans {
            let source = span.of(self.text);
            // The label is the last pair of brackets.
            let Some(open) = source.strip_suffix(']').and_then(|it| it.rfind('[')) else { continue };
            let start = span.start as usize;
            let label = Span::new(start + open + 1, span.end as usize - 1);
            let text = source.get(..open).and_then(|it| it.strip_suffix(']')).map(|it| {
                let marks = it.len() - it.trim_start_matches('!').strip_prefix('[').unwrap_or(it).len();
                Span::new(start + marks, start + it.len())
            });
            let Some(text) = text else { continue };
            let section = self.document.section_at(start);
            self.document.undefined.push(UndefinedReference { section, span, text, label });
        }
    }
}

/// A label as labels are compared: without case, and with single blanks.
fn folded(label: &str) -> String {
    label.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
