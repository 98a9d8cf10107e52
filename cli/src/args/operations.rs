//! The arguments of the operations that write artifacts.

use std::path::PathBuf;

use archwright_analysis::operations::{DocumentKind, IncidentKind, LaunchVerdict, RecordForm, RecordStatus};
use clap::Args;

use super::{ListFormat, choice};

/// `archwright design`
#[derive(Debug, Args)]
pub struct DesignArguments {
    /// The feature, as its folder is called: `order-checkout`. Needed unless the facts say it.
    #[arg(required_unless_present = "facts")]
    pub feature: Option<String>,
    /// What is to be built and why, in one or two sentences. Needed for a new design unless the facts say it.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Title of the document. Default: the feature.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// The team that answers for the feature.
    #[arg(long, value_name = "TEAM")]
    pub owner_team: Option<String>,
    /// The day on which its owners last reviewed it, YYYY-MM-DD. Default: none, which the README asks for.
    #[arg(long, value_name = "DATE")]
    pub last_reviewed: Option<String>,
    /// More facts, as the `design` tool of the MCP server takes them, in a JSON or YAML file or, with `-`, on stdin.
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
    /// Write the design although the threshold for one is not met.
    #[arg(long)]
    pub force: bool,
    /// Let the given facts take the place of what the files say otherwise.
    #[arg(long)]
    pub update: bool,
    #[command(flatten)]
    pub plan: PlanArguments,
}

/// How a plan is carried out; the same for every operation that writes.
#[derive(Debug, Args)]
pub struct PlanArguments {
    /// Take this folder as the workspace instead of the one around the current folder.
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Print the changes as a diff and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// How to print what was done.
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// `archwright contract`
#[derive(Debug, Args)]
pub struct ContractArguments {
    /// The channel, by its address or by its key in the AsyncAPI document: `orders.placed.v1`. Needed unless the facts
    /// say it.
    #[arg(required_unless_present = "facts")]
    pub channel: Option<String>,
    /// The AsyncAPI document that describes it, from the root of the workspace. Needed only if several do.
    #[arg(long, value_name = "FILE")]
    pub document: Option<String>,
    /// The feature that sends on it. Needed only if neither a design nor an AsyncAPI document tells.
    #[arg(long, value_name = "FEATURE")]
    pub feature: Option<String>,
    /// A field of the payload: name, type, and `?` behind the type if it may be missing. May be given several times.
    #[arg(long = "field", value_name = "NAME:TYPE")]
    pub fields: Vec<String>,
    /// More facts, as the `contract` tool of the MCP server takes them, in a JSON or YAML file or, with `-`, on stdin.
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
    /// Let the given facts take the place of what the contract says otherwise.
    #[arg(long)]
    pub update: bool,
    #[command(flatten)]
    pub plan: PlanArguments,
}

/// `archwright architecture`
#[derive(Debug, Args)]
pub struct ArchitectureArguments {
    /// The decision or subject as a title, without a number: `Relay the outbox with a polling publisher`. Needed unless
    /// the facts say it.
    #[arg(required_unless_present = "facts")]
    pub title: Option<String>,
    /// What is written. Default: adr, the record of one decision.
    #[arg(long, value_parser = choice::<DocumentKind>(), value_name = "KIND")]
    pub kind: Option<DocumentKind>,
    /// What is decided or recommended. A decision record needs it, here or among the facts.
    #[arg(long, value_name = "TEXT")]
    pub decision: Option<String>,
    /// What forces it.
    #[arg(long, value_name = "TEXT")]
    pub context: Option<String>,
    /// The name of the option that is taken.
    #[arg(long, value_name = "NAME")]
    pub chosen: Option<String>,
    /// A rejected option and, behind `=`, why it was rejected. Can be given several times.
    #[arg(long, value_name = "NAME=WHY")]
    pub alternative: Vec<String>,
    /// What gets better. Can be given several times.
    #[arg(long, value_name = "TEXT")]
    pub positive: Vec<String>,
    /// What gets worse. Can be given several times.
    #[arg(long, value_name = "TEXT")]
    pub negative: Vec<String>,
    /// What shows that it works.
    #[arg(long, value_name = "TEXT")]
    pub verification: Option<String>,
    /// How far it has come. Default: proposed for a record, draft for other documents.
    #[arg(long, value_parser = choice::<RecordStatus>(), value_name = "STATUS")]
    pub status: Option<RecordStatus>,
    /// What a deferred decision waits for, or what is open.
    #[arg(long, value_name = "TEXT")]
    pub question: Option<String>,
    /// By when that is answered, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub due: Option<String>,
    /// A record or document that it replaces, by number, name or path. Can be given several times.
    #[arg(long, value_name = "RECORD")]
    pub supersedes: Vec<String>,
    /// The feature it belongs to. Default: none, it is the platform's.
    #[arg(long, value_name = "FEATURE")]
    pub feature: Option<String>,
    /// Its folder, from the root of the workspace. Needed only if there are several.
    #[arg(long, value_name = "DIR")]
    pub folder: Option<String>,
    /// The form of a record. Default: that of the records there, else `canonical`.
    #[arg(long, value_parser = choice::<RecordForm>(), value_name = "FORM")]
    pub dialect: Option<RecordForm>,
    /// More facts, as the `architecture` tool of the MCP server takes them, in a JSON or YAML file or, with `-`, on
    /// stdin.
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
    #[command(flatten)]
    pub plan: PlanArguments,
}

/// `archwright runbook`
#[derive(Debug, Args)]
pub struct RunbookArguments {
    /// The kind of incident. Needed unless the facts say it.
    #[arg(value_parser = choice::<IncidentKind>(), value_name = "INCIDENT", required_unless_present = "facts")]
    pub incident: Option<IncidentKind>,
    /// The channel concerned.
    #[arg(long, value_name = "CHANNEL")]
    pub channel: Option<String>,
    /// The feature whose runbook it is. Default: that of the channel's contract, else none, the platform's.
    #[arg(long, value_name = "FEATURE")]
    pub feature: Option<String>,
    /// The team that answers. Default: the owner of the feature or of the contract.
    #[arg(long, value_name = "TEAM")]
    pub owner: Option<String>,
    /// Whom to call next, and after how long.
    #[arg(long, value_name = "TEXT")]
    pub escalation: Option<String>,
    /// Who gives leave for a redrive, a replay or a failover.
    #[arg(long, value_name = "TEXT")]
    pub approver: Option<String>,
    /// How fast messages are sent again. Default: what the contract says.
    #[arg(long, value_name = "TEXT")]
    pub rate: Option<String>,
    /// A known cause and, behind `=`, what mends it. Can be given several times.
    #[arg(long, value_name = "CAUSE=FIX")]
    pub cause: Vec<String>,
    /// A dashboard, by name or link. Can be given several times.
    #[arg(long, value_name = "TEXT")]
    pub dashboard: Vec<String>,
    /// When to stop, with a number. Can be given several times.
    #[arg(long, value_name = "TEXT")]
    pub threshold: Vec<String>,
    /// What must never be done. Can be given several times.
    #[arg(long, value_name = "TEXT")]
    pub never: Vec<String>,
    /// More facts, as the `runbook` tool of the MCP server takes them, in a JSON or YAML file or, with `-`, on stdin.
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
    #[command(flatten)]
    pub plan: PlanArguments,
}

/// `archwright prelaunch`
#[derive(Debug, Args)]
pub struct PrelaunchArguments {
    /// The feature that is to go live. Needed unless the facts say it.
    #[arg(required_unless_present = "facts")]
    pub feature: Option<String>,
    /// The readiness tier that it must reach. Default: that of its README.
    #[arg(long, value_name = "TIER")]
    pub tier: Option<String>,
    /// What people have decided. It overrules no blocker.
    #[arg(long, value_parser = choice::<LaunchVerdict>(), value_name = "DECISION")]
    pub decision: Option<LaunchVerdict>,
    /// The day of the decision, YYYY-MM-DD. Default: today.
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// What leads to a rollback, with a number.
    #[arg(long, value_name = "TEXT")]
    pub trigger: Option<String>,
    /// A step of the rollback. Can be given several times.
    #[arg(long, value_name = "TEXT")]
    pub step: Vec<String>,
    /// How long the rollback takes.
    #[arg(long, value_name = "TIME")]
    pub rto: Option<String>,
    /// The steps of a gradual rollout, with the number that aborts it.
    #[arg(long, value_name = "TEXT")]
    pub rollout: Option<String>,
    /// Who approved. Can be given several times.
    #[arg(long, value_name = "NAME")]
    pub approver: Vec<String>,
    /// More facts (risks, evidence), as the `prelaunch` tool of the MCP server takes them, in a JSON or YAML file
    /// or, with `-`, on stdin.
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
    #[command(flatten)]
    pub plan: PlanArguments,
}

/// `archwright next-version`
#[derive(Debug, Args)]
pub struct NextVersionArguments {
    /// The channel that is replaced, with its version: `orders.placed.v1`.
    pub channel: String,
    #[command(flatten)]
    pub plan: PlanArguments,
}
