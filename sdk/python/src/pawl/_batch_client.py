"""The calls about batches."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, AsyncIterable, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

from typing_extensions import Unpack

from ._batch import Batch, BatchItem, BatchUpdate, FailurePolicy, batch_item_of, batch_of, watch_batch
from ._batch_items import Inputs, asynchronous, chunks_of, joined, texts_of
from ._client_base import ClientBase
from ._filters import BatchFilter, ExecutionFilter, batch_filter, execution_filter
from ._io import iterate_on_io, on_io
from ._start_execution import ChainSource, chain_of
from ._watch import Payloads, payload_view
from .v1 import batch_service_pb2 as pb
from .v1.common_pb2 import ErrorValue
from .v1.execution_service_pb2 import RedriveExecutionRequest, StopExecutionRequest

BatchExecutions = Sequence[str] | ExecutionFilter
"""Executions by id, ARN or `machine/name`, or those that a filter finds when the batch is created, newest first."""


class BatchSettings(TypedDict, total=False):
    """How a batch goes about it."""

    name: str
    """Unique among open batches; default its id."""
    max_concurrency: int
    """Most items under way at a time; default (and 0): 100."""
    micro_batch_size: int
    """Items that the failure policy judges together; default (and 0): 1,000."""
    stop_on_error: bool
    """The first item that fails ends the batch. What has begun goes on to its end."""
    failure_policy: FailurePolicy
    """When to pause, and when to fail; default never."""
    dry_run: bool
    """Check and count the items, and do nothing."""
    timeout: float
    """Seconds for each call."""


class BatchClient(ClientBase):
    """The part of a client that makes many executions one."""

    async def create_batch(
        self,
        state_machine: str,
        inputs: Inputs | None = None,
        *,
        name_prefix: str = "",
        labels: Mapping[str, str] | None = None,
        **settings: Unpack[BatchSettings],
    ) -> Batch:
        """Creates a batch of executions and sends its inputs.

        Once it returns all of them are kept, and the batch runs on whatever becomes of this process. Repeats itself
        safely.

        Args:
            state_machine: Bare name, `name:version`, `name:alias` or ARN.
            inputs: One for each execution, read as they are sent. `None`: the batch waits (LOADING) for
                `add_batch_items`.
            name_prefix: Names are `<name_prefix>-<index>`; default the batch's id. Under the same prefix nothing starts
                twice.
            labels: Put on every execution.
            settings: See `BatchSettings`.

        Raises:
            PawlError: FAILED_PRECONDITION while another batch of this name is open.
        """
        start = pb.StartItems(state_machine=state_machine, name_prefix=name_prefix, labels=labels)
        request = _request(pb.BatchOperation(start=start), settings)
        if inputs is None:
            request.streamed = True
            return await self._create(request, settings)
        return await self._create_with(request, texts_of(inputs), settings)

    async def create_chain_batch(
        self,
        state_machine: str,
        executions: BatchExecutions,
        *,
        state: str = "",
        jsonata: str | None = None,
        resource: str | None = None,
        wait_for_source: bool = False,
        unique: bool = False,
        name_prefix: str = "",
        **settings: Unpack[BatchSettings],
    ) -> Batch:
        """Starts one execution for each of others, with their output as its input.

        Args:
            state_machine: What is started: bare name, `name:version`, `name:alias` or ARN.
            executions: The sources.
            state: As in `ChainSource`; so are `jsonata`, `resource`, `wait_for_source` and `unique`.
            jsonata: Makes the input of the output.
            resource: Instead of `jsonata`: a name that workers serve.
            wait_for_source: While a source runs, wait until it closes.
            unique: What was chained before is SKIPPED.
            name_prefix: Names are `<name_prefix>-<index>`; default the batch's id.
            settings: See `BatchSettings`.
        """
        source = ChainSource("", state, jsonata, resource, wait_for_source, unique)
        chain = pb.ChainItems(state_machine=state_machine, name_prefix=name_prefix, source=chain_of(source))
        return await self._create_over(executions, pb.BatchOperation(chain=chain), settings)

    async def create_stop_batch(
        self,
        executions: BatchExecutions,
        *,
        error: str = "",
        cause: str = "",
        **settings: Unpack[BatchSettings],
    ) -> Batch:
        """Stops many executions. For `settings` see `BatchSettings`."""
        stop = StopExecutionRequest(error=ErrorValue(error=error, cause=cause))
        return await self._create_over(executions, pb.BatchOperation(stop=stop), settings)

    async def create_redrive_batch(
        self,
        executions: BatchExecutions,
        *,
        from_state: str = "",
        state_machine: str = "",
        **settings: Unpack[BatchSettings],
    ) -> Batch:
        """Redrives many executions; an item is done when its execution goes on. For `settings` see `BatchSettings`."""
        redrive = RedriveExecutionRequest(from_state=from_state, state_machine=state_machine)
        return await self._create_over(executions, pb.BatchOperation(redrive=redrive), settings)

    async def create_delete_batch(self, executions: BatchExecutions, **settings: Unpack[BatchSettings]) -> Batch:
        """Deletes executions that have closed, with their history. For `settings` see `BatchSettings`."""
        return await self._create_over(executions, pb.BatchOperation(delete=pb.DeleteItems()), settings)

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
        return await self._add(batch, chunks_of(texts_of(inputs)), first_index, not more, timeout)

    async def get_batch(self, batch: str, *, timeout: float | None = None) -> Batch:
        """Reads counters and status."""
        response = await self._call(lambda stubs: stubs.batches.GetBatch, pb.GetBatchRequest(batch=batch), timeout)
        return batch_of(response.batch)

    def list_batches(
        self, *, page_size: int = 50, limit: int | None = None, **by: Unpack[BatchFilter]
    ) -> AsyncGenerator[Batch, None]:
        """Newest first."""
        return self._list(
            lambda stubs: stubs.batches.ListBatches,
            lambda page: pb.ListBatchesRequest(page=page),
            lambda response: map(batch_of, response.batches),
            page_size=page_size,
            limit=limit,
            filter=batch_filter(by),
        )

    def list_batch_items(
        self,
        batch: str,
        *,
        status: str | None = None,
        payloads: Payloads = "NONE",
        page_size: int = 50,
        limit: int | None = None,
    ) -> AsyncGenerator[BatchItem, None]:
        """In the order of their index; all, or those of one status."""
        return self._list(
            lambda stubs: stubs.batches.ListBatchItems,
            lambda page: pb.ListBatchItemsRequest(batch=batch, page=page, payload_view=payload_view(payloads)),
            lambda response: map(batch_item_of, response.items),
            page_size=page_size,
            limit=limit,
            filter="" if status is None else f"status = {status}",
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

    async def _create_over(
        self, executions: BatchExecutions, operation: pb.BatchOperation, settings: BatchSettings
    ) -> Batch:
        request = _request(operation, settings)
        if isinstance(executions, Mapping):
            request.filter = execution_filter(executions)
            return await self._create(request, settings)
        return await self._create_with(request, asynchronous(executions), settings)

    async def _create_with(
        self, request: pb.CreateBatchRequest, texts: AsyncIterable[str], settings: BatchSettings
    ) -> Batch:
        """Few items go with the request, many after it."""
        chunks = chunks_of(texts)
        first: list[str] = await anext(chunks, [])
        second = await anext(chunks, None)
        if second is None:
            request.inline.values.extend(first)
            request.inline.SetInParent()
            return await self._create(request, settings)
        every = joined([first, second], chunks)
        if request.dry_run:
            return await self._try_all(request, every, settings)
        request.streamed = True
        created = await self._create(request, settings)
        return await self._add(created.id, every, 0, True, settings.get("timeout"))

    async def _try_all(
        self, request: pb.CreateBatchRequest, chunks: AsyncIterable[list[str]], settings: BatchSettings
    ) -> Batch:
        total = 0
        async for values in chunks:
            request.inline.CopyFrom(pb.InlineItems(values=values))
            tried = await self._create(request, settings)
            total += len(values)
        return replace(tried, counts=replace(tried.counts, total=total, pending=total))

    async def _create(self, request: pb.CreateBatchRequest, settings: BatchSettings) -> Batch:
        request.request_id = str(uuid.uuid4())
        response = await self._call(lambda stubs: stubs.batches.CreateBatch, request, settings.get("timeout"))
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


def _request(operation: pb.BatchOperation, settings: BatchSettings) -> pb.CreateBatchRequest:
    policy = settings.get("failure_policy")
    batch = pb.Batch(
        name=settings.get("name", ""),
        operation=operation,
        max_concurrency=settings.get("max_concurrency", 0),
        micro_batch_size=settings.get("micro_batch_size", 0),
        stop_on_error=settings.get("stop_on_error", False),
        failure_policy=None if policy is None else policy.message(),
    )
    return pb.CreateBatchRequest(batch=batch, dry_run=settings.get("dry_run", False))
