"""Batches and their items."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ._calls import Calls
from ._execution import ExecutionError, optional_error
from ._json import parse_json_text
from ._resumed import resumed
from ._wire import EnumNames, duration_of, optional_seconds, optional_time
from .v1 import batch_service_pb2 as pb

_status_names = EnumNames(pb.BatchStatus)


@dataclass(frozen=True, slots=True)
class FailurePolicy:
    """When a batch pauses, and when it fails. Rates are shares of failures, 0 to 1."""

    severe_rate: float = 0.0
    """From this share of the last items the batch is FAILED; 0: 0.5."""
    soft_rate: float = 0.0
    """From this mean share in the last micro-batches it is PAUSED; 0: 0.2."""
    window_items: int = 0
    """The last items that count; 0: 500."""
    window_micro_batches: int = 0
    """The last micro-batches that count; 0: 5."""

    def message(self) -> pb.FailurePolicy:
        """As the wire has it."""
        return pb.FailurePolicy(
            window_items=self.window_items,
            severe_rate=self.severe_rate,
            window_micro_batches=self.window_micro_batches,
            soft_rate=self.soft_rate,
        )


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """Progress of a batch."""

    total: int
    pending: int
    running: int
    succeeded: int
    failed: int
    skipped: int
    """Started or uniquely chained already, or it can not be stopped, redriven or deleted any more."""
    recent_failure_rate: float
    rolling_failure_rate: float
    items_per_second: float
    estimated_remaining: float | None
    """Seconds, at the present rate; `None` while unknown."""


@dataclass(frozen=True, slots=True)
class BatchAction:
    """Who paused, resumed or cancelled a batch."""

    operator: str
    reason: str
    time: datetime | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Many executions as one."""

    id: str
    """Empty: a dry run."""
    name: str
    status: str
    """`LOADING`, `RUNNING`, `PAUSED`, `SUCCEEDED`, `FAILED`, `CANCELLED` or `COMPLETED_WITH_FAILURES`."""
    status_reason: str
    """Why it was paused, cancelled or has failed."""
    max_concurrency: int
    micro_batch_size: int
    stop_on_error: bool
    filter: str
    counts: BatchCounts
    create_time: datetime | None
    end_time: datetime | None
    """`None` while anything of it goes on, whatever its status."""
    last_action: BatchAction | None


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One of a batch."""

    index: int
    """From 0."""
    status: str
    """`PENDING`, `RUNNING`, `SUCCEEDED`, `FAILED` or `SKIPPED`."""
    source: str
    """The execution that it was about, if it was given one."""
    execution: str
    """Id of the execution; empty: there is none."""
    error: ExecutionError | None
    output_text: str
    """Only from `list_batch_items` with `payloads`."""
    output_truncated: bool

    @property
    def output(self) -> Any:
        """`output_text` parsed; `None` when it was not asked for, or cut off."""
        return None if self.output_truncated else parse_json_text(self.output_text)


@dataclass(frozen=True, slots=True)
class BatchUpdate:
    """What happens to a batch: `batch` (progress) or `item` is set."""

    batch: Batch | None
    item: BatchItem | None
    is_terminal: bool
    """The last one."""
    resume_token: str
    """Continues after this update."""


async def watch_batch(
    calls: Calls,
    batch: str,
    *,
    items: bool,
    from_start: bool,
    resume_token: str,
    min_interval: float | None,
    idle_timeout: float,
) -> AsyncGenerator[BatchUpdate, None]:
    """What happens until the batch has ended, over as many streams as it takes, without gap."""
    token = resume_token

    def open_stream() -> AsyncGenerator[pb.WatchBatchResponse, None]:
        request = pb.WatchBatchRequest(
            batch=batch,
            resume_token=token,
            include_items=items,
            from_start=from_start,
            min_interval=None if min_interval is None else duration_of(min_interval),
        )
        return calls.server_stream(lambda stubs: stubs.batches.WatchBatch, request, idle_timeout)

    async for response in resumed(open_stream):
        token = response.resume_token or token
        match response.WhichOneof("update"):
            case "progress":
                yield BatchUpdate(batch_of(response.progress), None, response.terminal, token)
            case "item":
                yield BatchUpdate(None, batch_item_of(response.item), response.terminal, token)
            case _:
                pass


def batch_of(message: pb.Batch) -> Batch:
    """A batch as its caller sees it."""
    action = message.last_action if message.HasField("last_action") else None
    return Batch(
        id=message.id,
        name=message.name,
        status=_status_names[message.status],
        status_reason=message.status_reason,
        max_concurrency=message.max_concurrency,
        micro_batch_size=message.micro_batch_size,
        stop_on_error=message.stop_on_error,
        filter=message.filter,
        counts=_counts_of(message.counts),
        create_time=optional_time(message, "create_time"),
        end_time=optional_time(message, "end_time"),
        last_action=None
        if action is None
        else BatchAction(action.principal, action.reason, optional_time(action, "time")),
    )


def batch_item_of(item: pb.BatchItem) -> BatchItem:
    """An item as its reader sees it."""
    return BatchItem(
        index=item.index,
        status=item.status,
        source=item.source,
        execution=item.execution,
        error=optional_error(item, "error"),
        output_text=item.output,
        output_truncated=item.output_truncated,
    )


def _counts_of(counts: pb.BatchCounts) -> BatchCounts:
    return BatchCounts(
        total=counts.total,
        pending=counts.pending,
        running=counts.running,
        succeeded=counts.succeeded,
        failed=counts.failed,
        skipped=counts.skipped,
        recent_failure_rate=counts.recent_failure_rate,
        rolling_failure_rate=counts.rolling_failure_rate,
        items_per_second=counts.items_per_second,
        estimated_remaining=optional_seconds(counts, "estimated_remaining"),
    )
