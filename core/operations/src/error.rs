//! Why an operation cannot be carried out.

use archwright_model::WorkspaceEditError;
use archwright_rules::evolution::{BaseError, ComparisonError, NextVersionError};

use super::{ContractError, ConvertError};

/// Why an operation cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// The request does not fit its schema.
    #[error("the request does not fit: {0}")]
    Request(serde_json::Error),
    /// The feature is no slug.
    #[error("`{given}` is no feature slug: write lower-case words with hyphens, such as `{suggestion}`")]
    Slug {
        /// What was given.
        given: String,
        /// What it could be.
        suggestion: String,
    },
    /// A fact that must be there is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A value that is none of the allowed ones.
    #[error("`{value}` is no {what}: write {allowed}")]
    Value {
        /// The field.
        what: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// A file that is not there, or not in the workspace.
    #[error("there is no file `{given}` in the workspace{}", nearest.as_ref().map_or_else(String::new, |it| format!("; \
        did you mean `{it}`?")))]
    NoSuchFile {
        /// What was given.
        given: String,
        /// The path that comes closest.
        nearest: Option<String>,
    },
    /// A file that is there and cannot be read as text.
    #[error("`{path}` {why}")]
    Unreadable {
        /// The file.
        path: String,
        /// What it is, and what to do.
        why: String,
    },
    /// A decision that nobody has taken yet.
    #[error("{0}")]
    Undecided(String),
    /// A decision record that is not there, or that several are meant by.
    #[error("there is no decision record `{given}` here{}", nearest.as_ref().map_or_else(String::new, |it| format!("; \
        did you mean `{it}`?")))]
    NoSuchRecord {
        /// What was given.
        given: String,
        /// The record that comes closest.
        nearest: Option<String>,
    },
    /// A document of a kind that is not there, or that several are meant by.
    #[error("there is no {kind} `{given}` here{}", nearest.as_ref().map_or_else(String::new, |it| format!("; did you \
        mean `{it}`?")))]
    NoSuchDocument {
        /// What was given.
        given: String,
        /// What it was said to be.
        kind: &'static str,
        /// The document that comes closest.
        nearest: Option<String>,
    },
    /// A feature that is not there while another one has nearly its name.
    #[error("there is no feature `{given}`; did you mean `{nearest}`?")]
    UnknownFeature {
        /// What was given.
        given: String,
        /// The feature that comes closest.
        nearest: String,
    },
    /// Decision records lie in several folders, and none is the usual one.
    #[error(
        "decision records lie in {}{}: name one as `folder`", folders.join(", "),
        if *more > 0 { format!(" and {more} more folders") } else { String::new() }
    )]
    SeveralFolders {
        /// The first of them.
        folders: Vec<String>,
        /// How many there are besides.
        more: usize,
    },
    /// A channel that several documents describe.
    #[error("{} describe `{channel}`: name one as the document", documents.join(" and "))]
    SeveralDocuments {
        /// The channel.
        channel: String,
        /// Where it is described.
        documents: Vec<String>,
    },
    /// A channel that nothing says the feature of.
    #[error("no design and no AsyncAPI document of the workspace knows a channel `{channel}`: {}name its `feature` to \
        write it anew", nearest.as_ref().map_or_else(String::new, |it| format!("did you mean `{it}`? Else ")))]
    ChannelWithoutFeature {
        /// The channel.
        channel: String,
        /// The name that comes closest.
        nearest: Option<String>,
    },
    /// A document that is called after a channel and describes another one.
    #[error("{document} is called after the channel `{channel}` and {}: nothing was written. Name the channel that it \
        describes, give its channel that address, or rename the document", match addresses.as_slice() {
            [] => "describes none".to_owned(),
            all => format!("describes {}", all.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")),
        })]
    DescribesOther {
        /// The document.
        document: String,
        /// The channel that was asked for.
        channel: String,
        /// What it describes.
        addresses: Vec<String>,
    },
    /// A channel that no file names.
    #[error(
        "no file of the workspace knows a channel `{channel}`{}",
        nearest.as_ref().map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
    )]
    UnknownChannel {
        /// The channel.
        channel: String,
        /// The name that comes closest.
        nearest: Option<String>,
    },
    /// A thing that no file names.
    #[error(
        "no file {} names {} `{given}`{}{}",
        if not_read.is_empty() { "of the workspace" } else { "that is read" },
        kind.map_or_else(|| "anything".to_owned(), |it| format!("a {it}")),
        nearest.as_ref().map_or_else(String::new, |it| format!("; did you mean `{it}`?")),
        if not_read.is_empty() { String::new() } else { format!("; not read: {}", not_read.join("; ")) }
    )]
    UnknownThing {
        /// What was given.
        given: String,
        /// What it was said to be.
        kind: Option<&'static str>,
        /// The name that comes closest.
        nearest: Option<String>,
        /// Code in languages that nobody reads may name it.
        not_read: Vec<String>,
    },
    /// A name that several things have.
    #[error(
        "`{given}` may be {}{}: name one, with its `kind` if the name is the same", things.join(", "),
        if *more > 0 { format!(" or {more} more") } else { String::new() }
    )]
    SeveralThings {
        /// What was given.
        given: String,
        /// What it may be.
        things: Vec<String>,
        /// How many there are besides.
        more: usize,
    },
    /// Two statements that cannot both be true.
    #[error("`{one}` and `{other}` cannot both hold: state the one that does")]
    Contradiction {
        /// The one.
        one: String,
        /// The other.
        other: String,
    },
    /// A pattern that no file names.
    #[error("no document and no code of the workspace names the pattern {pattern}")]
    UnusedPattern {
        /// The pattern.
        pattern: String,
    },
    /// There is no contract to write.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// There is no next version.
    #[error(transparent)]
    NextVersion(#[from] NextVersionError),
    /// There is no base to review against.
    #[error("{folder} lies in no git repository, so there is nothing to review the files against")]
    NoRepository {
        /// The folder.
        folder: String,
    },
    /// Texts that cannot be compared.
    #[error(transparent)]
    Compare(#[from] ComparisonError),
    /// A working tree that cannot be compared with its base.
    #[error(transparent)]
    Base(#[from] BaseError),
    /// A document that cannot be converted.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// An existing file cannot take the change.
    #[error(transparent)]
    Edit(#[from] WorkspaceEditError),
}
