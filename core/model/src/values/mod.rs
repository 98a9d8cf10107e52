//! Values as people write them in prose and tables: names, dates, retention times.

pub(crate) mod date;
pub(crate) mod file_name;
pub(crate) mod party;
pub(crate) mod quantity;
pub(crate) mod retention;
pub(crate) mod team;
pub(crate) mod value;
