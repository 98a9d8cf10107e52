//! What is said when an import is not known: nothing that it could change.

use std::sync::Arc;

use crate::{Language, shape, shape_with_imports};

fn problems(text: &str) -> Vec<String> {
    let shape = shape(&format!("syntax = \"proto3\"; {text}"), Language::Protobuf);
    shape.diagnostics.into_iter().map(|it| it.message).collect()
}

#[test]
fn names_that_an_unknown_import_may_declare_are_not_judged() {
    for text in [
        "import \"a.proto\"; message A { B b = 1; }",
        "import \"a.proto\"; message A { string b = 1 [(flag) = true]; }",
        "import \"a.proto\"; package a.b; message A { a.B b = 1; }",
        "import \"a.proto\"; message A {} service S { rpc Get(A) returns (B); }",
        "import \"a.proto\"; message A { map<B, string> b = 1; repeated B c = 2 [packed = true]; }",
    ] {
        assert_eq!(problems(text), [""; 0], "{text}");
    }
}

#[test]
fn what_no_import_can_change_is_told_all_the_same() {
    for (text, told) in [
        ("import \"a.proto\"; message A { string a = 1; string b = 1; }", "has the number 1 already"),
        ("import \"a.proto\"; message A { message B {} B.C c = 1; }", "innermost scope"),
        ("import \"a.proto\"; message A { map<A, string> b = 1; }", "cannot be the key"),
        ("import \"a.proto\"; message A { string b = 1 [deprecated = 1]; }", "`true` or `false`"),
    ] {
        assert!(matches!(problems(text).as_slice(), [only] if only.contains(told)), "{text}: {:?}", problems(text));
    }
}

#[test]
fn of_a_file_that_cannot_be_read_only_that_is_told() {
    let told = problems("message A { B b = 1; oops }");
    assert_eq!(told, ["Found `}` where the name of a field belongs."]);
}

#[test]
fn an_import_that_cannot_be_read_is_not_judged_either() {
    let mut read = |_: &str| Some(Arc::from("syntax = \"proto3\"; message B { oops }"));
    let text = "syntax = \"proto3\"; import \"a.proto\"; message A { B b = 1; C c = 2; }";
    assert_eq!(shape_with_imports(text, Language::Protobuf, "main.proto", &mut read).diagnostics, []);
}

#[test]
fn of_very_many_mistakes_all_are_told() {
    let fields = (0..3_000).map(|it| format!("Gone{it} f{it} = {}; ", it + 1)).collect::<Vec<_>>().concat();
    assert_eq!(problems(&format!("message A {{ {fields} }}")).len(), 3_000);
    let ranges = "reserved 5 to 9; ".repeat(300);
    assert_eq!(problems(&format!("message A {{ {ranges} }}")).len(), 299);
}

#[test]
fn a_file_that_cannot_be_read_at_all_says_from_where_on() {
    let messages = (0..2_000).map(|it| format!("message A{it} {{ strng a 1; }}\n")).collect::<Vec<_>>().concat();
    let told = problems(&messages);
    assert_eq!(told.len(), 501);
    assert_eq!(told.last().unwrap(), "From here on the file is not read: 500 mistakes come before; mend those.");
}

#[test]
fn extensions_are_compared_with_what_is_declared_for_them() {
    let message = |uses: &str| {
        let text = format!(
            "syntax = \"proto2\"; message M {{ extensions 4; extensions 10 to 20 [declaration = {{ number: 12, \
            full_name: \".e\", type: \"string\" }}, declaration = {{ number: 13, reserved: true }}]; extensions 30; \
            }} extend M {{ {uses} }}"
        );
        let shape = shape(&text, Language::Protobuf);
        shape.diagnostics.into_iter().map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(message("optional string e = 12; optional string a = 4; optional string b = 30;"), [""; 0]);
    assert_eq!(message("optional string f = 12;"), ["The number 12 is declared for `.e`."]);
    assert_eq!(message("optional string f = 13;"), ["`M` reserves the number 13."]);
    assert_eq!(message("optional string f = 14;"), ["`M` declares no extension with the number 14."]);
}

#[test]
fn imports_that_are_not_read_are_counted() {
    struct Many(usize);
    impl crate::check::Surroundings for Many {
        fn import(&mut self, _: &str) -> Option<std::sync::Arc<str>> {
            Some("syntax = \"proto3\";".into())
        }

        fn left_out(&mut self, imports: usize) {
            self.0 = imports;
        }
    }
    let text = (0..230).map(|at| format!("import \"f{at}.proto\";\n")).collect::<Vec<_>>().concat();
    let mut around = Many(0);
    crate::check::diagnostics(&format!("syntax = \"proto3\";\n{text}"), Language::Protobuf, None, &mut around);
    assert_eq!(around.0, 31);
}
