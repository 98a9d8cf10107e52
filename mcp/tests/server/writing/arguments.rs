//! Arguments that somebody means ill with, or that are far too many: an answer comes, it fits, and only the workspace
//! changes.

use std::collections::BTreeSet;

use archwright_analysis::operations::Entry;
use serde_json::{Map, Value, json};

use super::{Shop, requests, tool, writing};
use crate::client::{Client, Era};

/// What a field may hold that it should not.
const HOSTILE: [&str; 18] = [
    "../../../etc/passwd",
    "/etc/passwd",
    "..\\..\\evil",
    "C:\\evil.md",
    "%2e%2e/%2e%2e/evil",
    "../ws-evil/secret.md",
    ".git/hooks/post-commit",
    ".claude/settings.json",
    "nul\0byte",
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "\u{202e}turned\u{200b}\u{feff}",
    "line\n# Injected\n\nMore.",
    "```\nnobody closes this",
    "<!-- nobody closes this",
    "a | b || c",
    "](https://evil.example) [x](",
    "[TBD: nothing] {{x}} ${x} `x",
    "---\nstatus: accepted\n---",
];

/// The most that an answer may have, in bytes.
const MOST: usize = 40 * 1024;

/// A name and a value of a request, made of a text.
type WithText = Box<dyn Fn(&str) -> (String, Value)>;

/// A field that takes text: alone, in a list, in the elements of a list, or in an object.
struct Field {
    /// A request with the field alone, for a text.
    with: WithText,
    /// Whether there may be many of it.
    is_list: bool,
    name: String,
}

fn fields(operation: &Entry) -> Vec<Field> {
    let schema = operation.schema();
    let resolved = |field: &Value| -> Value {
        let reference = field.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
        reference.and_then(|it| schema.pointer(it)).unwrap_or(field).clone()
    };
    let is_text = |field: &Value| field["type"] == "string" && field.get("enum").is_none();
    let members = |field: &Value| field["properties"].as_object().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for (name, field) in members(&schema) {
        let (field, own) = (resolved(&field), name.clone());
        let element = resolved(&field["items"]);
        if is_text(&field) {
            let with = move |text: &str| (own.clone(), json!(text));
            found.push(Field { with: Box::new(with), is_list: false, name });
        } else if is_text(&element) {
            let with = move |text: &str| (own.clone(), json!([text]));
            found.push(Field { with: Box::new(with), is_list: true, name });
        } else {
            let is_list = element.is_object();
            for (member, inner) in members(if is_list { &element } else { &field }) {
                if !is_text(&resolved(&inner)) {
                    continue;
                }
                let required: Vec<String> = operation
                    .required
                    .iter()
                    .filter_map(|it| it.strip_prefix(&format!("{name}[].")))
                    .map(Into::into)
                    .collect();
                let (own, at) = (name.clone(), member.clone());
                let with = move |text: &str| {
                    let mut object: Map<String, Value> = required.iter().map(|it| (it.clone(), json!("a"))).collect();
                    object.insert(at.clone(), json!(text));
                    let object = Value::Object(object);
                    (own.clone(), if is_list { json!([object]) } else { object })
                };
                found.push(Field { with: Box::new(with), is_list, name: format!("{name}.{member}") });
            }
        }
    }
    found
}

/// The headings of level 1 outside of code.
fn titles(text: &str) -> usize {
    let mut fence: Option<&str> = None;
    let mut count = 0;
    for line in text.lines() {
        match fence {
            Some(end) if line.starts_with(end) => fence = None,
            Some(_) => {}
            None if line.starts_with("```") || line.starts_with("~~~") => fence = line.get(..3),
            None => count += usize::from(line.starts_with("# ")),
        }
    }
    count
}

#[tokio::test]
async fn hostile_arguments_are_refused_or_stay_what_they_are() {
    let (mut seen, mut broken) = (BTreeSet::new(), Vec::new());
    for (place, (operation, request)) in requests().into_iter().enumerate() {
        let (shop, tool) = (Shop::new(), tool(operation));
        let mut client = Client::new(&shop.root(), Era::Stateless).await;
        let before = shop.all();
        let is_first = seen.insert(tool.clone());
        for (at, field) in fields(operation).iter().enumerate() {
            // Each text comes up at many fields, and each field has several; what names files has them all.
            let is_needed = operation.required.contains(&field.name.as_str());
            let count = if is_first && is_needed { HOSTILE.len() } else { 1 + usize::from(is_first) * 3 };
            for text in HOSTILE.iter().cycle().skip(place * 7 + at * 5).take(count) {
                let mut arguments = request.clone();
                let (name, value) = (field.with)(text);
                arguments[name] = value;
                let known = shop.all();
                let answer = client.call(&tool, arguments).await;
                let what = format!("{tool} with {} {text:?}", field.name);
                let said = answer["content"][0]["text"].as_str().unwrap();
                assert!(answer.to_string().len() <= MOST, "{what}: {} bytes", answer.to_string().len());
                assert!(!said.contains(['\u{1b}', '\u{202e}', '\u{200b}', '\0']), "{what}: {said}");
                let after = shop.all();
                if answer["isError"] == true {
                    assert!(after == known, "{what} is refused and written: {said}");
                }
                for (path, bytes) in after.iter().filter(|it| known.get(it.0) != Some(it.1)) {
                    let inside = path.strip_prefix("ws/").unwrap_or_else(|| panic!("{what} writes {path}"));
                    assert!(!inside.starts_with('.') && !inside.contains(['\\', '\0']), "{what} writes {path}");
                    let after = String::from_utf8(bytes.clone()).unwrap();
                    let is_new = !known.contains_key(path);
                    if is_new && super::is_text(inside) {
                        broken.extend((titles(&after) != 1).then(|| format!("{what}, {path}:\n{after}")));
                    }
                }
            }
        }
        let after = shop.all();
        assert!(before.iter().filter(|it| !it.0.starts_with("ws/docs")).all(|it| after.get(it.0) == Some(it.1)));
        client.end().await;
    }
    // A text that breaks out of its place makes headings of its own.
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

#[tokio::test]
async fn huge_arguments_have_an_answer_that_fits() {
    let long = "word ".repeat(20_000);
    for operation in writing() {
        let (shop, tool) = (Shop::new(), tool(operation));
        let request = shop.request(operation);
        let mut client = Client::new(&shop.root(), Era::Stateless).await;
        let (mut every, mut many) = (request.clone(), request.clone());
        for field in fields(operation) {
            let (name, value) = (field.with)(&long);
            let is_given = request.get(&name).is_some();
            if field.is_list {
                let numbered = |it: usize| (field.with)(&format!("thing {it}")).1[0].clone();
                many[&name] = (0..1000).map(numbered).collect();
            }
            if !is_given {
                every[name] = value;
            }
        }
        for arguments in [every, many] {
            let known = shop.all();
            let answer = client.call(&tool, arguments).await;
            let bytes = answer.to_string().len();
            assert!(bytes <= MOST, "{tool}: {bytes} bytes");
            let after = shop.all();
            if answer["isError"] == true {
                assert!(after == known, "{tool} is refused and written: {}", answer["content"][0]["text"]);
            }
            assert!(after.values().all(|it| it.len() <= 1024 * 1024), "{tool} writes what nobody reads");
        }
        client.end().await;
    }
}

#[tokio::test]
async fn a_field_that_nobody_knows_is_refused_by_its_name() {
    for operation in writing() {
        let shop = Shop::new();
        let mut request = shop.request(operation);
        request["no_such_field"] = json!(1);
        let before = shop.all();
        let mut client = Client::new(&shop.root(), Era::Legacy).await;
        let told = client.mistake(&tool(operation), request).await;
        assert!(told.contains("no_such_field") && shop.all() == before, "{}: {told}", operation.name);
        client.end().await;
    }
}
