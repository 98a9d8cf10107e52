//! The analysis as one: what the front ends know of the workspace, its rules, operations and editor features.
//!
//! - [`open`] opens and checks a workspace; [`Workspace::apply`] and [`Workspace::refresh`] keep it up to date.
//! - [`operations`] plans changes: a typed request in, a plan of edits out. [`writer`] writes them.
//! - [`features`] answers what editors ask: hover, completion, links and the rest.
//! - [`report`] makes findings ready to be shown; [`explain`] says what a rule, a pattern or a topic is about.
//!
//! The crates below are layers, and so are the folders in them (ADR-0009, ADR-0024): `model`, `engine`, `rules`,
//! `operations`, `ide`; `writer` knows `model` only. This one has no code of its own but the tests that need all.
//!
//! **Invariant**: no crate here knows an LSP or MCP type or prints, and only [`writer`] writes workspace files.
//! **Invariant**: rules and features read facts and the index; they never read files.

pub use archwright_engine::{
    Base, Change, Changed, CodeFinding, Context, DOCS_URL, Finding, Fix, Fixer, OpenError, OpenOptions, Progress,
    Registry, Related, Reporter, Root, Rule, Stage, Stamps, Workspace, cache, discover, git, index, page, report,
};
pub use archwright_ide as features;
pub use archwright_knowledge::{Skill, skills};
pub use archwright_model::{
    Config, ContentHash, FileCreate, FileEdit, FileId, FilePreview, FileRename, Key, Kind, RelPath, Severity,
    UnknownKind, WorkspaceEdit, WorkspaceEditError, config, date, dialect, edit, envelope, facts, key, kind, layout,
    path, profile, role, vocabulary,
};
pub use archwright_operations::{self as operations, explain};
pub use archwright_rules::{self as rules, authoring::skeleton, open};
pub use archwright_writer as writer;
