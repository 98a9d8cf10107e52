//! What a tool answers: the facts as data, and the same facts as text.

use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;
use serde_json::Value;

use crate::text::{sanitize, sanitize_all};

/// The size that an answer keeps to unless more was asked for: both forms together, in bytes.
pub const USUAL_BYTES: usize = 8 * 1024;

/// The size that no answer exceeds: both forms together, in bytes.
pub const MOST_BYTES: usize = 40 * 1024;

/// The answer of a tool.
#[derive(Debug)]
pub struct Answer {
    /// All facts. Clients that know it give the model only this. `None` for a mistake, so that they give it the text.
    structured: Option<Value>,
    /// The same facts for the other clients.
    text: String,
}

impl Answer {
    /// A result in both forms.
    pub fn new(structured: &impl Serialize, text: String) -> Self {
        match serde_json::to_value(structured) {
            Ok(structured) => Self { structured: Some(structured), text },
            Err(error) => Self::mistake(format!("The answer cannot be written as JSON: {error}.")),
        }
    }

    /// A mistake that the caller can mend; the text says how.
    pub fn mistake(text: impl Into<String>) -> Self {
        Self { structured: None, text: text.into() }
    }
}

/// The size of a value as JSON, in bytes.
pub fn size(value: &impl Serialize) -> usize {
    serde_json::to_string(value).map_or(0, |it| it.len())
}

impl From<Answer> for CallToolResult {
    fn from(answer: Answer) -> Self {
        let text = vec![ContentBlock::text(sanitize(&answer.text).into_owned())];
        match answer.structured {
            None => Self::error(text),
            Some(mut structured) => {
                sanitize_all(&mut structured);
                let mut result = Self::success(text);
                result.structured_content = Some(structured);
                result
            }
        }
    }
}
