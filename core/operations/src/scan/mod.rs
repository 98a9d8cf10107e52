//! The operation `scan`: the messaging that is in code, in ten languages, held against the documents that describe it.

mod answer;
mod drawing;
mod drift;
mod findings;
mod provisioned;
mod read;
#[cfg(test)]
mod tests;
mod text;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) use answer::resolution;
pub use answer::{
    Drawing, DriftKind, Scanned, ScannedBroker, ScannedDangling, ScannedDrift, ScannedEdge, ScannedRisk, ScannedWay,
    ScannedWrites,
};

pub use findings::{check_code, code_findings};
pub use provisioned::{ScannedDeclaration, ScannedSetting};

pub(super) use drift::{attempts, has_one_name};
pub(super) use provisioned::names_dead_letters;
pub(super) use read::{drifts, not_read};

use archwright_engine::Workspace;
use archwright_model::RelPath;

use super::{Argument, Operation, OperationError, Plan, lenient};

/// Finds messaging in code.
#[derive(Clone, Copy, Debug)]
pub struct Scan;

/// What is looked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScanRequest {
    /// Only what stands in this folder or file.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub path: Option<String>,
    /// Only where the channel's name is not known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unresolved: bool,
    /// Skip so many entries of each list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "usize")]
    pub offset: Option<usize>,
}

impl Operation for Scan {
    type Request = ScanRequest;

    const NAME: &'static str = "scan";
    const TITLE: &'static str = "Find messaging in code";
    const ABOUT: &'static str = "Which services send to and receive from which channels (Kafka, SQS, NATS, ...), \
        read from code in ten languages and infrastructure; database writes beside sends; where messages are lost or \
        come again for ever (acknowledged early or on failure, no dead letters, endless retries, sends nobody waits \
        for); channels that no document describes.";
    const SEARCHED: &'static str = "find producers and consumers in code";
    const WRITES: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    const ARGUMENTS: &'static [Argument] = &[Argument {
        name: "path",
        ask: "The folder or file, or nothing for all code",
        example: "services/orders",
        optional: true,
        list: false,
        offered: false,
    }];

    fn plan(workspace: &mut Workspace, request: &ScanRequest) -> Result<Plan, OperationError> {
        let below = request.path.as_deref().map(|it| it.trim().trim_matches('/')).filter(|it| !matches!(*it, "" | "."));
        let below = below.map(RelPath::new).unwrap_or_default();
        if workspace.below(&below).is_empty() && !below.as_str().is_empty() {
            return Err(OperationError::NoSuchFile { given: below.to_string(), nearest: None });
        }
        let offset = request.offset.unwrap_or_default();
        let scanned = Scanned { offset, ..read::scan(workspace, &below, request.unresolved) };
        Ok(Plan { scanned: Some(scanned), ..Plan::default() })
    }
}
