//! Editor features as plain data: offsets in, labels and Markdown out.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod actions;
mod allow;
mod asyncapi;
mod beside;
mod code;
mod completion;
#[cfg(test)]
#[path = "../../rules/src/fixture.rs"]
mod fixture;
mod hover;
mod identifiers;
mod lenses;
mod named;
mod names;
mod navigation;
mod outline;
mod places;
mod readiness;
mod refactorings;
mod references;
mod rename;
mod search;
mod standing;
mod subject;
#[cfg(test)]
mod tests;
mod trees;

pub use actions::{Action, ActionKind, actions, fix_all};
pub use allow::allowances;
pub use beside::{Leaving, Reachable, entered, files_below, leaving, reachable, references_to};
pub use code::{
    Call, CallItem, CallKind, call_items, code_definition, code_lenses, implementations, incoming_calls,
    outgoing_calls, references_with,
};
pub use completion::{Completion, CompletionKind, Occasion, completions};
pub use hover::{Hover, ShowFile, hover, hover_with, show_path};
pub use lenses::{Lens, lenses};
pub use navigation::{CardTarget, DocumentLink, Target, card_definition, definition, document_links};
pub use outline::{Symbol, SymbolKind, document_symbols, folds};
pub use refactorings::{Refactoring, refactoring_edit, refactorings};
pub use references::{Location, references};
pub use rename::{
    Beside, Move, Renamable, RenameError, beside, follow_beside, prepare_rename, rename, rename_file, rename_files,
};
pub use search::{FoundSymbol, MAX_SYMBOLS, workspace_symbols};

use archwright_syntax::{Span, data::Format};

use archwright_engine::Workspace;
use archwright_model::{
    RelPath,
    facts::{FileFacts, LinkFact},
};

/// The nearest place in the text at or before `offset` where a character starts: editors send any number.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset)
}

/// Whether a file has a tree of keys and values.
fn is_data(path: &RelPath) -> bool {
    Format::of_path(path.as_str()).is_some()
}

/// The word around an offset: letters, digits and the characters in `also`.
pub(crate) fn word_at(text: &str, offset: usize, also: &[char]) -> Span {
    let is_word = |it: char| it.is_alphanumeric() || also.contains(&it);
    let (before, after) = text.split_at_checked(floor(text, offset)).unwrap_or((text, ""));
    let start = before.trim_end_matches(is_word).len();
    let end = text.len() - after.trim_start_matches(is_word).len();
    Span::new(start, end)
}

/// The span of the line around an offset, without its line ending.
pub(crate) fn line_at(text: &str, offset: usize) -> Span {
    let offset = floor(text, offset);
    let (before, after) = text.split_at_checked(offset).unwrap_or((text, ""));
    let start = before.rfind(['\n', '\r']).map_or(0, |it| it + 1);
    let end = offset + after.find(['\n', '\r']).unwrap_or(after.len());
    Span::new(start, end)
}

/// The innermost link at an offset, anywhere on it: its text, its label, its target, or the target in its definition.
fn link_at(facts: &FileFacts, offset: usize) -> Option<&LinkFact> {
    let links = || facts.document().into_iter().flat_map(|it| &it.links);
    let on_it = links().filter(|it| it.span.touches(offset)).min_by_key(|it| it.span.len());
    on_it.or_else(|| links().find(|it| it.target.touches(offset)))
}

/// The part of a link that is under the cursor and leads somewhere: its target, or all of it.
fn link_origin(link: &LinkFact, offset: usize) -> Span {
    if link.target.touches(offset) { link.target } else { link.span }
}

/// The file that a link leads to; for a folder, its README.
fn link_file<'w>(workspace: &'w Workspace, path: &RelPath) -> Option<(archwright_model::FileId, &'w FileFacts)> {
    let facts = |path: &RelPath| {
        let id = workspace.file(path)?;
        Some((id, workspace.facts(id)?))
    };
    facts(path).or_else(|| facts(&path.join("README.md"))).or_else(|| facts(&path.join("README.MD")))
}
