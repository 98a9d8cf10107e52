//! Changed files that look like a JSON Schema although neither their name nor their content says so.

use archwright_engine::Workspace;
use archwright_model::{FileId, Kind, RelPath};
use archwright_syntax::{
    FileType,
    data::{self, Format},
};

use super::base::referring;

/// What becomes of a changed file that does not say what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Untold {
    /// A contract leads to it: it is a schema.
    Schema,
    /// It looks like a schema and nothing says that it is one.
    Perhaps,
    /// It is something else, or compared with the files that refer to it.
    Other,
}

impl Untold {
    /// By what the file said and by the files that lead to it.
    pub(super) fn of(workspace: &Workspace, path: &RelPath, old: &str, referring: &[FileId]) -> Self {
        let is_of = |kinds: &[Kind]| referring.iter().any(|it| kinds.contains(&workspace.kind(*it)));
        if !is_schema_in_form(path, old) || is_of(&[Kind::Asyncapi, Kind::Schema]) {
            Self::Other
        } else if is_of(&[Kind::Contract]) {
            Self::Schema
        } else {
            Self::Perhaps
        }
    }
}

/// Whether a changed file looks like a schema that nothing compares with what it was, because it does not say what it
/// is.
pub fn is_untold_schema(workspace: &Workspace, path: &RelPath, old: &str) -> bool {
    is_schema_in_form(path, old) && Untold::of(workspace, path, old, &referring(workspace, path)) != Untold::Other
}

/// Whether JSON or YAML is an object with properties in the form in which JSON Schema describes one.
fn is_schema_in_form(path: &RelPath, text: &str) -> bool {
    let is_data = matches!(path.file_type(), Some(FileType::Json | FileType::Yaml));
    // The tree is only worth its time where the word stands.
    is_data && text.contains("properties") && {
        let tree = data::parse(text, Format::of_path(path.as_str()).unwrap_or(Format::Json));
        tree.root().is_some_and(|root| {
            let is_object = root.get("type").and_then(data::Node::as_str).is_some_and(|it| it == "object");
            let fields = root.get("properties").filter(|it| it.kind() == data::Kind::Mapping);
            let describes = |it: data::Node<'_>| it.get("type").is_some() || it.get("$ref").is_some();
            is_object && fields.is_some_and(|it| it.entries().any(|it| describes(it.value)))
        })
    }
}
