//! Rules of the `decision` family.
