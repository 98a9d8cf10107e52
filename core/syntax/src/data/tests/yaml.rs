//! YAML: values, spans, and what is left of the tree after a mistake.

use super::SyntaxErrorKind::{DuplicateAnchor, DuplicateKey, MergeTarget, UnknownAlias};
use super::{Format, parse, read, yaml};
use crate::data::{Kind, Node, ScalarStyle};

#[test]
fn plain_scalars_follow_the_core_schema() {
    let kinds = |text: &str| {
        let tree = parse(text, Format::Yaml);
        tree.root().unwrap().items().map(Node::kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds("[null, Null, ~, '~']\n"), [Kind::Null, Kind::Null, Kind::Null, Kind::String]);
    assert_eq!(
        kinds("[true, FALSE, yes, on, 'true']"),
        [Kind::Bool, Kind::Bool, Kind::String, Kind::String, Kind::String]
    );
    assert_eq!(
        kinds("[1, -0x1, 0x1F, 0o17, +12, 1_000]"),
        [Kind::Integer, Kind::String, Kind::Integer, Kind::Integer, Kind::Integer, Kind::String]
    );
    assert_eq!(kinds("[1.5, 1., .5, 1e3, -.inf, .nan]"), [Kind::Float; 6]);
    assert_eq!(kinds("[., e3, 1.2.3, 2024-01-02, 12:30, a-]"), [Kind::String; 6]);
    assert_eq!(
        kinds("- 1\n-\n- ''\n- !!str 1\n- !!int '1'\n"),
        [Kind::Integer, Kind::Null, Kind::String, Kind::String, Kind::Integer]
    );
}

#[test]
fn numbers_have_values() {
    let tree = parse("[0x1F, 0o17, -3, 9223372036854775808, 1e3, -.inf]", Format::Yaml);
    let items: Vec<_> = tree.root().unwrap().items().collect();
    assert_eq!(
        items.iter().map(|it| it.as_i64()).collect::<Vec<_>>(),
        [Some(31), Some(15), Some(-3), None, None, None]
    );
    assert_eq!(items[3].as_f64(), Some(9_223_372_036_854_775_808.0));
    assert_eq!(items[5].as_f64(), Some(f64::NEG_INFINITY));
    assert_eq!(
        tree.root().unwrap().to_json(9).unwrap().to_string(),
        r#"[31,15,-3,9223372036854775808,1000.0,"-.inf"]"#
    );
}

#[test]
fn spans_cover_quotes_brackets_and_block_indicators() {
    let text = "a: 'x'  # c\r\nb: |  # é\r\n  one\r\n  two\r\n\r\nc:\r\n- \"é \\\" ü\" # \"\r\n- [ 1, {k: v} ] # ]\r\n\
        d: two\r\n  words # c\r\n";
    let tree = parse(text, Format::Yaml);
    let source = |pointer: &str| tree.pointer(pointer).unwrap().source();
    assert_eq!(source("/a"), "'x'");
    assert_eq!(source("/b"), "|  # é\r\n  one\r\n  two");
    assert_eq!(source("/c/0"), r#""é \" ü""#);
    assert_eq!(source("/c/1"), "[ 1, {k: v} ]");
    assert_eq!(source("/c/1/1"), "{k: v}");
    assert_eq!(source("/c"), "- \"é \\\" ü\" # \"\r\n- [ 1, {k: v} ]");
    assert_eq!(source("/d"), "two\r\n  words");
    assert_eq!(tree.pointer("/b").unwrap().as_str(), Some("one\ntwo\n"));
    assert_eq!(tree.pointer("/b").unwrap().style(), ScalarStyle::Literal);
    assert!(tree.errors().is_empty());
}

#[test]
fn a_byte_order_mark_counts() {
    let text = "\u{feff}a: 1\nb: 2";
    let tree = parse(text, Format::Yaml);
    assert_eq!(tree.root().unwrap().entry("a").unwrap().key_span.of(text), "a");
    assert_eq!(tree.pointer("/b").unwrap().source(), "2");
}

#[test]
fn a_value_that_is_not_written_stands_behind_its_colon_or_dash() {
    let text = "a:   # c\nb:\n- \n-\n- x\n? c\nd: {e: , f}\ng: &n\n";
    let tree = parse(text, Format::Yaml);
    let at = |pointer: &str| tree.pointer(pointer).unwrap().span();
    for (pointer, before) in
        [("/a", "a:"), ("/b/0", "- \n-"), ("/c", "? c"), ("/d/e", "{e:"), ("/d/f", "f"), ("/g", "&n")]
    {
        let place =
            if pointer == "/b/0" { text.find("- \n").unwrap() + 1 } else { text.find(before).unwrap() + before.len() };
        assert_eq!(at(pointer), crate::Span::empty(place), "{pointer}");
    }
    assert!(tree.errors().is_empty());
}

#[test]
fn a_list_may_stand_at_its_key() {
    let tree = parse("a:\n- - 1\n  - 2\n- b: 3\nc: 4\n", Format::Yaml);
    assert_eq!(tree.pointer("/a").unwrap().source(), "- - 1\n  - 2\n- b: 3");
    assert_eq!(tree.pointer("/a/0").unwrap().source(), "- 1\n  - 2");
    assert_eq!(tree.pointer("/a/1").unwrap().source(), "b: 3");
}

#[test]
fn documents_are_roots() {
    assert_eq!(read("--- a\n--- |\n  b\n...\n---\n- c\n", Format::Yaml), [r#""a""#, r#""b\n""#, r#"["c"]"#]);
    assert!(parse("# nothing\n", Format::Yaml).root().is_none());
}

#[test]
fn an_alias_is_a_place_of_its_own_with_the_value_of_its_anchor() {
    let text = "a: &x\n  k: [1]\nb: *x\n";
    let tree = parse(text, Format::Yaml);
    let alias = tree.pointer("/b").unwrap();
    assert!(alias.is_alias());
    assert_eq!((alias.source(), alias.pointer().as_str()), ("*x", "/b"));
    assert_eq!(alias.alias_of(), tree.pointer("/a"));
    assert_eq!(tree.pointer("/b/k/0"), tree.pointer("/a/k/0"));
    assert_eq!(tree.pointer("/b/k/0").unwrap().pointer(), "/a/k/0");
    assert_eq!(tree.pointer("/a").unwrap().anchor_span().unwrap().of(text), "&x");
    assert_eq!(tree.pointer("/a").unwrap().source(), "k: [1]");
    yaml("&k key: v\nb: *k\nc: {*k : w}\n", r#"{"key":"v","b":"key","c":{"key":"w"}}"#, &[]);
}

#[test]
fn merge_keys_bring_entries_from_elsewhere() {
    let text = "d: &d {a: 1, b: 2}\ne:\n  <<: *d\n  b: 3\nf:\n  <<: [*d, {a: 8, z: 9}]\ng: {<<: {q: 1}, '<<': 2}\n";
    let tree = parse(text, Format::Yaml);
    assert_eq!(tree.errors(), []);
    let entries = |pointer: &str| {
        tree.pointer(pointer)
            .unwrap()
            .entries()
            .map(|it| format!("{}={}{}", it.key, it.value.source(), if it.merged { " merged" } else { "" }))
            .collect::<Vec<_>>()
    };
    assert_eq!(entries("/e"), ["b=3", "a=1 merged"]);
    assert_eq!(entries("/f"), ["a=1 merged", "b=2 merged", "z=9 merged"]);
    assert_eq!(entries("/g"), ["<<=2", "q=1 merged"]);
    assert_eq!(tree.pointer("/e/a").unwrap().pointer(), "/d/a");
    assert_eq!(tree.pointer("/e").unwrap().written_entries().map(|it| it.key).collect::<Vec<_>>(), ["<<", "b"]);
}

#[test]
fn mistakes_of_aliases_and_anchors_are_told_apart() {
    let kinds = |text: &str| {
        let tree = parse(text, Format::Yaml);
        assert_eq!(tree.verify(), Ok(()));
        tree.errors().iter().map(|it| (it.kind, it.span.of(text).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(kinds("a: 1\nb: *no\nc: 2\n"), [(UnknownAlias, "*no".into())]);
    assert_eq!(kinds("a: &a [*a]\n"), [(UnknownAlias, "*a".into())]);
    assert_eq!(kinds("--- &a x\n--- *a\n"), [(UnknownAlias, "*a".into())]);
    assert_eq!(kinds("a: &n 1\nb: &n 2\n"), [(DuplicateAnchor, "&n".into())]);
    assert_eq!(kinds("a: 1\n'a': 2\n"), [(DuplicateKey, "'a'".into())]);
    assert_eq!(kinds("a: {<<: 1}\n"), [(MergeTarget, "1".into())]);
}

#[test]
fn of_equal_keys_the_last_wins_and_both_are_entries() {
    let tree = parse("b: 0\na: 1\na: 2\n", Format::Yaml);
    let root = tree.root().unwrap();
    assert_eq!(root.get("a").unwrap().as_i64(), Some(2));
    assert_eq!(root.entries().count(), 3);
    assert_eq!(
        tree.errors()[0].message,
        "The key a stands here a second time: line 2 has it already. Rename or remove one of the two."
    );
}

#[test]
fn a_key_without_colon_is_a_key() {
    yaml("a: 1\nkey\nb: 2", r#"{"a":1,"key":null,"b":2}"#, &["key"]);
    yaml("a:\n  key\n  b: 2\nc: 3", r#"{"a":{"key":null,"b":2},"c":3}"#, &["key"]);
    yaml("a:\n  x: 1\n  key\nc: 3", r#"{"a":{"x":1,"key":null},"c":3}"#, &["key"]);
    yaml("a: 1\nkey  # half", r#"{"a":1,"key":null}"#, &["key"]);
    yaml("- a: 1\n  key\n- b: 2", r#"[{"a":1,"key":null},{"b":2}]"#, &["key"]);
    yaml("a: 1\nkey\n  b: 1\n  c: 2\nd: 3", r#"{"a":1,"key":{"b":1,"c":2},"d":3}"#, &["key"]);
    yaml("a: 1\nkey\n  - b\n  - c\nd: 3", r#"{"a":1,"key":["b","c"],"d":3}"#, &["key"]);
    yaml("c: 1\na:b\nd: 2", r#"{"c":1,"a":"b","d":2}"#, &["a:b"]);
}

#[test]
fn an_open_bracket_ends_with_its_line() {
    yaml("a: [x, y\nb: 2\nc: 3", r#"{"a":["x","y"],"b":2,"c":3}"#, &["["]);
    yaml("o:\n  a: [x, y # c\n  b: 2\nc: 3", r#"{"o":{"a":["x","y"],"b":2},"c":3}"#, &["["]);
    yaml("z: 0\na: {x: 1\nb: 2", r#"{"z":0,"a":{"x":1},"b":2}"#, &["{"]);
    yaml("a: [\n  1,\n  2\nb:\n  c: 1\nd: 2\n", r#"{"a":[1,2],"b":{"c":1},"d":2}"#, &["["]);
    yaml("a: [b: c, d: {e: f, g\nh: 1", r#"{"a":[{"b":"c"},{"d":{"e":"f","g":null}}],"h":1}"#, &["{"]);
    yaml("z: 0\na: [x.{y}.z\nb: 1", r#"{"z":0,"a":"[x.{y}.z","b":1}"#, &["[x.{y}.z"]);
    yaml("a: [x, y]]\nb: 1", r#"{"a":["x","y"],"b":1}"#, &["]"]);
}

#[test]
fn an_open_quote_ends_with_its_line() {
    yaml("z: 0\na: \"x\nb: 2\nc: 3", r#"{"z":0,"a":"x","b":2,"c":3}"#, &["\"x"]);
    yaml("a: 'x\nb: 2\nc: 'y'\nd: 1", r#"{"a":"x","b":2,"c":"y","d":1}"#, &["'x"]);
    yaml("a: \"x\nb: \"y\"\nc: 3", r#"{"a":"x","b":"y","c":3}"#, &["\"x"]);
    yaml("a: \"x\" y\nb: 1", r#"{"a":"\"x\" y","b":1}"#, &["\"x\" y"]);
}

#[test]
fn a_tab_counts_as_spaces() {
    yaml("z: 0\na:\n\tb: 1\nc: 2", r#"{"z":0,"a":{"b":1},"c":2}"#, &["\t"]);
    yaml("a:\n  x: 1\n\ty: 1\nc: 2", r#"{"a":{"x":1,"y":1},"c":2}"#, &["\t"]);
    yaml("a:\n\tb:\n\t\tc: 1\n\td: 2\ne: 3\n", r#"{"a":{"b":{"c":1},"d":2},"e":3}"#, &["\t"]);
}

#[test]
fn a_tab_may_part_a_key_from_its_value() {
    yaml("a:\t1\nb: 2\nc:\tx\td # e\n", r#"{"a":1,"b":2,"c":"x\td"}"#, &[]);
    yaml("a:\n  x:\t1\n  y: \t 2.0\n- b", r#"{"a":{"x":1,"y":2.0}}"#, &["- b"]);
    yaml("- a:\t1\n  b:\tc\n- d:\t\n    e: 1\n", r#"[{"a":1,"b":"c"},{"d":{"e":1}}]"#, &[]);
    yaml("a: \"x:\ty\"\nb: |\n  c:\td\ne:\t'f:\tg'\n", r#"{"a":"x:\ty","b":"c:\td\n","e":"f:\tg"}"#, &[]);
    let many: String = (0..3_000).flat_map(|at| ["k".to_owned(), at.to_string(), ":\tx\n".to_owned()]).collect();
    assert!(super::super::parse(many, super::super::Format::Yaml).errors().is_empty());
}

#[test]
fn a_line_of_wrong_indentation_joins_its_neighbors() {
    yaml("a:\n  x: 1\n   y: 2\n  z: 3\nc: 4", r#"{"a":{"x":1,"y":2,"z":3},"c":4}"#, &["y"]);
    yaml("a:\n   x: 1\n  y: 2\n   z: 3\nc: 4", r#"{"a":{"x":1,"y":2,"z":3},"c":4}"#, &["y"]);
    yaml("a:\n  x: 1\n    y: 2\n  z: 3\nc: 4", r#"{"a":{"x":1,"y":2,"z":3},"c":4}"#, &["y"]);
    yaml("a:\n    x:\n      y: 1\n  z:\n    w: 2\nc: 3", r#"{"a":{"x":{"y":1},"z":{"w":2}},"c":3}"#, &["z:"]);
    yaml("- a: 1\nb: 2\n- c: 3", r#"[{"a":1,"b":2},{"c":3}]"#, &["b"]);
}

#[test]
fn a_stranger_among_keys_or_items_is_left_out() {
    yaml("a: 1\n- \nb: 2", r#"{"a":1,"b":2}"#, &["-"]);
    yaml("o:\n  a: 1\n  - x\n  b: 2", r#"{"o":{"a":1,"b":2}}"#, &["- x"]);
    yaml("o:\n  - a\n  b: 1\n  - c\nz: 1", r#"{"o":["a","c"],"z":1}"#, &["b: 1"]);
}

#[test]
fn a_value_that_needs_quotes_is_text() {
    yaml("z: 0\na: b: c # d\ne: 1", r#"{"z":0,"a":"b: c","e":1}"#, &["b: c"]);
    yaml("z: 0\na: x:\nb: 1", r#"{"z":0,"a":"x:","b":1}"#, &["x:"]);
    yaml("z: 0\na: @x\nb: 1", r#"{"z":0,"a":"@x","b":1}"#, &["@x"]);
    yaml("z: 0\na: `it's`\nb: 1", r#"{"z":0,"a":"`it's`","b":1}"#, &["`it's`"]);
    yaml("a: {{ t }}\nb: 1", r#"{"a":"{{ t }}","b":1}"#, &["{{ t }}"]);
    yaml("a: {{ t }}-x\nb: 1", r#"{"a":"{{ t }}-x","b":1}"#, &["{{ t }}-x"]);
    yaml("a: [{{ t, u }}, @x]\nb: 1", r#"{"a":["{{ t, u }}","@x"],"b":1}"#, &["{{ t, u }}", "@x"]);
    yaml("a: %x\nb: 1", r#"{"a":"%x","b":1}"#, &["%x"]);
    yaml("a: &\nb: 1", r#"{"a":"&","b":1}"#, &["&"]);
    yaml("a: - x\nb: 1", r#"{"a":"- x","b":1}"#, &["- x"]);
    yaml("a: |x\n  z\nb: 1", r#"{"a":"|x","b":1}"#, &["|x"]);
    yaml("a: \"\\q \\u12\"\nb: 1", r#"{"a":"\\q \\u12","b":1}"#, &["\\q"]);
}

#[test]
fn several_mistakes_are_each_told() {
    yaml("a: @\nb: [1\nc: \"x\nd\ne: 5\n", r#"{"a":"@","b":[1],"c":"x","d":null,"e":5}"#, &["@", "[", "\"x", "d"]);
}

#[test]
fn a_closing_bracket_need_not_be_indented() {
    yaml("a: [\n  1,\n  2\n]\nb: {\n}\nc: |\n  [\n  ]\n", r#"{"a":[1,2],"b":{},"c":"[\n]\n"}"#, &[]);
    yaml("o:\n  a: [\n    1\n  ]\n  b: 2\n", r#"{"o":{"a":[1],"b":2}}"#, &[]);
}

#[test]
fn messages_say_what_is_wrong_and_what_to_do() {
    let message = |text: &str| parse(text, Format::Yaml).errors()[0].message.clone();
    assert_eq!(message("a: @x"), "A value cannot start with '@' outside of quotes. Put quotes around it.");
    assert_eq!(
        message("a: *x"),
        "No anchor `&x` stands before this alias. Define it above, or put quotes around the value if it is text."
    );
    assert_eq!(message("a: {b: 1\nc: 2"), "This `{` is never closed. Add the `}`.");
}

#[test]
fn of_very_many_mistakes_the_last_tells_how_many_more_there_are() {
    let errors = |count: usize| parse("same: 1\n".repeat(count + 1), Format::Yaml).errors().to_vec();
    assert_eq!(errors(499).len(), 499);
    assert!(errors(500).iter().all(|it| it.kind == DuplicateKey), "all of them fit");
    for count in [501, 3_000] {
        let errors = errors(count);
        assert_eq!(errors.len(), 500);
        let more = format!("From here on {} more mistakes are not listed; mend those before.", count - 499);
        assert_eq!(errors.last().unwrap().message, more);
    }
}

#[test]
fn anchors_that_are_defined_again_leave_room_for_mistakes() {
    let text = "- &a 1\n".repeat(2_000) + "- *b\n";
    assert!(parse(text, Format::Yaml).errors().iter().any(|it| it.kind == UnknownAlias));
}
