//! Rules about code that has moved away from the documents.

pub mod retired_channel;
pub mod undocumented_channel;
pub mod unknown_code_pattern;
