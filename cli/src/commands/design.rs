//! `archwright design`: writes the design document of a feature and what belongs to it.

use super::{CommandError, Outcome};
use crate::args::DesignArguments;

/// Runs the command.
///
/// # Errors
/// If the design cannot be written.
pub fn run(arguments: &DesignArguments) -> Result<Outcome, CommandError> {
    let (feature, words) = (&arguments.feature, arguments.description.split_whitespace().count());
    Err(CommandError::Other(format!("designing `{feature}` from {words} words is not part of this build")))
}
