//! Words of the domain that everything above shares: paths, kinds of files, keys, edits, dates, severities.
//!
//! **Invariant**: nothing here knows a convention, a file's content or the configuration.

pub mod date;
pub mod edit;
pub mod key;
pub mod kind;
pub(crate) mod language;
pub mod path;
pub mod severity;
