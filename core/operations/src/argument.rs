//! What people are asked before an operation is planned, and what the workspace has to offer as answers.

use std::collections::BTreeMap;

use serde::Serialize;

use archwright_model::RelPath;

/// A field of a request that people are asked for. Agents and scripts fill in the whole request instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Argument {
    /// The field of the request.
    pub name: &'static str,
    /// What is asked, as the words above an input.
    pub ask: &'static str,
    /// A value that could stand there.
    pub example: &'static str,
    /// Whether it can be left empty.
    pub optional: bool,
    /// Whether the field takes a list.
    pub list: bool,
    /// Whether the workspace has values to offer.
    pub offered: bool,
}

/// A value that the workspace offers for an argument.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// The value.
    pub value: String,
    /// What tells it from others: mostly the file that it comes from.
    pub about: String,
    /// Other fields of the request that come with it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<&'static str, String>,
    /// The files that it stands in; what is offered while one of them is open is meant most likely.
    #[serde(skip)]
    pub files: Vec<RelPath>,
}

impl Offer {
    /// A value that stands in one file.
    pub(super) fn of(value: impl Into<String>, file: &RelPath) -> Self {
        Self { value: value.into(), about: file.to_string(), with: BTreeMap::new(), files: vec![file.clone()] }
    }
}
