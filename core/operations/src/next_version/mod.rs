//! The operation `next-version`: the files of a channel's next version beside the old ones.

use std::collections::BTreeMap;

use archwright_engine::Workspace;
use archwright_model::RelPath;
use archwright_rules::evolution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Argument, NextStep, Offer, Operation, OperationError, Plan};

/// Gives a channel its next version.
#[derive(Clone, Copy, Debug)]
pub struct NextVersion;

/// Which channel gets a next version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NextVersionRequest {
    /// Channel with its version: `orders.placed.v1`.
    pub channel: String,
}

impl Operation for NextVersion {
    type Request = NextVersionRequest;

    const NAME: &'static str = "next-version";
    const TITLE: &'static str = "Give a channel its next version";
    const ABOUT: &'static str = "For a breaking change of a channel's schema: writes contract, schema and AsyncAPI \
        document of the next version (`orders.placed.v2` beside `orders.placed.v1`) with what was changed in them, \
        restores the old schema to what git has, and marks the old contract as deprecating, with a table of its known \
        consumers.";
    const SEARCHED: &'static str = "breaking change, v2 of a topic";
    const WRITES: bool = true;
    const REQUIRED: &'static [&'static str] = &["channel"];
    const ARGUMENTS: &'static [Argument] = &[Argument {
        name: "channel",
        ask: "The channel that is replaced, with its version",
        example: "orders.placed.v1",
        optional: false,
        list: false,
        offered: true,
    }];

    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        if argument != "channel" {
            return Vec::new();
        }
        let offer = |(channel, files): (String, Vec<RelPath>)| {
            let about = files.first().map(RelPath::to_string).unwrap_or_default();
            Offer { value: channel, about, with: BTreeMap::new(), files }
        };
        evolution::replaceable(workspace).into_iter().map(offer).collect()
    }

    fn plan(workspace: &mut Workspace, request: &NextVersionRequest) -> Result<Plan, OperationError> {
        let channel = request.channel.trim().trim_matches('`');
        if channel.is_empty() {
            return Err(OperationError::Missing("channel"));
        }
        let planned = evolution::next_version(workspace, channel, None)?;
        let step = NextStep::MoveConsumers { channel: planned.channel, next: planned.next };
        let files = planned.edit.creates.iter().map(|it| it.path.clone()).collect();
        Ok(Plan::of(workspace, planned.edit, files)?.then([step]))
    }
}
