//! Where the code of a service reads a field of a message: `x["f"]`, `x.get("f")`, `x.f`.

use archwright_engine::Workspace;
use archwright_model::{FileId, Kind, RelPath};

use super::{
    ReviewPlace,
    review::{is_comment, line_of, places_of},
};

/// Files at the root of a service, by which its code is told from that of others.
const MANIFESTS: [&str; 10] = [
    "package.json",
    "pyproject.toml",
    "setup.py",
    "requirements.txt",
    "go.mod",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "Gemfile",
    "deno.json",
];

/// So many files of code are searched.
const MAX_FILES: usize = 3000;

/// Where the code of a service has the name of a field.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses {
    /// Where it is read from something.
    pub reads: Vec<ReviewPlace>,
    /// Where else the name stands: as a key that is written, in an assignment that takes things apart, in a query.
    pub names: Vec<ReviewPlace>,
    /// Whether there are more files than are searched.
    pub is_cut: bool,
}

impl Uses {
    /// Whether the name stands anywhere.
    pub(super) fn is_anywhere(&self) -> bool {
        !self.reads.is_empty() || !self.names.is_empty()
    }
}

/// The files of code below a folder.
pub(super) fn code_below(workspace: &Workspace, folder: &RelPath) -> Vec<FileId> {
    let mut files = workspace.below(folder);
    files.retain(|it| workspace.kind(*it) == Kind::Code);
    files
}

/// Where files of code have the name of a field. Comments do not count.
pub(super) fn uses(workspace: &Workspace, files: &[FileId], field: &str) -> Uses {
    let mut found = Uses { is_cut: files.len() > MAX_FILES, ..Uses::default() };
    for file in files.iter().take(MAX_FILES).copied() {
        let Some(text) = workspace.text(file) else { continue };
        if !text.contains(field) {
            continue;
        }
        let lines: Vec<&str> = text.lines().collect();
        for span in places_of(&text, field) {
            let line = line_of(&text, span.start as usize);
            let at = usize::try_from(line).unwrap_or(1).saturating_sub(1);
            let place = ReviewPlace { file: workspace.path(file).clone(), line };
            let is_told = lines.get(at).is_some_and(|it| is_comment(it.trim()));
            let list = if is_read(&text, span.range()) { &mut found.reads } else { &mut found.names };
            if !is_told && list.last() != Some(&place) {
                list.push(place);
            }
        }
    }
    found
}

/// Whether a name in code is read from something: as a key in brackets, by `get`, or behind a point.
fn is_read(text: &str, range: std::ops::Range<usize>) -> bool {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let quote = before.chars().next_back().filter(|it| matches!(it, '"' | '\''));
    let is_assigned = |rest: &str| {
        let rest = rest.trim_start();
        rest.starts_with('=') && !rest.starts_with("==")
    };
    match quote {
        Some(quote) => {
            let inside = before.trim_end_matches(quote);
            let Some(behind) = after.strip_prefix(quote) else { return false };
            inside.ends_with('[') && !is_assigned(behind.trim_start_matches(']')) || inside.ends_with("get(")
        }
        None => {
            let owner = before.strip_suffix('.').map(|it| it.trim_end_matches(['?', '!']));
            let is_member =
                owner.is_some_and(|it| it.ends_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | ')' | ']')));
            is_member && !after.starts_with('(') && !is_assigned(after)
        }
    }
}

/// The folder of the service that a file belongs to: the nearest with a manifest, else the file's own.
pub(super) fn service_of(workspace: &Workspace, file: &RelPath) -> RelPath {
    let folders = std::iter::successors(Some(file.parent()), |it| (!it.as_str().is_empty()).then(|| it.parent()));
    let has_manifest = |it: &RelPath| MANIFESTS.iter().any(|name| workspace.lists(&it.join(name)));
    folders.into_iter().find(|it| !it.as_str().is_empty() && has_manifest(it)).unwrap_or_else(|| file.parent())
}
