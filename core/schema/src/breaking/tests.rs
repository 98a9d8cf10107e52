//! One small change per rule, what it is reported as, and where.

use proptest::prelude::*;

use super::selection::is_unstable;
use super::{Category, InvalidProto, Selection, SourceFile, breaking, breaking_with, rules};

/// What a rule reports: the text it points at, or the path alone, or `-` when nothing is left to point at.
fn reported(rule: &str, old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
    let old: Vec<_> = old.iter().map(|&(path, text)| SourceFile { path, text }).collect();
    let new: Vec<_> = new.iter().map(|&(path, text)| SourceFile { path, text }).collect();
    let found = breaking_with(&old, &new, &Selection::of_names(&[rule]).unwrap()).unwrap();
    let shown = |it: super::Annotation| {
        let text = new.iter().find(|file| Some(file.path) == it.path.as_deref()).map_or("", |it| it.text);
        match (&it.path, it.span) {
            (None, _) => "-".to_owned(),
            (Some(path), None) => path.clone(),
            (Some(_), Some(span)) => span.of(text).to_owned(),
        }
    };
    found.into_iter().map(shown).collect()
}

/// A rule, the old file, the new file, and what the rule points at.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

fn check(rows: &[Row]) {
    for (rule, old, new, expected) in rows {
        assert_eq!(reported(rule, &[("a.proto", old)], &[("a.proto", new)]), *expected, "{rule}\n{old}\n{new}");
        assert_eq!(
            reported(rule, &[("a.proto", old)], &[("a.proto", old)]),
            [""; 0],
            "{rule} on an unchanged file\n{old}"
        );
    }
}

#[test]
fn what_is_gone_is_reported_where_it_stood() {
    check(&[
        ("MESSAGE_NO_DELETE", "message A { message B {} }", "message A {}", &["message A {}"]),
        ("MESSAGE_NO_DELETE", "message A {} message B {}", "message A {}", &["a.proto"]),
        ("MESSAGE_NO_DELETE", "message A { map<int32, int32> m_n = 1; }", "message A {}", &["message A {}"]),
        ("ENUM_NO_DELETE", "message A { enum E { X = 0; } }", "message A {}", &["message A {}"]),
        (
            "EXTENSION_NO_DELETE",
            "message A { extensions 1; } extend A { optional int32 x = 1; }",
            "message A { extensions 1; }",
            &["a.proto"],
        ),
        ("SERVICE_NO_DELETE", "service S {}", "", &["a.proto"]),
        (
            "RPC_NO_DELETE",
            "message A {} service S { rpc Get(A) returns (A); }",
            "message A {} service S {}",
            &["service S {}"],
        ),
        (
            "ONEOF_NO_DELETE",
            "message A { oneof o { int32 x = 1; } }",
            "message A { optional int32 x = 1; }",
            &["message A { optional int32 x = 1; }"],
        ),
        ("PACKAGE_MESSAGE_NO_DELETE", "package p; message A {} message B {}", "package p; message B {}", &["a.proto"]),
        (
            "PACKAGE_ENUM_NO_DELETE",
            "package p; enum D { Y = 0; } message A { enum E { X = 0; } }",
            "package p; enum D { Y = 0; } message A {}",
            &["message A {}"],
        ),
        ("PACKAGE_SERVICE_NO_DELETE", "package p; service S {}", "package p;", &["a.proto"]),
        ("PACKAGE_NO_DELETE", "package p;", "package q;", &["-"]),
    ]);
}

#[test]
fn a_deletion_may_be_made_up_for_by_a_reservation() {
    const OLD: &str = "message A { optional int32 x = 4; }";
    const OLD_ENUM: &str = "enum E { X = 0; Y = -4; }";
    check(&[
        ("FIELD_NO_DELETE", OLD, "message A { reserved 4; }", &["message A { reserved 4; }"]),
        (
            "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
            OLD,
            "message A { reserved 1 to 3; }",
            &["message A { reserved 1 to 3; }"],
        ),
        ("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", OLD, "message A { reserved 2 to max; }", &[]),
        ("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", OLD, "message A { reserved 4; }", &["message A { reserved 4; }"]),
        ("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", OLD, "message A { reserved 'x', \"y\"; }", &[]),
        ("ENUM_VALUE_NO_DELETE", OLD_ENUM, "enum E { X = 0; reserved -4; }", &["enum E { X = 0; reserved -4; }"]),
        ("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", OLD_ENUM, "enum E { X = 0; reserved -5 to -3; }", &[]),
        ("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", OLD_ENUM, "enum E { X = 0; }", &["enum E { X = 0; }"]),
        ("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", OLD_ENUM, "enum E { X = 0; reserved \"Y\"; }", &[]),
        (
            "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
            OLD_ENUM,
            "enum E { X = 0; reserved -4; }",
            &["enum E { X = 0; reserved -4; }"],
        ),
        (
            "RESERVED_MESSAGE_NO_DELETE",
            "message A { reserved 1 to 9, 20; reserved \"x\"; }",
            "message A { reserved 1 to 8, 20; }",
            &["message A { reserved 1 to 8, 20; }", "message A { reserved 1 to 8, 20; }"],
        ),
        (
            "RESERVED_ENUM_NO_DELETE",
            "enum E { X = 0; reserved 5 to max; }",
            "enum E { X = 0; reserved 5 to 9, 10 to max; }",
            &[],
        ),
        (
            "EXTENSION_MESSAGE_NO_DELETE",
            "message A { extensions 5 to max; }",
            "message A { extensions 5 to 9; }",
            &["message A { extensions 5 to 9; }"],
        ),
    ]);
}

#[test]
fn fields_keep_what_readers_rely_on() {
    check(&[
        ("FIELD_SAME_NAME", "message A { optional int32 x = 1; }", "message A { optional int32 y = 1; }", &["y"]),
        ("FIELD_SAME_JSON_NAME", "message A { optional int32 a_b = 1; }", "message A { optional int32 aB = 1; }", &[]),
        (
            "FIELD_SAME_JSON_NAME",
            "message A { optional int32 x = 1; }",
            "message A { optional int32 x = 1 [json_name = 'z']; }",
            &["json_name = 'z'"],
        ),
        (
            "FIELD_SAME_JSTYPE",
            "message A { optional int64 x = 1; }",
            "message A { optional int64 x = 1 [jstype = JS_STRING]; }",
            &["jstype = JS_STRING"],
        ),
        (
            "FIELD_SAME_ONEOF",
            "message A { oneof o { int32 x = 1; } }",
            "message A { oneof p { int32 x = 1; } }",
            &["int32 x = 1;"],
        ),
        (
            "FIELD_SAME_CARDINALITY",
            "message A { optional int32 x = 1; }",
            "message A { repeated int32 x = 1; }",
            &["repeated int32 x = 1;"],
        ),
        (
            "FIELD_WIRE_COMPATIBLE_CARDINALITY",
            "message A { map<int32, int32> x = 1; }",
            "message A { repeated XEntry x = 1; message XEntry {} }",
            &[],
        ),
        (
            "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
            "message A { map<int32, int32> x = 1; }",
            "message A { repeated XEntry x = 1; message XEntry {} }",
            &["repeated XEntry x = 1;"],
        ),
        (
            "MESSAGE_SAME_REQUIRED_FIELDS",
            "message A { required int32 x = 1; }",
            "message A { required int32 y = 2; }",
            &["message A { required int32 y = 2; }", "required int32 y = 2;"],
        ),
        (
            "FIELD_SAME_DEFAULT",
            "message A { optional int32 x = 1 [default = 16]; }",
            "message A { optional int64 x = 1 [default = 0x10]; }",
            &[],
        ),
        (
            "FIELD_SAME_DEFAULT",
            "message A { optional float x = 1 [default = 1]; }",
            "message A { optional float x = 1 [default = -inf]; }",
            &["default = -inf"],
        ),
        (
            "FIELD_SAME_DEFAULT",
            "message A { optional string x = 1; }",
            "message A { optional string x = 1 [default = 'a' \"\\x62\"]; }",
            &["default = 'a' \"\\x62\""],
        ),
        (
            "FIELD_SAME_DEFAULT",
            "enum E { X = 0; Y = 1; } message A { optional E x = 1 [default = Y]; }",
            "enum E { X = 0; Y = 1; } message A { optional E x = 1; }",
            &["optional E x = 1;"],
        ),
    ]);
}

#[test]
fn types_are_looked_up_from_the_inside_out() {
    check(&[
        ("FIELD_SAME_TYPE", "message A { optional int32 x = 1; }", "message A { optional int64 x = 1; }", &["int64"]),
        (
            "FIELD_SAME_TYPE",
            "message B {} message A { optional B x = 1; }",
            "message B {} message A { message B {} optional B x = 1; }",
            &["B"],
        ),
        (
            "FIELD_SAME_TYPE",
            "package p.q; message B {} message A { optional B x = 1; }",
            "package p.q; message B {} message A { optional .p.q.B x = 1; }",
            &[],
        ),
        ("FIELD_SAME_TYPE", "message A { optional other.B x = 1; }", "message A { optional .other.B x = 1; }", &[]),
        (
            "FIELD_SAME_TYPE",
            "message A { map<int32, int32> x = 1; }",
            "message A { map<int32, string> x = 1; }",
            &["map<int32, string>"],
        ),
        (
            "FIELD_SAME_TYPE",
            "message A { optional group X = 1 {} }",
            "message A { message X {} optional X x = 1; }",
            &["X"],
        ),
        (
            "FIELD_SAME_TYPE",
            "message A { message X {} optional X x = 1; }",
            "message A { optional group X = 1 {} }",
            &["group"],
        ),
        (
            "FIELD_WIRE_COMPATIBLE_TYPE",
            "message A { optional int32 x = 1; }",
            "message A { optional uint64 x = 1; }",
            &[],
        ),
        (
            "FIELD_WIRE_COMPATIBLE_TYPE",
            "message A { optional string x = 1; }",
            "message A { optional bytes x = 1; }",
            &[],
        ),
        (
            "FIELD_WIRE_COMPATIBLE_TYPE",
            "message A { optional bytes x = 1; }",
            "message A { optional string x = 1; }",
            &["string"],
        ),
        (
            "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
            "message A { optional int32 x = 1; }",
            "message A { optional int64 x = 1; }",
            &["int64"],
        ),
        (
            "FIELD_WIRE_COMPATIBLE_TYPE",
            "enum E { X = 0; } message A { optional E x = 1; }",
            "message A { enum E { X = 0; Y = 1; } optional E x = 1; }",
            &[],
        ),
        (
            "FIELD_WIRE_COMPATIBLE_TYPE",
            "enum E { X = 0; Y = 1; } message A { optional E x = 1; }",
            "message A { enum E { X = 0; } optional E x = 1; }",
            &["E"],
        ),
        (
            "RPC_SAME_REQUEST_TYPE",
            "message A {} message B {} service S { rpc G(A) returns (A); }",
            "message A {} message B {} service S { rpc G(stream B) returns (A); }",
            &["B"],
        ),
        (
            "RPC_SAME_CLIENT_STREAMING",
            "message A {} service S { rpc G(A) returns (A); }",
            "message A {} service S { rpc G(stream A) returns (A); }",
            &["rpc G(stream A) returns (A);"],
        ),
        (
            "RPC_SAME_SERVER_STREAMING",
            "message A {} service S { rpc G(A) returns (A); }",
            "message A {} service S { rpc G(A) returns (stream A) {} }",
            &["rpc G(A) returns (stream A) {}"],
        ),
        (
            "RPC_SAME_RESPONSE_TYPE",
            "message A {} message B {} service S { rpc G(A) returns (A); }",
            "message A {} message B {} service S { rpc G(A) returns (B); }",
            &["B"],
        ),
        (
            "RPC_SAME_IDEMPOTENCY_LEVEL",
            "message A {} service S { rpc G(A) returns (A); }",
            "message A {} service S { rpc G(A) returns (A) { option idempotency_level = IDEMPOTENT; } }",
            &["option idempotency_level = IDEMPOTENT;"],
        ),
    ]);
}

#[test]
fn features_hold_for_what_stands_inside() {
    const STRING: &str = "edition = '2023'; message A { string x = 1; }";
    const FILE: &str = "edition = '2023'; option features.utf8_validation = NONE; message A { string x = 1; }";
    check(&[
        ("FIELD_SAME_UTF8_VALIDATION", STRING, FILE, &["string x = 1;"]),
        (
            "FIELD_SAME_UTF8_VALIDATION",
            STRING,
            "edition = '2023'; message A { string x = 1 [features = { utf8_validation: NONE }]; }",
            &["utf8_validation: NONE"],
        ),
        ("FIELD_SAME_UTF8_VALIDATION", "message A { optional string x = 1; }", FILE, &[]),
        (
            "FIELD_SAME_JAVA_UTF8_VALIDATION",
            FILE,
            "edition = '2023'; option features.utf8_validation = NONE; message A { string x = 1 \
            [features.(pb.java).utf8_validation = VERIFY]; }",
            &["features.(pb.java).utf8_validation = VERIFY"],
        ),
        (
            "FIELD_SAME_JAVA_UTF8_VALIDATION",
            "message A { optional string x = 1; }",
            "option java_string_check_utf8 = true; message A { optional string x = 1; }",
            &["option java_string_check_utf8 = true;"],
        ),
        (
            "FIELD_SAME_CPP_STRING_TYPE",
            "message A { optional string x = 1 [ctype = STRING_PIECE]; optional string y = 2; }",
            "message A { optional string x = 1; optional string y = 2 [ctype = CORD]; }",
            &["ctype = CORD"],
        ),
        (
            "FIELD_SAME_CARDINALITY",
            STRING,
            "edition = '2023'; message A { option features.field_presence = IMPLICIT; string x = 1; }",
            &["string x = 1;"],
        ),
        (
            "FIELD_SAME_TYPE",
            "edition = '2023'; message A { A x = 1; }",
            "edition = '2023'; message A { A x = 1 [features.message_encoding = DELIMITED]; }",
            &["A"],
        ),
        (
            "ENUM_SAME_TYPE",
            "syntax = 'proto2'; enum E { X = 0; }",
            "syntax = 'proto3'; enum E { X = 0; }",
            &["enum E { X = 0; }"],
        ),
        (
            "ENUM_SAME_JSON_FORMAT",
            "edition = '2023'; enum E { X = 0; }",
            "edition = '2023'; enum E { option features.json_format = LEGACY_BEST_EFFORT; X = 0; }",
            &["option features.json_format = LEGACY_BEST_EFFORT;"],
        ),
        (
            "MESSAGE_SAME_JSON_FORMAT",
            "syntax = 'proto3'; message A {}",
            "syntax = 'proto2'; message A {}",
            &["message A {}"],
        ),
        (
            "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
            "message A {}",
            "message A { option no_standard_descriptor_accessor = true; }",
            &["option no_standard_descriptor_accessor = true;"],
        ),
        (
            "ENUM_VALUE_SAME_NAME",
            "enum E { X = 0; Y = 1; }",
            "enum E { option allow_alias = true; X = 0; X2 = 0; Z = 1; }",
            &["1"],
        ),
    ]);
}

#[test]
fn files_keep_what_generated_code_depends_on() {
    check(&[
        ("FILE_SAME_SYNTAX", "syntax = 'proto2';", "syntax = 'proto3';", &["syntax = 'proto3';"]),
        ("FILE_SAME_SYNTAX", "syntax = 'proto2';", "edition = '2023';", &["edition = '2023';"]),
        ("FILE_SAME_SYNTAX", "", "syntax = 'proto2';", &[]),
        ("FILE_SAME_PACKAGE", "package p;", "package p.q;", &["package p.q;"]),
        ("FILE_SAME_PACKAGE", "package p;", "", &["a.proto"]),
        ("FILE_SAME_GO_PACKAGE", "", "option go_package = 'x';", &["option go_package = 'x';"]),
        ("FILE_SAME_GO_PACKAGE", "option go_package = 'x';", "", &["a.proto"]),
        ("FILE_SAME_OPTIMIZE_FOR", "", "option optimize_for = SPEED;", &[]),
        ("FILE_SAME_CC_ENABLE_ARENAS", "", "option cc_enable_arenas = false;", &["option cc_enable_arenas = false;"]),
    ]);
    assert_eq!(reported("FILE_NO_DELETE", &[("a.proto", ""), ("b.proto", "")], &[("b.proto", "")]), ["-"]);
}

#[test]
fn a_move_inside_a_package_matters_to_files_only() {
    let old = [("a.proto", "package p; message A {}"), ("b.proto", "package p;")];
    let new = [("a.proto", "package p;"), ("b.proto", "package p; message A {}")];
    assert_eq!(reported("MESSAGE_NO_DELETE", &old, &new), ["a.proto"]);
    assert_eq!(reported("PACKAGE_MESSAGE_NO_DELETE", &old, &new), [""; 0]);
}

#[test]
fn the_first_of_two_namesakes_counts() {
    let text = "message A { optional int32 x = 1; } message A { optional string y = 1; optional int32 z = 2; optional \
        int32 z = 2; }";
    let file = [SourceFile { path: "a.proto", text }];
    assert_eq!(breaking(&file, &file, &Category::ALL).unwrap(), []);
}

#[test]
fn extensions_are_matched_by_what_they_extend() {
    let old = [("a.proto", "package p; message A { extensions 1 to 9; } extend A { optional int32 x = 1; }")];
    let new = [(
        "a.proto",
        "package p; message A { extensions 1 to 9; } message B { extend .p.A { optional string y = 1; } }",
    )];
    assert_eq!(reported("FIELD_SAME_TYPE", &old, &new), ["string"]);
    assert_eq!(reported("FIELD_SAME_NAME", &old, &new), ["y"]);
}

#[test]
fn changes_can_be_left_out() {
    let old = [SourceFile { path: "x/v1beta1/a.proto", text: "package x.v1beta1; message A {}" }];
    let new = [SourceFile { path: "x/v1beta1/a.proto", text: "package x.v1beta1;" }];
    let mut selection = Selection::of_categories(&[Category::File]);
    let count = |selection: &Selection| breaking_with(&old, &new, selection).unwrap().len();
    assert_eq!(count(&selection), 1);
    selection.ignore = vec!["x/v1".to_owned()];
    assert_eq!(count(&selection), 1);
    selection.ignore = vec!["x".to_owned()];
    assert_eq!(count(&selection), 0);
    selection.ignore.clear();
    selection.ignore_only = vec![("MESSAGE_NO_DELETE".to_owned(), "x/v1beta1/a.proto".to_owned())];
    assert_eq!(count(&selection), 0);
    selection.ignore_only.clear();
    selection.ignore_unstable_packages = true;
    assert_eq!(count(&selection), 0);
}

#[test]
fn unstable_packages_are_known_by_their_version() {
    for package in ["a.v1alpha", "a.v1beta1", "a.v2p1alpha3", "a.v1test", "a.v1testing"] {
        assert!(is_unstable(package), "{package}");
    }
    for package in ["", "v1beta1", "a.v1", "a.v0beta1", "a.vbeta", "a.v1beta0", "a.beta", "a.v1beta1.b"] {
        assert!(!is_unstable(package), "{package}");
    }
}

#[test]
fn the_settings_of_buf_are_read() {
    let read = |text: &str| Selection::of_buf_yaml(text).unwrap();
    assert_eq!(read("version: v2").rules(), Selection::of_categories(&[Category::File]).rules());
    let it = read(
        "version: v2\nbreaking:\n  use: [WIRE, FIELD_SAME_NAME]\n  except: [FIELD_SAME_DEFAULT]\n  ignore:\n    - \
        old\n  \
         ignore_only:\n    FIELD_SAME_NAME: [a.proto]\n  ignore_unstable_packages: true\n",
    );
    assert!(it.rules().contains(&"FIELD_SAME_NAME") && !it.rules().contains(&"FIELD_SAME_DEFAULT"));
    assert_eq!(it.ignore, ["old"]);
    assert_eq!(it.ignore_only, [("FIELD_SAME_NAME".to_owned(), "a.proto".to_owned())]);
    assert!(it.ignore_unstable_packages);
    assert!(read("modules:\n  - path: x\n    breaking: {use: [FILE_NO_DELETE]}").rules() == ["FILE_NO_DELETE"]);
    assert!(Selection::of_buf_yaml("breaking:\n  use: [MINE]").unwrap_err().to_string().contains("MINE"));
    assert!(read("breaking:\n  use: [MINE]\nplugins:\n  - plugin: p").rules().is_empty());
}

#[test]
fn older_versions_of_the_settings_know_fewer_rules() {
    let rules = |version: &str, category: &str| {
        let text = format!("version: {version}\nbreaking:\n  use:\n    - {category}\n");
        Selection::of_buf_yaml(&text).unwrap().rules().to_vec()
    };
    assert!(rules("v2", "FILE").contains(&"FIELD_SAME_DEFAULT"));
    assert!(!rules("v1", "FILE").contains(&"FIELD_SAME_DEFAULT"));
    assert!(rules("v1", "PACKAGE").contains(&"FILE_SAME_PACKAGE"));
    assert!(!rules("v1beta1", "PACKAGE").contains(&"FILE_SAME_PACKAGE"));
    assert!(rules("v1beta1", "WIRE").contains(&"FIELD_SAME_TYPE"));
    assert!(!rules("v1beta1", "WIRE").contains(&"FIELD_WIRE_COMPATIBLE_TYPE"));
    assert_eq!(rules("v1beta1", "FIELD_SAME_LABEL"), ["FIELD_SAME_CARDINALITY"]);
}

#[test]
fn older_names_stand_for_the_rules_of_today() {
    assert_eq!(Selection::of_names(&["FIELD_SAME_LABEL"]).unwrap().rules().len(), 3);
    assert_eq!(Selection::of_names(&["FILE_SAME_PHP_GENERIC_SERVICES"]).unwrap().rules(), [""; 0]);
    assert_eq!(Selection::of_names(&["WIRE", "NO_RULE"]), Err("NO_RULE"));
    let wire = Selection::of_names(&["WIRE"]).unwrap();
    assert!(wire.rules().len() == wire.clone().except(&["FIELD_SAME_DEFAULT"]).unwrap().rules().len() + 1);
}

#[test]
fn rules_are_sorted_and_say_what_to_do() {
    assert!(rules().is_sorted_by_key(|it| it.name));
    assert_eq!(rules().count(), 64);
    assert!(rules().all(|it| it.summary.ends_with('.') && it.advice.ends_with('.') && !it.categories.is_empty()));
    let in_wire =
        |it: &super::Rule| !it.categories.contains(&Category::Wire) || it.categories.contains(&Category::WireJson);
    assert!(rules().filter(|it| !it.name.starts_with("FIELD_WIRE_COMPATIBLE")).all(in_wire));
}

#[test]
fn text_that_is_not_protobuf_is_an_error_at_its_place() {
    fn file(text: &str) -> [SourceFile<'_>; 1] {
        [SourceFile { path: "a.proto", text }]
    }
    let error = |text: &str| -> InvalidProto { breaking(&file(""), &file(text), &[Category::Wire]).unwrap_err() };
    for (text, at) in [
        ("message {}", "{"),
        ("message A { int32 x 1; }", "1"),
        ("syntax = 'proto9';", "'proto9'"),
        ("enum E { X = y; }", "y"),
    ] {
        let it = error(text);
        assert_eq!((it.span.of(text), it.previous), (at, false), "{it}");
    }
    let deep = "message A {".repeat(5000);
    assert!(error(&deep).message.contains("deep"));
    let long = format!("message {} {{", "A".repeat(500)).repeat(30) + &"optional A x = 1;".repeat(2000);
    assert!(error(&long).message.contains("long names"));
    assert!(error(&format!("package {};", "p.".repeat(900) + "p")).message.contains("1801 bytes"));
    assert!(error("message A { /* }").message.contains("*/"));
    assert!(breaking(&file("oops"), &file(""), &[]).unwrap_err().previous);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(old in "[ -~\n]{0,80}", new in ".{0,80}") {
        let file = |text| [SourceFile { path: "a.proto", text }];
        let _ = breaking(&file(&old), &file(&new), &Category::ALL);
    }

    #[test]
    fn any_row_of_words_is_read_or_refused(words in proptest::collection::vec(0usize..40, 0..60)) {
        const WORDS: [&str; 40] = [
            "message", "enum", "extend", "oneof", "option", "reserved", "extensions", "map", "group", "rpc", "service", "A", "B", "x", "{", "}",
            "{", "}", "[", "]", "(", ")", "<", ">", "=", ";", ",", ".", "-", "1", "2 to max", "0x7fffffffffffffff", "1e9", "'s'", "int32",
            "optional", "repeated", "edition='2023';", "features", "default",
        ];
        let text = words.iter().map(|it| WORDS[*it]).collect::<Vec<_>>().join(" ");
        let file = |text| [SourceFile { path: "a.proto", text }];
        let _ = breaking(&file(&text), &file("message A { optional int32 x = 1; } enum E { X = 0; }"), &Category::ALL);
    }
}
