//! `archwright architecture`: writes a decision record or another document on the architecture.

use archwright_analysis::operations::{AlternativeRequest, Architecture, ArchitectureRequest, Choice};

use super::{CommandError, Outcome, facts, plan};
use crate::args::ArchitectureArguments;

/// Runs the command.
///
/// # Errors
/// If the facts are of no use, nothing is decided, or a file cannot be written.
pub fn run(arguments: &ArchitectureArguments) -> Result<Outcome, CommandError> {
    plan::run::<Architecture>(&request(arguments)?, &arguments.plan)
}

/// The facts of the file, with what the command line says over them.
fn request(arguments: &ArchitectureArguments) -> Result<ArchitectureRequest, CommandError> {
    let mut request: ArchitectureRequest = facts::read(arguments.facts.as_deref())?;
    let alternative = |it: &String| match it.split_once('=') {
        Some((name, why)) => AlternativeRequest { name: name.to_owned(), why: Some(why.to_owned()) },
        None => AlternativeRequest { name: it.clone(), why: None },
    };
    request.title.clone_from(&arguments.title);
    for (fact, said) in [
        (&mut request.decision, &arguments.decision),
        (&mut request.context, &arguments.context),
        (&mut request.chosen, &arguments.chosen),
        (&mut request.verification, &arguments.verification),
        (&mut request.question, &arguments.question),
        (&mut request.due, &arguments.due),
        (&mut request.feature, &arguments.feature),
        (&mut request.folder, &arguments.folder),
    ] {
        if said.is_some() {
            fact.clone_from(said);
        }
    }
    request.alternatives.extend(arguments.alternative.iter().map(alternative));
    request.positive.extend_from_slice(&arguments.positive);
    request.negative.extend_from_slice(&arguments.negative);
    request.supersedes.extend_from_slice(&arguments.supersedes);
    request.kind = arguments.kind.map(Choice).or(request.kind);
    request.status = arguments.status.map(Choice).or(request.status);
    request.dialect = arguments.dialect.map(Choice).or(request.dialect);
    Ok(request)
}
