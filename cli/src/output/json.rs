//! `--format json`: answers as they are.

use std::io::{self, Write};

use serde::Serialize;

/// Writes one JSON document and a line end.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut impl Write, answer: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, answer)?;
    writeln!(out)
}
