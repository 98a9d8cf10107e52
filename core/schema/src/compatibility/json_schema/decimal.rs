//! Numbers as they are written, so that `0.1` divides `0.3` and `1.0` is `1`.

use std::cmp::Ordering;

use archwright_syntax::data::{Kind, Node};

/// A number: exact where its digits fit, else rounded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Decimal {
    /// `digits * 10^exponent`, without trailing zeros in the digits.
    Exact {
        digits: i128,
        exponent: i32,
    },
    Rounded(f64),
}

/// Beyond this, powers of ten do not fit.
const MAX_EXPONENT: i32 = 36;

impl Decimal {
    pub(super) const ONE: Self = Self::Exact { digits: 1, exponent: 0 };

    /// The number a node is.
    pub(super) fn of(node: Node<'_>) -> Option<Self> {
        if !matches!(node.kind(), Kind::Integer | Kind::Float) {
            return None;
        }
        let exact = node.scalar().and_then(Self::exact);
        exact.or_else(|| node.as_f64().map(Self::Rounded))
    }

    fn exact(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
        if !is_number(whole.trim_start_matches(['-', '+'])) || !is_number(fraction) {
            return None;
        }
        let mut digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let mut exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        if digits == 0 {
            exponent = 0;
        }
        while digits != 0 && digits % 10 == 0 {
            digits /= 10;
            exponent += 1;
        }
        (exponent.abs() <= MAX_EXPONENT).then_some(Self::Exact { digits, exponent })
    }

    /// Both as whole numbers of the same unit.
    fn aligned(self, other: Self) -> Option<(i128, i128)> {
        let (Self::Exact { digits: one, exponent: up }, Self::Exact { digits: two, exponent: down }) = (self, other)
        else {
            return None;
        };
        let unit = up.min(down);
        let scaled = |digits: i128, exponent: i32| {
            digits.checked_mul(10_i128.checked_pow(u32::try_from(exponent - unit).ok()?)?)
        };
        Some((scaled(one, up)?, scaled(two, down)?))
    }

    fn rounded(self) -> f64 {
        match self {
            Self::Exact { digits, exponent } => format!("{digits}e{exponent}").parse().unwrap_or(f64::NAN),
            Self::Rounded(it) => it,
        }
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        match self.aligned(other) {
            Some((one, two)) => one.cmp(&two),
            None => self.rounded().total_cmp(&other.rounded()),
        }
    }

    /// Whether it is a whole number of `unit`s.
    pub(super) fn is_multiple_of(self, unit: Self) -> bool {
        match self.aligned(unit) {
            Some((_, 0)) => false,
            Some((one, unit)) => one % unit == 0,
            None => self.rounded() % unit.rounded() == 0.0,
        }
    }

    /// The same text for the same number.
    pub(super) fn canonical(self) -> String {
        match self {
            Self::Exact { digits, exponent } => format!("{digits}e{exponent}"),
            Self::Rounded(it) => format!("{it:e}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use archwright_syntax::data::{Format, parse};

    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::of(parse(text, Format::Json).root().unwrap()).unwrap()
    }

    #[test]
    fn numbers_are_exact() {
        assert!(number("0.3").is_multiple_of(number("0.1")) && !number("0.35").is_multiple_of(number("0.1")));
        assert!(!number("10").is_multiple_of(number("0")));
        for (one, two, order) in [
            ("1", "1.0", Ordering::Equal),
            ("-2", "1e1", Ordering::Less),
            ("0", "-0.0", Ordering::Equal),
            ("9007199254740993", "9007199254740992", Ordering::Greater),
            ("1e400", "1", Ordering::Greater),
        ] {
            assert_eq!(number(one).compare(number(two)), order, "{one} {two}");
        }
        assert_eq!(number("1.50").canonical(), number("15e-1").canonical());
    }
}
