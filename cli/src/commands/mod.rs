//! The subcommands, one file each.

pub mod architecture;
pub mod check;
pub mod contract;
pub mod convert;
pub mod design;
pub mod diff;
pub mod eval;
pub mod explain;
mod facts;
pub mod graph;
pub mod impact;
pub mod init;
pub mod next_version;
pub mod plan;
pub mod prelaunch;
pub mod recommend;
pub mod review;
pub mod rules;
pub mod runbook;
pub mod scan;
pub mod schema;
pub mod serve;

use std::{
    io,
    path::{Path, PathBuf},
};

use archwright_analysis::{
    OpenError, WorkspaceEditError,
    explain::UnknownName,
    git::GitError,
    operations::{ManifestError, OperationError},
    writer,
    writer::WriteError,
};
use archwright_mcp::ServeError;

/// Takes back what a run that was killed had begun, before anything is read.
fn recover(root: &Path) -> Result<(), CommandError> {
    if writer::recover(root)? > 0 {
        tracing::warn!("a change that had been interrupted was cleared up");
    }
    Ok(())
}

/// How a command that ran ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is wrong.
    Clean,
    /// Errors were found.
    Errors,
    /// A file that was named was not looked at.
    Unread,
}

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A path of the command line is of no use.
    #[error("{}: {error}", path.display())]
    Path {
        /// The path as it was given.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A path does not lie in the workspace that was asked for.
    #[error("{} does not lie in the workspace {}", path.display(), root.display())]
    Outside {
        /// The path as it was given.
        path: PathBuf,
        /// The workspace.
        root: PathBuf,
    },
    /// A revision was named where there is no repository.
    #[error("{} lies in no git repository, so there is nothing that `--base` could name", folder.display())]
    NoRepository {
        /// The folder.
        folder: PathBuf,
    },
    /// Git cannot tell the revision that was named.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The workspace cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Nothing has this name.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// The facts for an operation are of no use.
    #[error("{}: {error}", path.display())]
    Facts {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        error: archwright_analysis::operations::facts::FactsError,
    },
    /// Neither the command line nor the facts say what the operation is about.
    #[error("neither the command line nor the facts say `{name}`; say it in one of them")]
    Unsaid {
        /// The fact.
        name: &'static str,
    },
    /// The operation refuses.
    #[error(transparent)]
    Operation(#[from] OperationError),
    /// The manifest of an evaluation is of no use.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Neither the name nor the content of a file tells its format.
    #[error("{name}: cannot tell the format; say it with --format-of json-schema, avro, protobuf or asyncapi")]
    UnknownFormat {
        /// The file.
        name: String,
    },
    /// The changes cannot be written.
    #[error("cannot write the changes: {0}")]
    Write(#[from] WriteError),
    /// The changes cannot be shown.
    #[error(transparent)]
    Preview(#[from] WorkspaceEditError),
    /// The output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    /// A server cannot start.
    #[error("the server cannot start: {0}")]
    Start(io::Error),
    /// The MCP server cannot serve.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

impl CommandError {
    /// Whether the reader of the output went away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<serde_json::Error> for CommandError {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}
