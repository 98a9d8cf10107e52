//! Where parts of a document have moved, for the references to them.

use std::collections::HashMap;

use archwright_syntax::pointer;

/// The new places by the old ones, as JSON Pointers.
#[derive(Debug, Default)]
pub(super) struct Pointers(HashMap<String, String>);

impl Pointers {
    /// What stood at `old` and below stands at `new` now.
    pub(super) fn add(&mut self, old: &str, new: &str) {
        if old != new {
            self.0.entry(old.to_owned()).or_insert_with(|| new.to_owned());
        }
    }

    /// What a reference must be now; `None` if it stays.
    pub(super) fn moved(&self, reference: &str) -> Option<String> {
        let pointer = pointer::of_fragment(reference.strip_prefix('#')?)?;
        let mut end = pointer.len();
        loop {
            let (prefix, rest) = pointer.split_at_checked(end)?;
            if let Some(new) = self.0.get(prefix) {
                return Some(reference_to(&format!("{new}{rest}")));
            }
            end = prefix.rfind('/')?;
        }
    }
}

/// A reference to a place of the same document. Signs that a fragment cannot hold as they are stay, as people write
/// them; only `%` would be read as something else.
pub(super) fn reference_to(pointer: &str) -> String {
    format!("#{}", pointer.replace('%', "%25"))
}
