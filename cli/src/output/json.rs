//! `--format json`: the report as it is.

use std::io::{self, Write};

use archwright_analysis::report::Report;

/// Writes one JSON document and a line end.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut impl Write, report: &Report) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}
