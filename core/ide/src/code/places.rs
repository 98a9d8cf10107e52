//! From a channel to its code, and from code to what describes the channel.

use archwright_engine::Workspace;
use archwright_model::FileId;
use archwright_operations::CodeView;
use archwright_syntax::Span;

use super::channels::{channel_at, channel_of_line, place};
use crate::{
    Target, line_at,
    navigation::declared,
    references::{Location, mentions, references},
};

/// Where the channel at a place is described; where that is the place itself, or nothing describes it, the code that
/// sends and receives. Any offset is accepted.
pub fn code_definition(workspace: &Workspace, code: &CodeView, file: FileId, offset: usize) -> Vec<Target> {
    let Some((name, origin)) = channel_at(workspace, code, file, offset) else { return Vec::new() };
    let elsewhere = declared(workspace, &name).filter(|it| it.1 != file || !(it.2.is_empty() || it.2.touches(offset)));
    if let Some((_, file, span)) = elsewhere {
        return vec![Target { origin, file, span }];
    }
    let found = sites(workspace, code, &name).into_iter();
    found.filter(|it| !is_at(it, file, offset)).map(|it| Target { origin, file: it.file, span: it.span }).collect()
}

/// The code that sends to the channel at a place, and receives from it. Any offset is accepted.
pub fn implementations(workspace: &Workspace, code: &CodeView, file: FileId, offset: usize) -> Vec<Target> {
    let Some((name, origin)) = channel_of_line(workspace, code, file, offset) else { return Vec::new() };
    let found = sites(workspace, code, &name).into_iter();
    found.map(|it| Target { origin, file: it.file, span: it.span }).collect()
}

/// All places that speak of what stands at `offset`, those of all code with them. Any offset is accepted.
pub fn references_with(
    workspace: &Workspace,
    code: Option<&CodeView>,
    file: FileId,
    offset: usize,
    declaration: bool,
) -> Vec<Location> {
    let mut found = references(workspace, file, offset, declaration);
    let Some(code) = code else { return found };
    let Some((name, _)) = channel_at(workspace, code, file, offset) else { return found };
    if found.is_empty() {
        found = mentions(workspace, &name);
    }
    for site in sites(workspace, code, &name) {
        let Some(text) = workspace.text(site.file) else { continue };
        let line = line_at(&text, site.span.start as usize);
        if !found.iter().any(|it| it.file == site.file && line.touches(it.span.start as usize)) {
            found.push(site);
        }
    }
    found.sort_by(|a, b| (workspace.path(a.file), a.span).cmp(&(workspace.path(b.file), b.span)));
    found.dedup();
    found
}

/// Where code sends to a channel and receives from it.
fn sites(workspace: &Workspace, code: &CodeView, name: &str) -> Vec<Location> {
    let mut found: Vec<Location> = Vec::new();
    for (file, span) in code.of_channel(name).filter_map(|it| place(workspace, it)) {
        let site = Location { file, span };
        if !found.contains(&site) {
            found.push(site);
        }
    }
    found
}

fn is_at(it: &Location, file: FileId, offset: usize) -> bool {
    let Location { file: there, span } = *it;
    there == file && Span::touches(span, offset)
}
