"""Runs of distributed Map states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ._wire import EnumNames, optional_time
from .v1 import execution_service_pb2 as pb

_status_names = EnumNames(pb.ExecutionStatus)


@dataclass(frozen=True, slots=True)
class MapRunCounts:
    """How the items, or the executions, of a map run fare."""

    pending: int
    running: int
    succeeded: int
    failed: int
    timed_out: int
    aborted: int
    total: int
    results_written: int
    """Whose results the ResultWriter has written."""
    pending_redrive: int
    failures_not_redrivable: int


@dataclass(frozen=True, slots=True)
class MapRun:
    """The run of a distributed Map."""

    id: str
    arn: str
    execution: str
    """Id of the execution that has the Map state."""
    status: str
    """`RUNNING`, `SUCCEEDED`, `FAILED` or `ABORTED`."""
    max_concurrency: int
    """0: no bound but the server's own."""
    tolerated_failure_count: int
    tolerated_failure_percentage: float
    item_counts: MapRunCounts | None
    """`None` in lists."""
    execution_counts: MapRunCounts | None
    """`None` in lists."""
    start_time: datetime | None
    end_time: datetime | None
    """`None` while it runs."""
    redrive_count: int
    redrive_time: datetime | None


def map_run_of(message: pb.MapRun) -> MapRun:
    """A map run as its caller sees it."""
    return MapRun(
        id=message.id,
        arn=message.arn,
        execution=message.execution,
        status=_status_names[message.status],
        max_concurrency=message.max_concurrency,
        tolerated_failure_count=message.tolerated_failure_count,
        tolerated_failure_percentage=message.tolerated_failure_percentage,
        item_counts=_counts_of(message.item_counts) if message.HasField("item_counts") else None,
        execution_counts=_counts_of(message.execution_counts) if message.HasField("execution_counts") else None,
        start_time=optional_time(message, "start_time"),
        end_time=optional_time(message, "end_time"),
        redrive_count=message.redrive_count,
        redrive_time=optional_time(message, "redrive_time"),
    )


def _counts_of(counts: pb.MapRun.Counts) -> MapRunCounts:
    return MapRunCounts(
        pending=counts.pending,
        running=counts.running,
        succeeded=counts.succeeded,
        failed=counts.failed,
        timed_out=counts.timed_out,
        aborted=counts.aborted,
        total=counts.total,
        results_written=counts.results_written,
        pending_redrive=counts.pending_redrive,
        failures_not_redrivable=counts.failures_not_redrivable,
    )
