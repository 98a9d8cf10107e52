//! The formats of `archwright check` and `archwright diff`, and what they share: the results and the way paths are
//! shown.

pub mod changes;
pub mod diff;
pub mod drafts;
pub mod escape;
pub mod evaluation;
pub mod github;
pub mod json;
pub mod markdown;
pub mod plan;
mod repeated;
pub mod sarif;
mod snippet;
pub mod text;

use std::{
    io::{self, BufWriter, StdoutLock},
    path::{Component, Path, PathBuf},
    sync::OnceLock,
};

use archwright_analysis::{
    RelPath, Workspace,
    report::{self, Report, ReportFilter, Summary},
};

/// A workspace with its findings, and which of them to report.
#[derive(Debug)]
pub struct Checked {
    /// The workspace.
    pub workspace: Workspace,
    /// What belongs to the report.
    pub filter: ReportFilter,
    /// Whether what can be fixed was fixed, so that what is left was refused.
    pub is_fixed: bool,
}

impl Checked {
    /// The report on this workspace alone; its paths are relative to the root of the workspace.
    pub fn report(&self) -> Report {
        report::report(&self.workspace, &self.filter)
    }
}

/// Everything that was checked.
#[derive(Debug)]
pub struct Results {
    /// The workspaces.
    pub checked: Vec<Checked>,
    report: OnceLock<Report>,
}

impl Results {
    /// Of some workspaces.
    pub fn new(checked: Vec<Checked>) -> Self {
        Self { checked, report: OnceLock::new() }
    }

    /// The findings of all workspaces. Paths are relative to the root of the workspace if there is one, else to the
    /// current folder.
    pub fn report(&self) -> &Report {
        self.report.get_or_init(|| match self.checked.as_slice() {
            [only] => only.report(),
            several => merge(several),
        })
    }

    /// How many findings there are, without the findings.
    pub fn summary(&self) -> Summary {
        self.checked.iter().map(|it| report::summary(&it.workspace, &it.filter)).fold(Summary::default(), Summary::plus)
    }

    /// The path of a finding's file as it is shown: relative to the current folder.
    pub fn shown(&self, path: &RelPath) -> String {
        match self.checked.as_slice() {
            [only] => relative_to_cwd(&only.workspace.root().join(path.as_str())),
            _ => path.to_string(),
        }
    }
}

fn merge(several: &[Checked]) -> Report {
    let mut all = Report { version: 1, findings: Vec::new(), summary: Summary::default() };
    for one in several {
        let mut report = one.report();
        let shown = |it: &RelPath| RelPath::new(&relative_to_cwd(&one.workspace.root().join(it.as_str())));
        for finding in &mut report.findings {
            finding.file = shown(&finding.file);
            for place in &mut finding.related {
                place.file = shown(&place.file);
            }
        }
        for it in report.summary.compared_with.iter_mut().flat_map(|it| &mut it.not_compared) {
            it.file = shown(&it.file);
        }
        for it in &mut report.summary.unreadable {
            it.file = shown(&it.file);
        }
        all.findings.append(&mut report.findings);
        all.summary = all.summary.plus(report.summary);
    }
    all
}

/// Stdout, locked and buffered.
pub fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 * 1024, io::stdout().lock())
}

/// Whether what goes to stdout is styled.
pub fn is_styled() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// The current folder, without links.
pub fn cwd() -> &'static Path {
    static CWD: OnceLock<PathBuf> = OnceLock::new();
    CWD.get_or_init(|| std::env::current_dir().and_then(dunce::canonicalize).unwrap_or_default())
}

/// An absolute path as seen from the current folder, with `/` between its parts.
pub fn relative_to_cwd(path: &Path) -> String {
    relative(path, cwd())
}

fn relative(path: &Path, base: &Path) -> String {
    // The usual case, asked for every finding: the path lies below.
    if let Some(below) = path.strip_prefix(base).ok().and_then(Path::to_str).filter(|_| cfg!(unix)) {
        return if below.is_empty() { ".".to_owned() } else { below.to_owned() };
    }
    let (parts, from): (Vec<_>, Vec<_>) = (path.components().collect(), base.components().collect());
    let shared = parts.iter().zip(&from).take_while(|(a, b)| a == b).count();
    // Two drives share nothing, and from one nothing leads to the other.
    if !matches!(parts.first(), Some(Component::RootDir)) && shared == 0 {
        return path.display().to_string();
    }
    let up = from.iter().skip(shared).map(|_| "..".into());
    let down = parts.iter().skip(shared).map(|it| it.as_os_str().to_string_lossy());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// A number with its noun: `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_where_the_reader_stands() {
        for (path, base, shown) in [
            ("/a", "/a", "."),
            ("/a/b/c.md", "/a", "b/c.md"),
            ("/a/c.md", "/a/b", "../c.md"),
            ("/x/c.md", "/a/b", "../../x/c.md"),
        ] {
            assert_eq!(relative(Path::new(path), Path::new(base)), shown);
        }
    }
}
