//! How fast a Markdown document is parsed, and how often that allocates.

use archwright_syntax::markdown;
use divan::{AllocProfiler, Bencher, black_box, counter::BytesCount};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// A design document of about 2 KB.
const SMALL: &str = include_str!("design.md");

fn main() {
    divan::main();
}

fn parse(bencher: Bencher, text: &str) {
    bencher.counter(BytesCount::of_str(text)).bench(|| markdown::parse(black_box(text)));
}

#[divan::bench]
fn two_kilobytes(bencher: Bencher) {
    parse(bencher, SMALL);
}

#[divan::bench]
fn two_hundred_kilobytes(bencher: Bencher) {
    parse(bencher, &SMALL.repeat(200 * 1024 / SMALL.len()));
}

/// The parser's events alone, as the floor under the two above.
#[divan::bench]
fn events_of_two_kilobytes(bencher: Bencher) {
    use pulldown_cmark::{Options, Parser};
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = || Parser::new_ext(black_box(SMALL), options).into_offset_iter().count();
    bencher.counter(BytesCount::of_str(SMALL)).bench(events);
}
