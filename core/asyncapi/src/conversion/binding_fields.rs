//! Settings of bindings that old versions of them had, such as `replyTo` of AMQP 0.1, which 3.0 has no place for.

use std::collections::{BTreeMap, HashSet};

use archwright_syntax::{
    TextEdit, TextEdits,
    data::{
        Entry, Node, PathSegment, Tree, parse,
        write::{Printer, Style, remove},
    },
};

/// A setting may hold others, and what is left may be empty.
const MAX_ROUNDS: usize = 4;

/// Leaves out what the bindings of a converted document may not have any more, and says what it was. What the old
/// document may not have had either is its author's to mend.
pub(super) fn leave_out(text: &mut String, old: &Tree) -> Vec<String> {
    let mut notes = Vec::new();
    let before: HashSet<&str> = unknown_settings(old).map(|it| it.key).collect();
    for _ in 0..MAX_ROUNDS {
        let tree = parse(text.as_str(), old.format());
        let unknown: Vec<Entry<'_>> = unknown_settings(&tree).filter(|it| !before.contains(it.key)).collect();
        if unknown.is_empty() {
            break;
        }
        let style = Style::of(&tree);
        let changes = BTreeMap::new();
        let printer = Printer::new(&style, &changes);
        let mut edits: Vec<TextEdit> = Vec::new();
        let mut found = Vec::new();
        for entry in unknown {
            // What touches the last one waits for the next round.
            let edit = if is_protocol(entry) { Some(renamed(entry)) } else { remove(&printer, entry) };
            let Some(edit) = edit.filter(|it| edits.last().is_none_or(|last| last.span.end <= it.span.start)) else {
                continue;
            };
            edits.push(edit);
            let what =
                if is_protocol(entry) { format!("kept as `x-{}` in", entry.key) } else { "left out of".to_owned() };
            let place = entry.value.parent().map_or_else(String::new, Node::pointer);
            found.push(format!("bindings of 3.0 have no `{}`: {what} `{place}`", entry.key));
        }
        match TextEdits::new(edits).and_then(|it| it.apply(text)) {
            Ok(after) => *text = after,
            Err(_) => break,
        }
        notes.append(&mut found);
    }
    notes
}

/// Whether an entry has all the settings of a protocol, which is too much to lose.
fn is_protocol(entry: Entry<'_>) -> bool {
    let path = entry.value.path();
    let is_bindings = |it: &PathSegment<'_>| matches!(it, PathSegment::Key("bindings"));
    match path.as_slice() {
        [PathSegment::Key("components"), PathSegment::Key(section), _, _] => section.ends_with("Bindings"),
        [.., holder, _] => is_bindings(holder),
        _ => false,
    }
}

/// The key as that of an extension.
fn renamed(entry: Entry<'_>) -> TextEdit {
    let key = entry.key_span.of(entry.value.tree().text());
    TextEdit::replace(entry.key_span, key.replacen(entry.key, &format!("x-{}", entry.key), 1))
}

/// The settings within bindings that 3.0 does not know, in the order of the text.
fn unknown_settings(tree: &Tree) -> impl Iterator<Item = Entry<'_>> {
    let unknown = super::errors(tree).into_iter().filter(|it| it.check == "unknown-field");
    unknown.filter_map(|it| tree.node_at(it.span.start as usize)?.key).filter(|it| {
        let is_name = |key: &str| key == "bindings" || key.ends_with("Bindings");
        let is_binding = |it: &PathSegment<'_>| matches!(it, PathSegment::Key(key) if is_name(key));
        it.value.path().iter().any(is_binding)
    })
}
