//! YAML and JSON.
