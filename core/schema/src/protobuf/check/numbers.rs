//! Numbers: each stands for one field or one value, and ranges keep clear of each other.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::Check;
use super::types::Target;
use crate::protobuf::parser::{MAX_FIELD, MAX_SET};
use crate::protobuf::schema::{Enum, Message};
use crate::protobuf::tree::{Placed, Range, Syntax, place, word};

/// The numbers that Protobuf keeps for itself.
const IMPLEMENTATION: Range = Range { first: 19_000, last: 19_999 };

const SET: &str = "message_set_wire_format";

impl Check<'_> {
    pub(super) fn numbers(&mut self) {
        for (_, message) in self.messages().filter(|(_, it)| !it.node.entry) {
            self.field_numbers(message);
            self.message_ranges(message);
        }
        self.extension_numbers();
        for it in self.enums() {
            self.values(it);
            self.enum_ranges(it);
        }
    }

    fn field_numbers(&mut self, message: &Message<'_>) {
        let node = message.node;
        let extensions = Sorted::of(&node.extension_ranges);
        let reserved = Sorted::of(&node.reserved);
        let free = OnceCell::new();
        let next = || *free.get_or_init(|| next_free(message));
        let mut by_number = FxHashMap::default();
        for field in &node.fields {
            let (number, span) = (field.number, field.number_span);
            // What does not fit into 32 bits is told already.
            if number > i64::from(i32::MAX) {
                continue;
            }
            if number <= 0 {
                self.tell(span, format!("The number of a field is at least 1; {} is free.", next()));
            } else if number > MAX_FIELD {
                self.tell(span, format!("The number of a field is at most {MAX_FIELD}; {} is free.", next()));
            } else if IMPLEMENTATION.holds(number) {
                let message = "The numbers 19000 to 19999 are kept for Protobuf itself; take another one.";
                self.tell(span, message);
            }
            if let Some(other) = by_number.insert(number, field.name.as_str()) {
                let name = &field.name;
                let message =
                    format!("`{other}` has the number {number} already; `{name}` needs another, such as {}.", next());
                self.tell(span, message);
            }
            if reserved.find(number).is_some() {
                self.tell(span, format!("The number {number} is reserved; {} is free.", next()));
            }
            if let Some(range) = extensions.find(number) {
                self.tell(span, format!("The number {number} belongs to the extensions {}.", shown(range)));
            }
        }
    }

    fn message_ranges(&mut self, message: &Message<'_>) {
        let node = message.node;
        let is_set = word(&node.options, SET) == Some("true");
        let max = if is_set { MAX_SET } else { MAX_FIELD };
        if self.syntax() == Syntax::Proto3 {
            if let Some(it) = node.extension_ranges.first() {
                self.tell(it.span, "A message of proto3 cannot be extended; it sets no numbers aside.");
            }
            if let Some(span) = place(&node.options, SET, SET).filter(|_| is_set) {
                self.tell(span, "There are no message sets in proto3.");
            }
        }
        for (what, ranges) in [("extensions", &node.extension_ranges), ("reserved", &node.reserved)] {
            for it in ranges {
                if it.it.first <= 0 {
                    self.tell(it.span, "The numbers of fields start with 1.");
                } else if it.it.first > it.it.last {
                    self.tell(it.span, "A range goes from the smaller number to the larger one.");
                } else if what == "extensions" && it.it.last > max {
                    self.tell(it.span, format!("The number of an extension is at most {max} here."));
                }
            }
            self.overlaps(ranges, what);
        }
        let reserved = Sorted::of(&node.reserved);
        for it in &node.extension_ranges {
            if let Some(range) = reserved.meet(it.it) {
                self.tell(it.span, format!("Of these numbers {} are reserved.", shown(range)));
            }
        }
    }

    /// Ranges of one kind that have numbers in common.
    fn overlaps(&mut self, ranges: &[Placed<Range>], what: &str) {
        let mut sorted: Vec<&Placed<Range>> = ranges.iter().filter(|it| it.it.first <= it.it.last).collect();
        sorted.sort_by_key(|it| (it.it, it.span.start));
        let mut widest: Option<&Placed<Range>> = None;
        for it in sorted {
            if let Some(other) = widest.filter(|other| it.it.first <= other.it.last) {
                let (later, earlier) = if it.span.start > other.span.start { (it, other) } else { (other, it) };
                let message =
                    format!("The {what} range {} is declared already, in part or as a whole.", shown(earlier.it));
                self.tell(later.span, message);
            }
            if widest.is_none_or(|other| other.it.last < it.it.last) {
                widest = Some(it);
            }
        }
    }

    /// Two extensions of one message with one number.
    fn extension_numbers(&mut self) {
        let mut seen: FxHashMap<(String, i64), String> = FxHashMap::default();
        for field in self.extensions() {
            let number = field.node.number;
            if number <= 0 {
                self.tell(field.node.number_span, "The number of an extension is at least 1.");
            } else if IMPLEMENTATION.holds(number) {
                let message = "The numbers 19000 to 19999 are kept for Protobuf itself; take another one.";
                self.tell(field.node.number_span, message);
            }
            let extendee = match self.extendee(&field) {
                Target::Message(index) => self.pool.schema.messages.get(index),
                _ => None,
            };
            let Some(extendee) = extendee else { continue };
            if let Some(other) = seen.insert((extendee.full.clone(), number), field.name().to_owned()) {
                let message = format!("`{other}` extends `{}` by the number {number} already.", extendee.full);
                self.tell(field.node.number_span, message);
            }
        }
    }

    fn values(&mut self, it: &Enum<'_>) {
        let node = it.node;
        let Some(first) = node.values.first() else {
            self.tell(node.name_span, "An enum has at least one value.");
            return;
        };
        let options = [node.options.as_slice()];
        if first.number != 0 && self.pool.schema.feature("enum_type", &options, it.parent, 0) != "CLOSED" {
            let message = "The first value of an enum has the number 0: it is what a field without value holds.";
            self.tell(first.number_span, message);
        }
        let alias = word(&node.options, "allow_alias");
        let place = place(&node.options, "allow_alias", "allow_alias").unwrap_or(node.name_span);
        let mut by_number = FxHashMap::default();
        let mut has_alias = false;
        for value in &node.values {
            let Some(other) = by_number.insert(value.number, value.name.as_str()) else { continue };
            has_alias = true;
            if alias != Some("true") {
                let message = format!(
                    "`{other}` has the number {} already; take another, or allow this with `option allow_alias = \
                    true;`.",
                    value.number
                );
                self.tell(value.number_span, message);
            }
        }
        match alias {
            Some("true") if !has_alias => {
                self.tell(place, "No two values have the same number, so `allow_alias` is not needed; remove it.");
            }
            Some("false") => self.tell(place, "`allow_alias` is false anyway; remove this line."),
            _ => (),
        }
    }

    fn enum_ranges(&mut self, it: &Enum<'_>) {
        for range in it.node.reserved.iter().filter(|it| it.it.first > it.it.last) {
            self.tell(range.span, "A range goes from the smaller number to the larger one.");
        }
        self.overlaps(&it.node.reserved, "reserved");
        let reserved = Sorted::of(&it.node.reserved);
        for value in &it.node.values {
            if reserved.find(value.number).is_some() {
                self.tell(value.number_span, format!("The number {} is reserved; take another one.", value.number));
            }
        }
    }
}

/// The smallest number that no field, reservation or extension of a message has.
fn next_free(message: &Message<'_>) -> i64 {
    let node = message.node;
    let single = node.fields.iter().map(|it| Range { first: it.number, last: it.number });
    let ranges = node.reserved.iter().chain(&node.extension_ranges).map(|it| it.it);
    let taken = Range::merged(single.chain(ranges).chain([IMPLEMENTATION]).filter(|it| it.first <= it.last).collect());
    taken.into_iter().fold(1, |next, it| if it.holds(next) { it.last.saturating_add(1) } else { next })
}

fn shown(Range { first, last }: Range) -> String {
    if first == last { format!("{first}") } else { format!("{first} to {last}") }
}

/// Ranges in order, so that one is found fast.
pub(super) struct Sorted(Vec<Range>);

impl Sorted {
    pub(super) fn of(ranges: &[Placed<Range>]) -> Self {
        Self(Range::merged(ranges.iter().map(|it| it.it).filter(|it| it.first <= it.last).collect()))
    }

    pub(super) fn find(&self, number: i64) -> Option<Range> {
        self.meet(Range { first: number, last: number })
    }

    /// The first range that has a number in common with another.
    fn meet(&self, range: Range) -> Option<Range> {
        let at = self.0.partition_point(|it| it.last < range.first);
        self.0.get(at).copied().filter(|it| it.first <= range.last)
    }
}
