//! `workspace/executeCommand`.

use archwright_analysis::explain;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};

/// `archwright.explain`: the page of a rule or pattern as Markdown. Takes the name, or an object that has it as `name`.
///
/// # Errors
/// `InvalidParams` with the nearest names if there is no such name.
pub(crate) fn explain(arguments: &[Value]) -> Result<Value> {
    let name = arguments.first().and_then(|it| it.as_str().or_else(|| it.get("name")?.as_str()));
    let name = name.ok_or_else(|| Error::invalid_params("archwright.explain takes the name of a rule or pattern"))?;
    explain::explain(name).map(|it| Value::String(it.markdown)).map_err(|it| Error::invalid_params(it.to_string()))
}
