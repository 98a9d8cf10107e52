//! Logical types of Avro (1.12, "Logical Types"): what values stand for beyond the type they are written as.

use archwright_syntax::data::Node;

use super::types::{Field, Primitive, Shape, Type, Types};

/// What the values of a type stand for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Logical<'t> {
    /// A number with a decimal point.
    Decimal {
        /// How many digits it has at most.
        precision: i64,
        /// How many of them stand behind the point.
        scale: i64,
    },
    /// Another one of the specification.
    Named(&'t str),
}

/// Why readers ignore a logical type and see the plain values.
pub(crate) struct Ignored<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) message: String,
}

/// The logical types of the specification, and what they are for; how `decimal` is read stands below.
const NAMED: [(&str, &[Underlying]); 13] = {
    use Primitive::{Bytes, Int, Long, String};
    use Underlying::{Fixed, Plain};
    [
        ("big-decimal", &[Plain(Bytes)]),
        ("uuid", &[Plain(String), Fixed(16)]),
        ("date", &[Plain(Int)]),
        ("time-millis", &[Plain(Int)]),
        ("time-micros", &[Plain(Long)]),
        ("timestamp-millis", &[Plain(Long)]),
        ("timestamp-micros", &[Plain(Long)]),
        ("timestamp-nanos", &[Plain(Long)]),
        ("local-timestamp-millis", &[Plain(Long)]),
        ("local-timestamp-micros", &[Plain(Long)]),
        ("local-timestamp-nanos", &[Plain(Long)]),
        ("duration", &[Fixed(12)]),
        ("decimal", &[Plain(Bytes)]),
    ]
};

/// What a logical type is for.
enum Underlying {
    Plain(Primitive),
    /// A fixed type of so many bytes.
    Fixed(i64),
}

impl Underlying {
    fn is(&self, shape: &Shape<'_>) -> bool {
        match (self, shape) {
            (Self::Plain(one), Shape::Primitive(other)) => one == other,
            (Self::Fixed(one), Shape::Fixed { size: other, .. }) => one == other,
            _ => false,
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Plain(it) => format!("`{}`", it.name()),
            Self::Fixed(size) => format!("a fixed type of {size} bytes"),
        }
    }
}

/// What the values of a type stand for, or why that is ignored. Logical types that are not of the specification stand
/// for nothing here: libraries have their own.
pub(crate) fn logical<'t>(ty: &Type<'t>) -> Result<Option<Logical<'t>>, Ignored<'t>> {
    let Some(word) = ty.node.get("logicalType") else { return Ok(None) };
    let Some(name) = word.as_str() else { return Ok(None) };
    if matches!(ty.shape, Shape::Unknown) {
        return Ok(None);
    }
    if name == "decimal" {
        return decimal(ty, word).map(Some);
    }
    let Some((_, kinds)) = NAMED.iter().find(|it| it.0 == name) else { return Ok(None) };
    if kinds.iter().any(|it| it.is(&ty.shape)) {
        return Ok(Some(Logical::Named(name)));
    }
    let kinds: Vec<_> = kinds.iter().map(Underlying::describe).collect();
    let message = format!(
        "`{name}` is for {}, and this is something else: readers ignore it and see plain values.",
        kinds.join(" and ")
    );
    Err(Ignored { node: word, message })
}

fn decimal<'t>(ty: &Type<'t>, word: Node<'t>) -> Result<Logical<'t>, Ignored<'t>> {
    const SO: &str = "readers ignore the decimal and see plain bytes";
    let ignored = |node, message: String| Err(Ignored { node, message });
    let digits = match ty.shape {
        Shape::Primitive(Primitive::Bytes) => None,
        Shape::Fixed { size, .. } => Some(digits(size)),
        _ => {
            let message = "`decimal` is for `bytes` and fixed types, and this is something else: readers ignore it.";
            return ignored(word, message.to_owned());
        }
    };
    let Some(stated) = ty.node.get("precision") else {
        let message = format!("A decimal needs its `precision`, the number of its digits: without it, {SO}.");
        return ignored(word, message);
    };
    let Some(precision) = stated.as_i64().filter(|it| *it > 0) else {
        return ignored(stated, format!("`precision` is a whole number, 1 at least: with this one, {SO}."));
    };
    if let Some(most) = digits.filter(|it| *it < precision) {
        let Shape::Fixed { size, .. } = ty.shape else { return Ok(Logical::Decimal { precision, scale: 0 }) };
        let message = format!(
            "{size} bytes have room for {most} digits, and `precision` asks for {precision}: {SO}. Make the type \
             larger or the precision smaller."
        );
        return ignored(stated, message);
    }
    let Some(stated) = ty.node.get("scale") else { return Ok(Logical::Decimal { precision, scale: 0 }) };
    match stated.as_i64() {
        Some(scale) if scale > precision => {
            let message =
                format!("`scale` is {scale}, more than the {precision} digits that `precision` allows: {SO}.");
            ignored(stated, message)
        }
        Some(scale) if scale >= 0 => Ok(Logical::Decimal { precision, scale }),
        _ => ignored(stated, format!("`scale` is a whole number from 0 to the precision: with this one, {SO}.")),
    }
}

/// How many decimal digits always fit into a number of so many bytes with a sign.
fn digits(size: i64) -> i64 {
    /// The decimal logarithm of 2, times 10^11, rounded down.
    const LOG_2: i128 = 30_102_999_566;
    let bits = i128::from(size.max(0)) * 8 - 1;
    i64::try_from(bits.max(0) * LOG_2 / 100_000_000_000).unwrap_or(i64::MAX)
}

/// A logical type that stands beside the type of a field instead of in it, where no reader looks.
pub(crate) fn beside<'t>(types: &Types<'t>, field: &Field<'t>) -> Option<Ignored<'t>> {
    let word = field.node.get("logicalType")?;
    let name = word.as_str().filter(|name| NAMED.iter().any(|it| it.0 == *name))?;
    let ty = types.get(field.ty)?;
    let has = |ty: &Type<'_>| ty.node.get("logicalType").is_some();
    let is_there = match &ty.shape {
        Shape::Union(branches) => branches.iter().filter_map(|it| types.get(*it)).any(has),
        _ => has(ty),
    };
    let message = format!(
        "Readers ignore `{name}` here: the `logicalType` of a field stands inside of its type, as in `\"type\": \
         {{\"type\": …, \"logicalType\": \"{name}\"}}`."
    );
    (!is_there).then_some(Ignored { node: word, message })
}

impl Logical<'_> {
    /// In a few words: `decimal` with precision 9 and scale 2.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Decimal { precision, scale } => format!("`decimal` with precision {precision} and scale {scale}"),
            Self::Named(name) => format!("`{name}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn digits_are_those_of_the_specification() {
        let known = [(0, 0), (1, 2), (2, 4), (4, 9), (8, 18), (12, 28), (16, 38), (32, 76)];
        for (size, most) in known {
            assert_eq!(digits(size), most, "{size} bytes");
        }
        assert_eq!(digits(-3), 0);
        assert!(digits(i64::MAX) > 0);
    }
}
