//! Reading arguments as models send them, guided by the schema of the tool.
//!
//! What is clear in spite of its form is taken: a list as a JSON text, one element where a list belongs, a number as a
//! text. What is not clear is refused by name, with what is allowed and what was probably meant, all mistakes at once.

use archwright_syntax::nearest;
use rmcp::model::JsonObject;
use serde_json::{Map, Value};

use crate::schema::properties;

/// The arguments in the form that the schema describes.
///
/// # Errors
/// What is wrong, one sentence for each mistake.
pub fn read(tool: &str, schema: &JsonObject, arguments: JsonObject) -> Result<JsonObject, Vec<String>> {
    let mut reader = Reader { tool, mistakes: Vec::new() };
    let read = reader.object(schema, arguments, "");
    if reader.mistakes.is_empty() { Ok(read) } else { Err(reader.mistakes) }
}

struct Reader<'a> {
    tool: &'a str,
    mistakes: Vec<String>,
}

impl Reader<'_> {
    fn object(&mut self, schema: &JsonObject, given: JsonObject, place: &str) -> JsonObject {
        let none = Map::new();
        let members = properties(schema).unwrap_or(&none);
        let mut read = Map::new();
        for (name, value) in given {
            let at = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            match members.get(&name).and_then(Value::as_object) {
                Some(member) => {
                    if let Some(value) = self.value(member, value, &at) {
                        read.insert(name, value);
                    }
                }
                None => self.unknown(&name, &at, place, members),
            }
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for name in required.filter(|it| !read.contains_key(*it)) {
            let at = if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
            // A value that was refused is not missing as well.
            if self.mistakes.iter().any(|it| it.starts_with(&format!("`{at}`"))) {
                continue;
            }
            let meaning =
                members.get(name).and_then(|it| it.get("description")).and_then(Value::as_str).unwrap_or_default();
            self.mistakes.push(format!("`{at}` is missing: {meaning}").trim_end_matches([':', ' ']).to_owned());
        }
        read
    }

    fn unknown(&mut self, name: &str, at: &str, place: &str, members: &JsonObject) {
        let whole = if place.is_empty() { format!("`{}`", self.tool) } else { format!("`{place}`") };
        let nested = members.iter().filter_map(|(outer, it)| Some((outer, properties(it.as_object()?)?)));
        let nested = nested.filter(|it| it.1.contains_key(name)).map(|it| format!("{}.{name}", it.0)).next();
        let meant = nested.or_else(|| nearest(name, members.keys().map(String::as_str)).map(str::to_owned));
        let meant = meant.map_or(String::new(), |it| format!("; did you mean `{it}`?"));
        let known: Vec<&str> = members.keys().map(String::as_str).collect();
        self.mistakes.push(
            format!("`{at}` is no argument of {whole}{meant} It takes: {}.", known.join(", ")).replace("` It", "`. It"),
        );
    }

    fn value(&mut self, schema: &JsonObject, given: Value, at: &str) -> Option<Value> {
        if given.is_null() {
            return None;
        }
        match schema.get("type").and_then(Value::as_str).unwrap_or_default() {
            "string" => self.text(schema, given, at),
            "boolean" => match &given {
                Value::Bool(_) => Some(given),
                Value::String(text) => match text.trim().to_lowercase().as_str() {
                    "true" | "yes" => Some(true.into()),
                    "false" | "no" => Some(false.into()),
                    "" => None,
                    _ => self.refuse(at, "true or false", &given),
                },
                _ => self.refuse(at, "true or false", &given),
            },
            "integer" => self.integer(schema, &given, at),
            "array" => self.list(schema, given, at),
            "object" => match decoded(given) {
                Value::Object(members) => Some(self.object(schema, members, at).into()),
                Value::String(text) if text.trim().is_empty() => None,
                other => self.refuse(at, "an object", &other),
            },
            _ => Some(given),
        }
    }

    fn text(&mut self, schema: &JsonObject, given: Value, at: &str) -> Option<Value> {
        let text = match given {
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) => given.to_string(),
            other => return self.refuse(at, "a text", &other),
        };
        if text.trim().is_empty() {
            return None;
        }
        let Some(Value::Array(allowed)) = schema.get("enum") else { return Some(text.into()) };
        let allowed: Vec<&str> = allowed.iter().filter_map(Value::as_str).collect();
        if let Some(it) = allowed.iter().find(|it| it.eq_ignore_ascii_case(text.trim())) {
            return Some((*it).into());
        }
        let meant =
            nearest(&text, allowed.iter().copied()).map_or(String::new(), |it| format!(" Did you mean `{it}`?"));
        self.mistakes.push(format!(
            "`{at}` cannot be `{}`; it is one of {}.{meant}",
            excerpt(&text),
            allowed.join(", ")
        ));
        None
    }

    /// A whole number, brought into its range.
    fn integer(&mut self, schema: &JsonObject, given: &Value, at: &str) -> Option<Value> {
        let number = match given {
            Value::Number(_) => given.as_f64(),
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let Some(number) = number.filter(|it| it.fract() == 0.0) else {
            return self.refuse(at, "a whole number", given);
        };
        let bound = |name: &str, other: f64| schema.get(name).and_then(Value::as_f64).unwrap_or(other);
        let number = number.max(bound("minimum", 0.0)).min(bound("maximum", f64::from(u32::MAX)));
        #[allow(clippy::cast_sign_loss, reason = "no range of ours goes below zero")]
        Some((number as u64).into())
    }

    fn list(&mut self, schema: &JsonObject, given: Value, at: &str) -> Option<Value> {
        let none = Map::new();
        let items = schema.get("items").and_then(Value::as_object).unwrap_or(&none);
        let given = match decoded(given) {
            Value::Array(given) => given,
            Value::String(text) if text.trim().is_empty() => return None,
            single => vec![single],
        };
        let mut read = Vec::new();
        for (index, item) in given.into_iter().enumerate() {
            read.extend(self.value(items, named(items, item), &format!("{at}[{index}]")));
        }
        Some(read.into())
    }

    fn refuse(&mut self, at: &str, needed: &str, given: &Value) -> Option<Value> {
        self.mistakes.push(format!("`{at}` takes {needed}, not `{}`.", excerpt(&given.to_string())));
        None
    }
}

/// A list or an object that came as a JSON text.
fn decoded(given: Value) -> Value {
    match given {
        Value::String(text) if text.trim_start().starts_with(['[', '{']) => {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        other => other,
    }
}

/// A bare name where an object with a name belongs: the name is what the object begins with.
fn named(items: &JsonObject, item: Value) -> Value {
    let Some(first) = properties(items).and_then(|it| it.keys().next()) else { return item };
    match decoded(item) {
        Value::String(text) => Value::Object(Map::from_iter([(first.clone(), Value::String(text))])),
        other => other,
    }
}

fn excerpt(text: &str) -> std::borrow::Cow<'_, str> {
    crate::text::shorten(text, 80)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> JsonObject {
        let schema = json!({
            "type": "object",
            "properties": {
                "feature": {"type": "string", "description": "Slug."},
                "severity": {"type": "string", "enum": ["error", "warning"]},
                "limit": {"type": "integer", "minimum": 1, "maximum": 100},
                "force": {"type": "boolean"},
                "paths": {"type": "array", "items": {"type": "string"}},
                "channels": {"type": "array", "items": {"type": "object", "properties": {
                    "name": {"type": "string"}, "ordering_key": {"type": "string"}}, "required": ["name"]}},
                "concerns": {"type": "object", "properties": {"owner_team": {"type": "string"}}},
            },
            "required": ["feature"],
        });
        serde_json::from_value(schema).unwrap()
    }

    fn read(arguments: Value) -> Result<Value, Vec<String>> {
        super::read("design", &schema(), serde_json::from_value(arguments).unwrap()).map(Value::Object)
    }

    #[test]
    fn what_is_clear_is_taken_in_any_form() {
        let given = json!({
            "feature": "x", "severity": "Error", "limit": "500", "force": "true", "paths": "[\"a\", \"b\"]",
            "channels": ["a.b", "{\"name\": \"c.d\", \"ordering_key\": 7}"], "concerns": "{\"owner_team\": \"Orders\"}",
        });
        let taken = json!({
            "feature": "x", "severity": "error", "limit": 100, "force": true, "paths": ["a", "b"],
            "channels": [{"name": "a.b"}, {"name": "c.d", "ordering_key": "7"}], "concerns": {"owner_team": "Orders"},
        });
        assert_eq!(read(given), Ok(taken));
        assert_eq!(
            read(json!({"feature": "x", "paths": "a", "limit": null, "force": ""})),
            Ok(json!({"feature": "x", "paths": ["a"]}))
        );
    }

    #[test]
    fn mistakes_name_what_is_allowed_and_what_was_meant() {
        let mistakes = read(json!({
            "severity": "warn", "limit": "many", "path": "a", "owner_team": "Orders",
            "channels": [{"orderingKey": "x"}],
        }));
        assert_eq!(
            mistakes.unwrap_err(),
            [
                "`severity` cannot be `warn`; it is one of error, warning.",
                "`limit` takes a whole number, not `\"many\"`.",
                "`path` is no argument of `design`; did you mean `paths`? It takes: feature, severity, limit, force, \
                paths, channels, concerns.",
                "`owner_team` is no argument of `design`; did you mean `concerns.owner_team`? It takes: feature, \
                severity, limit, force, paths, channels, concerns.",
                "`channels[0].orderingKey` is no argument of `channels[0]`; did you mean `ordering_key`? It takes: \
                name, ordering_key.",
                "`channels[0].name` is missing",
                "`feature` is missing: Slug.",
            ]
        );
    }
}
