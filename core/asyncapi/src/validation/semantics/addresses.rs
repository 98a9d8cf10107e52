//! Addresses of channels and servers: the names in braces, and what addresses must not have.

use archwright_syntax::{Span, data::Entry};
use rustc_hash::FxHashSet;

use super::super::{Check, Sink};
use super::listed;
use super::subject::entries;

/// The names in braces, each once, in the order of the text.
pub(super) fn names(address: &str) -> Vec<&str> {
    let mut names: Vec<&str> = address.split('{').skip(1).filter_map(|it| it.split_once('}')).map(|it| it.0).collect();
    names.retain(|it| !it.is_empty());
    let mut seen = FxHashSet::default();
    names.retain(|it| seen.insert(*it));
    names
}

/// An address without the names in its braces: what is the same for all values of its parameters.
pub(super) fn without_names(address: &str) -> String {
    let mut parts = address.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('{');
        text.push_str(part.find('}').and_then(|at| part.get(at..)).unwrap_or(part));
    }
    text
}

/// A scalar in a message; long ones are cut.
pub(super) fn short(text: &str) -> String {
    /// More than a line of a terminal holds beside the rest of a message.
    const MAX_CHARS: usize = 80;
    match text.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What a map of descriptions of the names in an address says.
pub(super) struct Described<'c, 't> {
    /// The names in the address.
    pub(super) names: &'c [&'t str],
    /// Their descriptions.
    pub(super) map: Entry<'t>,
    /// Where to point when the map belongs to a reference that others use too.
    pub(super) from: Option<Span>,
    /// What the names are in, such as `address`.
    pub(super) place: &'c str,
    /// What a name is, such as `parameter`.
    pub(super) what: &'c str,
    /// The check that every name is described, and the check that every description has its name.
    pub(super) checks: (Check, Check),
}

impl Described<'_, '_> {
    /// Says which names lack a description, and which descriptions have no name. A description that is but misspelt is
    /// told once.
    pub(super) fn compare(&self, sink: &mut Sink) {
        let (undefined, unused) = &self.checks;
        let map = self.map.value;
        let missing: Vec<&str> = self.names.iter().copied().filter(|it| map.entry(it).is_none()).collect();
        let mut misspelt = FxHashSet::default();
        let known: FxHashSet<&str> = self.names.iter().copied().collect();
        for entry in entries(map).filter(|it| !known.contains(it.key)) {
            let meant = sink.nearest(entry.key, missing.iter().copied().filter(|it| !misspelt.contains(it)));
            misspelt.extend(meant);
            let mut message =
                format!("The {} has no `{}`, so this {} stands for nothing", self.place, short(entry.key), self.what);
            if let Some(name) = meant {
                message += &format!(": did you mean `{name}`?");
            }
            let replacement = meant.filter(|_| self.from.is_none()).map(ToOwned::to_owned);
            sink.push_with(unused, self.from.unwrap_or(entry.key_span), message, replacement);
        }
        let mut missing = missing.into_iter().filter(|it| !misspelt.contains(it)).peekable();
        if missing.peek().is_some() {
            let message =
                format!("`{}` does not describe {}, which the {} has", self.map.key, listed(missing), self.place);
            sink.push(undefined, self.from.unwrap_or(self.map.key_span), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_braces() {
        assert_eq!(names("a/{x}/{y}.{x}/{}/{z"), ["x", "y"]);
        assert_eq!(without_names("a/{x}/{y}.{x}/{}/{z"), "a/{}/{}.{}/{}/{z");
        assert_eq!(names("plain"), [""; 0]);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(short(&"ä".repeat(81)), format!("{}...", "ä".repeat(80)));
        assert_eq!(short("short"), "short");
    }
}
