//! Avro schemas (specification 1.12): `types` reads them, for the fields of a message (`shape`), for mistakes and
//! values (`schema`), and for the comparison of versions.

pub(crate) mod logical;
mod names;
mod schema;
mod shape;
pub(crate) mod types;

pub use names::{avro_declared, avro_names};
pub(crate) use schema::ambiguous;
pub use schema::{AvroDiagnostic, AvroSchema};
pub(crate) use shape::shape;
