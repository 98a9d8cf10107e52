//! `cargo xtask`: the tasks of those who develop Archwright.

mod catalogue;
mod docs;

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Tasks of those who develop Archwright.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
    /// The repository to work in. Default: the one that this program was built from.
    #[arg(long, global = true, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
}

/// The tasks.
#[derive(Debug, Subcommand)]
enum Task {
    /// Write the pages and schemas that are generated from the rules, the types and the catalogue.
    Docs {
        /// Only say which files are stale, and fail if any is.
        #[arg(long)]
        check: bool,
    },
}

/// Why a task failed.
#[derive(Debug, thiserror::Error)]
enum TaskError {
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The catalogue is not as it should be.
    #[error("docs/catalogue.toml: {0}")]
    Catalogue(#[from] catalogue::CatalogueError),
    /// A schema cannot be printed.
    #[error("a schema cannot be printed: {0}")]
    Schema(#[from] serde_json::Error),
    /// Generated files are not what they should be.
    #[error("stale: {}\nrun: cargo xtask docs", files.join(", "))]
    Stale {
        /// The files, below `docs`.
        files: Vec<String>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.task {
        Task::Docs { check: true } => docs::check(&arguments.root),
        Task::Docs { check: false } => docs::write(&arguments.root),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[allow(clippy::print_stderr, reason = "the one place that reports a failure")]
            {
                eprintln!("error: {error}");
            }
            ExitCode::FAILURE
        }
    }
}
