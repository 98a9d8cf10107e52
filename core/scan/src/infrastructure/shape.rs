//! What each kind of resource declares, see `infrastructure/*.toml`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

include!(concat!(env!("OUT_DIR"), "/infrastructure.rs"));

/// A tool and its kinds of resources.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Tool {
    /// As its users call it.
    pub(super) name: String,
    /// What is written for one's own computer says nothing of what runs elsewhere.
    #[serde(default)]
    pub(super) local: bool,
    #[serde(rename = "resource")]
    pub(super) resources: Vec<Shape>,
    #[serde(rename = "example", default)]
    #[cfg_attr(not(test), allow(dead_code, reason = "examples are tests"))]
    pub(super) examples: Vec<Example>,
}

/// A kind of resource. Paths lead to where something stands in it: `spec/config/retention.ms`.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Shape {
    /// What it is called; one that ends with `*` stands for all that start so, one that starts with it for all that end
    /// so.
    pub(super) types: Vec<String>,
    /// What the channel is.
    pub(super) kind: String,
    pub(super) broker: String,
    /// Where its name stands, the best place first. Nothing for what only uses channels.
    pub(super) name: Vec<String>,
    /// The name is that of the resource where it has no other.
    pub(super) named_by_label: bool,
    /// Where channels stand that it sends to and receives from.
    pub(super) sends: Vec<String>,
    pub(super) receives: Vec<String>,
    /// A channel that it says more of, or whose messages it puts elsewhere.
    pub(super) of: Vec<String>,
    /// Where it is told who uses it, if that is not itself.
    pub(super) by: Option<String>,
    /// Another value that must be there: `spec/dlqType=queue`.
    pub(super) only: Option<String>,
    pub(super) partitions: Vec<String>,
    /// With a unit behind a blank, if the value has none.
    pub(super) retention: Vec<String>,
    pub(super) cleanup: Vec<String>,
    pub(super) dead_letters: Vec<String>,
    pub(super) attempts: Vec<String>,
    pub(super) ordered: Vec<String>,
    pub(super) delivers_to: Vec<String>,
    /// Where variables of an environment stand.
    pub(super) variables: Vec<String>,
}

/// A file, and what is found in it.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), allow(dead_code, reason = "examples are tests"))]
pub(super) struct Example {
    pub(super) file: String,
    pub(super) text: String,
    pub(super) finds: Vec<String>,
}

/// All tools.
pub(super) fn tools() -> &'static [Tool] {
    static TOOLS: LazyLock<Vec<Tool>> =
        LazyLock::new(|| INFRASTRUCTURE.iter().filter_map(|it| toml_edit::de::from_str(it).ok()).collect());
    &TOOLS
}

/// The tool and the shape of a kind of resource.
pub(super) fn of(kind: &str) -> Option<(&'static Tool, &'static Shape)> {
    type Found = (&'static Tool, &'static Shape);
    static EXACT: LazyLock<FxHashMap<&'static str, Found>> = LazyLock::new(|| {
        let all = tools().iter().flat_map(|tool| tool.resources.iter().map(move |it| (tool, it)));
        all.flat_map(|it| it.1.types.iter().map(move |name| (name.as_str(), it))).collect()
    });
    if let Some(found) = EXACT.get(kind) {
        return Some(*found);
    }
    let fits = |it: &String| match (it.strip_suffix('*'), it.split_once("/*")) {
        (Some(start), _) => kind.starts_with(start),
        (None, Some((start, end))) => kind.starts_with(start) && kind.ends_with(end),
        _ => false,
    };
    let mut all = tools().iter().flat_map(|tool| tool.resources.iter().map(move |it| (tool, it)));
    all.find(|it| it.1.types.iter().any(fits))
}

/// How many tools there are, those that do not load included.
#[cfg(test)]
pub(super) fn count() -> usize {
    INFRASTRUCTURE.len()
}
