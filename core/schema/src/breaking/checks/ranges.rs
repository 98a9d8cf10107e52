//! Reserved numbers stay reserved, and numbers set aside for extensions stay so.

use super::super::pairs::{Findings, Is, Pairs, Was};
use crate::protobuf::tree::Range;

/// `EXTENSION_MESSAGE_NO_DELETE`
pub(in super::super) fn extension_message(pairs: &Pairs<'_>, out: &mut Findings) {
    for (old, new) in pairs.messages() {
        let owner = format!("message `{}`", new.nested);
        let (is, was) = (pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span));
        ranges("extension", &owner, &old.node.extension_ranges, &new.node.extension_ranges, is, was, out);
    }
}

/// `RESERVED_MESSAGE_NO_DELETE`
pub(in super::super) fn reserved_message(pairs: &Pairs<'_>, out: &mut Findings) {
    for (old, new) in pairs.messages() {
        let owner = format!("message `{}`", new.nested);
        let (is, was) = (pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span));
        ranges("reserved", &owner, &old.node.reserved, &new.node.reserved, is, was, out);
        names(&owner, &old.node.reserved_names, &new.node.reserved_names, is, was, out);
    }
}

/// `RESERVED_ENUM_NO_DELETE`
pub(in super::super) fn reserved_enum(pairs: &Pairs<'_>, out: &mut Findings) {
    for (old, new) in pairs.enums() {
        let owner = format!("enum `{}`", new.nested);
        let (is, was) = (pairs.is(new.file, new.node.span), pairs.was(old.file, old.node.span));
        ranges("reserved", &owner, &old.node.reserved, &new.node.reserved, is, was, out);
        names(&owner, &old.node.reserved_names, &new.node.reserved_names, is, was, out);
    }
}

fn names(owner: &str, old: &[String], new: &[String], is: Is<'_>, was: Was<'_>, out: &mut Findings) {
    let mut gone: Vec<&String> = old.iter().filter(|it| !new.contains(it)).collect();
    gone.sort_unstable();
    gone.dedup();
    for name in gone {
        out.add(is, was, format!("The name `{name}` is no longer reserved in the {owner}."));
    }
}

fn ranges(kind: &str, owner: &str, old: &[Range], new: &[Range], is: Is<'_>, was: Was<'_>, out: &mut Findings) {
    if old.is_empty() {
        return;
    }
    let new = merged(new);
    for &range in old {
        let gone: Vec<String> = missing(range, &new).into_iter().map(shown).collect();
        if !gone.is_empty() {
            let gone = gone.join(", ");
            out.add(is, was, format!("The {kind} range {} of the {owner} lost {gone}.", shown(range)));
        }
    }
}

/// The ranges in order, with those that touch made one.
fn merged(ranges: &[Range]) -> Vec<Range> {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    let mut res: Vec<Range> = Vec::with_capacity(sorted.len());
    for (start, end) in sorted {
        match res.last_mut() {
            Some(last) if start <= last.1.saturating_add(1) => last.1 = last.1.max(end),
            _ => res.push((start, end)),
        }
    }
    res
}

/// What of a range none of `kept` covers.
fn missing((mut start, end): Range, kept: &[Range]) -> Vec<Range> {
    let mut res = Vec::new();
    for &(from, to) in kept {
        if to < start {
            continue;
        }
        if from > end || start > end {
            break;
        }
        if start < from {
            res.push((start, from - 1));
        }
        start = to.saturating_add(1);
    }
    if start <= end {
        res.push((start, end));
    }
    res
}

fn shown((start, end): Range) -> String {
    if start == end { format!("{start}") } else { format!("{start} to {end}") }
}

#[cfg(test)]
mod tests {
    use super::{merged, missing};

    #[test]
    fn what_no_range_covers_is_missing() {
        let kept = merged(&[(20, 30), (1, 5), (6, 9)]);
        assert_eq!(kept, [(1, 9), (20, 30)]);
        assert_eq!(missing((1, 9), &kept), []);
        assert_eq!(missing((3, 25), &kept), [(10, 19)]);
        assert_eq!(missing((0, 40), &kept), [(0, 0), (10, 19), (31, 40)]);
        assert_eq!(missing((i64::MAX, i64::MAX), &kept), [(i64::MAX, i64::MAX)]);
    }
}
