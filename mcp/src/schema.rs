//! Schemas of arguments and answers in the form that every client takes.
//!
//! Strict clients choke on references, nullable types, `format`, and `oneOf` made of documented enum members. All of
//! that is taken out once, when the tools are listed for the first time.

use rmcp::model::JsonObject;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

/// The schema of a tool's arguments.
pub fn arguments<T: JsonSchema>() -> JsonObject {
    strict_arguments(schemars::schema_for!(T).to_value())
}

/// A schema that exists already, as that of a tool's arguments.
pub fn strict_arguments(schema: Value) -> JsonObject {
    strict(schema, Use::Arguments)
}

/// The schema of a tool's answer: the names of the members that are always there. Models are not shown it, and every
/// byte of the list of tools costs each session.
pub fn answer<T: JsonSchema>() -> JsonObject {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut answer = strict(generator.into_root_schema_for::<T>().to_value(), Use::Answer);
    answer.shift_remove("properties");
    answer
}

/// Names the members that must be there, at a place below the schema.
pub fn require(schema: &mut JsonObject, names: &[&str]) {
    if names.is_empty() {
        schema.shift_remove("required");
    } else {
        schema.insert("required".to_owned(), names.iter().copied().map(Value::from).collect());
    }
}

/// The members that an object schema describes.
pub fn properties(schema: &JsonObject) -> Option<&JsonObject> {
    schema.get("properties")?.as_object()
}

/// The schema of one member, or of the elements if the member is a list.
pub fn element_mut<'s>(schema: &'s mut JsonObject, name: &str) -> Option<&'s mut JsonObject> {
    let member = schema.get_mut("properties")?.get_mut(name)?;
    let at = if member.get("items").is_some() { member.get_mut("items")? } else { member };
    at.as_object_mut()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Arguments,
    Answer,
}

/// How many levels deep the schema of an answer goes.
const ANSWER_DEPTH: usize = 1;

fn strict(schema: Value, usage: Use) -> JsonObject {
    let Value::Object(mut root) = schema else { return Map::new() };
    let definitions = root
        .remove("$defs")
        .and_then(|it| if let Value::Object(it) = it { Some(it) } else { None })
        .unwrap_or_default();
    root.shift_remove("description");
    let cleaned = Cleaner { definitions: &definitions, usage }.clean(Value::Object(root), 0);
    if let Value::Object(cleaned) = cleaned { cleaned } else { Map::new() }
}

struct Cleaner<'a> {
    definitions: &'a JsonObject,
    usage: Use,
}

impl Cleaner<'_> {
    fn clean(&self, schema: Value, depth: usize) -> Value {
        // No schema of ours is recursive; the limit keeps a mistake from becoming an endless loop.
        let Value::Object(mut schema) = schema else { return schema };
        if depth > 16 {
            return Value::Object(Map::new());
        }
        schema = self.without_reference(schema);
        for name in ["$schema", "title", "format", "default"] {
            schema.shift_remove(name);
        }
        if self.usage == Use::Answer {
            for name in ["description", "minimum", "additionalProperties"] {
                schema.shift_remove(name);
            }
            if ANSWER_DEPTH < depth {
                schema.shift_remove("properties");
            }
            if 0 < depth {
                schema.shift_remove("required");
            }
        } else if 0 < depth {
            // Unknown members are refused by name anyway.
            schema.shift_remove("additionalProperties");
        }
        if let Some(Value::Array(types)) = schema.get("type") {
            let named = types.iter().find(|it| it.as_str() != Some("null")).cloned();
            schema.insert("type".to_owned(), named.unwrap_or_default());
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(Value::Array(options)) = schema.shift_remove(choice) {
                schema = self.merged(schema, options, depth);
            }
        }
        if let Some(Value::Array(allowed)) = schema.get_mut("enum") {
            allowed.retain(|it| !it.is_null());
        }
        if let Some(Value::Object(members)) = schema.get_mut("properties") {
            for (_, member) in members.iter_mut() {
                *member = self.clean(member.take(), depth + 1);
            }
        }
        if let Some(items) = schema.get_mut("items") {
            *items = self.clean(items.take(), depth + 1);
            // The list says already what its elements are.
            items.as_object_mut().and_then(|it| it.shift_remove("description"));
        }
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        Value::Object(schema)
    }

    /// Puts the definition in the place of a reference to it. What stands beside the reference wins.
    fn without_reference(&self, mut schema: JsonObject) -> JsonObject {
        let Some(Value::String(reference)) = schema.shift_remove("$ref") else { return schema };
        let name = reference.strip_prefix("#/$defs/").unwrap_or_default();
        let mut inlined = self.definitions.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        inlined.extend(schema);
        inlined
    }

    /// Merges the alternatives of a choice: constants become one enum, and of "this or null" only this is left.
    fn merged(&self, mut schema: JsonObject, options: Vec<Value>, depth: usize) -> JsonObject {
        let mut constants = Vec::new();
        for option in options {
            let Value::Object(option) = self.clean(option, depth + 1) else { continue };
            if option.get("type").and_then(Value::as_str) == Some("null") {
                continue;
            }
            if let Some(constant) = option.get("const") {
                constants.push(constant.clone());
            } else if let Some(Value::Array(allowed)) = option.get("enum") {
                constants.extend(allowed.iter().cloned());
            } else {
                let mut inner = option;
                inner.extend(std::mem::take(&mut schema));
                schema = inner;
            }
        }
        if !constants.is_empty() {
            schema.insert("type".to_owned(), "string".into());
            schema.insert("enum".to_owned(), Value::Array(constants));
        }
        schema
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::*;

    /// An example.
    #[derive(JsonSchema)]
    #[allow(dead_code)]
    struct Example {
        /// How much
        /// of it.
        size: Option<u32>,
        choice: Option<Choice>,
        parts: Vec<Part>,
    }

    #[derive(JsonSchema)]
    #[serde(rename_all = "lowercase")]
    #[allow(dead_code)]
    enum Choice {
        /// This.
        One,
        /// That.
        Two,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code)]
    struct Part {
        name: Option<String>,
    }

    #[test]
    fn what_strict_clients_refuse_is_taken_out() {
        let schema = arguments::<Example>();
        assert_eq!(
            Value::Object(schema),
            json!({
                "type": "object",
                "properties": {
                    "size": {"type": "integer", "minimum": 0, "description": "How much of it."},
                    "choice": {"type": "string", "enum": ["one", "two"]},
                    "parts": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
                },
                "required": ["parts"],
            })
        );
    }
}
