//! Explanations of rules and patterns.
