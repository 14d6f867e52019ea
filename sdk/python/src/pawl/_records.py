"""Messages, links and other records of the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ._json import parse_json_text
from ._wire import EnumNames, optional_seconds, optional_time
from .v1 import execution_service_pb2 as pb
from .v1 import worker_service_pb2

_worker_status_names = EnumNames(worker_service_pb2.WorkerStatus)


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What became of a message."""

    executions: tuple[str, ...]
    """Ids of the executions that received it."""
    buffered: bool
    """Nobody waits; it is kept until its time to live ends."""
    duplicate: bool
    """It was sent before; nothing was done."""


@dataclass(frozen=True, slots=True)
class MessageWait:
    """A Message state that waits."""

    execution: str
    """The execution's id."""
    state_path: str
    correlation_key: str
    correlation_value: Any
    since: datetime | None
    timeout_time: datetime | None
    """When it gives up; `None`: never."""


@dataclass(frozen=True, slots=True)
class ExecutionLink:
    """A source and what was started from it."""

    source_execution: str
    """The source's id."""
    source_state_machine: str
    source_state: str
    """The state whose output was taken; empty: the execution's."""
    transformer: str
    """The expression or the name; empty: none."""
    target_execution: str
    """The id of the execution that was started."""
    target_state_machine: str
    create_time: datetime | None


@dataclass(frozen=True, slots=True)
class ExecutionCount:
    """How many executions or links there are."""

    count: int
    limited: bool
    """Counting stopped at the limit: there may be more."""


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """One group in one bucket.

    Durations in seconds, `None` while nothing in it has closed; percentiles are within 2.6 %.
    """

    bucket_start: datetime | None
    group: Mapping[str, str]
    """Name of the `group_by` item to value; empty text: it has none."""
    count: int
    first_start_time: datetime | None
    last_start_time: datetime | None
    min: float | None
    avg: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class WorkerPool:
    """Resources of a worker that share slots."""

    name: str
    resources: tuple[str, ...]
    slots: int


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """One worker's session as the server sees it."""

    worker_id: str
    identity: str
    """`pid@host`."""
    session_id: str
    server_id: str
    status: str
    """`CONNECTED`, `DRAINING`, `GONE` or `LOST`: its stream broke and the server waits for it to come back."""
    pools: tuple[WorkerPool, ...]
    running: Mapping[str, int]
    """Tasks in progress per pool."""
    connect_time: datetime | None
    last_seen_time: datetime | None
    runtime: str
    """For example `pawl-sdk 0.1.0, python 3.12.1, linux`."""
    build_id: str
    labels: Mapping[str, str]
    remote_address: str


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Facts about a server."""

    version: str
    commit: str
    capabilities: tuple[str, ...]
    limits: Mapping[str, int]
    """For example `max_payload_bytes`."""
    is_development: bool
    ui_url: str


def message_wait_of(wait: pb.MessageWait) -> MessageWait:
    """A wait as its reader sees it."""
    return MessageWait(
        execution=wait.execution,
        state_path=wait.state_path,
        correlation_key=wait.correlation_key,
        correlation_value=parse_json_text(wait.correlation_value),
        since=optional_time(wait, "since"),
        timeout_time=optional_time(wait, "timeout_time"),
    )


def execution_link_of(link: pb.ExecutionLink) -> ExecutionLink:
    """A link as its reader sees it."""
    return ExecutionLink(
        source_execution=link.source_execution,
        source_state_machine=link.source_state_machine,
        source_state=link.source_state,
        transformer=link.transformer,
        target_execution=link.target_execution,
        target_state_machine=link.target_state_machine,
        create_time=optional_time(link, "create_time"),
    )


def statistics_row_of(row: pb.StatisticsRow) -> StatisticsRow:
    """A row as its reader sees it."""
    return StatisticsRow(
        bucket_start=optional_time(row, "bucket_start"),
        group=dict(row.group),
        count=row.count,
        first_start_time=optional_time(row, "first_start_time"),
        last_start_time=optional_time(row, "last_start_time"),
        min=optional_seconds(row, "min"),
        avg=optional_seconds(row, "avg"),
        p50=optional_seconds(row, "p50"),
        p95=optional_seconds(row, "p95"),
        p99=optional_seconds(row, "p99"),
        max=optional_seconds(row, "max"),
    )


def worker_info_of(worker: worker_service_pb2.WorkerInfo) -> WorkerInfo:
    """A session as its reader sees it."""
    runtime = worker.runtime
    parts = (
        f"{runtime.sdk_name} {runtime.sdk_version}".strip(),
        f"{runtime.language} {runtime.language_version}".strip(),
        runtime.os,
    )
    return WorkerInfo(
        worker_id=worker.worker_id,
        identity=worker.identity,
        session_id=worker.session_id,
        server_id=worker.server_id,
        status=_worker_status_names[worker.status],
        pools=tuple(WorkerPool(pool.name, tuple(pool.resources), pool.slots) for pool in worker.pools),
        running=dict(worker.running),
        connect_time=optional_time(worker, "connect_time"),
        last_seen_time=optional_time(worker, "last_seen_time"),
        runtime=", ".join(part for part in parts if part),
        build_id=worker.build_id,
        labels=dict(worker.labels),
        remote_address=worker.remote_address,
    )
