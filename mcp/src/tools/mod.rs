//! The tools: one file each, and how they are listed.

pub mod check;
pub mod explain;
mod finding;
mod impact;
pub mod operation;

use std::borrow::Cow;

use rmcp::model::{JsonObject, MetaObject, Tool, ToolAnnotations};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::answer::Answer;

/// All tools as clients list them.
pub fn all() -> Vec<Tool> {
    [check::tool(), explain::tool()].into_iter().chain(operation::tools()).collect()
}

/// A tool with its hints, none of which is left to a default.
fn tool(
    name: impl Into<Cow<'static, str>>,
    title: &str,
    description: impl Into<Cow<'static, str>>,
    input: JsonObject,
    output: JsonObject,
    writes: bool,
) -> Tool {
    let hints = ToolAnnotations::new().read_only(!writes).destructive(false).idempotent(true).open_world(false);
    let tool = Tool::new(name, description, input).with_title(title).with_raw_output_schema(output.into());
    let meta = meta(&tool.name);
    tool.with_annotations(hints).with_meta(meta)
}

/// The tool that a client which loads tools when they are needed has loaded from the start.
const ALWAYS_LOADED: &str = "check";

/// What Claude Code reads beside the protocol: the words by which a tool that is not loaded yet is found, and which
/// tool is loaded in any case.
fn meta(tool: &str) -> MetaObject {
    let mut meta = JsonObject::new();
    if let Some(words) = SEARCHED.iter().find(|it| it.tool == tool) {
        meta.insert("anthropic/searchHint".to_owned(), words.hint.into());
    }
    if tool == ALWAYS_LOADED {
        meta.insert("anthropic/alwaysLoad".to_owned(), true.into());
    }
    MetaObject(meta)
}

/// The words by which people look for a tool.
struct Searched {
    tool: &'static str,
    hint: &'static str,
}

const fn searched(tool: &'static str, hint: &'static str) -> Searched {
    Searched { tool, hint }
}

const SEARCHED: [Searched; 15] = [
    searched("check", "lint validate docs ADR AsyncAPI schema"),
    searched("explain", "what is outbox saga DLQ; rule meaning"),
    searched("design", "design doc, new service"),
    searched("contract", "event schema, Kafka topic, AsyncAPI, Avro"),
    searched("architecture", "ADR, RFC, tech spec, decision"),
    searched("runbook", "incident playbook DLQ replay lag"),
    searched("prelaunch", "launch readiness go no-go checklist"),
    searched("next_version", "breaking change, v2 of a topic"),
    searched("diff", "schema compatibility breaking change"),
    searched("convert", "upgrade AsyncAPI 2 to 3"),
    searched("review", "review pull request, git diff, PR"),
    searched("impact", "who consumes this topic, blast radius"),
    searched("scan", "find producers and consumers in code"),
    searched("graph", "event flow diagram, event catalog, topology"),
    searched("recommend", "choose pattern, queue or RPC, trade-off"),
];

/// Arguments that were read already, as a tool wants them.
fn typed<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, Answer> {
    serde_json::from_value(Value::Object(arguments))
        .map_err(|error| Answer::mistake(format!("The arguments do not fit: {error}.")))
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
