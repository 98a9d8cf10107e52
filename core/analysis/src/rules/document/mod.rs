//! Rules about the inside of one document.

pub mod code_in_design;
pub mod duplicate_section;
pub mod empty_section;
pub mod invalid_date;
pub mod invalid_suppression;
pub mod missing_field;
pub mod missing_section;
pub mod syntax_error;
pub(crate) mod template;
pub mod undecided_concerns;
pub mod unknown_status;
pub mod unreadable;
pub mod unused_suppression;
