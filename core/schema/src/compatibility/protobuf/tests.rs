//! One small pair of files per kind of change, for each registry.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::{
    Language,
    compatibility::{Mode, Profile, Side, Source, compare, compare_sources},
};

/// Kind and path of each change, with what it stands on in the old and in the new file.
fn changes(old: &str, new: &str, profile: Profile) -> Vec<String> {
    let found = compare(&[old], new, Language::Protobuf, Mode::Backward, profile).unwrap();
    let show = |it: crate::compatibility::Change| {
        assert!(it.advice.is_some() && it.breaks == [Side::Backward]);
        let [was, is] = [(it.old, old), (it.new, new)].map(|(place, text)| place.map_or("-", |it| it.span.of(text)));
        format!("{} {} `{was}` `{is}`", it.kind, it.path)
    };
    found.into_iter().map(show).collect()
}

fn order(members: &str) -> String {
    format!("syntax = \"proto3\";\npackage shop;\nmessage Order {{ string id = 1; {members} }}\n")
}

const NONE: [&str; 0] = [];

#[test]
fn fields_come_and_go() {
    let (old, new) = (order(""), order("string note = 2;"));
    for profile in Profile::ALL {
        assert_eq!(changes(&old, &new, profile), NONE);
    }
    for profile in [Profile::Confluent, Profile::ConfluentLenient, Profile::Karapace] {
        assert_eq!(changes(&new, &old, profile), NONE);
    }
    assert_eq!(changes(&new, &old, Profile::Apicurio), ["FIELD_REMOVED_WITHOUT_RESERVATION Order.note `note` `Order`"]);
    assert_eq!(changes(&new, &order("reserved 2; reserved \"note\";"), Profile::Apicurio), NONE);
    assert_eq!(changes(&new, &order("reserved 1 to 9, \"note\";"), Profile::Apicurio), NONE);
}

#[test]
fn required_fields_neither_come_nor_go() {
    let of = |members: &str| format!("syntax = \"proto2\"; message Order {{ optional string id = 1; {members} }}");
    let (old, new) = (of(""), of("required string note = 2;"));
    assert_eq!(changes(&old, &new, Profile::Confluent), ["REQUIRED_FIELD_ADDED Order.note `-` `note`"]);
    assert_eq!(changes(&new, &old, Profile::Confluent), ["REQUIRED_FIELD_REMOVED Order.note `note` `Order`"]);
    assert_eq!(changes(&old, &new, Profile::Apicurio), ["REQUIRED_FIELD_ADDED Order.note `-` `note`"]);
    assert_eq!(changes(&old, &new, Profile::Karapace), NONE);
}

#[test]
fn numbers_read_numbers_of_the_same_kind() {
    let compatible = [
        ("int32", "uint64"),
        ("int64", "bool"),
        ("bool", "State"),
        ("sint32", "sint64"),
        ("string", "bytes"),
        ("fixed32", "sfixed32"),
        ("sfixed64", "fixed64"),
    ];
    for (was, is) in compatible {
        let of = |ty: &str| order(&format!("{ty} x = 2; enum State {{ OPEN = 0; }}"));
        assert_eq!(changes(&of(was), &of(is), Profile::Confluent), NONE, "{was} to {is}");
        assert_eq!(
            changes(&of(was), &of(is), Profile::Apicurio),
            [format!("FIELD_TYPE_CHANGED Order.x `{was}` `{is}`")]
        );
    }
    for (was, is) in
        [("int32", "sint32"), ("int32", "fixed32"), ("fixed32", "float"), ("fixed64", "double"), ("string", "int32")]
    {
        let (old, new) = (order(&format!("{was} x = 2;")), order(&format!("{is} x = 2;")));
        assert_eq!(
            changes(&old, &new, Profile::Confluent),
            [format!("FIELD_SCALAR_KIND_CHANGED Order.x `{was}` `{is}`")]
        );
        assert_eq!(changes(&old, &new, Profile::Karapace), [format!("FIELD_KIND_ALTER Order.x `{was}` `{is}`")]);
    }
}

#[test]
fn messages_and_maps_are_no_numbers() {
    let of = |ty: &str| order(&format!("{ty} x = 2; message Line {{ int32 at = 1; }}"));
    assert_eq!(changes(&of("int32"), &of("Line"), Profile::Confluent), ["FIELD_KIND_CHANGED Order.x `int32` `Line`"]);
    assert_eq!(changes(&of("int32"), &of("Line"), Profile::Karapace), ["FIELD_KIND_ALTER Order.x `int32` `Line`"]);
    assert_eq!(changes(&of("map<string, Line>"), &of("map<string, Order.Line>"), Profile::Confluent), NONE);
    let changed = ["FIELD_SCALAR_KIND_CHANGED Order.x `map<string, int32>` `map<int32, int32>`"];
    assert_eq!(changes(&of("map<string, int32>"), &of("map<int32, int32>"), Profile::Confluent), changed);
}

#[test]
fn labels_matter_to_numbers() {
    let of = |label: &str, ty: &str| order(&format!("{label} {ty} x = 2;"));
    let found = |was: &str, is: &str, ty: &str, profile| changes(&of(was, ty), &of(is, ty), profile).len();
    assert_eq!(
        changes(&of("optional", "int32"), &of("repeated", "int32"), Profile::Confluent),
        ["FIELD_NUMERIC_LABEL_CHANGED Order.x `int32` `int32`"]
    );
    assert_eq!(found("optional", "repeated", "string", Profile::Confluent), 0);
    assert_eq!(found("", "optional", "int32", Profile::Confluent), 0);
    assert_eq!(found("", "optional", "int32", Profile::Karapace), 1);
    assert_eq!(found("", "optional", "string", Profile::Karapace), 0);
    assert_eq!(found("", "optional", "string", Profile::Apicurio), 1);
}

#[test]
fn messages_stay_where_they_are() {
    let (old, new) = (order("message Line {} Line x = 2;"), order("message Row {} Row x = 2;"));
    assert_eq!(
        changes(&old, &new, Profile::Confluent),
        ["FIELD_NAMED_TYPE_CHANGED Order.x `Line` `Row`", "MESSAGE_REMOVED Order.Line `Line` `Order`"]
    );
    assert_eq!(changes(&old, &new, Profile::Karapace), ["MESSAGE_DROP Order.Line `Line` `Order`"]);
    let other = order("").replace("package shop;", "package store;");
    assert_eq!(
        changes(&order(""), &other, Profile::Confluent),
        ["PACKAGE_CHANGED store `package shop;` `package store;`"]
    );
    assert_eq!(changes(&order(""), &other, Profile::Karapace), NONE);
}

#[test]
fn a_oneof_may_not_part_what_stood_together() {
    let apart = order("string a = 2; string b = 3;");
    let one = order("string b = 3; oneof choice { string a = 2; }");
    let both = order("oneof choice { string a = 2; string b = 3; }");
    let none = order("oneof choice { string a = 2; }");
    assert_eq!(changes(&apart, &one, Profile::Confluent), NONE);
    assert_eq!(
        changes(&apart, &both, Profile::Confluent),
        ["MULTIPLE_FIELDS_MOVED_TO_ONEOF Order.choice `a` `choice`"]
    );
    assert_eq!(changes(&one, &both, Profile::Confluent), ["FIELD_MOVED_TO_EXISTING_ONEOF Order.choice `b` `choice`"]);
    assert_eq!(changes(&both, &none, Profile::Confluent), ["ONEOF_FIELD_REMOVED Order.b `b` `Order`"]);
    assert_eq!(changes(&both, &order(""), Profile::Confluent), NONE);
    assert_eq!(changes(&both, &apart, Profile::Confluent), NONE);
    assert_eq!(changes(&apart, &both, Profile::Karapace), ["FEW_FIELDS_CONVERTED_TO_ONE_OF Order.choice `a` `choice`"]);
    assert_eq!(changes(&one, &both, Profile::Karapace), NONE);
    assert_eq!(changes(&both, &none, Profile::Karapace), ["ONE_OF_FIELD_DROP Order.b `b` `Order`"]);
}

#[test]
fn names_and_numbers_stay_together() {
    let (old, new) = (order("string a = 2;"), order("string a = 3;"));
    assert_eq!(changes(&old, &new, Profile::Confluent), NONE);
    assert_eq!(changes(&old, &new, Profile::Karapace), ["FIELD_TAG_ALTER Order.a `a` `a`"]);
    assert_eq!(changes(&old, &new, Profile::Apicurio), ["FIELD_ID_CHANGED Order.a `a` `a`"]);
    assert_eq!(changes(&old, &order("string b = 2;"), Profile::Apicurio), ["FIELD_NAME_CHANGED Order.a `a` `b`"]);
    let state = |values: &str| format!("syntax = \"proto3\"; enum State {{ NEW = 0; {values} }}");
    assert_eq!(
        changes(&state("PAID = 1;"), &state("SENT = 1;"), Profile::Apicurio),
        ["FIELD_NAME_CHANGED State.PAID `PAID` `SENT`"]
    );
    assert_eq!(
        changes(&state("PAID = 1;"), &state(""), Profile::Apicurio),
        ["FIELD_NAME_CHANGED State.PAID `PAID` `State`"]
    );
    assert_eq!(changes(&state("PAID = 1;"), &state(""), Profile::Confluent), NONE);
}

#[test]
fn what_is_reserved_stays_so() {
    let old = order("reserved 5 to 9; reserved \"note\";");
    assert_eq!(changes(&old, &order("reserved 4 to 6, 7 to 12; reserved note;"), Profile::Apicurio), NONE);
    assert_eq!(
        changes(&old, &order("reserved 5 to 8; reserved \"note\";"), Profile::Apicurio),
        ["RESERVED_FIELD_REMOVED Order `Order` `Order`"]
    );
    assert_eq!(
        changes(&old, &order("reserved 5 to 9; string note = 2;"), Profile::Apicurio),
        ["RESERVED_FIELD_USED Order.note `Order` `note`", "RESERVED_FIELD_REMOVED Order `Order` `Order`"]
    );
}

#[test]
fn methods_stay_as_they_are() {
    let of = |rpc: &str| format!("syntax = \"proto3\"; message A {{}} service Shop {{ {rpc} }}");
    let old = of("rpc Buy(A) returns (A);");
    assert_eq!(changes(&old, &of(""), Profile::Apicurio), ["RPC_REMOVED Shop.Buy `Buy` `Shop`"]);
    assert_eq!(
        changes(&old, &of("rpc Buy(stream A) returns (A);"), Profile::Apicurio),
        ["RPC_SIGNATURE_CHANGED Shop.Buy `Buy` `Buy`"]
    );
    assert_eq!(changes(&old, &of(""), Profile::Confluent), NONE);
}

#[test]
fn imports_are_compared_where_they_are_used() {
    let old = "syntax = \"proto3\"; import \"home.proto\"; message Light { .home.Lamp lamp = 1; }";
    let import =
        |ty: &str| format!("syntax = \"proto3\"; package home; message Lamp {{ {ty} id = 1; Lamp next = 2; }}");
    let found = |new: &str, profile| {
        let (before, after) = (import("int32"), import(new));
        let (before, after) = ([before.as_str()], [after.as_str()]);
        let (was, is) = (Source { text: old, imports: &before }, Source { text: old, imports: &after });
        let found = compare_sources(&[was], is, Language::Protobuf, Mode::Full, profile).unwrap();
        let show =
            |it: crate::compatibility::Change| format!("{} {} `{}`", it.kind, it.path, it.new.unwrap().span.of(old));
        found.into_iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(found("int64", Profile::Confluent), NONE);
    assert_eq!(
        found("string", Profile::Confluent),
        ["FIELD_SCALAR_KIND_CHANGED Lamp.id `.home.Lamp`", "FIELD_NAMED_TYPE_CHANGED Light.lamp `.home.Lamp`"]
    );
    assert_eq!(found("string", Profile::Karapace), ["FIELD_KIND_ALTER Lamp.id `.home.Lamp`"]);
    assert_eq!(changes(old, &old.replace(".home.Lamp", ".house.Lamp"), Profile::Confluent), NONE);
    let bulb = old.replace(".home.Lamp", ".home.Bulb");
    assert_eq!(
        changes(old, &bulb, Profile::Confluent),
        ["FIELD_NAMED_TYPE_CHANGED Light.lamp `.home.Lamp` `.home.Bulb`"]
    );
}

#[test]
fn imports_are_read_through_each_other() {
    let files = [
        ("a.proto", "import \"b.proto\"; import \"gone.proto\";"),
        ("b.proto", "import public \"a.proto\"; message B {}"),
    ];
    let read = |path: &str| files.iter().find(|it| it.0 == path).map(|it| it.1.into());
    let text = "import \"a.proto\"; import \"google/protobuf/any.proto\";";
    let (found, _) = super::proto_imports(text, read);
    assert_eq!(found.iter().map(|it| &**it).collect::<Vec<_>>(), [files[0].1, files[1].1]);
}

#[test]
fn well_known_types_are_known() {
    let of = |ty: &str| order(&format!("{ty} x = 2;"));
    let null = "google.protobuf.NullValue";
    assert_eq!(changes(&of("int32"), &of(null), Profile::Confluent), NONE);
    assert_eq!(changes(&of("google.protobuf.Timestamp"), &of("google.protobuf.Duration"), Profile::Confluent).len(), 1);
}

#[test]
fn both_sides_are_told() {
    let (old, new) = (order("int32 x = 2;"), order("string x = 2;"));
    let found = compare(&[&old], &new, Language::Protobuf, Mode::Full, Profile::Confluent).unwrap();
    assert_eq!(found.iter().map(|it| it.breaks.clone()).collect::<Vec<_>>(), [[Side::Backward, Side::Forward]]);
    insta::assert_snapshot!(format!("{}\n{}", found[0].message, found[0].advice.clone().unwrap()), @r"
    `Order.x` is written as `int32` and read as `string`, which stand differently in a message.
    Add a field with a new number and the new type, fill both for a while, and then remove the old one and reserve its number.
    ");
}

#[test]
fn a_text_that_is_no_file_is_named_with_its_place() {
    let error =
        compare(&[&order("")], "message {", Language::Protobuf, Mode::Backward, Profile::Confluent).unwrap_err();
    assert_eq!((error.place.version, error.place.span.start), (1, 8));
}

#[test]
fn maps_that_hold_themselves_end() {
    let text = "message A { message E { option map_entry = true; optional string key = 1; optional E value = 2; } \
        repeated E e = 1; }";
    assert_eq!(changes(text, text, Profile::Confluent), NONE);
    assert_eq!(changes(text, text, Profile::Karapace), NONE);
}

/// A file whose messages hold each other in every way.
fn file() -> impl Strategy<Value = String> {
    let label = prop::sample::select(&["", "optional", "repeated"][..]);
    let ty = prop::sample::select(
        &["int32", "sint64", "string", "double", "A", "B", "A.N", "N", "E", "Unknown", "map<int32, B>"][..],
    );
    let fields = prop::collection::btree_map(1..6_u8, (label, ty, any::<bool>()), 0..5);
    let message = |it: BTreeMap<u8, (&str, &str, bool)>| {
        let members = it.into_iter().map(|(number, (label, ty, oneof))| match (oneof, ty.starts_with("map")) {
            (true, false) => format!("oneof o{number} {{ {ty} f{number} = {number}; }}"),
            (_, true) => format!("{ty} f{number} = {number};"),
            _ => format!("{label} {ty} f{number} = {number};"),
        });
        members.collect::<Vec<_>>().join(" ")
    };
    (fields.clone(), fields.clone(), fields).prop_map(move |(a, b, n)| {
        let (a, b, n) = (message(a), message(b), message(n));
        format!(
            "syntax = \"proto3\"; message A {{ {a} message N {{ {n} }} }} message B {{ {b} }} enum E {{ ZERO = 0; }}"
        )
    })
}

proptest! {
    #[test]
    fn every_file_reads_what_it_wrote(file in file()) {
        for profile in Profile::ALL {
            let same = compare(&[&file], &file, Language::Protobuf, Mode::Full, profile);
            prop_assert!(same.is_ok_and(|it| it.is_empty()));
        }
    }

    #[test]
    fn any_two_files_end_with_places_inside_of_them(
        old in file(),
        new in file(),
        import in file(),
        cut in 0_usize..400,
    ) {
        let (imports, broken) = ([import.as_str()], old.get(..cut).unwrap_or(&old));
        for profile in Profile::ALL {
            let (was, is) = (Source { text: &old, imports: &imports }, Source { text: &new, imports: &[broken] });
            let found = compare_sources(&[was], is, Language::Protobuf, Mode::Full, profile);
            for it in found.unwrap_or_default() {
                prop_assert!(it.old.is_none_or(|it| it.span.end as usize <= old.len()));
                prop_assert!(it.new.is_none_or(|it| it.span.end as usize <= new.len()));
            }
            let _ = compare(&[broken], &new, Language::Protobuf, Mode::Full, profile);
        }
    }
}

#[test]
fn more_imports_than_are_read_are_counted() {
    let text = |count: usize| (0..count).map(|at| format!("import \"f{at}.proto\";\n")).collect::<Vec<_>>().concat();
    let read = |_: &str| Some("message A {}".into());
    for (count, left) in [(200, 0), (250, 50)] {
        let (found, left_out) = super::proto_imports(&format!("{}{}", text(count), text(count)), read);
        assert_eq!((found.len(), left_out), (count - left, left));
    }
}
