"""Streams that are opened again whenever they break."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import Protocol, TypeVar

from ._backoff import Backoff
from ._errors import PawlError
from ._retry import retry_delay


class _Answer(Protocol):
    terminal: bool


Response = TypeVar("Response", bound=_Answer)

_END_WAIT = 1.0
"""How long the end of a stream may come after its terminal answer, in seconds."""

_OPEN_ATTEMPTS_MAX = 10
"""How often a watch that never got an answer tries before it gives up."""

_ODD_FAILURES_MAX = 5
"""Consecutive failures of a kind that may be no passing one (INTERNAL, UNKNOWN ...) before it gives up."""

PASSING_CODES = {"CANCELLED", "UNKNOWN", "INTERNAL", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "ABORTED"}


async def resumed(
    open_stream: Callable[[], AsyncGenerator[Response, None]],
) -> AsyncGenerator[Response, None]:
    """The answers of a stream, over as many streams as it takes, until the terminal one.

    Only a refusal, or a server that never answered at all, end it with an error.

    Args:
        open_stream: Opens the stream from where the last answer left off.
    """
    backoff = Backoff(0.05, 5.0)
    failures = 0
    has_answered = False
    while True:
        error = PawlError("UNAVAILABLE", "the stream ended early")
        answers = open_stream()
        try:
            async for answer in answers:
                if failures:
                    backoff.reset()
                failures = 0
                has_answered = True
                if answer.terminal:
                    await _ended(answers)
                    yield answer
                    return
                yield answer
        except PawlError as failure:
            error = failure
        finally:
            await answers.aclose()
        failures += 1
        delay = _resume_delay(error, failures, has_answered, backoff)
        if delay is None:
            raise error
        await asyncio.sleep(delay)


async def _ended(answers: AsyncGenerator[Response, None]) -> None:
    """The server ends a stream after its terminal answer.

    To cancel it then would be a reset, and HTTP/2 servers close connections that bring many of them, with all that
    runs on them. How it ends says nothing: all has come.
    """
    with contextlib.suppress(PawlError, StopAsyncIteration, asyncio.TimeoutError):
        await asyncio.wait_for(answers.__anext__(), _END_WAIT)


def _resume_delay(error: PawlError, failures: int, has_answered: bool, backoff: Backoff) -> float | None:
    """`None`: resuming is no use. A stream that ended without its last answer counts as broken."""
    delay = retry_delay(error, backoff)
    if delay is not None:
        return delay if has_answered or failures < _OPEN_ATTEMPTS_MAX else None
    is_passing = has_answered and error.code in PASSING_CODES and error.message != "the client was closed"
    return backoff.next() if is_passing and failures < _ODD_FAILURES_MAX else None
