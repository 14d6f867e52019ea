"""What calls ask: what was given, and nothing of what was not."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from google.protobuf.message import Message

from pawl import Client, FailurePolicy, JsonText, MockError, MockResult
from pawl.v1 import batch_service_pb2 as batches
from pawl.v1 import execution_service_pb2 as executions
from pawl.v1 import state_machine_service_pb2 as machines
from pawl.v1.common_pb2 import ErrorValue

from .fake_server import FakeServer


@pytest_asyncio.fixture
async def client(server: FakeServer) -> AsyncIterator[Client]:
    async with Client(server.address) as client:
        yield client


def state_test(**fields: Any) -> machines.TestStateRequest:
    level = machines.InspectionLevel.INSPECTION_LEVEL_INFO
    given = {"definition": "{}", "input": "{}", "inspection_level": level, **fields}
    return machines.TestStateRequest(**given)


STRICT = machines.MockValidation.MOCK_VALIDATION_STRICT
PRESENT = machines.MockValidation.MOCK_VALIDATION_PRESENT


@pytest.mark.parametrize(
    ("call", "asks"),
    [
        (
            lambda client: client.update_map_run("r", max_concurrency=0),
            executions.UpdateMapRunRequest(map_run="r", max_concurrency=0),
        ),
        (
            lambda client: client.update_map_run("r", tolerated_failure_count=0, tolerated_failure_percentage=2.5),
            executions.UpdateMapRunRequest(map_run="r", tolerated_failure_count=0, tolerated_failure_percentage=2.5),
        ),
        (
            lambda client: client.count_execution_links(limit=7, source_status="FAILED", target_state_machine="m"),
            executions.CountExecutionLinksRequest(
                filter='target_state_machine = "m" AND source_status = FAILED', limit=7
            ),
        ),
        (
            lambda client: client.resume_batch("b", failure_policy=FailurePolicy(severe_rate=1), reset_window=True),
            batches.ResumeBatchRequest(
                batch="b", failure_policy=batches.FailurePolicy(severe_rate=1), reset_window=True
            ),
        ),
        (
            lambda client: client.resume_batch("b", operator="Ann", reason="mended"),
            batches.ResumeBatchRequest(batch="b", operator="Ann", reason="mended"),
        ),
        (
            lambda client: client.get_definition_graph({"States": {}}),
            machines.GetDefinitionGraphRequest(definition='{"States": {}}'),
        ),
        (
            lambda client: client.get_definition_graph(state_machine="orders:7"),
            machines.GetDefinitionGraphRequest(state_machine="orders:7"),
        ),
        (lambda client: client.test_state("{}"), state_test()),
        (
            lambda client: client.test_state("{}", mock=MockResult(None)),
            state_test(mock=machines.TaskMock(result="null", validation=STRICT)),
        ),
        (
            lambda client: client.test_state("{}", mock=MockResult(JsonText("1e400"), "PRESENT")),
            state_test(mock=machines.TaskMock(result="1e400", validation=PRESENT)),
        ),
        (
            lambda client: client.test_state(
                "{}", mock=MockError("Busy"), retrier_retry_count=2, error_caused_by_state="In"
            ),
            state_test(
                mock=machines.TaskMock(error=ErrorValue(error="Busy")),
                retrier_retry_count=2,
                error_caused_by_state="In",
            ),
        ),
        (
            lambda client: client.test_state(
                "{}",
                [1],
                state_name="A",
                variables={"a": 1},
                context={"Execution": {}},
                inspection_level="TRACE",
                format="YAML",
                role_arn="arn:aws:iam::1:role/r",
                map_iteration_failure_count=3,
                map_item_reader_data="a,b",
            ),
            state_test(
                input="[1]",
                state_name="A",
                variables='{"a":1}',
                context='{"Execution":{}}',
                inspection_level=machines.InspectionLevel.INSPECTION_LEVEL_TRACE,
                format=machines.DefinitionFormat.DEFINITION_FORMAT_YAML,
                role_arn="arn:aws:iam::1:role/r",
                map_iteration_failure_count=3,
                map_item_reader_data="a,b",
            ),
        ),
    ],
)
async def test_a_call_asks(
    server: FakeServer, client: Client, call: Callable[[Client], Awaitable[Any]], asks: Message
) -> None:
    asked: list[Message] = []
    name = type(asks).__name__.removesuffix("Request")

    def answer(request: Message, context: Any) -> Any:
        asked.append(request)
        return getattr(sys.modules[type(asks).__module__], f"{name}Response")()

    server.answers[name] = answer
    await call(client)
    assert asked == [asks]
