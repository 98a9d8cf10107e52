//! Any text parses as YAML and as JSON, and every error stands inside the text.
#![no_main]

use archwright_syntax::data::{self, Format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for format in [Format::Yaml, Format::Json] {
        let tree = data::parse(text, format);
        for error in tree.errors() {
            assert!(text.get(error.span.range()).is_some(), "{error:?}");
        }
        for root in tree.roots() {
            assert!(text.get(root.span().range()).is_some(), "{:?}", root.span());
        }
    }
});
