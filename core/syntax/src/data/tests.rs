//! Tests of the trees.

use super::*;

#[test]
fn a_mapping_has_spans() {
    let tree = parse("a: 1\nb: [x, 'y']\n", Format::Yaml);
    assert_eq!(tree.pointer("/b/1").unwrap().source(), "'y'");
}
