//! Links that leave the workspace: an editor may have the workspace open that they lead to.

use std::path::PathBuf;

use archwright_engine::Workspace;
use archwright_model::{
    FileId, RelPath,
    facts::{file_of_reference, split_reference},
};
use archwright_syntax::{Span, Spanned, markdown::decode_target};

use super::{
    floor, link_at, link_file, link_origin,
    navigation::{heading, section_of},
    references::{Location, file_links, links_to},
    subject::{Subject, subject_at},
    trees::Trees,
};

/// A link or reference that leads to a place beside the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The text that leads there.
    pub origin: Span,
    /// The path in it.
    pub written: Span,
    /// The path as its author reads it.
    pub name: String,
    /// The fragment in it, if the cursor is there.
    pub on_fragment: Option<Span>,
    /// The absolute path that it leads to.
    pub path: PathBuf,
    /// The fragment, without `#` and decoded.
    pub fragment: Option<String>,
}

/// The link or reference at `offset`, if it leaves the workspace. Any offset is accepted.
pub fn leaving(workspace: &Workspace, file: FileId, offset: usize) -> Option<Leaving> {
    let text = workspace.text(file)?;
    if offset > text.len() {
        return None;
    }
    let offset = floor(&text, offset);
    if let Some((facts, link)) = workspace.facts(file).and_then(|it| Some((it, link_at(it, offset)?))) {
        return link.path.escapes().then(|| Leaving {
            origin: link_origin(link, offset),
            written: link.path_span,
            name: decode_target(facts.slice(link.path_span)).into_owned(),
            on_fragment: link.fragment.filter(|it| it.touches(offset)),
            path: link.path.to_path(workspace.root()),
            fragment: link.fragment.map(|it| decode_target(facts.slice(it)).into_owned()),
        });
    }
    let trees = Trees::new(workspace);
    let tree = trees.of(file)?;
    let node = tree.node_at(offset)?.node;
    let value = Spanned::of_scalar(node).filter(|_| node.as_entry().is_some_and(|it| it.key == "$ref"))?;
    let path = file_of_reference(workspace.path(file), &value.text).filter(RelPath::escapes)?;
    let (written, _) = split_reference(&value.text);
    let start = value.span.start as usize;
    Some(Leaving {
        origin: value.span,
        written: Span::new(start, start + written.len().min(value.span.len())),
        name: decode_target(written).into_owned(),
        on_fragment: None,
        path: path.to_path(workspace.root()),
        fragment: None,
    })
}

/// The file of this workspace that a link of another one leads to, and the place in it.
pub fn entered(workspace: &Workspace, path: &RelPath, fragment: Option<&str>) -> Option<Location> {
    let found = link_file(workspace, path);
    let file = found.map(|it| it.0).or_else(|| workspace.file(path).filter(|it| workspace.text(*it).is_some()))?;
    let span = found.zip(fragment).and_then(|(it, fragment)| heading(it.1, fragment));
    Some(Location { file, span: span.unwrap_or_default() })
}

/// What links of other workspaces may lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reachable {
    /// The absolute path of the file.
    pub path: PathBuf,
    /// The anchor, if a heading is meant, and whether links to the whole file mean it too.
    pub anchor: Option<(String, bool)>,
}

/// What stands at `offset`, if links of other workspaces may lead there.
pub fn reachable(workspace: &Workspace, file: FileId, offset: usize) -> Option<Reachable> {
    if let Some(link) = leaving(workspace, file, offset) {
        let anchor = link.fragment.filter(|_| link.on_fragment.is_some()).map(|it| (it, false));
        return Some(Reachable { path: link.path, anchor });
    }
    match subject_at(&Trees::new(workspace), file, offset)?.subject {
        Subject::Heading(file, title) => {
            let facts = workspace.facts(file)?;
            let tree = facts.markdown()?;
            let anchors = tree.anchors(&facts.text);
            let (anchor, _) = anchors.into_iter().find(|it| tree.section(it.1).title == title)?;
            let is_first = tree.sections.get(1).is_some_and(|it| it.title == title);
            Some(Reachable { path: workspace.absolute(file), anchor: Some((anchor.to_string(), is_first)) })
        }
        Subject::File(path) => Some(Reachable { path: path.to_path(workspace.root()), anchor: None }),
        Subject::Entry(_) | Subject::Channel(_) | Subject::Identifier(_) | Subject::Name(_) => None,
    }
}

/// The links of this workspace that lead to a place of another one, or to one of its own that another one has a link
/// to.
pub fn references_to(workspace: &Workspace, target: &Reachable) -> Vec<Location> {
    let Some(path) = RelPath::seen_from(&target.path, workspace.root()) else { return Vec::new() };
    let Some((anchor, whole)) = &target.anchor else { return file_links(&Trees::new(workspace), &path) };
    // The anchor of a file that is here says which heading is meant, and links may name it in other letters.
    let section = |anchor: &str| {
        let facts = workspace.facts(workspace.file(&path)?)?;
        section_of(facts, anchor)
    };
    let meant = section(anchor);
    let found = links_to(workspace, &path).filter(|(_, from, link)| match link.fragment.map(|it| from.slice(it)) {
        Some(written) if !written.is_empty() => {
            decode_target(written).eq_ignore_ascii_case(anchor) || (meant.is_some() && section(written) == meant)
        }
        _ => *whole && !link.path_span.is_empty(),
    });
    found.map(|(file, _, link)| Location { file, span: link.target }).collect()
}

/// The files below a folder, and the file itself if the path is one.
pub fn files_below(workspace: &Workspace, path: &RelPath) -> Vec<RelPath> {
    workspace.below(path).into_iter().map(|it| workspace.path(it).clone()).collect()
}
