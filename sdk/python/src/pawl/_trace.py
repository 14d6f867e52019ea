"""W3C trace context, from a task to the calls that its handler makes."""

from __future__ import annotations

from contextvars import ContextVar

current_traceparent: ContextVar[str] = ContextVar("pawl_traceparent", default="")
"""The traceparent of the task that is being worked on; empty outside of one."""
