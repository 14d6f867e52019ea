"""Client and worker for Pawl, the durable state machine service."""

from ._batch import Batch, BatchAction, BatchCounts, BatchItem, BatchUpdate, FailurePolicy
from ._batch_client import BatchSettings
from ._channel import TlsOptions
from ._client import Client
from ._definition_graph import DefinitionGraph, GraphEdge, GraphNode
from ._errors import FieldViolation, PawlError, TaskCancelledError, TaskCancelReason, TaskError
from ._execution import ActiveState, Execution, ExecutionError, ExecutionEvent, Pause, StartedExecution
from ._filters import BatchFilter, ExecutionFilter, ExecutionLinkFilter, LinkConditions, MessageWaitFilter
from ._json import JsonText
from ._map_run import MapRun, MapRunCounts
from ._records import (
    ExecutionCount,
    ExecutionLink,
    MessageWait,
    SentMessage,
    ServerInfo,
    StatisticsRow,
    WorkerInfo,
    WorkerPool,
)
from ._retry import RetryOptions
from ._slot_pool import TaskHandler
from ._start_execution import ChainSource, StartExecution
from ._starter import Started, Starter, StartOutcome
from ._state_machine import (
    Diagnostic,
    StateMachine,
    StateMachineAlias,
    StateMachineResult,
    StateMachineRoute,
    ValidationResult,
)
from ._state_test import MockError, MockResult, StateTestResult
from ._task_context import TaskContext
from ._task_runs import ReportedOutcome
from ._version import __version__
from ._watch import ExecutionUpdate
from ._worker import Worker

__all__ = [
    "ActiveState",
    "Batch",
    "BatchAction",
    "BatchCounts",
    "BatchFilter",
    "BatchItem",
    "BatchSettings",
    "BatchUpdate",
    "ChainSource",
    "Client",
    "DefinitionGraph",
    "Diagnostic",
    "Execution",
    "ExecutionCount",
    "ExecutionError",
    "ExecutionEvent",
    "ExecutionFilter",
    "ExecutionLink",
    "ExecutionLinkFilter",
    "ExecutionUpdate",
    "FailurePolicy",
    "FieldViolation",
    "GraphEdge",
    "GraphNode",
    "JsonText",
    "LinkConditions",
    "MapRun",
    "MapRunCounts",
    "MessageWait",
    "MessageWaitFilter",
    "MockError",
    "MockResult",
    "Pause",
    "PawlError",
    "ReportedOutcome",
    "RetryOptions",
    "SentMessage",
    "ServerInfo",
    "StartExecution",
    "StartOutcome",
    "Started",
    "StartedExecution",
    "Starter",
    "StateMachine",
    "StateMachineAlias",
    "StateMachineResult",
    "StateMachineRoute",
    "StateTestResult",
    "StatisticsRow",
    "TaskCancelReason",
    "TaskCancelledError",
    "TaskContext",
    "TaskError",
    "TaskHandler",
    "TlsOptions",
    "ValidationResult",
    "Worker",
    "WorkerInfo",
    "WorkerPool",
    "__version__",
]
