//! Arguments of the commands that say what leads from one to another: `impact`, `scan` and `graph`.

use std::path::PathBuf;

use archwright_analysis::operations::{FlowKind, NodeKind};
use clap::{Args, ValueEnum};

use super::{ListFormat, choice};

/// `archwright impact`
#[derive(Debug, Args)]
pub struct ImpactArguments {
    /// A channel, message, field (`orders.placed.v1#total`), service, team, pattern, folder of code, or file.
    pub name: String,
    /// Print the shortest ways to this one instead.
    #[arg(long, value_name = "NAME")]
    pub to: Option<String>,
    /// What it is, if several things have the name.
    #[arg(long, value_parser = choice::<NodeKind>(), value_name = "KIND")]
    pub kind: Option<NodeKind>,
    /// Most entries of each list. Default: 12.
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<usize>,
    /// Take this folder as the workspace instead of the one around the current folder.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// `archwright scan`
#[derive(Debug, Args)]
pub struct ScanArguments {
    /// Tell only what stands in this folder or file, relative to the workspace. All code is read in any case.
    pub path: Option<String>,
    /// Tell only where the name of a channel is not known.
    #[arg(long)]
    pub unresolved: bool,
    /// Take this folder as the workspace instead of the one around the current folder.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: ScanFormat,
}

/// The formats of `archwright scan`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ScanFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// The flow of messages as a drawing that Markdown shows.
    Mermaid,
    /// The flow of messages as a drawing for Graphviz.
    Dot,
}

/// `archwright graph`
#[derive(Debug, Args)]
pub struct GraphArguments {
    /// Only what leads to this service, channel or message, and what it leads to; or only this saga.
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
    /// What it is, if a service and a channel have the name.
    #[arg(long, value_parser = choice::<FlowKind>(), value_name = "KIND", requires = "of")]
    pub kind: Option<FlowKind>,
    /// At most so many arrows away from it.
    #[arg(long, value_name = "NUMBER", requires = "of")]
    pub depth: Option<usize>,
    /// Take this folder as the workspace instead of the one around the current folder.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: GraphFormat,
}

/// The formats of `archwright graph`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// A drawing that Markdown shows.
    Mermaid,
    /// A drawing for Graphviz.
    Dot,
    /// A drawing that browsers show.
    Svg,
    /// Who sends and receives one after the other, with retries, dead letters and compensations, in Mermaid.
    Sequence,
    /// The states of sagas and other state machines, in Mermaid.
    States,
    /// All events as a table in Markdown.
    Catalog,
}
