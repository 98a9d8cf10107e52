//! Rules of the `sync` family.
