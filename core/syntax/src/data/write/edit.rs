//! Edits of documents: entries that are added to mappings and values that give way to others.

use super::{
    Pair, Printer, Value, is_apart,
    source::{column, is_in_flow},
    style::indent_at,
};
use crate::{
    Span, TextEdit,
    data::{Entry, Kind, Node},
};

/// A pair to add and the key of the entry that it comes before; without one it comes last.
pub type Addition<'t> = (Pair<'t>, Option<&'t str>);

/// The edits that add pairs to a mapping, or to a null in the place of one. Pairs at one place keep their order, and
/// what is there stays as it is. `None` where the node is something else, or an alias.
pub fn add(printer: &Printer<'_>, node: Node<'_>, additions: &[Addition<'_>]) -> Option<Vec<TextEdit>> {
    let style = printer.style();
    if node.is_alias() || !matches!(node.kind(), Kind::Mapping | Kind::Null) || additions.is_empty() {
        return None;
    }
    let entries: Vec<_> = node.written_entries().collect();
    if entries.is_empty() {
        let pairs = additions.iter().map(|it| it.0.clone()).collect();
        return replace(printer, node, &Value::Map(pairs)).map(|it| vec![it]);
    }
    let text = node.tree().text();
    let in_flow = node.source().starts_with('{');
    let is_one_line = in_flow && !node.source().contains(['\n', '\r']);
    let first = entries.first()?;
    let last = entries.last()?;
    let newline = style.newline;
    let indent = if in_flow {
        let own = indent_at(text, first.key_span.start as usize);
        let starts_line = text
            .get(..first.key_span.start as usize)
            .is_some_and(|it| it.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']));
        if starts_line { own.to_owned() } else { format!("{own}{}", style.step) }
    } else {
        " ".repeat(column(text, first.key_span.start as usize))
    };
    let written = |pair: &Pair<'_>| {
        let printer = printer.clone();
        if in_flow && (is_one_line || !style.json) { printer.flow_pair(pair) } else { printer.pair(pair, &indent) }
    };
    // Where the entries stand apart, new ones do, too.
    let apart =
        if !in_flow && entries.iter().any(|it| is_apart(*it)) && node.parent().is_none() { newline } else { "" };
    let edit = |(pair, before): &Addition<'_>| {
        let next = before.and_then(|key| entries.iter().find(|it| it.key == key));
        let pair = written(pair);
        Some(match (next, in_flow) {
            (Some(next), true) if is_one_line => TextEdit::insert(next.key_span.start as usize, format!("{pair}, ")),
            (Some(next), true) => TextEdit::insert(next.key_span.start as usize, format!("{pair},{newline}{indent}")),
            (None, true) => {
                let gap = if is_one_line {
                    if style.compact { String::new() } else { " ".to_owned() }
                } else {
                    format!("{newline}{indent}")
                };
                TextEdit::insert(end_of(last.value).max(last.key_span.end as usize), format!(",{gap}{pair}"))
            }
            (Some(next), false) => match above_comments(text, next.key_span.start as usize) {
                Some(at) => TextEdit::insert(at, format!("{indent}{pair}{newline}{apart}")),
                None => TextEdit::insert(next.key_span.start as usize, format!("{pair}{newline}{indent}")),
            },
            (None, false) => {
                let at = end_of_line(text, end_of(last.value).max(last.key_span.end as usize));
                TextEdit::insert(at, format!("{newline}{apart}{indent}{pair}"))
            }
        })
    };
    additions.iter().map(edit).collect()
}

/// The edit that puts another value in the place of a node. `None` for nodes whose place cannot be told, such as keys.
pub fn replace(printer: &Printer<'_>, node: Node<'_>, value: &Value<'_>) -> Option<TextEdit> {
    let text = node.tree().text();
    let span = node.span();
    let printer = || printer.clone();
    if printer().style().json {
        // A reference in the place of one line is one line.
        let is_text = |it: &Pair| matches!(it.value, Value::Text(_));
        let is_small = matches!(value, Value::Map(pairs) if pairs.len() == 1 && pairs.first().is_some_and(is_text));
        if is_small && !span.is_empty() && !node.source().contains(['\n', '\r']) {
            return Some(TextEdit::replace(span, printer().flow_value(value)));
        }
        let gap = match node.as_entry() {
            Some(_) if span.is_empty() => " ",
            _ => "",
        };
        return Some(TextEdit::replace(
            span,
            format!("{gap}{}", printer().value(value, indent_at(text, span.start as usize))),
        ));
    }
    if is_in_flow(node) {
        let gap = if span.is_empty() { " " } else { "" };
        return Some(TextEdit::replace(span, format!("{gap}{}", printer().flow_value(value))));
    }
    let Some(entry) = node.as_entry() else {
        let Some(_) = node.parent() else {
            return Some(TextEdit::replace(span, printer().value(value, "")));
        };
        // The dash is the last thing before an item, but for its anchor and tag.
        let before = text.get(..span.start as usize)?;
        let dash = before.rfind('-')?;
        let is_dash = before.get(dash + 1..).is_some_and(|it| it.is_empty() || it.starts_with([' ', '\t', '\n', '\r']));
        let indent = " ".repeat(column(text, dash));
        return is_dash.then(|| TextEdit::replace(Span::new(dash, end_of(node)), printer().item(value, &indent)));
    };
    let start = entry.key_span.start as usize;
    let indent = " ".repeat(column(text, start));
    let mut pair = Pair::new(entry.key, value.clone());
    if matches!(value, Value::Map(_) | Value::List(_)) {
        pair = pair.instead_of(entry);
    }
    let end = end_of(node).max(entry.key_span.end as usize);
    // A key without a value has its colon before the empty place of the value, and perhaps a comment behind it.
    let end = if span.is_empty() { end_of_comment(text, end) } else { end };
    let is_comment_kept = matches!(value, Value::Map(_) | Value::List(_));
    let end = if is_comment_kept { end } else { end_of(node).max(entry.key_span.end as usize) };
    let written = printer().pair(&pair, &indent);
    Some(TextEdit::replace(Span::new(start, end), written))
}

/// The edits that add values at the end of a list. `None` where the node is no list, or an alias.
pub fn append(printer: &Printer<'_>, node: Node<'_>, values: &[Value<'_>]) -> Option<Vec<TextEdit>> {
    if node.is_alias() || node.kind() != Kind::Sequence || values.is_empty() {
        return None;
    }
    let text = node.tree().text();
    let Some(last) = node.items().last() else {
        return replace(printer, node, &Value::List(values.to_vec())).map(|it| vec![it]);
    };
    let newline = printer.style().newline;
    let start = last.span().start as usize;
    let edit = |value: &Value<'_>| {
        if !node.source().starts_with('[') {
            let indent = " ".repeat(column(text, node.span().start as usize));
            return TextEdit::insert(
                end_of_line(text, end_of(last)),
                format!("{newline}{indent}{}", printer.clone().item(value, &indent)),
            );
        }
        let starts_line = text.get(..start).is_some_and(|it| it.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']));
        let indent = indent_at(text, start);
        let written =
            if printer.style().json { printer.clone().value(value, indent) } else { printer.clone().flow_value(value) };
        let gap = if starts_line {
            format!("{newline}{indent}")
        } else if printer.style().compact {
            String::new()
        } else {
            " ".to_owned()
        };
        TextEdit::insert(end_of(last), format!(",{gap}{written}"))
    };
    Some(values.iter().map(edit).collect())
}

/// The edit that takes an entry out of its mapping, which is empty afterwards if it was the only one. `None` for
/// entries that are written in another mapping.
pub fn remove(printer: &Printer<'_>, entry: Entry<'_>) -> Option<TextEdit> {
    let mapping = entry.value.parent()?;
    let entries: Vec<_> = mapping.written_entries().collect();
    let at = entries.iter().position(|it| it.key_span == entry.key_span)?;
    if entries.len() == 1 {
        return replace(printer, mapping, &Value::Map(Vec::new()));
    }
    let text = entry.value.tree().text();
    let start = entry.key_span.start as usize;
    let end = end_of(entry.value).max(entry.key_span.end as usize);
    let next = entries.get(at + 1).map(|it| it.key_span.start as usize);
    if mapping.source().starts_with('{') {
        let before =
            at.checked_sub(1).and_then(|it| entries.get(it)).map(|it| end_of(it.value).max(it.key_span.end as usize));
        return match (next, before) {
            (Some(next), _) => Some(TextEdit::delete(Span::new(start, next))),
            (None, Some(before)) => Some(TextEdit::delete(Span::new(before, end))),
            (None, None) => None,
        };
    }
    let line = start - column(text, start);
    if text.get(line..start)?.trim().is_empty() {
        let end = end_of_line(text, end);
        let rest = text.get(end..)?;
        let newline = if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
        return Some(TextEdit::delete(Span::new(line, end + newline)));
    }
    next.map(|next| TextEdit::delete(Span::new(start, next)))
}

/// Where the comments directly above a key begin, on a line of their own; `None` where the key does not begin its line.
fn above_comments(text: &str, key: usize) -> Option<usize> {
    let mut start = key - column(text, key);
    if !text.get(start..key)?.trim().is_empty() {
        return None;
    }
    while let Some(above) = text.get(..start).and_then(|it| it.strip_suffix('\n')) {
        let line = above.rfind('\n').map_or(0, |it| it + 1);
        if !above.get(line..)?.trim_start().starts_with('#') {
            break;
        }
        start = line;
    }
    Some(start)
}

/// Where a value ends, without the line break that a block of text may have.
fn end_of(node: Node<'_>) -> usize {
    node.span().start as usize + node.source().trim_end_matches(['\n', '\r', ' ']).len()
}

fn end_of_line(text: &str, offset: usize) -> usize {
    let rest = text.get(offset..).unwrap_or_default();
    offset + rest.find(['\n', '\r']).unwrap_or(rest.len())
}

/// Behind the comment of a line, if nothing but a comment follows; else the offset itself.
fn end_of_comment(text: &str, offset: usize) -> usize {
    let end = end_of_line(text, offset);
    let rest = text.get(offset..end).unwrap_or_default().trim_start();
    if rest.is_empty() || rest.starts_with('#') { end } else { offset }
}
