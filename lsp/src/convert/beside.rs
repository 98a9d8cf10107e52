//! Answers that reach from one workspace into others: links that leave it, and renames that others follow.

use std::path::{Path, PathBuf};

use archwright_analysis::{
    FileId, RelPath, WorkspaceEdit,
    features::{self, Beside, Move, RenameError},
};
use tower_lsp::ls_types::{
    self as lsp, DocumentChanges, GotoDefinitionResponse, Location, LocationLink, Position, PrepareRenameResponse,
};

use super::{Converter, View, edit::workspace_edit};
use crate::snapshot::Snapshot;

/// A change of one workspace, by position, and what it means for the others.
pub(crate) struct Renaming {
    at: usize,
    edit: WorkspaceEdit,
}

/// Where a link that leaves its workspace leads in another one.
pub(crate) fn definition_beside(
    it: &Converter<'_>,
    others: &[Snapshot],
    file: FileId,
    view: &View,
    position: Position,
) -> Option<GotoDefinitionResponse> {
    let link = features::leaving(it.snapshot.workspace(), file, view.offset(position))?;
    let other = others.iter().find(|it| is_home(others, it, &link.path))?;
    let path = other.relative(&link.path)?;
    let target = features::entered(other.workspace(), &path, link.fragment.as_deref())?;
    let location = Converter::new(other).location(target.file, target.span)?;
    if !it.snapshot.session().definition_links {
        return Some(GotoDefinitionResponse::Scalar(location));
    }
    Some(GotoDefinitionResponse::Link(vec![LocationLink {
        origin_selection_range: Some(view.range(link.origin)),
        target_uri: location.uri,
        target_range: location.range,
        target_selection_range: location.range,
    }]))
}

/// The links that lead to what stands at a position from other workspaces, and for a link that leaves its own those of
/// its own too.
pub(crate) fn references_beside(
    it: &mut Converter<'_>,
    others: &[Snapshot],
    file: FileId,
    view: &View,
    position: Position,
) -> Vec<Location> {
    let workspace = it.snapshot.workspace();
    let Some(target) = features::reachable(workspace, file, view.offset(position)) else { return Vec::new() };
    let mut found = Vec::new();
    if RelPath::of(&target.path, workspace.root()).is_none() {
        let here = features::references_to(workspace, &target);
        found.extend(here.into_iter().filter_map(|place| it.location(place.file, place.span)));
    }
    for other in others {
        let mut converter = Converter::new(other);
        let there = features::references_to(other.workspace(), &target);
        found.extend(there.into_iter().filter_map(|place| converter.location(place.file, place.span)));
    }
    found
}

/// What a link that leaves its workspace renames: the file, or the heading, that it names in another one.
///
/// # Errors
/// If no workspace that is open has it.
pub(crate) fn prepare_rename_beside(
    snapshots: &[Snapshot],
    file: FileId,
    view: &View,
    position: Position,
) -> Result<PrepareRenameResponse, RenameError> {
    let target = Target::new(snapshots, file, view.offset(position)).ok_or(RenameError::Nothing)?;
    let (span, placeholder) = match &target.heading {
        Some((written, place)) => {
            let there = snapshots.get(target.at).ok_or(RenameError::Nothing)?.workspace();
            (*written, features::prepare_rename(there, place.file, place.span.range().start)?.placeholder)
        }
        None => (target.link.written, target.link.name.clone()),
    };
    Ok(PrepareRenameResponse::RangeWithPlaceholder { range: view.range(span), placeholder })
}

/// The change that such a rename makes.
///
/// # Errors
/// If it cannot be renamed so.
pub(crate) fn rename_beside(
    snapshots: &[Snapshot],
    file: FileId,
    view: &View,
    position: Position,
    name: &str,
) -> Result<Renaming, RenameError> {
    let target = Target::new(snapshots, file, view.offset(position)).ok_or(RenameError::Nothing)?;
    let (Some(home), Some(there)) = (snapshots.first(), snapshots.get(target.at)) else {
        return Err(RenameError::Nothing);
    };
    let edit = match &target.heading {
        Some((_, place)) => features::rename(there.workspace(), place.file, place.span.range().start, name)?,
        None => {
            let from = home.workspace().path(file).parent().join(name);
            let to = there.relative(&from.to_path(home.workspace().root()));
            let to = to.ok_or_else(|| RenameError::Outside(name.to_owned()))?;
            features::rename_file(there.workspace(), &target.path, &to)?
        }
    };
    Ok(Renaming { at: target.at, edit })
}

/// What a link that leaves the first workspace leads to.
struct Target {
    /// The workspace, by position.
    at: usize,
    /// The file in it.
    path: RelPath,
    link: features::Leaving,
    /// The fragment in the link, and the heading that it names, if the cursor is there.
    heading: Option<(archwright_syntax::Span, features::Location)>,
}

impl Target {
    fn new(snapshots: &[Snapshot], file: FileId, offset: usize) -> Option<Self> {
        let home = snapshots.first()?;
        let link = features::leaving(home.workspace(), file, offset)?;
        let at = snapshots.iter().position(|it| is_home(snapshots, it, &link.path))?;
        let there = snapshots.get(at)?;
        let path = there.relative(&link.path)?;
        let place = features::entered(there.workspace(), &path, link.fragment.as_deref())?;
        let heading = match link.on_fragment {
            Some(_) if place.span.is_empty() => return None,
            on_fragment => on_fragment.map(|it| (it, place)),
        };
        let path = there.workspace().path(place.file).clone();
        Some(Self { at, path, link, heading })
    }
}

impl Renaming {
    /// A change of the first workspace.
    pub(crate) fn here(edit: WorkspaceEdit) -> Self {
        Self { at: 0, edit }
    }
}

/// A change with what it makes necessary in the other workspaces; `None` if the client cannot apply it.
///
/// # Errors
/// If the edits do not fit each other.
pub(crate) fn rename_everywhere(
    snapshots: &[Snapshot],
    renaming: &Renaming,
) -> Result<Option<lsp::WorkspaceEdit>, RenameError> {
    let Some(there) = snapshots.get(renaming.at) else { return Ok(None) };
    let change = features::beside(there.workspace(), &renaming.edit);
    let mut parts = Vec::new();
    // Files move last, so that the edits before name them as they are.
    if !change.is_empty() {
        for (_, snapshot) in snapshots.iter().enumerate().filter(|it| it.0 != renaming.at) {
            let edit = features::follow_beside(snapshot.workspace(), &change)?;
            let Some(edit) = at_home(snapshots, snapshot, edit) else { continue };
            parts.push(workspace_edit(&mut Converter::new(snapshot), &edit));
        }
    }
    parts.push(workspace_edit(&mut Converter::new(there), &renaming.edit));
    Ok(joined(parts))
}

/// The edits for files and folders that move, in all workspaces; `None` if nothing leads there.
///
/// # Errors
/// If they do not fit each other.
pub(crate) fn rename_files_everywhere(
    snapshots: &[Snapshot],
    moves: &[(PathBuf, PathBuf)],
) -> Result<Option<lsp::WorkspaceEdit>, RenameError> {
    // What lies in a folder is known to the workspace that holds it; others are told file by file.
    let mut every = moves.to_vec();
    for snapshot in snapshots {
        let workspace = snapshot.workspace();
        for (from, to) in moves {
            let Some(folder) = snapshot.relative(from) else { continue };
            for file in features::files_below(workspace, &folder) {
                let Some(below) = RelPath::of(&file.to_path(workspace.root()), from) else { continue };
                if !below.as_str().is_empty() {
                    every.push((from.join(below.as_str()), to.join(below.as_str())));
                }
            }
        }
    }
    let mut parts = Vec::new();
    for snapshot in snapshots {
        let inside = |(from, to): &(PathBuf, PathBuf)| {
            Some(Move { from: snapshot.relative(from)?, to: RelPath::seen_from(to, snapshot.workspace().root())? })
        };
        let moves: Vec<Move> = moves.iter().filter_map(inside).collect();
        let edit = features::rename_files(snapshot.workspace(), &moves)?;
        let outside = every.iter().filter(|it| snapshot.relative(&it.0).is_none()).cloned().collect();
        let more = features::follow_beside(snapshot.workspace(), &Beside::of_moves(outside))?;
        for edit in [edit, more] {
            let Some(edit) = at_home(snapshots, snapshot, edit) else { continue };
            parts.push(workspace_edit(&mut Converter::new(snapshot), &edit));
        }
    }
    Ok(joined(parts))
}

/// Whether a path belongs to this workspace: of those that hold it the innermost counts.
fn is_home(snapshots: &[Snapshot], snapshot: &Snapshot, path: &Path) -> bool {
    let depth = |it: &Snapshot| it.relative(path).map(|_| it.workspace().root().components().count());
    let innermost = snapshots.iter().filter_map(depth).max();
    innermost.is_some() && depth(snapshot) == innermost
}

/// The edit without the files that belong to a workspace further inside, which has them too. `None` if nothing is left.
fn at_home(snapshots: &[Snapshot], snapshot: &Snapshot, mut edit: WorkspaceEdit) -> Option<WorkspaceEdit> {
    let root = snapshot.workspace().root();
    edit.texts.retain(|it| is_home(snapshots, snapshot, &it.path.to_path(root)));
    (!edit.is_empty()).then_some(edit)
}

/// The parts of a change as one; `None` if there is none, or the client cannot apply one of them.
fn joined(parts: Vec<Option<lsp::WorkspaceEdit>>) -> Option<lsp::WorkspaceEdit> {
    let mut parts = parts.into_iter().collect::<Option<Vec<_>>>()?.into_iter();
    let mut all = parts.next()?;
    for more in parts {
        if let (Some(all), Some(more)) = (&mut all.changes, more.changes) {
            for (uri, edits) in more {
                all.entry(uri).or_default().extend(edits);
            }
        }
        if let (Some(DocumentChanges::Operations(all)), Some(DocumentChanges::Operations(more))) =
            (&mut all.document_changes, more.document_changes)
        {
            all.extend(more);
        }
    }
    Some(all)
}
