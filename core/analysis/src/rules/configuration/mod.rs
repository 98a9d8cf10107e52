//! Rules about `archwright.toml`.

pub mod invalid_setting;
