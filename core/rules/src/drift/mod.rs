//! Rules about code that has moved away from the documents.

mod broken_promise;
mod consumer_not_seen;
mod foreign_key;
mod foreign_service;
mod missing_in_document;
mod not_provisioned;
mod other_attempts;
mod other_dead_letters;
mod other_fields;
mod other_group;
mod other_ordering;
mod other_partitions;
mod other_producer;
mod other_retention;
mod producer_not_seen;
mod retired_channel;
mod undocumented_channel;
mod unknown_code_pattern;
mod unlisted_consumer;
mod unpromised_channel;
mod unscanned_code;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &broken_promise::RULE,
    &consumer_not_seen::RULE,
    &foreign_key::RULE,
    &foreign_service::RULE,
    &missing_in_document::RULE,
    &not_provisioned::RULE,
    &other_attempts::RULE,
    &other_dead_letters::RULE,
    &other_fields::RULE,
    &other_group::RULE,
    &other_ordering::RULE,
    &other_partitions::RULE,
    &other_producer::RULE,
    &other_retention::RULE,
    &producer_not_seen::RULE,
    &retired_channel::RULE,
    &undocumented_channel::RULE,
    &unknown_code_pattern::RULE,
    &unlisted_consumer::RULE,
    &unpromised_channel::RULE,
    &unscanned_code::RULE,
];
