"""The calls about definitions that need not be any state machine's yet."""

from __future__ import annotations

from typing import Any

from ._client_base import ClientBase
from ._definition_graph import DefinitionGraph, graph_of
from ._json import EMPTY_OBJECT, to_json_text
from ._state_machine import (
    Definition,
    DefinitionFormat,
    StateMachineType,
    ValidationResult,
    definition_text,
    diagnostics_of,
    format_number,
    type_number,
)
from ._state_test import InspectionLevel, MockError, MockResult, StateTestResult, mock_of, state_test_result_of
from .v1 import state_machine_service_pb2 as pb

_STATE_TEST_TIMEOUT = 310.0
"""A worker may take five minutes for the Task that is tested."""


class DefinitionClient(ClientBase):
    """The part of a client that checks, tries and draws definitions."""

    async def validate_definition(
        self,
        definition: Definition,
        *,
        format: DefinitionFormat | None = None,  # noqa: A002 - the contract's word
        type: StateMachineType | None = None,  # noqa: A002 - the contract's word
        timeout: float | None = None,
    ) -> ValidationResult:
        """All diagnostics at once; never raises because a definition is wrong."""
        request = pb.ValidateDefinitionRequest(
            definition=definition_text(definition),
            type=type_number(type),
            format=format_number(format),
        )
        response = await self._call(lambda stubs: stubs.state_machines.ValidateDefinition, request, timeout)
        return ValidationResult(response.valid, diagnostics_of(response.diagnostics), response.truncated)

    async def test_state(
        self,
        definition: Definition,
        input: Any = EMPTY_OBJECT,  # noqa: A002 - ASL's word
        *,
        state_name: str = "",
        mock: MockResult | MockError | None = None,
        variables: Any = None,
        context: Any = None,
        inspection_level: InspectionLevel = "INFO",
        format: DefinitionFormat | None = None,  # noqa: A002 - the contract's word
        role_arn: str = "",
        retrier_retry_count: int = 0,
        error_caused_by_state: str = "",
        map_iteration_failure_count: int = 0,
        map_item_reader_data: str = "",
        timeout: float = _STATE_TEST_TIMEOUT,
    ) -> StateTestResult:
        """Runs one state on its own. Without a mock a Task is done by a connected worker.

        Args:
            definition: A state, or with `state_name` a whole state machine.
            input: Any JSON value, or a `JsonText`.
            state_name: Which state of a whole state machine.
            mock: Stands for the work of a Task, Parallel or Map.
            variables: Assigned before, as an object.
            context: The context object (`$$`, `$states.context`); default one that is made up.
            inspection_level: How much to tell.
            format: Default: seen from the text.
            role_arn: `$$.Execution.RoleArn` where no `context` is given.
            retrier_retry_count: Retries made before, by the Retrier that the mocked error is for.
            error_caused_by_state: The state inside the Parallel or Map that the mocked error comes from.
            map_iteration_failure_count: Iterations of the Map that have failed.
            map_item_reader_data: What the Map's ItemReader finds, as it stands in the source.
            timeout: Seconds, retries included.
        """
        request = pb.TestStateRequest(
            definition=definition_text(definition),
            format=format_number(format),
            state_name=state_name,
            input=to_json_text(input),
            variables="" if variables is None else to_json_text(variables),
            context="" if context is None else to_json_text(context),
            role_arn=role_arn,
            inspection_level=pb.InspectionLevel.Value(f"INSPECTION_LEVEL_{inspection_level}"),
            mock=None if mock is None else mock_of(mock),
            retrier_retry_count=retrier_retry_count,
            error_caused_by_state=error_caused_by_state,
            map_iteration_failure_count=map_iteration_failure_count,
            map_item_reader_data=map_item_reader_data,
        )
        response = await self._call(lambda stubs: stubs.state_machines.TestState, request, timeout)
        return state_test_result_of(response)

    async def get_definition_graph(
        self,
        definition: Definition | None = None,
        *,
        state_machine: str = "",
        timeout: float | None = None,
    ) -> DefinitionGraph:
        """Nodes and edges, for drawing.

        Args:
            definition: JSON or YAML text, or a dictionary.
            state_machine: Instead of `definition`: one that the server has, by name, version, alias or ARN.
            timeout: Seconds.
        """
        request = (
            pb.GetDefinitionGraphRequest(state_machine=state_machine)
            if definition is None
            else pb.GetDefinitionGraphRequest(definition=definition_text(definition))
        )
        response = await self._call(lambda stubs: stubs.state_machines.GetDefinitionGraph, request, timeout)
        return graph_of(response)
