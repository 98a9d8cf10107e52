"""Stores captures together with their events, and relays the events to the cluster."""

import io
import json
from datetime import datetime, timezone

import asyncpg
import fastavro
import uuid6
from aiokafka import AIOKafkaProducer

from .schema import PAYMENT_CAPTURED, WIRE_PREFIX

BATCH_SIZE = 500
RELAY_LOCK = 7402


async def add_captured(connection: asyncpg.Connection, order: dict, receipt: dict, cause: dict[str, bytes]) -> None:
    """Saves the capture and its event; the caller holds the transaction."""
    event = {
        "order_id": order["order_id"],
        "capture_id": receipt["id"],
        "captured_at": datetime.now(timezone.utc),
        "currency": order["currency"],
        "amount_minor": order["total_minor"],
        "card_last_four": receipt.get("last_four"),
    }
    payload = io.BytesIO()
    payload.write(WIRE_PREFIX)
    fastavro.schemaless_writer(payload, PAYMENT_CAPTURED, event)
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid6.uuid7()),
        "ce_source": "/services/payments",
        "ce_type": "com.example.shop.payments.captured.v1",
        "ce_subject": order["order_id"],
        "ce_time": event["captured_at"].isoformat(),
        "ce_partitionkey": order["order_id"],
        "content-type": "application/avro",
        "traceparent": cause["traceparent"].decode(),
        "ce_correlationid": cause["ce_correlationid"].decode(),
        "ce_causationid": cause["ce_id"].decode(),
    }
    await connection.execute(
        "INSERT INTO captures (order_id, capture_id) VALUES ($1, $2)", order["order_id"], receipt["id"]
    )
    await connection.execute(
        "INSERT INTO outbox (key, headers, payload) VALUES ($1, $2, $3)",
        order["order_id"],
        json.dumps(headers),
        payload.getvalue(),
    )


# Pattern: Transactional Outbox - the relay publishes only what a committed transaction has stored.
async def relay_outbox(pool: asyncpg.Pool, producer: AIOKafkaProducer) -> int:
    async with pool.acquire() as connection, connection.transaction():
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", RELAY_LOCK):
            return 0
        rows = await connection.fetch(
            "SELECT seq, key, headers, payload FROM outbox WHERE sent_at IS NULL ORDER BY seq LIMIT $1", BATCH_SIZE
        )
        for row in rows:
            headers = [(name, value.encode()) for name, value in json.loads(row["headers"]).items()]
            await producer.send_and_wait(
                "payments.captured.v1", value=row["payload"], key=row["key"].encode(), headers=headers
            )
        await connection.execute("UPDATE outbox SET sent_at = now() WHERE seq = ANY($1)", [row["seq"] for row in rows])
        return len(rows)
