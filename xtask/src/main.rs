//! `cargo xtask`: the tasks of those who develop Archwright.

mod catalogue;
mod docs;
mod new_rule;
mod templates;

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

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
    /// Begin a rule: write its page, its file and its line in the list of its family.
    NewRule {
        /// The code of the rule: `family/name`.
        code: String,
        /// A row of the catalogue that it carries, such as `A-120`.
        #[arg(long = "source", value_name = "ROW")]
        sources: Vec<String>,
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
    /// A rule cannot be begun.
    #[error(transparent)]
    NewRule(#[from] new_rule::NewRuleError),
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
        Task::NewRule { code, sources } => begin_rule(&arguments.root, &code, &sources),
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

/// Begins a rule and says what is left to do.
fn begin_rule(root: &Path, code: &str, sources: &[String]) -> Result<(), TaskError> {
    let files = new_rule::create(root, code, sources)?;
    let files: Vec<String> = files.iter().map(|it| format!("  {}\n", it.display())).collect();
    #[allow(clippy::print_stdout, reason = "the answer of the task")]
    {
        println!(
            "Written:\n{}Fill in the page and the rule, name the rows of the catalogue that it carries, then run\n  \
             cargo test -p archwright-analysis --test pages {code}\n  cargo xtask docs",
            files.concat()
        );
    }
    Ok(())
}
