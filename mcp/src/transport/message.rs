//! Lines become messages, or the answers to what is none.

use archwright_syntax::wire::mended_json;
use rmcp::model::{ClientJsonRpcMessage, ClientRequest, ErrorCode, ErrorData, JsonRpcMessage};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value, json};

use crate::text::shorten;

/// What a line is.
pub enum Read {
    Message(Box<ClientJsonRpcMessage>),
    /// Nothing that anybody waits for.
    Nothing,
    /// No message that can be taken; what is answered.
    Refused(Vec<u8>),
}

/// The requests of the protocol that have parameters. The SDK takes one whose parameters it cannot read for a request
/// that it does not know.
const KNOWN: &[&str] = &[
    "completion/complete",
    "initialize",
    "logging/setLevel",
    "ping",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/read",
    "resources/subscribe",
    "resources/templates/list",
    "resources/unsubscribe",
    "server/discover",
    "subscriptions/listen",
    "tools/call",
    "tools/list",
];

const NO_UNICODE: &str =
    "text that is no Unicode: half of a surrogate pair, or bytes that are no UTF-8. Send whole characters as UTF-8";

/// What can be read of a message whose parts cannot: nothing is kept of what is skipped, so it may nest as it likes.
#[derive(Deserialize)]
struct Envelope {
    id: Option<Value>,
    method: Option<IgnoredAny>,
    result: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
}

/// The answer to a message of more than `most` bytes.
pub fn too_long(most: usize) -> Vec<u8> {
    refusal(None, ErrorCode::INVALID_REQUEST, &format!("A message may have {most} bytes at most."))
}

/// Reads a line.
pub fn read(line: &[u8]) -> Read {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
    if line.is_empty() {
        return Read::Nothing;
    }
    let error = match serde_json::from_slice(line) {
        Ok(value) => return message(value),
        Err(error) => error,
    };
    let mended = mended_json(line);
    if let Some(Ok(Value::Object(members))) = mended.as_deref().map(serde_json::from_str) {
        let (Some(id), Some(method)) = (members.get("id"), members.get("method")) else { return Read::Nothing };
        let place = if method == "tools/call" { "arguments" } else { "params" };
        return refused(Some(id), ErrorCode::INVALID_PARAMS, &format!("`{place}` holds {NO_UNICODE}."));
    }
    let readable = mended.as_deref().map_or(line, str::as_bytes);
    match serde_json::from_slice(readable) {
        Ok(Envelope { method: None, result: Some(_), .. } | Envelope { method: None, error: Some(_), .. }) => {
            Read::Nothing
        }
        Ok(Envelope { id, .. }) => {
            refused(id.as_ref(), ErrorCode::INVALID_REQUEST, &format!("The message cannot be read: {error}."))
        }
        Err(_) => refused(None, ErrorCode::PARSE_ERROR, &format!("The line is no JSON: {error}.")),
    }
}

fn message(value: Value) -> Read {
    let Value::Object(mut members) = value else {
        return refused(None, ErrorCode::INVALID_REQUEST, "A message is one object; several are sent one a line.");
    };
    let id = members.get("id").cloned();
    if !members.contains_key("method") {
        let answers = members.contains_key("result") || members.contains_key("error");
        return match serde_json::from_value(Value::Object(members)) {
            Ok(message) => Read::Message(Box::new(message)),
            Err(error) if answers => {
                tracing::debug!(%error, "an answer that cannot be read");
                Read::Nothing
            }
            Err(_) => refused(id.as_ref(), ErrorCode::INVALID_REQUEST, "The message has no `method`."),
        };
    }
    let method = members.get("method").and_then(Value::as_str).unwrap_or_default().to_owned();
    if id.is_some() && members.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        let text = "The message is no request of JSON-RPC 2.0: it needs `\"jsonrpc\": \"2.0\"`.";
        return refused(id.as_ref(), ErrorCode::INVALID_REQUEST, text);
    }
    if id.is_some()
        && method == "tools/call"
        && let Err(reason) = call(&mut members)
    {
        return refused(id.as_ref(), ErrorCode::INVALID_PARAMS, &reason);
    }
    let misfit = |reason: &str| {
        if KNOWN.contains(&method.as_str()) {
            let text = format!("The `params` of `{method}` are not what the protocol describes{reason}.");
            refused(id.as_ref(), ErrorCode::INVALID_PARAMS, &text)
        } else {
            refused(
                id.as_ref(),
                ErrorCode::INVALID_REQUEST,
                &format!("The message is no request of JSON-RPC 2.0{reason}."),
            )
        }
    };
    match serde_json::from_value(Value::Object(members)) {
        Ok(JsonRpcMessage::Request(request))
            if matches!(&request.request, ClientRequest::CustomRequest(_)) && KNOWN.contains(&method.as_str()) =>
        {
            misfit("")
        }
        Ok(message) => Read::Message(Box::new(message)),
        // Nobody waits for the answer to a notification.
        Err(_) if id.is_none() && !method.is_empty() => Read::Nothing,
        Err(_) if id.as_ref().and_then(identity).is_none() && !method.is_empty() => {
            refused(None, ErrorCode::INVALID_REQUEST, "An `id` is a text or a whole number.")
        }
        Err(error) => misfit(&format!(": {error}")),
    }
}

/// Brings the parameters of a call into the form that the protocol describes, where it is clear what is meant.
fn call(members: &mut Map<String, Value>) -> Result<(), String> {
    let Some(params) = members.get_mut("params").and_then(Value::as_object_mut) else {
        return Err("`params` is an object with the `name` of a tool and its `arguments`.".to_owned());
    };
    if !params.get("name").is_some_and(Value::is_string) {
        return Err("`name` is the name of a tool.".to_owned());
    }
    let Some(given) = params.get_mut("arguments") else { return Ok(()) };
    match given {
        Value::Object(_) | Value::Null => return Ok(()),
        Value::String(text) if text.trim().is_empty() => {
            *given = json!({});
            return Ok(());
        }
        Value::String(text) => {
            // Some clients and models send the object as a text, and that once more.
            let once = serde_json::from_str(text);
            let read = match once {
                Ok(Value::String(twice)) => serde_json::from_str(&twice),
                once => once,
            };
            match read {
                Ok(read @ Value::Object(_)) => {
                    *given = read;
                    return Ok(());
                }
                Ok(_) => {}
                Err(_) if mended_json(text.as_bytes()).is_some() => {
                    return Err(format!("`arguments` holds {NO_UNICODE}."));
                }
                Err(error) => {
                    let text = shorten(text, 80);
                    return Err(format!("`arguments` takes an object; `{text}` is a text and no JSON: {error}."));
                }
            }
        }
        Value::Array(_) | Value::Bool(_) | Value::Number(_) => {}
    }
    Err(format!("`arguments` takes an object, not `{}`.", shorten(&given.to_string(), 80)))
}

/// An id that an answer can carry.
fn identity(id: &Value) -> Option<&Value> {
    (id.is_string() || id.is_number()).then_some(id)
}

fn refused(id: Option<&Value>, code: ErrorCode, text: &str) -> Read {
    tracing::warn!(text, "a message was not taken");
    Read::Refused(refusal(id, code, text))
}

/// An error as JSON. The SDK knows fewer ids than clients may use.
fn refusal(id: Option<&Value>, code: ErrorCode, text: &str) -> Vec<u8> {
    let mut answer = json!({ "jsonrpc": "2.0", "error": ErrorData::new(code, text.to_owned(), None) });
    // MCP leaves out an id that could not be read, where JSON-RPC would have null.
    if let (Some(id), Some(answer)) = (id.and_then(identity), answer.as_object_mut()) {
        answer.insert("id".to_owned(), id.clone());
    }
    answer.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    /// The code, the id and the text of the answer to a line; `None` if it is taken or nobody waits.
    fn refused(line: &[u8]) -> Option<(i64, Value, String)> {
        let Read::Refused(answer) = read(line) else { return None };
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        let error = answer.get("error").unwrap();
        let id = answer.get("id").cloned().unwrap_or_default();
        Some((error["code"].as_i64().unwrap(), id, error["message"].as_str().unwrap().to_owned()))
    }

    #[test]
    fn a_request_that_cannot_be_taken_gets_an_answer() {
        let call = |params: &str| format!(r#"{{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{params}}}"#);
        let deep = call(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)));
        for (line, code, id, text) in [
            ("{", -32700, Value::Null, "no JSON"),
            ("hello", -32700, Value::Null, "no JSON"),
            ("[]", -32600, Value::Null, "one object"),
            ("42", -32600, Value::Null, "one object"),
            (r#"{"jsonrpc":"2.0","id":7}"#, -32600, json!(7), "`method`"),
            (r#"{"id":7,"method":"tools/list"}"#, -32600, json!(7), "needs `\"jsonrpc\": \"2.0\"`"),
            (r#"{"jsonrpc":"1.0","id":7,"method":"tools/list"}"#, -32600, json!(7), "needs `\"jsonrpc\": \"2.0\"`"),
            (r#"{"jsonrpc":"2.0","id":7,"method":8}"#, -32600, json!(7), "no request"),
            (r#"{"id":7,"method":"x"}"#, -32600, json!(7), "no request"),
            (r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, -32600, Value::Null, "`id`"),
            (r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#, -32600, Value::Null, "`id`"),
            (r#"{"jsonrpc":"2.0","id":7,"method":"prompts/get","params":{}}"#, -32602, json!(7), "`prompts/get`"),
            (r#"{"jsonrpc":"2.0","id":7,"method":"initialize","params":5}"#, -32602, json!(7), "`initialize`"),
            (&call("5"), -32602, json!("a"), "`params`"),
            (&call(r#"{"arguments":{}}"#), -32602, json!("a"), "`name`"),
            (&call(r#"{"name":"check","arguments":"paths"}"#), -32602, json!("a"), "`arguments`"),
            (&call(r#"{"name":"check","arguments":[1]}"#), -32602, json!("a"), "`arguments`"),
            (&call(r#"{"name":"check","arguments":"[1]"}"#), -32602, json!("a"), "`arguments`"),
            (&call(r#"{"name":"check","arguments":{"paths":"\ud800"}}"#), -32602, json!("a"), "`arguments`"),
            (&call(r#"{"name":"check","arguments":"{\"paths\":\"\\ud800\"}"}"#), -32602, json!("a"), "`arguments`"),
            (&deep, -32600, json!("a"), "cannot be read"),
        ] {
            let (found, whose, said) = refused(line.as_bytes()).unwrap();
            let shown = shorten(line, 80);
            assert_eq!((found, &whose), (code, &id), "{shown}: {said}");
            assert!(said.contains(text), "{shown}: {said}");
        }
        let bytes = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"check\",\"arguments\":{\"paths\":\"\xff\"}}}";
        let (code, id, said) = refused(bytes).unwrap();
        assert_eq!((code, id), (-32602, json!(1)), "{said}");
    }

    #[test]
    fn what_nobody_waits_for_gets_none() {
        for line in [
            "",
            "  ",
            r#"{"jsonrpc":"2.0","method":"notifications/strange"}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":5}"#,
            r#"{"jsonrpc":"2.0","id":7,"error":5}"#,
            r#"{"jsonrpc":"2.0","error":{"code":-32700,"message":"x"}}"#,
            r#"{"jsonrpc":"2.0","id":7,"result":{"a":"\ud800"}}"#,
        ] {
            assert_eq!(refused(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn arguments_in_a_text_are_taken() {
        for arguments in [r#""{\"paths\": [\"a\"]}""#, r#""\"{\\\"paths\\\": [\\\"a\\\"]}\"""#, r#"" ""#, "null", "{}"]
        {
            let line = format!(
                r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"check","arguments":{arguments}}}}}"#
            );
            let Read::Message(message) = read(line.as_bytes()) else { panic!("{line}") };
            let JsonRpcMessage::Request(request) = *message else { panic!("{line}") };
            let ClientRequest::CallToolRequest(call) = request.request else { panic!("{line}") };
            let given = call.params.arguments.unwrap_or_default();
            assert!(given.is_empty() || given.get("paths") == Some(&json!(["a"])), "{line}");
        }
    }
}
