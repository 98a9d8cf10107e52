//! What the outline of a file answers: what is done in one course of events, and what stands around a place.

use archwright_syntax::Span;

use super::outline::{Exit, Guard, Outline};

impl Outline {
    /// The innermost function around a place, if it stands in one.
    pub(crate) fn function_at(&self, at: u32) -> Option<Span> {
        let around = self.functions.iter().filter(|it| it.start <= at && at < it.end);
        around.min_by_key(|it| it.end - it.start).copied()
    }

    /// Whether a place is only reached under a condition, seen from code around it.
    pub(crate) fn is_conditional(&self, at: u32, within: Span) -> bool {
        let is_inside = |it: &Span| within.start < it.start && it.end <= within.end && it.start <= at && at < it.end;
        self.branches.iter().any(is_inside)
    }

    /// Whether only one of two places is reached in one course of events, the first of them being earlier in the text.
    pub(crate) fn excludes(&self, first: u32, second: u32) -> bool {
        let holds = |span: &Span, at: u32| span.start <= at && at < span.end;
        // Other arms of one decision.
        let mut arms = self.arms.iter().filter(|it| holds(&it.1, first) && !holds(&it.1, second));
        if arms.any(|one| self.arms.iter().any(|it| it.0 == one.0 && it.1 != one.1 && holds(&it.1, second))) {
            return true;
        }
        // What is done when the other has failed.
        let fails = |it: &Guard| holds(&it.body, first) && it.catches.iter().any(|it| holds(&it.span, second));
        if self.guards.iter().any(fails) {
            return true;
        }
        // A branch that is left before the other is reached.
        let home = self.function_at(first);
        let leaves = |branch: &Span| {
            let mut exits = self.exits_in(*branch).filter(|it| it.span.start >= first || holds(&it.span, first));
            exits.any(|it| {
                let ends = self.function_at(it.span.start) == home && !self.is_conditional(it.span.start, *branch);
                ends && !self.is_caught_within(it.span.start, *branch)
            })
        };
        let mut branches = self.branches.iter().filter(|it| holds(it, first) && !holds(it, second));
        home == self.function_at(second) && branches.any(leaves)
    }

    /// Whether a place within some code is only reached after a failure in it.
    fn is_caught_within(&self, at: u32, within: Span) -> bool {
        let inside = |it: &&Guard| within.start <= it.body.start && it.body.end <= within.end;
        let mut catches = self.guards.iter().filter(inside).flat_map(|it| &it.catches);
        catches.any(|it| it.span.start <= at && at < it.span.end)
    }

    /// Whether two places stand in functions that are called apart from each other. What stands outside of all
    /// functions runs when the file is loaded.
    pub(crate) fn is_apart(&self, one: u32, other: u32, is_top: bool) -> bool {
        let holder = |at: u32| {
            let around = self.apart.iter().filter(|it| it.start <= at && at < it.end);
            around.min_by_key(|it| it.end - it.start).copied()
        };
        if holder(one) != holder(other) {
            return true;
        }
        let nests = |one: Span, other: Span| {
            (one.start <= other.start && other.end <= one.end) || (other.start <= one.start && one.end <= other.end)
        };
        is_top
            && match (self.function_at(one), self.function_at(other)) {
                (Some(one), Some(other)) => !nests(one, other),
                (None, None) => false,
                _ => true,
            }
    }

    /// Whether a comment allows a risk in a line.
    pub(crate) fn allows(&self, line: u32, code: &str) -> bool {
        self.allowed.iter().any(|it| it.0 == line && it.1.iter().any(|name| name == code))
    }

    /// Whether a place is only reached after a failure.
    pub(crate) fn is_caught(&self, at: u32) -> bool {
        let mut catches = self.guards.iter().flat_map(|it| &it.catches);
        catches.any(|it| it.span.start <= at && at < it.span.end)
    }

    /// The guards whose body holds a place, within some code.
    pub(crate) fn guards_of(&self, at: u32, within: Span) -> impl Iterator<Item = &Guard> {
        self.guards.iter().filter(move |it| {
            it.body.start <= at && at < it.body.end && within.start <= it.body.start && it.body.end <= within.end
        })
    }

    /// The conditions within some code, as they are written.
    pub(crate) fn conditions_in(&self, within: Span) -> Vec<&str> {
        let inside = self.conditions.iter().filter(|it| within.start <= it.0.start && it.0.end <= within.end);
        inside.map(|it| it.1.as_str()).collect()
    }

    /// What leaves from within some code.
    pub(crate) fn exits_in(&self, within: Span) -> impl Iterator<Item = &Exit> {
        self.exits.iter().filter(move |it| within.start <= it.span.start && it.span.end <= within.end)
    }
}
