//! Any text is read as Avro: its shape and its problems lie inside of the text, and it can be compared with itself.
#![no_main]

use archwright_schema::{compatibility::{Mode, Profile, compare}, Language, notes, shape};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(broken) = shape(text, Language::Avro).verify(text) {
        panic!("{broken}");
    }
    notes(text, Language::Avro);
    let _ = compare(&[text], text, Language::Avro, Mode::Full, Profile::Confluent);
});
