//! What a workspace agreed on: layouts, templates, envelopes, names and numbers, from a profile and `archwright.toml`.
//!
//! **Invariant**: conventions are data; nothing here reads an artifact or knows a rule.

pub mod config;
pub mod dialect;
pub mod envelope;
pub mod layout;
pub mod profile;
pub mod role;
pub mod unread;
pub mod vocabulary;
