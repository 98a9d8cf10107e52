//! Rules about messages: what they carry, and what they are called in contracts, AsyncAPI documents and schemas.

pub mod missing_attribute;
pub mod name_mismatch;
pub(crate) mod names;
