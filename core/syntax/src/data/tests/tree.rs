//! Finding one's way in a tree.

use super::{Format, parse};
use crate::data::PathSegment;

const TEXT: &str = "info:\n  title: Orders\n  tags: [a, b]\npaths:\n  /a~b: {get: }\nlast:\n";

#[test]
fn formats_by_name() {
    let formats = ["a/b.yaml", "B.YML", "c\\d.json", "e.avsc", "f.proto", "yaml", "x.json/y"].map(Format::of_path);
    assert_eq!(
        formats,
        [Some(Format::Yaml), Some(Format::Yaml), Some(Format::Json), Some(Format::Json), None, None, None]
    );
}

#[test]
fn pointers_escape_and_lead_back() {
    let tree = parse(TEXT, Format::Yaml);
    let get = tree.pointer("/paths/~1a~0b/get").unwrap();
    assert_eq!(get.path(), [PathSegment::Key("paths"), PathSegment::Key("/a~b"), PathSegment::Key("get")]);
    assert_eq!(get.pointer(), "/paths/~1a~0b/get");
    assert_eq!(tree.pointer(""), tree.root());
    assert_eq!(tree.pointer("/info/tags/1").unwrap().as_str(), Some("b"));
    for nothing in ["info", "/", "/info/tags/01", "/info/tags/2", "/info/tags/+1", "/info/title/x"] {
        assert_eq!(tree.pointer(nothing), None, "{nothing}");
    }
}

#[test]
fn a_place_has_a_node_and_perhaps_a_key() {
    let tree = parse(TEXT, Format::Yaml);
    let at = |needle: &str, behind: usize| {
        let located = tree.node_at(TEXT.find(needle).unwrap() + behind).unwrap();
        (located.node.pointer(), located.key.map(|it| it.key))
    };
    assert_eq!(at("title", 2), ("/info/title".into(), Some("title")));
    assert_eq!(at("Orders", 6), ("/info/title".into(), None));
    assert_eq!(at("b]", 0), ("/info/tags/1".into(), None));
    assert_eq!(at("[a", 0), ("/info/tags".into(), None));
    assert_eq!(at("{get", 0), ("/paths/~1a~0b".into(), None));
    assert_eq!(at("get: ", 5), ("/paths/~1a~0b/get".into(), None));
    assert_eq!(at("  tags", 1), ("/info".into(), None));
}

#[test]
fn json_of_a_tree_has_a_budget() {
    let tree = parse("a: &a [1, 2]\nb: [*a, *a]\n", Format::Yaml);
    let root = tree.root().unwrap();
    assert_eq!(root.to_json(11), Some(serde_json::json!({"a": [1, 2], "b": [[1, 2], [1, 2]]})));
    assert_eq!(root.to_json(10), None);
}

#[test]
fn a_tree_of_a_large_mapping_finds_keys() {
    let text: String = (0..1_000).fold(String::new(), |all, it| all + &format!("k{it}: {it}\n"));
    let tree = parse(text, Format::Yaml);
    assert!((0..1_000).all(|it| tree.root().unwrap().get(&format!("k{it}")).unwrap().as_i64() == Some(it)));
}
