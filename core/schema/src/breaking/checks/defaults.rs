//! Fields keep the value that stands in when none was sent.

use super::super::pairs::{Annotations, Pairs};
use super::fields::at_option;
use crate::protobuf::schema::{Cardinality, Field, Kind};
use crate::protobuf::tree::{Constant, Scalar, value};

/// A default value. Types may differ: their change is for other rules to report.
#[derive(Clone, PartialEq, Debug)]
enum Default {
    Text(Vec<u8>),
    /// Whole numbers, truth values and the numbers of enum values, with the name of the latter.
    Whole(i128, Option<String>),
    Double(f64),
    Float(f32),
}

/// `FIELD_SAME_DEFAULT`
pub(in super::super) fn same(pairs: &Pairs<'_>, out: &mut Annotations) {
    for (old, new) in &pairs.fields {
        let (Some(before), Some(after)) = (default(old), default(new)) else { continue };
        let both_zero = is_zero(&before) && is_zero(&after);
        if !both_zero && !is_same(&before, &after) {
            let message = format!(
                "{} changed its default value from {} to {}.",
                new.description(),
                shown(&before),
                shown(&after)
            );
            at_option(pairs, old, new, "default", message, out);
        }
    }
}

/// None where a field cannot have a default value.
fn default(field: &Field<'_>) -> Option<Default> {
    if matches!(field.cardinality(), Cardinality::Repeated | Cardinality::Map) {
        return None;
    }
    let written = value(&field.node.options, "default");
    match field.kind() {
        Kind::Message | Kind::Group => None,
        Kind::Enum(index) => {
            let values = &field.schema.enums.get(index)?.node.values;
            let named = |it: &Constant| match it {
                Constant::Word(name) => values.iter().find(|it| it.name == *name),
                _ => None,
            };
            let value = written.and_then(named).or_else(|| values.first());
            Some(value.map_or(Default::Whole(0, None), |it| Default::Whole(it.number.into(), Some(it.name.clone()))))
        }
        Kind::Scalar(Scalar::String | Scalar::Bytes) => match written {
            Some(Constant::Text(text)) => Some(Default::Text(text.clone())),
            _ => Some(Default::Text(Vec::new())),
        },
        Kind::Scalar(Scalar::Double) => Some(Default::Double(number(written))),
        #[expect(clippy::cast_possible_truncation, reason = "the field holds no more")]
        Kind::Scalar(Scalar::Float) => Some(Default::Float(number(written) as f32)),
        Kind::Scalar(_) => match written {
            Some(Constant::Integer(value)) => Some(Default::Whole(*value, None)),
            Some(Constant::Word(word)) => Some(Default::Whole(i128::from(word == "true"), None)),
            _ => Some(Default::Whole(0, None)),
        },
    }
}

#[expect(clippy::cast_precision_loss, reason = "the field holds no more")]
fn number(written: Option<&Constant>) -> f64 {
    match written {
        Some(Constant::Float(value)) => *value,
        Some(Constant::Integer(value)) => *value as f64,
        Some(Constant::Word(word)) if word == "inf" || word == "infinity" => f64::INFINITY,
        Some(Constant::Word(word)) if word == "nan" => f64::NAN,
        _ => 0.0,
    }
}

fn is_zero(it: &Default) -> bool {
    match it {
        Default::Text(text) => text.is_empty(),
        Default::Whole(value, _) => *value == 0,
        Default::Double(value) => value.to_bits() == 0,
        Default::Float(value) => value.to_bits() == 0,
    }
}

#[expect(clippy::float_cmp, clippy::cast_possible_truncation, reason = "the very same value is asked for")]
fn is_same(before: &Default, after: &Default) -> bool {
    match (before, after) {
        (Default::Text(before), Default::Text(after)) => before == after,
        (Default::Whole(before, _), Default::Whole(after, _)) => before == after,
        (Default::Double(before), Default::Double(after)) => before == after || before.is_nan() && after.is_nan(),
        (Default::Float(before), Default::Float(after)) => before == after || before.is_nan() && after.is_nan(),
        (Default::Double(double), Default::Float(float)) | (Default::Float(float), Default::Double(double)) => {
            *double as f32 == *float || double.is_nan() && float.is_nan()
        }
        (Default::Whole(whole, _), Default::Double(float)) | (Default::Double(float), Default::Whole(whole, _)) => {
            equals(*whole, *float)
        }
        (Default::Whole(whole, _), Default::Float(float)) | (Default::Float(float), Default::Whole(whole, _)) => {
            equals(*whole, f64::from(*float))
        }
        (Default::Text(_), _) | (_, Default::Text(_)) => false,
    }
}

/// Whether a fraction is this very whole number. Beyond 128 bits the cast stops at the bounds, which no whole number
/// here has.
#[expect(clippy::cast_possible_truncation, reason = "the comparison before it excludes fractions")]
fn equals(whole: i128, float: f64) -> bool {
    float.is_finite() && float.fract() == 0.0 && float as i128 == whole
}

fn shown(it: &Default) -> String {
    match it {
        Default::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
        Default::Whole(value, None) => value.to_string(),
        Default::Whole(_, Some(name)) => format!("`{name}`"),
        Default::Double(value) => value.to_string(),
        Default::Float(value) => value.to_string(),
    }
}
