"""One task from its arrival until the server has acknowledged its outcome."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from ._errors import TaskCancelReason
from ._json import to_json_text
from ._wire import seconds_of, unix_seconds
from .v1.worker_service_pb2 import Task, TaskHeartbeat, TaskOutcome

if TYPE_CHECKING:
    from ._session import Session
    from ._slot_pool import Registration, SlotPool

_BEAT_GAP_MAX = 1.0
"""Least seconds between two heartbeats of one task."""


class TaskRunHost(Protocol):
    """What a run needs of its worker."""

    loop: asyncio.AbstractEventLoop
    server_clock_offset: float
    """Seconds that the server's clock is ahead of `time.monotonic()`."""

    def on_beat(self, run: TaskRun) -> None:
        """A heartbeat is to be sent."""

    def on_heartbeat(self, run: TaskRun) -> None:
        """The handler has said something new; called on its thread."""

    def on_cancelled(self, run: TaskRun) -> None:
        """The handler is to be told that its result is no longer wanted."""


class TaskRun:
    """The state of a task. All of it belongs to the I/O loop, but what a comment says is the handler's."""

    def __init__(
        self, host: TaskRunHost, session: Session, task: Task, pool: SlotPool, registration: Registration
    ) -> None:
        self._host = host
        self.session = session
        """Where its messages go while that session lives."""
        self.task = task
        self.key = task.task_token
        self.pool = pool
        self.registration = registration
        self.input_text = task.input
        self.outcome: TaskOutcome | None = None
        self.outcome_sent_at = 0.0
        """When the outcome was last sent, by `time.monotonic()`; 0: not yet."""
        self.retries = 0
        """How often the server asked for the outcome again."""
        self.cancel_reason: TaskCancelReason | None = None
        self.handler_task: asyncio.Task[None] | None = None
        """The handler, if it is a coroutine; of its own loop."""
        self._details = ""
        self._progress = 0.0
        self._is_beat_asked = False
        self._cancelled_event: threading.Event | None = None
        self._beat_sent_at = -math.inf
        self._beat_timer: asyncio.TimerHandle | None = None
        self._deadline_timer: asyncio.TimerHandle | None = None
        self._heartbeat = seconds_of(task.heartbeat_timeout) if task.HasField("heartbeat_timeout") else math.inf
        self._beat_interval = self._heartbeat / 3 if registration.auto_heartbeat else math.inf

    @property
    def is_running(self) -> bool:
        """The handler has not come to its end."""
        return self.outcome is None

    @property
    def is_lost(self) -> bool:
        """Another attempt owns the task, or nobody: its result is worth nothing."""
        return self.cancel_reason == "LEASE_LOST"

    def watch(self) -> None:
        """From now on it beats, and its deadline counts."""
        self._beat_in(self._beat_interval)
        if self.task.HasField("deadline"):
            left = unix_seconds(self.task.deadline) - self._host.server_clock_offset - time.monotonic()
            self._deadline_timer = self._host.loop.call_later(max(0.0, left), self.cancel, "TASK_TIMED_OUT")

    def unwatch(self) -> None:
        """The handler is over: nothing is due any more."""
        for timer in (self._beat_timer, self._deadline_timer):
            if timer is not None:
                timer.cancel()
        self._beat_timer = self._deadline_timer = None

    def cancel(self, reason: TaskCancelReason) -> None:
        """Tells the handler to stop; what it returns all the same is reported, except for a lost lease."""
        if self.cancel_reason is not None and reason != "LEASE_LOST":
            return
        is_told = self.cancel_reason is not None
        self.cancel_reason = reason
        if self._cancelled_event is not None:
            self._cancelled_event.set()
        if not is_told and self.is_running:
            self._host.on_cancelled(self)

    def beat_soon(self) -> None:
        """The next beat goes out at once: after a reconnect the server has missed some."""
        if self._beat_interval < math.inf:
            self._beat()

    def beat_message(self) -> TaskHeartbeat:
        """What the handler said last."""
        return TaskHeartbeat(task_token=self.key, details=self._details, progress=self._progress)

    def on_heartbeat(self) -> None:
        """The handler has asked for a beat: now, or when the least gap is over."""
        self._is_beat_asked = False
        if not self.is_running:
            return
        at = self._beat_sent_at + min(_BEAT_GAP_MAX, self._heartbeat / 3)
        left = at - time.monotonic()
        if left <= 0:
            self._beat()
        elif self._beat_timer is None or self._host.loop.time() + left < self._beat_timer.when():
            self._beat_in(left)

    # ---- for the handler, on its thread

    def heartbeat(self, details: Any, progress: float | None) -> None:
        """Takes what the handler says; it is sent with the next beat."""
        if details is not None:
            self._details = to_json_text(details)
        if progress is not None:
            self._progress = progress
        if not self._is_beat_asked:
            self._is_beat_asked = True
            self._host.on_heartbeat(self)

    def cancelled_event(self) -> threading.Event:
        """Set once the result is no longer wanted; made when a handler first asks for it, as most never do."""
        if self._cancelled_event is None:
            self._cancelled_event = threading.Event()
        if self.cancel_reason is not None:
            self._cancelled_event.set()
        return self._cancelled_event

    def _beat(self) -> None:
        self._beat_sent_at = time.monotonic()
        self._beat_in(self._beat_interval)
        self._host.on_beat(self)

    def _beat_in(self, seconds: float) -> None:
        if self._beat_timer is not None:
            self._beat_timer.cancel()
        self._beat_timer = None if seconds == math.inf else self._host.loop.call_later(seconds, self._beat)
