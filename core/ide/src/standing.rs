//! How a word stands in a document, which says whether it is a name there or a word like any other.

use archwright_knowledge::claim_words;
use archwright_model::values::team::Team;
use archwright_syntax::{Span, markdown::Document};

use super::line_at;

/// How surely a name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// A reader would take it so.
    Likely,
    /// It can mean nothing else, so that a rename may change it.
    Sure,
}

/// What stands around a place of a document.
pub(super) struct Standing {
    /// It is all of a cell, of a value, of a field's name or of a piece of code.
    is_whole: bool,
    /// It stands in a field, a table or code.
    is_in_form: bool,
    /// It stands where sentences begin, so that a capital says nothing.
    begins: bool,
    /// It stands in a field or a column that has owners or teams.
    is_among_owners: bool,
    /// A word behind it says that it is a team.
    is_called_team: bool,
}

impl Standing {
    /// What stands around `span`.
    pub(super) fn of(tree: &Document, text: &str, span: Span) -> Self {
        let covers = |it: Span| it.contains(span);
        let is_all =
            |it: Span| it.contains(span) && it.of(text).trim_matches(['*', '`', '_', ' ', '.', ':']) == span.of(text);
        let field = tree.fields.iter().find(|it| covers(it.name) || covers(it.value));
        let code = tree.code_spans.iter().copied().find(|it| covers(*it));
        let cell = tree.tables.iter().filter(|it| covers(it.span)).find_map(|table| {
            let row = tree.rows(table).iter().find(|it| covers(it.span))?;
            let at = tree.cells(row).iter().position(|it| covers(*it))?;
            Some((*tree.cells(row).get(at)?, tree.header(table).get(at).copied()?))
        });
        let names_owners = |it: Span| {
            let title = it.of(text);
            claim_words("owner-names").are_all_of(title) || claim_words("team-columns").are_all_of(title)
        };
        let in_field = field.is_some_and(|it| covers(it.value) && names_owners(it.name));
        let in_front = tree.front_matter.is_some_and(|it| covers(it.body)) && {
            let line = line_at(text, span.start as usize);
            line.of(text).split_once(':').is_some_and(|it| claim_words("owner-names").are_all_of(it.0))
        };
        let whole = [field.map(|it| it.name), field.map(|it| it.value), cell.map(|it| it.0), code];
        let before = text.get(..span.start as usize).unwrap_or_default();
        let after = text.get(span.end as usize..).unwrap_or_default();
        Self {
            is_whole: whole.into_iter().flatten().any(is_all),
            is_in_form: field.is_some() || code.is_some() || cell.is_some(),
            begins: begins_sentence(before),
            is_among_owners: in_field || in_front || cell.is_some_and(|it| names_owners(it.1)),
            is_called_team: [" team", " Team", " squad"].iter().any(|it| after.starts_with(it)),
        }
    }
}

/// Whether a sentence, a cell or an item begins behind a text.
fn begins_sentence(before: &str) -> bool {
    let is_end = |it: &str| it.ends_with(['.', '!', '?', ':', '|']);
    let bare = before.trim_end_matches([' ', '*', '_', '`', '"', '(', '[']);
    let (above, line) = bare.rsplit_once('\n').unwrap_or(("", bare));
    let line = line.trim();
    if line.is_empty() {
        // A line that goes on is no beginning.
        let above = above.trim_end_matches(['\r', ' ']);
        return above.is_empty() || above.ends_with('\n') || is_end(above);
    }
    let is_marker = line.bytes().all(|it| matches!(it, b'-' | b'+' | b'#' | b'>'));
    let is_number = line.strip_suffix('.').is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
    is_marker || is_number || is_end(line)
}

/// Whether a term is meant where it is written, and how surely.
pub(super) fn term_stands(standing: &Standing, name: &str, written: &str) -> Option<Strength> {
    let (is_exact, is_long) = (name == written, name.contains(' '));
    let has_capital = name.chars().any(char::is_uppercase);
    // Of `Order`, only the place can say whether the capital is that of the term.
    let is_plain = !name.chars().skip(1).any(|it| it.is_uppercase() || !it.is_alphanumeric());
    if standing.is_whole || (is_long && standing.is_in_form) {
        return Some(Strength::Sure);
    }
    if is_exact && has_capital && (!is_plain || !standing.begins) {
        return Some(Strength::Sure);
    }
    is_long.then_some(Strength::Likely)
}

/// Whether a team is meant. A name that could be any word is one only among owners, or where it is called a team.
pub(super) fn team_stands(standing: &Standing, name: &str) -> bool {
    let says_team = Team::of(name).is_some();
    says_team || standing.is_among_owners || standing.is_called_team
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_after_ends_and_marks() {
        for before in ["", "# ", "- ", "1. ", "A b. ", "| ", "- **", "x\n\n", "Note: "] {
            assert!(begins_sentence(before), "{before:?}");
        }
        for before in ["the ", "goes\n", "- the ", "**the** "] {
            assert!(!begins_sentence(before), "{before:?}");
        }
    }
}
