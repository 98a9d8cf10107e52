//! JSON: values, and what is left of the tree after a mistake.

use super::{Format, json, parse};
use crate::data::{Kind, Node};

#[test]
fn values_and_spans() {
    let text = " {\"a\\u00e9\": [1, -2.5e3, \"x\\n\\ud83d\\ude00\"], \"b\": {}, \"c\": null}\n";
    json(text, r#"{"aé":[1,-2500.0,"x\n😀"],"b":{},"c":null}"#, &[]);
    let tree = parse(text, Format::Json);
    assert_eq!(tree.root().unwrap().entry("aé").unwrap().key_span.of(text), r#""a\u00e9""#);
    assert_eq!(tree.pointer("/aé").unwrap().source(), r#"[1, -2.5e3, "x\n\ud83d\ude00"]"#);
    assert_eq!(tree.pointer("/b").unwrap().source(), "{}");
    json("\u{feff}1", "1", &[]);
    json("\"x\"", r#""x""#, &[]);
}

#[test]
fn a_trailing_comma_is_named() {
    json(r#"{"a": 1,}"#, r#"{"a":1}"#, &[","]);
    json("[1, 2,\n]", "[1,2]", &[","]);
    json("[1,,2]", "[1,2]", &[","]);
    json("[,]", "[]", &[","]);
}

#[test]
fn a_missing_comma_is_named_at_what_follows() {
    json(r#"{"a": 1 "b": 2}"#, r#"{"a":1,"b":2}"#, &["\""]);
    json("[1 22 {}]", "[1,22,{}]", &["22", "{"]);
}

#[test]
fn comments_are_named() {
    json("// x\n{\"a\": /* y */ 1} # z", r#"{"a":1}"#, &["// x", "/* y */", "# z"]);
}

#[test]
fn other_quotes_and_no_quotes_are_named() {
    json(r"{'a': 'it\'s'}", r#"{"a":"it's"}"#, &["'a'", r"'it\'s'"]);
    json(r#"{a: 1, "b": hello world, "c": 2}"#, r#"{"a":1,"b":"hello world","c":2}"#, &["a", "hello world"]);
    json("[True, None, NaN]", r#"["True","None","NaN"]"#, &["True", "None", "NaN"]);
}

#[test]
fn what_is_half_typed_leaves_the_rest() {
    json("{\n \"a\": 0,\n \"na\n \"b\": 1\n}", r#"{"a":0,"na":null,"b":1}"#, &["\"na"]);
    json("{\n \"a\": 0,\n \"na\"\n \"b\": 1\n}", r#"{"a":0,"na":null,"b":1}"#, &["\"na\""]);
    json("{\n \"a\": 0,\n \"na\":\n \"b\": 1\n}", r#"{"a":0,"na":null,"b":1}"#, &["\"na\""]);
    json("{\n \"a\": 0,\n \"na\": \"x,\n \"b\": 1\n}", r#"{"a":0,"na":"x","b":1}"#, &["\"x"]);
    json("{\"a\": [1, 2,\n \"b\": 3\n}", r#"{"a":[1,2],"b":3}"#, &["["]);
    json(r#"{"a":}"#, r#"{"a":null}"#, &["\"a\""]);
    json(r#"{"a" 1}"#, r#"{"a":1}"#, &["1"]);
}

#[test]
fn brackets_find_their_partners() {
    json(r#"{"a": [1, 2"#, r#"{"a":[1,2]}"#, &["{", "["]);
    json(r#"{"a": [1, 2}, "b": 3}"#, r#"{"a":[1,2],"b":3}"#, &["}"]);
    json(r#"{"a": {"b": 1}}, "c": 2}"#, r#"{"a":{"b":1},"c":2}"#, &["}"]);
    json(r#"{"a": 1]"#, r#"{"a":1}"#, &["]"]);
    json("[1]]", "[1]", &["]"]);
}

#[test]
fn strings_with_bad_parts_are_read() {
    json(r#"{"a": "\q \u12 \ud800", "b": 1}"#, "{\"a\":\"q \u{fffd} \u{fffd}\",\"b\":1}", &[r"\q", r"\u12", r"\ud800"]);
    json("[\"x\ty\"]", r#"["x\ty"]"#, &["\t"]);
}

#[test]
fn numbers_keep_their_kind() {
    json("[123456789012345678901234567890, 1e400, -0]", r#"[1.2345678901234568e+29,"1e400",0]"#, &[]);
    json("[01, .5, +1, 1., 0x1F]", "[1,0.5,1,1.0,31]", &["01", ".5", "+1", "1.", "0x1F"]);
    let tree = parse("[1, 1.0, 1e2]", Format::Json);
    let kinds: Vec<_> = tree.root().unwrap().items().map(Node::kind).collect();
    assert_eq!(kinds, [Kind::Integer, Kind::Float, Kind::Float]);
}

#[test]
fn text_around_the_value_is_named() {
    json("{\"a\": 1} x y\n", r#"{"a":1}"#, &["x y"]);
    let tree = parse("  ", Format::Json);
    assert!(tree.root().is_none());
    assert_eq!(tree.errors().len(), 1);
}
