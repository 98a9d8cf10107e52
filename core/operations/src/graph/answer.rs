//! What `graph` answers, as data. Its text is made in `text`, its drawings in `drawing`, `svg`, `sequence` and
//! `states`, its table in `catalog`.

use archwright_model::RelPath;
use archwright_scan::Action;
use schemars::JsonSchema;
use serde::Serialize;

use super::saga::FlowSaga;
use crate::choice::Closed;

/// Who sends to and receives from which channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventFlow {
    /// What it is about, if it is not all of the workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The services, in the order of their names.
    pub services: Vec<FlowService>,
    /// The channels, in the order of their names.
    pub channels: Vec<FlowChannel>,
    /// Who sends and receives, in the order of the channels.
    pub arrows: Vec<FlowArrow>,
    /// Sends and receives whose channel has no name that others may know it by.
    pub unnamed: Vec<FlowUnnamed>,
    /// Sends and receives without such a name in services that are not shown; each may belong here.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_unnamed: usize,
    /// Services of documents that may be some of the code, and are kept apart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<FlowApart>,
    /// Services that send to each other in a circle.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cycles: Vec<FlowCycle>,
    /// Channels that send several receivers to one database.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub herds: Vec<FlowHerd>,
    /// Sagas and other state machines, in the order of their places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sagas: Vec<FlowSaga>,
    /// Which of them are not read, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sagas_left_out: Vec<String>,
    /// What there is to know besides, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// How many services and channels are reached only beyond the depth.
    #[serde(skip_serializing_if = "is_zero")]
    pub beyond: usize,
    /// How many files of code were read.
    pub files: usize,
    /// What was not read, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_read: Vec<String>,
    /// How it is shown.
    #[serde(skip)]
    pub view: FlowView,
}

impl EventFlow {
    /// Who sends to a channel or receives from it. The arrows are in the order of channels and ways.
    pub(super) fn arrows_of(&self, channel: &str, relation: FlowRelation) -> &[FlowArrow] {
        let key = |it: &FlowArrow| (it.channel.as_str(), it.relation).cmp(&(channel, relation));
        let start = self.arrows.partition_point(|it| key(it).is_lt());
        let rest = self.arrows.get(start..).unwrap_or_default();
        let end = rest.partition_point(|it| key(it).is_eq());
        rest.get(..end).unwrap_or_default()
    }
}

/// A service: a feature or a party of documents, or a project of code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowService {
    /// Its name: that of documents, if they have one.
    pub name: String,
    /// The folder of its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub folder: Option<RelPath>,
    /// Who owns it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<FlowFact>,
    /// How it tries again what failed, as its design says it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retries: Vec<FlowFact>,
}

/// A channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowChannel {
    /// Its name.
    pub name: String,
    /// The number at the end of its name, where names of channels have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The kinds of brokers that the client libraries speak to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brokers: Vec<String>,
    /// The messages on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<FlowFact>,
    /// Who owns it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<FlowFact>,
    /// The delivery guarantee.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guarantees: Vec<FlowFact>,
    /// The channels that its dead letters go to, as documents and infrastructure say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dead_letters: Vec<FlowFact>,
    /// After how many attempts a message is put aside, as documents and infrastructure say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<FlowFact>,
    /// The channels that its messages are put into, as infrastructure binds them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delivers_to: Vec<FlowFact>,
    /// The resources of infrastructure that make it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provisioned: Vec<FlowFact>,
    /// The contract, AsyncAPI documents and schemas that define it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub defined: Vec<FlowPlace>,
    /// Whether it is for dead letters, by its name or because dead letters go there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_dead_letters: bool,
}

/// That a service sends to a channel or receives from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowArrow {
    /// The channel.
    pub channel: String,
    /// Which way.
    pub relation: FlowRelation,
    /// The service.
    pub service: String,
    /// Whether documents declare it, or it was found in code.
    pub source: FlowSource,
    /// Where, the best places first.
    pub at: Vec<FlowPlace>,
}

/// Which way messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FlowRelation {
    /// The service sends to the channel.
    Sends,
    /// The service receives from it.
    Receives,
}

impl FlowRelation {
    /// The other way.
    #[must_use]
    pub(super) fn other(self) -> Self {
        match self {
            Self::Sends => Self::Receives,
            Self::Receives => Self::Sends,
        }
    }
}

impl From<Action> for FlowRelation {
    fn from(it: Action) -> Self {
        match it {
            Action::Send => Self::Sends,
            Action::Receive => Self::Receives,
        }
    }
}

/// What says that an arrow is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FlowSource {
    /// Documents or infrastructure.
    Declared,
    /// Code.
    Found,
    /// Both these and code.
    Both,
}

impl FlowSource {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Found => "found",
            Self::Both => "both",
        }
    }

    /// What says something at these places.
    pub(super) fn of(at: &[FlowPlace]) -> Self {
        let is_code = |it: &FlowPlace| it.what == "code";
        match (at.iter().any(is_code), at.iter().all(is_code)) {
            (false, _) => Self::Declared,
            (true, false) => Self::Both,
            (true, true) => Self::Found,
        }
    }
}

/// Something that is said of a service or channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowFact {
    /// What.
    pub value: String,
    /// Where.
    pub at: FlowPlace,
}

/// A place that says something.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct FlowPlace {
    /// What it is: `contract`, `asyncapi`, `schema`, `document`, `infrastructure`, `settings`, `workflow` or `code`.
    pub what: &'static str,
    /// The file.
    #[schemars(with = "String")]
    pub file: RelPath,
    /// 1-based line.
    pub line: u32,
}

/// A send or receive whose channel has no name that others may know it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowUnnamed {
    /// The service.
    pub service: String,
    /// Which way messages go.
    pub relation: FlowRelation,
    /// How far its name was found: `unresolved`, `environment`, `external` or `template`.
    pub resolution: &'static str,
    /// What would have to be known: an expression, a variable, a name with holes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// Where.
    pub at: FlowPlace,
}

/// A service of documents that may be some of the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowApart {
    /// As documents name it.
    pub declared: String,
    /// The services of code that it may be.
    pub found: Vec<String>,
}

/// Services that send to each other in a circle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowCycle {
    /// Services and channels in turn; the last is the first again.
    pub path: Vec<String>,
    /// How many services reach each other in all.
    pub services: usize,
}

/// A channel of which several receivers have one database in their settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlowHerd {
    /// The channel.
    pub channel: String,
    /// The database and its host.
    pub store: String,
    /// The receivers, each with the place of its settings.
    pub services: Vec<FlowFact>,
}

/// How a flow is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowView {
    /// Lines for people.
    #[default]
    Text,
    /// A drawing that Markdown shows.
    Mermaid,
    /// A drawing for Graphviz.
    Dot,
    /// A drawing that browsers show.
    Svg,
    /// Who sends and receives one after the other, as a drawing that Markdown shows.
    Sequence,
    /// The states of sagas and other state machines, as a drawing that Markdown shows.
    States,
    /// The events as a table in Markdown.
    Catalog,
}

impl Closed for FlowView {
    const WHAT: &'static str = "view";

    fn all() -> Vec<Self> {
        vec![Self::Text, Self::Mermaid, Self::Dot, Self::Svg, Self::Sequence, Self::States, Self::Catalog]
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Mermaid => "mermaid",
            Self::Dot => "dot",
            Self::Svg => "svg",
            Self::Sequence => "sequence",
            Self::States => "states",
            Self::Catalog => "catalog",
        }
    }
}

/// What a name is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowKind {
    /// A channel.
    #[default]
    Channel,
    /// A service.
    Service,
    /// A message.
    Message,
    /// A saga or another state machine.
    Saga,
}

impl Closed for FlowKind {
    const WHAT: &'static str = "kind of thing";

    fn all() -> Vec<Self> {
        vec![Self::Channel, Self::Service, Self::Message, Self::Saga]
    }

    fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Service => "service",
            Self::Message => "message",
            Self::Saga => "saga",
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
