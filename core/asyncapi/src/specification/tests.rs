//! Tests of the table and of finding places in it.

use archwright_syntax::data::{Format, PathSegment, parse};

use super::*;

#[test]
fn every_line_of_the_table_can_be_read() {
    let mut seen = 0;
    for text in [include_str!("schema.txt"), include_str!("objects.txt"), include_str!("bindings.txt")] {
        for line in
            text.lines().filter(|it| it.contains(" : ") && !it.starts_with("object ") && !it.starts_with("choose "))
        {
            seen += 1;
            assert!(line.ends_with('.'), "{line}: the meaning is a sentence");
        }
    }
    let fields: std::collections::HashSet<_> = VERSIONS
        .iter()
        .flat_map(|it| of(*it).unwrap().objects())
        .flat_map(ObjectType::fields)
        .map(|it| it.meaning.as_ptr())
        .collect();
    let schemas = 3;
    assert_eq!(fields.len(), seen - schemas, "each line is a field of some version");
    for version in VERSIONS {
        let table = of(version).unwrap();
        assert_eq!(table.objects.len(), table.by_name.len(), "{version:?}: each block can be read");
        for object in table.objects() {
            assert_eq!(table.named(object.name).unwrap().title, object.title);
            assert!(object.fields().iter().all(|it| object.field(it.name).is_some_and(|same| std::ptr::eq(it, same))));
        }
    }
}

#[test]
fn versions_differ() {
    assert!(of((2, 1)).unwrap().named("channel").unwrap().field("servers").is_none());
    assert!(of((2, 2)).unwrap().named("channel").unwrap().field("servers").is_some());
    assert!(of((2, 6)).unwrap().root().unwrap().field("channels").unwrap().required);
    assert!(!of((3, 0)).unwrap().root().unwrap().field("channels").unwrap().required);
    assert!(of((3, 1)).unwrap().named("ros2Operation").is_some());
    assert!(of((3, 0)).unwrap().named("ros2Operation").is_none());
    assert!(of((1, 2)).is_none());
}

#[test]
fn a_place_is_found_by_its_path() {
    let text = "\
asyncapi: 3.0.0
channels:
  placed:
    messages:
      Placed:
        payload: { type: object, properties: { id: { type: string } } }
components:
  securitySchemes:
    key: { type: apiKey, in: user }
";
    let tree = parse(text, Format::Yaml);
    let root = tree.root().unwrap();
    let name = |pointer: &str| {
        let path: Vec<_> = pointer.split('/').skip(1).map(PathSegment::Key).collect();
        object_at(root, &path).map(|it| it.name)
    };
    assert_eq!(name(""), Some("document"));
    assert_eq!(name("/channels"), None);
    assert_eq!(name("/channels/placed"), Some("channel"));
    assert_eq!(name("/channels/placed/messages/Placed"), Some("message"));
    assert_eq!(name("/channels/placed/messages/Placed/payload/properties/id"), Some("schema"));
    assert_eq!(name("/components/securitySchemes/key"), Some("apiKeyScheme"));
    assert_eq!(name("/components/nothing/key"), None);
    let path = [PathSegment::Key("operations"), PathSegment::Key("new"), PathSegment::Key("action")];
    assert_eq!(place_at(root, &path).unwrap().field.unwrap().values(), ["send", "receive"]);
}
