"""The client for code without an event loop: scripts, plain handlers, an interactive session.

```python
from pawl import Client
from pawl.sync import each, wait

client = Client("localhost:7300")
execution = wait(client.run_execution("orders", {"orderId": 7}))
for update in each(client.watch_execution(execution.id, after_event_id=1)):
    print(update)
```
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import TypeVar

from ._io import io_loop

T = TypeVar("T")


def wait(awaitable: Awaitable[T]) -> T:
    """What a method of a client returns, once it is there; blocks the thread until then."""

    async def awaited() -> T:
        return await awaitable

    future = asyncio.run_coroutine_threadsafe(awaited(), io_loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


def each(items: AsyncIterator[T]) -> Iterator[T]:
    """What a method of a client yields, one after the other; blocks the thread between them."""
    try:
        while True:
            yield wait(anext(items))
    except StopAsyncIteration:
        return
    finally:
        close = getattr(items, "aclose", None)
        if close is not None:
            wait(close())
