//! A model that follows a script: it reads what a coding agent really offers it, and picks from that alone.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::loopback::{Answer, Loopback};

/// What the model does when it is given a prompt.
#[derive(Clone, Debug)]
pub struct Script {
    /// The case.
    pub name: String,
    /// The words of the user, by which the script is found.
    pub prompt: String,
    /// The skill that it begins with.
    pub skill: Option<String>,
    /// The tools of the server that it calls, in order.
    pub calls: Vec<Call>,
}

/// A call of a tool.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name, as the server has it.
    pub tool: String,
    /// Its arguments.
    pub arguments: Value,
}

/// A request that the agent made of the model.
#[derive(Clone, Debug)]
pub struct Request {
    /// The case that it belongs to; none for what the agent asks for itself.
    pub case: Option<String>,
    /// The request as it came.
    pub body: Value,
}

/// The Messages API on loopback.
pub struct ScriptedModel {
    server: Loopback,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// What the model does next.
enum Turn {
    Use { tool: String, input: Value },
    Say(String),
}

impl ScriptedModel {
    /// A model that follows these scripts.
    #[track_caller]
    pub fn start(scripts: Vec<Script>) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let server = Loopback::start(move |path, body| {
            if path.contains("count_tokens") {
                return Some(("application/json", json!({ "input_tokens": 1 }).to_string()));
            }
            if !path.starts_with("/v1/messages") {
                return None;
            }
            let asked = user_texts(&body);
            let script = scripts.iter().find(|it| asked.iter().any(|text| text.trim() == it.prompt.trim()));
            let turn = script.map_or_else(|| Turn::Say("Nothing is known of this.".to_owned()), |it| next(it, &body));
            let answer = message(&body, &turn);
            log.lock().unwrap().push(Request { case: script.map(|it| it.name.clone()), body });
            answer
        });
        Self { server, requests }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        self.server.address()
    }

    /// All requests until now, in the order in which they were answered.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Request {
    /// All texts that the model was given, besides the schemas of tools.
    pub fn shown(&self) -> String {
        shown(&self.body)
    }

    /// The tools of our server that it was told of, by the names that the agent gives them: with their schemas, or by
    /// name alone.
    pub fn tools(&self) -> Vec<String> {
        let mut found = loaded_tools(&self.body);
        found.extend(told(&self.body));
        found.sort();
        found.dedup();
        found
    }

    /// Whether the agent says that it has not yet connected to a server, so that nothing can be told of its tools.
    pub fn is_connecting(&self) -> bool {
        is_connecting(&self.body)
    }

    /// What our server answered to each call, in order, as the agent handed it on.
    pub fn answers(&self) -> Vec<String> {
        answers(&self.body)
    }
}

/// The next step of a script, as far as the agent offers it.
fn next(script: &Script, request: &Value) -> Turn {
    let used: Vec<&Value> = blocks(request, "assistant").filter(|it| it["type"] == "tool_use").collect();
    let shown = shown(request);
    if let Some(skill) = &script.skill
        && !used.iter().any(|it| it["name"] == "Skill")
    {
        let listed = shown.lines().filter_map(|it| it.trim().strip_prefix("- ")).filter_map(|it| it.split_once(": "));
        return match listed.map(|(name, _)| name).find(|it| it.rsplit(':').next() == Some(skill)) {
            Some(name) => Turn::Use { tool: "Skill".to_owned(), input: json!({ "skill": name }) },
            None => Turn::Say(format!("No skill `{skill}` is listed.")),
        };
    }
    let done = used.iter().filter(|it| it["name"].as_str().is_some_and(is_ours)).count();
    if script.calls.is_empty() {
        return Turn::Say("This needs no tool.".to_owned());
    }
    let Some(call) = script.calls.get(done) else { return Turn::Say(answers(request).join("\n\n")) };
    let named = |name: &&str| is_ours(name) && name.rsplit("__").next() == Some(&call.tool);
    let loaded = loaded_tools(request);
    let shown = told(request);
    let searches: Vec<&str> = used.iter().filter_map(|it| it["input"]["query"].as_str()).collect();
    let call_it = |name: &str| Turn::Use { tool: name.to_owned(), input: call.arguments.clone() };
    let search = |query: String| Turn::Use { tool: "ToolSearch".to_owned(), input: json!({ "query": query }) };
    if let Some(name) = loaded.iter().map(String::as_str).find(named) {
        return call_it(name);
    }
    let listed = shown.iter().map(String::as_str).find(named);
    match listed {
        Some(name) if searches.iter().any(|it| it.contains(call.tool.as_str())) => call_it(name),
        Some(name) => search(format!("select:{name}")),
        // A server that is still being connected has no tools yet, and the agent says that a search waits for them.
        None if !searches.iter().any(|it| it.contains(call.tool.as_str())) && is_connecting(request) => {
            search(format!("archwright {}", call.tool))
        }
        None => Turn::Say(format!("No tool `{}` is listed.", call.tool)),
    }
}

/// The names of our tools that the agent gives, by lines of text and by references.
fn told(request: &Value) -> Vec<String> {
    let text = shown(request);
    let lines = text.lines().map(str::trim).filter(|it| is_ours(it)).map(str::to_owned);
    let results = blocks(request, "user").filter_map(|it| it["content"].as_array()).flatten();
    let references = results.filter_map(|it| it["tool_name"].as_str()).filter(|it| is_ours(it)).map(str::to_owned);
    lines.chain(references).collect()
}

fn is_connecting(request: &Value) -> bool {
    shown(request).contains("still connecting")
}

fn is_ours(name: &str) -> bool {
    name.starts_with("mcp__") && name.contains("archwright__") && !name.contains(char::is_whitespace)
}

fn loaded_tools(request: &Value) -> Vec<String> {
    let tools = request["tools"].as_array().into_iter().flatten().filter(|it| it["defer_loading"] != true);
    tools.filter_map(|it| it["name"].as_str()).filter(|it| is_ours(it)).map(str::to_owned).collect()
}

/// The blocks of all messages of a role.
fn blocks<'a>(request: &'a Value, role: &'a str) -> impl Iterator<Item = &'a Value> {
    let messages = request["messages"].as_array().into_iter().flatten().filter(move |it| it["role"] == role);
    messages.filter_map(|it| it["content"].as_array()).flatten()
}

fn user_texts(request: &Value) -> Vec<String> {
    let plain = request["messages"].as_array().into_iter().flatten().filter(|it| it["role"] == "user");
    let plain = plain.filter_map(|it| it["content"].as_str());
    plain.chain(blocks(request, "user").filter_map(|it| it["text"].as_str())).map(str::to_owned).collect()
}

fn shown(request: &Value) -> String {
    let system = request["system"].as_array().into_iter().flatten();
    let plain = request["messages"].as_array().into_iter().flatten().filter_map(|it| it["content"].as_str());
    let blocks = blocks(request, "system").chain(blocks(request, "user"));
    let texts: Vec<&str> = system.chain(blocks).filter_map(|it| it["text"].as_str()).chain(plain).collect();
    texts.join("\n")
}

fn answers(request: &Value) -> Vec<String> {
    let ours = blocks(request, "assistant").filter(|it| it["name"].as_str().is_some_and(is_ours));
    let results: Vec<&Value> = blocks(request, "user").filter(|it| it["type"] == "tool_result").collect();
    let text = |result: &Value| match &result["content"] {
        Value::String(text) => text.clone(),
        content => {
            content.as_array().into_iter().flatten().filter_map(|it| it["text"].as_str()).collect::<Vec<_>>().join("\n")
        }
    };
    ours.filter_map(|call| results.iter().find(|it| it["tool_use_id"] == call["id"]).map(|it| text(it))).collect()
}

/// A turn in the form in which the agent asked for it: as one message, or as a stream of events.
fn message(request: &Value, turn: &Turn) -> Answer {
    let id = request["messages"].as_array().map_or(0, Vec::len);
    let (block, delta, reason) = match turn {
        Turn::Use { tool, input } => (
            json!({"type": "tool_use", "id": format!("toolu_{id}"), "name": tool, "input": {}}),
            json!({"type": "input_json_delta", "partial_json": input.to_string()}),
            "tool_use",
        ),
        Turn::Say(text) => {
            (json!({"type": "text", "text": ""}), json!({"type": "text_delta", "text": text}), "end_turn")
        }
    };
    let usage = json!({"input_tokens": 1, "output_tokens": 1});
    let mut message = json!({
        "id": format!("msg_{id}"), "type": "message", "role": "assistant", "model": request["model"], "content": [],
        "stop_reason": null, "stop_sequence": null, "usage": usage,
    });
    if request["stream"] != true {
        let mut whole = block;
        match turn {
            Turn::Use { input, .. } => whole["input"] = input.clone(),
            Turn::Say(text) => whole["text"] = text.as_str().into(),
        }
        message["content"] = json!([whole]);
        message["stop_reason"] = reason.into();
        return Some(("application/json", message.to_string()));
    }
    let events = [
        json!({"type": "message_start", "message": message}),
        json!({"type": "content_block_start", "index": 0, "content_block": block}),
        json!({"type": "content_block_delta", "index": 0, "delta": delta}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": null}, "usage": usage}),
        json!({"type": "message_stop"}),
    ];
    let lines = events.iter().map(|it| format!("event: {}\ndata: {it}\n\n", it["type"].as_str().unwrap_or_default()));
    Some(("text/event-stream", lines.collect()))
}
