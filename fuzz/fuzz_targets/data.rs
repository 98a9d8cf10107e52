//! Any text parses as YAML and as JSON: the tree keeps its promises about spans, order and limits, and no accessor
//! panics.
#![no_main]

use archwright_syntax::data::{self, Format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for format in [Format::Yaml, Format::Json] {
        let tree = data::parse(text, format);
        if let Err(broken) = tree.verify() {
            panic!("{broken}");
        }
        for root in tree.roots() {
            root.to_json(100_000);
        }
    }
});
