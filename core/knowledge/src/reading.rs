//! The document that is being read: its words are looked up once, however many ask for words of its parts.
//!
//! Rules ask each sentence for words of many kinds, and most documents have words of few. So a document that is being
//! read is announced, and whoever asks a part of its text for words is answered by what was found in all of it. Texts
//! that are made of it, such as a sentence without its quotes, are looked at as they are.
//!
//! **Invariant**: the answer is the one that a look at the part alone gives (see the tests).

use std::{
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
    sync::Arc,
};

use crate::spotted::{Spotted, spotted};

thread_local! {
    /// Where the text of the document lies in memory. Nothing else lies there while the document is held.
    static PLACE: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    static DOCUMENT: RefCell<Option<Document>> = const { RefCell::new(None) };
}

/// The document that this thread reads.
struct Document {
    text: Arc<str>,
    /// Nothing until as many bytes were looked at as the text has.
    words: Option<Rc<Spotted>>,
    looked_at: usize,
}

/// Says that a document is being read, until it is dropped.
pub struct Reading {
    /// What was being read before, on this thread.
    before: Option<Document>,
}

/// Says that a document is being read by this thread.
pub fn reading(text: &Arc<str>) -> Reading {
    Reading { before: exchange(Some(Document { text: text.clone(), words: None, looked_at: 0 })) }
}

impl Drop for Reading {
    fn drop(&mut self) {
        exchange(self.before.take());
    }
}

fn exchange(document: Option<Document>) -> Option<Document> {
    let start = |it: &Document| it.text.as_ptr() as usize;
    PLACE.set(document.as_ref().map_or((0, 0), |it| (start(it), start(it) + it.text.len())));
    DOCUMENT.replace(document)
}

/// All words of a text that is being read as a whole.
pub fn words_of(text: &str) -> Option<Rc<Spotted>> {
    let range = text.as_bytes().as_ptr_range();
    if PLACE.get() != (range.start as usize, range.end as usize) {
        return None;
    }
    DOCUMENT.with_borrow_mut(|it| it.as_mut().map(Document::words))
}

impl Document {
    fn words(&mut self) -> Rc<Spotted> {
        self.words.get_or_insert_with(|| Rc::new(spotted(&self.text))).clone()
    }
}

/// Looks for words of a kind at what was found in the document, if the text is a part of it that no word goes out of.
/// `length` is how many bytes another way to look would read.
#[inline]
pub(crate) fn look<R>(
    text: &str,
    kind: u16,
    length: usize,
    look: impl FnOnce(&Spotted, Range<usize>) -> R,
) -> Option<R> {
    let place = PLACE.get();
    let start = text.as_ptr() as usize;
    if start < place.0 || start + text.len() > place.1 || kind == u16::MAX {
        return None;
    }
    look_in_document(start - place.0..start - place.0 + text.len(), length, look)
}

fn look_in_document<R>(part: Range<usize>, length: usize, look: impl FnOnce(&Spotted, Range<usize>) -> R) -> Option<R> {
    let is_ready = DOCUMENT.with_borrow_mut(|it| {
        let document = it.as_mut()?;
        document.looked_at += length;
        if document.words.is_none() && document.looked_at > document.text.len() {
            document.words();
        }
        (document.words.is_some() && is_apart(document.text.as_bytes(), &part)).then_some(())
    });
    is_ready?;
    DOCUMENT.with_borrow(|it| Some(look(it.as_ref()?.words.as_deref()?, part)))
}

/// Whether no word, and no mark that a phrase ends with, goes on over an end of a part.
fn is_apart(bytes: &[u8], part: &Range<usize>) -> bool {
    let is_mark = |it: Option<&u8>| it.is_none_or(|it| it.is_ascii() && !it.is_ascii_alphanumeric());
    let before = part.start.checked_sub(1).and_then(|it| bytes.get(it));
    is_mark(bytes.get(part.end)) && (is_mark(before) || is_mark(bytes.get(part.start)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::claim_words;

    /// What many kinds have, what joins it, and what looks like it.
    const TEXT: &str = "(never|no|not|dead|letters?|Dead-letter|retries|forever|once|exactly|at|least|x|é|/s|--force\
        |[ \n.,;`*(/’'-]){0,40}";

    /// Where words of a kind stand, and whether a text begins with them, consists of them and ends with them.
    type Answer = (Vec<Range<usize>>, bool, bool, Option<Range<usize>>);

    fn answers(text: &str) -> Vec<Answer> {
        let kinds = ["denies", "dead-letters", "unbounded", "at-least-once", "exactly-once", "retry", "still-open"];
        kinds
            .iter()
            .map(|it| claim_words(it))
            .map(|it| (it.all(text).collect(), it.begin(text), it.are_all_of(text), it.ending(text)))
            .collect()
    }

    proptest! {
        #[test]
        fn parts_of_a_document_have_the_words_that_they_have_alone(text in TEXT, from in 0_usize..80, to in 0_usize..80) {
            let text: Arc<str> = text.into();
            let (from, to) = (text.floor_char_boundary(from), text.floor_char_boundary(to));
            let part = &text[from.min(to)..from.max(to)];
            let alone = answers(part);
            let reading = reading(&text);
            let words = words_of(&text);
            prop_assert!(words.is_some());
            prop_assert_eq!(answers(part), alone);
            drop(reading);
            prop_assert!(words_of(&text).is_none());
        }
    }

    #[test]
    fn a_document_is_read_within_another() {
        let (one, other): (Arc<str>, Arc<str>) = ("never".into(), "always".into());
        let outer = reading(&one);
        let inner = reading(&other);
        assert!(words_of(&one).is_none() && words_of(&other).is_some());
        drop(inner);
        assert!(words_of(&one).is_some());
        drop(outer);
        assert!(words_of(&one).is_none());
    }
}
