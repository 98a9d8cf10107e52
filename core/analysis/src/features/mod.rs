//! Editor features as plain data: offsets in, labels and Markdown out.

mod actions;
mod completion;
mod hover;
mod navigation;

pub use actions::{Action, ActionKind, actions, fix_all};
pub use completion::{Completion, CompletionKind, completions};
pub use hover::{Hover, hover};
pub use navigation::{DocumentLink, Symbol, SymbolKind, Target, definition, document_links, document_symbols};

use archwright_syntax::Span;

/// The word around an offset: letters, digits and the characters in `also`.
pub(crate) fn word_at(text: &str, offset: usize, also: &[char]) -> Span {
    let is_word = |it: char| it.is_alphanumeric() || also.contains(&it);
    let before = text.get(..offset).unwrap_or_default();
    let start = before.trim_end_matches(is_word).len();
    let after = text.get(offset..).unwrap_or_default();
    let end = offset + after.len() - after.trim_start_matches(is_word).len();
    Span::new(start, end)
}

/// The span of the line around an offset, without its line ending.
pub(crate) fn line_at(text: &str, offset: usize) -> Span {
    let offset = offset.min(text.len());
    let start = text.get(..offset).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let rest = text.get(offset..).unwrap_or_default();
    let end = offset + rest.find(['\n', '\r']).unwrap_or(rest.len());
    Span::new(start, end)
}
