"""Executions and their history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.protobuf.message import Message

from ._json import parse_json_text
from ._wire import EnumNames, optional_seconds, optional_time
from .v1 import execution_service_pb2 as pb

TERMINAL_STATUSES = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})

_status_names = EnumNames(pb.ExecutionStatus)
_kind_names = EnumNames(pb.ActiveStateKind)
_event_type_names = EnumNames(pb.EventType)


@dataclass(frozen=True, slots=True)
class ExecutionError:
    """The ASL error pair."""

    error: str
    """For example `States.Timeout`, or a worker's own name."""
    cause: str
    """Free text, or JSON text."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when, by whom and why an execution is paused; texts are empty where nothing was said."""

    operator: str
    reason: str
    time: datetime | None


@dataclass(frozen=True, slots=True)
class ActiveState:
    """Why an execution is where it is."""

    path: str
    """For example `/States/Pay` or `/States/Each[3]/Charge`."""
    type: str
    kind: str
    """`QUEUED`, `RUNNING`, `BACKING_OFF`, `WAITING_TIMER` ...; `NO_WORKER`: no connected worker serves the resource."""
    attempt: int
    """From 1."""
    since: datetime | None
    next_time: datetime | None
    """The next retry, timer or timeout."""
    last_error: ExecutionError | None
    worker: str
    resource: str
    deliveries: int
    """How often its task was delivered to a worker; more than 1 when one was lost."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a state machine."""

    id: str
    """UUIDv7."""
    name: str
    arn: str
    state_machine: str
    state_machine_version: int
    """The version it was started with; 0: the head."""
    state_machine_alias: str
    """The alias it was started through; empty without one."""
    revision_id: str
    status: str
    """`RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`, `PENDING_REDRIVE`, `QUEUED` or `PAUSED`."""
    start_time: datetime | None
    end_time: datetime | None
    """`None` while it runs."""
    input_text: str
    """Byte for byte; empty when it was not asked for."""
    input_truncated: bool
    output_text: str
    """Byte for byte; empty unless SUCCEEDED, or when it was not asked for."""
    output_truncated: bool
    error: ExecutionError | None
    """What a FAILED, TIMED_OUT or ABORTED execution failed with."""
    active_states: tuple[ActiveState, ...]
    """What it is doing now; empty once it has closed."""
    event_count: int
    redrive_count: int
    redrive_time: datetime | None
    redrivable: bool
    """Whether `redrive_execution` would be accepted."""
    redrive_reason: str
    """Why not; empty while it would."""
    labels: Mapping[str, str]
    pause: Pause | None
    """Who paused it, when and why; only while it is PAUSED."""

    @property
    def input(self) -> Any:
        """`input_text` parsed; `None` when it was not asked for, or cut off."""
        return None if self.input_truncated else parse_json_text(self.input_text)

    @property
    def output(self) -> Any:
        """`output_text` parsed; `None` unless SUCCEEDED, or when it was not asked for, or cut off."""
        return None if self.output_truncated else parse_json_text(self.output_text)

    @property
    def is_terminal(self) -> bool:
        """Nothing will change any more."""
        return self.status in TERMINAL_STATUSES


@dataclass(frozen=True, slots=True)
class ExecutionEvent:
    """One event of an execution's history."""

    id: int
    """Dense from 1."""
    previous_id: int
    time: datetime | None
    type: str
    """For example `STATE_ENTERED`."""
    aws_type: str
    """AWS's HistoryEventType, for example `LambdaFunctionScheduled`."""
    state_path: str
    state_name: str
    state_type: str
    input_text: str
    output_text: str
    payload_truncated: bool
    error: ExecutionError | None
    attempt: int
    """From 1; 0 where an event has no attempt."""
    delay: float | None
    """Seconds until the next try, or of a Wait."""
    resource: str
    worker: str
    index: int
    """Of a Map's item or a Parallel's branch."""
    details_text: str

    @property
    def input(self) -> Any:
        """`input_text` parsed; `None` when it is absent or cut off."""
        return None if self.payload_truncated else parse_json_text(self.input_text)

    @property
    def output(self) -> Any:
        """`output_text` parsed; `None` when it is absent or cut off."""
        return None if self.payload_truncated else parse_json_text(self.output_text)

    @property
    def details(self) -> Any:
        """AWS's details of `aws_type`."""
        return parse_json_text(self.details_text)


@dataclass(frozen=True, slots=True)
class StartedExecution:
    """What the server answered to a start."""

    execution: Execution
    created: bool
    """False: an execution of that name and input was there already."""


def execution_of(message: pb.Execution) -> Execution:
    """An execution as its caller sees it."""
    return Execution(
        id=message.id,
        name=message.name,
        arn=message.arn,
        state_machine=message.state_machine,
        state_machine_version=message.state_machine_version,
        state_machine_alias=message.state_machine_alias,
        revision_id=message.revision_id,
        status=_status_names[message.status],
        start_time=optional_time(message, "start_time"),
        end_time=optional_time(message, "end_time"),
        input_text=message.input,
        input_truncated=message.input_truncated,
        output_text=message.output,
        output_truncated=message.output_truncated,
        error=optional_error(message, "error"),
        active_states=tuple(_active_state_of(state) for state in message.active_states),
        event_count=message.event_count,
        redrive_count=message.redrive_count,
        redrive_time=optional_time(message, "redrive_time"),
        redrivable=message.redrivable,
        redrive_reason=message.redrive_reason,
        labels=dict(message.labels),
        pause=_pause_of(message),
    )


def execution_event_of(message: pb.ExecutionEvent) -> ExecutionEvent:
    """An event as its reader sees it."""
    return ExecutionEvent(
        id=message.id,
        previous_id=message.previous_id,
        time=optional_time(message, "time"),
        type=_event_type_names[message.type],
        aws_type=message.aws_type,
        state_path=message.state_path,
        state_name=message.state_name,
        state_type=message.state_type,
        input_text=message.input,
        output_text=message.output,
        payload_truncated=message.payload_truncated,
        error=optional_error(message, "error"),
        attempt=message.attempt,
        delay=optional_seconds(message, "delay"),
        resource=message.resource,
        worker=message.worker,
        index=message.index,
        details_text=message.details,
    )


def optional_error(message: Message, field: str) -> ExecutionError | None:
    """The error pair in a field; `None` when it is absent."""
    if not message.HasField(field):
        return None
    value = getattr(message, field)
    return ExecutionError(value.error, value.cause)


def _active_state_of(message: pb.ActiveState) -> ActiveState:
    return ActiveState(
        path=message.path,
        type=message.type,
        kind=_kind_names[message.kind],
        attempt=message.attempt,
        since=optional_time(message, "since"),
        next_time=optional_time(message, "next_time"),
        last_error=optional_error(message, "last_error"),
        worker=message.worker,
        resource=message.resource,
        deliveries=message.deliveries,
    )


def _pause_of(message: pb.Execution) -> Pause | None:
    if not message.HasField("pause"):
        return None
    return Pause(message.pause.principal, message.pause.reason, optional_time(message.pause, "time"))
