//! Whether a reader of one schema understands what was written with another: not built yet, and said so.

use archwright_syntax::Span;

use super::{Change, InvalidSchema, Pair, Place};

pub(super) fn compare(pair: &Pair<'_>) -> Result<Vec<Change>, InvalidSchema> {
    if pair.reader.text == pair.writer.text {
        return Ok(Vec::new());
    }
    let place = Place { version: pair.reader.index, span: Span::new(0, 0) };
    Err(InvalidSchema { place, message: "schemas in this language cannot be compared yet".to_owned() })
}
