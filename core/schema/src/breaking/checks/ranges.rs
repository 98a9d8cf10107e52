//! Reserved numbers stay reserved, and numbers set aside for extensions stay so.

use super::super::pairs::{Annotations, Is, Pairs, Was};
use crate::protobuf::tree::{Placed, Range};

/// `EXTENSION_MESSAGE_NO_DELETE`
pub(in super::super) fn extension_message(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.messages() {
        let owner = format!("message `{}`", new.nested);
        let (is, was) = (pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span));
        ranges("extension", &owner, &old.node.extension_ranges, &new.node.extension_ranges, is, was, out);
    }
}

/// `RESERVED_MESSAGE_NO_DELETE`
pub(in super::super) fn reserved_message(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.messages() {
        let owner = format!("message `{}`", new.nested);
        let (is, was) = (pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span));
        ranges("reserved", &owner, &old.node.reserved, &new.node.reserved, is, was, out);
        names(&owner, &old.node.reserved_names, &new.node.reserved_names, is, was, out);
    }
}

/// `RESERVED_ENUM_NO_DELETE`
pub(in super::super) fn reserved_enum(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in pairs.enums() {
        let owner = format!("enum `{}`", new.nested);
        let (is, was) = (pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span));
        ranges("reserved", &owner, &old.node.reserved, &new.node.reserved, is, was, out);
        names(&owner, &old.node.reserved_names, &new.node.reserved_names, is, was, out);
    }
}

fn names(owner: &str, old: &[Placed<String>], new: &[Placed<String>], is: Is<'_>, was: Was<'_>, out: &mut Annotations) {
    let mut gone: Vec<&str> = old.iter().filter(|it| !new.contains(it)).map(|it| it.it.as_str()).collect();
    gone.sort_unstable();
    gone.dedup();
    for name in gone {
        out.add(is, was, format!("The name `{name}` is no longer reserved in the {owner}."));
    }
}

fn ranges(
    kind: &str,
    owner: &str,
    old: &[Placed<Range>],
    new: &[Placed<Range>],
    is: Is<'_>,
    was: Was<'_>,
    out: &mut Annotations,
) {
    if old.is_empty() {
        return;
    }
    let new = Range::merged(new.iter().map(|it| it.it).collect());
    for range in old.iter().map(|it| it.it) {
        let gone: Vec<String> = missing(range, &new).into_iter().map(shown).collect();
        if !gone.is_empty() {
            let gone = gone.join(", ");
            out.add(is, was, format!("The {kind} range {} of the {owner} lost {gone}.", shown(range)));
        }
    }
}

/// What of a range none of `kept` covers.
fn missing(mut range: Range, kept: &[Range]) -> Vec<Range> {
    let mut res = Vec::new();
    for &it in kept {
        if it.last < range.first {
            continue;
        }
        if it.first > range.last || range.first > range.last {
            break;
        }
        if range.first < it.first {
            res.push(Range { first: range.first, last: it.first - 1 });
        }
        range.first = it.last.saturating_add(1);
    }
    if range.first <= range.last {
        res.push(range);
    }
    res
}

fn shown(Range { first, last }: Range) -> String {
    if first == last { format!("{first}") } else { format!("{first} to {last}") }
}

#[cfg(test)]
mod tests {
    use super::{Range, missing};

    fn ranges(all: &[(i64, i64)]) -> Vec<Range> {
        all.iter().map(|&(first, last)| Range { first, last }).collect()
    }

    #[test]
    fn what_no_range_covers_is_missing() {
        let kept = Range::merged(ranges(&[(20, 30), (1, 5), (6, 9)]));
        assert_eq!(kept, ranges(&[(1, 9), (20, 30)]));
        let missing = |first, last| missing(Range { first, last }, &kept);
        assert_eq!(missing(1, 9), []);
        assert_eq!(missing(3, 25), ranges(&[(10, 19)]));
        assert_eq!(missing(0, 40), ranges(&[(0, 0), (10, 19), (31, 40)]));
        assert_eq!(missing(i64::MAX, i64::MAX), ranges(&[(i64::MAX, i64::MAX)]));
    }
}
