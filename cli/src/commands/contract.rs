//! `archwright contract`: writes the contract, the schema and the AsyncAPI document of a channel.

use archwright_analysis::operations::{Contract, ContractRequest, PayloadField};

use super::{CommandError, Outcome, facts, facts::CommandLine, plan};
use crate::args::ContractArguments;

/// Runs the command.
///
/// # Errors
/// If nothing tells which feature the channel belongs to, the facts are of no use, or a file cannot be written.
pub fn run(arguments: &ContractArguments) -> Result<Outcome, CommandError> {
    plan::run::<Contract>(&request(arguments)?, &arguments.plan)
}

/// The facts of the file, with what the command line says over them.
fn request(arguments: &ContractArguments) -> Result<ContractRequest, CommandError> {
    let mut request: ContractRequest = facts::read(arguments.facts.as_deref())?;
    let line = CommandLine { facts: arguments.facts.as_deref() };
    line.over_text("channel", &mut request.channel, arguments.channel.as_ref());
    line.over("document", &mut request.document, arguments.document.as_ref());
    line.over("feature", &mut request.feature, arguments.feature.as_ref());
    facts::needed("channel", &request.channel)?;
    request.fields.extend(arguments.fields.iter().map(|it| field(it)));
    request.update |= arguments.update;
    Ok(request)
}

/// A field as the command line says it: `order_id:uuid`, `note:string?`.
fn field(written: &str) -> PayloadField {
    let (name, holds) = written.split_once(':').unwrap_or((written, ""));
    let (holds, optional) = holds.strip_suffix('?').map_or((holds, false), |it| (it, true));
    PayloadField { name: name.to_owned(), r#type: holds.to_owned(), optional, ..PayloadField::default() }
}
