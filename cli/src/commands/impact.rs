//! `archwright impact`: what depends on something, and what leads from one thing to another.

use std::{
    io::{self, Write as _},
    path::Path,
};

use archwright_analysis::{
    OpenOptions, Root, discover,
    operations::{Choice, ImpactOf, ImpactRequest, Operation},
};

use super::{CommandError, Outcome};
use crate::{
    args::{ImpactArguments, ListFormat},
    output,
};

/// Runs the command.
///
/// # Errors
/// If the workspace cannot be opened, nothing or several things have the name, or the output cannot be written.
pub fn run(arguments: &ImpactArguments) -> Result<Outcome, CommandError> {
    let start = dunce::canonicalize(arguments.root.as_deref().unwrap_or(Path::new(".")))
        .map_err(|error| CommandError::Path { path: arguments.root.clone().unwrap_or_default(), error })?;
    let root = if arguments.root.is_some() { Root::Folder(start) } else { discover(&start) };
    let mut workspace = archwright_analysis::open(OpenOptions::question(root).cached(), &|_| {})?;
    let request = ImpactRequest {
        name: arguments.name.clone(),
        to: arguments.to.clone(),
        kind: arguments.kind.map(Choice),
        limit: arguments.limit,
    };
    let impact = ImpactOf::plan(&mut workspace, &request)?.impact.unwrap_or_default();
    let mut out = output::stdout();
    match arguments.format {
        ListFormat::Text => {
            for line in impact.text().lines() {
                writeln!(out, "{}", output::escape::visible(line))?;
            }
        }
        ListFormat::Json => output::json::write(&mut out, &impact)?,
    }
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}
