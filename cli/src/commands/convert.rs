//! `archwright convert`: prints an AsyncAPI document as one of a newer version, or writes it to a file.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::Path,
};

use archwright_analysis::{
    OpenOptions as WorkspaceOptions, Root,
    operations::{Choice, Convert, ConvertRequest, Operation, PlanNote},
};

use super::{CommandError, Outcome, facts};
use crate::{
    args::ConvertArguments,
    output::{self, escape::visible},
};

/// Runs the command. What the new version cannot say is told on stderr.
///
/// # Errors
/// If the document cannot be read or converted, or if the output exists and may not be overwritten.
pub fn run(arguments: &ConvertArguments) -> Result<Outcome, CommandError> {
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |error| CommandError::Path { path, error }
    };
    let text = facts::text(&arguments.file).map_err(at(&arguments.file))?;
    let name = arguments.file.to_string_lossy();
    let request = ConvertRequest {
        document: name.into_owned(),
        to: Choice(arguments.to),
        text: Some(text),
        ..ConvertRequest::default()
    };
    // The text may come from anywhere, so that no other file of a workspace matters.
    let nowhere = Root::File { folder: output::cwd().to_path_buf(), path: output::cwd().join(&arguments.file) };
    let mut workspace = archwright_analysis::open(WorkspaceOptions::batch(nowhere), &|_| {})?;
    let plan = Convert::plan(&mut workspace, &request)?;
    let converted = plan.document.unwrap_or_default();
    match &arguments.output {
        None => {
            let mut out = output::stdout();
            out.write_all(converted.as_bytes())?;
            out.flush()?;
        }
        Some(path) => {
            let mut options = OpenOptions::new();
            options.write(true).truncate(true).create(true);
            if !arguments.force {
                options.create_new(true);
            }
            options.open(path).and_then(|mut it| it.write_all(converted.as_bytes())).map_err(at(path))?;
        }
    }
    if !arguments.quiet {
        write_notes(&mut anstream::stderr().lock(), &plan.notes)?;
    }
    Ok(Outcome::Clean)
}

fn write_notes(out: &mut impl Write, notes: &[PlanNote]) -> io::Result<()> {
    for PlanNote { file, at, message } in notes {
        writeln!(out, "{}:{}:{}: {}", visible(file), at.line, at.column, visible(message))?;
    }
    Ok(())
}
