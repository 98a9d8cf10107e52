//! The JSON Schema of `archwright.toml`, with the rules that it may name.

use serde_json::{Map, Value};

use super::{registry::Registry, rule::Rule};
use crate::conventions::config;

impl Registry {
    /// The JSON Schema of `archwright.toml`. With it, editors complete the families and codes of rules and say what
    /// each of them finds.
    pub fn configuration_schema(&self) -> Value {
        let mut schema = config::json_schema();
        let Some(rules) = schema.pointer_mut("/properties/rules").and_then(Value::as_object_mut) else { return schema };
        if let Some(Value::Object(level)) = rules.insert("additionalProperties".to_owned(), Value::Bool(false)) {
            let described = |description: String| {
                let mut level = level.clone();
                level.insert("description".to_owned(), Value::String(description));
                Value::Object(level)
            };
            let families = self.families().into_iter().map(|family| (format!("{family}/*"), of_family(family)));
            let single = self.rules().iter().map(|rule| (rule.code.to_owned(), of_rule(rule)));
            let names: Map<String, Value> =
                families.chain(single).map(|(name, description)| (name, described(description))).collect();
            rules.insert("properties".to_owned(), Value::Object(names));
        }
        schema
    }
}

fn of_family(family: &str) -> String {
    format!("All rules of the family `{family}` that have no line of their own.")
}

fn of_rule(rule: &Rule) -> String {
    format!("{} Default: `{}`. {}", rule.summary, rule.level(), rule.url())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::{Config, engine::Selection, rules::registry};

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
}
