//! Values as people write them in prose and tables: names, dates, retention times.

pub mod answer;
pub mod date;
pub mod file_name;
pub mod party;
pub mod quantity;
pub mod retention;
pub mod team;
pub mod value;
