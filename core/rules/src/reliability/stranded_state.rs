//! `reliability/stranded-state`: a state of a diagram that nothing leads to, or a compensation that leads nowhere.

use archwright_knowledge::claim_words;

use crate::{
    diagram::{self, States},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "reliability/stranded-state",
    severity: Severity::Info,
    summary: "A state of a diagram cannot be reached, or a compensation in it leads nowhere.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["H-046"],
    page: include_str!("stranded_state.md"),
    check,
    ..Rule::OURS
};

/// Where a diagram begins and where it ends.
const MARK: &str = "[*]";

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown().filter(|_| facts.text.contains("stateDiagram")) else { return };
    for block in &tree.code_blocks {
        let states = diagram::states(&facts.text, block);
        if !states.is_unclear {
            unreached(facts, &states, reporter);
            unending(facts, &states, reporter);
        }
    }
}

/// States that nothing leads to, in a diagram that says where it begins.
fn unreached(facts: &FileFacts, states: &States, reporter: &mut Reporter) {
    // What holds others is reached through them, and they through it.
    if !states.others.is_empty() || !states.arrows.iter().any(|it| it.from == MARK) {
        return;
    }
    let mut told = Vec::new();
    for arrow in states.arrows.iter().filter(|it| it.from != MARK) {
        let name = arrow.from;
        let is_reached = states.arrows.iter().any(|it| it.to == name && it.from != name);
        if is_reached || told.contains(&name) || claim_words("any-state").are_in(&in_words(name)) {
            continue;
        }
        told.push(name);
        let message = format!(
            "Nothing leads to `{name}`, and the diagram begins elsewhere. Draw what leads there, or begin there too."
        );
        reporter.report(place(facts, arrow.span, name), message);
    }
}

/// Compensations that nothing ends, in a diagram that says where it ends.
fn unending(facts: &FileFacts, states: &States, reporter: &mut Reporter) {
    if !states.arrows.iter().any(|it| it.to == MARK) {
        return;
    }
    let mut told = Vec::new();
    for arrow in &states.arrows {
        let name = arrow.to;
        let goes_on = states.arrows.iter().any(|it| it.from == name && it.to != name);
        let is_held = states.others.contains(&name);
        if goes_on || is_held || told.contains(&name) || !claim_words("being-undone").are_in(&in_words(name)) {
            continue;
        }
        told.push(name);
        let message =
            format!("Nothing leads out of `{name}`: draw how it ends when it has undone all, and when it cannot.");
        reporter.report(place(facts, arrow.span, name), message);
    }
}

/// Where a name stands in a line.
fn place(facts: &FileFacts, line: Span, name: &str) -> Span {
    let at = facts.slice(line).find(name).unwrap_or_default();
    let start = line.start as usize + at;
    Span::new(start, start + name.len())
}

/// A name with its words apart: `stock compensating` of `StockCompensating` and `STOCK_COMPENSATING`.
fn in_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for sign in name.chars() {
        if sign.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.extend(if sign == '_' { ' ' } else { sign }.to_lowercase());
        before = sign;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn names_are_read_in_words() {
        for (name, words) in [
            ("StockCompensating", "stock compensating"),
            ("STOCK_COMPENSATING", "stock compensating"),
            ("compensating", "compensating"),
        ] {
            assert_eq!(in_words(name), words);
        }
    }
}
