//! The invariant of the workspace: after any sequence of changes it equals one opened afresh.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{collections::BTreeMap, fs, sync::Arc};

use archwright_analysis::{Change, Key, OpenOptions, RelPath, Root, Workspace};
use proptest::prelude::*;

/// Paths that changes choose from: enough of every kind for rules across files to meet.
const PATHS: [&str; 24] = [
    "docs/features/shop/README.md",
    "docs/features/shop/design.md",
    "docs/features/shop/adrs/0001-use-outbox.md",
    "docs/features/shop/adrs/0002-use-log.md",
    "docs/features/shop/adrs/0002-other.md",
    "docs/features/shop/contracts/orders.placed.v1.md",
    "docs/features/shop/schemas/orders.placed.v1.json",
    "docs/features/shop/asyncapi/orders.placed.v1.yaml",
    "docs/features/shop/asyncapi/common.yaml",
    "docs/features/shop/asyncapi/ignored/common.yaml",
    "docs/features/shop/asyncapi/types.avsc",
    "docs/features/shop/runbooks/lag.md",
    "docs/features/pay/README.md",
    "docs/features/pay/design.md",
    "docs/features/pay/contracts/payments.captured.v1.md",
    "docs/system/catalog.md",
    "docs/system/standards/naming.md",
    "services/shop.ts",
    "notes/picture.png",
    "docs/features/shop/ignored/note.md",
    "docs/features/shop/adrs/0003-ignored.md",
    "docs/features/shop/schemas/parts.yaml",
    "apis/shared.yaml",
    "apis/parts.json",
];

/// Pieces of documents; each says something that another file may contradict.
const PIECES: &[&str] = &[
    "# Design: shop\n\n",
    "# ADR-0002: Use a log\n\n",
    "## Summary\n\n- **Status**: Accepted\n- **Date**: 2026-01-10\n- **TL;DR**: Short.\n\n",
    "## Summary\n\n- **Status**: Superseded by [ADR-0002](0002-use-log.md)\n- **Date**: 2026-01-10\n\n",
    "## Summary\n\n- **Status**: Accepted\n- **Supersedes**: [ADR-0001](0001-use-outbox.md)\n\n",
    "## System concerns\n\n- **Owner team**: team-a\n- **Compliance**: PII\n\n",
    "## System concerns\n\n- **Owner team**: team-b\n- **Compliance**: none\n\n",
    "## Boundary contracts\n\n| Channel | Ordering key |\n| --- | --- |\n| orders.placed.v1 | order_id |\n\n",
    "## Boundary contracts\n\n| Channel | Ordering key |\n| --- | --- |\n| orders.placed.v1 | customer_id |\n| payments.captured.v1 | id |\n\n",
    "## Ordering, idempotency, retention\n\n- **Ordering key**: order_id\n\n",
    "## Ordering, idempotency, retention\n\n- **Ordering key**: missing_id\n\n",
    "## DLQ and replay\n\n- **DLQ**: orders.placed.v1-dead\n\n",
    "## Service info\n\n- **Owner team**: team-a\n- **SLO**: 99 %\n- **Tier**: Prototype\n- **Last reviewed**: 2026-01-10\n\n",
    "## Service info\n\n- **Owner team**: team-b\n- **Tier**: Service-ready\n\n",
    "## Artifacts\n\n- **Design**: [design.md](design.md)\n- **Runbooks**: [lag](runbooks/lag.md)\n\n",
    "## Artifacts\n\n- **ADRs**: [1](adrs/0001-use-outbox.md)\n\n",
    "## Channels owned\n\n- orders.placed.v1: produced.\n\n",
    "## Features\n\n| Feature | Owner | Tier | SLO | Compliance | Last reviewed | Index |\n| --- | --- | --- | --- | --- | --- | --- |\n| shop | team-a | Prototype | 99 % | PII | 2026-01-10 | [README](../features/shop/README.md) |\n| pay | team-b | Prototype | | | | |\n\n",
    "See [design](../design.md#summary) and [naming](../../../system/standards/naming.md).\n\n",
    "See [design](design.md#system-concern), [gone](gone.md), [the folder](adrs) and [a note](ignored/note.md).\n\n",
    "See [picture](../../notes/picture.png) and [lag](../runbooks/lag.md).\n\n",
    "<!-- archwright: allow link/dead-target -- later -->\n[gone](gone.md)\n\n",
    "{\"type\": \"object\", \"properties\": {\"order_id\": {\"type\": \"string\"}}}",
    "asyncapi: 3.0.0\nchannels:\n  placed:\n    address: orders.placed.v1\n",
    "asyncapi: 3.0.0\nchannels:\n  placed:\n    address: orders.other.v1\n",
    "asyncapi: 3.0.0\ninfo: { title: T, version: '1' }\nchannels:\n  placed:\n    messages:\n      A: { $ref: 'common.yaml#/A' }\n      B: { $ref: 'ignored/common.yaml#/A' }\n      C: { payload: { $ref: types.avsc } }\n",
    "A: { title: Known }\n",
    "A: { titel: Unknown }\n",
    "B: {}\n",
    "import { Kafka } from 'kafkajs';\nproducer.send({ topic: 'orders.placed.v1', messages: [] });\nproducer.send({ topic: 'orders.shipped.v1', messages: [] });\n",
    "x-shared:\n  $ref: '../../../../apis/shared.yaml#/x-shared'\nx-parts: { $ref: ../../../../apis/parts.json }\n",
    "\"x-more\": { \"$ref\": \"parts.json#/a\" }\n",
    "x-schema: { $ref: '../docs/features/shop/schemas/orders.placed.v1.json' }\n",
    "## Patterns\n\n- Transactional Outbux: why\n\n",
    "broken: [\n",
    "\u{feff}# Überschrift 😀\r\n\r\n## Summary\r\n",
    "# Runbook: lag\n\n## Mitigation\n\n",
    "- **Owner**: team-a\n- **Retention**: 7 days\n- **Compatibility mode**: FULL\n- **Partitions**: 12\n- **Delivery**: at-least-once\n- **Envelope**: CloudEvents\n- **DLQ**: orders.placed.v1.dlq\n\n",
    "- **Status**: Retired\n- **Owner**: team-b, on call\n- **Retention**: 1 day\n- **Compatibility mode**: BACKWARD\n- **PII class**: none\n- **Consumers**: pay (16 instances)\n- **Event type**: OrderPlaced\n\n",
    "## Boundary contracts\n\n| Channel | Retention | Partitions | Compatibility | DLQ |\n| --- | --- | --- | --- | --- |\n| orders.placed.v1 | 30 days | 6 | FORWARD | orders.lost.v1 |\n\n",
    "{\"title\": \"OrderShipped\", \"x-compatibility\": \"NONE\", \"properties\": {\"customer_id\": {}}}",
    "asyncapi: 3.0.0\ninfo: { contact: { name: team-b } }\nchannels:\n  placed:\n    address: orders.placed.v1\n    x-ordering-key: customer_id\n    x-dlq: orders.lost.v1\n    x-compatibility: FORWARD\n    bindings: { kafka: { partitions: 6, replicas: 1, topicConfiguration: { retention.ms: 86400000 } } }\n    messages:\n      OrderCancelled: { contentType: application/cloudevents+json, payload: { properties: { id: {}, eventType: {}, email: {} } } }\n      OrderPlaced: { payload: { $ref: ../schemas/orders.placed.v1.json } }\n",
    "asyncapi: 2.6.0\nchannels:\n  orders.placed.v1:\n    x-owner: team-a\n    bindings: { sqs: { queue: { messageRetentionPeriod: 604800, redrivePolicy: { deadLetterQueue: { name: lost } } } } }\n    subscribe: { message: { name: OrderPlaced, headers: { properties: { specversion: {}, type: { const: shop.orders.held.v1 } } } } }\n  orders.shipped.v1:\n    subscribe: {}\n",
    "asyncapi: 3.0.0\nchannels:\n  placed:\n    address: orders-placed\n    bindings: { kafka: { topic: orders.placed.v1, partitions: 24, topicConfiguration: { cleanup.policy: [compact] } } }\n",
];

#[derive(Clone, Debug)]
enum Step {
    /// An editor opens or changes a file.
    Edit(usize, Vec<usize>),
    /// An editor closes a file.
    Close(usize),
    /// A file is written on disk.
    Write(usize, Vec<usize>),
    /// A file is deleted.
    Delete(usize),
    /// A file moves.
    Rename(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let path = 0..PATHS.len();
    let text = prop::collection::vec(0..PIECES.len(), 0..5);
    prop_oneof![
        4 => (path.clone(), text.clone()).prop_map(|(path, text)| Step::Edit(path, text)),
        1 => path.clone().prop_map(Step::Close),
        4 => (path.clone(), text).prop_map(|(path, text)| Step::Write(path, text)),
        2 => path.clone().prop_map(Step::Delete),
        1 => (path.clone(), path).prop_map(|(from, to)| Step::Rename(from, to)),
    ]
}

/// Everything that can be seen of a workspace, without ids.
fn picture(workspace: &Workspace) -> BTreeMap<String, Vec<String>> {
    let mut files = BTreeMap::new();
    for file in workspace.files() {
        let findings = workspace.findings(file).iter().map(|it| {
            let related: Vec<_> = it
                .related
                .iter()
                .map(|it| format!("{} {:?} {}", workspace.path(it.file), it.span, it.message))
                .collect();
            format!("{} {} {:?} {} {related:?} {}", it.rule.code, it.severity, it.span, it.message, it.fixable)
        });
        files.insert(format!("{} {}", workspace.path(file), workspace.kind(file)), findings.collect());
    }
    for path in PATHS.map(RelPath::new) {
        let mut from: Vec<String> = workspace
            .index()
            .contributors(&Key::References(path.clone()))
            .iter()
            .map(|it| workspace.path(*it).to_string())
            .collect();
        from.sort();
        files.insert(format!("to {path}"), from);
    }
    files
}

fn text(pieces: &[usize]) -> String {
    pieces.iter().map(|it| PIECES[*it]).collect()
}

proptest! {
    #[test]
    fn a_changed_workspace_equals_a_fresh_one(start in prop::collection::vec((0..PATHS.len(), prop::collection::vec(0..PIECES.len(), 0..5)), 0..10), steps in prop::collection::vec(step(), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join(".gitignore"), "ignored/\n*-ignored.md\n").unwrap();
        let disk = |path: usize| root.join(PATHS[path]);
        let write = |path: usize, text: String| {
            fs::create_dir_all(disk(path).parent().unwrap()).unwrap();
            fs::write(disk(path), text).unwrap();
        };
        for (path, pieces) in start {
            write(path, text(&pieces));
        }
        let open = || archwright_analysis::open(OpenOptions::server(Root::Folder(root.to_path_buf())), &|_| {}).unwrap();
        let mut workspace = open();
        let mut buffers: BTreeMap<usize, Arc<str>> = BTreeMap::new();
        for step in steps {
            let rel = |path: usize| RelPath::new(PATHS[path]);
            match step.clone() {
                Step::Edit(path, pieces) => {
                    let text: Arc<str> = text(&pieces).into();
                    buffers.insert(path, text.clone());
                    workspace.apply(vec![Change::Edit { path: rel(path), text }]);
                }
                Step::Close(path) => {
                    if buffers.remove(&path).is_some() {
                        workspace.apply(vec![Change::Close { path: rel(path) }]);
                    }
                }
                Step::Write(path, pieces) => {
                    write(path, text(&pieces));
                    workspace.apply(vec![Change::Disk { paths: vec![rel(path)] }]);
                }
                Step::Delete(path) => {
                    let _ = fs::remove_file(disk(path));
                    workspace.apply(vec![Change::Disk { paths: vec![rel(path)] }]);
                }
                Step::Rename(from, to) => {
                    if disk(from).exists() && from != to {
                        fs::create_dir_all(disk(to).parent().unwrap()).unwrap();
                        fs::rename(disk(from), disk(to)).unwrap();
                        workspace.apply(vec![Change::Disk { paths: vec![rel(from), rel(to)] }]);
                    }
                }
            }
            let mut fresh = open();
            fresh.apply(buffers.iter().map(|(path, text)| Change::Open { path: rel(*path), text: text.clone() }).collect());
            prop_assert_eq!(picture(&workspace), picture(&fresh), "after {:?}", step);
        }
    }
}
