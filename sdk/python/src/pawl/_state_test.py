"""One state tried on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ._execution import ExecutionError, optional_error
from ._json import parse_json_text, to_json_text
from ._wire import EnumNames
from .v1 import state_machine_service_pb2 as pb
from .v1.common_pb2 import ErrorValue

InspectionLevel = Literal["INFO", "DEBUG", "TRACE"]
"""INFO: output or error, and where it goes. DEBUG and TRACE: also the data between the steps."""

_status_names = EnumNames(pb.TestStateStatus)


@dataclass(frozen=True, slots=True)
class MockResult:
    """What the work of a Task, Parallel or Map is said to have given."""

    result: Any
    """Any JSON value, or a `JsonText`."""
    validation: Literal["STRICT", "PRESENT", "NONE"] = "STRICT"
    """Against the model of the AWS service that a Task names: required fields too, those that are there, or nothing."""


@dataclass(frozen=True, slots=True)
class MockError:
    """What the work of a Task, Parallel or Map is said to have failed with."""

    error: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class StateTestResult:
    """What became of a state that was tried."""

    status: str
    """`SUCCEEDED`, `FAILED`, `RETRIABLE` or `CAUGHT_ERROR`."""
    output_text: str
    """Empty when the state failed."""
    error: ExecutionError | None
    next_state: str
    """Where it would go; empty at an end."""
    inspection: Mapping[str, str]
    """JSON texts by AWS's names: afterInputPath, result, ... Empty at level INFO."""
    variables_text: str
    """Afterwards; empty without any."""

    @property
    def output(self) -> Any:
        """`output_text` parsed; `None` when the state failed."""
        return parse_json_text(self.output_text)

    @property
    def variables(self) -> Any:
        """`variables_text` parsed; `None` without any."""
        return parse_json_text(self.variables_text)


def state_test_result_of(message: pb.TestStateResponse) -> StateTestResult:
    """A result as its reader sees it."""
    return StateTestResult(
        status=_status_names[message.status],
        output_text=message.output,
        error=optional_error(message, "error"),
        next_state=message.next_state,
        inspection=dict(message.inspection),
        variables_text=message.variables,
    )


def mock_of(mock: MockResult | MockError) -> pb.TaskMock:
    """As the wire has it."""
    if isinstance(mock, MockError):
        return pb.TaskMock(error=ErrorValue(error=mock.error, cause=mock.cause))
    validation = pb.MockValidation.Value(f"MOCK_VALIDATION_{mock.validation}")
    return pb.TaskMock(result=to_json_text(mock.result), validation=validation)
