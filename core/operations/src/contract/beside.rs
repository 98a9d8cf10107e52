//! The documents and schemas beside a new one, whose manner is followed.

use std::collections::BTreeMap;

use archwright_engine::Workspace;
use archwright_model::{Kind, RelPath, facts::FileFacts};
use archwright_syntax::data::{Format, Node};

use super::SchemaFormat;

/// A document whose manner is followed.
pub(super) struct Sibling<'w> {
    pub(super) facts: &'w FileFacts,
    pub(super) root: Node<'w>,
}

/// A document of the 3.x line whose manner is followed: of the feature, else the first of another.
pub(super) fn sibling<'w>(workspace: &'w Workspace, feature: &str) -> Option<Sibling<'w>> {
    let all = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.captures.feature.is_some());
    let mut all: Vec<&FileFacts> = all.filter(|it| it.asyncapi().is_some()).collect();
    all.sort_by_key(|it| (it.captures.feature.as_deref() != Some(feature), &it.path));
    all.into_iter().find_map(|facts| {
        let root = facts.asyncapi()?.tree.root()?;
        let is_new = root.get("asyncapi").and_then(Node::as_str).is_some_and(|it| it.starts_with("3."));
        is_new.then_some(Sibling { facts, root })
    })
}

/// The language of most schemas of features.
pub(crate) fn usual_format(workspace: &Workspace) -> SchemaFormat {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    let schemas = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Schema);
    for facts in schemas.filter(|it| it.captures.feature.is_some()) {
        *counted.entry(facts.path.extension()).or_default() += 1;
    }
    let count = |it: SchemaFormat| counted.get(it.extension()).copied().unwrap_or_default();
    let all = [SchemaFormat::JsonSchema, SchemaFormat::Avro, SchemaFormat::Protobuf];
    let most = all.into_iter().rev().max_by_key(|it| count(*it));
    most.unwrap_or_default()
}

/// What schemas beside the new one have in common.
pub(super) struct SchemaBeside {
    /// What `$id` begins with.
    base: Option<String>,
    /// Their `$schema`.
    pub(super) dialect: Option<String>,
    /// Only of the feature's own schemas: another feature's name would be wrong.
    pub(super) namespace: Option<String>,
}

impl SchemaBeside {
    /// The `$id` of a schema at a path.
    pub(super) fn id_for(&self, path: &RelPath) -> Option<String> {
        self.base.as_ref().map(|it| format!("{it}{}", path.name()))
    }
}

pub(super) fn schema_beside(workspace: &Workspace, feature: &str, format: SchemaFormat) -> Option<SchemaBeside> {
    let all = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Schema);
    let mut all: Vec<&FileFacts> = all.filter(|it| it.path.extension() == format.extension()).collect();
    all.sort_by_key(|it| (it.captures.feature.as_deref() != Some(feature), &it.path));
    let facts = all.first()?;
    let is_own = facts.captures.feature.as_deref() == Some(feature);
    if format == SchemaFormat::Protobuf {
        let package = facts.text.lines().find_map(|it| it.trim().strip_prefix("package ")?.strip_suffix(';'));
        let namespace = package.filter(|_| is_own).map(|it| it.trim().to_owned());
        return Some(SchemaBeside { base: None, dialect: None, namespace });
    }
    let tree = archwright_syntax::data::parse(facts.text.clone(), Format::Json);
    let text = |key: &str| tree.root()?.get(key)?.as_str().map(str::to_owned);
    let base = text("$id").and_then(|it| it.strip_suffix(facts.path.name()).map(str::to_owned));
    Some(SchemaBeside { base, dialect: text("$schema"), namespace: text("namespace").filter(|_| is_own) })
}
