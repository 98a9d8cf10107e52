//! The operation `graph`: which services send to and receive from which channels, as documents state it and as code
//! was seen to do it, with the place of each (ADR-0026).

mod answer;
mod catalog;
mod cycles;
mod drawing;
mod herds;
#[cfg(test)]
mod hostile;
pub(crate) mod label;
mod layers;
mod names;
mod part;
mod read;
mod saga;
mod sequence;
mod states;
mod svg;
#[cfg(test)]
mod tests;
mod text;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use answer::{
    EventFlow, FlowApart, FlowArrow, FlowChannel, FlowCycle, FlowFact, FlowHerd, FlowKind, FlowPlace, FlowRelation,
    FlowService, FlowSource, FlowUnnamed, FlowView,
};

pub use saga::{FlowSaga, FlowStep, FlowTransition, FlowUndo};

pub(crate) use names::{Names, Unlisted};

use archwright_engine::Workspace;

use super::{
    Argument, ImpactOf, Offer, Operation, OperationError, Plan,
    choice::{self, Choice},
    code, impact, lenient,
};

/// Shows the flow of messages.
#[derive(Clone, Copy, Debug)]
pub struct Graph;

/// Which part is shown, and how.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GraphRequest {
    /// A service, channel, message or saga: what leads to and from it.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub of: Option<String>,
    /// What `of` is, if a service and a channel have the name.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<FlowKind>")]
    pub kind: Option<Choice<FlowKind>>,
    /// Most arrows away from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "usize", range(min = 1))]
    #[schemars(transform = lenient::name_alone)]
    pub depth: Option<usize>,
    /// `text` if left out.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<FlowView>")]
    pub view: Option<Choice<FlowView>>,
}

/// The code of a workspace that sends or receives and is of no service that it names.
pub(crate) fn unlisted(workspace: &Workspace) -> Vec<Unlisted> {
    let found = code::discovered(workspace).found;
    let documents = impact::documents(workspace);
    Names::new(&found, &documents, workspace.config()).unlisted()
}

impl Operation for Graph {
    type Request = GraphRequest;

    const NAME: &'static str = "graph";
    const TITLE: &'static str = "Show the flow of messages";
    const ABOUT: &'static str = "Who sends to and receives from which channel, in all or around one of them, as \
        documents declare or code has it, with file and line; owners, dead letters, circles, unknown names; sagas. As \
        text, event catalog or drawing.";
    const SEARCHED: &'static str = "event flow, sequence diagram, state machine";
    const WRITES: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "of",
            ask: "The service, channel or message, or nothing for all",
            example: "orders.placed.v1",
            optional: true,
            list: false,
            offered: true,
        },
        Argument {
            name: "view",
            ask: "text, mermaid, dot, svg, sequence, states or catalog",
            example: "mermaid",
            optional: true,
            list: false,
            offered: false,
        },
    ];

    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        if argument == "of" { ImpactOf::offers(workspace, "name") } else { Vec::new() }
    }

    fn plan(workspace: &mut Workspace, request: &GraphRequest) -> Result<Plan, OperationError> {
        let whole = read::flow(workspace);
        let mut flow = match request.of.as_deref().map(str::trim).filter(|it| !it.is_empty()) {
            Some(name) => part::around(&whole, name, request.kind.map(|it| it.0), request.depth)?,
            None => whole,
        };
        flow.cycles = cycles::cycles(&flow.arrows);
        flow.view = request.view.unwrap_or_default().0;
        Ok(Plan { flow: Some(flow), ..Plan::default() })
    }
}
