//! Reading: what is kept of a file with mistakes, and any text at all.

use std::fmt::Write as _;

use archwright_syntax::Span;
use proptest::prelude::*;

use super::parser::{Parsed, parse};
use super::tree::{Constant, Enum, Field, File, Message, Opt, Part};

/// What was read, one declaration a line, and then what is wrong, with the text at fault.
fn read(text: &str) -> String {
    fn message(it: &Message, indent: usize, out: &mut String) {
        let _ = writeln!(out, "{:indent$}message {}", "", it.name);
        for field in &it.fields {
            let _ = writeln!(out, "{:indent$}  {} = {}", "", field.name, field.number);
        }
        it.messages.iter().for_each(|it| message(it, indent + 2, out));
    }
    let Parsed { file, faults } = parse(text);
    let mut out = String::new();
    file.messages.iter().for_each(|it| message(it, 0, &mut out));
    for it in &file.enums {
        let values: Vec<_> = it.values.iter().map(|it| format!("{} = {}", it.name, it.number)).collect();
        let _ = writeln!(out, "enum {}: {}", it.name, values.join(", "));
    }
    for it in &file.services {
        let methods: Vec<_> = it.methods.iter().map(|it| it.name.as_str()).collect();
        let _ = writeln!(out, "service {}: {}", it.name, methods.join(", "));
    }
    for it in faults {
        let mark = if it.is_lost { "lost" } else { "forbidden" };
        let _ = writeln!(out, "{mark} `{}`: {}", it.diagnostic.span.of(text), it.diagnostic.message);
    }
    out
}

#[test]
fn what_stands_around_a_mistake_is_read() {
    let text = r#"
syntax = "proto3";
message A {
  string a = 1;
  string b 2;
  string c = 3 [deprecated = true;
  message N { string x = 1; oops }
  string d = 4;
}
enum E { X = 0; Y; Z = 2; }
service S { rpc Get(A) returns (A); rpc (A); rpc Put(A) returns (A) { option x = ; } }
}
message B {}
"#;
    insta::assert_snapshot!(read(text), @"
    message A
      a = 1
      d = 4
      message N
        x = 1
    message B
    enum E: X = 0, Z = 2
    service S: Get, Put
    lost `2`: Found `2` where `=` belongs.
    lost `;`: Found `;` where `]` belongs.
    lost `}`: Found `}` where the name of a field belongs.
    lost `;`: Found `;` where `=` belongs.
    lost `(`: Found `(` where the name of a method belongs.
    lost `;`: Found `;` where a value belongs.
    lost `}`: This brace closes nothing.
    ");
}

#[test]
fn what_is_forbidden_is_read_all_the_same() {
    let text = r#"
package a;
syntax = "proto3";
package b;
message A {
  required string a = 08;
  reserved 5, "x", y;
  oneof o { repeated string c = 3; map<int32, A> m = 4; }
  optional group g = 5 { optional int64 n = 99999999999; }
}
option java_package = "\q";
"#;
    insta::assert_snapshot!(read(text), @r#"
    message A
      a = 9223372036854775807
      c = 3
      m = 4
      g = 5
      message MEntry
        key = 1
        value = 2
      message g
        n = 99999999999
    forbidden `08`: A number that starts with 0 is octal and has no 8 and no 9.
    forbidden `\q`: There is no such escape; write `\\` for a backslash.
    forbidden `syntax = "proto3";`: `syntax` must be the first statement of the file, and the only one.
    forbidden `package b;`: A file has one package; this one has another already.
    forbidden `required`: `required` does not exist in proto3; remove it.
    forbidden `"x"`: Numbers and names are reserved in statements of their own.
    forbidden `y`: Reserved names are quoted before the editions; write `"y"`.
    forbidden `repeated`: A field of a oneof has no label; remove `repeated`.
    forbidden `map<int32, A>`: A map cannot stand in a oneof; wrap it in a message.
    forbidden `g`: The name of a group starts with a capital letter.
    forbidden `99999999999`: This number does not fit into 32 bits; the largest one is 2147483647.
    "#);
}

#[test]
fn a_file_that_ends_too_soon_keeps_what_it_has() {
    insta::assert_snapshot!(read("message A { string a = 1; message B { string b = 2;"), @r#"
    message A
      a = 1
      message B
        b = 2
    forbidden `string`: Without `syntax` a file is proto2, where a field has a label; start the file with `syntax = "proto3";` or write `optional`.
    lost `{`: This brace is never closed; end it with `}`.
    "#);
    insta::assert_snapshot!(read("message A { string a = 1; /* "), @r#"
    message A
      a = 1
    lost `/*`: This comment is never closed; end it with `*/`.
    forbidden `string`: Without `syntax` a file is proto2, where a field has a label; start the file with `syntax = "proto3";` or write `optional`.
    lost `{`: This brace is never closed; end it with `}`.
    "#);
}

#[test]
fn braces_without_end_are_told_once_each() {
    let Parsed { faults, .. } = parse(&"message A {".repeat(5_000));
    assert!(faults.len() < 100, "{}", faults.len());
    let Parsed { faults, .. } = parse(&"}".repeat(5_000));
    assert_eq!(faults.len(), 501, "500 of them, and where they stop");
}

/// All places of a file.
fn spans(file: &File) -> Vec<Span> {
    let mut out: Vec<Span> = file.comments.clone();
    out.extend(file.syntax_span.into_iter().chain(file.package_span));
    out.extend(file.imports.iter().map(|it| it.path_span));
    of_options(&file.options, &mut out);
    file.messages.iter().for_each(|it| of_message(it, &mut out));
    file.enums.iter().for_each(|it| of_enum(it, &mut out));
    file.extensions.iter().for_each(|it| of_field(it, &mut out));
    for service in &file.services {
        out.extend([service.name_span, service.span]);
        of_options(&service.options, &mut out);
        for it in &service.methods {
            out.extend([it.name_span, it.span, it.input.span, it.output.span]);
            of_options(&it.options, &mut out);
        }
    }
    out
}

fn of_message(message: &Message, out: &mut Vec<Span>) {
    out.extend([message.name_span, message.span]);
    out.extend(message.sides);
    of_options(&message.options, out);
    message.fields.iter().chain(&message.extensions).for_each(|it| of_field(it, out));
    for it in &message.oneofs {
        out.push(it.name_span);
        of_options(&it.options, out);
    }
    message.messages.iter().for_each(|it| of_message(it, out));
    message.enums.iter().for_each(|it| of_enum(it, out));
    out.extend(message.extension_ranges.iter().chain(&message.reserved).map(|it| it.span));
    out.extend(message.reserved_names.iter().map(|it| it.span));
    message.extension_options.iter().for_each(|it| of_options(&it.options, out));
}

fn of_enum(it: &Enum, out: &mut Vec<Span>) {
    out.extend([it.name_span, it.span]);
    of_options(&it.options, out);
    out.extend(it.reserved.iter().map(|it| it.span));
    out.extend(it.reserved_names.iter().map(|it| it.span));
    for value in &it.values {
        out.extend([value.name_span, value.number_span]);
        of_options(&value.options, out);
    }
}

fn of_field(field: &Field, out: &mut Vec<Span>) {
    out.extend([field.name_span, field.number_span, field.type_span, field.span]);
    out.extend(field.extendee.iter().map(|it| it.span));
    of_options(&field.options, out);
}

fn of_options(options: &[Opt], out: &mut Vec<Span>) {
    for it in options {
        out.extend([it.name_span, it.span, it.value_span]);
        of_value(&it.value, out);
    }
}

fn of_value(value: &Constant, out: &mut Vec<Span>) {
    match value {
        Constant::Parts(parts) => {
            for Part { name_span, span, value_span, value, .. } in parts {
                out.extend([name_span, span, value_span]);
                of_value(value, out);
            }
        }
        Constant::List(items) => {
            for it in items {
                out.push(it.span);
                of_value(&it.it, out);
            }
        }
        _ => (),
    }
}

/// Words that files are made of.
const WORDS: [&str; 56] = [
    "message",
    "enum",
    "extend",
    "oneof",
    "option",
    "reserved",
    "extensions",
    "map",
    "group",
    "rpc",
    "service",
    "returns",
    "stream",
    "import",
    "public",
    "package",
    "export",
    "local",
    "A",
    "B",
    "x",
    "{",
    "}",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "=",
    ";",
    ";",
    ",",
    ".",
    "-",
    ":",
    "/",
    "1",
    "2 to max",
    "0x7fffffffffffffff",
    "09",
    "1e9",
    "1.5f",
    "'s'",
    "\"é",
    "// ü\n",
    "/* ö */",
    "int32",
    "optional",
    "syntax='proto3';",
    "edition='2024';",
    "features",
    "default",
    "\u{1}",
];

proptest! {
    #[test]
    fn every_place_of_any_file_lies_in_its_text(
        words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..80),
        noise in ".{0,12}",
    ) {
        let text = words.join(" ") + &noise;
        let Parsed { file, faults } = parse(&text);
        for span in spans(&file).into_iter().chain(faults.iter().map(|it| it.diagnostic.span)) {
            prop_assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
        }
    }
}
