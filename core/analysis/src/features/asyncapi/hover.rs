//! Hover: what a key means, what it may hold, and what a reference leads to.

use archwright_asyncapi::specification::place_at;
use archwright_syntax::data::{Entry, PathSegment};

use super::{completion, reference, tree};
use crate::{Workspace, facts::FileFacts, features::Hover};

/// How many lines of what a reference leads to are shown.
const LINES: usize = 20;

/// Explains the key or the reference at `offset`.
pub(in crate::features) fn hover(workspace: &Workspace, facts: &FileFacts, offset: usize) -> Option<Hover> {
    let tree = tree(facts)?;
    let root = tree.root()?;
    let located = tree.node_at(offset)?;
    match located.key {
        Some(entry) => key(root.tree().root()?, &located.node.path(), entry),
        None => referred(workspace, facts, located.node),
    }
}

fn key(root: archwright_syntax::data::Node<'_>, path: &[PathSegment<'_>], entry: Entry<'_>) -> Option<Hover> {
    let place = place_at(root, path)?;
    let mut markdown = format!("**{}**", entry.key);
    if let Some(field) = place.field {
        let required = if field.required { ", required" } else { "" };
        markdown.push_str(&format!(" ({}{required})\n\n{}", completion::describe(&field.shape), field.meaning));
    }
    if let Some(object) = place.object {
        let heading = if place.field.is_some() { "\n\n" } else { ": " };
        markdown.push_str(&format!("{heading}*{}*: {}", object.title, object.meaning));
        let required: Vec<String> = object.fields().iter().filter(|it| it.required).map(|it| format!("`{}`", it.name)).collect();
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

/// The beginning of what a reference leads to.
fn referred(workspace: &Workspace, facts: &FileFacts, node: archwright_syntax::data::Node<'_>) -> Option<Hover> {
    let target = reference::target(workspace, facts, node)?;
    let text = workspace.text(target.file)?;
    let line = crate::features::line_at(&text, target.span.start as usize);
    let end = target.all.end as usize;
    let source = text.get(line.start as usize..end.max(line.end as usize)).unwrap_or_default();
    let indent = source.len() - source.trim_start_matches(' ').len();
    let lines: Vec<&str> = source.lines().map(|it| it.get(indent..).unwrap_or_else(|| it.trim_start())).collect();
    let shown = lines.iter().take(LINES).copied().collect::<Vec<_>>().join("\n");
    let more = if lines.len() > LINES { "\n…" } else { "" };
    let path = workspace.path(target.file);
    let language = if path.extension() == "json" { "json" } else { "yaml" };
    Some(Hover { span: target.origin, markdown: format!("`{path}`\n\n```{language}\n{shown}{more}\n```") })
}
