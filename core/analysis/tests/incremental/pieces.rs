//! Pieces of documents that contradict each other, at places where that is seen: broken texts, ignored folders and
//! several files that say the same.

use std::sync::Arc;

use archwright_analysis::RelPath;
use proptest::prelude::*;

use super::{Step, World};

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
    "## Status\n\nAccepted\n\nSupersedes [2. Log](0002-use-log.md)\n\n",
    "## Status\n\nSuperseded by ADR-0001\n\n",
    "## Links\n\n- Supersedes [other](0002-other.md)\n\n",
    "## System concerns\n\n- **Owner team**: team-a\n- **Compliance**: PII\n\n",
    "## System concerns\n\n- **Owner team**: team-b\n- **Compliance**: none\n\n",
    "## Boundary contracts\n\n| Channel | Ordering key |\n| --- | --- |\n| orders.placed.v1 | order_id |\n\n",
    "## Boundary contracts\n\n| Channel | Ordering key |\n| --- | --- |\n| orders.placed.v1 | customer_id |\n\
    | payments.captured.v1 | id |\n\n",
    "## Ordering, idempotency, retention\n\n- **Ordering key**: order_id\n\n",
    "## Ordering, idempotency, retention\n\n- **Ordering key**: missing_id\n\n",
    "## DLQ and replay\n\n- **DLQ**: orders.placed.v1-dead\n\n",
    "## Service info\n\n- **Owner team**: team-a\n- **SLO**: 99 %\n- **Tier**: Prototype\n\
    - **Last reviewed**: 2026-01-10\n\n",
    "## Service info\n\n- **Owner team**: team-b\n- **Tier**: Service-ready\n\n",
    "## Artifacts\n\n- **Design**: [design.md](design.md)\n- **Runbooks**: [lag](runbooks/lag.md)\n\n",
    "## Artifacts\n\n- **ADRs**: [1](adrs/0001-use-outbox.md)\n\n",
    "## Channels owned\n\n- orders.placed.v1: produced.\n\n",
    "## Features\n\n| Feature | Owner | Tier | SLO | Compliance | Last reviewed | Index |\n\
    | --- | --- | --- | --- | --- | --- | --- |\n| shop | team-a | Prototype | 99 % | PII | 2026-01-10 | \
    [README](../features/shop/README.md) |\n| pay | team-b | Prototype | | | | |\n\n",
    "See [design](../design.md#summary) and [naming](../../../system/standards/naming.md).\n\n",
    "See [design](design.md#system-concern), [gone](gone.md), [the folder](adrs) and [a note](ignored/note.md).\n\n",
    "See [picture](../../notes/picture.png) and [lag](../runbooks/lag.md).\n\n",
    "<!-- archwright: allow link/dead-target -- later -->\n[gone](gone.md)\n\n",
    "{\"type\": \"object\", \"properties\": {\"order_id\": {\"type\": \"string\"}}}",
    "asyncapi: 3.0.0\nchannels:\n  placed:\n    address: orders.placed.v1\n",
    "asyncapi: 3.0.0\nchannels:\n  placed:\n    address: orders.other.v1\n",
    "asyncapi: 3.0.0\ninfo: { title: T, version: '1' }\n\
    channels:\n  placed:\n    messages:\n      A: { $ref: 'common.yaml#/A' }\n      B: { $ref: \
    'ignored/common.yaml#/A' }\n      C: { payload: { $ref: types.avsc } }\n",
    "A: { title: Known }\n",
    "A: { titel: Unknown }\n",
    "B: {}\n",
    "import { Kafka } from 'kafkajs';\nproducer.send({ topic: 'orders.placed.v1', messages: [] });\n\
    producer.send({ topic: 'orders.shipped.v1', messages: [] });\n",
    "x-shared:\n  $ref: '../../../../apis/shared.yaml#/x-shared'\nx-parts: { $ref: ../../../../apis/parts.json }\n",
    "\"x-more\": { \"$ref\": \"parts.json#/a\" }\n",
    "x-schema: { $ref: '../docs/features/shop/schemas/orders.placed.v1.json' }\n",
    "## Patterns\n\n- Transactional Outbux: why\n\n",
    "broken: [\n",
    "\u{feff}# Überschrift 😀\r\n\r\n## Summary\r\n",
    "# Runbook: lag\n\n## Mitigation\n\n",
    "- **Owner**: team-a\n- **Retention**: 7 days\n- **Compatibility mode**: FULL\n- **Partitions**: 12\n\
    - **Delivery**: at-least-once\n- **Envelope**: CloudEvents\n- **DLQ**: orders.placed.v1.dlq\n\n",
    "- **Status**: Retired\n- **Owner**: team-b, on call\n- **Retention**: 1 day\n- **Compatibility mode**: BACKWARD\n\
    - **PII class**: none\n- **Consumers**: pay (16 instances)\n- **Event type**: OrderPlaced\n\n",
    "## Boundary contracts\n\n| Channel | Retention | Partitions | Compatibility | DLQ |\n\
    | --- | --- | --- | --- | --- |\n| orders.placed.v1 | 30 days | 6 | FORWARD | orders.lost.v1 |\n\n",
    "{\"title\": \"OrderShipped\", \"x-compatibility\": \"NONE\", \"properties\": {\"customer_id\": {}}}",
    "asyncapi: 3.0.0\ninfo: { contact: { name: team-b } }\n\
    channels:\n  placed:\n    address: orders.placed.v1\n    x-ordering-key: customer_id\n    x-dlq: \
    orders.lost.v1\n    x-compatibility: FORWARD\n    bindings: { kafka: { partitions: 6, replicas: 1, \
    topicConfiguration: { retention.ms: 86400000 } } }\n    messages:\n      OrderCancelled: { contentType: \
    application/cloudevents+json, payload: { properties: { id: {}, eventType: {}, email: {} } } }\n      OrderPlaced: \
    { payload: { $ref: ../schemas/orders.placed.v1.json } }\n",
    "asyncapi: 2.6.0\nchannels:\n  orders.placed.v1:\n    x-owner: team-a\n    bindings: { sqs: { queue: { \
    messageRetentionPeriod: 604800, redrivePolicy: { deadLetterQueue: { name: lost } } } } }\n    subscribe: { \
    message: { name: OrderPlaced, headers: { properties: { specversion: {}, type: { const: shop.orders.held.v1 } } } } \
    }\n  orders.shipped.v1:\n    subscribe: {}\n",
    "asyncapi: 3.0.0\nchannels:\n  placed:\n    address: orders-placed\n    bindings: { kafka: { topic: \
    orders.placed.v1, partitions: 24, topicConfiguration: { cleanup.policy: [compact] } } }\n",
];

fn path() -> impl Strategy<Value = RelPath> + Clone {
    (0..PATHS.len()).prop_map(|at| RelPath::new(PATHS[at]))
}

fn text() -> impl Strategy<Value = Arc<str>> + Clone {
    let pieces = prop::collection::vec(0..PIECES.len(), 0..5);
    pieces.prop_map(|pieces| pieces.iter().map(|at| PIECES[*at]).collect::<String>().into())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (path(), text()).prop_map(|(path, text)| Step::Edit(path, text)),
        1 => path().prop_map(Step::Close),
        4 => (path(), text()).prop_map(|(path, text)| Step::Write(path, text)),
        2 => path().prop_map(Step::Delete),
        1 => (path(), path()).prop_map(|(from, to)| Step::Rename(from, to)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn a_changed_workspace_equals_a_fresh_one(
        start in prop::collection::vec((path(), text()), 0..10),
        steps in prop::collection::vec(step(), 1..12),
    ) {
        let mut world = World::new(&start, Vec::new());
        for step in steps {
            let told = format!("{step:?}");
            world.take(step);
            let (changed, fresh) = world.pictures();
            prop_assert_eq!(changed, fresh, "after {}", told);
        }
    }
}
