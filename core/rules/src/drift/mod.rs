//! Rules about code that has moved away from the documents.

mod broken_promise;
mod foreign_key;
mod foreign_service;
mod retired_channel;
mod undocumented_channel;
mod unknown_code_pattern;
mod unscanned_code;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &broken_promise::RULE,
    &foreign_key::RULE,
    &foreign_service::RULE,
    &retired_channel::RULE,
    &undocumented_channel::RULE,
    &unknown_code_pattern::RULE,
    &unscanned_code::RULE,
];
