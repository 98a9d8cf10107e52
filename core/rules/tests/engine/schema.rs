//! The JSON Schema of the configuration, which knows the rules.

use std::collections::BTreeSet;

use archwright_engine::Selection;
use archwright_model::Config;
use archwright_rules::registry;

/// What the schema lets through is what the configuration takes.
#[test]
fn every_rule_and_family_can_be_completed_and_is_taken() {
    let schema = registry().configuration_schema();
    let rules = schema.pointer("/properties/rules").unwrap();
    assert_eq!(rules["additionalProperties"], false);
    let names = rules["properties"].as_object().unwrap();
    let expected: BTreeSet<String> = registry()
        .families()
        .iter()
        .map(|it| format!("{it}/*"))
        .chain(registry().rules().iter().map(|it| it.code.to_owned()))
        .collect();
    assert_eq!(names.keys().cloned().collect::<BTreeSet<_>>(), expected);
    for (name, level) in names {
        assert_eq!(level["$ref"], "#/$defs/RuleLevel", "{name}");
        assert!(level["description"].as_str().is_some_and(|it| !it.is_empty()), "{name}");
        let (config, problems) = Config::parse(&format!("[rules]\n\"{name}\" = \"hint\"\n"));
        assert_eq!((problems, Selection::new(registry(), &config).1), (Vec::new(), Vec::new()), "{name}");
    }
    let text = names["link/dead-target"]["description"].as_str().unwrap();
    assert!(
        text.starts_with("A relative link leads to a file that does not exist. Default: `error`. https://"),
        "{text}"
    );
}
