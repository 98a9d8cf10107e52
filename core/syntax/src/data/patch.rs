//! Changes to a text that keep every place translatable back to the text as it was written.

use crate::Span;

/// A change that lets the parser go on: replaces `span` of the text as written.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    pub(super) span: Span,
    pub(super) with: String,
}

/// The text with patches.
pub(super) struct Patched {
    pub(super) text: String,
    /// For each patch: where it stands in the patched text, and what it replaces.
    places: Vec<(Span, Span)>,
}

impl Patched {
    /// Applies patches. `None` if two of them overlap.
    pub(super) fn new(original: &str, patches: &[Patch]) -> Option<Self> {
        let mut text = String::with_capacity(original.len() + 16 * patches.len());
        let mut places = Vec::with_capacity(patches.len());
        let mut done = 0;
        for patch in patches {
            text.push_str(original.get(done..patch.span.start as usize)?);
            let start = text.len();
            text.push_str(&patch.with);
            places.push((Span::new(start, text.len()), patch.span));
            done = patch.span.end as usize;
        }
        text.push_str(original.get(done..)?);
        Some(Self { text, places })
    }

    /// Where a place of the patched text stands in the text as written.
    pub(super) fn original(&self, at: usize) -> usize {
        let after = self.places.partition_point(|it| it.0.start as usize <= at);
        let Some((patched, original)) = after.checked_sub(1).and_then(|it| self.places.get(it)) else { return at };
        match at.checked_sub(patched.end as usize) {
            Some(behind) => original.end as usize + behind,
            None => original.start as usize + (at - patched.start as usize).min(original.len()),
        }
    }
}

pub(super) fn insert(at: usize, with: &str) -> Patch {
    Patch { span: Span::empty(at), with: with.to_owned() }
}

/// Patches that make `span` a single-quoted scalar.
pub(super) fn quote(text: &str, span: Span) -> Vec<Patch> {
    let start = span.start as usize;
    let inner = span.of(text).match_indices('\'').map(|it| insert(start + it.0, "'"));
    [insert(start, "'")].into_iter().chain(inner).chain([insert(span.end as usize, "'")]).collect()
}
