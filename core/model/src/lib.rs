//! Words of the domain that everything above shares (paths, kinds of files, keys, edits, dates, severities), and what
//! may be known of one file: [`conventions`] say what a file is, [`values`] read what people write, [`facts`] are what
//! a text says.
//!
//! The folders are layers: the files beside this one know no folder, `conventions` and `values` only these files, and
//! `facts` all of it (ADR-0009).
//!
//! **Invariant**: facts are a pure function of a file's path, its text and the configuration; nothing reads a file.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

pub mod conventions;
pub mod date;
pub mod edit;
pub mod facts;
pub mod key;
pub mod kind;
pub mod language;
pub mod path;
pub mod severity;
pub mod values;

pub use conventions::{
    config::{self, Config},
    dialect, envelope, layout, profile, role, vocabulary,
};
pub use edit::{ContentHash, FileCreate, FileEdit, FilePreview, FileRename, WorkspaceEdit, WorkspaceEditError};
pub use key::{FileId, Key};
pub use kind::{Kind, UnknownKind};
pub use path::{RelPath, TextFile};
pub use severity::Severity;
