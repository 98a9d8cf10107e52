//! Adding the fields that an object must have and does not.

use archwright_asyncapi::specification::object_at;
use archwright_syntax::data::{
    Kind as NodeKind,
    write::{Pair, add},
};

use super::{
    document::{Document, ancestors, is_in_data},
    skeleton::Skeleton,
};
use crate::{ActionKind, Refactoring};

/// One offer for the innermost object around the cursor.
pub(super) fn offers(document: &Document<'_>) -> Option<Refactoring> {
    let root = document.root()?;
    let node = ancestors(document.selected()?).find(|it| object_at(root, &it.path()).is_some())?;
    if !matches!(node.kind(), NodeKind::Mapping | NodeKind::Null)
        || node.get("$ref").is_some()
        || is_in_data(&node.path())
    {
        return None;
    }
    let object = object_at(root, &node.path())?;
    let specification = document.place(root.get("asyncapi")?)?.specification;
    let name = node.as_entry().map_or("TBD", |it| it.key);
    let skeleton = Skeleton { specification, root, name };
    let is_missing = |it: &str| node.get(it).is_none();
    // Of some fields one is enough.
    let needed = object.needs.first().filter(|_| object.needs.iter().all(|it| is_missing(it)));
    let missing: Vec<_> =
        object.fields().iter().filter(|it| (it.required && is_missing(it.name)) || needed == Some(&it.name)).collect();
    let additions: Vec<_> = missing
        .iter()
        .map(|it| (Pair::new(it.name, skeleton.value(object, it, 0)), document.before(node, it.name)))
        .collect();
    let edits = add(&document.printer(), node, &additions)?;
    let edit = document.finish(edits, Vec::new())?;
    let names: Vec<String> = missing.iter().map(|it| format!("`{}`", it.name)).collect();
    let title = match names.as_slice() {
        [only] => format!("Add the missing field {only}"),
        several => format!("Add the missing fields {}", several.join(", ")),
    };
    Some(Refactoring { rule: Some("asyncapi/missing-field"), ..Document::offer(title, ActionKind::QuickFix, edit) })
}
