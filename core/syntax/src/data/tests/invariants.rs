//! What holds for every text, and how long any text takes.

use std::time::{Duration, Instant};

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::Value;

use super::{Format, Node, SyntaxErrorKind, parse};

/// Values that the printer of `serde_json` and the parser agree on.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e15f64..1e15).prop_map(Value::from),
        "[a-z:#{}\\[\\],&*!|>'\"%@` \\t\\n\\\\\u{85}\u{2028}é😀~0-9-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec(("[a-z<:# -]{0,6}", inner), 0..6).prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

/// Prints a value in block style with every string quoted as JSON quotes it.
fn block(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                out.extend(["\n", &pad, "-"]);
                block(item, indent + 2, out);
            }
        }
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                out.extend(["\n", &pad, &Value::from(key.as_str()).to_string(), ":"]);
                block(value, indent + 2, out);
            }
        }
        leaf => out.extend([" ", &leaf.to_string()]),
    }
}

fn pieces(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    vec(select(of), 0..40).prop_map(|it| it.concat())
}

const YAML: &[&str] = &[
    "a",
    "key",
    "b: ",
    "c:",
    "- ",
    "-",
    "? ",
    ": ",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    " ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "\"",
    "'",
    "&x ",
    "*x",
    "<<: ",
    "| ",
    ">-",
    "#",
    " # é\n",
    "@",
    "`",
    "{{ t }}",
    "!!str ",
    "!t ",
    "---\n",
    "...",
    "%YAML 1.2\n",
    "1",
    "é",
    "😀",
    "\\",
    "\\q",
    "\u{feff}",
    "\0",
    "null",
    "a: 1\n",
    "  b: 2\n",
    "- c\n",
    "x: [1, 2\n",
    "\"\\u12\"",
];

const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"a\"",
    "\"b\": ",
    "\"",
    "'",
    "\\",
    "\\u12",
    "\\ud800",
    "\n",
    " ",
    "\t",
    "1",
    "-",
    "01",
    "1.5e",
    "true",
    "nul",
    "// c",
    "/*",
    "*/",
    "é",
    "\u{feff}",
    "\0",
    "{\"k\": 1}",
    "[1, 2]",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 256 } else { 4096 }))]

    #[test]
    fn any_text_gives_a_sound_tree(text in any::<String>()) {
        for format in [Format::Yaml, Format::Json] {
            prop_assert_eq!(parse(text.as_str(), format).verify(), Ok(()));
        }
    }

    #[test]
    fn yaml_like_text_gives_a_sound_tree(text in pieces(YAML)) {
        prop_assert_eq!(parse(text.as_str(), Format::Yaml).verify(), Ok(()));
    }

    #[test]
    fn json_like_text_gives_a_sound_tree(text in pieces(JSON)) {
        for format in [Format::Yaml, Format::Json] {
            prop_assert_eq!(parse(text.as_str(), format).verify(), Ok(()));
        }
    }

    #[test]
    fn a_printed_value_reads_back(value in value()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            for format in [Format::Yaml, Format::Json] {
                let tree = parse(text.as_str(), format);
                prop_assert_eq!(tree.errors(), &[]);
                prop_assert_eq!(tree.verify(), Ok(()));
                prop_assert_eq!(tree.root().unwrap().to_json(1_000), Some(value.clone()));
            }
        }
    }

    #[test]
    fn a_value_printed_in_blocks_reads_back(value in value()) {
        let mut text = String::from("---");
        block(&value, 0, &mut text);
        text.push('\n');
        let tree = parse(text.as_str(), Format::Yaml);
        prop_assert_eq!(tree.errors(), &[]);
        prop_assert_eq!(tree.verify(), Ok(()));
        prop_assert_eq!(tree.root().unwrap().to_json(1_000), Some(value));
    }

    #[test]
    fn a_cut_or_damaged_document_keeps_what_is_whole(
        at in 0usize..200,
        junk in select(&["", "@", "[", "\"", "x", "- ", "\t", "{{ a }}", "k: v: w"][..]),
    ) {
        let before = "first: 1\nsecond:\n  inner: two\n";
        let after = "\nlast:\n  deep: [a, b]\nend: 9\n";
        let text = format!("{before}damaged: {junk}{after}");
        let tree = parse(text.as_str(), Format::Yaml);
        prop_assert_eq!(tree.verify(), Ok(()));
        for (pointer, source) in [("/first", "1"), ("/second/inner", "two"), ("/last/deep/1", "b"), ("/end", "9")] {
            prop_assert_eq!(tree.pointer(pointer).map(Node::source), Some(source));
        }
        let cut = text.get(..at).unwrap_or(&text);
        prop_assert_eq!(parse(cut, Format::Yaml).verify(), Ok(()));
    }
}

#[test]
fn hostile_texts_take_bounded_time() {
    let bomb = |width: usize| {
        let alias = |it: usize| vec![format!("*a{it}"); width].join(", ");
        (1..40)
            .map(|it| format!("a{it}: &a{it} [{}]\n", alias(it - 1)))
            .fold("a0: &a0 [x, x]\n".to_owned(), |all, it| all + &it)
    };
    let merges = (1..5_000)
        .map(|it| format!("a{it}: &a{it}\n  <<: *a{}\n  k{it}: v\n", it - 1))
        .fold("a0: &a0 {k: v}\n".to_owned(), |all, it| all + &it);
    // A mebibyte, or less where the code is not optimized.
    let size = if cfg!(debug_assertions) { 1 << 17 } else { 1 << 20 };
    let texts = [
        "[".repeat(size),
        "x: ".to_owned() + &"[".repeat(size),
        "[".repeat(10_000) + &"]".repeat(10_000),
        "x: ".to_owned() + &"[".repeat(10_000) + &"]".repeat(10_000),
        "{\"a\":".repeat(100_000),
        "- ".repeat(size / 2),
        "? ".repeat(size / 2),
        "a: &a ".to_owned() + &"[*a, ".repeat(100_000),
        "[}".repeat(200_000) + &" ".repeat(200_000),
        "key\nb: [\n".repeat(20_000),
        "\ta: 1\n".repeat(20_000),
        "a: \"\n".repeat(20_000),
        "a: *u\n".repeat(20_000),
        "a: [\n]\n".repeat(20_000),
        "x".repeat(10 * size),
        "a: \"".to_owned() + &"x ".repeat(5 * size) + "\"",
        bomb(10),
        merges,
    ];
    let limit = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 3 });
    for text in texts {
        for format in [Format::Yaml, Format::Json] {
            let start = Instant::now();
            let tree = parse(text.as_str(), format);
            let shown: String = text.chars().take(30).collect();
            assert!(start.elapsed() < limit, "{shown:?} took {:?}", start.elapsed());
            // A walk ends, too.
            let _ = tree.root().map(|it| it.to_json(1 << 22).is_some());
        }
    }
}

#[test]
fn limits_are_errors_with_a_place() {
    let deep = format!("a: 1\nb: {}1{}\nc: 2\n", "[".repeat(300), "]".repeat(300));
    let tree = parse(deep, Format::Yaml);
    assert_eq!(
        tree.errors().iter().map(|it| (it.kind, it.span.start)).collect::<Vec<_>>(),
        [(SyntaxErrorKind::DepthLimit, 8 + 255)]
    );
    assert_eq!(tree.pointer("/c").unwrap().as_i64(), Some(2));

    let deep = format!("{{\"b\": {}1{}, \"c\": 2}}", "[".repeat(10_000), "]".repeat(10_000));
    let tree = parse(deep, Format::Json);
    assert_eq!(
        tree.errors().iter().map(|it| (it.kind, it.span.start)).collect::<Vec<_>>(),
        [(SyntaxErrorKind::DepthLimit, 6 + 511)]
    );
    assert_eq!(tree.pointer("/c").unwrap().as_i64(), Some(2));

    let chain = (1..600)
        .map(|it| format!("a{it}: &a{it} [*a{}]\n", it - 1))
        .fold("a0: &a0 [x]\n".to_owned(), |all, it| all + &it);
    assert_eq!(parse(chain, Format::Yaml).errors()[0].kind, SyntaxErrorKind::DepthLimit);
}

/// Texts that once gave a tree that was not sound.
#[test]
fn what_was_read_past_lies_in_its_mapping() {
    for text in ["!!str \n\"\\u12\"a: 1\n!!str : aaa", "!!str \n\"\\q\"a: 1\n? b\n"] {
        assert_eq!(parse(text, Format::Yaml).verify(), Ok(()), "{text:?}");
    }
}

#[test]
fn a_tag_or_an_anchor_of_the_next_node_is_its_own() {
    for text in ["? !!str #%YAML 1.2\n!!str : a", "? &a\n&b : c", "? &a !!str\n!!str &b : c", "- !!str\n- !!str b"] {
        assert_eq!(parse(text, Format::Yaml).verify(), Ok(()), "{text}");
    }
}
