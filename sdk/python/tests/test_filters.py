"""Filters as texts of the server's language."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from pawl import BatchFilter, ExecutionFilter, ExecutionLinkFilter, MessageWaitFilter
from pawl._filters import batch_filter, execution_filter, link_filter, message_wait_filter

NOON = datetime(2026, 5, 1, 14, 0, 0, 500, timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ({}, ""),
        ({"state_machine": "orders:7", "status": "FAILED"}, 'state_machine = "orders:7" AND status = FAILED'),
        ({"name": "a"}, 'name = "a"'),
        ({"name_prefix": "nightly-"}, 'name = "nightly-*"'),
        ({"error": 'say "no"\\\n'}, 'error = "say \\"no\\"\\\\\\n"'),
        ({"current_state": "Größe", "map_run": "r"}, 'map_run = "r" AND current_state = "Größe"'),
        ({"started_after": NOON}, 'start_time > "2026-05-01T12:00:00.000Z"'),
        ({"started_before": NOON}, 'start_time < "2026-05-01T12:00:00.000Z"'),
        ({"ended_after": NOON}, 'end_time > "2026-05-01T12:00:00.000Z"'),
        ({"ended_before": NOON}, 'end_time < "2026-05-01T12:00:00.000Z"'),
        ({"labels": {"tenant": "x", "tier": "1"}}, 'labels.tenant = "x" AND labels.tier = "1"'),
        ({"linked": {"source_state": ""}}, 'linked = true AND link.source_state = ""'),
        ({"not_linked": {}}, "linked = false"),
        ({"name": "a", "filter": "status != RUNNING"}, 'name = "a" AND status != RUNNING'),
    ],
)
def test_executions_are_found_by(by: ExecutionFilter, text: str) -> None:
    assert execution_filter(by) == text


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ({}, ""),
        (
            {"source_execution": "orders/1", "source_status": "FAILED"},
            'source_execution = "orders/1" AND source_status = FAILED',
        ),
        ({"source_state_machine": "orders"}, 'source_state_machine = "orders"'),
        ({"transformer": "$states.\ninput"}, 'transformer = "$states.\\ninput"'),
        (
            {"target_execution": "t", "target_state_machine": "m"},
            'target_execution = "t" AND target_state_machine = "m"',
        ),
        ({"created_after": NOON}, 'create_time > "2026-05-01T12:00:00.000Z"'),
        ({"created_before": NOON}, 'create_time < "2026-05-01T12:00:00.000Z"'),
    ],
)
def test_links_are_found_by(by: ExecutionLinkFilter, text: str) -> None:
    assert link_filter(by) == text


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ({}, ""),
        ({"state_machine": "orders", "status": "PAUSED"}, 'state_machine = "orders" AND status = PAUSED'),
        ({"name": "a"}, 'name = "a"'),
        ({"name_prefix": "nightly-"}, 'name = "nightly-*"'),
        ({"created_after": NOON}, 'create_time > "2026-05-01T12:00:00.000Z"'),
        ({"created_before": NOON}, 'create_time < "2026-05-01T12:00:00.000Z"'),
        ({"ended_after": NOON}, 'end_time > "2026-05-01T12:00:00.000Z"'),
        ({"ended_before": NOON}, 'end_time < "2026-05-01T12:00:00.000Z"'),
    ],
)
def test_batches_are_found_by(by: BatchFilter, text: str) -> None:
    assert batch_filter(by) == text


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ({}, ""),
        ({"state_machine": "orders"}, 'state_machine = "orders"'),
        (
            {"correlation_key": "order", "correlation_value": "42"},
            'correlation_key = "order" AND correlation_value = "\\"42\\""',
        ),
    ],
)
def test_message_waits_are_found_by(by: MessageWaitFilter, text: str) -> None:
    assert message_wait_filter(by) == text
