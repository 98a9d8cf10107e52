//! Plain scalars: the core schema of YAML 1.2 (section 10.3.2) and JSON's numbers.

use super::node::Shape;

/// What a plain scalar is under the core schema.
pub(super) fn resolve(text: &str) -> Shape {
    let Some(&first) = text.as_bytes().first() else { return Shape::Null };
    match first {
        b'~' | b'n' | b'N' if matches!(text, "~" | "null" | "Null" | "NULL") => Shape::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Shape::Bool(true),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Shape::Bool(false),
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text).unwrap_or(Shape::String),
        _ => Shape::String,
    }
}

/// Whether a plain scalar is a text under the core schema.
pub(super) fn is_string(text: &str) -> bool {
    matches!(resolve(text), Shape::String)
}

fn number(text: &str) -> Option<Shape> {
    let digits = |it: &str, radix| !it.is_empty() && it.chars().all(|char| char.is_digit(radix));
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8).then_some(Shape::Integer);
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return digits(hex, 16).then_some(Shape::Integer);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits(unsigned, 10) {
        return Some(Shape::Integer);
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Shape::Float);
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_decimal = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = is_decimal(whole) && is_decimal(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_fits = exponent.is_none_or(|it| digits(it.strip_prefix(['+', '-']).unwrap_or(it), 10));
    (mantissa_fits && exponent_fits).then_some(Shape::Float)
}

/// Whether `text` is a number of RFC 8259, section 6, and which.
pub(super) fn json_shape(text: &str) -> Option<Shape> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let bytes = unsigned.as_bytes();
    let starts_well = match bytes {
        [b'0', rest @ ..] => !rest.first().is_some_and(u8::is_ascii_digit),
        [b'1'..=b'9', ..] => true,
        _ => false,
    };
    let dot_fits = match unsigned.split_once('.') {
        Some((_, fraction)) => fraction.as_bytes().first().is_some_and(u8::is_ascii_digit),
        None => true,
    };
    let is_decimal = bytes.iter().all(|it| matches!(it, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if starts_well && dot_fits && is_decimal { number(text) } else { None }
}

/// The value of an integer of the core schema, if 128 bits hold it.
pub(super) fn integer(text: &str) -> Option<i128> {
    if let Some(octal) = text.strip_prefix("0o") {
        return i128::from_str_radix(octal, 8).ok();
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return i128::from_str_radix(hex, 16).ok();
    }
    text.parse().ok()
}

/// The nearest float to a number of the core schema.
pub(super) fn float(text: &str) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "a float is asked for")]
    if text.starts_with("0x") || text.starts_with("0o") {
        return integer(text).map(|it| it as f64);
    }
    match text.trim_start_matches(['+', '-']) {
        ".inf" | ".Inf" | ".INF" => Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        _ => text.parse().ok(),
    }
}

/// A number as JSON has it; what JSON cannot hold stays text.
pub(super) fn json_number(text: &str) -> serde_json::Value {
    let whole = (!text.contains(['.', 'e', 'E']) || text.starts_with("0x")).then(|| integer(text)).flatten();
    let whole =
        whole.and_then(|it| i64::try_from(it).map(Into::into).or_else(|_| u64::try_from(it).map(Into::into)).ok());
    let float = || float(text).and_then(serde_json::Number::from_f64).map(serde_json::Value::Number);
    whole.or_else(float).unwrap_or_else(|| text.into())
}
