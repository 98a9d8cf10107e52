//! `archwright review`: what a change breaks, loses and claims.

use std::{
    io::{self, Read as _, Write as _},
    path::Path,
};

use archwright_analysis::{
    OpenOptions, RelPath, Root, Severity, discover,
    git::GitRepository,
    operations::{Choice, Operation, OperationError, Review, ReviewRequest, ReviewVerdict},
};

use super::{CommandError, Outcome, facts};
use crate::{
    args::{DiffFormat, ReviewArguments},
    output,
};

/// Runs the command.
///
/// # Errors
/// If there is no repository or no such revision, the text cannot be read, or the output cannot be written.
pub fn run(arguments: &ReviewArguments) -> Result<Outcome, CommandError> {
    let mut given = Vec::new();
    for path in &arguments.paths {
        given.push(dunce::canonicalize(path).map_err(|error| CommandError::Path { path: path.clone(), error })?);
    }
    let around = given.first().map_or_else(|| output::cwd().to_path_buf(), Clone::clone);
    let root = discover(&around).folder().to_path_buf();
    let mut paths = Vec::new();
    for (path, shown) in given.iter().zip(&arguments.paths) {
        let outside = || CommandError::Outside { path: shown.clone(), root: root.clone() };
        paths.push(RelPath::of(path, &root).ok_or_else(outside)?.to_string());
    }
    let text = arguments.text.as_deref().map(read).transpose()?;
    // What cannot be answered is told before everything is read.
    let repository = GitRepository::discover(&root)?;
    let folder = || root.display().to_string();
    let repository = repository.ok_or_else(|| OperationError::NoRepository { folder: folder() })?;
    for revision in [&arguments.base, &arguments.head].into_iter().flatten().filter(|it| !it.trim().is_empty()) {
        repository.resolve(revision)?;
    }
    // To see what was, what depends on what must be known.
    let mut workspace = archwright_analysis::open(OpenOptions::server(Root::Folder(root)).cached(), &|_| {})?;
    let request = ReviewRequest {
        paths,
        base: arguments.base.clone(),
        head: arguments.head.clone(),
        text,
        only: Some(Choice(arguments.only)),
        ..ReviewRequest::default()
    };
    let plan = Review::plan(&mut workspace, &request)?;
    let review = plan.review.unwrap_or_default();
    let mut out = output::stdout();
    match arguments.format {
        DiffFormat::Text => lines(&mut out, &review.text())?,
        DiffFormat::Markdown => lines(&mut out, &review.markdown())?,
        DiffFormat::Json => output::json::write(&mut out, &review)?,
        DiffFormat::Sarif => output::sarif::write_review(&mut out, &review)?,
    }
    out.flush()?;
    let is_clean = review.verdict != ReviewVerdict::RequestChanges && review.count(Severity::Error) == 0;
    Ok(if is_clean { Outcome::Clean } else { Outcome::Errors })
}

/// Writes a text whose lines hold words of files.
fn lines(out: &mut impl io::Write, text: &str) -> io::Result<()> {
    text.lines().try_for_each(|it| writeln!(out, "{}", output::escape::visible(it)))
}

fn read(path: &Path) -> Result<String, CommandError> {
    let failed = |error: io::Error| CommandError::Path { path: path.to_path_buf(), error };
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map_err(failed)?;
    } else {
        bytes = facts::file(path).map_err(failed)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
