"""The thread that all input and output of this package happens on.

Every connection of the process lives on one event loop in a thread of its own: a handler that blocks the caller's
loop, or spins, stops neither heartbeats nor acknowledgements, and clients work from any loop and any thread. It is
one loop, and not one for each worker, because grpc.aio has a single notification socket for all loops of a process.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class _IoEventLoop(asyncio.SelectorEventLoop):
    def add_reader(self, fd: Any, callback: Callable[..., Any], *args: Any) -> None:  # type: ignore[override]
        """Ignores that somebody else's loop has read grpc.aio's notification first, which then took it for both."""

        def read() -> None:
            with contextlib.suppress(BlockingIOError):
                callback(*args)

        super().add_reader(fd, read)


_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def io_loop() -> asyncio.AbstractEventLoop:
    """The loop of the process, started when it is first needed."""
    global _loop  # noqa: PLW0603 - one for each process is the point
    with _lock:
        if _loop is None:
            _loop = _IoEventLoop()
            threading.Thread(target=_run, args=(_loop,), name="pawl-io", daemon=True).start()
        return _loop


async def on_io(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine on the I/O loop and waits for it; cancelling the wait cancels it."""
    loop = io_loop()
    if asyncio.get_running_loop() is loop:
        return await coroutine
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, loop))


async def iterate_on_io(generator: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """The items of an asynchronous generator that runs on the I/O loop."""
    # A step that was cancelled here goes on there for a moment: the generator can be closed only after it.
    step = asyncio.Lock()

    async def take() -> T | _End:
        async with step:
            return await anext(generator, _END)

    async def close() -> None:
        async with step:
            await generator.aclose()

    try:
        while not isinstance(item := await on_io(take()), _End):
            yield item
    finally:
        await on_io(close())


class Mailbox(Generic[T]):
    """Hands items to another thread's loop in order, with one wake-up for all that are posted meanwhile."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Callable[[T], None]) -> None:
        self._loop = loop
        self._receive = receive
        self._items: deque[T] = deque()
        self._is_scheduled = False

    def post(self, item: T) -> None:
        """May be called from any thread."""
        self._items.append(item)
        if not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        # Cleared first: what is posted from here on is either taken below or schedules anew.
        self._is_scheduled = False
        while self._items:
            self._receive(self._items.popleft())


class _End:
    """After the last item."""


_END = _End()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()


def _forget() -> None:
    """A forked child has the loop, but not its thread."""
    global _loop  # noqa: PLW0603
    _loop = None


def _stop() -> None:
    if _loop is not None:
        _loop.call_soon_threadsafe(_loop.stop)


atexit.register(_stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
