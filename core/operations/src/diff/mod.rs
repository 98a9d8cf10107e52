//! The operation `diff`: what changed in schemas and AsyncAPI documents, and whom it breaks.

use archwright_engine::Workspace;
use archwright_model::{Kind, RelPath};
use archwright_rules::evolution::{
    Around, BaseRequest, Compared, CompatRequest, Format, NamedText, compare_with_base, compat, declared_in, text_of,
    texts as texts_of,
};
use archwright_schema::{
    breaking::Category,
    compatibility::{Mode, Profile},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{
    Argument, NextStep, Offer, Operation, OperationError, Plan,
    choice::{self, Choice},
    lenient, paths,
};

/// Compares schemas and AsyncAPI documents with what they were.
#[derive(Clone, Copy, Debug)]
pub struct Diff;

/// What is compared with what.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DiffRequest {
    /// Files or folders; everything if left out. With `old`, the one new version.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Files that are older versions, oldest first, instead of git.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub old: Vec<String>,
    /// Git revision to compare with; where the branch began if left out.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub base: Option<String>,
    /// Which readers must be served; what each contract promises if left out, else `backward`, or the other side of
    /// each operation.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<Mode>")]
    pub mode: Option<Choice<Mode>>,
    /// Whose definition holds; the configured one if left out, else `confluent`.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<Profile>")]
    pub registry: Option<Choice<Profile>>,
    /// Level of buf for Protobuf files; what `buf.yaml` or the configuration says if left out.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<Category>")]
    pub level: Option<Choice<Category>>,
    /// What the files are written in; told by the files if left out.
    #[serde(deserialize_with = "choice::optional", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Choice<Format>")]
    pub language: Option<Choice<Format>>,
    /// Texts that lie in no workspace, oldest first and the new one last, instead of `paths` and `old`.
    #[serde(skip)]
    pub texts: Vec<NamedText>,
}

impl Operation for Diff {
    type Request = DiffRequest;

    const NAME: &'static str = "diff";
    const TITLE: &'static str = "Say whom schema changes break";
    const ABOUT: &'static str = "Compares schemas (JSON Schema, Avro, Protobuf) and AsyncAPI documents with git or \
        with older files: every change, whether it is breaking, for readers of old or of new messages, and the safe \
        way to make it, by the rules of Confluent, Karapace or Apicurio. Use it before a schema or an AsyncAPI \
        document is merged.";
    const SEARCHED: &'static str = "schema compatibility breaking change";
    const WRITES: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    const ARGUMENTS: &'static [Argument] = &[
        Argument {
            name: "paths",
            ask: "The files to compare; everything if left empty",
            example: "docs/features/order-checkout",
            optional: true,
            list: true,
            offered: true,
        },
        Argument {
            name: "base",
            ask: "The git revision to compare with; where the work left the default branch if left empty",
            example: "main",
            optional: true,
            list: false,
            offered: false,
        },
    ];

    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        let files = workspace.files().filter(|it| matches!(workspace.kind(*it), Kind::Schema | Kind::Asyncapi));
        let paths = files.map(|it| workspace.path(it));
        if argument == "paths" { paths.map(|it| Offer::of(it.as_str(), it)).collect() } else { Vec::new() }
    }

    fn plan(workspace: &mut Workspace, request: &DiffRequest) -> Result<Plan, OperationError> {
        let compared = if request.texts.is_empty() && request.old.is_empty() {
            with_base(workspace, request)?
        } else {
            files(workspace, request)?
        };
        let breaking = compared.comparison.changes.iter().filter(|it| it.class == "breaking").count();
        let step = (compared.comparison.compatible == Some(false)).then_some(NextStep::MendBreaks { count: breaking });
        Ok(Plan { compared: Some(compared), next_steps: step.into_iter().collect(), ..Plan::default() })
    }
}

fn with_base(workspace: &Workspace, request: &DiffRequest) -> Result<Compared, OperationError> {
    let paths = request.paths.iter().map(|it| paths::named(workspace, it)).collect::<Result<Vec<_>, _>>()?;
    // The root stands for everything.
    let paths = if paths.iter().any(|it| it.as_str().is_empty()) { Vec::new() } else { paths };
    let base = BaseRequest {
        revision: request.base.clone().filter(|it| !it.trim().is_empty()),
        paths,
        format: request.language.map(|it| it.0),
        mode: request.mode.map(|it| it.0),
        profile: request.registry.map(|it| it.0),
        level: request.level.map(|it| it.0),
    };
    Ok(compare_with_base(workspace, &base)?)
}

fn files(workspace: &Workspace, request: &DiffRequest) -> Result<Compared, OperationError> {
    let mut texts = request.texts.clone();
    if texts.is_empty() {
        let [new] = request.paths.as_slice() else { return Err(OperationError::Missing("paths")) };
        for path in request.old.iter().chain([new]) {
            texts.push(text(workspace, path)?);
        }
    }
    let Some(new) = texts.pop() else { return Err(OperationError::Missing("paths")) };
    let compared = CompatRequest {
        old: texts,
        new,
        format: request.language.map(|it| it.0),
        mode: request.mode.map(|it| it.0),
        profile: request.registry.map_or_else(|| workspace.config().registry(), |it| it.0),
    };
    let comparison = compat(&compared)?;
    let texts = texts_of(compared.old.into_iter().chain([compared.new])).collect();
    Ok(Compared { comparison, texts, files: 1, ..Compared::default() })
}

/// A file of the workspace with what it imports.
fn text(workspace: &Workspace, given: &str) -> Result<NamedText, OperationError> {
    let path = paths::existing(workspace, given)?;
    let read = |it: &RelPath| text_of(workspace, it);
    let around =
        Around { read: &read, name: &RelPath::to_string, declared: &|it: &SmolStr| declared_in(workspace, it) };
    Ok(NamedText::within(&path, read(&path).unwrap_or_default(), &around))
}
