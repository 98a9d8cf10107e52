//! `archwright architecture`: writes a decision record or another document on the architecture.

use archwright_analysis::operations::{AlternativeRequest, Architecture, ArchitectureRequest};

use super::{CommandError, Outcome, facts, facts::CommandLine, plan};
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
    let line = CommandLine { facts: arguments.facts.as_deref() };
    line.over_text("title", &mut request.title, arguments.title.as_ref());
    line.over("decision", &mut request.decision, arguments.decision.as_ref());
    line.over("context", &mut request.context, arguments.context.as_ref());
    line.over("chosen", &mut request.chosen, arguments.chosen.as_ref());
    line.over("verification", &mut request.verification, arguments.verification.as_ref());
    line.over("question", &mut request.question, arguments.question.as_ref());
    line.over("due", &mut request.due, arguments.due.as_ref());
    line.over("feature", &mut request.feature, arguments.feature.as_ref());
    line.over("folder", &mut request.folder, arguments.folder.as_ref());
    facts::needed("title", &request.title)?;
    request.alternatives.extend(arguments.alternative.iter().map(alternative));
    request.positive.extend_from_slice(&arguments.positive);
    request.negative.extend_from_slice(&arguments.negative);
    request.supersedes.extend_from_slice(&arguments.supersedes);
    line.over_choice("kind", &mut request.kind, arguments.kind);
    line.over_choice("status", &mut request.status, arguments.status);
    line.over_choice("dialect", &mut request.dialect, arguments.dialect);
    Ok(request)
}
