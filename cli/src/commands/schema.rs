//! `archwright schema`: the JSON Schemas of the configuration and of what is printed as JSON.

use std::io;

use archwright_analysis::{operations, report, rules};

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
        SchemaOf::Config => rules::registry().configuration_schema(),
        SchemaOf::Report => report::json_schema(),
        SchemaOf::Diff => operations::comparison_schema(),
        SchemaOf::EvalManifest => operations::manifest_schema(),
        SchemaOf::Eval => operations::evaluation_schema(),
    };
    let mut out = output::stdout();
    output::json::write(&mut out, &schema)?;
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}
