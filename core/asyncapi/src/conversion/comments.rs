//! The comments that a conversion leaves out: those of parts that the new version writes in another way.

use std::collections::HashMap;

use archwright_syntax::{
    Span,
    data::{Format, Node, Tree},
};

use super::ConversionNote;

/// A note for each comment of the old document that the new one has not.
pub(super) fn lost(old: &Tree, new: &Tree) -> Vec<ConversionNote> {
    let mut kept: HashMap<&str, usize> = HashMap::new();
    for span in comments(new) {
        *kept.entry(span.of(new.text())).or_default() += 1;
    }
    let is_lost = |span: &Span| match kept.get_mut(span.of(old.text())) {
        Some(number) if *number > 0 => {
            *number -= 1;
            false
        }
        _ => true,
    };
    let note = |span: Span| ConversionNote {
        span,
        message: format!("the comment `{}` stands at nothing that 3.0 has, and is left out", span.of(old.text())),
    };
    comments(old).into_iter().filter(is_lost).map(note).collect()
}

/// The comments of a document without the blanks behind them, in order.
pub(super) fn comments(tree: &Tree) -> Vec<Span> {
    let text = tree.text();
    if tree.format() == Format::Json || !text.contains('#') {
        return Vec::new();
    }
    let mut texts = Vec::new();
    tree.root().into_iter().for_each(|it| scalars(it, &mut texts));
    texts.sort_unstable_by_key(|it| it.start);
    let mut texts = texts.into_iter().peekable();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = text.get(at..).and_then(|it| it.find('#')).map(|it| at + it) {
        while texts.next_if(|it| it.end as usize <= start).is_some() {}
        let is_apart =
            text.get(..start).is_none_or(|it| it.is_empty() || it.ends_with([' ', '\t', '\n', '\r', '\u{feff}']));
        match texts.peek().filter(|it| (it.start as usize) <= start) {
            Some(it) => at = it.end as usize,
            None if is_apart => {
                let line = text.get(start..).and_then(|it| it.lines().next()).unwrap_or_default();
                let end = start + line.trim_end().len();
                found.push(Span::new(start, end));
                at = end.max(start + 1);
            }
            None => at = start + 1,
        }
    }
    found
}

/// Where keys and scalars stand, in which a `#` begins no comment.
fn scalars(node: Node<'_>, found: &mut Vec<Span>) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if node.is_alias() {
            continue;
        }
        if node.scalar().is_some() && !node.span().is_empty() {
            found.push(node.span());
        }
        for entry in node.written_entries() {
            found.push(entry.key_span);
            open.push(entry.value);
        }
        open.extend(node.items());
    }
}
