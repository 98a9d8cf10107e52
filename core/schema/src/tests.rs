//! Finding fields by the names people write, and any text at all.

use proptest::prelude::*;

use super::*;

fn order() -> Shape {
    let text = "
properties:
  order_id: { type: string }
  customer: { properties: { id: {}, order_id: {} } }
  lines: { items: { properties: { sku: {}, id: {} } } }
";
    shape(text, Language::JsonSchema)
}

#[test]
fn fields_are_found_by_path_by_unique_name_and_inside_the_content() {
    let shape = order();
    let path = |name: &str| shape.field(name).map(|it| it.path.as_str());
    assert_eq!(path("order_id"), Some("order_id"), "the exact path wins over other leaves");
    assert_eq!(path("customer.id"), Some("customer.id"));
    assert_eq!(path("lines[].sku"), Some("lines[].sku"));
    assert_eq!(path("lines.sku"), Some("lines[].sku"));
    assert_eq!(path("sku"), Some("lines[].sku"));
    assert_eq!(path("id"), None, "which one?");
    assert_eq!(path("data.order_id"), Some("order_id"));
    assert_eq!(path("$.customer.id"), Some("customer.id"));
    assert_eq!(path("orderId"), None);
    assert!(!shape.has_field(""));
}

#[test]
fn the_nearest_field_is_the_one_that_was_meant() {
    let shape = order();
    let path = |name: &str| shape.nearest_field(name).map(|it| it.path.as_str());
    assert_eq!(path("orderId"), Some("order_id"));
    assert_eq!(path("oder_id"), Some("order_id"));
    assert_eq!(path("customerId"), Some("customer.id"));
    assert_eq!(path("warehouse"), None);
    assert_eq!(path(""), None);
}

#[test]
fn the_language_is_told_by_the_name() {
    assert_eq!(Language::of_path("schemas/a.v1.JSON"), Some(Language::JsonSchema));
    assert_eq!(Language::of_path("a.avsc"), Some(Language::Avro));
    assert_eq!(Language::of_path("a/b.proto"), Some(Language::Protobuf));
    assert_eq!(Language::of_path("json"), None);
}

/// Pieces that schemas are made of, so that random texts get beyond the first error.
const PIECES: [&str; 36] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"type\"",
    "\"object\"",
    "\"properties\"",
    "\"$ref\"",
    "\"#\"",
    "\"#/a\"",
    "\"a\"",
    "\"items\"",
    "\"allOf\"",
    "\"record\"",
    "\"name\"",
    "\"fields\"",
    "\"array\"",
    "\"required\"",
    "\n",
    " ",
    "message ",
    "A ",
    "string ",
    "b = 1;",
    "repeated ",
    "map<string, A> ",
    "// é\n",
    "/* ü */",
    "oneof ",
    "optional ",
    "syntax = \"proto3\";",
    "\r\n",
    "enum ",
    "é",
];

proptest! {
    #[test]
    fn any_text_has_a_shape(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        noise in "\\PC{0,8}",
    ) {
        let text = pieces.concat() + &noise;
        for language in [Language::JsonSchema, Language::Avro, Language::Protobuf] {
            let verified = shape(&text, language).verify(&text);
            prop_assert!(verified.is_ok(), "{verified:?}: {text:?}");
        }
    }
}

#[test]
fn the_sample_schemas_have_their_keys_as_fields() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/workspaces/shop/docs/features");
    for (file, fields) in [
        ("order-checkout/schemas/orders.placed.v1.json", &["order_id", "lines[].sku", "data.order_id"][..]),
        ("order-checkout/schemas/orders.cancelled.v1.json", &["order_id"][..]),
        ("payment-capture/schemas/payments.captured.v1.avsc", &["order_id", "capture_id"][..]),
    ] {
        let shape =
            shape(&std::fs::read_to_string(format!("{root}/{file}")).unwrap(), Language::of_path(file).unwrap());
        assert_eq!(shape.diagnostics, [], "{file}");
        assert!(fields.iter().all(|it| shape.has_field(it)), "{file}: {:?}", shape.fields);
    }
}

/// A schema with so many fields, in each language.
fn wide(fields: usize) -> [(Language, String); 3] {
    let joined = |part: fn(usize) -> String, joint: &str| (0..fields).map(part).collect::<Vec<_>>().join(joint);
    let avro = joined(|it| format!("{{\"name\": \"f{it}\", \"type\": \"string\"}}"), ",");
    [
        (Language::JsonSchema, format!("properties:\n{}", joined(|it| format!("  f{it}: {{}}\n"), ""))),
        (Language::Avro, format!("{{\"type\": \"record\", \"name\": \"R\", \"fields\": [{avro}]}}")),
        (
            Language::Protobuf,
            format!("syntax = \"proto3\"; message M {{ {} }}", joined(|it| format!("string f{it} = {};", it + 1), " ")),
        ),
    ]
}

#[test]
fn a_shape_that_leaves_fields_out_says_so() {
    for (fields, is_whole) in [(5_000, true), (5_001, false)] {
        for (language, text) in wide(fields) {
            let shape = shape(&text, language);
            assert_eq!((shape.is_whole, shape.fields.len()), (is_whole, 5_000), "{language:?}");
        }
    }
}

#[test]
fn all_mistakes_of_a_schema_are_told() {
    let types = (0..3_000).map(|it| format!("  p{it}: {{ type: strng }}\n")).collect::<Vec<_>>().concat();
    let told = |text: &str, language| check::diagnostics(text, language, None, &mut check::Alone).len();
    assert_eq!(told(&format!("properties:\n{types}"), Language::JsonSchema), 3_000);
    let fields: Vec<_> = (0..3_000).map(|it| format!("{{\"name\": \"f{it}\", \"type\": {it}}}")).collect();
    let record = format!("{{\"type\": \"record\", \"name\": \"R\", \"fields\": [{}]}}", fields.join(","));
    assert_eq!(told(&record, Language::Avro), 3_000);
}
