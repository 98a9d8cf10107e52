//! Findings with positions as people and programs read them.
