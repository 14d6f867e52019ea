"""State machines, their versions and aliases."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ._wire import EnumNames, optional_seconds, optional_time
from .v1 import state_machine_service_pb2 as pb

StateMachineType = Literal["STANDARD", "EXPRESS"]
"""STANDARD: every transition is durable. EXPRESS: durable at start and end only."""
DefinitionFormat = Literal["JSON", "YAML"]
Definition = str | Mapping[str, Any]
"""JSON or YAML text, or the definition as a dictionary."""

TaskLossPolicy = Literal["REDELIVER", "RETRY_AS_TIMEOUT", "FAIL", "PAUSE", "SKIP"]
"""What becomes of a task whose worker was lost.

`REDELIVER`: it is offered again, for ever. `RETRY_AS_TIMEOUT`: it has timed out, for Retry and Catch. `FAIL`: it fails
with `Pawl.TaskLost`, which is caught but not retried. `PAUSE`: the execution pauses. `SKIP`: the state's input is its
output.
"""

_loss_policy_names = EnumNames(pb.TaskLossPolicy)
_type_names = EnumNames(pb.StateMachineType)
_format_names = EnumNames(pb.DefinitionFormat)
_state_names = EnumNames(pb.StateMachineState)
_severity_names = EnumNames(pb.Severity)


@dataclass(frozen=True, slots=True)
class StateMachine:
    """A definition under a name."""

    name: str
    uid: str
    """UUIDv7."""
    arn: str
    type: str
    definition: str
    """Exactly the text the author sent; empty in lists."""
    definition_format: str
    revision_id: str
    version: int
    """0: the head."""
    description: str
    labels: Mapping[str, str]
    state: str
    """`ACTIVE` or `DELETING`."""
    create_time: datetime | None
    update_time: datetime | None
    etag: str
    """For optimistic locking: give it back with an update or delete."""
    resources: tuple[str, ...]
    """What its Tasks name, each once."""
    retention: float | None
    """Seconds that closed executions are kept; `None`: for ever."""
    on_task_lost: str
    """`REDELIVER`, `RETRY_AS_TIMEOUT`, `FAIL`, `PAUSE` or `SKIP`."""
    max_task_deliveries: int
    """How often a task is delivered before `on_task_lost` applies; 0: once."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a definition."""

    severity: str
    """`ERROR`, `WARNING` or `HINT`."""
    code: str
    """For example `MISSING_TRANSITION_TARGET`."""
    message: str
    location: str
    """JSON pointer, for example `/States/Pay/Next`."""
    line: int
    """From 1, in the text that was sent; 0: unknown."""
    column: int
    suggestion: str
    """For example `did you mean "Paid"?`; may be empty."""


@dataclass(frozen=True, slots=True)
class StateMachineResult:
    """A state machine and what the server warns of."""

    state_machine: StateMachine
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """What validation found."""

    valid: bool
    """No diagnostic is an ERROR."""
    diagnostics: tuple[Diagnostic, ...]
    truncated: bool
    """There were more."""


@dataclass(frozen=True, slots=True)
class StateMachineRoute:
    """A version and the share of the starts it gets."""

    version: int
    """From 1."""
    weight: int = 100
    """Percent; the weights of an alias make 100."""


@dataclass(frozen=True, slots=True)
class StateMachineAlias:
    """A name that routes starts to one or two versions of a state machine."""

    state_machine: str
    name: str
    description: str
    routes: tuple[StateMachineRoute, ...]
    etag: str
    """For optimistic locking: give it back with a put or delete."""
    update_time: datetime | None


def state_machine_of(message: pb.StateMachine) -> StateMachine:
    """A state machine as its caller sees it."""
    return StateMachine(
        name=message.name,
        uid=message.uid,
        arn=message.arn,
        type=_type_names[message.type],
        definition=message.definition,
        definition_format=_format_names[message.definition_format],
        revision_id=message.revision_id,
        version=message.version,
        description=message.description,
        labels=dict(message.labels),
        state=_state_names[message.state],
        create_time=optional_time(message, "create_time"),
        update_time=optional_time(message, "update_time"),
        etag=message.etag,
        resources=tuple(message.resources),
        retention=optional_seconds(message, "retention"),
        on_task_lost=_loss_policy_names[message.on_task_lost],
        max_task_deliveries=message.max_task_deliveries,
    )


def alias_of(message: pb.StateMachineAlias) -> StateMachineAlias:
    """An alias as its caller sees it."""
    return StateMachineAlias(
        state_machine=message.state_machine,
        name=message.name,
        description=message.description,
        routes=tuple(StateMachineRoute(route.version, route.weight) for route in message.routes),
        etag=message.etag,
        update_time=optional_time(message, "update_time"),
    )


def diagnostics_of(messages: Sequence[pb.Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings as their reader sees them."""
    return tuple(
        Diagnostic(
            severity=_severity_names[message.severity],
            code=message.code,
            message=message.message,
            location=message.location,
            line=message.line,
            column=message.column,
            suggestion=message.suggestion,
        )
        for message in messages
    )


def definition_text(definition: Definition) -> str:
    """The text of a definition."""
    return definition if isinstance(definition, str) else json.dumps(definition, ensure_ascii=False)


def type_number(name: StateMachineType | None) -> pb.StateMachineType.ValueType:
    """0 for none."""
    return pb.StateMachineType.Value(f"STATE_MACHINE_TYPE_{name or 'UNSPECIFIED'}")


def format_number(name: DefinitionFormat | None) -> pb.DefinitionFormat.ValueType:
    """0 for none."""
    return pb.DefinitionFormat.Value(f"DEFINITION_FORMAT_{name or 'UNSPECIFIED'}")
