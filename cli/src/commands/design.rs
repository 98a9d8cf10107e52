//! `archwright design`: writes the design of a feature, its README and its row in the catalog.

use archwright_analysis::operations::{Design, DesignRequest};

use super::{CommandError, Outcome, facts, facts::CommandLine, plan};
use crate::args::DesignArguments;

/// Runs the command. A design that is not due is no error: nothing is written, and the answer says why.
///
/// # Errors
/// If the facts are of no use or a file cannot be written.
pub fn run(arguments: &DesignArguments) -> Result<Outcome, CommandError> {
    plan::run::<Design>(&request(arguments)?, &arguments.plan)
}

/// The facts of the file, with what the command line says over them.
fn request(arguments: &DesignArguments) -> Result<DesignRequest, CommandError> {
    let mut request: DesignRequest = facts::read(arguments.facts.as_deref())?;
    let line = CommandLine { facts: arguments.facts.as_deref() };
    line.over_text("feature", &mut request.feature, arguments.feature.as_ref());
    line.over_text("description", &mut request.description, arguments.description.as_ref());
    line.over("title", &mut request.title, arguments.title.as_ref());
    line.over("concerns.owner_team", &mut request.concerns.owner_team, arguments.owner_team.as_ref());
    line.over("last_reviewed", &mut request.last_reviewed, arguments.last_reviewed.as_ref());
    facts::needed("feature", &request.feature)?;
    request.force |= arguments.force;
    request.update |= arguments.update;
    Ok(request)
}
