//! Rules of the `configuration` family.
