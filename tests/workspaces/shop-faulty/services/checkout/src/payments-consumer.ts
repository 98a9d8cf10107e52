// Marks orders as paid when their payment has been captured.
import { setTimeout as sleep } from "node:timers/promises";
import type { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import type { Consumer, KafkaMessage, Producer } from "kafkajs";
import type { Pool } from "pg";
import { inTransaction } from "./outbox.js";

const MAX_ATTEMPTS = 5;
const FIRST_WAIT_MS = 200;

class PermanentError extends Error {}

export async function consumePayments(consumer: Consumer, producer: Producer, registry: SchemaRegistry, pool: Pool): Promise<void> {
  await consumer.subscribe({ topics: ["payments.captured.v1"] });
  await consumer.run({
    eachMessage: async ({ message, heartbeat }) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await markPaid(message, registry, pool);
          return;
        } catch (error) {
          if (error instanceof PermanentError || attempt === MAX_ATTEMPTS) {
            await setAside(producer, message, error as Error);
            return;
          }
          await sleep(Math.random() * FIRST_WAIT_MS * 2 ** attempt);
          await heartbeat();
        }
      }
    },
  });
}

// Pattern: Idempotent Receiver - the inbox row and the order change commit together, so a second delivery has no effect.
async function markPaid(message: KafkaMessage, registry: SchemaRegistry, pool: Pool): Promise<void> {
  const eventId = message.headers?.ce_id?.toString();
  if (!eventId || !message.value) throw new PermanentError("event without id or payload");
  const payment = await registry.decode(message.value);
  await inTransaction(pool, async (tx) => {
    const inbox = await tx.query("INSERT INTO inbox (event_id) VALUES ($1) ON CONFLICT DO NOTHING", [eventId]);
    if (inbox.rowCount === 0) return;
    const res = await tx.query("UPDATE orders SET state = 'paid' WHERE id = $1 AND state = 'open'", [payment.order_id]);
    if (res.rowCount === 0) throw new PermanentError(`order ${payment.order_id} is not open`);
  });
}

// Pattern: Dead Letter Channel - a message that cannot be handled keeps its key and gains the reason.
async function setAside(producer: Producer, message: KafkaMessage, error: Error): Promise<void> {
  const headers = { ...message.headers, "dlq-reason": error.constructor.name, "dlq-error": error.message, "dlq-owner": "team-payments" };
  await producer.send({
    topic: "payments.captured.v1.dlq",
    acks: -1,
    messages: [{ key: message.key, value: message.value, headers }],
  });
}
