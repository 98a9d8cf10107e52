//! `archwright schema`: the JSON Schemas of the configuration and of the report.

use std::io::{self, Write};

use archwright_analysis::{config, report};

use super::{CommandError, Outcome};
use crate::{
    args::{SchemaArguments, SchemaOf},
    output,
};

/// Runs the command.
///
/// # Errors
/// If the output cannot be written.
pub fn run(arguments: &SchemaArguments) -> Result<Outcome, CommandError> {
    let schema = match arguments.of {
        SchemaOf::Config => config::json_schema(),
        SchemaOf::Report => report::json_schema(),
    };
    let mut out = output::stdout();
    serde_json::to_writer_pretty(&mut out, &schema)?;
    writeln!(out)?;
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}
