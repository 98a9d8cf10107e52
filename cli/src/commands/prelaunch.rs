//! `archwright prelaunch`: decides whether a feature goes live.

use archwright_analysis::operations::{Choice, Prelaunch, PrelaunchRequest};

use super::{CommandError, Outcome, facts, plan};
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
    request.feature = Some(arguments.feature.clone());
    if let Some(decision) = arguments.decision {
        request.decision = Some(Choice(decision));
    }
    for (fact, said) in [
        (&mut request.tier, &arguments.tier),
        (&mut request.date, &arguments.date),
        (&mut request.rollout, &arguments.rollout),
        (&mut request.rollback.trigger, &arguments.trigger),
        (&mut request.rollback.time, &arguments.rto),
    ] {
        if said.is_some() {
            fact.clone_from(said);
        }
    }
    if !arguments.step.is_empty() {
        request.rollback.steps.clone_from(&arguments.step);
    }
    request.approvers.extend_from_slice(&arguments.approver);
    Ok(request)
}
