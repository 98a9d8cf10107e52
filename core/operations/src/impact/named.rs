//! Names that stand in a text as a whole, and not as a part of a longer one.

/// Whether a text has a name as a whole.
pub(crate) fn has_name(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| is_whole(text, at, name.len()))
}

/// Whether what stands at a place is no part of a longer name or path.
pub(super) fn is_whole(text: &str, at: usize, length: usize) -> bool {
    let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | '/'));
    let before = text.get(..at).and_then(|it| it.chars().next_back());
    let mut after = text.get(at + length..).unwrap_or_default().chars();
    let next = after.next();
    // A full stop ends a sentence, or goes on with a part of the name.
    let ends = next == Some('.') && !after.next().is_some_and(char::is_alphanumeric);
    !is_part(before) && (ends || !is_part(next))
}
