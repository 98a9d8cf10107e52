//! Tests of the trees: what is read, what is repaired, and what always holds.

mod invariants;
mod json;
mod tree;
mod yaml;

use super::*;

/// The documents as one line of JSON each, then each error as `kind: text under its span`.
fn read(text: &str, format: Format) -> Vec<String> {
    let tree = parse(text, format);
    assert_eq!(tree.verify(), Ok(()), "{text:?}");
    let roots = tree.roots().map(|it| it.to_json(1_000).unwrap().to_string());
    let errors = tree.errors().iter().map(|it| format!("{:?}: {}", it.kind, it.span.of(text)));
    roots.chain(errors).collect()
}

/// Asserts that a YAML text reads as `value`, with an error of kind `Syntax` over each text of `faults`.
#[track_caller]
fn yaml(text: &str, value: &str, faults: &[&str]) {
    expect(text, Format::Yaml, value, faults);
}

/// The same for JSON.
#[track_caller]
fn json(text: &str, value: &str, faults: &[&str]) {
    expect(text, Format::Json, value, faults);
}

#[track_caller]
fn expect(text: &str, format: Format, value: &str, faults: &[&str]) {
    let faults = faults.iter().map(|it| format!("Syntax: {it}"));
    let expected: Vec<String> = [value.to_owned()].into_iter().chain(faults).collect();
    assert_eq!(read(text, format), expected, "{text}");
}
