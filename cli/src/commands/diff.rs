//! `archwright diff`: compares schemas and AsyncAPI documents with older files or a git revision, and says whom it
//! breaks.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use archwright_analysis::{
    OpenOptions, RelPath, Root, Workspace, discover,
    operations::{Choice, Compared, ComparisonError, Diff, DiffRequest, NamedText, Operation, OperationError},
};
use archwright_syntax::Decoded;

use super::{CommandError, Outcome, facts};
use crate::{
    args::{DiffArguments, DiffFormat},
    output,
};

/// Runs the command.
///
/// # Errors
/// If a file cannot be read or is no schema, git cannot answer, or the output cannot be written.
pub fn run(arguments: &DiffArguments) -> Result<Outcome, CommandError> {
    let compared = match arguments.paths.split_last() {
        Some((new, old)) if arguments.base.is_none() && !old.is_empty() => files(arguments, old, new)?,
        _ => base(arguments)?,
    };
    let outcome = if compared.comparison.compatible == Some(false) { Outcome::Errors } else { Outcome::Clean };
    let printed = print(&compared, arguments);
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(outcome),
    }
}

/// Files with a file, wherever they lie.
fn files(arguments: &DiffArguments, old: &[PathBuf], new: &Path) -> Result<Compared, CommandError> {
    let mut texts = old.iter().map(|it| read(it)).collect::<Result<Vec<_>, _>>()?;
    texts.push(read(new)?);
    let nowhere = Root::File { folder: output::cwd().to_path_buf(), path: new.to_path_buf() };
    let mut workspace = archwright_analysis::open(OpenOptions::batch(nowhere), &|_| {})?;
    compared(&mut workspace, &DiffRequest { texts, ..request(arguments) })
}

/// What the command line says of every comparison.
fn request(arguments: &DiffArguments) -> DiffRequest {
    DiffRequest {
        base: arguments.base.clone(),
        mode: arguments.mode.map(Choice),
        registry: arguments.profile.map(Choice),
        level: arguments.level.map(Choice),
        language: arguments.format_of.map(Choice),
        ..DiffRequest::default()
    }
}

fn compared(workspace: &mut Workspace, request: &DiffRequest) -> Result<Compared, CommandError> {
    match Diff::plan(workspace, request) {
        Ok(plan) => Ok(plan.compared.unwrap_or_default()),
        Err(OperationError::Compare(ComparisonError::UnknownFormat { name })) => {
            Err(CommandError::UnknownFormat { name })
        }
        Err(error) => Err(error.into()),
    }
}

fn read(path: &Path) -> Result<NamedText, CommandError> {
    let bytes = facts::file(path).map_err(|error| CommandError::Path { path: path.to_path_buf(), error })?;
    let text = Decoded::new(&bytes).utf8();
    let text = text.map_err(|error| CommandError::Path { path: path.to_path_buf(), error })?;
    Ok(with_others(path, text.into()))
}

/// A file with what it imports and refers to, as far as that lies within the working directory, or in the folder of the
/// file where the file lies elsewhere.
fn with_others(path: &Path, text: Arc<str>) -> NamedText {
    let shown = path.display().to_string();
    let alone = |text| NamedText::alone(shown.clone(), text);
    let Ok(full) = dunce::canonicalize(path) else { return alone(text) };
    let beside = full.parent().map(Path::to_path_buf).unwrap_or_default();
    let root = if full.starts_with(output::cwd()) { output::cwd().to_path_buf() } else { beside };
    let read = |it: &RelPath| {
        let path = root.join(it.as_str());
        let is_file = path.is_file() && !it.escapes();
        is_file.then(|| std::fs::read(path).ok()).flatten().map(|it| Decoded::lenient(&it).into())
    };
    let Some(inside) = RelPath::of(&full, &root) else { return alone(text) };
    let name = |it: &RelPath| {
        if *it == inside { shown.clone() } else { output::relative_to_cwd(&root.join(it.as_str())) }
    };
    // What the file names by its address lies beside it.
    let beside = full.parent().and_then(|it| std::fs::read_dir(it).ok()).into_iter().flatten().flatten();
    let mut others: Vec<RelPath> = beside.filter_map(|it| RelPath::of(&it.path(), &root)).collect();
    others.sort();
    NamedText::new(&inside, text, read, name, &others)
}

/// The working tree with a revision.
fn base(arguments: &DiffArguments) -> Result<Compared, CommandError> {
    let mut given: Vec<PathBuf> = Vec::new();
    for path in &arguments.paths {
        given.push(located(path).map_err(|error| CommandError::Path { path: path.clone(), error })?);
    }
    let around = given.first().map_or_else(|| output::cwd().to_path_buf(), PathBuf::clone);
    // A file outside any workspace is compared all the same, from the folder it lies in.
    let root = discover(&around).folder().to_path_buf();
    let mut paths = Vec::new();
    for (path, shown) in given.iter().zip(&arguments.paths) {
        let outside = || CommandError::Outside { path: shown.clone(), root: root.clone() };
        paths.push(RelPath::of(path, &root).ok_or_else(outside)?.to_string());
    }
    let options = OpenOptions::batch(Root::Folder(root.clone()));
    let mut workspace = archwright_analysis::open(options, &|_| {})?;
    let mut compared = compared(&mut workspace, &DiffRequest { paths, ..request(arguments) })?;
    compared.rename(&|name| output::relative_to_cwd(&root.join(name)));
    Ok(compared)
}

/// The full path of a file or folder that is there, or that was there before: the folders around it that still are tell
/// where.
fn located(path: &Path) -> io::Result<PathBuf> {
    match dunce::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let full = output::cwd().join(path);
            let (Some(folder), Some(name)) = (full.parent(), full.file_name()) else { return Err(error) };
            Ok(located(folder)?.join(name))
        }
        found => found,
    }
}

fn print(compared: &Compared, arguments: &DiffArguments) -> io::Result<()> {
    let mut out = output::stdout();
    match arguments.format {
        DiffFormat::Text => output::changes::write_text(&mut out, compared, arguments.quiet),
        DiffFormat::Markdown => output::changes::write_markdown(&mut out, compared),
        DiffFormat::Json => output::json::write(&mut out, &compared.comparison),
        DiffFormat::Sarif => output::sarif::write_changes(&mut out, compared),
    }?;
    out.flush()
}
