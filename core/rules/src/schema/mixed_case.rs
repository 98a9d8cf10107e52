//! `schema/mixed-case`: a field that is written in another case than its siblings.

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/mixed-case",
    severity: Severity::Info,
    summary: "A field of a channel's schema is in another case than the others on its level.",
    applies_to: &[Kind::Schema],
    sources: &["E-023"],
    page: include_str!("mixed_case.md"),
    check,
    ..Rule::OURS
};

/// So many more fields are in the usual case.
const TIMES: usize = 3;

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    // Whose schema is no contract's may come from anywhere.
    if facts.captures.channel.is_none() {
        return;
    }
    let Some(schema) = facts.schema() else { return };
    let first_level = schema.shape.fields.iter().filter(|it| !it.path.contains('.'));
    let own: Vec<_> = first_level.filter(|it| !cx.config().is_carried_beside(&it.name.text)).collect();
    let (snake, camel): (Vec<_>, Vec<_>) = own
        .into_iter()
        .filter(|it| is_snake(&it.name.text) || is_camel(&it.name.text))
        .partition(|it| is_snake(&it.name.text));
    let (few, usual) = if snake.len() > camel.len() { (camel, "snake_case") } else { (snake, "camelCase") };
    let many = schema.shape.fields.iter().filter(|it| {
        let name = &it.name.text;
        !it.path.contains('.') && if usual == "snake_case" { is_snake(name) } else { is_camel(name) }
    });
    if few.is_empty() || many.count() < few.len() * TIMES {
        return;
    }
    for field in few {
        let message =
            format!("`{}` is not in {usual} as the other fields are; readers will guess wrong.", field.name.text);
        reporter.report(field.name.span, message);
    }
}

/// Several words with underscores: `order_id`.
fn is_snake(name: &str) -> bool {
    name.trim_matches('_').contains('_') && !name.contains(|it: char| it.is_uppercase())
}

/// Several words with capitals: `orderId`.
fn is_camel(name: &str) -> bool {
    name.starts_with(|it: char| it.is_lowercase()) && name.contains(|it: char| it.is_uppercase()) && !name.contains('_')
}

#[cfg(test)]
mod tests {
    use super::{is_camel, is_snake};

    #[test]
    fn a_case_is_told_by_names_of_several_words() {
        assert!(is_snake("order_id") && !is_snake("order") && !is_snake("ORDER_ID") && !is_snake("_id"));
        assert!(is_camel("orderId") && !is_camel("order") && !is_camel("OrderId") && !is_camel("order_Id"));
    }
}
