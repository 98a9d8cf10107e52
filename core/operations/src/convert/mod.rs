//! The operation `convert`: an AsyncAPI document of version 2 as one of version 3.

use archwright_asyncapi::conversion::{self, ConversionError};
use archwright_engine::Workspace;
use archwright_model::{ContentHash, FileCreate, FileEdit, WorkspaceEdit, WorkspaceEditError, facts::FileFacts};
use archwright_syntax::{Span, TextEdit, TextEdits, data::Format};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Argument, NextStep, Offer, Operation, OperationError, Plan, PlanNote,
    choice::{Choice, Closed},
    lenient, paths,
};

pub use archwright_asyncapi::conversion::{ConversionNote, Converted, TARGET as CONVERSION_TARGET};

/// Converts an AsyncAPI document to a newer version of the specification.
#[derive(Clone, Copy, Debug)]
pub struct Convert;

/// What is converted.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConvertRequest {
    /// The AsyncAPI document.
    pub document: String,
    /// The version that is wanted.
    pub to: Choice<Target>,
    /// A new file; the document itself is rewritten if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub output: Option<String>,
    /// The text, for a document that lies in no workspace; `document` is only its name then, and nothing is written.
    #[serde(skip)]
    pub text: Option<String>,
}

/// A version to convert to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// AsyncAPI 3.0.0.
    #[default]
    V3,
}

impl Closed for Target {
    const WHAT: &'static str = "version to convert to";

    fn all() -> Vec<Self> {
        vec![Self::V3]
    }

    fn name(self) -> &'static str {
        conversion::TARGET
    }
}

impl Operation for Convert {
    type Request = ConvertRequest;

    const NAME: &'static str = "convert";
    const TITLE: &'static str = "Convert an AsyncAPI document to 3.0";
    const ABOUT: &'static str = "Converts an AsyncAPI document of version 2.0 to 2.6 to 3.0.0, in its own notation \
        (YAML or JSON) and with its comments: channels, operations, messages, bindings, security. Rewrites the \
        document, or writes `output`. Tells at which line something cannot be said in 3.0.";
    const SEARCHED: &'static str = "upgrade AsyncAPI 2 to 3";
    const WRITES: bool = true;
    const REQUIRED: &'static [&'static str] = &["document"];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "document",
            ask: "The AsyncAPI document of version 2",
            example: "docs/features/order-checkout/asyncapi/orders.yaml",
            optional: false,
            list: false,
            offered: true,
        },
        Argument {
            name: "output",
            ask: "A new file for the result; the document itself is rewritten if left empty",
            example: "docs/features/order-checkout/asyncapi/orders.v3.yaml",
            optional: true,
            list: false,
            offered: false,
        },
    ];

    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        let old = |it: &&FileFacts| {
            let version = it.asyncapi().and_then(|it| it.tree.pointer("/asyncapi")?.as_str().map(str::to_owned));
            version.is_some_and(|it| it.starts_with("2."))
        };
        let documents = workspace.files().filter_map(|it| workspace.facts(it)).filter(old);
        let documents = documents.map(|it| Offer::of(it.path.as_str(), &it.path));
        if argument == "document" { documents.collect() } else { Vec::new() }
    }

    fn plan(workspace: &mut Workspace, request: &ConvertRequest) -> Result<Plan, OperationError> {
        if let Some(text) = &request.text {
            let converted = convert(&request.document, text)?;
            let notes = notes(&request.document, text, &converted);
            return Ok(Plan { document: Some(converted.text), notes, ..Plan::default() });
        }
        let path = paths::existing(workspace, &request.document)?;
        let text = workspace.file(&path).and_then(|it| workspace.text(it)).unwrap_or_default();
        let converted = convert(path.as_str(), &text)?;
        let notes = notes(path.as_str(), &text, &converted);
        let mut edit = WorkspaceEdit::default();
        if let Some(output) = &request.output {
            let path = paths::named(workspace, output)?;
            edit.creates.push(FileCreate { path, content: converted.text });
        } else {
            let whole = Span::new(0, text.len());
            let edits = TextEdits::new(vec![TextEdit::replace(whole, converted.text)])
                .map_err(|error| WorkspaceEditError::Text { path: path.clone(), error })?;
            edit.texts.push(FileEdit { path: path.clone(), base: ContentHash::of(text.as_bytes()), edits });
        }
        let steps = (!notes.is_empty()).then_some(NextStep::ReadNotes { count: notes.len() });
        Ok(Plan { notes, ..Plan::of(workspace, edit, Vec::new())?.then(steps) })
    }
}

fn notes(name: &str, text: &str, converted: &Converted) -> Vec<PlanNote> {
    converted.notes.iter().map(|it| PlanNote::new(name, text, it.span.start as usize, it.message.clone())).collect()
}

/// Why a document is not converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// The document cannot be converted.
    #[error("{name}: {error}")]
    Document {
        /// The file.
        name: String,
        /// Why.
        error: ConversionError,
    },
}

/// Converts a document of AsyncAPI 2.0 to 2.6 to 3.0.0, in its own notation and with its comments.
///
/// # Errors
/// If the text is no such document, or another version is wanted.
pub fn convert(name: &str, text: &str) -> Result<Converted, ConvertError> {
    let by_text =
        || if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') { Format::Json } else { Format::Yaml };
    // The name of the file tells its notation; without an extension that does, the first character tells.
    let format = Format::of_path(name).unwrap_or_else(by_text);
    conversion::to_v3(text, format).map_err(|error| ConvertError::Document { name: name.to_owned(), error })
}
