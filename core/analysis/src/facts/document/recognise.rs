//! What a document outside the layout is, by what it says of itself or by its looks.

use archwright_syntax::markdown::Document;

use super::adr::number_of;
use crate::{
    Kind,
    facts::{FileFacts, OptIn},
};

/// Recognises a file outside the layout: by `archwright: <kind>` in its front matter, which opts in, or by its looks.
pub(super) fn by_content(facts: &mut FileFacts, tree: &Document, text: &str) {
    if let Some(front_matter) = &tree.front_matter {
        let body = front_matter.body.of(text);
        let named = body.lines().find_map(|it| it.strip_prefix("archwright:").or_else(|| it.strip_prefix("archwright =")));
        if let Some(kind) = named.and_then(|it| it.trim().trim_matches(['"', '\'']).parse().ok()) {
            facts.kind = kind;
            facts.opt_in = OptIn::Yes;
            return;
        }
    }
    if let Some(kind) = looks_like(facts, tree, text) {
        facts.kind = kind;
    }
}

/// Folders in which teams keep decision records, whatever the dialect (X4, ADR folder).
const DECISION_FOLDERS: [&str; 6] = ["adr", "adrs", "decisions", "adl", "decision-records", "architecture-decisions"];

fn looks_like(facts: &FileFacts, tree: &Document, text: &str) -> Option<Kind> {
    let has = |names: &[&str]| names.iter().any(|it| tree.find_section(text, None, it).is_some());
    let in_folder =
        |names: &[&str]| facts.path.parent().as_str().rsplit('/').any(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it)));
    let title = tree.section_ids().nth(1).map(|(id, _)| tree.title(id, text)).unwrap_or_default();
    let titled = |prefix: &str| title.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix));
    let decides = has(&["Decision", "Decision Outcome"]) && has(&["Context", "Context and Problem Statement", "Consequences"]);
    if decides && (titled("ADR") || in_folder(&DECISION_FOLDERS) || number_of(facts.path.stem()).is_some()) {
        return Some(Kind::Adr);
    }
    let heals = has(&["Triage", "Diagnosis", "Symptoms"]) && has(&["Mitigation", "Recovery steps", "Remediation", "Resolution"]);
    if heals && (titled("Runbook") || in_folder(&["runbooks", "runbook", "playbooks"])) {
        return Some(Kind::Runbook);
    }
    None
}
