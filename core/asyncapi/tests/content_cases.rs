//! Runs the checks of content over single-rule cases with known answers, in the folder that `ARCHWRIGHT_CORPUS` names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::path::PathBuf;

use archwright_asyncapi::{NoDocuments, checks, validate};
use archwright_syntax::Span;
use archwright_syntax::data::{Format, Tree, escape_pointer_token, parse};
use serde_json::Value;

/// The rules that checks of content correspond to.
const RULES: [&str; 15] = [
    "asyncapi2-message-examples",
    "asyncapi2-message-examples-custom-format",
    "asyncapi2-schema-default",
    "asyncapi2-schema-examples",
    "asyncapi2-schemas",
    "asyncapi-message-examples",
    "asyncapi-payload",
    "asyncapi-payload-default",
    "asyncapi-payload-examples",
    "asyncapi-payload-unsupported-schemaFormat",
    "asyncapi-3-payload-unsupported-schemaFormat",
    "asyncapi-schema-default",
    "asyncapi-schema-examples",
    "asyncapi-headers-schema-type-object",
    "asyncapi-3-headers-schema-type-object",
];

/// What an expected error is about: its value, or the key of a collection.
fn expected(tree: &Tree, error: &Value) -> Option<Span> {
    let path = error["path"].as_array()?.iter().filter_map(Value::as_str);
    let pointer = path.fold(String::new(), |pointer, it| pointer + "/" + &escape_pointer_token(it));
    let node = tree.pointer(&pointer)?;
    Some(node.as_entry().map_or_else(|| node.span(), |it| it.span()))
}

fn source(case: &Value) -> String {
    case["document"].as_str().map_or_else(|| serde_json::to_string_pretty(&case["document"]).unwrap(), ToOwned::to_owned)
}

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn single_rules_agree_with_the_corpus() {
    let corpus = PathBuf::from(std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names a folder"));
    let cases = std::fs::read_to_string(corpus.join("asyncapi/rule_cases.jsonl")).unwrap();
    let (mut agreed, mut all) = (0, 0);
    for case in cases.lines().map(|it| serde_json::from_str::<Value>(it).unwrap()) {
        let rule = case["rule"].as_str().unwrap();
        if !RULES.contains(&rule) {
            continue;
        }
        all += 1;
        let same: Vec<_> = checks().iter().filter(|it| it.same_as.contains(&rule)).map(|it| it.name).collect();
        let tree = parse(source(&case), Format::Yaml);
        let found: Vec<_> = validate(&tree, &NoDocuments).into_iter().filter(|it| same.contains(&it.check)).collect();
        let wanted: Vec<_> = case["errors"].as_array().unwrap().iter().map(|it| expected(&tree, it)).collect();
        // Each expected error is found within its place, and nothing where nothing is expected.
        let is_told = |place: &Option<Span>| found.iter().any(|it| place.is_none_or(|place| place.contains(it.span)));
        let is_wanted = |span: Span| wanted.iter().any(|it| it.is_none_or(|it| it.contains(span)));
        let agrees = wanted.iter().all(is_told) && (found.is_empty() || !wanted.is_empty());
        agreed += u32::from(agrees);
        if !agrees || !found.iter().all(|it| is_wanted(it.span)) {
            println!("{}{rule}: {} ({})", if agrees { "more than expected: " } else { "" }, case["name"], case["source"]);
            for place in &wanted {
                println!("    wanted {:?}", place.map(|it| it.of(tree.text()).chars().take(60).collect::<String>()));
            }
            for it in &found {
                println!("    found {} {:?} {}", it.check, it.span.of(tree.text()), it.message);
            }
        }
    }
    println!("{agreed} of {all} agree");
    assert!(f64::from(agreed) >= 0.98 * f64::from(all));
}
