//! Decision records in the form of those beside them: read the form, write a record in it, say on both sides that one
//! replaces another.
//!
//! A form is what most of some records have in common: names of files, titles, lines of the head, sections, the words
//! of a status. The forms that Archwright knows by itself are records too, in `profiles/records`, and are read by the
//! same code.

mod form;
pub mod name;
pub mod relation;
mod sample;
mod write;

pub use form::{Form, is_word};
pub use name::FileNames;
pub use sample::{Dialect, Sample};
pub use write::{Alternative, Facts, Written, first_sentence, labelled, within, write};

use rustc_hash::FxHashMap;

/// The value that occurs most; of equally frequent ones the last.
fn most<T: PartialEq>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counted: Vec<(T, usize, usize)> = Vec::new();
    for (at, value) in values.enumerate() {
        match counted.iter_mut().find(|it| it.0 == value) {
            Some((_, count, last)) => (*count, *last) = (*count + 1, at),
            None => counted.push((value, 1, at)),
        }
    }
    counted.into_iter().max_by_key(|it| (it.1, it.2)).map(|it| it.0)
}

/// How often each of some values occurs.
fn counts<T: std::hash::Hash + Eq>(values: impl Iterator<Item = T>) -> FxHashMap<T, usize> {
    let mut counts = FxHashMap::default();
    values.for_each(|it| *counts.entry(it).or_insert(0) += 1);
    counts
}
