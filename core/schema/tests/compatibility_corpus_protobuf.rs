//! The recorded verdicts of registries on pairs of Protobuf files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

use archwright_schema::{
    Language,
    compatibility::{Mode, Profile, compare},
};
use serde_json::Value;

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn verdicts_on_protobuf_agree() {
    let folder = std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names the folder of the corpora");
    let cases = std::fs::read_to_string(format!("{folder}/compat/cases.jsonl")).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if case["format"] != "protobuf" {
            continue;
        }
        count += 1;
        let profile = Profile::of_name(case["id"].as_str().unwrap().split('/').next().unwrap()).unwrap();
        let mode = Mode::of_name(case["mode"].as_str().unwrap()).unwrap();
        let old: Vec<&str> = case["old"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        let found = compare(&old, case["new"].as_str().unwrap(), Language::Protobuf, mode, profile);
        let verdict = found.as_ref().is_ok_and(Vec::is_empty);
        if verdict != case["compatible"].as_bool().unwrap() {
            wrong.push(format!("{} {}: {found:?}", case["id"], case["description"]));
        }
    }
    println!("{} of {count} disagree", wrong.len());
    assert!(count > 0 && wrong.is_empty(), "{}", wrong.join("\n"));
}
