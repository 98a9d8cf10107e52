//! The server over an in-process pipe, one JSON line at a time, as clients of both eras speak to it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

mod budgets;
mod check;
mod client;
mod design;
mod explain;
mod fulfilment;
mod graph;
mod impact;
mod listing;
mod load;
mod protocol;
mod questions;
mod recommend;
mod resources;
mod scan;
mod walkthrough;
mod writing;
