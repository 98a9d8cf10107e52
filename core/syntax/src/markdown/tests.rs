//! One small case per construct, then properties that hold for every text.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// The parser with some plain names, as decision records use them.
fn parse(text: &str) -> Document {
    parse_with(text, &PlainNames::from_iter(["Date", "Deciders", "Last updated", "Status"]))
}

fn document(text: &str) -> Document {
    let document = parse(text);
    document.verify(text).unwrap();
    document
}

fn slices(text: &str, spans: impl IntoIterator<Item = Span>) -> Vec<&str> {
    spans.into_iter().map(|it| it.of(text)).collect()
}

/// `level title` of each section below the root.
fn outline(text: &str) -> Vec<String> {
    document(text).sections.iter().skip(1).map(|it| format!("{} {}", it.level, it.title.of(text))).collect()
}

/// `name=value` of each field.
fn fields(text: &str) -> Vec<String> {
    document(text).fields.iter().map(|it| format!("{}={}", it.name.of(text), it.value.of(text))).collect()
}

/// `text -> target` of each link.
fn links(text: &str) -> Vec<String> {
    document(text).links.iter().map(|it| format!("{} -> {}", it.text.of(text), it.target.of(text))).collect()
}

#[test]
fn sections_nest_by_level() {
    let text = "intro\n# A\na\n### B\nb\n## C ##\n\n# D";
    let document = document(text);
    let parents: Vec<_> = document.sections.iter().map(|it| it.parent.map(|it| it.0)).collect();
    assert_eq!(parents, [None, Some(0), Some(1), Some(1), Some(0)]);
    assert_eq!(slices(text, document.sections.iter().map(|it| it.title)), ["", "A", "B", "C", "D"]);
    assert_eq!(slices(text, document.sections.iter().map(|it| it.body)), ["intro\n", "a\n", "b\n", "\n", ""]);
    assert_eq!(document.section(SectionId(1)).span.of(text), "# A\na\n### B\nb\n## C ##\n\n");
    assert_eq!(document.children(SectionId::ROOT).collect::<Vec<_>>(), [SectionId(1), SectionId(4)]);
    assert_eq!(document.descendants(SectionId(1)).collect::<Vec<_>>(), [SectionId(2), SectionId(3)]);
    assert_eq!(document.section_at(text.find('b').unwrap()), SectionId(2));
}

#[test]
fn only_headings_at_the_top_open_sections() {
    let cases: [(&str, &[&str]); 12] = [
        ("", &[]),
        ("#\n", &["1 "]),
        ("#tag\n", &[]),
        ("  ## Indented", &["2 Indented"]),
        ("# C #\n# D#", &["1 C", "1 D#"]),
        ("Two\nlines\n---\n", &["2 Two\nlines"]),
        ("- item\n---\ntext\n\n---\n", &[]),
        ("- # in a list\n> # in a quote\n> Under\n> ===\n", &[]),
        ("```\n# code\n```\n# After", &["1 After"]),
        ("```\n# unclosed", &[]),
        ("<!--\n# hidden\n-->\n# Shown", &["1 Shown"]),
        ("# GET /orders/{id}\r\n# A {#a-1}\r\n", &["1 GET /orders/{id}", "1 A"]),
    ];
    for (text, expected) in cases {
        assert_eq!(outline(text), expected, "{text:?}");
    }
}

#[test]
fn inner_headings_have_anchors_but_no_section() {
    let text = "# A\n> ## A\n\n- ### A";
    let document = document(text);
    assert_eq!(document.sections.len(), 2);
    let anchors: Vec<_> = document.anchors(text).into_iter().map(|it| it.0.to_string()).collect();
    assert_eq!(anchors, ["a", "a-1", "a-2"]);
}

#[test]
fn blank_lines_and_comments_are_no_content() {
    let cases = [
        ("# A\n", false),
        ("# A\n\n<!-- todo\n\nlater -->\n \t\n", false),
        ("# A\n<!-- a --> b", true),
        ("# A\n---\n", true),
    ];
    for (text, expected) in cases {
        assert_eq!(document(text).section(SectionId(1)).has_content, expected, "{text:?}");
    }
}

#[test]
fn front_matter_is_only_at_the_start() {
    let cases: [(&str, Option<&str>); 9] = [
        ("---\na: 1\n---\n# T", Some("a: 1\n")),
        ("---\r\na: 1\r\n...\r\n# T", Some("a: 1\r\n")),
        ("\u{feff}---\na: 1\n---", Some("a: 1\n")),
        ("+++\na = 1\n+++\n", Some("a = 1\n")),
        ("---\n---\n", Some("")),
        ("---\n\nProse\n\n---\n", None),
        ("---\na: 1\n", None),
        ("# T\n\n---\na: 1\n---\n", None),
        ("+++\na = 1\n---\n", None),
    ];
    for (text, expected) in cases {
        assert_eq!(document(text).front_matter.map(|it| it.body.of(text)), expected, "{text:?}");
    }
}

#[test]
fn a_rule_around_text_is_no_front_matter() {
    let text = "# T\n\n---\nNot metadata\n\n---\n\n## Next\n";
    assert_eq!(outline(text), ["1 T", "2 Next"]);
    assert_eq!(document(text).front_matter, None);
}

#[test]
fn list_items_and_lines_hold_fields() {
    let cases: [(&str, &[&str]); 24] = [
        ("- **Name**: value\n", &["Name=value"]),
        ("* **Name:** value", &["Name=value"]),
        ("1. **Name** : value", &["Name=value"]),
        ("- [ ] **Name**: value", &["Name=value"]),
        ("- __Name__: value", &["Name=value"]),
        ("- **Name** - value", &[]),
        ("- **Name**::value", &[]),
        ("- **:** value", &[]),
        ("- see **Name**: value", &[]),
        ("- **Name**:\n", &["Name="]),
        ("- **Name**: wrapped\n  here\n- **B**: b", &["Name=wrapped\n  here", "B=b"]),
        ("- **Name**: value\n  - nested\n", &["Name=value"]),
        ("- **Name**: value\n\n  more\n", &["Name=value"]),
        ("- **A**: a\n  - **B**: b\n", &["A=a", "B=b"]),
        ("**A**: a\n**B**: b  \nprose\n", &["A=a", "B=b"]),
        ("**A**: a | **B**: b\n", &["A=a", "B=b"]),
        ("> **A**:\n> a\n> **B**: b", &["A=a", "B=b"]),
        ("**A**: <!-- fill in -->\n", &["A="]),
        ("**A**: a <!-- why -->\n", &["A=a"]),
        ("Status: Accepted\nDate: 2026-01-02\nMood: good\n", &["Status=Accepted", "Date=2026-01-02"]),
        ("Last Updated: today\n", &["Last Updated=today"]),
        ("* Status: proposed\n* Deciders: a,\n  b\n", &["Status=proposed", "Deciders=a,\n  b"]),
        ("Prose that mentions\nstatus: nothing.\n", &[]),
        ("`**A**: a` and\n\n    **B**: b\n", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(fields(text), expected, "{text:?}");
        let carriage_returns = text.replace('\n', "\r\n");
        let expected: Vec<_> = expected.iter().map(|it| it.replace('\n', "\r\n")).collect();
        assert_eq!(fields(&carriage_returns), expected, "{carriage_returns:?}");
    }
}

#[test]
fn list_items_hold_fields_of_known_names_without_bold_marks() {
    let names = PlainNames::from_iter(["Status"]).with_items(["Capacity", "Ordering", "Ordering key"]);
    for (text, expected) in [
        ("- Capacity: 120 per second\n", &["Capacity=120 per second"][..]),
        ("- Ordering key: `order_id`\n- Ordering: none\n", &["Ordering key=`order_id`", "Ordering=none"]),
        ("* *Capacity*: 120\n* _Capacity:_ 12\n", &["Capacity=120", "Capacity=12"]),
        ("- *Status*: accepted\n\n*Status*: accepted\n", &["Status=accepted", "Status=accepted"]),
        ("Capacity: 120\n\n*Capacity*: 120\n", &[]),
        ("- *Mood*: good\n- Mood: good\n- see *Capacity*: 1\n- *Capacity* is 1\n- Capacity:1\n", &[]),
    ] {
        let document = parse_with(text, &names);
        let found: Vec<_> =
            document.fields.iter().map(|it| format!("{}={}", it.name.of(text), it.value.of(text))).collect();
        assert_eq!(found, expected, "{text:?}");
        document.verify(text).unwrap();
    }
}

#[test]
fn a_missing_value_stands_where_it_would_be_written() {
    let text = "- **Owner**: \n- **Team**:";
    let document = document(text);
    let places: Vec<_> = document.fields.iter().map(|it| it.value).collect();
    assert_eq!(places, [Span::empty("- **Owner**: ".len()), Span::empty(text.len())]);
}

#[test]
fn a_field_knows_its_whole_item() {
    let text = "- a\n  - **B**: b\n\n> **C**: c\n\n| | |\n|-|-|\n| D | d |\n";
    let document = document(text);
    assert_eq!(
        slices(text, document.fields.iter().map(|it| it.item)),
        ["  - **B**: b\n", "> **C**: c\n", "| D | d |\n"]
    );
    let origins: Vec<_> = document.fields.iter().map(|it| it.origin).collect();
    assert_eq!(origins, [FieldOrigin::ListItem, FieldOrigin::Line, FieldOrigin::TableRow]);
}

#[test]
fn fields_belong_to_sections() {
    let text = "**A**: 1\n# T\n**B**: 2\n## U\n**C**: 3\n# V\n**D**: 4\n";
    let document = document(text);
    let names = |fields: &[Field]| fields.iter().map(|it| it.name.of(text)).collect::<String>();
    assert_eq!(names(document.fields_in(SectionId(1))), "B");
    assert_eq!(names(document.fields_under(SectionId(1))), "BC");
    assert_eq!(names(document.fields_under(SectionId::ROOT)), "ABCD");
}

#[test]
fn two_column_tables_hold_fields_when_they_look_like_it() {
    let cases: [(&str, &[&str]); 8] = [
        ("## S\n| | |\n|-|-|\n| Owner | me |\n", &["Owner=me"]),
        ("# T\n| Field | Value |\n|-|-|\n| **Owner** | me |\n| Last update: | x |\n", &["Owner=me", "Last update=x"]),
        ("## S\n| Field | Value |\n|-|-|\n| **Owner** | me |\n", &["Owner=me"]),
        ("## S\n| Field | Value |\n|-|-|\n| Owner | me |\n", &[]),
        ("## S\n| Field | Value |\n|-|-|\n| **Owner** | me |\n| Team | x |\n", &[]),
        ("# T\n| Date | Change |\n|-|-|\n| 2026-01-01 | First |\n", &[]),
        ("# T\n| A | B | C |\n|-|-|-|\n| Owner | me | x |\n", &[]),
        ("# T\n| A | B |\n|-|-|\n| Owner |\n", &["Owner="]),
    ];
    for (text, expected) in cases {
        assert_eq!(fields(text), expected, "{text:?}");
    }
}

#[test]
fn tables_of_properties_and_values_hold_fields() {
    let names =
        |text: &str| -> Vec<String> { parse(text).fields.iter().map(|it| it.name.of(text).to_owned()).collect() };
    assert_eq!(
        names("# T\n\ntext\n\n## A\n\n| Property | Value |\n| --- | --- |\n| Retention | 7 days |\n"),
        ["Retention"]
    );
    assert!(names("# T\n\ntext\n\n## A\n\n| Metric | Value |\n| --- | --- |\n| Retention | 7 days |\n").is_empty());
}

#[test]
fn tables_have_rows_and_cells() {
    let text = "x\n\n> | a | `b\\|c` |\n> |---|:-:|\n> | 1 |\n> | é\\|é | | 3 |\n\nend";
    let document = document(text);
    let table = document.tables[0];
    assert_eq!(slices(text, document.header(&table).iter().copied()), ["a", "`b\\|c`"]);
    let rows: Vec<_> =
        document.rows(&table).iter().map(|it| slices(text, document.cells(it).iter().copied())).collect();
    assert_eq!(rows, [["1", ""], ["é\\|é", ""]]);
    assert_eq!(document.rows(&table)[0].span.of(text), "| 1 |\n");
}

#[test]
fn links_know_text_and_target() {
    let cases: [(&str, &[&str]); 14] = [
        ("[a](b.md#c \"t\")", &["a -> b.md#c"]),
        ("[a](<b c.md>)", &["a -> b c.md"]),
        ("[a [b]](c(d).md)", &["a [b] -> c(d).md"]),
        ("[a\\]](b\\).md)", &["a\\] -> b\\).md"]),
        ("[]( )", &[" -> "]),
        ("[`]`](x)", &["`]` -> x"]),
        ("![alt *x*](i.png)", &["alt *x* -> i.png"]),
        ("[![i](j)](k)", &["![i](j) -> k", "i -> j"]),
        ("<https://a.b> <a@b.c>", &["https://a.b -> https://a.b", "a@b.c -> a@b.c"]),
        ("[t][L] [l][] [l] [x][y]\n\n[l]: <t u.md> 'T'\n", &["t -> t u.md", "l -> t u.md", "l -> t u.md"]),
        ("> [a](\n> b)", &["a -> b"]),
        ("> [a\n> ](b)", &["a\n>  -> b"]),
        ("| [a](b) |\n|-|\n| [c](d\\|e) |", &["a -> b", "c -> d\\|e"]),
        ("`[a](b)` [^1]\n\n[^1]: [c](d)", &["c -> d"]),
    ];
    for (text, expected) in cases {
        assert_eq!(links(text), expected, "{text:?}");
    }
}

#[test]
fn a_reference_names_its_definition() {
    let text = "[t][The  label]\n\n[other]: a\n[the label]: b.md#x\n";
    let document = document(text);
    let link = document.links[0];
    assert_eq!(link.kind, LinkKind::Reference);
    assert_eq!(link.reference.unwrap().of(text), "The  label");
    assert_eq!(document.definitions[link.definition.unwrap() as usize].label.of(text), "the label");
    assert_eq!((link.path(text), link.fragment(text)), ("b.md", Some("x")));
}

#[test]
fn definitions_that_count_for_nothing_are_found() {
    let text = "[a]: x.md\n[A]: y.md\n\n[a] and [b]: no\n\n> - [ a ]: <z w>\n\n```\n[a]: code\n```\n[^1]: note\n";
    let document = document(text);
    let found: Vec<_> = document.duplicates.iter().map(|it| (it.definition.target.of(text), it.first)).collect();
    assert_eq!(found, [("y.md", 0), ("z w", 0)]);
}

#[test]
fn references_without_a_definition_are_found() {
    let text = "[t][l] [m][] ![i][j] [n] [a [b]][c]\n\n`[t][no]` [d][e]\n\n[e]: x\n";
    let document = document(text);
    let found: Vec<_> = document.undefined.iter().map(|it| (it.text.of(text), it.label.of(text))).collect();
    assert_eq!(found, [("t", "l"), ("m", ""), ("i", "j"), ("a [b]", "c")]);
}

#[test]
fn fences_close_as_the_specification_has_it() {
    for fence in ["```", "~~~", "`````"] {
        for end in ["", " ", "\t", " \t ", "\t\t"] {
            for (prefix, next) in [("", ""), ("   ", ""), ("> ", "> "), ("- ", "  "), ("1. > ", "   > ")] {
                let text = format!("{prefix}{fence}x\n{next}# code\n{next}{fence}{end}\n\n# After\n");
                assert_eq!(outline(&text), ["1 After"], "{text:?}");
                assert_eq!(document(&text).code_blocks.len(), 1, "{text:?}");
            }
        }
    }
    assert_eq!(outline("````\n```\t\n# code\n````\t\n# After"), ["1 After"]);
    assert_eq!(outline("```\n~~~\t\n``` x\n    ```\t\n# code"), Vec::<String>::new());
}

#[test]
fn items_have_depth_number_and_task() {
    let text = "- a\n  1. b\n\n     more\n  2. [x] c\n- ```\n  code\n  ```\n> * [ ] d\n>   e\n";
    let document = document(text);
    let found: Vec<_> = document
        .items
        .iter()
        .map(|it| (it.depth, it.ordered, it.task.map(|it| it.done), it.content.of(text), it.span.of(text)))
        .collect();
    assert_eq!(
        found,
        [
            (0, None, None, "a", "- a"),
            (1, Some(1), None, "b", "1. b\n\n     more"),
            (1, Some(2), Some(true), "c", "2. [x] c"),
            (0, None, None, "", "- ```\n  code\n  ```"),
            (0, None, Some(false), "d\n>   e", "* [ ] d\n>   e"),
        ]
    );
}

#[test]
fn code_is_found() {
    let text = "a `b` ``c ` d``\n\n```rust,no_run x\nlet a;\n\n```\n\n    indented\n\n~~~\nopen";
    let document = document(text);
    assert_eq!(slices(text, document.code_spans.iter().copied()), ["`b`", "``c ` d``"]);
    let blocks: Vec<_> =
        document.code_blocks.iter().map(|it| (it.language.of(text), it.content.of(text), it.fenced)).collect();
    assert_eq!(blocks, [("rust,no_run", "let a;\n\n", true), ("", "indented\n", false), ("", "open", true)]);
    let places = ["b`", "let", "indented", "open"].map(|it| document.in_code(text.find(it).unwrap()));
    assert_eq!(places, [true; 4]);
    assert!(!document.in_code(0) && !document.in_code(text.len()));
}

#[test]
fn comments_are_found_everywhere_but_in_code() {
    let text = "<!-- a -->\n\nb <!-- c\nd --> `<!-- no -->`\n\n<div>\n<!--e--> <!-->\n</div>\n\n```\n<!-- no -->\n```\n\
        \n<!-- open\n";
    let document = document(text);
    assert_eq!(slices(text, document.comments.iter().map(|it| it.content)), [" a ", " c\nd ", "e", "", " open"]);
}

#[test]
fn paragraphs_are_prose_outside_lists() {
    let text = "# T\none\ntwo\n\n> three\n\n- four\n\n| a |\n|-|\n\n[^1]: five\n";
    let document = document(text);
    let found: Vec<_> = document.paragraphs.iter().map(|it| (it.quoted, it.span.of(text))).collect();
    assert_eq!(found, [(false, "one\ntwo"), (true, "three")]);
}

#[test]
fn plain_titles_lose_their_marks() {
    let cases = [
        ("# A **b** `c_d` [e](f) ~~g~~ \\* &amp;", "A b c_d e g * &"),
        ("# 1. *Two*", "1. Two"),
        ("# [Ref] and [not]\n\n[ref]: x", "Ref and [not]"),
        ("# C# \\#", "C# #"),
        ("a\n*b*\n===", "a b"),
        ("# snake_case", "snake_case"),
    ];
    for (text, expected) in cases {
        assert_eq!(document(text).plain_title(SectionId(1), text), expected, "{text:?}");
    }
}

#[test]
fn sections_are_found_by_name() {
    let text = "# Status\n## 1. Context\n## 2.1 **Decision**:\n## IV. Rollback Plan\n## I am\n";
    let document = document(text);
    let find = |level: Option<u8>, name| document.find_section(text, level, name).map(|it| it.0);
    assert_eq!(find(Some(2), "context"), Some(2));
    assert_eq!(find(None, "DECISION"), Some(3));
    assert_eq!(find(Some(2), "rollback plan"), Some(4));
    assert_eq!(find(None, "am"), None);
    assert_eq!(document.find_section(text, 2, "Status"), None);
    assert_eq!(document.find_section(text, 1, "Status"), Some(SectionId(1)));
}

#[test]
fn slugs_are_those_of_github() {
    let cases = [
        ("Hello, World!", "hello-world"),
        ("A & B", "a--b"),
        ("snake_case-Kebab", "snake_case-kebab"),
        ("Größe 2.0", "größe-20"),
        ("日本語 テスト", "日本語-テスト"),
        ("🚀 Launch", "-launch"),
        ("⚠\u{fe0f} Warning", "\u{fe0f}-warning"),
        ("Launch 🚀", "launch-"),
        ("ΟΔΟΣ", "οδος"),
        ("İ", "i\u{307}"),
        ("a\u{a0}b\tc", "abc"),
        ("x² ½ ⅷ ⓐ ٣", "x--ⅷ-ⓐ-٣"),
        ("a‿b a\u{200d}b", "a‿b-ab"),
        ("हिन्दी", "हिन्दी"),
        ("GET /orders/{id}", "get-ordersid"),
    ];
    for (title, expected) in cases {
        assert_eq!(slug(title), expected);
    }
}

#[test]
fn anchors_are_unique_and_include_those_written_by_hand() {
    let text = "# A\n# A-1\n# A\n# A\n<a id=\"x\"></a> <a name='y'> <img id=z>\n<!-- <a id=\"no\"> -->\n# B {#custom}\n\
        \n<div\n id=\"w\">\n";
    let anchors: Vec<_> = document(text).anchors(text).into_iter().map(|it| (it.0.to_string(), it.1.0)).collect();
    let expected = [
        ("a", 1),
        ("a-1", 2),
        ("a-2", 3),
        ("a-3", 4),
        ("b", 5),
        ("b-custom", 5),
        ("x", 4),
        ("y", 4),
        ("z", 4),
        ("custom", 5),
        ("w", 5),
    ];
    assert_eq!(anchors, expected.map(|it| (it.0.to_string(), it.1)));
}

#[test]
fn anchors_are_made_of_what_a_heading_shows() {
    let cases: [(&str, &[&str]); 9] = [
        ("# ![logo](a.png) Orders", &["-orders"]),
        ("Two\n  lines\n===", &["twolines"]),
        ("# `a_b` [c](d) &amp; *e*", &["a_b-c--e"]),
        ("# A<br>B <a id=\"x\"></a>", &["ab-", "x"]),
        ("<h1 align=\"center\">Order &amp; pay</h1>\n\n# Next", &["order--pay", "next"]),
        ("<h2>\n\nOrders\n\n</h2>\n", &["orders"]),
        ("<h2>A</h2>\n\n# A\n", &["a", "a-1"]),
        ("# \\#1", &["1"]),
        ("# :rocket: Launch", &["rocket-launch"]),
    ];
    for (text, expected) in cases {
        let anchors: Vec<_> = document(text).anchors(text).into_iter().map(|it| it.0.to_string()).collect();
        assert_eq!(anchors, expected, "{text:?}");
    }
}

#[test]
fn html_has_links() {
    let text = "<a href=\"a.md#b\">x</a> <IMG alt='' src='b c.png'> <a name=\"d\" href=e.md>\n\n<p>\n\
        <a\n href=\"f.md\">\n</p>\n\n<!-- <a href=\"no.md\"> --> <a href=\"\">\n";
    let targets: Vec<_> = document(text).links.iter().map(|it| it.target.of(text)).collect();
    assert_eq!(targets, ["a.md#b", "b c.png", "e.md", "f.md"]);
}

#[test]
fn media_in_html_lead_to_files() {
    let text = "<picture>\n<source srcset=\"a.png, b c.png 2x,d.png 3x\">\n<img src=e.png srcset=\"\">\n</picture>\n\n\
        <video src='f.mp4' poster=g.png></video> <link rel=icon href=h.ico> <script src=i.js></script>\n\n\
        <source srcset=\"data:image/png;base64,AA==\">\n";
    let targets: Vec<_> = document(text).links.iter().map(|it| it.target.of(text)).collect();
    assert_eq!(targets, ["a.png", "b", "d.png", "e.png", "f.mp4", "g.png", "h.ico"]);
}

#[test]
fn a_small_document_costs_less_than_three_kilobytes() {
    let text = include_str!("../../benches/design.md");
    assert!((1_900..2_200).contains(&text.len()), "{}", text.len());
    let memory = document(text).memory();
    assert!(memory < 3_000, "{memory}");
}

#[test]
fn deep_nesting_ends() {
    let depth = 10_000;
    let lists = (0..300).flat_map(|it| ["  ".repeat(it), "- a\n".to_owned()]).collect::<String>();
    let texts = [
        ">".repeat(depth) + "a",
        "- ".repeat(depth) + "a",
        "1. ".repeat(depth) + "**A**: a",
        "[".repeat(depth) + &"](x)".repeat(depth),
        "![".repeat(depth) + &"](x)".repeat(depth),
        "*".repeat(depth) + "a" + &"*".repeat(depth),
        "**A**: ".repeat(depth),
        "**A**: a | ".repeat(depth),
        "<!--".repeat(depth),
        "a <a id=".repeat(depth),
        "# A\n".repeat(depth),
        "[a]: b\n".repeat(depth) + "[a]",
        "Status: x\n".repeat(depth),
        "|a|b|\n|-|-|\n".to_owned() + &"|**x**|y|\n".repeat(depth),
        "`".repeat(depth) + "\n" + &"`a".repeat(depth),
        "- ".repeat(1_000) + "a" + &"\n".repeat(depth) + "b",
        (0..depth).flat_map(|it| [format!("[l{it}]: x\n\n"), format!("# [l{it}]\n")]).collect(),
        "# A\n\n| a | b |\n|-|-|\n\n".repeat(depth / 10),
        lists,
    ];
    for text in texts {
        let start = Instant::now();
        let document = document(&text);
        document.anchors(&text);
        let head: String = text.chars().take(12).collect();
        // Far above what a busy machine takes, and far below what an explosion does; `tests/bench` counts the growth.
        assert!(start.elapsed() < Duration::from_secs(30), "{head:?} took {:?}", start.elapsed());
    }
}

/// Pieces of Markdown that meet at random.
fn fragments() -> impl Strategy<Value = String> {
    let blocks = prop::sample::select(vec![
        "---\n",
        "+++\n",
        "---\na: b\n---\n",
        "# A\n",
        "## B *c* {#d}\n",
        "### E ###\n",
        "T\n===\n",
        "u\n---\n",
        "> ",
        "> > ",
        "- ",
        "  - ",
        "1. ",
        "10) ",
        "- [ ] ",
        "* [x] ",
        "```\n",
        "```rust a\n",
        "```\t\n",
        "~~~ \t\n",
        "[L]: z\n",
        "~~~\n",
        "    ",
        "\t",
        "| a | b |\n|---|---|\n",
        "| | |\n|-|-|\n",
        "| **x** | y\\|z |\n",
        "| q |\n",
        "<!--",
        "-->",
        "<div id=a>\n",
        "</div>\n",
        "[l]: x.md 'T'\n",
        "[m]: <y z>\n",
        "[^1]: f\n",
        "***\n",
    ]);
    let inline = prop::sample::select(vec![
        "**A**: ",
        "**B:** ",
        "__C__:",
        "**D** ",
        "Status: s",
        "Date:",
        "last updated: x",
        "value ",
        "[t](u.md#v)",
        "[t](<u v> \"w\")",
        "![i](j)",
        "[l]",
        "[t][l]",
        "[n][m]",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "<https://a.b>",
        "<a id=\"k\">",
        "<a name=q>",
        "<!-- c -->",
        "`code`",
        "`",
        "``",
        "*",
        "**",
        "_",
        "~~",
        "\\",
        "\\|",
        "|",
        ":",
        " ",
        "é",
        "😀",
        "\u{feff}",
        "&amp;",
        "[^1]",
        "  \n",
        "\\\n",
        "{#x}",
        "#",
        ",",
        "·",
    ]);
    let breaks = prop::sample::select(vec!["\n", "\n\n", "\r\n", "\r", "\n  ", "\n> ", "\n   "]);
    prop::collection::vec(prop_oneof![3 => blocks, 4 => inline, 2 => breaks], 0..40).prop_map(|it| it.concat())
}

/// The destinations as the parser decodes them.
fn decoded_targets(text: &str, base: usize) -> Vec<String> {
    use pulldown_cmark::{Event, Parser, Tag};
    let source = lines::with_plain_fences(&text[base..]);
    let events = Parser::new_ext(&source, build::OPTIONS);
    let targets = events.filter_map(|it| match it {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    });
    targets.collect()
}

/// What must hold for any text at all.
fn check(text: &str) -> Result<(), TestCaseError> {
    let document = parse(text);
    document.verify(text).map_err(TestCaseError::fail)?;
    document.anchors(text);
    document.find_section(text, None, "status");
    for (id, _) in document.section_ids() {
        prop_assert!(document.children(id).all(|it| document.section(it).parent == Some(id)));
    }
    let base = document.section(SectionId::ROOT).body.start as usize;
    let decoded = decoded_targets(text, base);
    let links: Vec<_> = document.links.iter().filter(|it| it.kind != LinkKind::Html).collect();
    prop_assert_eq!(decoded.len(), links.len());
    for (link, decoded) in links.into_iter().zip(decoded) {
        let target = link.target.of(text);
        if !target.contains(['\\', '&', '\0']) {
            prop_assert_eq!(target, decoded);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn fragments_keep_every_promise(text in fragments()) {
        check(&text)?;
    }

    #[test]
    fn any_text_keeps_every_promise(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_bytes_keep_every_promise(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn a_written_field_is_found_again(
        name in "[A-Za-z][A-Za-z ]{0,8}[a-z]",
        value in "[a-z0-9é]{1,8}( [a-z0-9é]{1,8}){0,3}",
        form in 0usize..4,
        before in "(# [A-Z]\n|a\n\n|> q\n\n)?",
    ) {
        let line = [
            format!("- **{name}**: {value}\n"),
            format!("* **{name}:** {value}\n"),
            format!("**{name}**: {value}\n"),
            format!("| | |\n|-|-|\n| {name} | {value} |\n"),
        ];
        let text = before + &line[form];
        let document = parse(&text);
        let found: Vec<_> = document.fields.iter().map(|it| (it.name.of(&text), it.value.of(&text))).collect();
        prop_assert_eq!(found, [(name.as_str(), value.as_str())]);
    }

    #[test]
    fn decoding_never_fails(target in any::<String>()) {
        decode_target(&target);
        slug(&target);
    }
}
