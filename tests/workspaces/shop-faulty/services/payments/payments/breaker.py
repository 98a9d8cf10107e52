"""Stops calls to the card gateway while it is down."""

import asyncio
import time

FAILURES_IN_A_ROW = 20
OPEN_SECONDS = 30.0


# Pattern: Circuit Breaker - while the gateway fails, orders wait in the channel instead of using up their attempts.
class Breaker:
    def __init__(self) -> None:
        self._failures = 0
        self._open_until = 0.0

    async def ready(self) -> None:
        """Waits until a call may be tried."""
        wait = self._open_until - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW:
            self._open_until = time.monotonic() + OPEN_SECONDS
