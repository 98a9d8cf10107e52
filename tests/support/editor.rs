//! What an editor test does: chosen from what the checker reports, so that the sample workspace may change.

use std::path::Path;

use serde_json::{Value, json};

use crate::{findings, report};

/// A pattern's name and a document of the sample workspace that mentions it.
const HOVER_FILE: &str = "docs/features/order-checkout/design.md";
const HOVER_TEXT: &str = "Transactional Outbox";

/// The task for an editor's session: a finding with a fix (`file`, 1-based `line`, `rule`, `message`), a text to hover
/// (`hover_file`, `hover_text`) and a feature to `design`. Both files are full paths.
pub fn editor_task(workspace: &Path) -> Value {
    let report = report(workspace);
    let finding = findings(&report)
        .iter()
        .find(|it| it["fixable"] == true)
        .expect("the faulty workspace has a finding with a fix");
    json!({
        "file": workspace.join(finding["file"].as_str().unwrap()),
        "line": finding["start"]["line"],
        "rule": finding["rule"],
        "message": finding["message"],
        "hover_file": workspace.join(HOVER_FILE),
        "hover_text": HOVER_TEXT,
        "design": {
            "feature": "gift-cards",
            "description": "When an order is placed, the gift card service reserves the amount and tells the ledger service.",
        },
    })
}
