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

/// A tool with its hints, none of which is left to a default. `searched` are the words by which a client that loads
/// tools when they are needed finds it.
fn tool(
    name: impl Into<Cow<'static, str>>,
    title: &str,
    description: impl Into<Cow<'static, str>>,
    searched: &str,
    schemas: (JsonObject, JsonObject),
    writes: bool,
) -> Tool {
    let hints = ToolAnnotations::new().read_only(!writes).destructive(false).idempotent(true).open_world(false);
    let (input, output) = schemas;
    let tool = Tool::new(name, description, input).with_title(title).with_raw_output_schema(output.into());
    let meta = meta(&tool.name, searched);
    tool.with_annotations(hints).with_meta(meta)
}

/// The tool that a client which loads tools when they are needed has loaded from the start.
const ALWAYS_LOADED: &str = "check";

/// What Claude Code reads beside the protocol: the words by which a tool that is not loaded yet is found, and which
/// tool is loaded in any case.
fn meta(tool: &str, searched: &str) -> MetaObject {
    let mut meta = JsonObject::new();
    meta.insert("anthropic/searchHint".to_owned(), searched.into());
    if tool == ALWAYS_LOADED {
        meta.insert("anthropic/alwaysLoad".to_owned(), true.into());
    }
    MetaObject(meta)
}

/// Arguments that were read already, as a tool wants them.
fn typed<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, Answer> {
    serde_json::from_value(Value::Object(arguments))
        .map_err(|error| Answer::mistake(format!("The arguments do not fit: {error}.")))
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
