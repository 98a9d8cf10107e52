// Saves orders together with their events, and relays the events to the cluster.
import type { Producer } from "kafkajs";
import type { Pool, PoolClient } from "pg";
import { v7 as uuidv7 } from "uuid";

type Order = { orderId: string; customerId: string; currency: string; totalMinor: number; lines: Line[] };
type Line = { sku: string; quantity: number; unit_price_minor: number };
type OutboxRow = { seq: string; type: string; key: string; headers: Record<string, string>; payload: string };

const ORDER_PLACED = "com.example.shop.orders.placed.v1";
const ORDER_CANCELLED = "com.example.shop.orders.cancelled.v1";
const ORDER_REFUNDED = "com.example.shop.orders.refunded.v1";
const ORDER_SHIPPED = "com.example.shop.orders.shipped.v1";
const BATCH_SIZE = 500;
const RELAY_LOCK = 7401;

export async function placeOrder(pool: Pool, order: Order, trace: Record<string, string>): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query("INSERT INTO orders (id, customer_id, state) VALUES ($1, $2, 'open')", [order.orderId, order.customerId]);
    await addToOutbox(tx, ORDER_PLACED, order.orderId, trace, {
      order_id: order.orderId,
      customer_id: order.customerId,
      placed_at: new Date().toISOString(),
      currency: order.currency,
      total_minor: order.totalMinor,
      lines: order.lines,
    });
  });
}

// Pattern: Process Manager - closes an order whose payment did not arrive within 15 minutes.
export async function cancelUnpaidOrder(pool: Pool, orderId: string, trace: Record<string, string>): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const res = await tx.query("UPDATE orders SET state = 'cancelled' WHERE id = $1 AND state = 'open'", [orderId]);
    if (res.rowCount === 0) return;
    const payload = { order_id: orderId, cancelled_at: new Date().toISOString(), reason: "payment_timeout" };
    await addToOutbox(tx, ORDER_CANCELLED, orderId, trace, payload);
  });
}

// Pattern: Transactional Outbox - the relay publishes only what a committed transaction has stored.
export async function relayOutbox(pool: Pool, producer: Producer): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const lock = await tx.query("SELECT pg_try_advisory_xact_lock($1) AS held", [RELAY_LOCK]);
    if (!lock.rows[0].held) return 0;
    const { rows } = await tx.query<OutboxRow>("SELECT * FROM outbox WHERE sent_at IS NULL ORDER BY seq LIMIT $1", [BATCH_SIZE]);

    const placed = toMessages(rows, ORDER_PLACED);
    if (placed.length > 0) {
      await producer.send({ topic: "orders.placed.v1", acks: -1, messages: placed });
    }
    const cancelled = toMessages(rows, ORDER_CANCELLED);
    if (cancelled.length > 0) {
      await producer.send({ topic: "orders.cancelled.v1", acks: -1, messages: cancelled });
    }
    const refunded = toMessages(rows, ORDER_REFUNDED);
    if (refunded.length > 0) {
      await producer.send({ topic: "orders.refunded.v1", acks: -1, messages: refunded });
    }
    const shipped = toMessages(rows, ORDER_SHIPPED);
    if (shipped.length > 0) {
      await producer.send({ topic: "orders.shipped.v1", acks: -1, messages: shipped });
    }
    await tx.query("UPDATE outbox SET sent_at = now() WHERE seq = ANY($1)", [rows.map((row) => row.seq)]);
    return rows.length;
  });
}

function toMessages(rows: OutboxRow[], type: string) {
  return rows.filter((row) => row.type === type).map((row) => ({ key: row.key, value: row.payload, headers: row.headers }));
}

async function addToOutbox(tx: PoolClient, type: string, key: string, trace: Record<string, string>, payload: object) {
  const headers = {
    ...trace,
    ce_specversion: "1.0",
    ce_id: uuidv7(),
    ce_source: "/services/checkout",
    ce_type: type,
    ce_subject: key,
    ce_time: new Date().toISOString(),
    ce_partitionkey: key,
    "content-type": "application/json",
  };
  await tx.query("INSERT INTO outbox (type, key, headers, payload) VALUES ($1, $2, $3, $4)", [type, key, headers, JSON.stringify(payload)]);
}

export async function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  try {
    await tx.query("BEGIN");
    const res = await work(tx);
    await tx.query("COMMIT");
    return res;
  } catch (error) {
    await tx.query("ROLLBACK");
    throw error;
  } finally {
    tx.release();
  }
}
