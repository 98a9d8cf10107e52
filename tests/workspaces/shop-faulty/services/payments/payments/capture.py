"""Captures the payment of each placed order at the card gateway."""

import asyncio
import json
import random

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from .breaker import Breaker
from .outbox import add_captured

MAX_ATTEMPTS = 5
FIRST_WAIT_SECONDS = 0.2


class PermanentError(Exception):
    """A failure that no further attempt can repair."""


async def run(pool: asyncpg.Pool, gateway: httpx.AsyncClient, producer: AIOKafkaProducer, brokers: str) -> None:
    # Pattern: Competing Consumers - every instance joins the same group and takes a share of the partitions.
    consumer = AIOKafkaConsumer(
        "orders.placed.v1",
        bootstrap_servers=brokers,
        group_id="payment-capture",
        enable_auto_commit=False,
    )
    breaker = Breaker()
    await consumer.start()
    try:
        async for message in consumer:
            await handle(pool, gateway, breaker, producer, message)
            await consumer.commit()
    finally:
        await consumer.stop()


async def handle(pool, gateway, breaker, producer, message) -> None:
    for attempt in range(1, MAX_ATTEMPTS + 1):
        await breaker.ready()
        try:
            await capture(pool, gateway, message)
            breaker.succeeded()
            return
        except (httpx.TransportError, asyncpg.PostgresConnectionError) as error:
            breaker.failed()
            if attempt == MAX_ATTEMPTS:
                await set_aside(producer, message, error)
                return
            await asyncio.sleep(random.uniform(0, FIRST_WAIT_SECONDS * 2**attempt))
        except (PermanentError, json.JSONDecodeError, KeyError) as error:
            await set_aside(producer, message, error)
            return


# Pattern: Idempotent Receiver - the order is the key, here and at the gateway, so one order is charged once.
async def capture(pool, gateway, message) -> None:
    order = json.loads(message.value)
    order_id = order["order_id"]
    if await pool.fetchval("SELECT 1 FROM captures WHERE order_id = $1", order_id):
        return
    amount = {"amount": order["total_minor"], "currency": order["currency"], "reference": order_id}
    response = await gateway.post("/captures", json=amount, headers={"Idempotency-Key": order_id}, timeout=8.0)
    if response.status_code in (402, 422):
        raise PermanentError(f"gateway refused order {order_id}")
    if response.status_code >= 400:
        raise httpx.TransportError(f"gateway answered {response.status_code}")
    async with pool.acquire() as connection, connection.transaction():
        await add_captured(connection, order, response.json(), dict(message.headers))


# Pattern: Dead Letter Channel - the message keeps its key and gains the reason.
async def set_aside(producer: AIOKafkaProducer, message, error: Exception) -> None:
    reason = [
        ("dlq-reason", type(error).__name__.encode()),
        ("dlq-error", str(error).encode()),
        ("dlq-owner", b"team-orders"),
    ]
    await producer.send_and_wait(
        "orders.placed.v1.dlq", value=message.value, key=message.key, headers=[*message.headers, *reason]
    )
