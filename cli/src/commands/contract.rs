//! `archwright contract`: writes the contract of a channel that an AsyncAPI document describes.

use archwright_analysis::operations::{Contract, ContractRequest};

use super::{CommandError, Outcome, plan};
use crate::args::ContractArguments;

/// Runs the command.
///
/// # Errors
/// If there is no such channel, a contract already, or a file cannot be written.
pub fn run(arguments: &ContractArguments) -> Result<Outcome, CommandError> {
    let request = ContractRequest { channel: arguments.channel.clone(), document: arguments.document.clone() };
    plan::run::<Contract>(&request, &arguments.plan)
}
