//! Rules of the `channel` family.
