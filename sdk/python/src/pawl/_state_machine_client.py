"""The calls about state machines."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from ._client_base import ClientBase
from ._state_machine import (
    Definition,
    DefinitionFormat,
    StateMachine,
    StateMachineAlias,
    StateMachineResult,
    StateMachineRoute,
    StateMachineType,
    TaskLossPolicy,
    alias_of,
    definition_text,
    diagnostics_of,
    format_number,
    state_machine_of,
    type_number,
)
from ._wire import duration_of
from .v1 import state_machine_service_pb2 as pb


class StateMachineClient(ClientBase):
    """The part of a client that makes and changes state machines."""

    async def apply_state_machine(
        self,
        name: str,
        definition: Definition,
        *,
        format: DefinitionFormat | None = None,  # noqa: A002 - the contract's word
        type: StateMachineType | None = None,  # noqa: A002 - the contract's word
        description: str | None = None,
        labels: Mapping[str, str] | None = None,
        retention: float | None = None,
        on_task_lost: TaskLossPolicy | None = None,
        max_task_deliveries: int | None = None,
        timeout: float | None = None,
    ) -> StateMachineResult:
        """Creates the state machine, or updates the one of that name.

        Args:
            name: Unique.
            definition: JSON or YAML text, or a dictionary.
            format: Default: seen from the text.
            type: Default STANDARD.
            description: For humans.
            labels: For machines.
            retention: Seconds that closed executions are kept; 0: for ever.
            on_task_lost: What becomes of a task whose worker was lost; default REDELIVER.
            max_task_deliveries: How often a task is delivered before `on_task_lost` applies; 0: once.
            timeout: Seconds.
        """
        machine, paths = _machine(
            name,
            definition,
            format=format,
            type=type,
            description=description,
            labels=labels,
            retention=retention,
            on_task_lost=on_task_lost,
            max_task_deliveries=max_task_deliveries,
        )
        return await self._update(machine, paths, allow_missing=True, timeout=timeout)

    async def create_state_machine(
        self,
        name: str,
        definition: Definition,
        *,
        format: DefinitionFormat | None = None,  # noqa: A002 - the contract's word
        type: StateMachineType | None = None,  # noqa: A002 - the contract's word
        description: str | None = None,
        labels: Mapping[str, str] | None = None,
        retention: float | None = None,
        on_task_lost: TaskLossPolicy | None = None,
        max_task_deliveries: int | None = None,
        timeout: float | None = None,
    ) -> StateMachineResult:
        """The same name and definition again is the same state machine. Arguments as `apply_state_machine`.

        Raises:
            PawlError: ALREADY_EXISTS for another definition.
        """
        machine, _ = _machine(
            name,
            definition,
            format=format,
            type=type,
            description=description,
            labels=labels,
            retention=retention,
            on_task_lost=on_task_lost,
            max_task_deliveries=max_task_deliveries,
        )
        request = pb.CreateStateMachineRequest(state_machine=machine, request_id=str(uuid.uuid4()))
        response = await self._call(lambda stubs: stubs.state_machines.CreateStateMachine, request, timeout)
        return StateMachineResult(state_machine_of(response.state_machine), diagnostics_of(response.warnings))

    async def update_state_machine(
        self,
        name: str,
        definition: Definition | None = None,
        *,
        format: DefinitionFormat | None = None,  # noqa: A002 - the contract's word
        description: str | None = None,
        labels: Mapping[str, str] | None = None,
        retention: float | None = None,
        on_task_lost: TaskLossPolicy | None = None,
        max_task_deliveries: int | None = None,
        etag: str = "",
        timeout: float | None = None,
    ) -> StateMachineResult:
        """Changes what is given; running executions keep the revision they started with.

        Raises:
            PawlError: ABORTED unless the state machine still has the `etag`, if one is given.
        """
        machine, paths = _machine(
            name,
            definition,
            format=format,
            type=None,
            description=description,
            labels=labels,
            retention=retention,
            on_task_lost=on_task_lost,
            max_task_deliveries=max_task_deliveries,
        )
        machine.etag = etag
        return await self._update(machine, paths, allow_missing=False, timeout=timeout)

    async def get_state_machine(self, state_machine: str, *, timeout: float | None = None) -> StateMachine:
        """Reads one: `orders`, `orders:7` (a version), `orders:live` (an alias) or an ARN."""
        request = pb.GetStateMachineRequest(state_machine=state_machine)
        response = await self._call(lambda stubs: stubs.state_machines.GetStateMachine, request, timeout)
        return state_machine_of(response.state_machine)

    def list_state_machines(
        self, *, page_size: int = 50, limit: int | None = None
    ) -> AsyncGenerator[StateMachine, None]:
        """All of them, without their definitions."""
        return self._list(
            lambda stubs: stubs.state_machines.ListStateMachines,
            lambda page: pb.ListStateMachinesRequest(page=page),
            lambda response: map(state_machine_of, response.state_machines),
            page_size=page_size,
            limit=limit,
        )

    async def delete_state_machine(
        self, state_machine: str, *, etag: str = "", force: bool = False, timeout: float | None = None
    ) -> None:
        """Removes it. `force` stops its executions; without it they run to their end."""
        request = pb.DeleteStateMachineRequest(state_machine=state_machine, etag=etag, force=force)
        await self._call(lambda stubs: stubs.state_machines.DeleteStateMachine, request, timeout)

    async def publish_state_machine_version(
        self,
        state_machine: str,
        *,
        revision_id: str = "",
        description: str = "",
        timeout: float | None = None,
    ) -> StateMachine:
        """Freezes the state machine as it is under the next number; a revision that has one keeps it.

        Start it as `<name>:<version>`.

        Raises:
            PawlError: ABORTED when `revision_id` is not its present revision.
        """
        request = pb.PublishStateMachineVersionRequest(
            state_machine=state_machine,
            revision_id=revision_id,
            description=description,
            request_id=str(uuid.uuid4()),
        )
        response = await self._call(lambda stubs: stubs.state_machines.PublishStateMachineVersion, request, timeout)
        return state_machine_of(response.state_machine)

    def list_state_machine_versions(
        self, state_machine: str, *, page_size: int = 50, limit: int | None = None
    ) -> AsyncGenerator[StateMachine, None]:
        """Newest first."""
        return self._list(
            lambda stubs: stubs.state_machines.ListStateMachineVersions,
            lambda page: pb.ListStateMachineVersionsRequest(state_machine=state_machine, page=page),
            lambda response: map(state_machine_of, response.versions),
            page_size=page_size,
            limit=limit,
        )

    async def delete_state_machine_version(
        self, state_machine: str, version: int, *, timeout: float | None = None
    ) -> None:
        """Its number is not given again.

        Raises:
            PawlError: ABORTED while an alias routes to it.
        """
        request = pb.DeleteStateMachineVersionRequest(state_machine=state_machine, version=version)
        await self._call(lambda stubs: stubs.state_machines.DeleteStateMachineVersion, request, timeout)

    async def put_state_machine_alias(
        self,
        state_machine: str,
        name: str,
        routes: Sequence[StateMachineRoute],
        *,
        description: str = "",
        etag: str = "",
        timeout: float | None = None,
    ) -> StateMachineAlias:
        """Creates the alias, or replaces it. Start it as `<state_machine>:<name>`.

        Args:
            state_machine: Whose versions it routes to.
            name: Letters, digits, `_`, `-` and `.`; not digits only.
            routes: One or two; their weights make 100.
            description: For humans.
            etag: Refuse (ABORTED) unless the alias still has it.
            timeout: Seconds.
        """
        alias = pb.StateMachineAlias(
            state_machine=state_machine,
            name=name,
            description=description,
            routes=[pb.StateMachineAlias.Route(version=route.version, weight=route.weight) for route in routes],
            etag=etag,
        )
        request = pb.PutStateMachineAliasRequest(alias=alias, request_id=str(uuid.uuid4()))
        response = await self._call(lambda stubs: stubs.state_machines.PutStateMachineAlias, request, timeout)
        return alias_of(response.alias)

    def list_state_machine_aliases(
        self, state_machine: str, *, page_size: int = 50, limit: int | None = None
    ) -> AsyncGenerator[StateMachineAlias, None]:
        """By name."""
        return self._list(
            lambda stubs: stubs.state_machines.ListStateMachineAliases,
            lambda page: pb.ListStateMachineAliasesRequest(state_machine=state_machine, page=page),
            lambda response: map(alias_of, response.aliases),
            page_size=page_size,
            limit=limit,
        )

    async def delete_state_machine_alias(
        self, state_machine: str, alias: str, *, etag: str = "", timeout: float | None = None
    ) -> None:
        """Removes the name; what was started through it goes on."""
        request = pb.DeleteStateMachineAliasRequest(state_machine=state_machine, alias=alias, etag=etag)
        await self._call(lambda stubs: stubs.state_machines.DeleteStateMachineAlias, request, timeout)

    async def _update(
        self, machine: pb.StateMachine, paths: list[str], *, allow_missing: bool, timeout: float | None
    ) -> StateMachineResult:
        request = pb.UpdateStateMachineRequest(
            state_machine=machine,
            update_mask=FieldMask(paths=paths),
            allow_missing=allow_missing,
            request_id=str(uuid.uuid4()),
        )
        response = await self._call(lambda stubs: stubs.state_machines.UpdateStateMachine, request, timeout)
        return StateMachineResult(state_machine_of(response.state_machine), diagnostics_of(response.warnings))


def _machine(
    name: str,
    definition: Definition | None,
    *,
    format: DefinitionFormat | None,  # noqa: A002 - the contract's word
    type: StateMachineType | None,  # noqa: A002 - the contract's word
    description: str | None,
    labels: Mapping[str, str] | None,
    retention: float | None,
    on_task_lost: TaskLossPolicy | None,
    max_task_deliveries: int | None,
) -> tuple[pb.StateMachine, list[str]]:
    """The message, and the fields that were given: what an update does not name stays as it is (AIP-134)."""
    given = {
        "definition": None if definition is None else definition_text(definition),
        "description": description,
        "labels": labels,
        "retention": None if retention is None else duration_of(retention),
        "type": None if type is None else type_number(type),
        "on_task_lost": None if on_task_lost is None else pb.TaskLossPolicy.Value(f"TASK_LOSS_POLICY_{on_task_lost}"),
        "max_task_deliveries": max_task_deliveries,
    }
    fields: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    message = pb.StateMachine(name=name, definition_format=format_number(format), **fields)
    return message, list(fields)
