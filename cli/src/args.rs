//! The command line.

mod flow;
mod operations;

use std::{ffi::OsStr, marker::PhantomData, net::SocketAddr, path::PathBuf};

use archwright_analysis::{
    Severity,
    operations::{AskedTopic, Category, Choice, Format, Mode, Profile, StatedSignal, Target, Told, choice::Closed},
};
use clap::{
    Arg, Args, Command as Clap, Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

pub use flow::{GraphArguments, GraphFormat, ImpactArguments, ScanArguments, ScanFormat};
pub use operations::{
    ArchitectureArguments, ContractArguments, DesignArguments, NextVersionArguments, PlanArguments, PrelaunchArguments,
    RunbookArguments,
};

const EXIT_CODES: &str = "Exit codes:
  0  no errors were found (warnings and remarks do not count)
  1  errors were found
  2  the command could not run: wrong usage, an unreadable folder, an unreadable configuration file, a file that was
     named and cannot be checked, a revision that names no commit";

/// A type checker for distributed-system designs.
#[derive(Debug, Parser)]
#[command(name = "archwright", version, about, propagate_version = true, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Log to stderr; twice or thrice for more. `ARCHWRIGHT_LOG` sets a finer filter.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// When to color the output.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check documents, contracts, schemas and code, and report what does not hold.
    Check(CheckArguments),
    /// Compare schemas and AsyncAPI documents with what they were, and say whom each change breaks.
    Diff(DiffArguments),
    /// Review the changes since the work left the default branch: what they break, lose and claim.
    Review(ReviewArguments),
    /// Say what depends on a channel, field, service, team, pattern or file, and what leads from one to another.
    Impact(ImpactArguments),
    /// Find where code sends and receives messages, in ten languages, and where a database write can be lost.
    Scan(ScanArguments),
    /// Show the flow of messages between services, as documents declare it and as code has it; draw it, or list it.
    Graph(GraphArguments),
    /// Recommend a kind of message, a style, patterns, a level, tests or a document, by what is stated.
    Recommend(RecommendArguments),
    /// Convert an AsyncAPI 2.x document to 3.0, keeping its notation and its comments.
    Convert(ConvertArguments),
    /// Explain rules, patterns and other cards.
    Explain(ExplainArguments),
    /// List all rules.
    Rules(RulesArguments),
    /// Write the design document of a feature and everything that belongs to it.
    Design(DesignArguments),
    /// Write the contract, the schema and the AsyncAPI document of a channel.
    Contract(ContractArguments),
    /// Record a decision in the form of the records that are there, or write an RFC, an overview, a plan or a review.
    Architecture(ArchitectureArguments),
    /// Write the runbook of an incident, filled from contracts and designs.
    Runbook(RunbookArguments),
    /// Decide whether a feature goes live, by what its files show, and write the launch decision.
    Prelaunch(PrelaunchArguments),
    /// Write the files of a channel's next version, for a change that breaks its readers.
    NextVersion(NextVersionArguments),
    /// Count how much of what is known of documents is found, and how much of what is found is right.
    Eval(EvalArguments),
    /// Print a JSON Schema.
    Schema(SchemaArguments),
    /// Make the documents of a repository known, or print what makes a coding agent start the MCP server.
    Init(InitArguments),
    /// Serve editors over stdin and stdout (Language Server Protocol).
    Lsp,
    /// Serve coding agents over stdin and stdout, or a team over HTTP (Model Context Protocol).
    Mcp(McpArguments),
}

/// When to color.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Makes the choice hold for everything that is printed.
    pub fn apply(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// `archwright check`
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct CheckArguments {
    /// Files or folders to report on; each belongs to the workspace around it. Default: the current folder, or all of
    /// `--root`.
    pub paths: Vec<PathBuf>,
    /// How to print the findings.
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
    /// Apply the fixes that need no thought, then report what remains.
    #[arg(long)]
    pub fix: bool,
    /// With `--fix`: print the changes as a diff and write nothing.
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// Take this configuration instead of the `archwright.toml` of the workspace.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Take this folder as the workspace instead of looking for one around each path.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Compare schemas and AsyncAPI documents with where the work left this git revision. Default: the target of the
    /// pull request in a pipeline, else the default branch.
    #[arg(long, value_name = "REV", conflicts_with = "no_base")]
    pub base: Option<String>,
    /// Compare with nothing.
    #[arg(long)]
    pub no_base: bool,
    /// Read all code in ten languages too, hold it against the documents, and tell where it surely loses messages.
    /// `check = true` under `[scan]` in archwright.toml does the same.
    #[arg(long)]
    pub code: bool,
    /// The least severity to report.
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub severity: Level,
    /// Print findings only: no summary, no progress, and on stderr only why the check could not run.
    #[arg(short, long)]
    pub quiet: bool,
}

/// The formats of `archwright check`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Source excerpts, for people.
    #[default]
    Text,
    /// One JSON document; `archwright schema report` describes it.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, which GitHub shows as annotations.
    Github,
}

/// A severity on the command line.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Level {
    /// Errors only.
    Error,
    /// Errors and warnings.
    Warning,
    /// Errors, warnings and remarks.
    #[default]
    Info,
    /// Everything.
    Hint,
}

impl Level {
    /// The severity it stands for.
    pub fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Info => Severity::Info,
            Self::Hint => Severity::Hint,
        }
    }
}

const DIFF_EXIT_CODES: &str = "Exit codes:
  0  every reader that the mode protects is served
  1  a change breaks one of them
  2  the comparison could not be made: wrong usage, an unreadable file, a text that is no schema, no such revision";

/// `archwright diff`
#[derive(Debug, Args)]
#[command(after_help = DIFF_EXIT_CODES)]
pub struct DiffArguments {
    /// The old files, oldest first, and the new one. With `--base`, and with fewer than two: the files or folders to
    /// compare with git.
    pub paths: Vec<PathBuf>,
    /// Compare with where the work left this git revision. Default: the target of the pull request in a pipeline, else
    /// the default branch.
    #[arg(long, value_name = "REV", num_args = 0..=1, default_missing_value = "")]
    pub base: Option<String>,
    /// Which readers must be served. Default: with git, what the contract of each channel promises; else `backward` for
    /// schemas and those on the other side of each operation for AsyncAPI documents.
    #[arg(long, value_parser = choice::<Mode>(), value_name = "MODE")]
    pub mode: Option<Mode>,
    /// Whose definition of compatibility holds. Default: what the configuration says, else `confluent`.
    #[arg(long, value_parser = choice::<Profile>(), value_name = "REGISTRY")]
    pub profile: Option<Profile>,
    /// With git, the level of buf by which Protobuf files are compared. Default: what `buf.yaml` or the configuration
    /// says, else the definition of the registry.
    #[arg(long, value_parser = choice::<Category>(), ignore_case = true, value_name = "LEVEL")]
    pub level: Option<Category>,
    /// What the files are written in. Default: what their names and contents tell.
    #[arg(long, value_parser = choice::<Format>(), value_name = "LANGUAGE")]
    pub format_of: Option<Format>,
    /// How to print the changes.
    #[arg(long, value_enum, default_value_t)]
    pub format: DiffFormat,
    /// Print changes only: no summary.
    #[arg(short, long)]
    pub quiet: bool,
}

/// The formats of `archwright diff`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// Excerpts of both versions, for people.
    #[default]
    Text,
    /// A table, for reviews.
    Markdown,
    /// One JSON document; `archwright schema diff` describes it.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

const REVIEW_EXIT_CODES: &str = "Exit codes:
  0  nothing in the change has to be mended
  1  the change has errors, or its author says what is not so
  2  the review could not be made: wrong usage, no repository, no such revision";

/// `archwright review`
#[derive(Debug, Args)]
#[command(after_help = REVIEW_EXIT_CODES)]
pub struct ReviewArguments {
    /// Files or folders whose findings are told. Default: all of the workspace. Everything is read in any case.
    pub paths: Vec<PathBuf>,
    /// Compare with where the work left this git revision. Default: the target of the pull request in a pipeline, else
    /// the default branch.
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Review this git revision instead of the working tree. Nothing is checked out.
    #[arg(long, value_name = "REV")]
    pub head: Option<String>,
    /// Tell the findings that the change brings, or all where it touches.
    #[arg(long, value_parser = choice::<Told>(), value_name = "WHICH", default_value = "new")]
    pub only: Told,
    /// What the author says of the change, to be held against it: a file, or `-` for stdin. Default: the messages of
    /// the commits.
    #[arg(long, value_name = "FILE")]
    pub text: Option<PathBuf>,
    /// How to print the review.
    #[arg(long, value_enum, default_value_t)]
    pub format: DiffFormat,
}

/// One of the values of a closed type, by its name.
fn choice<T: Closed + Send + Sync>() -> impl TypedValueParser<Value = T> {
    ChoiceParser(PhantomData)
}

/// Looks the values up when one is given: some are read from the knowledge base, which most commands do not need.
struct ChoiceParser<T>(PhantomData<fn() -> T>);

// Derived, it would ask the same of `T`.
impl<T> Clone for ChoiceParser<T> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<T: Closed + Send + Sync> ChoiceParser<T> {
    fn names() -> PossibleValuesParser {
        PossibleValuesParser::new(T::all().iter().map(|it| it.name()))
    }
}

impl<T: Closed + Send + Sync> TypedValueParser for ChoiceParser<T> {
    type Value = T;

    fn parse_ref(&self, command: &Clap, arg: Option<&Arg>, given: &OsStr) -> Result<T, clap::Error> {
        let parser = Self::names().try_map(|given| given.parse::<Choice<T>>().map(|it| it.0));
        parser.parse_ref(command, arg, given)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names: Vec<PossibleValue> = T::all().iter().map(|it| PossibleValue::new(it.name())).collect();
        Some(Box::new(names.into_iter()))
    }
}

/// `archwright convert`
#[derive(Debug, Args)]
pub struct ConvertArguments {
    /// The document, or `-` for stdin.
    pub file: PathBuf,
    /// The version to convert to.
    #[arg(long, value_parser = choice::<Target>(), value_name = "VERSION", default_value = "3.0.0")]
    pub to: Target,
    /// Write to this file instead of stdout. It must not exist.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// With `--output`: overwrite the file if it exists.
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Do not tell on stderr what the new version cannot say.
    #[arg(short, long)]
    pub quiet: bool,
}

/// `archwright recommend`
#[derive(Debug, Args)]
pub struct RecommendArguments {
    /// What is known of it. What is not stated is not assumed.
    #[arg(required = true, value_parser = choice::<StatedSignal>(), value_name = "SIGNAL")]
    pub signals: Vec<StatedSignal>,
    /// What to choose. Default: all that the signals bear on.
    #[arg(long, value_parser = choice::<AskedTopic>(), value_name = "TOPIC")]
    pub topic: Vec<AskedTopic>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// `archwright init`
#[derive(Debug, Args)]
pub struct InitArguments {
    /// The repository whose documents are looked at. Default: the one around the current folder.
    pub path: Option<PathBuf>,
    /// Write the archwright.toml that is shown. One that is there already stays as it is.
    #[arg(long)]
    pub write: bool,
    /// Draft contracts, AsyncAPI documents and READMEs too, for the channels that code sends to.
    #[arg(long, conflicts_with = "client")]
    pub contracts: bool,
    /// Print the configuration of this client of the MCP server instead.
    #[arg(long, value_enum, conflicts_with_all = ["path", "write"])]
    pub client: Option<AgentClient>,
}

/// Clients of the MCP server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AgentClient {
    /// Cursor.
    Cursor,
    /// Visual Studio Code.
    Vscode,
    /// Codex.
    Codex,
    /// Gemini CLI.
    Gemini,
    /// Claude Code.
    Claude,
}

/// `archwright explain`
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// Rule codes (`link/dead-target`), names of cards (`transactional outbox`, `sqs`), or of lists (`cards`).
    #[arg(required = true, value_name = "NAME")]
    pub names: Vec<String>,
}

/// `archwright rules`
#[derive(Debug, Args)]
pub struct RulesArguments {
    /// How to print the list.
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// The formats of lists and plans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

const EVAL_EXIT_CODES: &str = "Exit codes:
  0  the labels were counted, and no share is below what was asked for
  1  a share is below what `--min-precision` or `--min-recall` ask for
  2  they could not be counted: wrong usage, a manifest that cannot be read or says what cannot be";

/// `archwright eval`
#[derive(Debug, Args)]
#[command(after_help = EVAL_EXIT_CODES)]
pub struct EvalArguments {
    /// The manifest, a .toml or .json file; `archwright schema eval-manifest` describes it.
    pub manifest: PathBuf,
    /// How to print the figures.
    #[arg(long, value_enum, default_value_t)]
    pub format: EvalFormat,
    /// End with exit code 1 if less than this share of the judged findings is right, in per cent.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub min_precision: Option<u8>,
    /// End with exit code 1 if less than this share of the labelled faults is found, in per cent.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub min_recall: Option<u8>,
}

/// The formats of `archwright eval`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EvalFormat {
    /// For people.
    #[default]
    Text,
    /// Tables, for reviews and pages.
    Markdown,
    /// One JSON document; `archwright schema eval` describes it.
    Json,
}

/// `archwright schema`
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// Which schema.
    pub of: SchemaOf,
}

/// The schemas that can be printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SchemaOf {
    /// Of `archwright.toml`.
    Config,
    /// Of the report of `archwright check --format json`.
    Report,
    /// Of the answer of `archwright diff --format json`.
    Diff,
    /// Of the manifest that `archwright eval` reads.
    EvalManifest,
    /// Of the answer of `archwright eval --format json`.
    Eval,
}

/// `archwright mcp`
#[derive(Debug, Args)]
pub struct McpArguments {
    /// The workspace. Default: the one around the current folder.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Serve any number of clients over HTTP, at `http://ADDRESS/mcp`, until the process is ended. Nobody is asked who
    /// they are.
    #[arg(long, value_name = "ADDRESS")]
    pub http: Option<SocketAddr>,
    /// With `--http`: take an address that other machines can reach. Put a proxy in front that asks who they are.
    #[arg(long, requires = "http")]
    pub allow_remote: bool,
    /// With `--http`: a name by which clients call the server, beside `localhost`. Can be given several times.
    #[arg(long, requires = "http", value_name = "HOST")]
    pub allow_host: Vec<String>,
    /// With `--http`: an origin whose pages may call the server, beside those of this machine. Can be given several
    /// times.
    #[arg(long, requires = "http", value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,
}
