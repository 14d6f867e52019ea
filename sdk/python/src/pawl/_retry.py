"""Calls that are tried again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from ._backoff import Backoff, jittered
from ._errors import PawlError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryOptions:
    """How long and how often a call is tried again. Times in seconds."""

    max_attempts: int = 10
    """Tries in all, the first included."""
    initial_delay: float = 0.05
    """Before the first retry, doubled each time."""
    max_delay: float = 5.0


async def with_retry(
    attempt: Callable[[float | None], Awaitable[T]], timeout: float | None, options: RetryOptions
) -> T:
    """Tries until it succeeds, is refused for good, or time or attempts are spent.

    Only for calls that may be repeated: reads, and writes that carry a name or a request id. Retried are UNAVAILABLE,
    and whatever the server sent with RetryInfo, which then sets the delay.

    Args:
        attempt: One try; it is given the seconds that are left.
        timeout: Seconds for all tries together; `None`: no limit.
        options: How often, and how fast.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    backoff = Backoff(options.initial_delay, options.max_delay)
    attempts = 0
    while True:
        attempts += 1
        try:
            return await attempt(None if deadline is None else max(0.001, deadline - time.monotonic()))
        except PawlError as error:
            delay = retry_delay(error, backoff)
            if delay is None or attempts >= options.max_attempts:
                raise
            if deadline is not None and time.monotonic() + delay >= deadline:
                raise
            await asyncio.sleep(delay)


def retry_delay(error: PawlError, backoff: Backoff) -> float | None:
    """Seconds until a failed call may be tried again; `None`: trying again is no use."""
    if error.retry_after is not None:
        return max(error.retry_after, 0.001) + jittered(min(error.retry_after, 1.0) / 10)
    return backoff.next() if error.code == "UNAVAILABLE" else None
