//! Carrying out the plan of an operation: opens the workspace, plans, writes, and prints what was done.

use std::{io, path::Path};

use archwright_analysis::{OpenOptions, Root, discover, operations::Operation, writer};

use super::{CommandError, Outcome};
use crate::{
    args::{ListFormat, PlanArguments},
    output,
};

/// Runs an operation.
///
/// # Errors
/// If the workspace cannot be opened, the operation cannot be planned, or a file cannot be written.
pub fn run<O: Operation>(request: &O::Request, arguments: &PlanArguments) -> Result<Outcome, CommandError> {
    let start = dunce::canonicalize(arguments.root.as_deref().unwrap_or(Path::new(".")))
        .map_err(|error| CommandError::Path { path: arguments.root.clone().unwrap_or_default(), error })?;
    let root = if arguments.root.is_some() { Root::Folder(start) } else { discover(&start) };
    if !arguments.dry_run {
        super::recover(root.folder())?;
    }
    // Planning tries its edits out in the open workspace, for which it must know what depends on what.
    let mut workspace = archwright_analysis::open(OpenOptions::server(root).cached(), &|_| {})?;
    let plan = O::plan(&mut workspace, request)?;
    let mut out = output::stdout();
    if arguments.dry_run {
        writer::verify(workspace.root(), &plan.edit)?;
        if arguments.format == ListFormat::Text {
            output::plan::write_diff(&mut out, &workspace, &plan)?;
        }
    } else {
        writer::apply(workspace.root(), &plan.edit)?;
    }
    match arguments.format {
        ListFormat::Text => output::plan::write_text(&mut out, &workspace, O::NAME, &plan)?,
        ListFormat::Json => output::json::write(&mut out, &plan)?,
    }
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}
