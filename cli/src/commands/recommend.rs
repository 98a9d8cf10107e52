//! `archwright recommend`: what to choose, by what is stated.

use std::io::{self, Write as _};

use archwright_analysis::operations::{Choice, RecommendRequest, recommend};

use super::{CommandError, Outcome};
use crate::{
    args::{ListFormat, RecommendArguments},
    output,
};

/// Runs the command.
///
/// # Errors
/// If two signals contradict each other, or the output cannot be written.
pub fn run(arguments: &RecommendArguments) -> Result<Outcome, CommandError> {
    let request = RecommendRequest {
        signals: arguments.signals.iter().copied().map(Choice).collect(),
        topics: arguments.topic.iter().copied().map(Choice).collect(),
    };
    let recommended = recommend(&request)?;
    let mut out = output::stdout();
    match arguments.format {
        ListFormat::Text => write!(out, "{}", recommended.text(false))?,
        ListFormat::Json => output::json::write(&mut out, &recommended)?,
    }
    io::Write::flush(&mut out)?;
    Ok(Outcome::Clean)
}
