//! Any text is read as Protobuf: its shape and its problems lie inside of the text, and comparing it with itself finds
//! nothing.
#![no_main]

use archwright_schema::{breaking::{Category, SourceFile, breaking}, Language, notes, shape};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(broken) = shape(text, Language::Protobuf).verify(text) {
        panic!("{broken}");
    }
    notes(text, Language::Protobuf);
    let file = [SourceFile { path: "a.proto", text }];
    if let Ok(changes) = breaking(&file, &file, &Category::ALL) {
        assert_eq!(changes, []);
    }
});
