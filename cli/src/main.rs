//! The `archwright` binary.
fn main() {}
