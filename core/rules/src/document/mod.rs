//! Rules about the inside of one document.

mod code_in_design;
mod duplicate_section;
mod empty_section;
mod hidden_placeholder;
mod impossible_concern;
mod invalid_date;
mod invalid_suppression;
mod missing_field;
mod missing_section;
mod mistyped_field;
mod open_placeholder;
mod overdue_question;
mod pseudonymised_erasure;
mod secret_in_text;
mod slip;
mod syntax_error;
pub(crate) mod template;
mod undecided_concerns;
mod unenforced_length;
mod unknown_status;
mod unknown_tier;
mod unowned_question;
mod unreadable;
mod unused_suppression;
mod vague_concern;
mod vague_owner;
mod vague_trigger;
mod wrong_arithmetic;
mod wrong_weekday;

use archwright_engine::Rule;

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &code_in_design::RULE,
    &duplicate_section::RULE,
    &empty_section::RULE,
    &hidden_placeholder::RULE,
    &impossible_concern::RULE,
    &invalid_date::RULE,
    &invalid_suppression::RULE,
    &missing_field::RULE,
    &missing_section::RULE,
    &mistyped_field::RULE,
    &open_placeholder::RULE,
    &overdue_question::RULE,
    &pseudonymised_erasure::RULE,
    &secret_in_text::RULE,
    &syntax_error::RULE,
    &undecided_concerns::RULE,
    &unenforced_length::RULE,
    &unknown_status::RULE,
    &unknown_tier::RULE,
    &unowned_question::RULE,
    &unreadable::RULE,
    &unused_suppression::RULE,
    &vague_concern::RULE,
    &vague_owner::RULE,
    &vague_trigger::RULE,
    &wrong_arithmetic::RULE,
    &wrong_weekday::RULE,
];
