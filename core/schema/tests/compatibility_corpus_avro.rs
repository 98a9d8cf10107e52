//! The recorded verdicts of registries on pairs of Avro schemas and Protobuf files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

use archwright_schema::{
    Language,
    compatibility::{Mode, Profile, compare},
};
use serde_json::Value;

fn text(schema: &Value) -> String {
    schema.as_str().filter(|it| !is_avro_name(it)).map_or_else(|| schema.to_string(), str::to_owned)
}

/// A schema that is only a type's name stays a JSON string.
fn is_avro_name(text: &str) -> bool {
    text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.')
}

fn disagreements(format: &str, language: Language) -> (usize, Vec<String>) {
    let folder = std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names the folder of the corpora");
    let cases = std::fs::read_to_string(format!("{folder}/compat/cases.jsonl")).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if case["format"] != format {
            continue;
        }
        count += 1;
        let profile = Profile::of_name(case["id"].as_str().unwrap().split('/').next().unwrap()).unwrap();
        let mode = Mode::of_name(case["mode"].as_str().unwrap()).unwrap();
        let old: Vec<String> = case["old"].as_array().unwrap().iter().map(text).collect();
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let found = compare(&old, &text(&case["new"]), language, mode, profile);
        let verdict = found.as_ref().is_ok_and(Vec::is_empty);
        if verdict != case["compatible"].as_bool().unwrap() {
            wrong.push(format!("{} {}: {found:?}\n  old {}\n  new {}", case["id"], case["description"], case["old"], case["new"]));
        }
    }
    (count, wrong)
}

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn verdicts_on_avro_agree() {
    let (count, wrong) = disagreements("avro", Language::Avro);
    println!("{} of {count} disagree", wrong.len());
    assert!(count > 0 && wrong.is_empty(), "{}", wrong.join("\n"));
}
