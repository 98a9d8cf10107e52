//! `archwright design`: writes the design of a feature, its README and its row in the catalog.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use archwright_analysis::operations::{Design, DesignRequest};

use super::{CommandError, Outcome, plan};
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
    let mut request = match arguments.facts.as_deref() {
        None => DesignRequest::default(),
        Some(path) => {
            let text = read(path).map_err(|error| CommandError::Path { path: path.to_path_buf(), error })?;
            serde_json::from_str(&text).map_err(|error| CommandError::Facts { path: path.to_path_buf(), error })?
        }
    };
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
    Ok(request)
}

fn read(path: &Path) -> io::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        Ok(text)
    } else {
        fs::read_to_string(path)
    }
}
