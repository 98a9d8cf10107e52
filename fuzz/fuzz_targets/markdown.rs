//! Any text is Markdown: parsing keeps every promise of the document about its spans, and no accessor panics.
#![no_main]

use archwright_syntax::markdown::{self, PlainNames};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let document = markdown::parse_with(text, &PlainNames::from_iter(["Date", "Last updated", "Status"]));
    if let Err(broken) = document.verify(text) {
        panic!("{broken}");
    }
    document.anchors(text);
    document.find_section(text, None, "status");
    for link in &document.links {
        markdown::decode_target(link.path(text));
    }
});
