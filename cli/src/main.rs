//! The `archwright` binary: parses the command line, runs a command and ends with its exit code.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod args;
mod commands;
mod output;

use std::process::ExitCode;

use anstream::eprintln;
use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::{
    args::{Arguments, Command},
    commands::{
        Outcome, architecture, check, contract, convert, design, diff, eval, explain, graph, impact, init,
        next_version, prelaunch, recommend, review, rules, runbook, scan, schema, serve,
    },
};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log(arguments.verbose);
    arguments.color.apply();
    let outcome = match arguments.command {
        Command::Check(it) => check::run(&it),
        Command::Diff(it) => diff::run(&it),
        Command::Review(it) => review::run(&it),
        Command::Impact(it) => impact::run(&it),
        Command::Scan(it) => scan::run(&it),
        Command::Graph(it) => graph::run(&it),
        Command::Recommend(it) => recommend::run(&it),
        Command::Explain(it) => explain::run(&it),
        Command::Rules(it) => rules::run(&it),
        Command::Convert(it) => convert::run(&it),
        Command::Design(it) => design::run(&it),
        Command::Contract(it) => contract::run(&it),
        Command::Architecture(it) => architecture::run(&it),
        Command::Runbook(it) => runbook::run(&it),
        Command::Prelaunch(it) => prelaunch::run(&it),
        Command::NextVersion(it) => next_version::run(&it),
        Command::Eval(it) => eval::run(&it),
        Command::Schema(it) => schema::run(&it),
        Command::Init(it) => init::run(&it),
        Command::Lsp => serve::lsp(),
        Command::Mcp(it) => serve::mcp(&it),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Errors) => ExitCode::from(1),
        Ok(Outcome::Unread) => ExitCode::from(2),
        // Whoever reads the output has seen enough.
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            #[allow(clippy::print_stderr, reason = "the one place that reports a failure")]
            {
                let style = anstyle::AnsiColor::Red.on_default().bold();
                eprintln!("{style}error{style:#}: {error}");
            }
            ExitCode::from(2)
        }
    }
}

/// Sends logs to stderr: what `ARCHWRIGHT_LOG` asks for, else warnings, more with `-v`.
fn log(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("ARCHWRIGHT_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        // They would go where the log cannot go, and end the task that logs: a server outlives who reads its log.
        .log_internal_errors(false)
        .init();
}
