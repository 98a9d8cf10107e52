//! Messages: what a frame says, and what is answered to one that says nothing.

use archwright_syntax::wire::mended_json;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};

/// A message of the client.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A request or a notification.
    Request(Request),
    /// The answer to a request of the server.
    Response(Response),
}

/// Why a message is not taken, and what the client is told.
#[derive(Debug)]
pub(super) struct Refusal {
    /// For the log.
    pub(super) reason: String,
    /// Nothing answers an answer.
    pub(super) answer: Option<Box<Response>>,
}

impl Refusal {
    /// A refusal of a message that cannot be read as JSON.
    pub(super) fn unreadable(reason: impl Into<String>) -> Self {
        Self::new(Id::Null, Error::parse_error(), reason)
    }

    fn invalid(id: Option<Id>, reason: impl Into<String>) -> Self {
        Self::new(id.unwrap_or_default(), Error::invalid_request(), reason)
    }

    fn new(id: Id, mut error: Error, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        error.message = format!("{}: {reason}", error.message).into();
        Self { reason, answer: Some(Box::new(Response::from_error(id, error))) }
    }
}

/// What can be read of a message whose parts cannot: nothing is kept of what is skipped, so it may nest as it likes.
#[derive(Deserialize)]
struct Envelope {
    id: Option<Value>,
    method: Option<IgnoredAny>,
    result: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
}

/// Reads a message.
///
/// A notification with broken characters is taken with others in their place: without it the server would have another
/// text than the editor for good. A request with such characters is refused, since what it names may be another thing.
///
/// # Errors
/// If it is none, with the answer that is due.
pub(super) fn read(body: &[u8]) -> Result<Incoming, Refusal> {
    let error = match serde_json::from_slice(body) {
        Ok(value) => return message(value),
        Err(error) => error,
    };
    let mended = mended_json(body);
    if let Some(Ok(value)) = mended.as_deref().map(serde_json::from_str) {
        return match message(value)? {
            Incoming::Request(request) => match request.id() {
                Some(id) => Err(Refusal::new(id.clone(), Error::parse_error(), "it holds text that is no Unicode")),
                None => {
                    tracing::warn!(method = request.method(), "characters that are no Unicode were replaced");
                    Ok(Incoming::Request(request))
                }
            },
            response @ Incoming::Response(_) => Ok(response),
        };
    }
    let readable = mended.as_deref().map_or(body, str::as_bytes);
    match serde_json::from_slice(readable) {
        Ok(Envelope { method: None, result: Some(_), .. } | Envelope { method: None, error: Some(_), .. }) => {
            Err(Refusal { reason: format!("an answer that cannot be read: {error}"), answer: None })
        }
        Ok(Envelope { id, .. }) => Err(Refusal::invalid(id.and_then(identity), error.to_string())),
        Err(_) if serde_json::from_slice::<IgnoredAny>(readable).is_ok() => {
            Err(Refusal::invalid(None, "a message is one object"))
        }
        Err(_) => Err(Refusal::unreadable(error.to_string())),
    }
}

fn message(value: Value) -> Result<Incoming, Refusal> {
    let Value::Object(mut members) = value else {
        return Err(Refusal::invalid(None, "a message is one object"));
    };
    if !members.contains_key("method") && (members.contains_key("result") || members.contains_key("error")) {
        return response(members).map(Incoming::Response);
    }
    let id = match members.remove("id") {
        Some(id) => Some(identity(id).ok_or_else(|| Refusal::invalid(None, "an id is a text or a whole number"))?),
        None => None,
    };
    if members.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(Refusal::invalid(id, "`jsonrpc` is not \"2.0\""));
    }
    let Some(Value::String(method)) = members.remove("method") else {
        return Err(Refusal::invalid(id, "there is no `method` that is a text"));
    };
    // Neither takes any, and clients send `{}` or `null` all the same.
    let params = members.remove("params").filter(|_| !matches!(method.as_str(), "shutdown" | "exit"));
    let request = Request::build(method);
    let request = if let Some(params) = params { request.params(params) } else { request };
    let request = if let Some(id) = id { request.id(id) } else { request };
    Ok(Incoming::Request(request.finish()))
}

fn response(members: Map<String, Value>) -> Result<Response, Refusal> {
    serde_json::from_value(Value::Object(members))
        .map_err(|error| Refusal { reason: format!("an answer that cannot be read: {error}"), answer: None })
}

fn identity(id: Value) -> Option<Id> {
    match id {
        Value::String(it) => Some(Id::String(it)),
        Value::Number(it) => it.as_i64().map(Id::Number),
        Value::Null => Some(Id::Null),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The code and the id of the answer to a message that is refused.
    fn refused(body: &[u8]) -> Option<(i64, Value)> {
        let answer = read(body).unwrap_err().answer?;
        let answer = serde_json::to_value(answer).unwrap();
        Some((answer["error"]["code"].as_i64().unwrap(), answer["id"].clone()))
    }

    #[test]
    fn what_is_no_message_gets_the_answer_that_is_due() {
        let deep = |from: &str, to: &str| format!("{from}{}{}{to}", "[".repeat(100_000), "]".repeat(100_000));
        let (request, notification) =
            (r#"{"jsonrpc":"2.0","id":7,"method":"x","params":"#, r#"{"jsonrpc":"2.0","method":"x","params":"#);
        let deep_request = deep(request, "}");
        let deep_last = deep(r#"{"params":"#, r#","method":"x","id":7,"jsonrpc":"2.0"}"#);
        let deep_notification = deep(notification, "}");
        let deep_alone = deep("", "");
        let deep_answer = deep(r#"{"jsonrpc":"2.0","id":7,"result":"#, "}");
        let unclosed = "[".repeat(100_000);
        for (body, answer) in [
            (&b"{"[..], Some((-32700, json!(null)))),
            (b"", Some((-32700, json!(null)))),
            (b"not json", Some((-32700, json!(null)))),
            (br#"{"jsonrpc":"2.0","id":7,"method":"x"} x"#, Some((-32700, json!(null)))),
            (b"\xff\xfe", Some((-32700, json!(null)))),
            (unclosed.as_bytes(), Some((-32700, json!(null)))),
            (br#"{"jsonrpc":"2.0","id":7,"method":"x","params":["\ud800"]}"#, Some((-32700, json!(7)))),
            (b"{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"x\",\"params\":[\"\xff\"]}", Some((-32700, json!("a")))),
            (b"[]", Some((-32600, json!(null)))),
            (b"42", Some((-32600, json!(null)))),
            (b"null", Some((-32600, json!(null)))),
            (br#""text""#, Some((-32600, json!(null)))),
            (br#""\ud800""#, Some((-32600, json!(null)))),
            (b"{}", Some((-32600, json!(null)))),
            (br#"[{"jsonrpc":"2.0","id":7,"method":"x"}]"#, Some((-32600, json!(null)))),
            (br#"{"jsonrpc":"2.0","id":7}"#, Some((-32600, json!(7)))),
            (br#"{"jsonrpc":"2.0","id":7,"method":8}"#, Some((-32600, json!(7)))),
            (br#"{"jsonrpc":"1.0","id":7,"method":"x"}"#, Some((-32600, json!(7)))),
            (br#"{"id":7,"method":"x"}"#, Some((-32600, json!(7)))),
            (br#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, Some((-32600, json!(null)))),
            (br#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, Some((-32600, json!(null)))),
            (deep_request.as_bytes(), Some((-32600, json!(7)))),
            (deep_last.as_bytes(), Some((-32600, json!(7)))),
            (deep_notification.as_bytes(), Some((-32600, json!(null)))),
            (deep_alone.as_bytes(), Some((-32600, json!(null)))),
            (deep_answer.as_bytes(), None),
            (br#"{"jsonrpc":"2.0","id":7,"error":5}"#, None),
            (br#"{"jsonrpc":"2.0","result":5}"#, None),
        ] {
            let shown = String::from_utf8_lossy(body.get(..body.len().min(80)).unwrap()).into_owned();
            assert_eq!(refused(body), answer, "{shown}");
        }
    }

    #[test]
    fn a_notification_with_broken_characters_is_taken() {
        for body in [
            &br#"{"jsonrpc":"2.0","method":"x","params":["a\ud800b"]}"#[..],
            b"{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":[\"a\xffb\"]}",
        ] {
            let Incoming::Request(request) = read(body).unwrap() else { panic!("no request") };
            let text = request.params().unwrap()[0].as_str().unwrap();
            assert_eq!(text.chars().count(), 3);
        }
    }

    #[test]
    fn the_end_takes_any_parameters() {
        for method in ["shutdown", "exit"] {
            for params in ["{}", "null", "[1]"] {
                let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#);
                let Incoming::Request(request) = read(body.as_bytes()).unwrap() else { panic!("no request") };
                assert_eq!(request.params(), None);
            }
        }
    }
}
