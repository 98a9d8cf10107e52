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
