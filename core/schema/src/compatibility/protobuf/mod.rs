//! Whether a reader with one Protobuf file understands what was written with another, as the schema registries judge
//! it.
//!
//! The registries differ: Confluent and Karapace look at what is on the wire, each in its own way, while Apicurio asks
//! for the care of names and numbers that Protolock defines. None of them looks into groups and extensions.

mod apicurio;
mod confluent;
mod files;
mod imports;
mod karapace;
#[cfg(test)]
mod tests;
mod types;

use archwright_syntax::Span;

use self::files::{Files, Side};
pub use self::imports::proto_imports;
use super::{Change, InvalidSchema, Pair, Place, Profile};

pub(super) fn compare(pair: &Pair<'_>) -> Result<Vec<Change>, InvalidSchema> {
    let (writer, reader) = (Files::read(pair.writer)?, Files::read(pair.reader)?);
    let (writer, reader) = (writer.side(), reader.side());
    let found = match pair.profile {
        Profile::Confluent | Profile::ConfluentLenient => confluent::compare(&writer, &reader),
        Profile::Karapace => karapace::compare(&writer, &reader),
        Profile::Apicurio => Ok(apicurio::compare(&writer, &reader)),
    };
    let found = found.map_err(|TooLarge| InvalidSchema {
        place: Place { version: pair.reader.index, span: Span::empty(0) },
        message:
            "The schemas are too large to be compared, or their imports lead to each other too deeply; split them \
            up."
            .to_owned(),
    })?;
    let change = |it: Found| {
        let mut change = pair.change(it.kind, it.path, it.places.0, it.places.1, it.message);
        change.advice = Some(it.advice.to_owned());
        change
    };
    Ok(found.into_iter().map(change).collect())
}

/// Where something stands in the file that wrote and in the file that reads.
type Places = (Option<Span>, Option<Span>);

/// One change that a registry refuses.
struct Found {
    kind: &'static str,
    /// Such as `Order.total`.
    path: String,
    places: Places,
    message: String,
    advice: &'static str,
}

/// How deep the messages of imports are followed.
const MAX_DEPTH: usize = 100;

/// How many fields are compared.
const MAX_STEPS: usize = 2_000_000;

/// A limit was reached, so that nothing can be said.
struct TooLarge;

/// What both comparisons that follow the wire keep while they walk.
struct Walk<'a> {
    writer: &'a Side<'a>,
    reader: &'a Side<'a>,
    found: Vec<Found>,
    /// The field of the compared files that led into the message of an import.
    inside: Option<Places>,
    depth: usize,
    steps: usize,
    is_too_large: bool,
}

impl<'a> Walk<'a> {
    fn new(writer: &'a Side<'a>, reader: &'a Side<'a>) -> Self {
        Self { writer, reader, found: Vec::new(), inside: None, depth: 0, steps: 0, is_too_large: false }
    }

    fn add(&mut self, kind: &'static str, path: String, places: Places, message: String, advice: &'static str) {
        let places = self.inside.unwrap_or(places);
        self.found.push(Found { kind, path, places, message, advice });
    }

    /// Whether to go into the messages of imports that two fields hold, unless that leads too far. What changes in
    /// there stands at the fields, until [`Walk::leave`] gets the `inside` from before.
    fn enter(&mut self, places: Places) -> bool {
        if self.depth >= MAX_DEPTH || !self.may_go_on() {
            self.is_too_large = true;
            return false;
        }
        self.depth += 1;
        self.inside = self.inside.or(Some(places));
        true
    }

    /// Whether there is room for more work.
    fn may_go_on(&mut self) -> bool {
        self.is_too_large |= self.steps >= MAX_STEPS;
        !self.is_too_large
    }

    /// What was found, if all was looked at.
    fn finish(self) -> Result<Vec<Found>, TooLarge> {
        if self.is_too_large { Err(TooLarge) } else { Ok(self.found) }
    }

    fn leave(&mut self, inside: Option<Places>) {
        self.depth -= 1;
        self.inside = inside;
    }
}

/// Advice that several registries' changes share.
mod advice {
    pub(super) const TYPE: &str = "Add a field with a new number and the new type, fill both for a while, and then \
        remove the old one and reserve its number.";
    pub(super) const MESSAGE: &str =
        "Keep the message as long as somebody may read or write it; mark it as deprecated instead.";
    pub(super) const ONEOF: &str = "Keep the field outside of the `oneof`, or add a new field with a new number to it.";
    pub(super) const ONEOF_FIELD: &str =
        "Keep the field, marked as deprecated; readers decide by what is set in the `oneof`.";
    pub(super) const REQUIRED: &str =
        "Make the field optional: a required field can neither be added nor removed safely.";
    pub(super) const NUMBER: &str = "Keep the number of the field; a number may not be used again.";
}
