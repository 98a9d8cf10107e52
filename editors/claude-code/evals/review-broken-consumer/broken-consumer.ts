// Marks orders as paid when their payment has been captured.
import type { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import type { Consumer, KafkaMessage } from "kafkajs";
import type { Pool } from "pg";

export async function consumePayments(consumer: Consumer, registry: SchemaRegistry, pool: Pool): Promise<void> {
  await consumer.subscribe({ topics: ["payments.captured.v1"] });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      await consumer.commitOffsets([{ topic, partition, offset: message.offset }]);
      while (true) {
        try {
          await markPaid(message, registry, pool);
          return;
        } catch (error) {
          console.error("again", error);
        }
      }
    },
  });
}

async function markPaid(message: KafkaMessage, registry: SchemaRegistry, pool: Pool): Promise<void> {
  const payment = await registry.decode(message.value);
  await pool.query("UPDATE orders SET state = 'paid' WHERE id = $1", [payment.order_id]);
}
