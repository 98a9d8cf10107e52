//! Creating what a dangling reference names: a component of the document, or a file.

use std::{borrow::Cow, collections::BTreeMap};

use archwright_asyncapi::specification::{Shape, object_at, place_at};
use archwright_model::{
    FileCreate, WorkspaceEdit,
    facts::{file_of_reference, split_reference},
};
use archwright_syntax::{
    FileType,
    data::{
        Format, Node, PathSegment,
        write::{Pair, Printer, Style, Value, add},
    },
    pointer,
};

use super::{
    document::{Document, is_same, referable},
    skeleton::Skeleton,
};
use crate::{ActionKind, Refactoring};

/// How many references are followed on the way to the place.
const MAX_HOPS: usize = 16;

pub(super) fn offers(document: &Document<'_>) -> Option<Refactoring> {
    let reference = document.selected_reference()?;
    let target = reference.as_str()?;
    let edit = if target.starts_with('#') { component(document, reference) } else { file(document, reference) }?;
    let offer = Document::offer(format!("Create `{target}`"), ActionKind::QuickFix, edit);
    Some(Refactoring { rule: Some("asyncapi/dangling-reference"), ..offer })
}

fn component(document: &Document<'_>, reference: Node<'_>) -> Option<WorkspaceEdit> {
    let root = document.root()?;
    let holder = reference.parent()?;
    let expected = place_at(root, &holder.path())?.shape.reference().map(|it| it.0);
    let expected = expected.or_else(|| referable(&document.place(holder)?))?;
    let pointer = pointer::of_fragment(reference.as_str()?.strip_prefix('#').filter(|it| it.starts_with('/'))?)?;
    let tokens: Vec<String> = pointer::keys(&pointer).map(Cow::into_owned).collect();
    let (deepest, missing) = walk(root, &tokens)?;
    let (first, name) = (missing.first()?, missing.last()?);
    let start = deepest.path();
    let path = |count: usize| -> Vec<PathSegment<'_>> {
        start.iter().copied().chain(missing.iter().take(count).map(|it| PathSegment::Key(it))).collect()
    };
    // What is created must be what belongs there, else it would dangle in another way.
    let place = place_at(root, &path(missing.len()))?;
    let id = match place.shape {
        Shape::Object(id, _) => *id,
        _ => referable(&place)?,
    };
    if !is_same(place.specification, id, expected) {
        return None;
    }
    let mut value = Skeleton { specification: place.specification, root, name }.object(id);
    for depth in (1..missing.len()).rev() {
        let key = missing.get(depth)?;
        let around = object_at(root, &path(depth));
        let name = missing.get(depth - 1)?;
        let mut pairs =
            around.map_or(Vec::new(), |it| Skeleton { specification: place.specification, root, name }.pairs(it, 0));
        pairs.retain(|it| it.key != key.as_str());
        pairs.push(Pair::new(key.clone(), value));
        value = Value::Map(pairs);
    }
    let before = document.before(deepest, first);
    let edits = add(&document.printer(), deepest, &[(Pair::new(first.clone(), value), before)])?;
    document.finish(edits, Vec::new())
}

/// The last node on the way that is there, and the rest of the way. The way may lead through references.
fn walk<'t>(root: Node<'t>, tokens: &[String]) -> Option<(Node<'t>, Vec<String>)> {
    let mut node = root;
    let mut hops = 0;
    for (at, token) in tokens.iter().enumerate() {
        while let Some(target) = node.get("$ref").and_then(Node::as_str).filter(|_| node.get(token).is_none()) {
            hops += 1;
            node = root.resolve(target.strip_prefix('#')?).filter(|_| hops < MAX_HOPS)?;
        }
        match node.get(token) {
            Some(next) => node = next,
            None => return Some((node, tokens.get(at..)?.to_vec())),
        }
    }
    None
}

fn file(document: &Document<'_>, reference: Node<'_>) -> Option<WorkspaceEdit> {
    let root = document.root()?;
    let (path, fragment) = split_reference(reference.as_str()?);
    let path = file_of_reference(document.path, path)?;
    let format = Format::of_path(path.as_str())
        .filter(|_| path.file_type() != Some(FileType::Avro) && document.is_free(&path))?;
    let place = document.place(reference.parent()?)?;
    let id = place.shape.reference().map(|it| it.0).or_else(|| referable(&place))?;
    let tokens: Vec<String> = pointer::keys(&pointer::of_fragment(fragment)?).map(Cow::into_owned).collect();
    let name = tokens.last().map_or(path.stem(), String::as_str);
    let mut value = Skeleton { specification: place.specification, root, name }.object(id);
    for token in tokens.iter().rev() {
        value = Value::Map(vec![Pair::new(token.clone(), value)]);
    }
    let is_same_notation = format == if document.style.json { Format::Json } else { Format::Yaml };
    let style = if is_same_notation { document.style.clone() } else { Style::plain(format) };
    let style = Style { compact: false, ..style };
    let unchanged = BTreeMap::new();
    let text = Printer::new(&style, &unchanged).value(&value, "") + style.newline;
    let create = FileCreate { path, content: text };
    Some(WorkspaceEdit { creates: vec![create], ..WorkspaceEdit::default() })
}
