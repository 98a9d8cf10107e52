//! `archwright design`: writes the design of a feature, its README and its row in the catalog.

use archwright_analysis::operations::{Design, DesignRequest};

use super::{CommandError, Outcome, facts, plan};
use crate::args::DesignArguments;

/// Runs the command. A design that is not due is no error: nothing is written, and the answer says why.
///
/// # Errors
/// If the facts are of no use or a file cannot be written.
pub fn run(arguments: &DesignArguments) -> Result<Outcome, CommandError> {
    plan::run::<Design>(&request(arguments)?, &arguments.plan)
}

/// The facts of the file, overridden by what the command line says.
fn request(arguments: &DesignArguments) -> Result<DesignRequest, CommandError> {
    let mut request: DesignRequest = facts::read(arguments.facts.as_deref())?;
    request.feature.clone_from(&arguments.feature);
    if let Some(description) = &arguments.description {
        request.description.clone_from(description);
    }
    if arguments.title.is_some() {
        request.title.clone_from(&arguments.title);
    }
    if arguments.owner_team.is_some() {
        request.concerns.owner_team.clone_from(&arguments.owner_team);
    }
    request.force |= arguments.force;
    request.update |= arguments.update;
    Ok(request)
}
