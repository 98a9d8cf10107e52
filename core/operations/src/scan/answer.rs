//! What `scan` answers, as data. Its text is made in `text`, its drawings in `drawing`.

use archwright_scan::{
    Action,
    discover::{Resolution, RiskLevel},
};
use schemars::JsonSchema;
use serde::Serialize;

use archwright_model::RelPath;

use super::provisioned::ScannedDeclaration;

/// The messaging in code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Scanned {
    /// Where services send and receive, in the order of files and lines.
    pub edges: Vec<ScannedEdge>,
    /// Database writes beside sends that are not one transaction with them.
    pub dual_writes: Vec<ScannedWrites>,
    /// Where messages can be lost, come again for ever, or are handled without bounds.
    pub risks: Vec<ScannedRisk>,
    /// Channels that infrastructure declares or uses, in the order of files and lines.
    pub infrastructure: Vec<ScannedDeclaration>,
    /// The kinds of brokers that code, manifests and compose files tell.
    pub brokers: Vec<ScannedBroker>,
    /// Channels of the code that no document of the workspace describes; empty if it describes none at all.
    pub undocumented: Vec<String>,
    /// Channels that contracts describe and no code was seen to touch.
    pub not_seen: Vec<String>,
    /// Where documents say of a channel otherwise than the code.
    pub drift: Vec<ScannedDrift>,
    /// Channels with one end only, to look at; the other end may be in another repository.
    pub dangling: Vec<ScannedDangling>,
    /// What could not be held against documents, or against its other end, and why.
    pub not_compared: Vec<String>,
    /// How many files of code were read.
    pub files: usize,
    /// What was not read, and why.
    pub not_read: Vec<String>,
    /// So many entries of each list are left out of the text, because an answer before this one told them.
    #[serde(skip)]
    pub offset: usize,
    /// Whether only places whose channel has no known name were asked for.
    #[serde(skip)]
    pub is_unresolved: bool,
    /// How many places send or receive, whether they were asked for or not.
    #[serde(skip)]
    pub all: usize,
}

/// Which way messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ScannedWay {
    /// The service sends to the channel.
    Produce,
    /// The service receives from it.
    Consume,
}

impl From<Action> for ScannedWay {
    fn from(it: Action) -> Self {
        match it {
            Action::Send => Self::Produce,
            Action::Receive => Self::Consume,
        }
    }
}

/// A place where a service sends to a channel or receives from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScannedEdge {
    /// Which way messages go.
    pub dir: ScannedWay,
    /// The channel; nothing if its name is not known.
    pub channel: Option<String>,
    /// How its name was found.
    pub resolution: &'static str,
    /// What would have to be known, if its name is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The type of the message, where code tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The service: the project that the file belongs to.
    pub service: String,
    /// The file.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// 1-based line.
    pub line: u32,
    /// The client library.
    pub library: String,
    /// The file that names a broker, where the library is a package of another repository that is told by its name and
    /// its calls alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<String>,
    /// The function of the repository through which the library is called, if it is not called here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// The group of consumers that it receives for, if its name is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether what is sent is committed with the database.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outbox: bool,
}

/// A database write and a send that can part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScannedWrites {
    /// The file.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// The line of the send; counts from 1.
    pub line: u32,
    /// The line of the write.
    pub write_line: u32,
    /// The channel that is sent to, if its name is known.
    pub channel: Option<String>,
}

/// A place where code can lose or repeat messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScannedRisk {
    /// Such as `auto-ack`; a comment `archwright: allow scan/auto-ack -- reason` allows it.
    pub kind: &'static str,
    /// `warning`, `information` or `hint`.
    pub level: &'static str,
    /// The file.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// 1-based line.
    pub line: u32,
    /// Another line of the file that makes it one, such as that of the handler of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because_line: Option<u32>,
    /// What is lost or repeated.
    pub says: String,
    /// The pattern that solves it.
    pub pattern: String,
    /// The client library whose behaviour makes it one.
    pub library: String,
}

/// Where a document says of a channel otherwise than the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScannedDrift {
    /// What is otherwise.
    pub kind: DriftKind,
    /// The channel, as the document names it.
    pub channel: String,
    /// What code or infrastructure does, such as who receives; of what was not seen, who was expected to.
    pub in_code: String,
    /// The file of code or infrastructure. Of what was not seen, one that has something else of its kind.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// 1-based line.
    pub line: u32,
    /// What the document says instead.
    pub in_document: String,
    /// The document.
    #[schemars(with = "String")]
    pub document: RelPath,
    /// The line of the document; counts from 1.
    pub document_line: u32,
}

/// What is otherwise in code than in documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DriftKind {
    /// Code receives, and no document lists its service among the consumers.
    UnlistedConsumer,
    /// Code sends, and no document lists its service among the producers.
    OtherProducer,
    /// The AsyncAPI document of a service has channels of this direction, and not this one.
    MissingInDocument,
    /// A document lists a consumer whose code was read and not seen to receive.
    ConsumerNotSeen,
    /// A document lists a producer whose code was read and not seen to send.
    ProducerNotSeen,
    /// Code or infrastructure puts dead letters into another channel.
    OtherDeadLetters,
    /// Code loses messages that a document promises to deliver.
    BrokenPromise,
    /// Code receives for another group of consumers.
    OtherGroup,
    /// Code sends a type with other fields than the schema of the channel.
    OtherFields,
    /// Infrastructure makes another number of partitions.
    OtherPartitions,
    /// Infrastructure keeps messages for another time.
    OtherRetention,
    /// Infrastructure puts a message aside after another number of attempts.
    OtherAttempts,
    /// Infrastructure hands out in any order what a document orders by a key.
    OtherOrdering,
    /// Infrastructure declares the other channels of its kind, and not this one.
    NotProvisioned,
    /// Infrastructure declares a channel without a contract, and the others have one.
    UnpromisedChannel,
}

impl DriftKind {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnlistedConsumer => "unlisted-consumer",
            Self::OtherProducer => "other-producer",
            Self::MissingInDocument => "missing-in-document",
            Self::ConsumerNotSeen => "consumer-not-seen",
            Self::ProducerNotSeen => "producer-not-seen",
            Self::OtherDeadLetters => "other-dead-letters",
            Self::BrokenPromise => "broken-promise",
            Self::OtherGroup => "other-group",
            Self::OtherFields => "other-fields",
            Self::OtherPartitions => "other-partitions",
            Self::OtherRetention => "other-retention",
            Self::OtherAttempts => "other-attempts",
            Self::OtherOrdering => "other-ordering",
            Self::NotProvisioned => "not-provisioned",
            Self::UnpromisedChannel => "unpromised-channel",
        }
    }
}

/// A channel that has one end in this workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScannedDangling {
    /// The channel.
    pub channel: String,
    /// What is done with it here: sent to, or received from.
    pub dir: ScannedWay,
    /// The first file that does.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// 1-based line.
    pub line: u32,
}

/// A kind of broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScannedBroker {
    /// Such as `kafka` or `rabbitmq`.
    pub kind: String,
    /// The files that tell it.
    pub evidence: Vec<String>,
}

/// In which language a drawing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// Mermaid, as Markdown shows it.
    Mermaid,
    /// The language of Graphviz.
    Dot,
}

/// How sure a risk is, as people read it.
pub(super) fn level(it: RiskLevel) -> &'static str {
    match it {
        RiskLevel::Warning => "warning",
        RiskLevel::Information => "information",
        RiskLevel::Hint => "hint",
    }
}

/// How a name was found, as people read it.
pub(crate) fn resolution(it: Resolution) -> &'static str {
    match it {
        Resolution::Literal => "literal",
        Resolution::Constant => "constant",
        Resolution::TypeName => "type-name",
        Resolution::Configuration => "config-file",
        Resolution::Default => "default",
        Resolution::Environment => "environment",
        Resolution::External => "external",
        Resolution::Template => "template",
        Resolution::Unresolved => "unresolved",
    }
}
