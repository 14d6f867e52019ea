"""The calls about executions."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from typing import Any

from typing_extensions import Unpack

from ._client_base import ClientBase
from ._errors import PawlError
from ._execution import Execution, ExecutionEvent, StartedExecution, execution_event_of, execution_of
from ._filters import (
    ExecutionFilter,
    ExecutionLinkFilter,
    execution_filter,
    link_filter,
)
from ._io import iterate_on_io
from ._json import EMPTY_OBJECT, to_json_text
from ._records import (
    ExecutionCount,
    ExecutionLink,
    StatisticsRow,
    execution_link_of,
    statistics_row_of,
)
from ._start_execution import ChainSource, ConflictPolicy, StartExecution, start_request_of
from ._watch import ExecutionUpdate, Payloads, payload_view, watch_execution
from ._wire import duration_of, timestamp_of
from .v1 import execution_service_pb2 as pb
from .v1.common_pb2 import ErrorValue, PayloadView


class ExecutionClient(ClientBase):
    """The part of a client that starts, watches, changes and finds executions.

    `timeout` is seconds, retries included; `None` means the client's own.
    """

    async def start_execution(
        self,
        state_machine: str,
        input: Any = EMPTY_OBJECT,  # noqa: A002 - ASL's word
        *,
        name: str | None = None,
        chain: ChainSource | None = None,
        labels: Mapping[str, str] | None = None,
        conflict_policy: ConflictPolicy = "SFN",
        traceparent: str | None = None,
        timeout: float | None = None,
    ) -> StartedExecution:
        """Starts an execution; once it returns the start is durable. Repeats itself safely.

        Args:
            state_machine: Name or ARN; `orders:7` is a version, `orders:live` an alias.
            input: Any JSON value, or a `JsonText`.
            name: Unique per state machine; default a random one.
            chain: Another execution's output instead of `input`.
            labels: Searchable.
            conflict_policy: What a name that is taken means.
            traceparent: W3C trace context, handed to the workers. Default in a handler: its task's.
            timeout: Seconds.
        """
        start = StartExecution(state_machine, input, name, chain, labels or {}, conflict_policy, traceparent)
        response = await self._call(lambda stubs: stubs.executions.StartExecution, start_request_of(start), timeout)
        return StartedExecution(execution_of(response.execution), response.created)

    async def run_execution(
        self,
        state_machine: str,
        input: Any = EMPTY_OBJECT,  # noqa: A002 - ASL's word
        *,
        name: str | None = None,
        chain: ChainSource | None = None,
        labels: Mapping[str, str] | None = None,
        conflict_policy: ConflictPolicy = "SFN",
        traceparent: str | None = None,
        timeout: float | None = None,
    ) -> Execution:
        """Starts an execution and waits for its end, however long it takes and often the connection breaks.

        Returns a FAILED one too: look at `status`. `timeout` bounds the wait, not the execution; the rest is as in
        `start_execution`.
        """

        async def run() -> Execution:
            started = await self.start_execution(
                state_machine,
                input,
                name=name,
                chain=chain,
                labels=labels,
                conflict_policy=conflict_policy,
                traceparent=traceparent,
                timeout=timeout,
            )
            return await self.wait_for_execution(started.execution.id)

        return await _within(timeout, run())

    async def wait_for_execution(self, execution: str, *, timeout: float | None = None) -> Execution:
        """The closed execution, its output included. `timeout` bounds the wait, not the execution."""

        async def wait() -> Execution:
            updates = self.watch_execution(execution, payloads="FULL", snapshots_only=True)
            try:
                async for update in updates:
                    if update.is_terminal and update.execution is not None:
                        return update.execution
            finally:
                await updates.aclose()
            return await self.get_execution(execution)

        return await _within(timeout, wait())

    def watch_execution(
        self,
        execution: str,
        *,
        resume_token: str = "",
        after_event_id: int = 0,
        payloads: Payloads = "NONE",
        snapshots_only: bool = False,
        idle_timeout: float = 45.0,
    ) -> AsyncGenerator[ExecutionUpdate, None]:
        """A snapshot, then each change once and in order until it has closed; resumes by itself.

        Args:
            execution: Id, ARN, or `state_machine/name`.
            resume_token: Continue after the update that carried this token.
            after_event_id: Instead of a token: replay the history after this event; 1 begins with all of it.
            payloads: How much of the JSON documents to send.
            snapshots_only: Only snapshots of the execution, at most two a second and the last one at once.
            idle_timeout: A stream silent for so many seconds is given up and resumed; the server speaks every 15 s.
        """
        return iterate_on_io(
            watch_execution(
                self._calls,
                execution,
                resume_token=resume_token,
                after_event_id=after_event_id,
                payloads=payloads,
                snapshots_only=snapshots_only,
                idle_timeout=idle_timeout,
            )
        )

    async def get_execution(self, execution: str, *, timeout: float | None = None) -> Execution:
        """Reads one, by id, ARN, or `state_machine/name`."""
        request = pb.GetExecutionRequest(execution=execution, payload_view=PayloadView.PAYLOAD_VIEW_FULL)
        response = await self._call(lambda stubs: stubs.executions.GetExecution, request, timeout)
        return execution_of(response.execution)

    def list_executions(
        self,
        *,
        payloads: Payloads = "NONE",
        page_size: int = 50,
        limit: int | None = None,
        **by: Unpack[ExecutionFilter],
    ) -> AsyncGenerator[Execution, None]:
        """Newest first, each page fetched when it is needed.

        Args:
            payloads: How much of inputs and outputs to send.
            page_size: Items per request, 1 to 1,000.
            limit: Stop after so many items.
            by: Which ones; see `ExecutionFilter`.
        """
        return self._list(
            lambda stubs: stubs.executions.ListExecutions,
            lambda page: pb.ListExecutionsRequest(page=page, payload_view=payload_view(payloads)),
            lambda response: map(execution_of, response.executions),
            page_size=page_size,
            limit=limit,
            filter=execution_filter(by),
        )

    def list_execution_events(
        self,
        execution: str,
        *,
        reverse: bool = False,
        after_event_id: int = 0,
        payloads: Payloads = "FULL",
        page_size: int = 50,
        limit: int | None = None,
    ) -> AsyncGenerator[ExecutionEvent, None]:
        """The history, oldest first unless `reverse`."""
        return self._list(
            lambda stubs: stubs.executions.ListExecutionEvents,
            lambda page: pb.ListExecutionEventsRequest(
                execution=execution,
                page=page,
                reverse=reverse,
                after_event_id=after_event_id,
                payload_view=payload_view(payloads),
            ),
            lambda response: map(execution_event_of, response.events),
            page_size=page_size,
            limit=limit,
        )

    async def count_executions(
        self, *, limit: int = 0, timeout: float | None = None, **by: Unpack[ExecutionFilter]
    ) -> ExecutionCount:
        """How many there are.

        Args:
            limit: Where counting stops for filters that no statistics are kept for (name, labels, end, current state,
                map run, links); 0: 50,000, and 10,000 by links.
            timeout: Seconds.
            by: Which ones; see `ExecutionFilter`.
        """
        request = pb.CountExecutionsRequest(filter=execution_filter(by), limit=limit)
        response = await self._call(lambda stubs: stubs.executions.CountExecutions, request, timeout)
        return ExecutionCount(response.count, response.limited)

    async def get_execution_statistics(
        self,
        *,
        group_by: Sequence[str] = (),
        bucket: float | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        timeout: float | None = None,
        **by: Unpack[ExecutionFilter],
    ) -> list[StatisticsRow]:
        """Counts and durations, by bucket and group, in this order.

        Args:
            group_by: `status`, `state_machine`, `error.error`, `labels.KEY`, `state_name`; at most 4. With `state_name`
                a row is about the visits to a state. It is read from histories, of at most 5,000 executions; by labels,
                250,000.
            bucket: A row for each stretch of so many seconds; default one for all. Whole hours are quickest.
            start_time: Started at this time or later.
            end_time: Started before.
            timeout: Seconds.
            by: Which ones; see `ExecutionFilter`.
        """
        request = pb.GetExecutionStatisticsRequest(
            filter=execution_filter(by),
            group_by=group_by,
            bucket=None if bucket is None else duration_of(bucket),
            start_time=None if start_time is None else timestamp_of(start_time),
            end_time=None if end_time is None else timestamp_of(end_time),
        )
        response = await self._call(lambda stubs: stubs.executions.GetExecutionStatistics, request, timeout)
        return [statistics_row_of(row) for row in response.rows]

    async def stop_execution(
        self, execution: str, *, error: str = "", cause: str = "", timeout: float | None = None
    ) -> Execution:
        """Aborts a running execution and cancels its tasks.

        Raises:
            PawlError: FAILED_PRECONDITION once it has closed.
        """
        request = pb.StopExecutionRequest(
            execution=execution,
            error=ErrorValue(error=error, cause=cause),
            request_id=str(uuid.uuid4()),
        )
        response = await self._call(lambda stubs: stubs.executions.StopExecution, request, timeout)
        return execution_of(response.execution)

    async def pause_execution(
        self, execution: str, *, operator: str = "", reason: str = "", timeout: float | None = None
    ) -> Execution:
        """Begins nothing new until it is resumed; operator and reason are kept in the history.

        What workers have goes on; how it ends is recorded, and what follows from it waits. One that is paused stays as
        it is.

        Raises:
            PawlError: FAILED_PRECONDITION when it has closed.
        """
        request = pb.PauseExecutionRequest(execution=execution, operator=operator, reason=reason)
        response = await self._call(lambda stubs: stubs.executions.PauseExecution, request, timeout)
        return execution_of(response.execution)

    async def resume_execution(
        self, execution: str, *, operator: str = "", reason: str = "", timeout: float | None = None
    ) -> Execution:
        """Has a paused execution go on exactly where it stood; one that is not paused stays as it is.

        Raises:
            PawlError: FAILED_PRECONDITION when it has closed.
        """
        request = pb.ResumeExecutionRequest(execution=execution, operator=operator, reason=reason)
        response = await self._call(lambda stubs: stubs.executions.ResumeExecution, request, timeout)
        return execution_of(response.execution)

    async def redrive_execution(
        self,
        execution: str,
        *,
        from_state: str = "",
        input: Any = None,  # noqa: A002 - ASL's word
        state_machine: str = "",
        timeout: float | None = None,
    ) -> Execution:
        """A FAILED, TIMED_OUT or ABORTED execution goes on from where it stood, under its id and with its input.

        Args:
            execution: Id, ARN, or `state_machine/name`.
            from_state: The state to enter anew, outside any Parallel or Map; default whatever did not succeed.
            input: What this state, or the one that failed, is entered with; `None`: what it was given before.
            state_machine: Go on with the present definition of this reference to its state machine.
            timeout: Seconds.

        Raises:
            PawlError: FAILED_PRECONDITION when it can not be redriven; `redrive_reason` says why.
        """
        request = pb.RedriveExecutionRequest(
            execution=execution,
            from_state=from_state,
            input_override="" if input is None else to_json_text(input),
            state_machine=state_machine,
            request_id=str(uuid.uuid4()),
        )
        response = await self._call(lambda stubs: stubs.executions.RedriveExecution, request, timeout)
        return execution_of(response.execution)

    async def delete_execution(self, execution: str, *, timeout: float | None = None) -> Execution:
        """Removes a closed execution with its history; its name can be used again.

        Raises:
            PawlError: FAILED_PRECONDITION while it runs; NOT_FOUND also when an earlier try has removed it.
        """
        request = pb.DeleteExecutionRequest(execution=execution)
        response = await self._call(lambda stubs: stubs.executions.DeleteExecution, request, timeout)
        return execution_of(response.execution)

    def list_execution_links(
        self, *, page_size: int = 50, limit: int | None = None, **by: Unpack[ExecutionLinkFilter]
    ) -> AsyncGenerator[ExecutionLink, None]:
        """Which execution's output became which one's input, newest first."""
        return self._list(
            lambda stubs: stubs.executions.ListExecutionLinks,
            lambda page: pb.ListExecutionLinksRequest(page=page),
            lambda response: map(execution_link_of, response.links),
            page_size=page_size,
            limit=limit,
            filter=link_filter(by),
        )

    async def count_execution_links(
        self, *, limit: int = 0, timeout: float | None = None, **by: Unpack[ExecutionLinkFilter]
    ) -> ExecutionCount:
        """How many links there are.

        Args:
            limit: Where counting stops; 0: 50,000, and 10,000 by the source's status.
            timeout: Seconds.
            by: Which ones; see `ExecutionLinkFilter`.
        """
        request = pb.CountExecutionLinksRequest(filter=link_filter(by), limit=limit)
        response = await self._call(lambda stubs: stubs.executions.CountExecutionLinks, request, timeout)
        return ExecutionCount(response.count, response.limited)


async def _within(timeout: float | None, work: Any) -> Execution:
    try:
        execution: Execution = await asyncio.wait_for(work, timeout)
    except asyncio.TimeoutError:
        raise PawlError("DEADLINE_EXCEEDED", "the caller's time limit has passed") from None
    return execution
