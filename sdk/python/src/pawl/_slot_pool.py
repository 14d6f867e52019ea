"""Tasks that share slots."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._resource_name import serves_resource

if TYPE_CHECKING:
    from ._task_context import TaskContext

TaskHandler = Callable[[Any, "TaskContext"], Awaitable[Any]] | Callable[[Any, "TaskContext"], Any]
"""Works on one task: `handler(input, ctx)`, as on AWS Lambda.

What it returns (any JSON value, or a `JsonText`) is the task's result; what it raises is its failure: a `TaskError`
by its name, any other exception by the name of its type.
"""


@dataclass(frozen=True, slots=True)
class Registration:
    """A handler and what it was registered for."""

    resource: str
    handler: TaskHandler
    is_async: bool
    auto_heartbeat: bool


class SlotPool:
    """Tasks that share slots. A slot is taken from the task's arrival until its outcome is acknowledged."""

    def __init__(self, name: str, concurrency: int) -> None:
        if concurrency < 1:
            raise ValueError(f"concurrency of {name} is {concurrency}; it must be 1 or more")
        self.name = name
        self.concurrency = concurrency
        self.registrations: list[Registration] = []
        self.taken = 0
        """Slots in use; credit is what is left."""

    @property
    def resources(self) -> list[str]:
        """What is registered in it."""
        return [registration.resource for registration in self.registrations]

    def registration_for(self, resource: str, raw_resource: str) -> Registration | None:
        """The handler for a task: the exact resource, else a spelling or prefix that leads to it, the longest first."""
        if len(self.registrations) == 1:
            return self.registrations[0]
        for registration in self.registrations:
            if registration.resource in (resource, raw_resource):
                return registration
        serving = (
            registration
            for registration in self.registrations
            if serves_resource(registration.resource, resource) or serves_resource(registration.resource, raw_resource)
        )
        return max(serving, key=lambda registration: len(registration.resource), default=None)
