"""The calls about batches."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping, Sequence
from typing import Any

from ._batch import Batch, BatchItem, BatchUpdate, FailurePolicy, batch_item_of, batch_of, watch_batch
from ._client_base import ClientBase
from ._filters import ExecutionFilter, execution_filter
from ._io import iterate_on_io, on_io
from ._json import to_json_text
from ._watch import Payloads, payload_view
from .v1 import batch_service_pb2 as pb
from .v1.common_pb2 import ErrorValue
from .v1.execution_service_pb2 import RedriveExecutionRequest, StopExecutionRequest

_CHUNK_ITEMS_MAX = 1_000
"""Items that one call takes."""
_CHUNK_CHARS_MAX = 1024 * 1024
"""Characters of them, about: a message may have 4 MiB."""

Inputs = Iterable[Any] | AsyncIterable[Any]
BatchExecutions = Sequence[str] | ExecutionFilter
"""Executions by id, ARN or `machine/name`, or those that a filter finds when the batch is created."""


class BatchClient(ClientBase):
    """The part of a client that makes many executions one.

    All of `create_batch`, `create_stop_batch` and `create_redrive_batch` take, where not said otherwise: `name`, unique
    among open batches; `max_concurrency`, most items under way at a time (0: 100); `micro_batch_size`, items that the
    failure policy judges together (0: 1,000); `stop_on_error`: the first item that fails ends the batch; `dry_run`:
    count only.
    """

    async def create_batch(
        self,
        state_machine: str,
        inputs: Inputs | None = None,
        *,
        name: str = "",
        name_prefix: str = "",
        labels: Mapping[str, str] | None = None,
        max_concurrency: int = 0,
        micro_batch_size: int = 0,
        stop_on_error: bool = False,
        failure_policy: FailurePolicy | None = None,
        dry_run: bool = False,
        timeout: float | None = None,
    ) -> Batch:
        """Creates a batch of executions and sends its inputs.

        Once it returns all of them are kept, and the batch runs on whatever becomes of this process. Repeats itself
        safely.

        Args:
            state_machine: Bare name, `name:version`, `name:alias` or ARN.
            inputs: One for each execution, read as they are sent. `None`: the batch waits (LOADING) for
                `add_batch_items`.
            name: Unique among open batches; default its id.
            name_prefix: Names are `<name_prefix>-<index>`; default the batch's id. Under the same prefix nothing starts
                twice.
            labels: Put on every execution.
            max_concurrency: Most items under way at a time; 0: 100.
            micro_batch_size: Items that the failure policy judges together; 0: 1,000.
            stop_on_error: The first item that fails ends the batch. What has begun goes on to its end.
            failure_policy: When to pause, and when to fail; default never.
            dry_run: Count only.
            timeout: Seconds for each call.

        Raises:
            PawlError: FAILED_PRECONDITION while another batch of this name is open.
        """
        start = pb.StartItems(state_machine=state_machine, name_prefix=name_prefix, labels=labels)
        batch = pb.Batch(
            name=name,
            operation=pb.BatchOperation(start=start),
            max_concurrency=max_concurrency,
            micro_batch_size=micro_batch_size,
            stop_on_error=stop_on_error,
            failure_policy=None if failure_policy is None else failure_policy.message(),
        )
        request = pb.CreateBatchRequest(batch=batch, streamed=True, dry_run=dry_run)
        if inputs is None:
            return await self._create(request, timeout)
        chunks = _chunks_of(inputs)
        first: list[str] = await anext(chunks, [])
        second = await anext(chunks, None)
        if second is None:
            request.inline.CopyFrom(pb.InlineItems(values=first))
            return await self._create(request, timeout)
        created = await self._create(request, timeout)
        if dry_run:
            return created
        return await self._add(created.id, _joined([first, second], chunks), 0, True, timeout)

    async def create_stop_batch(
        self,
        executions: BatchExecutions,
        *,
        error: str = "",
        cause: str = "",
        name: str = "",
        max_concurrency: int = 0,
        stop_on_error: bool = False,
        dry_run: bool = False,
        timeout: float | None = None,
    ) -> Batch:
        """Stops many executions."""
        operation = pb.BatchOperation(stop=StopExecutionRequest(error=ErrorValue(error=error, cause=cause)))
        batch = pb.Batch(name=name, operation=operation, max_concurrency=max_concurrency, stop_on_error=stop_on_error)
        return await self._create(_over(executions, batch, dry_run), timeout)

    async def create_redrive_batch(
        self,
        executions: BatchExecutions,
        *,
        from_state: str = "",
        state_machine: str = "",
        name: str = "",
        max_concurrency: int = 0,
        stop_on_error: bool = False,
        dry_run: bool = False,
        timeout: float | None = None,
    ) -> Batch:
        """Redrives many executions; an item is done when its execution goes on."""
        operation = pb.BatchOperation(
            redrive=RedriveExecutionRequest(from_state=from_state, state_machine=state_machine)
        )
        batch = pb.Batch(name=name, operation=operation, max_concurrency=max_concurrency, stop_on_error=stop_on_error)
        return await self._create(_over(executions, batch, dry_run), timeout)

    async def add_batch_items(
        self,
        batch: str,
        inputs: Inputs,
        *,
        first_index: int = 0,
        more: bool = False,
        timeout: float | None = None,
    ) -> Batch:
        """Adds inputs to a batch that is LOADING; what it has already stays.

        Args:
            batch: The batch's id.
            inputs: Read as they are sent.
            first_index: Of the first of them.
            more: Others will follow; else the batch runs.
            timeout: Seconds for each call.
        """
        return await self._add(batch, _chunks_of(inputs), first_index, not more, timeout)

    async def get_batch(self, batch: str, *, timeout: float | None = None) -> Batch:
        """Reads counters and status."""
        response = await self._call(lambda stubs: stubs.batches.GetBatch, pb.GetBatchRequest(batch=batch), timeout)
        return batch_of(response.batch)

    def list_batches(self, *, page_size: int = 50, limit: int | None = None) -> AsyncGenerator[Batch, None]:
        """Newest first."""
        return self._list(
            lambda stubs: stubs.batches.ListBatches,
            lambda page: pb.ListBatchesRequest(page=page),
            lambda response: map(batch_of, response.batches),
            page_size=page_size,
            limit=limit,
        )

    def list_batch_items(
        self, batch: str, *, payloads: Payloads = "NONE", page_size: int = 50, limit: int | None = None
    ) -> AsyncGenerator[BatchItem, None]:
        """In the order of their index."""
        return self._list(
            lambda stubs: stubs.batches.ListBatchItems,
            lambda page: pb.ListBatchItemsRequest(batch=batch, page=page, payload_view=payload_view(payloads)),
            lambda response: map(batch_item_of, response.items),
            page_size=page_size,
            limit=limit,
        )

    def watch_batch(
        self,
        batch: str,
        *,
        items: bool = False,
        from_start: bool = False,
        resume_token: str = "",
        min_interval: float | None = None,
        idle_timeout: float = 45.0,
    ) -> AsyncGenerator[BatchUpdate, None]:
        """Progress, and items if asked for, until the batch has ended; resumes by itself.

        Args:
            batch: The batch's id.
            items: Also every item that begins (RUNNING) and every item that is done, each once and in order.
            from_start: Items from the first one on, not from now on.
            resume_token: Continue after the update that carried this token.
            min_interval: Least seconds between two looks; default 0.5.
            idle_timeout: A stream silent for so many seconds is given up and resumed.
        """
        return iterate_on_io(
            watch_batch(
                self._calls,
                batch,
                items=items,
                from_start=from_start,
                resume_token=resume_token,
                min_interval=min_interval,
                idle_timeout=idle_timeout,
            )
        )

    async def pause_batch(
        self, batch: str, *, operator: str = "", reason: str = "", timeout: float | None = None
    ) -> Batch:
        """Nothing new begins; what has begun goes on. Operator and reason are kept with the batch."""
        request = pb.PauseBatchRequest(batch=batch, operator=operator, reason=reason)
        response = await self._call(lambda stubs: stubs.batches.PauseBatch, request, timeout)
        return batch_of(response.batch)

    async def resume_batch(
        self,
        batch: str,
        *,
        operator: str = "",
        reason: str = "",
        failure_policy: FailurePolicy | None = None,
        reset_window: bool = False,
        timeout: float | None = None,
    ) -> Batch:
        """Goes on. `reset_window`: the failures so far no longer count for the failure policy."""
        request = pb.ResumeBatchRequest(
            batch=batch,
            operator=operator,
            reason=reason,
            failure_policy=None if failure_policy is None else failure_policy.message(),
            reset_window=reset_window,
        )
        response = await self._call(lambda stubs: stubs.batches.ResumeBatch, request, timeout)
        return batch_of(response.batch)

    async def cancel_batch(
        self,
        batch: str,
        *,
        operator: str = "",
        reason: str = "",
        stop_started: bool = False,
        timeout: float | None = None,
    ) -> Batch:
        """Begins nothing more. `stop_started`: what the batch has started and still runs is stopped, too."""
        request = pb.CancelBatchRequest(batch=batch, operator=operator, reason=reason, stop_started=stop_started)
        response = await self._call(lambda stubs: stubs.batches.CancelBatch, request, timeout)
        return batch_of(response.batch)

    async def _create(self, request: pb.CreateBatchRequest, timeout: float | None) -> Batch:
        request.request_id = str(uuid.uuid4())
        response = await self._call(lambda stubs: stubs.batches.CreateBatch, request, timeout)
        return batch_of(response.batch)

    async def _add(
        self,
        batch: str,
        chunks: AsyncIterable[list[str]],
        first_index: int,
        is_last: bool,
        timeout: float | None,
    ) -> Batch:
        index = first_index
        async for values in chunks:
            request = pb.AddBatchItemsRequest(batch=batch, first_index=index, values=values)
            await self._send_items(request, timeout)
            index += len(values)
        return await self._send_items(pb.AddBatchItemsRequest(batch=batch, first_index=index, last=is_last), timeout)

    async def _send_items(self, request: pb.AddBatchItemsRequest, timeout: float | None) -> Batch:
        response = await on_io(self._calls.client_stream(lambda stubs: stubs.batches.AddBatchItems, request, timeout))
        return batch_of(response.batch)


def _over(executions: BatchExecutions, batch: pb.Batch, dry_run: bool) -> pb.CreateBatchRequest:
    if isinstance(executions, Mapping):
        return pb.CreateBatchRequest(batch=batch, filter=execution_filter(executions), dry_run=dry_run)
    return pb.CreateBatchRequest(batch=batch, inline=pb.InlineItems(values=executions), dry_run=dry_run)


async def _chunks_of(inputs: Inputs) -> AsyncGenerator[list[str], None]:
    chunk: list[str] = []
    chars = 0
    async for value in _asynchronous(inputs):
        text = to_json_text(value)
        if chunk and (len(chunk) == _CHUNK_ITEMS_MAX or chars + len(text) > _CHUNK_CHARS_MAX):
            yield chunk
            chunk, chars = [], 0
        chunk.append(text)
        chars += len(text)
    if chunk:
        yield chunk


async def _asynchronous(values: Inputs) -> AsyncGenerator[Any, None]:
    if isinstance(values, AsyncIterable):
        async for value in values:
            yield value
    else:
        for value in values:
            yield value


async def _joined(first: Iterable[list[str]], rest: AsyncIterable[list[str]]) -> AsyncGenerator[list[str], None]:
    for chunk in first:
        yield chunk
    async for chunk in rest:
        yield chunk
