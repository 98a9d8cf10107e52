//! Channels that infrastructure declares: Terraform, Kubernetes, `CloudFormation` and SAM, the Serverless Framework,
//! compose files, Kafka Connect, and definitions of RabbitMQ.
//!
//! What a file holds is read from its text alone; `join` resolves what refers to something else of the same module
//! and tells the channels. Which kinds of resources declare what is data, one file for each tool under
//! `infrastructure/`. A name that is not written out is told as the expression it is, and never guessed.

mod data;
mod document;
mod join;
mod shape;
mod terraform;

use archwright_syntax::data::{Node, Tree};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use data::Data;
pub(crate) use data::Lines;

pub(crate) use join::{Module, join};

/// What stands under a name for others to refer to.
const VALUE: &str = "value";
/// A variable of the environment of a program.
const VARIABLE: &str = "variable";

/// Something that a file of infrastructure holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Item {
    /// The tool, and what the tool calls it: `terraform/aws_sqs_queue`.
    kind: SmolStr,
    /// By what others refer to it.
    label: SmolStr,
    /// Counts from 1.
    line: u32,
    body: Data,
}

impl Item {
    fn new(kind: String, label: String, line: u32, body: Data) -> Self {
        Self { kind: kind.into(), label: label.into(), line, body }
    }

    /// Whether anybody asks for it.
    fn counts(&self) -> bool {
        matches!(self.kind.as_str(), VALUE | VARIABLE) || shape::of(&self.kind).is_some()
    }
}

/// Whether a file is one of Terraform or `OpenTofu`. The path is in lower case.
pub(crate) fn is_terraform(path: &str) -> bool {
    matches!(path.rsplit('.').next(), Some("tf" | "tofu"))
}

/// Longer files are generated, and not read. In bytes.
pub(crate) const MAX_LEN: usize = 512 * 1024;

/// Words of which files of tools have one that somebody would miss if they were too long to be read.
const SIGNS: [&str; 7] = [
    "AWS::SQS::",
    "AWS::SNS::",
    "AWS::Kinesis::",
    "kafka.strimzi.io/",
    "rabbitmq.com/",
    "rabbit_version",
    "connector.class",
];

/// Whether a document of YAML or JSON seems to declare channels, before it is read.
pub(crate) fn seems_to_declare(text: &str) -> bool {
    SIGNS.iter().any(|it| text.contains(it))
}

/// What a file of Terraform holds; `None` if it cannot be read.
pub(crate) fn of_terraform(text: &str) -> Option<Vec<Item>> {
    let mut items = terraform::items(text)?;
    items.retain(Item::counts);
    Some(items)
}

/// Whether a value of YAML is what a function of `CloudFormation` makes of it.
pub(crate) fn is_function(node: Node<'_>) -> bool {
    data::tag(node).is_some_and(|it| it.starts_with(char::is_uppercase))
}

/// What a document of YAML or JSON holds.
pub(crate) fn of_document(text: &str, tree: &Tree) -> Vec<Item> {
    let mut items = document::items(text, tree);
    items.retain(Item::counts);
    // Values are there to be referred to, and variables to refer.
    if items.iter().all(|it| it.kind == VALUE) {
        items.clear();
    }
    items
}

/// What is said of a channel.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trait {
    /// The number of partitions or shards.
    Partitions,
    /// How long messages are kept.
    Retention,
    /// What becomes of old messages: `delete`, `compact`.
    Cleanup,
    /// Where dead letters go.
    DeadLetters,
    /// How often a message is handed out before it is a dead letter.
    Attempts,
    /// Whether messages are handed out in order.
    Ordered,
    /// A channel that its messages are put into.
    DeliversTo,
}

impl Trait {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Partitions => "partitions",
            Self::Retention => "retention",
            Self::Cleanup => "cleanup",
            Self::DeadLetters => "dead letters",
            Self::Attempts => "attempts",
            Self::Ordered => "ordered",
            Self::DeliversTo => "delivers to",
        }
    }
}

/// Something that infrastructure says of a channel, and where.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stated {
    /// What it is about.
    pub what: Trait,
    /// The value, or the expression for it. A duration has its unit: `345600 s`.
    pub value: SmolStr,
    /// Whether the value is written out.
    pub is_known: bool,
    /// Counts from 1.
    pub line: u32,
}

/// What infrastructure does with a channel.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Deed {
    /// It makes the channel.
    Declares,
    /// It puts messages into it, as connectors do.
    Sends,
    /// It takes messages out of it, as triggers of functions do.
    Receives,
    /// It only says something of it.
    Extends,
}

/// A channel that infrastructure declares or uses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Declared {
    /// Its name, or the expression for it.
    pub channel: SmolStr,
    /// Whether the name is written out.
    pub is_known: bool,
    /// What it is: `topic`, `queue`, `exchange`, `stream`, `subscription`.
    pub kind: SmolStr,
    /// The kind of broker.
    pub broker: SmolStr,
    /// The tool: `Terraform`.
    pub tool: SmolStr,
    /// What declares or uses it, as the tool calls it: `aws_sqs_queue.orders`.
    pub by: SmolStr,
    /// What is done with it.
    pub deed: Deed,
    /// Whether it is what runs for everybody, and not what somebody has at home.
    pub is_real: bool,
    /// The file, relative to the root.
    pub path: SmolStr,
    /// Counts from 1.
    pub line: u32,
    /// What is said of it.
    pub stated: Vec<Stated>,
}

impl Declared {
    /// The only value that is written out.
    pub fn value(&self, what: Trait) -> Option<&Stated> {
        let mut all = self.stated.iter().filter(|it| it.what == what);
        all.next().filter(|it| it.is_known && all.next().is_none())
    }
}

/// Whether a path is that of what runs for everybody, and not of a sample or of one's own computer.
pub fn is_real(path: &str) -> bool {
    const OTHERS: [&str; 15] = [
        "dev",
        "development",
        "local",
        "localhost",
        "example",
        "examples",
        "sample",
        "samples",
        "sandbox",
        "demo",
        "staging",
        "stage",
        "playground",
        "quickstart",
        "minikube",
    ];
    let lower = path.to_ascii_lowercase();
    !lower.split(['/', '.', '-', '_']).any(|it| OTHERS.contains(&it))
}

#[cfg(test)]
mod tests;
