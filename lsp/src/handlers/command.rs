//! The commands by which an editor asks what operations there are, what could be given to them, and how the open
//! workspaces stand.

use archwright_analysis::{
    RelPath, Workspace,
    operations::{Entry, OPERATIONS, Offer, operation},
    report::{ReportFilter, summary},
};
use serde::Serialize;
use serde_json::{Value, json};
use tower_lsp::{
    jsonrpc::{Error, Result},
    ls_types::Uri,
};

use crate::{capabilities::OPERATION, convert, convert::Converter, snapshot::Snapshot};

/// `archwright.operations`: every operation, with what to ask for, and what the document at hand offers for it. Takes
/// the document, if there is one.
pub(crate) fn operations(snapshots: &[Snapshot], document: Option<&Uri>) -> Value {
    let home = snapshots.first();
    let path = document.and_then(convert::file_path).and_then(|it| home?.relative(&it));
    let here = |operation: &Entry| {
        let (Some(home), Some(path)) = (home, &path) else { return Vec::new() };
        let argument = operation.arguments.iter().find(|it| it.offered);
        argument.map(|it| offered_by(home.workspace(), operation, it.name, path)).unwrap_or_default()
    };
    let operation = |it: &Entry| {
        json!({
            "name": it.name,
            "title": it.title,
            "about": it.about,
            "command": format!("{OPERATION}{}", it.name),
            "writes": it.writes,
            "arguments": it.arguments,
            "parameters": parameters(it),
            "here": here(it),
        })
    };
    OPERATIONS.iter().map(operation).collect()
}

/// The fields of a request that a word or a list of words can fill, by their names, with what they are about and of
/// which type they are. Editors with a command line take them as `name=value`.
fn parameters(operation: &Entry) -> Vec<Value> {
    let schema = operation.schema();
    let resolved = |field: &Value| {
        let definition = field.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
        definition.and_then(|it| schema.pointer(it)).cloned().unwrap_or_else(|| field.clone())
    };
    let is_text = |field: &Value| field.get("type").is_some_and(|it| it == "string");
    let option = |(name, field): (&String, &Value)| {
        let list = field.get("items").is_some_and(|it| is_text(&resolved(it)));
        let written = resolved(field);
        let written = written.get("type").and_then(Value::as_str);
        let of_type = if list { Some("string") } else { written };
        let of_type = of_type.filter(|it| ["string", "integer", "boolean"].contains(it))?;
        Some(json!({ "name": name, "about": field.get("description"), "list": list, "type": of_type }))
    };
    let fields = schema.get("properties").and_then(Value::as_object);
    fields.into_iter().flatten().filter_map(option).collect()
}

/// The offers that stand in a file.
fn offered_by(workspace: &Workspace, operation: &Entry, argument: &str, path: &RelPath) -> Vec<Offer> {
    let mut offers = operation.offers(workspace, argument);
    offers.retain(|it| it.files.contains(path));
    offers
}

/// An argument of an operation.
pub(crate) struct Asked {
    operation: &'static Entry,
    argument: String,
}

impl Asked {
    /// The first argument of `archwright.offers`: `{"operation": "contract", "argument": "channel"}`.
    ///
    /// # Errors
    /// `InvalidParams` if it is something else.
    pub(crate) fn read(arguments: &[Value]) -> Result<Self> {
        let text = |name: &str| arguments.first().and_then(|it| it.get(name)).and_then(Value::as_str);
        let found = text("operation").and_then(operation).zip(text("argument"));
        let (operation, argument) = found.ok_or_else(|| {
            Error::invalid_params("archwright.offers takes the name of an `operation` and of its `argument`")
        })?;
        Ok(Self { operation, argument: argument.to_owned() })
    }
}

/// `archwright.offers`: what the workspace offers for an argument. Takes the argument, and the document at hand.
pub(crate) fn offers(snapshots: &[Snapshot], asked: &Asked) -> Value {
    let offers = snapshots.first().map(|it| asked.operation.offers(it.workspace(), &asked.argument));
    json!(offers.unwrap_or_default())
}

/// How an open workspace stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WorkspaceStatus {
    /// The folder.
    root: String,
    /// What was recognised, in a sentence.
    recognised: String,
    files: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    /// The configuration, if there is one.
    configuration: Option<String>,
    /// How many findings the configuration has.
    configuration_problems: usize,
}

/// `archwright.status`: the version of the server and how each open workspace stands.
pub(crate) fn status(snapshots: &[Snapshot]) -> Value {
    let workspace = |it: &Snapshot| {
        let workspace = it.workspace();
        let counts = summary(workspace, &ReportFilter::default());
        let configuration = workspace.config_file();
        WorkspaceStatus {
            root: workspace.root().display().to_string(),
            recognised: counts.recognised(),
            files: counts.files,
            errors: counts.errors,
            warnings: counts.warnings,
            infos: counts.infos,
            configuration: configuration.and_then(|file| Some(Converter::new(it).uri(file)?.as_str().to_owned())),
            configuration_problems: configuration.map_or(0, |it| workspace.findings(it).len()),
        }
    };
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "workspaces": snapshots.iter().map(workspace).collect::<Vec<_>>(),
    })
}
