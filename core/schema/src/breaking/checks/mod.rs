//! The checks behind the rules, grouped by what they look at.

pub(super) mod defaults;
pub(super) mod deletions;
pub(super) mod enums;
pub(super) mod fields;
pub(super) mod files;
pub(super) mod messages;
pub(super) mod ranges;
pub(super) mod services;
pub(super) mod strings;
pub(super) mod types;
