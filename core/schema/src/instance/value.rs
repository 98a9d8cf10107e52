//! Values of YAML and JSON as schemas compare and count them.

use std::fmt::Write as _;

use archwright_syntax::{
    Span,
    data::{Kind, Node, ScalarStyle},
};

/// Deeper values are not compared.
const MAX_DEPTH: usize = 100;

/// How many characters of a value are shown.
const MAX_SHOWN: usize = 40;

/// Whether something holds of all items, each of which is looked at.
pub(super) fn every<T>(items: impl Iterator<Item = T>, mut holds: impl FnMut(T) -> bool) -> bool {
    let mut all = true;
    for item in items {
        all &= holds(item);
    }
    all
}

/// A number; nothing for infinities and not-a-number, of which JSON Schema says nothing.
pub(super) fn number(node: Node<'_>) -> Option<f64> {
    node.as_f64().filter(|it| it.is_finite())
}

/// A count that a schema gives, which may be written as `2.0`.
pub(super) fn count(node: Node<'_>) -> Option<usize> {
    #[allow(clippy::cast_sign_loss, reason = "the number is checked to be a count")]
    let of_float = || number(node).filter(|it| it.fract() == 0.0 && (0.0..1e15).contains(it)).map(|it| it as usize);
    node.as_i64().map_or_else(of_float, |it| usize::try_from(it).ok())
}

/// Whether JSON Schema takes a number for an integer: `3.0` is one (draft-06 and later).
pub(super) fn is_integer(node: Node<'_>) -> bool {
    node.kind() == Kind::Integer || number(node).is_some_and(|it| it.fract() == 0.0)
}

/// Whether two values are the same for JSON Schema: numbers by value, mappings whatever the order of their keys.
/// `left` bounds the work; when it runs out, values are taken for equal.
pub(crate) fn is_equal(one: Node<'_>, other: Node<'_>, left: &mut u32, depth: usize) -> bool {
    *left = left.saturating_sub(1);
    if *left == 0 || depth > MAX_DEPTH {
        return true;
    }
    let is_number = |it: Node<'_>| matches!(it.kind(), Kind::Integer | Kind::Float);
    match (one.kind(), other.kind()) {
        (Kind::Integer, Kind::Integer) if one.as_i64().is_some() => one.as_i64() == other.as_i64(),
        _ if is_number(one) && is_number(other) => number(one) == number(other),
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool, Kind::Bool) => one.as_bool() == other.as_bool(),
        (Kind::String, Kind::String) => one.as_str() == other.as_str(),
        (Kind::Sequence, Kind::Sequence) => {
            one.len() == other.len()
                && one.items().zip(other.items()).all(|(one, other)| is_equal(one, other, left, depth + 1))
        }
        (Kind::Mapping, Kind::Mapping) => {
            one.len() == other.len()
                && one
                    .entries()
                    .all(|it| other.get(it.key).is_some_and(|other| is_equal(it.value, other, left, depth + 1)))
        }
        _ => false,
    }
}

/// A text that equal values share; nothing for values that are too large or have no such text.
pub(super) fn canonical(node: Node<'_>, left: &mut u32) -> Option<String> {
    let mut text = String::new();
    write_canonical(node, &mut text, left, 0).then_some(text)
}

fn write_canonical(node: Node<'_>, into: &mut String, left: &mut u32, depth: usize) -> bool {
    *left = left.saturating_sub(1);
    if *left == 0 || depth > MAX_DEPTH {
        return false;
    }
    match node.kind() {
        Kind::Null => into.push('~'),
        Kind::Integer | Kind::Float => match (node.as_i64(), number(node)) {
            (Some(whole), _) => drop(write!(into, "{whole}")),
            (None, Some(number)) => drop(write!(into, "{number}")),
            (None, None) => return false,
        },
        Kind::Bool | Kind::String => {
            let text = node.scalar().unwrap_or_default();
            *left = left.saturating_sub(u32::try_from(text.len() / 64).unwrap_or(u32::MAX));
            let _ = write!(into, "{}{}:{text}", if node.kind() == Kind::Bool { '?' } else { '"' }, text.len());
        }
        Kind::Sequence => {
            into.push('[');
            for item in node.items() {
                if !write_canonical(item, into, left, depth + 1) {
                    return false;
                }
                into.push(',');
            }
            into.push(']');
        }
        Kind::Mapping => {
            let mut entries: Vec<_> = node.entries().collect();
            entries.sort_by_key(|it| it.key);
            into.push('{');
            for entry in entries {
                let _ = write!(into, "{}:{}", entry.key.len(), entry.key);
                if !write_canonical(entry.value, into, left, depth + 1) {
                    return false;
                }
            }
            into.push('}');
        }
    }
    true
}

/// A value for a message: scalars in backticks, collections in words.
pub(crate) fn shown(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Sequence | Kind::Mapping => node.kind().describe().to_owned(),
        _ => format!("`{}`", shortened(node.scalar().unwrap_or_default())),
    }
}

/// A value with its kind, to say that the kind is wrong.
pub(super) fn with_kind(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Null | Kind::Sequence | Kind::Mapping => format!("This is {}", node.kind().describe()),
        kind => format!("{} is {}", shown(node), kind.describe()),
    }
}

/// The beginning of a text, on one line.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(MAX_SHOWN).map(|it| if it.is_control() { ' ' } else { it }).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A list of values for a message.
pub(super) fn choices<'t>(values: impl Iterator<Item = Node<'t>>) -> String {
    const MAX_LISTED: usize = 12;
    let mut shown_values: Vec<_> = values.take(MAX_LISTED + 1).map(shown).collect();
    let more = shown_values.len() > MAX_LISTED;
    shown_values.truncate(MAX_LISTED);
    match shown_values.as_slice() {
        [only] => format!("it must be {only}"),
        all => format!("it must be one of {}{}", all.join(", "), if more { " and others" } else { "" }),
    }
}

/// The place to point at for a value: its key when nothing is written or when it is a collection.
pub(crate) fn span_of(node: Node<'_>) -> Span {
    match node.as_entry() {
        Some(entry) if node.span().is_empty() || matches!(node.kind(), Kind::Sequence | Kind::Mapping) => {
            entry.key_span
        }
        _ => match node.entries().next() {
            Some(first) if !first.merged && !node.is_alias() => first.key_span,
            _ => node.span(),
        },
    }
}

/// A scalar as it must be written to be a string, when it is plain.
pub(super) fn quoted(node: Node<'_>) -> Option<String> {
    let text = node.scalar().filter(|_| is_plain(node))?;
    let is_number_or_bool = matches!(node.kind(), Kind::Bool | Kind::Integer | Kind::Float);
    is_number_or_bool.then(|| format!("\"{text}\""))
}

fn is_plain(node: Node<'_>) -> bool {
    node.style() == ScalarStyle::Plain && !node.is_alias() && !node.span().is_empty()
}
