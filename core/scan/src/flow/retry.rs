//! Loops that try something again: whether they end although it fails for ever.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::{
    Bound, RetryLoop,
    read::{each, span},
};
use crate::{
    facts::{FlowSyntax, FlowWords},
    source::{Source, children, is},
};

/// A loop with a handler of failures in it that does not always leave; `None` for any other.
pub(super) fn retry_loop<'t>(
    source: &Source<'t>,
    syntax: &FlowSyntax,
    words: &FlowWords,
    node: Node<'t>,
) -> Option<RetryLoop> {
    let mut catches = Vec::new();
    let mut inner: Vec<Node<'t>> = Vec::new();
    let mut counters: Vec<&'t str> = Vec::new();
    let mut conditions = Vec::new();
    each(node, |it| {
        if it.id() == node.id() {
            return;
        }
        // What a loop or a function inside does is its own matter.
        let is_inner = inner.last().is_some_and(|other| other.byte_range().contains(&it.start_byte()));
        if !is_inner && (is(it, &syntax.loops) || is(it, &syntax.functions)) {
            inner.push(it);
            return;
        }
        if is_inner {
            return;
        }
        if is(it, &syntax.catches) {
            catches.push(it);
        }
        if is(it, &syntax.conditions) {
            conditions.push(it);
        }
        counters.extend(counter(source, syntax, it));
    });
    if !catches.iter().any(|it| !always_leaves(syntax, *it)) {
        return None;
    }
    if let Some(left) = node.child_by_field_name("left").filter(|_| is(node, &syntax.each)) {
        counters.push(source.text_of(left));
    }
    let calls = source.calls.iter().filter(|it| node.byte_range().contains(&it.node.start_byte()));
    let calls: Vec<SmolStr> = calls.map(|it| source.text_of(it.method).into()).collect();
    let bound = match of_head(source, syntax, words, node, &counters) {
        Bound::None => of_exits(source, syntax, &conditions, &counters),
        other => other,
    };
    Some(RetryLoop { span: span(node), bound, calls })
}

/// What a node counts up or down.
fn counter<'t>(source: &Source<'t>, syntax: &FlowSyntax, node: Node<'t>) -> Option<&'t str> {
    if is(node, &syntax.updates) {
        let name = ["argument", "left"].into_iter().find_map(|it| node.child_by_field_name(it))?;
        return Some(source.text_of(name));
    }
    if is(node, &syntax.assignments) {
        let left = ["left", "name"].into_iter().find_map(|it| node.child_by_field_name(it))?;
        let right = ["right", "value"].into_iter().find_map(|it| node.child_by_field_name(it))?;
        let name = source.text_of(left);
        let is_counted = is(right, &syntax.operations) && source.text_of(right).contains(name);
        return is_counted.then_some(name);
    }
    None
}

/// What the head of a loop says of its end. Nothing ends it if the head does not.
fn of_head<'t>(
    source: &Source<'t>,
    syntax: &FlowSyntax,
    words: &FlowWords,
    node: Node<'t>,
    counters: &[&str],
) -> Bound {
    if is(node, &syntax.each) {
        let over = node.child_by_field_name("right");
        let text = over.map_or("", |it| source.text_of(it));
        let name = text.split('(').next().unwrap_or_default().rsplit('.').next().unwrap_or_default();
        return match () {
            () if words.endless.iter().any(|it| it == name) && text.contains('(') => Bound::None,
            () if words.counted.iter().any(|it| it == name) || text.starts_with('[') => Bound::Counted,
            () => Bound::Unknown,
        };
    }
    let condition = node.child_by_field_name("condition");
    let text = condition.map_or("", |it| source.text_of(it)).trim_matches(['(', ')', ';', ' ']);
    if condition.is_none() || text.is_empty() || syntax.forever.iter().any(|it| it == text) {
        return Bound::None;
    }
    if counters.iter().any(|it| names(text, it)) { Bound::Counted } else { Bound::Unknown }
}

/// Whether something in an endless loop counts and leaves.
fn of_exits(source: &Source<'_>, syntax: &FlowSyntax, conditions: &[Node<'_>], counters: &[&str]) -> Bound {
    let mut bound = Bound::None;
    for node in conditions {
        let Some(condition) = node.child_by_field_name("condition") else { continue };
        let mut leaves = false;
        each(*node, |it| leaves |= is(it, &syntax.exits));
        if !leaves {
            continue;
        }
        let mut compares = false;
        let mut orders = false;
        each(condition, |it| {
            if is(it, &syntax.comparisons) {
                let text = source.text_of(it);
                compares |= counters.iter().any(|name| names(text, name));
                orders |= text.contains(['<', '>']);
            }
        });
        match () {
            () if compares => return Bound::Counted,
            // A clock may end it.
            () if orders => bound = Bound::Unknown,
            () => {}
        }
    }
    bound
}

/// Whether a handler of failures always leaves the loop: its last statement does.
fn always_leaves(syntax: &FlowSyntax, catch: Node<'_>) -> bool {
    let body = catch.child_by_field_name("body").or_else(|| children(catch).pop());
    body.and_then(|it| children(it).pop()).is_some_and(|it| is(it, &syntax.exits))
}

/// Whether a text names something as a whole word.
fn names(text: &str, name: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$');
    !name.is_empty() && text.split(|it: char| !is_part(it)).any(|it| it == name)
}
