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
        ("1.0.0", "1.0.0"),
        ("2020-01-02", "'2020-01-02'"),
        ("what, where {x}", "what, where {x}"),
        ("12:30", "'12:30'"),
        ("a: b", "'a: b'"),
        ("it's {x}", "it's {x}"),
        ("{x} it's", "'{x} it''s'"),
        ("a #b", "'a #b'"),
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
    assert_eq!(
        written,
        "z:\n  q: '1'\n  # above\n  b: # at the key\n    c: |\n      x\n        y\n    d: [1, # in\n      2] # behind"
    );
    let moved = Value::List(vec![Value::Node(entry.value)]);
    assert_eq!(
        Printer::new(&style, &BTreeMap::new()).value(&moved, "    "),
        "- c: |\n        x\n          y\n      d: [1, # in\n        2] # behind"
    );
}

#[test]
fn json_keeps_its_layout() {
    let tree = parse("{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  }\n}\n", Format::Json);
    let style = Style::of(&tree);
    let value =
        Value::Map(vec![Pair::new("x", Value::Map(vec![Pair::kept(tree.root().unwrap().entry("a").unwrap())]))]);
    let written = Printer::new(&style, &BTreeMap::new()).value(&value, "");
    assert_eq!(written, "{\n  \"x\": {\n    \"a\": {\n      \"b\": [\n        1\n      ]\n    }\n  }\n}");
}

/// A document after additions to the mapping at a pointer.
fn added(text: &str, format: Format, pointer: &str, additions: &[super::Addition<'_>]) -> String {
    let tree = parse(text, format);
    let edits =
        super::add(&Printer::new(&Style::of(&tree), &BTreeMap::new()), tree.pointer(pointer).unwrap(), additions)
            .unwrap();
    crate::TextEdits::new(edits).unwrap().apply(text).unwrap()
}

fn two(before: Option<&str>) -> [super::Addition<'_>; 2] {
    [
        (Pair::new("x", Value::text("1")), before),
        (Pair::new("v", Value::Map(vec![Pair::new("z", Value::List(vec![Value::text("w")]))])), before),
    ]
}

#[test]
fn pairs_are_added_in_the_manner_of_the_mapping() {
    let yaml = |text: &str, pointer: &str, before| added(text, Format::Yaml, pointer, &two(before));
    assert_eq!(
        yaml("a:\n  b: 1 # c\n  d: 2 # e\n# f\ng: 3\n", "/a", None),
        "a:\n  b: 1 # c\n  d: 2 # e\n  x: '1'\n  v:\n    z:\n      - w\n# f\ng: 3\n"
    );
    assert_eq!(
        yaml("a:\n  b: 1\n  # of d\n  d: 2", "/a", Some("d")),
        "a:\n  b: 1\n  x: '1'\n  v:\n    z:\n      - w\n  # of d\n  d: 2"
    );
    assert_eq!(
        yaml("- b: |\n    text\n\n- c: 1\n", "/0", None),
        "- b: |\n    text\n  x: '1'\n  v:\n    z:\n      - w\n\n- c: 1\n"
    );
    assert_eq!(yaml("- b: 1\n", "/0", Some("b")), "- x: '1'\n  v:\n    z:\n      - w\n  b: 1\n");
    assert_eq!(yaml("a: { b: 1 }\n", "/a", None), "a: { b: 1, x: '1', v: { z: [w] } }\n");
    assert_eq!(yaml("a: { b: 1 }\n", "/a", Some("b")), "a: { x: '1', v: { z: [w] }, b: 1 }\n");
    assert_eq!(yaml("a: {}\nb: 1\n", "/a", None), "a:\n  x: '1'\n  v:\n    z:\n      - w\nb: 1\n");
    assert_eq!(yaml("a: # to do\nb: 1\n", "/a", None), "a: # to do\n  x: '1'\n  v:\n    z:\n      - w\nb: 1\n");
    assert_eq!(yaml("l: [{}]\n", "/l/0", None), "l: [{ x: '1', v: { z: [w] } }]\n");
}

#[test]
fn pairs_are_added_to_json() {
    let json = |text: &str, pointer: &str, before| added(text, Format::Json, pointer, &two(before));
    let text = "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n";
    assert_eq!(
        json(text, "/a", None),
        "{\n  \"a\": {\n    \"b\": 1,\n    \"x\": \"1\",\n    \"v\": {\n      \"z\": [\n        \"w\"\n      ]\n    \
        }\n  }\n}\n"
    );
    assert_eq!(json("{\"a\":{}}", "/a", None), "{\"a\":{\"x\":\"1\",\"v\":{\"z\":[\"w\"]}}}");
    assert_eq!(
        json("{ \"a\": { \"b\": 1 } }", "/a", Some("b")),
        "{ \"a\": { \"x\":\"1\", \"v\":{\"z\":[\"w\"]}, \"b\": 1 } }"
    );
    assert_eq!(
        json("{\n  \"a\": {}\n}", "/a", None),
        "{\n  \"a\": {\n    \"x\": \"1\",\n    \"v\": {\n      \"z\": [\n        \"w\"\n      ]\n    }\n  }\n}"
    );
}

#[test]
fn values_are_added_to_lists() {
    let appended = |text: &str, format| {
        let tree = parse(text, format);
        let style = Style::of(&tree);
        let values = [Value::text("x"), Value::Map(vec![Pair::new("v", Value::Plain("1".into()))])];
        let edits =
            super::append(&Printer::new(&style, &BTreeMap::new()), tree.pointer("/l").unwrap(), &values).unwrap();
        crate::TextEdits::new(edits).unwrap().apply(text).unwrap()
    };
    assert_eq!(appended("l:\n- a # c\nm: 1\n", Format::Yaml), "l:\n- a # c\n- x\n- v: 1\nm: 1\n");
    assert_eq!(appended("l: [a]\n", Format::Yaml), "l: [a, x, { v: 1 }]\n");
    assert_eq!(appended("l: []\n", Format::Yaml), "l:\n  - x\n  - v: 1\n");
    assert_eq!(appended("{ \"l\": [1] }", Format::Json), "{ \"l\": [1,\"x\",{\"v\":1}] }");
    assert_eq!(
        appended("{\n  \"l\": [\n    1\n  ]\n}", Format::Json),
        "{\n  \"l\": [\n    1,\n    \"x\",\n    {\n      \"v\": 1\n    }\n  ]\n}"
    );
}

#[test]
fn entries_are_taken_out() {
    let removed = |text: &str, format, pointer: &str, key: &str| {
        let tree = parse(text, format);
        let style = Style::of(&tree);
        let entry = tree.pointer(pointer).unwrap().entry(key).unwrap();
        let edit = super::remove(&Printer::new(&style, &BTreeMap::new()), entry).unwrap();
        crate::TextEdits::new(vec![edit]).unwrap().apply(text).unwrap()
    };
    let yaml = |text: &str, pointer: &str, key: &str| removed(text, Format::Yaml, pointer, key);
    assert_eq!(yaml("a:\n  b: 1 # c\n  d:\n    e: 2\nf: 3\n", "/a", "d"), "a:\n  b: 1 # c\nf: 3\n");
    assert_eq!(yaml("a:\n  b: 1 # c\n  d: 2\n", "/a", "b"), "a:\n  d: 2\n");
    assert_eq!(yaml("- a: 1\n  b: 2\n", "/0", "a"), "- b: 2\n");
    assert_eq!(yaml("a:\n  b: 1\n", "/a", "b"), "a: {}\n");
    assert_eq!(yaml("a: { b: 1, c: 2 }\n", "/a", "b"), "a: { c: 2 }\n");
    assert_eq!(yaml("a: { b: 1, c: 2 }\n", "/a", "c"), "a: { b: 1 }\n");
    assert_eq!(removed("{\n  \"a\": 1,\n  \"b\": 2\n}", Format::Json, "", "b"), "{\n  \"a\": 1\n}");
}

#[test]
fn a_value_gives_way_to_another() {
    let replaced = |text: &str, format, pointer: &str, value: &Value<'_>| {
        let tree = parse(text, format);
        let edit =
            super::replace(&Printer::new(&Style::of(&tree), &BTreeMap::new()), tree.pointer(pointer).unwrap(), value)
                .unwrap();
        crate::TextEdits::new(vec![edit]).unwrap().apply(text).unwrap()
    };
    let reference = Value::reference("#/x");
    let yaml = |text: &str, pointer: &str| replaced(text, Format::Yaml, pointer, &reference);
    assert_eq!(yaml("a: # c\n  b: 1 # d\ne: 2\n", "/a"), "a: # c\n  $ref: '#/x' # d\ne: 2\n");
    assert_eq!(yaml("a: { b: 1 }\n", "/a"), "a:\n  $ref: '#/x'\n");
    assert_eq!(yaml("l:\n  - b: 1\n    c: 2\n  - 3\n", "/l/0"), "l:\n  - $ref: '#/x'\n  - 3\n");
    assert_eq!(yaml("l: [{ b: 1 }, 3]\n", "/l/0"), "l: [{ $ref: '#/x' }, 3]\n");
    assert_eq!(yaml("a: { b: { c: 1 } }\n", "/a/b"), "a: { b: { $ref: '#/x' } }\n");
    let json = replaced("{\n  \"a\": {\n    \"b\": 1\n  }\n}", Format::Json, "/a", &reference);
    assert_eq!(json, "{\n  \"a\": {\n    \"$ref\": \"#/x\"\n  }\n}");
}

proptest::proptest! {
    /// Moving any part of any document to any indentation keeps what it says.
    #[test]
    fn what_is_moved_says_the_same(doc in document(), indent in 0_usize..5, expand: bool) {
        let tree = parse(doc.as_str(), Format::Yaml);
        let Some(root) = tree.root().filter(|_| tree.errors().is_empty()) else { return Ok(()) };
        let style = Style::of(&tree);
        for entry in root.entries().chain(root.entries().flat_map(|it| it.value.entries())) {
            let changes = BTreeMap::new();
            let printer = if expand { Printer::new(&style, &changes).expanding() } else { Printer::new(&style, &changes) };
            let value = Value::Map(vec![Pair::new("new", Value::Map(vec![Pair::new("first", Value::List(vec![Value::Node(entry.value)])), Pair::kept(entry)]))]);
            let blanks = " ".repeat(indent);
            let written = format!("{blanks}{}\n", printer.value(&value, &blanks));
            let again = parse(written.as_str(), Format::Yaml);
            let is_sound = again.errors().iter().all(|it| matches!(it.kind, crate::data::SyntaxErrorKind::DuplicateAnchor));
            proptest::prop_assert!(is_sound, "{:?}\n{written}", again.errors());
            let json = |it: crate::data::Node<'_>| it.to_json(10_000);
            let key = crate::pointer::escape(entry.key);
            proptest::prop_assert_eq!(again.pointer(&format!("/new/{key}")).and_then(json), json(entry.value), "{}", &written);
            proptest::prop_assert_eq!(again.pointer("/new/first/0").and_then(json), json(entry.value), "{}", &written);
        }
    }
}

/// YAML documents of many layouts.
fn document() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let scalar = prop_oneof![
        Just("1".to_owned()),
        Just("'it''s'".to_owned()),
        Just("\"a\\nb\"".to_owned()),
        Just("plain text # comment".to_owned()),
        Just("{ a: [1, 2], b: { c: 'x' } }".to_owned()),
        Just("[x,\n      y]".to_owned()),
        Just("&anchor v".to_owned()),
        Just(String::new()),
        Just("|\n      block\n        of text".to_owned()),
        Just(">-\n      folded\n      text".to_owned()),
        Just("\n      - 1\n      - a: 2\n        b: 3 # c".to_owned()),
        Just("\n      # inner\n      k: v\n\n      l: w".to_owned()),
        Just("- nested".to_owned()),
        Just("!!str 12".to_owned()),
    ];
    let inner = prop::collection::vec(("[a-c]{1,3}", scalar), 1..4).prop_map(|pairs| {
        let mut seen = std::collections::HashSet::new();
        pairs
            .into_iter()
            .filter(|it| seen.insert(it.0.clone()))
            .map(|(key, value)| format!("    {key}: {value}\n"))
            .collect::<Vec<_>>()
            .concat()
    });
    prop::collection::vec(inner, 1..4).prop_map(|all| {
        all.iter().enumerate().map(|(at, it)| format!("# of {at}\nkey{at}:\n{it}")).collect::<Vec<_>>().concat()
    })
}
