//! Tests of writing.

use std::collections::BTreeMap;

use super::{Pair, Printer, Style, Value};
use crate::data::{Format, parse};

#[test]
fn the_manner_of_a_document_is_told_from_it() {
    let style = |text: &str, format| Style::of(&parse(text, format));
    let yaml = style("a:\n    b: \"x\"\nl:\n- 1\n", Format::Yaml);
    assert_eq!((yaml.step.as_str(), yaml.indents_items, yaml.quote), ("    ", false, '"'));
    let json = style("{\n\t\"a\": { \"b\": 1 }\n}\n", Format::Json);
    assert_eq!((json.step.as_str(), json.compact), ("\t", false));
    assert!(style("{\"a\":1}", Format::Json).compact);
    assert!(style("{\"a\":\r\n1}", Format::Yaml).json);
    assert_eq!(style("a:\r\n  b: 1\r\n", Format::Yaml).newline, "\r\n");
}

#[test]
fn texts_get_quotes_where_they_need_them() {
    let style = Style::plain(Format::Yaml);
    for (text, written) in [
        ("user/signedup", "user/signedup"),
        ("#/a", "'#/a'"),
        ("true", "'true'"),
        ("1.0", "'1.0'"),
        ("12:30", "'12:30'"),
        ("a: b", "'a: b'"),
        ("it's {x}", "'it''s {x}'"),
        ("two\nlines", "\"two\\nlines\""),
        ("", "''"),
        ("yes", "'yes'"),
    ] {
        assert_eq!(style.text(text), written);
    }
}

#[test]
fn kept_parts_keep_their_comments_and_move_to_the_new_indentation() {
    let text = "a:\n  # above\n  b: # at the key\n    c: |\n      x\n        y\n    d: [1, # in\n      2] # behind\n";
    let tree = parse(text, Format::Yaml);
    let style = Style::of(&tree);
    let entry = tree.pointer("/a").unwrap().entry("b").unwrap();
    let value = Value::Map(vec![Pair::new("z", Value::Map(vec![Pair::new("q", Value::text("1")), Pair::kept(entry)]))]);
    let written = Printer::new(&style, &BTreeMap::new()).value(&value, "");
    assert_eq!(written, "z:\n  q: '1'\n  # above\n  b: # at the key\n    c: |\n      x\n        y\n    d: [1, # in\n      2] # behind");
    let moved = Value::List(vec![Value::Node(entry.value)]);
    assert_eq!(
        Printer::new(&style, &BTreeMap::new()).value(&moved, "    "),
        "- c: |\n        x\n          y\n      d: [1, # in\n        2]"
    );
}

#[test]
fn json_keeps_its_layout() {
    let tree = parse("{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  }\n}\n", Format::Json);
    let style = Style::of(&tree);
    let value = Value::Map(vec![Pair::new("x", Value::Map(vec![Pair::kept(tree.root().unwrap().entry("a").unwrap())]))]);
    let written = Printer::new(&style, &BTreeMap::new()).value(&value, "");
    assert_eq!(written, "{\n  \"x\": {\n    \"a\": {\n      \"b\": [\n        1\n      ]\n    }\n  }\n}");
}
