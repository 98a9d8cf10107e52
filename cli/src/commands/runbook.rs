//! `archwright runbook`: writes the runbook of an incident.

use archwright_analysis::operations::{CauseRequest, Choice, Runbook, RunbookRequest};

use super::{CommandError, Outcome, facts, plan};
use crate::args::RunbookArguments;

/// Runs the command.
///
/// # Errors
/// If the facts are of no use, or a file cannot be written.
pub fn run(arguments: &RunbookArguments) -> Result<Outcome, CommandError> {
    plan::run::<Runbook>(&request(arguments)?, &arguments.plan)
}

/// The facts of the file, with what the command line says over them.
fn request(arguments: &RunbookArguments) -> Result<RunbookRequest, CommandError> {
    let mut request: RunbookRequest = facts::read(arguments.facts.as_deref())?;
    let cause = |it: &String| match it.split_once('=') {
        Some((cause, fix)) => CauseRequest { cause: cause.to_owned(), fix: Some(fix.to_owned()) },
        None => CauseRequest { cause: it.clone(), fix: None },
    };
    request.incident = Some(Choice(arguments.incident));
    for (fact, said) in [
        (&mut request.channel, &arguments.channel),
        (&mut request.feature, &arguments.feature),
        (&mut request.owner, &arguments.owner),
        (&mut request.escalation, &arguments.escalation),
        (&mut request.approver, &arguments.approver),
        (&mut request.rate, &arguments.rate),
    ] {
        if said.is_some() {
            fact.clone_from(said);
        }
    }
    request.causes.extend(arguments.cause.iter().map(cause));
    request.dashboards.extend_from_slice(&arguments.dashboard);
    request.thresholds.extend_from_slice(&arguments.threshold);
    request.never.extend_from_slice(&arguments.never);
    Ok(request)
}
