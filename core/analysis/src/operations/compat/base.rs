//! Comparing the working tree with a git revision: every schema and AsyncAPI document that changed since.

use std::{path::Path, sync::Arc};

use archwright_asyncapi::comparison::Class;
use archwright_schema::compatibility::{Mode, Profile};

use super::{ComparedChange, Comparison, CompatError, CompatRequest, Format, NamedText, compat, imports};
use crate::{
    Kind, RelPath, Workspace,
    git::{Difference, GitError, GitRepository},
    layout,
    report::ReportFilter,
};

/// What is compared with the base.
#[derive(Clone, Debug, Default)]
pub struct BaseRequest {
    /// The revision; nothing means where the checked-out work left the default branch.
    pub revision: Option<String>,
    /// Only files at or below these paths; empty means all.
    pub paths: Vec<RelPath>,
    /// What the files are written in; nothing means what their names and contents tell.
    pub format: Option<Format>,
    /// Which readers must be served; nothing means what each channel's contract says, else [`Mode::Backward`].
    pub mode: Option<Mode>,
    /// Whose definition holds.
    pub profile: Profile,
}

/// Why a working tree cannot be compared with its base.
#[derive(Debug, thiserror::Error)]
pub enum BaseError {
    /// There is no repository.
    #[error("{folder} lies in no git repository; name the old file instead of --base")]
    NoRepository {
        /// The folder.
        folder: String,
    },
    /// Git says no.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A file cannot be compared.
    #[error(transparent)]
    Compat(#[from] CompatError),
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct BaseComparison {
    /// All changes of all files.
    pub comparison: Comparison,
    /// Every text a change stands in, by the name it has in the changes.
    pub texts: Vec<NamedText>,
    /// How many files were compared.
    pub compared: usize,
    /// The revision, as a reader would name it.
    pub revision: String,
}

/// Compares every changed schema and AsyncAPI document of a workspace with what it was.
///
/// # Errors
/// If there is no repository or no such revision, or if a text cannot be read.
pub fn compare_with_base(workspace: &Workspace, request: &BaseRequest) -> Result<BaseComparison, BaseError> {
    let root = workspace.root();
    let repository = GitRepository::discover(root)?.ok_or_else(|| BaseError::NoRepository { folder: root.display().to_string() })?;
    let commit = match &request.revision {
        Some(it) => repository.resolve(it)?,
        None => repository.merge_base_with_default_branch()?,
    };
    let short: String = commit.to_string().chars().take(10).collect();
    let revision = request.revision.clone().unwrap_or(short);
    let filter = ReportFilter { paths: request.paths.clone(), least: None };
    let mut outcome = BaseComparison { revision: revision.clone(), ..BaseComparison::default() };
    for (path, difference) in repository.changed_since(commit)? {
        if !filter.covers(&path) || difference == Difference::Added {
            continue;
        }
        let Some(bytes) = repository.text_at(commit, &path)? else { continue };
        let then = |it: &RelPath| repository.text_at(commit, it).ok()?.map(|it| String::from_utf8_lossy(&it).into());
        let before: Arc<str> = String::from_utf8_lossy(&bytes).into();
        let old = NamedText { name: format!("{path}@{revision}"), imports: imports(&path, &before, then), text: before };
        let Some(format) = format_of(workspace, &path, &old.text, request.format) else { continue };
        if difference == Difference::Removed {
            outcome.compared += 1;
            outcome.comparison.changes.push(removed(&path));
            continue;
        }
        let Some(now) = text(workspace, &path) else { continue };
        let new = NamedText { name: path.to_string(), imports: imports(&path, &now, |it| text(workspace, it)), text: now };
        let mode = request.mode.or_else(|| contract_mode(workspace, &path)).unwrap_or_default();
        let compared = CompatRequest { old: vec![old], new, format: Some(format), mode, profile: request.profile };
        outcome.compared += 1;
        outcome.comparison.changes.append(&mut compat(&compared)?.changes);
        outcome.texts.extend(compared.old);
        outcome.texts.push(compared.new);
    }
    outcome.comparison.compatible = outcome.comparison.changes.iter().all(|it| it.breaks.is_empty());
    Ok(outcome)
}

/// A file that is gone. No reader of messages fails for it, but whoever looks its schema up does.
fn removed(path: &RelPath) -> ComparedChange {
    ComparedChange {
        kind: "FILE_REMOVED",
        class: Class::Unclassified.name(),
        path: path.to_string(),
        breaks: Vec::new(),
        old: None,
        new: None,
        message: format!("{path} was removed; whoever still refers to it finds nothing."),
        advice: Some("Keep the file, and mark its channel as deprecated, until nobody reads or writes it any more.".to_owned()),
    }
}

/// The format of a file that was changed or removed; `None` when it is neither schema nor AsyncAPI document.
fn format_of(workspace: &Workspace, path: &RelPath, old: &str, told: Option<Format>) -> Option<Format> {
    let kind = layout::classify(path, workspace.config()).map(|it| it.0);
    let by_name = Format::of(path.as_str(), old);
    // Not every JSON or YAML file is a schema; the names of the others leave no doubt.
    let is_schema = kind == Some(Kind::Schema) || matches!(path.extension(), "avsc" | "proto" | "jsonschema");
    match by_name {
        Some(Format::Asyncapi) => Some(Format::Asyncapi),
        Some(it) if is_schema => told.or(Some(it)),
        _ => None,
    }
}

fn text(workspace: &Workspace, path: &RelPath) -> Option<Arc<str>> {
    let known = workspace.file(path).and_then(|it| workspace.text(it));
    known.filter(|it| !it.is_empty()).or_else(|| read(&workspace.root().join(path.as_str())))
}

/// Schemas outside the layout are not part of the workspace.
fn read(path: &Path) -> Option<Arc<str>> {
    std::fs::read(path).ok().map(|it| String::from_utf8_lossy(&it).into())
}

/// The compatibility mode that the contract of a schema's channel promises.
pub(crate) fn contract_mode(workspace: &Workspace, path: &RelPath) -> Option<Mode> {
    let channel = workspace.facts(workspace.file(path)?)?.captures.channel.clone()?;
    let contracts = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Contract);
    let mut mentions = contracts.flat_map(|it| &it.channels).filter(|it| it.name.text == channel);
    mentions.find_map(|it| it.compatibility.as_ref()).and_then(|it| Mode::of_name(&it.text))
}
