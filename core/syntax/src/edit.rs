//! Text edits that apply, compose and invert.

use crate::Span;

/// Replaces the bytes under `span` with `replacement`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextEdit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

impl TextEdit {
    /// Replaces `span` with `replacement`.
    pub fn replace(span: Span, replacement: impl Into<String>) -> Self {
        Self { span, replacement: replacement.into() }
    }

    /// Inserts `text` at byte `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::replace(Span::empty(at), text)
    }

    /// Removes `span`.
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }
}

/// Why edits do not fit each other or a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Two edits change the same bytes.
    #[error("edits overlap at byte {at}")]
    Overlap {
        /// Where the later edit starts.
        at: usize,
    },
    /// An edit reaches past the text or into the middle of a character.
    #[error("edit of bytes {start}..{end} does not fit the text")]
    OutOfBounds {
        /// First byte of the edit.
        start: usize,
        /// One past its last byte.
        end: usize,
    },
}

/// Edits of one text, all against the same revision, sorted and without overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextEdits(Vec<TextEdit>);

impl TextEdits {
    /// Sorts the edits. Two insertions at one place keep their order; exact duplicates of a replacement are merged.
    ///
    /// # Errors
    /// [`EditError::Overlap`] if two edits touch the same bytes.
    pub fn new(mut edits: Vec<TextEdit>) -> Result<Self, EditError> {
        edits.sort_by_key(|it| (it.span.start, it.span.end));
        edits.dedup_by(|a, b| a == b && !a.span.is_empty());
        let mut end = 0;
        for edit in &edits {
            if edit.span.start < end {
                return Err(EditError::Overlap { at: edit.span.start as usize });
            }
            end = edit.span.end;
        }
        Ok(Self(edits))
    }

    /// The edits in order.
    pub fn iter(&self) -> impl Iterator<Item = &TextEdit> {
        self.0.iter()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text after the edits.
    ///
    /// # Errors
    /// [`EditError::OutOfBounds`] if an edit does not fit `text`; nothing is applied then.
    pub fn apply(&self, text: &str) -> Result<String, EditError> {
        let grown: usize = self.0.iter().map(|it| it.replacement.len()).sum();
        let mut result = String::with_capacity(text.len() + grown);
        let mut done = 0;
        for edit in &self.0 {
            let range = edit.span.range();
            let bounds = EditError::OutOfBounds { start: range.start, end: range.end };
            if text.get(range.clone()).is_none() {
                return Err(bounds);
            }
            result.push_str(text.get(done..range.start).ok_or(bounds)?);
            result.push_str(&edit.replacement);
            done = range.end;
        }
        result.push_str(text.get(done..).unwrap_or_default());
        Ok(result)
    }

    /// The edits that undo these: `self.invert(text)?.apply(&self.apply(text)?)? == text`.
    ///
    /// # Errors
    /// [`EditError::OutOfBounds`] if an edit does not fit `text`.
    pub fn invert(&self, text: &str) -> Result<Self, EditError> {
        let mut inverse = Vec::with_capacity(self.0.len());
        let mut shift: i64 = 0;
        for edit in &self.0 {
            let range = edit.span.range();
            let old = text.get(range.clone()).ok_or(EditError::OutOfBounds { start: range.start, end: range.end })?;
            let start = usize::try_from(range.start as i64 + shift).unwrap_or(0);
            inverse.push(TextEdit::replace(Span::new(start, start + edit.replacement.len()), old));
            shift += edit.replacement.len() as i64 - range.len() as i64;
        }
        Ok(Self(inverse))
    }

    /// One set of edits with the effect of `self`, then `next` (whose spans are places in the text after `self`).
    ///
    /// # Errors
    /// [`EditError::OutOfBounds`] if `self` does not fit `text`, or `next` the text after it.
    pub fn compose(&self, next: &Self, text: &str) -> Result<Self, EditError> {
        let middle = self.apply(text)?;
        next.apply(&middle)?;
        // Walk both edit lists over the middle text; stretches that neither changes are kept, all others become one
        // edit.
        let mut cuts: Vec<(usize, usize)> =
            self.invert(text)?.0.iter().map(|it| (it.span.start as usize, it.span.end as usize)).collect();
        cuts.extend(next.0.iter().map(|it| (it.span.start as usize, it.span.end as usize)));
        cuts.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (start, end) in cuts {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        let back = self.invert(text)?;
        let mut composed = Vec::with_capacity(merged.len());
        for (start, end) in merged {
            let old = Span::new(shifted(start, &back, Side::Before), shifted(end, &back, Side::After));
            let slice = middle.get(start..end).unwrap_or_default();
            let local = next
                .0
                .iter()
                .filter(|it| start <= it.span.start as usize && it.span.end as usize <= end)
                .map(|it| {
                    TextEdit::replace(
                        Span::new(it.span.start as usize - start, it.span.end as usize - start),
                        it.replacement.clone(),
                    )
                })
                .collect();
            composed.push(TextEdit::replace(old, Self(local).apply(slice)?));
        }
        Ok(Self(composed))
    }

    /// Where the byte `offset` of the old text stands after the edits; inside a replaced stretch, its new end.
    pub fn map_offset(&self, offset: usize) -> usize {
        shifted(offset, self, Side::After)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Before,
    After,
}

/// Maps an offset through edits. At an insertion, `Before` stays left of it and `After` goes right.
fn shifted(offset: usize, edits: &TextEdits, side: Side) -> usize {
    let mut shift: i64 = 0;
    for edit in &edits.0 {
        let range = edit.span.range();
        if range.start > offset || (range.start == offset && side == Side::Before) {
            break;
        }
        if offset < range.end {
            let start = range.start as i64 + shift;
            let at = if side == Side::Before { start } else { start + edit.replacement.len() as i64 };
            return usize::try_from(at).unwrap_or(0);
        }
        shift += edit.replacement.len() as i64 - range.len() as i64;
    }
    usize::try_from(offset as i64 + shift).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Random edits that fit `text`.
    fn edits_for(text: &str, seeds: &[(usize, usize, String)]) -> TextEdits {
        let places: Vec<usize> = text.char_indices().map(|it| it.0).chain([text.len()]).collect();
        let mut cuts: Vec<usize> =
            seeds.iter().flat_map(|it| [places[it.0 % places.len()], places[it.1 % places.len()]]).collect();
        cuts.sort_unstable();
        let edits = cuts
            .chunks(2)
            .zip(seeds)
            .map(|(cut, seed)| TextEdit::replace(Span::new(cut[0], cut[1]), seed.2.clone()))
            .collect();
        TextEdits::new(edits).unwrap()
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let edits = vec![TextEdit::delete(Span::new(0, 3)), TextEdit::delete(Span::new(2, 4))];
        assert_eq!(TextEdits::new(edits), Err(EditError::Overlap { at: 2 }));
    }

    #[test]
    fn an_edit_past_the_end_changes_nothing() {
        let edits = TextEdits::new(vec![TextEdit::insert(9, "x")]).unwrap();
        assert_eq!(edits.apply("ab"), Err(EditError::OutOfBounds { start: 9, end: 9 }));
    }

    proptest! {
        #[test]
        fn edit_and_inverse_is_identity(text in "[a-z😀\n\
            ]{0,30}", seeds in prop::collection::vec((0usize..99, 0usize..99, "[A-Zé]{0,4}"), 0..5)) {
            let edits = edits_for(&text, &seeds);
            let after = edits.apply(&text).unwrap();
            prop_assert_eq!(edits.invert(&text).unwrap().apply(&after).unwrap(), text);
        }

        #[test]
        fn composing_is_applying_in_turn(
            text in "[a-z😀\n]{0,30}",
            first in prop::collection::vec((0usize..99, 0usize..99, "[A-Zé]{0,4}"), 0..4),
            second in prop::collection::vec((0usize..99, 0usize..99, "[0-9]{0,4}"), 0..4),
        ) {
            let first = edits_for(&text, &first);
            let middle = first.apply(&text).unwrap();
            let second = edits_for(&middle, &second);
            let composed = first.compose(&second, &text).unwrap();
            prop_assert_eq!(composed.apply(&text).unwrap(), second.apply(&middle).unwrap());
        }
    }
}
