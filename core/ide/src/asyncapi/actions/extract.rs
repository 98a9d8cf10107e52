//! Taking an object out: to the components of the document, or to a file.

use archwright_asyncapi::specification::{ObjectId, Shape};
use archwright_model::{FileCreate, RelPath, WorkspaceEdit};
use archwright_syntax::{
    TextEdit,
    data::{
        Kind as NodeKind, Node, PathSegment,
        write::{Pair, Printer, Value, add, last_comment, replace},
    },
    pointer,
};

use super::{
    document::{Document, is_in_data, is_same, is_tied, referable},
    identical, names, rebase,
};
use crate::{ActionKind, Refactoring};

/// An object that a reference may stand for.
pub(super) struct Extractable<'t> {
    pub(super) node: Node<'t>,
    pub(super) id: ObjectId,
    /// The section of components where it belongs.
    pub(super) section: &'static str,
    pub(super) name: String,
}

pub(super) fn offers(document: &Document<'_>) -> Vec<Refactoring> {
    let Some(found) = extractable(document) else { return Vec::new() };
    let mut offers = Vec::new();
    let others = identical::others(document, found.node, found.id);
    if let Some((edit, target)) = to_components(document, &found, &[]) {
        offers.push(Document::offer(format!("Extract to `{target}`"), ActionKind::Extract, edit));
    }
    if let Some((edit, target)) = to_components(document, &found, &others).filter(|_| !others.is_empty()) {
        let places =
            if others.len() == 1 { "the identical one".to_owned() } else { format!("{} identical ones", others.len()) };
        offers.push(Document::offer(
            format!("Extract to `{target}` and share it with {places}"),
            ActionKind::Extract,
            edit,
        ));
    }
    if let Some((edit, path)) = to_file(document, &found) {
        offers.push(Document::offer(format!("Extract to the file `{path}`"), ActionKind::Extract, edit));
    }
    offers
}

/// The selected object, if a reference may stand in its place and it is no component itself.
pub(super) fn extractable<'t>(document: &'t Document<'_>) -> Option<Extractable<'t>> {
    let node = document.selected()?;
    let node = if node.kind() == NodeKind::Mapping {
        node
    } else {
        node.parent().filter(|_| document.selection.is_empty())?
    };
    let path = node.path();
    let is_component = path.len() == 3 && path.first() == Some(&PathSegment::Key("components"));
    if node.kind() != NodeKind::Mapping
        || node.is_alias()
        || node.is_empty()
        || node.get("$ref").is_some()
        || is_component
        || is_in_data(&path)
    {
        return None;
    }
    let place = document.place(node)?;
    let id = referable(&place)?;
    let sections = place.specification.named("components")?.fields();
    let holds = |shape: &Shape| match shape {
        Shape::Map(_, values) => match values.as_ref() {
            Shape::Object(other, _) => is_same(place.specification, *other, id),
            _ => false,
        },
        _ => false,
    };
    let section = sections.iter().find(|it| holds(&it.shape))?.name;
    let name = names::of(document, node);
    Some(Extractable { node, id, section, name: if section == "schemas" { names::capital(&name) } else { name } })
}

fn to_components(
    document: &Document<'_>,
    found: &Extractable<'_>,
    others: &[Node<'_>],
) -> Option<(WorkspaceEdit, String)> {
    let root = document.root()?;
    let components = root.get("components");
    let there = components.and_then(|it| it.get(found.section));
    let name = names::unique(&found.name, |it| there.is_some_and(|there| there.get(it).is_some()));
    let target = format!("#/components/{}/{}", found.section, pointer::escape(&name));
    // References to what is inside keep their targets.
    let moved = moved(document, found, &target, &[])?;
    let inner: std::collections::BTreeMap<u32, TextEdit> =
        moved.iter().filter(|it| found.node.span().contains(it.span)).map(|it| (it.span.start, it.clone())).collect();
    let mut edits: Vec<TextEdit> = moved.iter().filter(|it| !found.node.span().contains(it.span)).cloned().collect();
    let printer = Printer::new(&document.style, &inner);
    let printer = if is_tied(found.node) { printer.expanding() } else { printer };
    // The comments above and behind stay where they are, only those inside go along.
    let pair = Pair::new(name, Value::Node(found.node));
    let (holder, pair) = match (components, there) {
        (_, Some(there)) if there.kind() != NodeKind::Null => (there, pair),
        (Some(components), there) => {
            let section = Pair::new(found.section, Value::Map(vec![pair]));
            match there {
                Some(there) => (there, into_only(section)?),
                None => (components, section),
            }
        }
        (None, _) => {
            (root, Pair::new("components", Value::Map(vec![Pair::new(found.section, Value::Map(vec![pair]))])))
        }
    };
    let before = document.before(holder, &pair.key);
    edits.extend(add(&printer, holder, &[(pair, before)])?);
    let reference = Value::reference(target.clone());
    edits.push(taken_out(document, found.node, &reference)?);
    for node in others {
        edits.push(replace(&document.printer(), *node, &reference)?);
    }
    Some((document.finish(edits, Vec::new())?, target))
}

/// The edits of the references to the object that is taken out. Operations refer to the channels, servers and messages
/// of the document itself, wherever those come from (AsyncAPI 3.0.0, Operation Object), so such references stay.
fn moved(document: &Document<'_>, found: &Extractable<'_>, target: &str, except: &[Node<'_>]) -> Option<Vec<TextEdit>> {
    let root = document.root()?;
    let old = found.node.pointer();
    let stays = |rest: &str| match found.section {
        "channels" | "servers" => true,
        "messages" => rest.is_empty(),
        _ => false,
    };
    Some(rebase::moved(root, &old, target, except, &stays, &document.style))
}

/// The edit that leaves a reference in the place of a node, whose last comment went with it.
fn taken_out(document: &Document<'_>, node: Node<'_>, reference: &Value<'_>) -> Option<TextEdit> {
    let mut edit = replace(&document.printer(), node, reference)?;
    if let Some(comment) = last_comment(node).filter(|it| it.start == edit.span.end) {
        edit.span.end = comment.end;
    }
    Some(edit)
}

/// The only pair of a mapping.
fn into_only(pair: Pair<'_>) -> Option<Pair<'_>> {
    match pair.value {
        Value::Map(mut pairs) => pairs.pop(),
        _ => None,
    }
}

fn to_file(document: &Document<'_>, found: &Extractable<'_>) -> Option<(WorkspaceEdit, String)> {
    let extension = document.path.extension();
    let folder = document.path.parent();
    // The layout has a folder of schemas beside that of AsyncAPI documents.
    let folder = match found.section {
        "schemas" if folder.name() == "asyncapi" => folder.parent().join("schemas"),
        "schemas" => folder.join("schemas"),
        _ => folder,
    };
    let path_of = |name: &str| folder.join(&format!("{name}.{extension}"));
    let name = names::unique(&found.name, |it| !document.is_free(&path_of(it)));
    let path: RelPath = path_of(&name);
    let target = rebase::relative(&path, document.path);
    let old = found.node.pointer();
    let changes = rebase::to_file(found.node, document.path, &path, Some(&old), &document.style);
    let style = archwright_syntax::data::write::Style { compact: false, ..document.style.clone() };
    let printer = Printer::new(&style, &changes);
    let printer = if is_tied(found.node) { printer.expanding() } else { printer };
    let content = printer.value(&Value::Node(found.node), "") + style.newline;
    let mut edits = moved(document, found, &format!("{target}#"), &[found.node])?;
    edits.push(taken_out(document, found.node, &Value::reference(target.clone()))?);
    Some((document.finish(edits, vec![FileCreate { path, content }])?, target))
}
