//! State diagrams of Mermaid in documents.

use std::collections::BTreeMap;

use archwright_syntax::{Span, markdown::CodeBlock};

use super::{FlowTransition, Page, Sagas};

/// What every state diagram begins with.
pub(super) const MARK: &str = "stateDiagram";

/// Reads all state diagrams of a document.
pub(super) fn read(page: &Page<'_>, sagas: &mut Sagas) {
    let text = page.document.text;
    for block in page.document.tree.code_blocks.iter().filter(|it| !page.is_aside(it.section)) {
        let is_mermaid = block.language.of(text).eq_ignore_ascii_case("mermaid");
        let mut lines = block.content.of(text).lines().map(str::trim);
        let head = lines.find(|it| !it.is_empty() && !it.starts_with("%%"));
        if !is_mermaid || !head.is_some_and(|it| it.starts_with(MARK)) {
            continue;
        }
        let mut saga = page.saga(block.section, block.span);
        match transitions(page, block) {
            Some(transitions) if transitions.len() > 1 => {
                saga.transitions = transitions;
                sagas.found.push(saga);
            }
            Some(_) => {}
            None => sagas.left_out.push(format!(
                "The state diagram at {}:{} has states inside of states and is not read.",
                saga.at.file, saga.at.line
            )),
        }
    }
}

/// The transitions of a diagram; nothing if it has states inside of states.
fn transitions(page: &Page<'_>, block: &CodeBlock) -> Option<Vec<FlowTransition>> {
    let content = block.content.of(page.document.text);
    let mut shown: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found: Vec<(&str, &str, Option<&str>, Span)> = Vec::new();
    let mut at = block.content.start as usize;
    let mut is_note = false;
    for line in content.split_inclusive('\n') {
        let span = Span::new(at, at + line.len());
        at += line.len();
        let line = line.trim();
        if is_note || line.starts_with("%%") || line.is_empty() {
            is_note &= line != "end note";
            continue;
        }
        if line.starts_with("note ") {
            // A note of one line has its words behind a colon.
            is_note = !line.contains(':');
            continue;
        }
        if line.ends_with('{') || line == "--" {
            return None;
        }
        if let Some((from, rest)) = line.split_once("-->") {
            let (to, label) = labelled(rest);
            found.push((bare(from), bare(to), label, span));
        } else if let Some((name, id)) = line.strip_prefix("state ").and_then(|it| it.split_once(" as ")) {
            shown.insert(bare(id), name.trim().trim_matches('"'));
        } else if let Some((id, name)) = line.split_once(':').filter(|it| !it.0.trim().contains(' ')) {
            shown.insert(bare(id), name.trim());
        }
    }
    let name = |it: &str| (it != "[*]").then(|| shown.get(it).copied().unwrap_or(it).to_owned());
    let transition = |(from, to, on, span): (&str, &str, Option<&str>, Span)| FlowTransition {
        from: name(from),
        to: name(to),
        on: on.map(str::to_owned),
        at: page.place(span),
    };
    let all = found.into_iter().filter(|it| !it.0.is_empty() && !it.1.is_empty());
    Some(all.map(transition).filter(|it| it.from.is_some() || it.to.is_some()).collect())
}

/// Where an arrow leads, and its label: `Paid: the card` of `Paid:::good: the card`.
fn labelled(rest: &str) -> (&str, Option<&str>) {
    let of_class = rest.find(":::").map_or(0, |it| it + 3);
    let colon = rest.get(of_class..).and_then(|it| it.find(':')).map(|it| of_class + it);
    let Some((to, label)) = colon.and_then(|it| rest.split_at_checked(it)) else { return (rest, None) };
    let label = label.trim_start_matches(':').trim().trim_end_matches(';').trim();
    (to, (!label.is_empty()).then_some(label))
}

/// A state without the class that it is drawn in.
fn bare(id: &str) -> &str {
    let id = id.trim().trim_end_matches(';');
    id.split_once(":::").map_or(id, |it| it.0).trim()
}
