//! Hover: what a key means, what it may hold, and what a reference leads to.

use archwright_asyncapi::specification::place_at;
use archwright_engine::Workspace;
use archwright_model::FileId;
use archwright_syntax::{
    Encoding, FileType, LineIndex,
    data::{Entry, Node, PathSegment},
};

use super::{completion, reference};
use crate::{
    Hover, ShowFile, line_at,
    trees::{Trees, Way},
};

/// How many lines of what a reference leads to are shown.
const LINES: usize = 20;

/// Explains the key, the reference or the name at `offset`.
pub(crate) fn hover(workspace: &Workspace, file: FileId, offset: usize, show: &ShowFile<'_>) -> Option<Hover> {
    let trees = Trees::new(workspace);
    if let Some(hover) = referred(&trees, file, offset, show) {
        return Some(hover);
    }
    workspace.facts(file)?.asyncapi()?;
    let tree = trees.of(file)?;
    let located = tree.node_at(offset)?;
    key(tree.root()?, &located.node.path(), located.key?)
}

fn key(root: Node<'_>, path: &[PathSegment<'_>], entry: Entry<'_>) -> Option<Hover> {
    let place = place_at(root, path)?;
    let mut markdown = format!("**{}**", entry.key);
    if let Some(field) = place.field {
        let required = if field.required { ", required" } else { "" };
        markdown.push_str(&format!(" ({}{required})\n\n{}", completion::describe(&field.shape), field.meaning));
    }
    if let Some(object) = place.object {
        let heading = if place.field.is_some() { "\n\n" } else { ": " };
        markdown.push_str(&format!("{heading}*{}*: {}", object.title, object.meaning));
        let required: Vec<String> =
            object.fields().iter().filter(|it| it.required).map(|it| format!("`{}`", it.name)).collect();
        if !required.is_empty() {
            markdown.push_str(&format!("\n\nNeeds {}.", required.join(", ")));
        }
    }
    let words = completion::words(place.shape);
    if !words.is_empty() {
        let words: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
        markdown.push_str(&format!("\n\nOne of {}.", words.join(", ")));
    }
    (place.field.is_some() || place.object.is_some()).then_some(Hover { span: entry.key_span, markdown })
}

/// What a reference or name leads to: what it is called, what it says of itself, and its beginning.
fn referred(trees: &Trees<'_>, file: FileId, offset: usize, show: &ShowFile<'_>) -> Option<Hover> {
    let target = reference::referred(trees, file, offset)?;
    let text = trees.workspace.text(target.file)?;
    let path = trees.workspace.path(target.file);
    let tree = trees.of(target.file);
    let node = target.node.and_then(|id| Some(tree.as_ref()?.node(id)));
    let line = LineIndex::new(&text).position(target.span.start as usize, &text, Encoding::Utf8).line;
    let place = show(path, Some(line + 1).filter(|it| *it > 1));
    let mut markdown = match node.and_then(Node::as_entry) {
        Some(entry) => format!("**{}** in {place}", entry.key),
        None => place,
    };
    let lines: Vec<String> = match (node, &tree) {
        (Some(node), Some(tree)) => {
            if let Some(way) = node.get("$ref").and_then(Node::as_str) {
                markdown.push_str(&format!(", which stands for `{way}`"));
            }
            // What is referred to may be a reference itself; what is said stands at the end.
            let end = trees.end(Way { file: target.file, node: node.id(), steps: Vec::new() });
            let end_tree = trees.of(end.file);
            markdown.push_str(&end_tree.map(|it| said(it.node(end.node))).unwrap_or_default());
            let line = line_at(tree.text(), target.span.start as usize);
            beginning(text.get(line.start as usize..(node.span().end.max(line.end)) as usize).unwrap_or_default())
        }
        _ => beginning(&text),
    };
    let language = path.file_type().map_or("", FileType::fence);
    markdown.push_str(&format!("\n\n```{language}\n{}\n```", lines.join("\n")));
    Some(Hover { span: target.origin, markdown })
}

/// The type, the title and the description that a part of a document gives itself.
fn said(node: Node<'_>) -> String {
    let mut said = String::new();
    if let Some(kind) = node.get("type").and_then(Node::as_str) {
        said.push_str(&format!(" (type `{kind}`)"));
    }
    let field = |name: &str| node.get(name).and_then(Node::scalar).map(str::trim).filter(|it| !it.is_empty());
    for text in ["title", "summary", "description"].into_iter().filter_map(field) {
        said.push_str(&format!("\n\n{text}"));
    }
    said
}

/// The first lines of a text, without the indentation that they share.
fn beginning(source: &str) -> Vec<String> {
    let indent = source.len() - source.trim_start_matches(' ').len();
    let mut shown: Vec<String> =
        source.lines().take(LINES).map(|it| it.get(indent..).unwrap_or_else(|| it.trim_start()).to_owned()).collect();
    if source.lines().nth(LINES).is_some() {
        shown.push("…".to_owned());
    }
    shown
}
