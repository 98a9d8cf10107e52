//! Rules of the `drift` family.
