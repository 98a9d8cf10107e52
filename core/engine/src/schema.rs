//! The JSON Schema of `archwright.toml`, with the rules that it may name.

use archwright_model::conventions::config;
use serde_json::{Map, Value};

use super::{registry::Registry, rule::Rule};

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
