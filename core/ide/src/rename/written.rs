//! Names as texts write them: keys and values of YAML and JSON, and tokens of pointers.

use std::fmt::Write;

use archwright_syntax::{
    data::{self, Format, Kind, Node},
    pointer,
};

/// A key or a value that stands for `name`, in the style of `old`, which it replaces.
pub(super) fn scalar(old: &str, format: Format, name: &str) -> String {
    let json = || serde_json::Value::from(name).to_string();
    match old.chars().next() {
        _ if format == Format::Json => json(),
        Some('"') => json(),
        _ if name.chars().any(char::is_control) => json(),
        Some('\'') => quoted(name),
        // What is plain with a bracket in it does not stand between brackets.
        _ if is_plain(name, !old.contains(['{', '}', '[', ']', ','])) => name.to_owned(),
        _ => quoted(name),
    }
}

fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

/// Whether YAML reads a name without quotes as that text, as a key and as a value; between brackets too, if need be.
fn is_plain(name: &str, between_brackets: bool) -> bool {
    let reads_as_name = |text: String| {
        let tree = data::parse(text, Format::Yaml);
        let entry = tree.root().and_then(|it| it.entries().next());
        let item = entry.filter(|it| it.key == name).and_then(|it| it.value.item(0));
        let is_text = |it: Node<'_>| it.kind() == Kind::String && it.scalar() == Some(name);
        tree.errors().is_empty() && tree.root().is_some_and(|it| it.len() == 1) && item.is_some_and(is_text)
    };
    reads_as_name(format!("{name}:\n- {name}\n"))
        && (!between_brackets || reads_as_name(format!("{{{name}: [{name}]}}")))
}

/// A key as a token of a pointer in a fragment. It needs no quotes or escapes wherever a token can stand; `strict` also
/// encodes what RFC 3986 (section 3.5) does not allow but tools do.
pub(super) fn token(name: &str, strict: bool) -> String {
    let mut written = String::with_capacity(name.len());
    for char in pointer::escape(name).chars() {
        let is_safe = match char {
            '-' | '.' | '_' | '~' | '$' | '+' | '=' | '@' | ';' | ':' | '!' | '(' | ')' | '*' | '&' => true,
            '{' | '}' | ',' => !strict,
            _ => char.is_ascii_alphanumeric() || (!strict && char.is_alphanumeric()),
        };
        if is_safe {
            written.push(char);
        } else {
            let mut bytes = [0; 4];
            for byte in char.encode_utf8(&mut bytes).bytes() {
                let _ = write!(written, "%{byte:02X}");
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::trees::decode;

    #[test]
    fn names_get_quotes_where_yaml_would_read_something_else() {
        for (name, written) in [
            ("orders", "orders"),
            ("orders/{id}", "'orders/{id}'"),
            ("true", "'true'"),
            (">", "'>'"),
            ("1.0", "'1.0'"),
            ("it's", "it's"),
            ("a: b", "'a: b'"),
            ("", "''"),
        ] {
            assert_eq!(scalar("old", Format::Yaml, name), written);
        }
        assert_eq!(scalar("a.{b}", Format::Yaml, "a.{c}"), "a.{c}");
        assert_eq!(scalar("'old'", Format::Yaml, "it's"), "'it''s'");
        assert_eq!(scalar("\"old\"", Format::Json, "a\"b"), "\"a\\\"b\"");
    }

    proptest! {
        #[test]
        fn a_written_name_reads_as_the_name(name in "[ -~é😀]{1,12}", old in "(old|'old'|\"old\")") {
            for format in [Format::Yaml, Format::Json] {
                let written = scalar(&old, format, &name);
                let tree = data::parse(format!("{{{written}: [{written}]}}"), format);
                let entry = tree.root().and_then(|it| it.entries().next()).unwrap();
                prop_assert_eq!(entry.key, &name);
                prop_assert_eq!(entry.value.item(0).and_then(Node::as_str), Some(name.as_str()));
            }
            for strict in [true, false] {
                let token = token(&name, strict);
                prop_assert_eq!(decode(&token), Some(name.clone()));
                prop_assert!(!token.contains(['/', '#', '\'', '"', ' ', '\\']));
            }
        }
    }
}
