//! `archwright scan`: where code sends and receives messages.

use std::{
    io::{self, Write as _},
    path::Path,
};

use archwright_analysis::{
    OpenOptions, Root, discover,
    operations::{Drawing, Operation, Scan, ScanRequest},
};

use super::{CommandError, Outcome};
use crate::{
    args::{ScanArguments, ScanFormat},
    output,
};

/// Runs the command.
///
/// # Errors
/// If the workspace cannot be opened, the path is not in it, or the output cannot be written.
pub fn run(arguments: &ScanArguments) -> Result<Outcome, CommandError> {
    let start = dunce::canonicalize(arguments.root.as_deref().unwrap_or(Path::new(".")))
        .map_err(|error| CommandError::Path { path: arguments.root.clone().unwrap_or_default(), error })?;
    let root = if arguments.root.is_some() { Root::Folder(start) } else { discover(&start) };
    let mut workspace = archwright_analysis::open(OpenOptions::question(root).cached(), &|_| {})?;
    let request = ScanRequest { path: arguments.path.clone(), unresolved: arguments.unresolved, offset: None };
    let scanned = Scan::plan(&mut workspace, &request)?.scanned.unwrap_or_default();
    let mut out = output::stdout();
    let lines = match arguments.format {
        ScanFormat::Text => scanned.text(usize::MAX),
        ScanFormat::Mermaid => scanned.draw(Drawing::Mermaid),
        ScanFormat::Dot => scanned.draw(Drawing::Dot),
        ScanFormat::Json => {
            output::json::write(&mut out, &scanned)?;
            String::new()
        }
    };
    for line in lines.lines() {
        writeln!(out, "{}", output::escape::visible(line))?;
    }
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}
