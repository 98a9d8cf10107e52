//! What an editor test does: chosen from what the checker reports, so that the sample workspace may change.

use std::path::Path;

use serde_json::{Value, json};

use crate::{findings, report, write};

/// A pattern's name and a document of the sample workspace that mentions it.
const HOVER_FILE: &str = "docs/features/order-checkout/design.md";
const HOVER_TEXT: &str = "Transactional Outbox";

/// Code of the sample workspace and a channel that it receives from.
const CODE_FILE: &str = "services/checkout/src/payments-consumer.ts";
const CODE_TEXT: &str = "payments.captured.v1";

/// A document of version 2, which the sample workspace has none of.
const OLD_FILE: &str = "docs/features/order-checkout/asyncapi/orders.audited.v1.yaml";
const OLD_TEXT: &str = "asyncapi: 2.6.0
info: { title: Audit, version: 1.0.0 }
channels:
  orders.audited.v1:
    subscribe:
      message:
        payload: { type: object, properties: { order_id: { type: string } } }
";

/// The task for an editor's session: a finding with a fix (`file`, 1-based `line`, `rule`, `message`), texts to hover
/// in a document and in code (`hover_file`, `hover_text`, `code_file`, `code_text`), a feature to `design`, and a
/// document to convert (`old_file`) with a `channel` that has no contract. All files are full paths.
pub fn editor_task(workspace: &Path) -> Value {
    write(workspace, OLD_FILE, OLD_TEXT);
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
        "code_file": workspace.join(CODE_FILE),
        "code_text": CODE_TEXT,
        "old_file": workspace.join(OLD_FILE),
        "channel": "orders.audited.v1",
        "design": {
            "feature": "gift-cards",
            "description": "When an order is placed, the gift card service reserves the amount and tells the ledger \
                service.",
        },
    })
}
