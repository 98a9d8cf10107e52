//! `archwright explain`: what a rule, a pattern or another card is.

use std::io::{self, Write};

use archwright_analysis::explain::explain;

use super::{CommandError, Outcome};
use crate::{
    args::ExplainArguments,
    output::{self, markdown},
};

/// Runs the command.
///
/// # Errors
/// If nothing is known under one of the names; nothing is printed then.
pub fn run(arguments: &ExplainArguments) -> Result<Outcome, CommandError> {
    let explanations = arguments.names.iter().map(|it| explain(it)).collect::<Result<Vec<_>, _>>()?;
    let mut out = output::stdout();
    for (at, explanation) in explanations.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        if output::is_styled() {
            markdown::write_styled(&mut out, &explanation.markdown)?;
        } else {
            writeln!(out, "{}", explanation.markdown.trim_end())?;
        }
    }
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}
