"""What to list, as the server's filter language (AIP-160) has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, TypedDict

from ._json import to_json_text


class LinkConditions(TypedDict, total=False):
    """Conditions on a link between executions; all must hold."""

    source_execution: str
    """Id, ARN or `state_machine/name`."""
    source_state_machine: str
    source_state: str
    """Empty: the execution's own output was taken."""
    transformer: str
    """Empty: none."""
    target_execution: str
    target_state_machine: str
    created_after: datetime
    created_before: datetime


class ExecutionLinkFilter(LinkConditions, total=False):
    """Which links to list."""

    source_status: str
    """Of the source, now."""


class ExecutionFilter(TypedDict, total=False):
    """Which executions; all conditions must hold."""

    state_machine: str
    """Name or ARN."""
    map_run: str
    """Id or ARN of a map run: its executions."""
    status: str
    name: str
    """The whole name."""
    name_prefix: str
    error: str
    """The error it ended with."""
    current_state: str
    """Open ones in a state of this name, in a branch or an item too."""
    started_after: datetime
    started_before: datetime
    ended_after: datetime
    ended_before: datetime
    labels: Mapping[str, str]
    linked: LinkConditions
    """Executions from which another one was chained, by a link that fulfils these conditions."""
    not_linked: LinkConditions
    """All others. Not beside `linked`."""
    filter: str
    """A further condition in the server's filter language."""


class BatchFilter(TypedDict, total=False):
    """Which batches to list; all conditions must hold."""

    status: str
    state_machine: str
    """Name or ARN of what is started."""
    name: str
    """The whole name."""
    name_prefix: str
    created_after: datetime
    created_before: datetime
    ended_after: datetime
    ended_before: datetime


class MessageWaitFilter(TypedDict, total=False):
    """Which waits to list; all conditions must hold."""

    state_machine: str
    correlation_key: str
    correlation_value: Any
    """Only beside a key."""


_EXECUTION_TERMS = {
    "state_machine": "state_machine =",
    "map_run": "map_run =",
    "name": "name =",
    "started_after": "start_time >",
    "started_before": "start_time <",
    "ended_after": "end_time >",
    "ended_before": "end_time <",
    "error": "error =",
    "current_state": "current_state =",
}

_BATCH_TERMS = {
    "state_machine": "state_machine =",
    "name": "name =",
    "created_after": "create_time >",
    "created_before": "create_time <",
    "ended_after": "end_time >",
    "ended_before": "end_time <",
}

_LINK_TERMS = {
    "source_execution": "source_execution =",
    "source_state_machine": "source_state_machine =",
    "source_state": "source_state =",
    "transformer": "transformer =",
    "target_execution": "target_execution =",
    "target_state_machine": "target_state_machine =",
    "created_after": "create_time >",
    "created_before": "create_time <",
}


def execution_filter(by: ExecutionFilter) -> str:
    """The filter text."""
    terms = _terms(by, _EXECUTION_TERMS)
    if "status" in by:
        terms.append(f"status = {by['status']}")
    if "name_prefix" in by:
        terms.append(f"name = {_quoted(by['name_prefix'] + '*')}")
    terms += [f"labels.{name} = {_quoted(value)}" for name, value in by.get("labels", {}).items()]
    if "linked" in by:
        terms += ["linked = true", *_terms(by["linked"], _LINK_TERMS, "link.")]
    if "not_linked" in by:
        terms += ["linked = false", *_terms(by["not_linked"], _LINK_TERMS, "link.")]
    if by.get("filter"):
        terms.append(by["filter"])
    return " AND ".join(terms)


def batch_filter(by: BatchFilter) -> str:
    """The filter text."""
    terms = _terms(by, _BATCH_TERMS)
    if "status" in by:
        terms.append(f"status = {by['status']}")
    if "name_prefix" in by:
        terms.append(f"name = {_quoted(by['name_prefix'] + '*')}")
    return " AND ".join(terms)


def link_filter(by: ExecutionLinkFilter) -> str:
    """The filter text."""
    terms = _terms(by, _LINK_TERMS)
    if "source_status" in by:
        terms.append(f"source_status = {by['source_status']}")
    return " AND ".join(terms)


def message_wait_filter(by: MessageWaitFilter) -> str:
    """The filter text."""
    terms = _terms(by, {"state_machine": "state_machine =", "correlation_key": "correlation_key ="})
    if "correlation_value" in by:
        terms.append(f"correlation_value = {_quoted(to_json_text(by['correlation_value']))}")
    return " AND ".join(terms)


def _terms(by: Mapping[str, Any], operators: Mapping[str, str], prefix: str = "") -> list[str]:
    return [f"{prefix}{operator} {_quoted(_text(by[key]))}" for key, operator in operators.items() if key in by]


def _text(value: str | datetime) -> str:
    if isinstance(value, str):
        return value
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _quoted(text: str) -> str:
    # the server reads a text as JSON has it, control characters escaped
    return to_json_text(text)
