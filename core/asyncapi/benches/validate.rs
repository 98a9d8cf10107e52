//! How fast an AsyncAPI document of about a megabyte is parsed and checked, part by part.

use archwright_asyncapi::{NoDocuments, Part, validate, validate_part};
use archwright_syntax::data::{Format, Tree, parse};
use divan::{AllocProfiler, Bencher, black_box, counter::BytesCount};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// How often each part of the document is repeated.
const CHANNELS: usize = 700;

fn main() {
    divan::main();
}

/// Channels, operations, messages with headers and examples, and schemas with defaults and examples.
fn document() -> String {
    let channel = |at: usize| {
        format!(
            "  orders{at}:\n    address: shop.orders.{at}.{{region}}\n    parameters:\n      region:\n        enum: \
            [eu, us]\n        default: eu\n    servers:\n      - $ref: '#/servers/production'\n    messages:\n      \
            placed:\n        $ref: '#/components/messages/placed{at}'\n"
        )
    };
    let operation = |at: usize| {
        format!(
            "  place{at}:\n    action: send\n    summary: Place order {at}.\n    channel:\n      $ref: \
            '#/channels/orders{at}'\n    messages:\n      - $ref: '#/channels/orders{at}/messages/placed'\n"
        )
    };
    let message = |at: usize| {
        format!(
            "    placed{at}:\n      name: placed{at}\n      contentType: application/json\n      traits:\n        - \
            $ref: '#/components/messageTraits/common'\n      payload:\n        $ref: \
            '#/components/schemas/order{at}'\n      examples:\n        - headers: {{ correlation-id: c{at} \
            }}\n          payload:\n            id: o{at}\n            amount: {at}.5\n            currency: \
            EUR\n            lines:\n              - {{ sku: a{at}, count: 2 }}\n              - {{ sku: b{at}, count: \
            1 }}\n"
        )
    };
    let schema = |at: usize| {
        format!(
            "    order{at}:\n      type: object\n      required: [id, amount]\n      properties:\n        \
            id:\n          type: string\n          pattern: '^o[0-9]+$'\n          examples: [o{at}]\n        \
            amount:\n          type: number\n          minimum: 0\n        currency:\n          type: \
            string\n          enum: [EUR, USD, GBP]\n          default: EUR\n        lines:\n          type: \
            array\n          items:\n            $ref: '#/components/schemas/line'\n        note:\n          type: \
            string\n          description: Free text note of order {at}.\n      additionalProperties: false\n"
        )
    };
    let all = |part: &dyn Fn(usize) -> String| (0..CHANNELS).fold(String::new(), |all, at| all + &part(at));
    [
        "asyncapi: 3.0.0\ninfo:\n  title: Orders\n  version: 1.0.0\ndefaultContentType: application/json\n\
        servers:\n  production:\n    host: broker.shop.example:9092\n    protocol: kafka\nchannels:\n",
        &all(&channel),
        "operations:\n",
        &all(&operation),
        "components:\n  messageTraits:\n    common:\n      headers:\n        type: object\n        \
        properties:\n          correlation-id:\n            type: string\n  messages:\n",
        &all(&message),
        "  schemas:\n    line:\n      type: object\n      required: [sku]\n      properties:\n        sku:\n          \
        type: string\n        count:\n          type: integer\n          minimum: 1\n",
        &all(&schema),
    ]
    .concat()
}

#[divan::bench]
fn parsing(bencher: Bencher) {
    let text = document();
    bencher.counter(BytesCount::of_str(&text)).bench(|| parse(black_box(text.as_str()), Format::Yaml));
}

fn part(bencher: Bencher, run: impl Fn(&Tree) -> usize + Sync) {
    let text = document();
    let tree = parse(text.as_str(), Format::Yaml);
    assert_eq!(validate_part(&tree, &NoDocuments, Part::Structure), 0, "the document is sound");
    assert_eq!(validate_part(&tree, &NoDocuments, Part::Content), 0, "the examples fit");
    bencher.counter(BytesCount::of_str(&text)).bench(|| run(black_box(&tree)));
}

#[divan::bench]
fn structure(bencher: Bencher) {
    part(bencher, |it| validate_part(it, &NoDocuments, Part::Structure));
}

#[divan::bench]
fn semantics(bencher: Bencher) {
    part(bencher, |it| validate_part(it, &NoDocuments, Part::Semantics));
}

#[divan::bench]
fn content(bencher: Bencher) {
    part(bencher, |it| validate_part(it, &NoDocuments, Part::Content));
}

#[divan::bench]
fn all_parts(bencher: Bencher) {
    part(bencher, |it| validate(it, &NoDocuments).len());
}
