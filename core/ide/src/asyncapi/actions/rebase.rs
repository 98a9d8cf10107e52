//! References that mean the same from another place: another file, or another part of the document.

use std::collections::BTreeMap;

use archwright_asyncapi::{ReferenceKind, reference_values};
use archwright_syntax::{
    TextEdit,
    data::{Node, write::Style},
};

use archwright_model::{
    RelPath,
    facts::{file_of_reference, split_reference},
};

/// The changes that make the references below `node`, which is written in the file `from`, mean the same in the file
/// `to`. `own` is a pointer whose targets move along: they become local, below the root of the new file.
pub(super) fn to_file(
    node: Node<'_>,
    from: &RelPath,
    to: &RelPath,
    own: Option<&str>,
    style: &Style,
) -> BTreeMap<u32, TextEdit> {
    let mut changes = BTreeMap::new();
    for value in reference_values(node) {
        let Some(target) = value.as_str() else { continue };
        let (path, fragment) = split_reference(target);
        let changed = match ReferenceKind::of(target) {
            ReferenceKind::Remote => continue,
            ReferenceKind::Local => match own.and_then(|it| below(fragment, it)) {
                Some(rest) => format!("#{rest}"),
                None => with_fragment(&relative(from, to), fragment),
            },
            ReferenceKind::File => {
                let Some(path) = file_of_reference(from, path) else { continue };
                if path == *to { format!("#{fragment}") } else { with_fragment(&relative(&path, to), fragment) }
            }
        };
        changes.insert(value.span().start, TextEdit::replace(value.span(), style.flow_text(&changed)));
    }
    changes
}

/// The edits that make references to what stood at `old`, and below it, lead to `new`. References within `except` are
/// left, and those that stay by what they name below `old`.
pub(super) fn moved(
    root: Node<'_>,
    old: &str,
    new: &str,
    except: &[Node<'_>],
    stays: &dyn Fn(&str) -> bool,
    style: &Style,
) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    for value in reference_values(root) {
        let rest = value.as_str().and_then(|it| it.strip_prefix('#')).and_then(|it| below(it, old));
        if let Some(rest) = rest.filter(|it| !stays(it) && !except.iter().any(|it| it.span().contains(value.span()))) {
            edits.push(TextEdit::replace(value.span(), style.flow_text(&format!("{new}{rest}"))));
        }
    }
    edits
}

/// What follows `prefix` in a pointer; empty where they are equal.
pub(super) fn below<'p>(pointer: &'p str, prefix: &str) -> Option<&'p str> {
    pointer.strip_prefix(prefix).filter(|it| it.is_empty() || it.starts_with('/'))
}

/// How the file `to` writes a reference to the file `target`.
pub(super) fn relative(target: &RelPath, to: &RelPath) -> String {
    let path = target.relative_to(&to.parent());
    if path.starts_with("..") { path } else { format!("./{path}") }
}

fn with_fragment(path: &str, fragment: &str) -> String {
    if fragment.is_empty() { path.to_owned() } else { format!("{path}#{fragment}") }
}
