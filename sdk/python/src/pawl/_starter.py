"""Many starts over one stream."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

import grpc
import grpc.aio

from ._backoff import Backoff
from ._batch_items import asynchronous
from ._channel import Channel
from ._errors import PawlError
from ._execution import Execution, execution_of
from ._io import io_loop, on_io
from ._resumed import PASSING_CODES
from ._retry import retry_delay
from ._start_execution import StartExecution, start_request_of
from ._status import to_pawl_error
from ._wire import optional_seconds
from .v1 import execution_service_pb2 as pb

_STARTS_PER_MESSAGE_MAX = 100
_MESSAGE_CHARS_MAX = 512 * 1024
"""Keeps each message far below the 4 MiB it may have."""

_FAILURES_MAX = 20
_PASSING_FAILURES_MAX = 5
"""Consecutive streams without an answer, before all that is open fails."""

Result = TypeVar("Result")

_CODE_NAMES: dict[int, str] = {code.value[0]: code.name for code in grpc.StatusCode}


class Started:
    """A start that is durable."""

    def __init__(self, execution: Execution, created: bool, end: asyncio.Future[Execution]) -> None:
        self.execution = execution
        self.created = created
        """False: an execution of that name and input was there already."""
        self._end = end

    async def result(self) -> Execution:
        """The closed execution (its output, not its input), whatever its status.

        Raises:
            PawlError: The starter was closed first, or was made without `follow`.
        """
        return await on_io(_shielded(self._end))


class Starter:
    """Many starts over one stream: a small part of the cost of a call each, and their ends come back on it.

    Starts that are given together travel in one message. When the stream breaks it is opened again and what has no
    answer yet is sent again, under the same names, so that nothing starts twice.
    """

    def __init__(self, channel: Channel, *, max_in_flight: int, follow: bool) -> None:
        self._core = _StarterCore(channel, max_in_flight, follow)

    async def start(self, request: StartExecution) -> Started:
        """Returns once the start is durable.

        Raises:
            PawlError: It was refused.
        """
        return await on_io(self._core.start(start_request_of(request)))

    async def close(self) -> None:
        """Waits for what is open, followed executions included, and ends the stream."""
        await on_io(self._core.close())

    async def abort(self) -> None:
        """Ends the stream at once: open starts fail with CANCELLED, though they may have been made."""
        await on_io(self._core.abort())

    async def __aenter__(self) -> Starter:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await (self.close() if error is None else self.abort())


@dataclass(frozen=True, slots=True)
class StartOutcome:
    """What became of one of many starts: `started` or `error` is set."""

    index: int
    """Of the request, from 0."""
    request: StartExecution
    started: Started | None
    error: PawlError | None


async def start_executions(
    starter: Starter, requests: Iterable[StartExecution] | AsyncIterable[StartExecution], max_in_flight: int
) -> AsyncGenerator[StartOutcome, None]:
    """Starts whatever the source yields and yields each outcome as it comes, in any order.

    A refused start is an outcome, not an exception. The source is read no faster than outcomes are consumed.
    """
    outcomes: asyncio.Queue[StartOutcome | None] = asyncio.Queue()
    slots = asyncio.Semaphore(max_in_flight)
    starts: set[asyncio.Task[None]] = set()

    async def start(index: int, request: StartExecution) -> None:
        try:
            outcomes.put_nowait(StartOutcome(index, request, await starter.start(request), None))
        except PawlError as error:
            outcomes.put_nowait(StartOutcome(index, request, None, error))
        except (TypeError, ValueError) as error:
            refusal = PawlError("INVALID_ARGUMENT", str(error))
            outcomes.put_nowait(StartOutcome(index, request, None, refusal))

    async def pump() -> None:
        try:
            index = 0
            async for request in asynchronous(requests):
                await slots.acquire()
                task = asyncio.create_task(start(index, request))
                starts.add(task)
                task.add_done_callback(starts.discard)
                index += 1
            if starts:
                await asyncio.wait(starts)
        finally:
            outcomes.put_nowait(None)

    pumping = asyncio.create_task(pump())
    try:
        while (outcome := await outcomes.get()) is not None:
            slots.release()
            yield outcome
        await pumping
    finally:
        for task in (pumping, *starts):
            task.cancel()


class _Open:
    """A start without an answer, or one whose execution is followed."""

    def __init__(self, message: pb.StartExecutionsRequest.Start) -> None:
        loop = asyncio.get_running_loop()
        self.message = message
        self.answer: asyncio.Future[Started] = loop.create_future()
        self.end: asyncio.Future[Execution] = loop.create_future()
        for future in (self.answer, self.end):
            # Nobody has to wait for either.
            future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.is_started = False

    def fail(self, error: PawlError) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)
        if not self.end.done():
            self.end.set_exception(error)


class _StarterCore:
    """A starter, on the I/O loop."""

    def __init__(self, channel: Channel, max_in_flight: int, follow: bool) -> None:
        self._channel = channel
        self._max_in_flight = max_in_flight
        self._follow = follow
        self._open: dict[int, _Open] = {}
        self._queue: deque[_Open] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._unanswered = 0
        self._sequence = 0
        self._backoff = Backoff(0.05, 5.0)
        self._failures = 0
        self._is_closed = False
        self._something_to_send = asyncio.Event()
        self._idle = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def start(self, request: pb.StartExecutionRequest) -> Started:
        while self._unanswered >= self._max_in_flight and not self._is_closed:
            turn: asyncio.Future[None] = io_loop().create_future()
            self._waiting.append(turn)
            await turn
        if self._is_closed:
            raise _closed_error()
        self._unanswered += 1
        self._sequence += 1
        message = pb.StartExecutionsRequest.Start(sequence=self._sequence, request=request, follow=self._follow)
        started = self._open[self._sequence] = _Open(message)
        self._idle.clear()
        self._send(started)
        if self._running is None:
            self._running = asyncio.ensure_future(self._run())
        return await _shielded(started.answer)

    async def close(self) -> None:
        if self._open:
            await self._idle.wait()
        await self.abort()

    async def abort(self) -> None:
        self._is_closed = True
        self._fail_all(_closed_error())
        while self._waiting:
            _wake(self._waiting.popleft())
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])
            self._running = None

    def _send(self, started: _Open) -> None:
        self._queue.append(started)
        self._something_to_send.set()

    async def _run(self) -> None:
        """One stream after the other, for as long as there is something to say or to hear."""
        while True:
            await self._something_to_send.wait()
            error = await self._stream()
            self._failures += 1
            delay = retry_delay(error, self._backoff)
            is_passing = error.code in PASSING_CODES and not self._channel.is_closed
            if delay is None and is_passing and self._failures < _PASSING_FAILURES_MAX:
                delay = self._backoff.next()
            if delay is None or self._failures > _FAILURES_MAX:
                self._fail_all(error)
                self._failures = 0
                continue
            await asyncio.sleep(delay)
            self._queue = deque(_again(started) for started in self._open.values())
            if self._queue:
                self._something_to_send.set()

    async def _stream(self) -> PawlError:
        """Returns what the stream broke with."""
        try:
            connection = self._channel.connection()
        except PawlError as error:
            return error
        stream = connection.executions.StartExecutions(metadata=self._channel.metadata())
        writer = asyncio.ensure_future(self._write(stream))
        try:
            async for response in stream:
                self._failures = 0
                self._backoff.reset()
                for outcome in response.outcomes:
                    self._on_outcome(outcome)
            return PawlError("UNAVAILABLE", "the server ended the stream")
        except grpc.aio.AioRpcError as error:
            return to_pawl_error(error)
        except asyncio.CancelledError:
            if self._channel.is_closed:
                return PawlError("CANCELLED", "the client was closed")
            raise
        finally:
            writer.cancel()
            stream.cancel()

    async def _write(
        self, stream: grpc.aio.StreamStreamCall[pb.StartExecutionsRequest, pb.StartExecutionsResponse]
    ) -> None:
        try:
            while True:
                await self._something_to_send.wait()
                self._something_to_send.clear()
                while self._queue:
                    await stream.write(pb.StartExecutionsRequest(starts=_next_chunk(self._queue)))
        except (grpc.aio.AioRpcError, grpc.aio.UsageError, asyncio.InvalidStateError):
            # The reader learns the status.
            return

    def _on_outcome(self, outcome: pb.StartExecutionsResponse.Outcome) -> None:
        started = self._open.get(outcome.sequence)
        if started is None:
            return
        match outcome.WhichOneof("result"):
            case "response":
                self._on_started(started, outcome.response)
            case "error":
                self._on_refused(started, outcome.error)
            case "ended":
                if not started.end.done():
                    started.end.set_result(execution_of(outcome.ended))
                self._forget(started)
            case _:
                pass

    def _on_started(self, started: _Open, response: pb.StartExecutionResponse) -> None:
        if started.is_started:
            return
        started.is_started = True
        self._release()
        if not self._follow:
            text = "the starter was made without follow: it learns no results"
            started.end.set_exception(PawlError("FAILED_PRECONDITION", text))
            self._forget(started)
        if not started.answer.done():
            execution = execution_of(response.execution)
            started.answer.set_result(Started(execution, response.created, started.end))

    def _on_refused(self, started: _Open, error: pb.StartError) -> None:
        refusal = PawlError(
            _CODE_NAMES.get(error.code, "UNKNOWN"),
            error.message,
            reason=error.reason,
            metadata=dict(error.metadata),
            retry_after=optional_seconds(error, "retry_after"),
        )
        delay = retry_delay(refusal, self._backoff) if refusal.retry_after is not None else None
        if delay is not None:
            # Too many at once, or the database is away: the server says when to try again.
            io_loop().call_later(delay, self._send_again, started)
            return
        if not started.is_started:
            self._release()
        started.fail(refusal)
        self._forget(started)

    def _send_again(self, started: _Open) -> None:
        if self._open.get(started.message.sequence) is started:
            self._send(started)

    def _fail_all(self, error: PawlError) -> None:
        for started in list(self._open.values()):
            if not started.is_started:
                self._release()
            started.fail(error)
            self._forget(started)
        self._queue.clear()
        self._something_to_send.clear()

    def _forget(self, started: _Open) -> None:
        self._open.pop(started.message.sequence, None)
        if not self._open:
            self._idle.set()

    def _release(self) -> None:
        self._unanswered -= 1
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft()
        if self._waiting:
            _wake(self._waiting.popleft())


def _next_chunk(queue: deque[_Open]) -> list[pb.StartExecutionsRequest.Start]:
    starts: list[pb.StartExecutionsRequest.Start] = []
    chars = 0
    while queue and len(starts) < _STARTS_PER_MESSAGE_MAX:
        chars += len(queue[0].message.request.input)
        if starts and chars > _MESSAGE_CHARS_MAX:
            break
        starts.append(queue.popleft().message)
    return starts


def _again(started: _Open) -> _Open:
    """A start whose answer came is only followed again: its execution may have closed meanwhile."""
    if started.is_started:
        policy = pb.NameConflictPolicy.NAME_CONFLICT_POLICY_USE_EXISTING
        started.message.request.conflict_policy = policy
    return started


def _wake(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)


def _closed_error() -> PawlError:
    return PawlError("CANCELLED", "the starter was closed")


async def _shielded(future: asyncio.Future[Result]) -> Result:
    return await asyncio.shield(future)
