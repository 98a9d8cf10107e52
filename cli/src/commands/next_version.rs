//! `archwright next-version`: writes the files of a channel's next version.

use archwright_analysis::operations::{NextVersion, NextVersionRequest};

use super::{CommandError, Outcome, plan};
use crate::args::NextVersionArguments;

/// Runs the command.
///
/// # Errors
/// If nothing describes the channel, it has a next version already, or a file cannot be written.
pub fn run(arguments: &NextVersionArguments) -> Result<Outcome, CommandError> {
    let request = NextVersionRequest { channel: arguments.channel.clone() };
    plan::run::<NextVersion>(&request, &arguments.plan)
}
