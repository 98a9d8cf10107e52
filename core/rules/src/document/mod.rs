//! Rules about the inside of one document.

mod broken_diagram;
mod code_in_design;
mod compound_pattern;
mod duplicate_section;
mod empty_cell;
mod empty_section;
mod hidden_placeholder;
mod impossible_concern;
mod invalid_date;
mod invalid_suppression;
mod long_tldr;
mod missing_column;
mod missing_field;
mod missing_section;
mod mistyped_field;
mod open_placeholder;
mod outdated_remark;
mod overcredited_tool;
mod overdue_question;
mod payload_in_contract;
mod pseudonymised_erasure;
mod register;
mod secret_in_text;
mod slip;
mod stale_review;
mod syntax_error;
pub(crate) mod template;
mod undecided_concerns;
mod unenforced_length;
mod unknown_status;
mod unknown_team;
mod unknown_tier;
mod unowned_question;
mod unreadable;
mod unused_suppression;
mod vague_concern;
mod vague_owner;
mod vague_trigger;
mod wrong_arithmetic;
mod wrong_rating;
mod wrong_total;
mod wrong_weekday;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &broken_diagram::RULE,
    &code_in_design::RULE,
    &compound_pattern::RULE,
    &duplicate_section::RULE,
    &empty_cell::RULE,
    &empty_section::RULE,
    &hidden_placeholder::RULE,
    &impossible_concern::RULE,
    &invalid_date::RULE,
    &invalid_suppression::RULE,
    &long_tldr::RULE,
    &missing_column::RULE,
    &missing_field::RULE,
    &missing_section::RULE,
    &mistyped_field::RULE,
    &open_placeholder::RULE,
    &outdated_remark::RULE,
    &overcredited_tool::RULE,
    &overdue_question::RULE,
    &payload_in_contract::RULE,
    &pseudonymised_erasure::RULE,
    &secret_in_text::RULE,
    &stale_review::RULE,
    &syntax_error::RULE,
    &undecided_concerns::RULE,
    &unenforced_length::RULE,
    &unknown_status::RULE,
    &unknown_team::RULE,
    &unknown_tier::RULE,
    &unowned_question::RULE,
    &unreadable::RULE,
    &unused_suppression::RULE,
    &vague_concern::RULE,
    &vague_owner::RULE,
    &vague_trigger::RULE,
    &wrong_arithmetic::RULE,
    &wrong_rating::RULE,
    &wrong_total::RULE,
    &wrong_weekday::RULE,
];
