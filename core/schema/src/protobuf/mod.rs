//! Protobuf files: read by our own parser, which knows proto2, proto3 and the editions.

pub(crate) mod check;
pub(crate) mod cursor;
pub(crate) mod known;
mod lexer;
mod options;
pub(crate) mod parser;
pub(crate) mod schema;
mod shape;
#[cfg(test)]
mod tests;
pub(crate) mod tree;

pub(crate) use shape::shape;
