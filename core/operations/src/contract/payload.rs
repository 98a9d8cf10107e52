//! A schema from the fields of a payload, in JSON Schema, Avro or Protobuf.

use serde_json::{Map, Value, json};

use super::{super::OperationError, PayloadField, SchemaFormat};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Integer,
    Number,
    Decimal,
    Boolean,
    Uuid,
    Date,
    DateTime,
    Email,
    Uri,
    Object,
    Any,
}

/// The names of types, with what they mean.
const TYPES: [(&str, Type); 12] = [
    ("string", Type::Text),
    ("integer", Type::Integer),
    ("number", Type::Number),
    ("decimal", Type::Decimal),
    ("boolean", Type::Boolean),
    ("uuid", Type::Uuid),
    ("date", Type::Date),
    ("date-time", Type::DateTime),
    ("email", Type::Email),
    ("uri", Type::Uri),
    ("object", Type::Object),
    ("any", Type::Any),
];

/// A field with its type read.
pub(super) struct Field<'r> {
    request: &'r PayloadField,
    holds: Type,
    is_list: bool,
    example: Option<Value>,
}

/// What a schema is of.
pub(super) struct Subject<'r> {
    /// The name of the message.
    pub message: &'r str,
    /// What it tells.
    pub summary: Option<&'r str>,
    /// Where schemas are published, with the name of this one.
    pub id: Option<&'r str>,
    /// The dialect of the other schemas.
    pub dialect: Option<&'r str>,
    /// The Avro namespace or Protobuf package of the other schemas of the feature.
    pub namespace: Option<&'r str>,
}

/// Reads the types and examples of fields.
///
/// # Errors
/// If a field has no name, one that another has, a type that is none, or an example that is not of its type.
pub(super) fn fields(given: &[PayloadField]) -> Result<Vec<Field<'_>>, OperationError> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    for request in given {
        let is_name = !request.name.is_empty()
            && request.name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
            && !request.name.starts_with(|it: char| it.is_ascii_digit());
        if !is_name {
            let inner = "letters, digits and underscores. Fields inside of fields are for a schema that is written by \
                         hand: put it in its place and call this again without `fields`";
            let allowed = inner.to_owned();
            return Err(OperationError::Value { what: "name of a field", value: request.name.clone(), allowed });
        }
        if fields.iter().any(|it| it.request.name == request.name) {
            let allowed = "each field once".to_owned();
            return Err(OperationError::Value { what: "new field", value: request.name.clone(), allowed });
        }
        let wanted = request.r#type.trim().to_ascii_lowercase();
        let single = wanted.strip_suffix("[]");
        let name = single.unwrap_or(&wanted).trim();
        let Some((_, holds)) = TYPES.iter().find(|it| it.0 == name) else {
            let names = TYPES.iter().map(|it| it.0).collect::<Vec<_>>().join(", ");
            let allowed = format!(
                "{names}, or one of them with `[]` behind it. Enumerations, maps and records are for a schema that is \
                 written by hand: put it in its place and call this again without `fields`"
            );
            return Err(OperationError::Value { what: "type of a field", value: request.r#type.clone(), allowed });
        };
        let is_list = single.is_some();
        let example = match &request.example {
            Some(text) => Some(example(*holds, is_list, text).ok_or_else(|| OperationError::Value {
                what: "example of its field",
                value: text.clone(),
                allowed: format!("a value of the type {}", request.r#type),
            })?),
            None => None,
        };
        fields.push(Field { request, holds: *holds, is_list, example });
    }
    Ok(fields)
}

fn example(holds: Type, is_list: bool, text: &str) -> Option<Value> {
    if is_list {
        let items: Vec<Value> = match serde_json::from_str::<Value>(text) {
            Ok(Value::Array(items)) => items,
            _ => text.split(',').map(|it| json!(it.trim())).collect(),
        };
        let plain = |it: &Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
        return items.iter().map(|it| example(holds, false, &plain(it))).collect();
    }
    match holds {
        Type::Integer => text.trim().parse::<i64>().ok().map(Value::from),
        Type::Number => text.trim().parse::<f64>().ok().filter(|it| it.is_finite()).map(Value::from),
        Type::Boolean => text.trim().parse::<bool>().ok().map(Value::from),
        Type::Decimal => text.trim().parse::<f64>().ok().map(|_| json!(text.trim())),
        Type::Text | Type::Uuid | Type::Date | Type::DateTime | Type::Email | Type::Uri => Some(json!(text)),
        Type::Object => serde_json::from_str::<Value>(text).ok().filter(Value::is_object),
        Type::Any => Some(serde_json::from_str(text).unwrap_or_else(|_| json!(text))),
    }
}

/// The first field that a language cannot say without saying more of it: what is inside of an object.
pub(super) fn unsaid<'r>(format: SchemaFormat, fields: &[Field<'r>]) -> Option<&'r str> {
    let is_open = |it: &&Field<'r>| matches!(it.holds, Type::Object | Type::Any);
    let found = fields.iter().find(is_open).filter(|_| format != SchemaFormat::JsonSchema)?;
    Some(&found.request.name)
}

/// The schema as the text of a file.
pub(super) fn schema(format: SchemaFormat, subject: &Subject, fields: &[Field]) -> Option<String> {
    match format {
        SchemaFormat::JsonSchema => json_schema(subject, fields),
        SchemaFormat::Avro => avro(subject, fields),
        SchemaFormat::Protobuf => Some(protobuf(subject, fields)),
    }
}

/// A message with the examples of its fields, if each that must be there has one and the language writes it the same
/// way.
pub(super) fn example_of(format: SchemaFormat, fields: &[Field]) -> Option<Value> {
    let is_complete = fields.iter().all(|it| it.example.is_some() || it.request.optional);
    let is_same = |it: &Field| match format {
        SchemaFormat::JsonSchema => true,
        SchemaFormat::Avro => !matches!(it.holds, Type::Date | Type::DateTime),
        SchemaFormat::Protobuf => false,
    };
    let has_any = fields.iter().any(|it| it.example.is_some());
    if !is_complete || !has_any || !fields.iter().all(is_same) {
        return None;
    }
    let entries = fields.iter().filter_map(|it| Some((it.request.name.clone(), it.example.clone()?)));
    Some(Value::Object(entries.collect()))
}

fn json_schema(subject: &Subject, fields: &[Field]) -> Option<String> {
    let mut schema = Map::new();
    let dialect = subject.dialect.unwrap_or("https://json-schema.org/draft/2020-12/schema");
    schema.insert("$schema".to_owned(), json!(dialect));
    if let Some(id) = subject.id {
        schema.insert("$id".to_owned(), json!(id));
    }
    schema.insert("title".to_owned(), json!(subject.message));
    if let Some(summary) = subject.summary {
        schema.insert("description".to_owned(), json!(summary));
    }
    schema.insert("type".to_owned(), json!("object"));
    let required: Vec<&str> =
        fields.iter().filter(|it| !it.request.optional).map(|it| it.request.name.as_str()).collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    let property = |field: &Field| {
        let (name, format) = match field.holds {
            Type::Text => ("string", None),
            Type::Integer => ("integer", None),
            Type::Number => ("number", None),
            // Numbers lose digits in many readers.
            Type::Decimal => ("string", None),
            Type::Boolean => ("boolean", None),
            Type::Uuid => ("string", Some("uuid")),
            Type::Date => ("string", Some("date")),
            Type::DateTime => ("string", Some("date-time")),
            Type::Email => ("string", Some("email")),
            Type::Uri => ("string", Some("uri")),
            Type::Object => ("object", None),
            Type::Any => ("", None),
        };
        let mut item = Map::new();
        if !name.is_empty() {
            item.insert("type".to_owned(), json!(name));
        }
        if let Some(format) = format {
            item.insert("format".to_owned(), json!(format));
        }
        let mut property = Map::new();
        if field.is_list {
            property.insert("type".to_owned(), json!("array"));
            property.insert("items".to_owned(), Value::Object(item));
        } else {
            property = item;
        }
        if let Some(description) = &field.request.description {
            property.insert("description".to_owned(), json!(description));
        }
        if field.request.personal {
            property.insert("x-pii".to_owned(), json!(true));
        }
        (field.request.name.clone(), Value::Object(property))
    };
    schema.insert("properties".to_owned(), Value::Object(fields.iter().map(property).collect()));
    if let Some(example) = example_of(SchemaFormat::JsonSchema, fields) {
        schema.insert("examples".to_owned(), json!([example]));
    }
    serde_json::to_string_pretty(&Value::Object(schema)).ok().map(|it| it + "\n")
}

fn avro(subject: &Subject, fields: &[Field]) -> Option<String> {
    let field = |field: &Field| {
        let single = match field.holds {
            // Of these `unsaid` has refused the last two.
            Type::Text | Type::Decimal | Type::Email | Type::Uri | Type::Object | Type::Any => json!("string"),
            Type::Integer => json!("long"),
            Type::Number => json!("double"),
            Type::Boolean => json!("boolean"),
            Type::Uuid => json!({ "type": "string", "logicalType": "uuid" }),
            Type::Date => json!({ "type": "int", "logicalType": "date" }),
            Type::DateTime => json!({ "type": "long", "logicalType": "timestamp-millis" }),
        };
        let whole = if field.is_list { json!({ "type": "array", "items": single }) } else { single };
        let mut entry = Map::new();
        entry.insert("name".to_owned(), json!(field.request.name));
        if field.request.optional {
            entry.insert("type".to_owned(), json!(["null", whole]));
            entry.insert("default".to_owned(), Value::Null);
        } else {
            entry.insert("type".to_owned(), whole);
        }
        if let Some(description) = &field.request.description {
            entry.insert("doc".to_owned(), json!(description));
        }
        if field.request.personal {
            entry.insert("x-pii".to_owned(), json!(true));
        }
        Value::Object(entry)
    };
    let mut record = Map::new();
    record.insert("type".to_owned(), json!("record"));
    record.insert("name".to_owned(), json!(subject.message));
    if let Some(namespace) = subject.namespace {
        record.insert("namespace".to_owned(), json!(namespace));
    }
    if let Some(summary) = subject.summary {
        record.insert("doc".to_owned(), json!(summary));
    }
    record.insert("fields".to_owned(), Value::Array(fields.iter().map(field).collect()));
    serde_json::to_string_pretty(&Value::Object(record)).ok().map(|it| it + "\n")
}

fn protobuf(subject: &Subject, fields: &[Field]) -> String {
    let mut text = "syntax = \"proto3\";\n".to_owned();
    if let Some(package) = subject.namespace {
        text.push_str(&format!("\npackage {package};\n"));
    }
    if fields.iter().any(|it| it.holds == Type::DateTime) {
        text.push_str("\nimport \"google/protobuf/timestamp.proto\";\n");
    }
    text.push('\n');
    if let Some(summary) = subject.summary {
        let lines = summary.lines().map(|it| format!("// {it}").trim_end().to_owned() + "\n");
        text.push_str(&lines.collect::<String>());
    }
    text.push_str(&format!("message {} {{\n", subject.message));
    for (at, field) in fields.iter().enumerate() {
        let name = match field.holds {
            Type::Integer => "int64",
            Type::Number => "double",
            Type::Boolean => "bool",
            Type::DateTime => "google.protobuf.Timestamp",
            Type::Text | Type::Decimal | Type::Uuid | Type::Date | Type::Email | Type::Uri => "string",
            // `unsaid` has refused them.
            Type::Object | Type::Any => "string",
        };
        let label = match (field.is_list, field.request.optional) {
            (true, _) => "repeated ",
            (false, true) => "optional ",
            (false, false) => "",
        };
        let personal = if field.request.personal { Some("Personal data.") } else { None };
        let said: Vec<&str> = field.request.description.as_deref().into_iter().chain(personal).collect();
        if !said.is_empty() {
            text.push_str(&format!("  // {}\n", said.join(" ").replace('\n', " ")));
        }
        text.push_str(&format!("  {label}{name} {} = {};\n", field.request.name, at + 1));
    }
    text.push_str("}\n");
    text
}

/// The name of a format as a media type of AsyncAPI, with the version in use.
pub(super) fn media_type(format: SchemaFormat) -> Option<&'static str> {
    match format {
        SchemaFormat::JsonSchema => None,
        SchemaFormat::Avro => Some("application/vnd.apache.avro+json;version=1.9.0"),
        SchemaFormat::Protobuf => Some("application/vnd.google.protobuf;version=3"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Closed as _;

    #[test]
    fn types_and_examples_that_fit_nothing_are_refused() {
        let field = |name: &str, r#type: &str, example: Option<&str>| PayloadField {
            name: name.to_owned(),
            r#type: r#type.to_owned(),
            example: example.map(str::to_owned),
            ..PayloadField::default()
        };
        let message = |it: &[PayloadField]| fields(it).err().map(|it| it.to_string()).unwrap_or_default();
        assert!(message(&[field("a", "text", None)]).contains("`text` is no type of a field: write string, integer"));
        assert!(message(&[field("a b", "string", None)]).contains("`a b` is no name of a field"));
        assert!(message(&[field("a", "integer", Some("ten"))]).contains("`ten` is no example of its field"));
        assert!(message(&[field("a", "uuid", None), field("a", "uri", None)]).contains("each field once"));
        let listed = [field("a", "Integer[]", Some("1, 2"))];
        assert_eq!(fields(&listed).unwrap()[0].example, Some(json!([1, 2])));
        assert_eq!(SchemaFormat::all().len(), 3);
    }
}
