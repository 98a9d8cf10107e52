//! Reading what agents really send: a list as a JSON text, one thing where a list belongs, an empty text for nothing.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// Leaves the descriptions of an object's members out of its schema, where the names say it all. Agents load the schema
/// of an operation as a whole, and each word of it costs.
pub(super) fn names_alone(schema: &mut schemars::Schema) {
    let members = schema.get_mut("properties").and_then(Value::as_object_mut);
    for member in members.into_iter().flatten().filter_map(|it| it.1.as_object_mut()) {
        member.remove("description");
    }
}

/// Leaves the description of a field out of its schema, where the name says it all.
pub(super) fn name_alone(schema: &mut schemars::Schema) {
    schema.remove("description");
}

/// A list, a JSON text of a list, or a single element.
pub(super) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let value = match Value::deserialize(deserializer)? {
        Value::String(text) if text.trim_start().starts_with(['[', '{']) => {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        other => other,
    };
    let items = match value {
        Value::Array(items) => items,
        Value::Null => Vec::new(),
        Value::String(text) if text.trim().is_empty() => Vec::new(),
        single => vec![single],
    };
    items.into_iter().map(|it| T::deserialize(it).map_err(serde::de::Error::custom)).collect()
}

/// A text; empty and null count as nothing, numbers and booleans as their text.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text),
        other @ (Value::Bool(_) | Value::Number(_)) => Some(other.to_string()),
        other => return Err(serde::de::Error::custom(format!("a text is needed, not {other}"))),
    })
}

/// An object, or a JSON text of one.
pub(super) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(deserializer: D) -> Result<T, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(T::default()),
        Value::String(text) if text.trim().is_empty() => Ok(T::default()),
        Value::String(text) => serde_json::from_str(&text).map_err(serde::de::Error::custom),
        other => T::deserialize(other).map_err(serde::de::Error::custom),
    }
}
