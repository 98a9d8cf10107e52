//! How fast YAML and JSON are parsed, and how often that allocates: an AsyncAPI-like document of about a megabyte.

use archwright_syntax::data::{self, Format};
use divan::{AllocProfiler, Bencher, black_box, counter::BytesCount};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// How often the part of a document is repeated.
const CHANNELS: usize = 4_000;

fn main() {
    divan::main();
}

fn yaml() -> String {
    let channel = |at: usize| {
        format!(
            "  channel{at}:\n    address: shop.orders.{at}.placed\n    title: Orders that were placed\n    \
            messages:\n      placed:\n        $ref: '#/components/messages/Placed{at}'\n    description: |\n      One \
            message for each order.\n      Keyed by customer.\n    bindings: {{kafka: {{partitions: {at}}}}}\n"
        )
    };
    (0..CHANNELS).fold("asyncapi: 3.0.0\nchannels:\n".to_owned(), |all, at| all + &channel(at))
}

fn json() -> String {
    let tree = data::parse(yaml(), Format::Yaml);
    let value = tree.root().and_then(|it| it.to_json(usize::MAX)).unwrap_or_default();
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn bench(bencher: Bencher, text: &str, format: Format) {
    bencher.counter(BytesCount::of_str(text)).bench(|| data::parse(black_box(text), format));
}

#[divan::bench]
fn yaml_of_a_megabyte(bencher: Bencher) {
    bench(bencher, &yaml(), Format::Yaml);
}

/// The parser's events alone, as the floor under the one above.
#[divan::bench]
fn events_of_a_megabyte(bencher: Bencher) {
    let text = yaml();
    bencher.counter(BytesCount::of_str(&text)).bench(|| saphyr_parser::Parser::new_from_str(black_box(&text)).count());
}

/// A mistake in the middle is read past.
#[divan::bench]
fn yaml_of_a_megabyte_with_a_half_typed_key(bencher: Bencher) {
    let text = yaml().replacen("  channel2000:\n", "  channel2000:\n    addr\n", 1);
    bench(bencher, &text, Format::Yaml);
}

#[divan::bench]
fn yaml_beyond_ascii_of_a_megabyte(bencher: Bencher) {
    bench(bencher, &yaml().replace("each order", "jede Bestellung, überall"), Format::Yaml);
}

#[divan::bench]
fn json_of_a_megabyte(bencher: Bencher) {
    bench(bencher, &json(), Format::Json);
}
