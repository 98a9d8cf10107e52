//! Definitions of workflows in the Amazon States Language, as AWS Step Functions runs them.
//!
//! The format: <https://states-language.net/spec.html>. Files are told by the endings that AWS gives them.

use std::sync::Arc;

use archwright_engine::{Workspace, store::read};
use archwright_model::{RelPath, facts::Loaded};
use archwright_syntax::{
    Encoding, LineIndex,
    data::{self, Format, Node},
};

use super::{FlowSaga, FlowTransition, Sagas};
use crate::graph::answer::FlowPlace;

const ENDINGS: [&str; 3] = [".asl.json", ".asl.yaml", ".asl.yml"];

/// Longer files are left out, and told. In bytes.
const MAX_LEN: u64 = 512 * 1024;

/// Reads all definitions of a workspace.
pub(super) fn read(workspace: &Workspace, sagas: &mut Sagas) {
    for file in workspace.below(&RelPath::default()) {
        let path = workspace.path(file);
        if !ENDINGS.iter().any(|it| path.as_str().to_ascii_lowercase().ends_with(it)) {
            continue;
        }
        let open = workspace.is_open(file).then(|| workspace.text(file)).flatten();
        let text =
            match open.map_or_else(|| read::load(&workspace.absolute(file), MAX_LEN), |it| Some(Loaded::Text(it))) {
                Some(Loaded::Text(text)) => text,
                Some(Loaded::Unreadable(why, _)) => {
                    sagas.left_out.push(format!("{path} is not read: {why}."));
                    continue;
                }
                None => continue,
            };
        match workflow(path, &text) {
            Some(saga) => sagas.found.push(saga),
            None => sagas.left_out.push(format!("{path} is no definition of a workflow that can be read.")),
        }
    }
}

fn workflow(path: &RelPath, text: &Arc<str>) -> Option<FlowSaga> {
    let format = if path.as_str().to_ascii_lowercase().ends_with("json") { Format::Json } else { Format::Yaml };
    let tree = data::parse(Arc::clone(text), format);
    let root = tree.root().filter(|_| tree.errors().is_empty())?;
    let (start, states) = (root.get("StartAt")?, root.get("States")?);
    let lines = LineIndex::new(text);
    let at = |node: Node<'_>| FlowPlace {
        what: "workflow",
        file: path.clone(),
        line: lines.position(node.span().start as usize, text, Encoding::Utf32).line + 1,
    };
    let name = path.name();
    let name = ENDINGS.iter().find_map(|it| name.strip_suffix(it)).unwrap_or(name);
    let mut saga = FlowSaga { name: name.to_owned(), at: at(start), ..FlowSaga::default() };
    let mut lead = |from: Option<&str>, to: Option<&str>, on: Option<String>, node: Node<'_>| {
        let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
        saga.transitions.push(FlowTransition { from, to, on, at: at(node) });
    };
    lead(None, start.as_str(), None, start);
    for entry in states.entries() {
        let (from, state) = (entry.key, entry.value);
        let text = |key: &str| state.get(key).and_then(Node::as_str);
        for retry in state.get("Retry").into_iter().flat_map(Node::items) {
            let attempts = retry.get("MaxAttempts").and_then(Node::as_i64);
            let times = attempts.map_or_else(|| "again".to_owned(), |it| format!("again, at most {it} times"));
            lead(Some(from), Some(from), Some(on_errors(retry, &times)), retry);
        }
        for choice in state.get("Choices").into_iter().flat_map(Node::items) {
            let on = choice.get("Variable").and_then(Node::as_str).map(|it| format!("by {it}"));
            if let Some(next) = choice.get("Next") {
                lead(Some(from), next.as_str(), on, next);
            }
        }
        if let Some(default) = state.get("Default") {
            lead(Some(from), default.as_str(), Some("otherwise".to_owned()), default);
        }
        if let Some(next) = state.get("Next") {
            lead(Some(from), next.as_str(), None, next);
        }
        for catch in state.get("Catch").into_iter().flat_map(Node::items) {
            if let Some(next) = catch.get("Next") {
                lead(Some(from), next.as_str(), Some(on_errors(catch, "caught")), next);
            }
        }
        let is_end = state.get("End").and_then(Node::as_bool) == Some(true);
        if is_end || matches!(text("Type"), Some("Succeed" | "Fail")) {
            lead(Some(from), None, text("Type").filter(|_| !is_end).map(str::to_lowercase), state);
        }
    }
    (saga.transitions.len() > 1).then_some(saga)
}

/// Errors by which a state is left or tried again.
fn on_errors(node: Node<'_>, words: &str) -> String {
    let errors = node.get("ErrorEquals").into_iter().flat_map(Node::items).filter_map(Node::as_str);
    let errors: Vec<&str> = errors.collect();
    format!("{}, {words}", errors.join(", "))
}
