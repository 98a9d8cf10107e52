//! Tests of the editor features: a workspace in one text, the cursor as `$0`, and what people read.

mod actions;
mod allow;
mod asyncapi;
mod code;
mod completion;
mod hover;
mod lenses;
mod names;
mod navigation;
mod offsets;
mod refactorings;
mod references;
mod rename;

use archwright_engine::Workspace;
use archwright_model::FileId;

use crate::fixture::Fixture;

/// A feature with two channels, a design, a contract, a decision and a runbook; tests add the file with the cursor.
const SHOP: &str = "\
//- /docs/features/shop/contracts/orders.placed.v1.md
# Contract: orders.placed.v1

## Summary

- **Status**: Active
- **Channel**: `orders.placed.v1`
- **TL;DR**: An order was placed.

## Ordering, idempotency, retention

- **Ordering key**: order_id
- **Retention**: 7 days

## DLQ and replay

- **DLQ**: `orders.placed.v1.dlq`, owner team-orders
//- /docs/features/shop/asyncapi/stock.reserved.v1.yaml
asyncapi: 3.0.0
info:
  title: Stock
  version: 1.0.0
channels:
  reserved:
    address: stock.reserved.v1
  released:
    address: stock.released.v1
//- /docs/features/shop/adrs/0001-use-an-outbox.md
# ADR-0001: Use an outbox

## Summary

- **Status**: Accepted
- **TL;DR**: Events leave through a table.

## Decision

We write events into the table of the order.
//- /docs/features/shop/runbooks/consumer-lag.md
# Runbook: Consumer lag

Text before any section.
//- /src/orders.ts
import { Kafka } from 'kafkajs';
const producer = new Kafka({}).producer();
export async function place(order) {
  await producer.send({ topic: 'orders.placed.v1', messages: [order] });
}
";

/// Opens [`SHOP`] and a file with the cursor.
fn shop(file: &str) -> (Fixture, Workspace, FileId, usize) {
    open(&format!("{SHOP}{file}"))
}

/// Opens a fixture with a cursor.
fn open(text: &str) -> (Fixture, Workspace, FileId, usize) {
    let (fixture, path, offset) = Fixture::with_cursor(text);
    let workspace = fixture.open();
    let file = workspace.file(&path).unwrap();
    (fixture, workspace, file, offset)
}
