"""What a start asks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ._json import EMPTY_OBJECT, to_json_text
from ._trace import current_traceparent
from .v1 import execution_service_pb2 as pb
from .v1.common_pb2 import TraceContext

ConflictPolicy = Literal["SFN", "FAIL", "USE_EXISTING"]
"""What a name that is taken means.

`SFN`: the same execution while it runs with the same input, else ALREADY_EXISTS. `FAIL`: always ALREADY_EXISTS.
`USE_EXISTING`: that execution, running or closed.
"""

_CONFLICT_POLICIES = {
    "SFN": pb.NameConflictPolicy.NAME_CONFLICT_POLICY_UNSPECIFIED,
    "FAIL": pb.NameConflictPolicy.NAME_CONFLICT_POLICY_FAIL,
    "USE_EXISTING": pb.NameConflictPolicy.NAME_CONFLICT_POLICY_USE_EXISTING,
}


@dataclass(frozen=True, slots=True)
class ChainSource:
    """Another execution's output as the input."""

    execution: str
    """Id, ARN or `state_machine/name`. It must have SUCCEEDED; where a state is named, closed is enough."""
    state: str = ""
    """The state whose last output is taken; empty: the execution's output."""
    jsonata: str | None = None
    """Makes the input of the output: an expression over `$states.input`, which the server evaluates."""
    resource: str | None = None
    """Instead of `jsonata`: a name that workers serve."""
    wait_for_source: bool = False
    """While the source runs, wait until it closes. The start is durable at once."""
    unique: bool = False
    """At most one target for this source, state, transformer and target machine: the first one is found again."""


@dataclass(frozen=True, slots=True)
class StartExecution:
    """What to start."""

    state_machine: str
    """Name or ARN; `orders:7` is a version, `orders:live` an alias."""
    input: Any = EMPTY_OBJECT
    """Any JSON value, or a `JsonText`."""
    name: str | None = None
    """Unique per state machine; default a random one. A start is safe to repeat under its name."""
    chain: ChainSource | None = None
    """Another execution's output instead of `input`."""
    labels: Mapping[str, str] = field(default_factory=dict)
    conflict_policy: ConflictPolicy = "SFN"
    traceparent: str | None = None
    """W3C traceparent, handed to the workers. Default in a handler: its task's."""


def start_request_of(start: StartExecution) -> pb.StartExecutionRequest:
    """The request of a start, always with a name.

    A start without one gets a random name here, so that sending it again after a broken connection never starts a
    second execution: such a name can only be taken by this very start.
    """
    traceparent = current_traceparent.get() if start.traceparent is None else start.traceparent
    policy = "USE_EXISTING" if start.name is None else start.conflict_policy
    request = pb.StartExecutionRequest(
        state_machine=start.state_machine,
        name=str(uuid.uuid4()) if start.name is None else start.name,
        labels=start.labels,
        request_id=str(uuid.uuid4()),
        conflict_policy=_CONFLICT_POLICIES[policy],
        trace=TraceContext(traceparent=traceparent) if traceparent else None,
    )
    if start.chain is None:
        request.input = to_json_text(start.input)
    else:
        request.chain.CopyFrom(chain_of(start.chain))
    return request


def chain_of(chain: ChainSource) -> pb.ChainSource:
    """As the wire has it."""
    source = pb.ChainSource(
        execution=chain.execution,
        state=chain.state,
        wait_for_source=chain.wait_for_source,
        unique=chain.unique,
    )
    if chain.jsonata is not None:
        source.jsonata = chain.jsonata
    elif chain.resource is not None:
        source.resource = chain.resource
    return source
