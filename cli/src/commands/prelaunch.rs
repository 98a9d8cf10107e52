//! `archwright prelaunch`: decides whether a feature goes live.

use archwright_analysis::operations::{Prelaunch, PrelaunchRequest};

use super::{CommandError, Outcome, facts, facts::CommandLine, plan};
use crate::args::PrelaunchArguments;

/// Runs the command.
///
/// # Errors
/// If the facts are of no use, or a file cannot be written.
pub fn run(arguments: &PrelaunchArguments) -> Result<Outcome, CommandError> {
    plan::run::<Prelaunch>(&request(arguments)?, &arguments.plan)
}

/// The facts of the file, with what the command line says over them.
fn request(arguments: &PrelaunchArguments) -> Result<PrelaunchRequest, CommandError> {
    let mut request: PrelaunchRequest = facts::read(arguments.facts.as_deref())?;
    let line = CommandLine { facts: arguments.facts.as_deref() };
    line.over("feature", &mut request.feature, arguments.feature.as_ref());
    line.over_choice("decision", &mut request.decision, arguments.decision);
    line.over("tier", &mut request.tier, arguments.tier.as_ref());
    line.over("date", &mut request.date, arguments.date.as_ref());
    line.over("rollout", &mut request.rollout, arguments.rollout.as_ref());
    line.over("rollback.trigger", &mut request.rollback.trigger, arguments.trigger.as_ref());
    line.over("rollback.time", &mut request.rollback.time, arguments.rto.as_ref());
    line.over_list("rollback.steps", &mut request.rollback.steps, &arguments.step);
    facts::needed("feature", request.feature.as_deref().unwrap_or_default())?;
    request.approvers.extend_from_slice(&arguments.approver);
    Ok(request)
}
