"""Threads for plain handlers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class ThreadPool(Generic[T]):
    """Works on items with as many threads as are needed at one time, at most `threads_max`.

    Its threads are daemons: a handler that never returns does not keep the process from its end. It has no future for
    each item, which would cost as much as a small handler.
    """

    def __init__(self, threads_max: int, work: Callable[[T], None]) -> None:
        self._threads_max = threads_max
        self._work = work
        self._items: SimpleQueue[T | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._idle = 0
        """Threads that wait, less items that wait: an idle thread is spoken for as soon as there is an item for it."""

    def submit(self, item: T) -> None:
        """Works on the item as soon as a thread is free."""
        with self._lock:
            self._idle -= 1
            is_short = self._idle < 0 and self._threads < self._threads_max
            if is_short:
                self._threads += 1
                self._idle += 1
        self._items.put(item)
        if is_short:
            threading.Thread(target=self._run, name="pawl-handler", daemon=True).start()

    def close(self) -> None:
        """Lets the threads end when they are idle."""
        with self._lock:
            count, self._threads_max = self._threads, 0
        for _ in range(count):
            self._items.put(None)

    def _run(self) -> None:
        while (item := self._items.get()) is not None:
            self._work(item)
            with self._lock:
                self._idle += 1
