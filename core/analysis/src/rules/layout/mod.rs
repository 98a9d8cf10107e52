//! Rules about the names and places of files.

pub mod adr_title_mismatch;
pub mod duplicate_adr_number;
pub mod invalid_slug;
mod kebab;
pub mod launch_date_mismatch;
pub mod malformed_adr_number;
pub mod missing_sibling;
