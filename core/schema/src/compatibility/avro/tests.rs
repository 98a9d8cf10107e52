//! One small pair of schemas per kind of change.

use proptest::prelude::*;

use crate::{
    Language,
    compatibility::{Mode, Profile, compare},
};

/// Kind and path of each change, with what it stands on in the new schema.
fn changes(old: &str, new: &str, mode: Mode) -> Vec<String> {
    let found = compare(&[old], new, Language::Avro, mode, Profile::Confluent).unwrap();
    let show = |it: crate::compatibility::Change| {
        assert!(it.advice.is_some());
        format!("{} {} `{}`", it.kind, it.path, it.new.unwrap().span.of(new))
    };
    found.into_iter().map(show).collect()
}

fn order(fields: &str) -> String {
    format!(
        r#"{{"type": "record", "name": "Order", "namespace": "shop", "fields": [{{"name": "id", "type": "string"}}{fields}]}}"#
    )
}

#[test]
fn a_field_needs_a_default_to_be_added() {
    let (old, new) = (order(""), order(r#", {"name": "note", "type": "string"}"#));
    assert_eq!(changes(&old, &new, Mode::Backward), ["READER_FIELD_MISSING_DEFAULT_VALUE /fields/1 `\"note\"`"]);
    assert_eq!(changes(&old, &new, Mode::Forward), [""; 0]);
    let with_default = order(r#", {"name": "note", "type": "string", "default": ""}"#);
    assert_eq!(changes(&old, &with_default, Mode::Full), [""; 0]);
    assert_eq!(changes(&new, &old, Mode::Forward).len(), 1);
}

#[test]
fn the_default_of_an_enum_is_no_default_of_a_field() {
    let state = r#"{"type": "enum", "name": "State", "symbols": ["OPEN", "DONE"], "default": "OPEN"}"#;
    let new = order(&format!(r#", {{"name": "state", "type": {state}}}"#));
    for profile in Profile::ALL {
        let found = compare(&[&order("")], &new, Language::Avro, Mode::Backward, profile).unwrap();
        assert_eq!(found.first().unwrap().kind, "READER_FIELD_MISSING_DEFAULT_VALUE");
        assert!(found.first().unwrap().message.contains("the default of its enum does not count"));
    }
    let new = order(&format!(r#", {{"name": "state", "type": {state}, "default": "OPEN"}}"#));
    assert_eq!(changes(&order(""), &new, Mode::Backward), [""; 0]);
}

#[test]
fn a_field_may_be_renamed_with_an_alias() {
    let old = order(r#", {"name": "note", "type": "string"}"#);
    let new = order(r#", {"name": "remark", "aliases": ["note"], "type": "string"}"#);
    assert_eq!(changes(&old, &new, Mode::Backward), [""; 0]);
    assert_eq!(changes(&old, &new, Mode::Forward).len(), 1);
}

#[test]
fn a_type_may_be_renamed_with_an_alias() {
    for (kind, rest) in [("record", r#""fields": []"#), ("enum", r#""symbols": ["A"]"#), ("fixed", r#""size": 4"#)] {
        let named = |name: &str| format!(r#"{{"type": "{kind}", "namespace": "shop", "name": {name}, {rest}}}"#);
        let (old, new) = (named("\"Order\""), named(r#""Purchase", "aliases": ["Order"]"#));
        assert_eq!(changes(&old, &new, Mode::Backward), [""; 0], "{kind}");
        // Those who read with the old schema know nothing of the new name.
        assert_eq!(changes(&old, &new, Mode::Forward), ["NAME_MISMATCH /name `\"Purchase\"`"], "{kind}");
        let in_union = format!(r#"["null", {new}]"#);
        assert_eq!(changes(&format!(r#"["null", {old}]"#), &in_union, Mode::Backward), [""; 0], "{kind}");
        // The alias is a full name, unlike the name itself.
        let elsewhere = named(r#""Purchase", "aliases": ["depot.Order"]"#);
        assert_eq!(changes(&old, &elsewhere, Mode::Backward).len(), 1, "{kind}");
        let full = named(r#""Purchase", "aliases": ["shop.Order"]"#);
        assert_eq!(changes(&old, &full, Mode::Backward), [""; 0], "{kind}");
        // Karapace takes an alias as it is written.
        let breaks =
            |new: &str| compare(&[&old], new, Language::Avro, Mode::Backward, Profile::Karapace).unwrap().len();
        assert_eq!((breaks(&new), breaks(&full)), (1, 0), "{kind}");
    }
}

#[test]
fn numbers_may_grow_and_text_and_bytes_are_alike() {
    for (written, read, fits) in
        [("int", "long", true), ("long", "int", false), ("float", "double", true), ("string", "bytes", true)]
    {
        let (old, new) = (format!("\"{written}\""), format!("\"{read}\""));
        assert_eq!(changes(&old, &new, Mode::Backward).is_empty(), fits, "{written} to {read}");
    }
    assert_eq!(
        changes(r#"{"type": "array", "items": "long"}"#, r#"{"type": "array", "items": "int"}"#, Mode::Backward),
        ["TYPE_MISMATCH /items `\"int\"`"]
    );
}

#[test]
fn a_union_that_no_registry_takes_is_refused() {
    let record = r#"{"type": "record", "name": "R", "fields": []}"#;
    for (bad, told) in [
        (r#"["null", ["int", "string"]]"#.to_owned(), "directly in another"),
        (r#"["int", {"type": "int", "logicalType": "date"}]"#.to_owned(), "`int` twice"),
        (r#"[{"type": "array", "items": "int"}, {"type": "array", "items": "string"}]"#.to_owned(), "`array` twice"),
        (format!(r#"[{record}, "R"]"#), "`R` twice"),
    ] {
        let error = compare(&[&bad], &bad, Language::Avro, Mode::Backward, Profile::Confluent).unwrap_err();
        assert!(error.message.contains(told), "{bad}: {error}");
    }
    let named = format!(
        r#"["null", {record}, {{"type": "record", "name": "S", "fields": [{{"name": "r", "type": ["null", "R", "S"]}}]}}]"#
    );
    assert_eq!(changes(&named, &named, Mode::Full), [""; 0]);
}

#[test]
fn unions_may_grow_for_readers_and_shrink_for_writers() {
    let (small, large) = (r#"["null", "int"]"#, r#"["null", "int", "string"]"#);
    assert_eq!(changes(small, large, Mode::Backward), [""; 0]);
    assert_eq!(changes(large, small, Mode::Backward), ["MISSING_UNION_BRANCH /2 `[\"null\", \"int\"]`"]);
    assert_eq!(changes("\"int\"", small, Mode::Backward), [""; 0]);
    assert_eq!(changes(small, "\"int\"", Mode::Backward), ["TYPE_MISMATCH  `\"int\"`"]);
}

#[test]
fn symbols_need_a_default_to_be_unknown() {
    let of =
        |symbols: &str, more: &str| format!(r#"{{"type": "enum", "name": "State", "symbols": [{symbols}]{more}}}"#);
    let (old, new) = (of(r#""OPEN", "DONE""#, ""), of(r#""OPEN""#, ""));
    assert_eq!(changes(&old, &new, Mode::Backward), ["MISSING_ENUM_SYMBOLS /symbols `[\"OPEN\"]`"]);
    assert_eq!(changes(&old, &of(r#""OPEN""#, r#", "default": "OPEN""#), Mode::Backward), [""; 0]);
}

#[test]
fn names_and_sizes_must_stay() {
    let of = |name: &str, size: u32| format!(r#"{{"type": "fixed", "name": "{name}", "size": {size}}}"#);
    assert_eq!(changes(&of("Hash", 16), &of("Hash", 32), Mode::Backward), ["FIXED_SIZE_MISMATCH /size `32`"]);
    assert_eq!(changes(&of("Hash", 16), &of("Digest", 16), Mode::Backward), ["NAME_MISMATCH /name `\"Digest\"`"]);
    assert_eq!(changes(&of("a.Hash", 16), &of("b.Hash", 16), Mode::Backward), [""; 0]);
}

#[test]
fn records_that_contain_themselves_end() {
    let list = |ty: &str| {
        format!(
            r#"{{"type": "record", "name": "List", "fields": [{{"name": "value", "type": "{ty}"}}, {{"name": "next", "type": ["null", "List"]}}]}}"#
        )
    };
    assert_eq!(changes(&list("int"), &list("long"), Mode::Backward), [""; 0]);
    assert!(
        changes(&list("long"), &list("int"), Mode::Backward)
            .contains(&"TYPE_MISMATCH /fields/0/type `\"int\"`".to_owned())
    );
}

#[test]
fn all_older_versions_count_for_transitive_modes() {
    let (one, two) = (order(r#", {"name": "a", "type": "int"}"#), order(r#", {"name": "a", "type": "long"}"#));
    let new = order(r#", {"name": "a", "type": "int"}"#);
    let count = |mode| compare(&[&two, &one], &new, Language::Avro, mode, Profile::Confluent).unwrap().len();
    assert_eq!((count(Mode::Backward), count(Mode::BackwardTransitive), count(Mode::None)), (0, 1, 0));
}

#[test]
fn a_text_that_is_no_schema_is_named_with_its_place() {
    for (text, place) in [
        (r#"{"type": "record", "name": "A", "fields": [{"name": "b", "type": "B"}]}"#, "\"B\""),
        (r#"{"type": "array"}"#, "\"array\""),
        (
            r#"{"type": "record", "name": "A", "fields": [{"name": "b", "type": "int"}, {"name": "b", "type": "int"}]}"#,
            "\"b\"",
        ),
    ] {
        let error = compare(&["\"int\""], text, Language::Avro, Mode::Backward, Profile::Confluent).unwrap_err();
        assert_eq!((error.place.version, error.place.span.of(text)), (1, place), "{}", error.message);
    }
}

fn schema() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("\"int\"".to_owned()), Just("\"string\"".to_owned()), Just("\"null\"".to_owned())];
    // Unions hold no unions and nothing twice, and no two records are called the same.
    let optional = |it: String| {
        if it.starts_with('[') || it == "\"null\"" { it } else { format!(r#"["null", {it}]"#) }
    };
    let record = |(id, it): (u64, String)| {
        let next = format!(r#"{{"name": "next", "type": ["null", "R{id}"]}}"#);
        format!(r#"{{"type": "record", "name": "R{id}", "fields": [{{"name": "x", "type": {it}}}, {next}]}}"#)
    };
    leaf.prop_recursive(4, 24, 3, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| format!(r#"{{"type": "array", "items": {it}}}"#)),
            inner.clone().prop_map(optional),
            (any::<u64>(), inner).prop_map(record),
        ]
    })
}

proptest! {
    #[test]
    fn every_schema_reads_what_it_wrote(schema in schema()) {
        let found = compare(&[&schema], &schema, Language::Avro, Mode::Full, Profile::Confluent);
        prop_assert_eq!(found.map_err(|it| it.message), Ok(Vec::new()));
    }

    #[test]
    fn any_two_texts_end(old in "\\PC{0,60}", new in schema()) {
        let _ = compare(&[&old], &new, Language::Avro, Mode::Full, Profile::Confluent);
    }
}

/// A union of records, each of which may hold any of those before it; names are compared without their namespaces.
fn web(size: usize, name: impl Fn(usize) -> String) -> String {
    let earlier = |at: usize| (0..at).map(|it| format!(r#""{}", "#, name(it))).collect::<Vec<_>>().concat();
    let record = |at: usize| {
        let (name, earlier) = (name(at), earlier(at));
        format!(r#"{{"type": "record", "name": "{name}", "fields": [{{"name": "f", "type": [{earlier}"null"]}}]}}"#)
    };
    format!("[{}]", (0..size).map(record).collect::<Vec<_>>().join(", "))
}

#[test]
fn webs_of_unions_cost_a_bounded_time() {
    let start = std::time::Instant::now();
    let told_apart = |size| web(size, |at| format!("U{at}"));
    assert_eq!(changes(&told_apart(200), &told_apart(201), Mode::Backward), [""; 0]);
    assert_eq!(changes(&told_apart(200), &told_apart(199), Mode::Backward).len(), 1);
    let alike = |size| web(size, |at| format!("n{at}.U"));
    assert_eq!(changes(&alike(20), &alike(21), Mode::Backward), [""; 0]);
    let with_text = alike(250).replace("\"null\"", "\"string\"");
    let error = compare(&[&alike(250)], &with_text, Language::Avro, Mode::Full, Profile::Confluent).unwrap_err();
    assert!(error.message.contains("too large to be compared"), "{error}");
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn a_chain_that_is_too_long_to_follow_is_refused_and_never_called_compatible() {
    let chain = |last: &str| {
        let record = |at: usize| {
            let ty = if at == 0 { format!("\"{last}\"") } else { format!("\"C{}\"", at - 1) };
            format!(r#"{{"type": "record", "name": "C{at}", "fields": [{{"name": "f", "type": {ty}}}]}}"#)
        };
        format!("[{}]", (0..1_000).map(record).collect::<Vec<_>>().join(", "))
    };
    let found = compare(&[&chain("int")], &chain("string"), Language::Avro, Mode::Backward, Profile::Confluent);
    assert!(found.is_err() || !found.unwrap().is_empty());
}

/// Kind, path and places of each change that people must judge.
fn open(old: &str, new: &str) -> Vec<String> {
    let found = compare(&[old], new, Language::Avro, Mode::Full, Profile::Confluent).unwrap();
    let show = |it: crate::compatibility::Change| {
        assert!(it.is_open && it.breaks.is_empty(), "{it:?}");
        let (was, is) = (it.old.unwrap().span.of(old), it.new.unwrap().span.of(new));
        format!("{} {} {was} {is}", it.kind, it.path)
    };
    found.into_iter().map(show).collect()
}

#[test]
fn another_scale_or_precision_is_told_and_left_to_people() {
    let bytes = |rest: &str| format!(r#"{{"type": "bytes", "logicalType": "decimal"{rest}}}"#);
    let fixed = |rest: &str| format!(r#"{{"type": "fixed", "name": "D", "size": 8, "logicalType": "decimal"{rest}}}"#);
    for schema in [bytes, fixed] {
        let price = schema(r#", "precision": 9, "scale": 2"#);
        assert_eq!(open(&price, &schema(r#", "precision": 9, "scale": 4"#)), ["LOGICAL_TYPE_CHANGED /scale 2 4"]);
        assert_eq!(open(&price, &schema(r#", "precision": 12, "scale": 2"#)), ["LOGICAL_TYPE_CHANGED /precision 9 12"]);
        assert_eq!(open(&price, &schema(r#", "precision": 9"#)), [r#"LOGICAL_TYPE_CHANGED /scale 2 "decimal""#]);
        assert_eq!(open(&schema(r#", "precision": 9"#), &schema(r#", "precision": 9, "scale": 0"#)), [""; 0]);
        assert_eq!(open(&price, &price), [""; 0]);
    }
    let price = bytes(r#", "precision": 9, "scale": 2"#);
    assert_eq!(open(&price, r#""bytes""#).len(), 1);
    assert_eq!(open(r#"{"type": "bytes"}"#, &price), [r#"LOGICAL_TYPE_CHANGED /logicalType "bytes" "decimal""#]);
    // A decimal that readers ignore is one of plain bytes.
    assert_eq!(open(&bytes(r#", "precision": 2, "scale": 4"#), &bytes("")), [""; 0]);
}

#[test]
fn what_values_stand_for_is_compared_inside_of_everything() {
    let price =
        |scale: u8| format!(r#"{{"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": {scale}}}"#);
    let within = |of: &dyn Fn(&str) -> String| open(&of(&price(2)), &of(&price(4)));
    assert_eq!(within(&|it| format!(r#"["null", {it}]"#)), ["LOGICAL_TYPE_CHANGED /1/scale 2 4"]);
    assert_eq!(
        within(&|it| format!(r#"{{"type": "array", "items": {it}}}"#)),
        ["LOGICAL_TYPE_CHANGED /items/scale 2 4"]
    );
    assert_eq!(
        within(&|it| format!(r#"{{"type": "map", "values": {it}}}"#)),
        ["LOGICAL_TYPE_CHANGED /values/scale 2 4"]
    );
    let of_field = within(&|it| order(&format!(r#", {{"name": "total", "type": ["null", {it}], "default": null}}"#)));
    assert_eq!(of_field, ["LOGICAL_TYPE_CHANGED /fields/1/type/1/scale 2 4"]);
    // A plain type becomes one of several.
    let found =
        compare(&[&price(2)], &format!(r#"["null", {}]"#, price(4)), Language::Avro, Mode::Backward, Profile::Karapace);
    assert_eq!(found.unwrap().iter().map(|it| it.kind).collect::<Vec<_>>(), ["LOGICAL_TYPE_CHANGED"]);
    let time = |unit: &str| format!(r#"{{"type": "long", "logicalType": "timestamp-{unit}"}}"#);
    assert_eq!(open(&time("millis"), &time("micros")).len(), 1);
    // What a type without a meaning is given one, it may have had before.
    assert_eq!(open(r#""long""#, &time("micros")), [""; 0]);
}
