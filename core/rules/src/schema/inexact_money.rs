//! `schema/inexact-money`: an amount of money as a binary fraction.

use crate::{field_name::words, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/inexact-money",
    severity: Severity::Info,
    summary: "A field's name says that it is money, and its type cannot hold cents exactly.",
    applies_to: &[Kind::Schema],
    sources: &["A-235"],
    page: include_str!("inexact_money.md"),
    check,
    ..Rule::OURS
};

/// Currencies in which names of fields end.
const CURRENCIES: [&str; 14] =
    ["eur", "usd", "gbp", "chf", "sek", "nok", "dkk", "pln", "czk", "jpy", "cad", "aud", "euro", "euros"];
/// What money is called.
const MONEY: [&str; 7] = ["price", "fee", "balance", "salary", "surcharge", "refund", "money"];
/// Before `amount`: what may be of something else is of money behind these.
const OF_MONEY: [&str; 12] =
    ["total", "order", "payment", "invoice", "net", "gross", "refund", "tax", "discount", "charge", "paid", "due"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(schema) = cx.facts().schema() else { return };
    for field in schema.shape.fields.iter().filter(|it| is_binary(&it.ty) && is_money(&it.name.text)) {
        let message = format!(
            "`{}` is money by its name, and a `{}` cannot hold every cent: sums drift. Send whole cents as an integer, \
             a decimal, or a text.",
            field.path, field.ty
        );
        reporter.report(field.name.span, message);
    }
}

/// Whether a type is a binary fraction, or may be one.
fn is_binary(ty: &str) -> bool {
    ty.split(['|', '<', '>', ' ', ',']).any(|it| matches!(it, "double" | "float"))
}

/// Whether a name says that the field is money.
fn is_money(name: &str) -> bool {
    let words = words(name);
    let is = |list: &[&str], at: Option<&String>| at.is_some_and(|it| list.contains(&it.as_str()));
    let last = words.last();
    let before = words.len().checked_sub(2).and_then(|it| words.get(it));
    is(&CURRENCIES, last) || is(&MONEY, last) || is(&["amount"], last) && is(&OF_MONEY, before)
}

#[cfg(test)]
mod tests {
    use super::is_money;

    #[test]
    fn money_is_told_by_its_name() {
        for name in ["total_amount_gbp", "unitPrice", "orderAmount", "delivery_fee", "price_eur"] {
            assert!(is_money(name), "{name}");
        }
        for name in ["weight_kg", "amount", "dose_amount", "price_factor", "exchange_rate", "share"] {
            assert!(!is_money(name), "{name}");
        }
    }
}
