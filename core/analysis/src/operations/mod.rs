//! Operations: design and what follows it.
