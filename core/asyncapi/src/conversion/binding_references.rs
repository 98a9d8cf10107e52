//! References in the place of the bindings of a protocol: parsers of 2.x follow them, and 3.0 has none there, so that
//! what they lead to is written out.

use std::collections::BTreeMap;

use archwright_syntax::{
    TextEdit, TextEdits,
    data::{
        Format, Kind, Node, Tree, parse,
        write::{Printer, Style, Value, replace},
    },
};

use super::binding_forms::bindings;

/// What is written out may refer to something else in its turn.
const MOST_STEPS: usize = 4;

/// Writes out what references of a converted document lead to, and says which. One that leads into another file, or
/// nowhere, stays.
pub(super) fn write_out(text: &mut String, format: Format) -> Vec<String> {
    let mut notes = Vec::new();
    for _ in 0..MOST_STEPS {
        let tree = parse(text.as_str(), format);
        let (edits, said) = step(&tree);
        if edits.is_empty() {
            break;
        }
        let Ok(after) = TextEdits::new(edits).and_then(|it| it.apply(text)) else { break };
        *text = after;
        notes.extend(said);
    }
    notes
}

fn step(tree: &Tree) -> (Vec<TextEdit>, Vec<String>) {
    let style = Style::of(tree);
    let changes = BTreeMap::new();
    let printer = Printer::new(&style, &changes);
    let (mut edits, mut notes) = (Vec::new(), Vec::new());
    for (_, binding) in bindings(tree) {
        let Some((reference, target)) = referred(tree, binding.value) else { continue };
        if let Some(edit) = replace(&printer, binding.value, &Value::Node(target)) {
            edits.push(edit);
            let place = binding.value.pointer();
            notes.push(format!(
                "bindings of a protocol are no references in 3.0: `{place}` has what `{reference}` leads to"
            ));
        }
    }
    (edits, notes)
}

/// The mapping in the document that a value refers to, if that is all that it says.
fn referred<'t>(tree: &'t Tree, value: Node<'t>) -> Option<(&'t str, Node<'t>)> {
    let reference = value.get("$ref").and_then(Node::as_str).filter(|_| value.written_entries().count() == 1)?;
    let target = tree.pointer(&percent_decoded(reference.strip_prefix('#')?))?;
    let holds = target.span().start <= value.span().start && value.span().end <= target.span().end;
    (target.kind() == Kind::Mapping && !target.is_alias() && !holds).then_some((reference, target))
}

fn percent_decoded(pointer: &str) -> String {
    percent_encoding::percent_decode_str(pointer).decode_utf8_lossy().into_owned()
}
