//! The recorded verdicts of registries on pairs of schemas, each under the profile it was recorded with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;

use archwright_schema::{
    Language,
    compatibility::{Mode, Profile, compare},
};
use serde_json::Value;

/// The schema as a text; Protobuf is text already, and so are some of the others.
fn text(schema: &Value) -> String {
    schema.as_str().filter(|it| !is_name(it)).map_or_else(|| schema.to_string(), str::to_owned)
}

/// A schema that is only a type's name stays a JSON string.
fn is_name(text: &str) -> bool {
    text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.')
}

/// How many cases each profile has, and those whose verdict is another one.
#[derive(Default)]
struct Agreement {
    cases: BTreeMap<&'static str, usize>,
    wrong: BTreeMap<&'static str, Vec<String>>,
}

impl Agreement {
    fn of(format: &str, language: Language) -> Self {
        let folder = std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names the folder of the corpora");
        let cases = std::fs::read_to_string(format!("{folder}/compat/cases.jsonl")).unwrap();
        let mut agreement = Self::default();
        for line in cases.lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            if case["format"] != format {
                continue;
            }
            let profile = Profile::of_name(case["id"].as_str().unwrap().split('/').next().unwrap()).unwrap();
            let mode = Mode::of_name(case["mode"].as_str().unwrap()).unwrap();
            let old: Vec<String> = case["old"].as_array().unwrap().iter().map(text).collect();
            let old: Vec<&str> = old.iter().map(String::as_str).collect();
            let found = compare(&old, &text(&case["new"]), language, mode, profile);
            *agreement.cases.entry(profile.name()).or_default() += 1;
            if found.as_ref().is_ok_and(Vec::is_empty) != case["compatible"].as_bool().unwrap() {
                let told = format!(
                    "{} {}: {found:?}\n  old {}\n  new {}",
                    case["id"], case["description"], case["old"], case["new"]
                );
                agreement.wrong.entry(profile.name()).or_default().push(told);
            }
        }
        agreement
    }

    /// Each profile must agree on this share of its cases.
    fn check(&self, percent: usize) {
        assert!(!self.cases.is_empty());
        for (profile, cases) in &self.cases {
            let wrong = self.wrong.get(profile).map(Vec::as_slice).unwrap_or_default();
            println!("{profile}: {} of {cases} agree", cases - wrong.len());
            println!("{}", wrong.join("\n"));
            assert!(
                (cases - wrong.len()) * 100 >= cases * percent,
                "{profile}: {} of {cases} disagree\n{}",
                wrong.len(),
                wrong.join("\n")
            );
        }
    }
}

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn verdicts_on_avro_agree() {
    Agreement::of("avro", Language::Avro).check(100);
}

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn verdicts_on_json_schema_agree() {
    Agreement::of("json-schema", Language::JsonSchema).check(98);
}

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn verdicts_on_protobuf_agree() {
    Agreement::of("protobuf", Language::Protobuf).check(100);
}
