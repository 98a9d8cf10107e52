//! `archwright runbook`: writes the runbook of an incident.

use archwright_analysis::operations::{CauseRequest, Runbook, RunbookRequest};

use super::{CommandError, Outcome, facts, facts::CommandLine, plan};
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
    let line = CommandLine { facts: arguments.facts.as_deref() };
    line.over_choice("incident", &mut request.incident, arguments.incident);
    line.over("channel", &mut request.channel, arguments.channel.as_ref());
    line.over("feature", &mut request.feature, arguments.feature.as_ref());
    line.over("owner", &mut request.owner, arguments.owner.as_ref());
    line.over("escalation", &mut request.escalation, arguments.escalation.as_ref());
    line.over("approver", &mut request.approver, arguments.approver.as_ref());
    line.over("rate", &mut request.rate, arguments.rate.as_ref());
    if request.incident.is_none() {
        return Err(CommandError::Unsaid { name: "incident" });
    }
    request.causes.extend(arguments.cause.iter().map(cause));
    request.dashboards.extend_from_slice(&arguments.dashboard);
    request.thresholds.extend_from_slice(&arguments.threshold);
    request.never.extend_from_slice(&arguments.never);
    Ok(request)
}
