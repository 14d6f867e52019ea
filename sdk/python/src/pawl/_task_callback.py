"""Tasks that are reported by their token, from anywhere."""

from __future__ import annotations

import base64
import binascii

from ._errors import PawlError
from ._wire import EnumNames
from .v1.worker_service_pb2 import HeartbeatReply, OutcomeAck, OutcomeStatus, TaskTokenState

_state_names = EnumNames(TaskTokenState)


def token_bytes(task_token: str | bytes) -> bytes:
    """A token as the wire has it.

    Raises:
        PawlError: INVALID_ARGUMENT for what is no token's text.
    """
    if isinstance(task_token, bytes):
        return task_token
    text = task_token.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise PawlError("INVALID_ARGUMENT", "the task token is not base64url text", reason="INVALID_TOKEN") from None


def assert_recorded(ack: OutcomeAck) -> None:
    """Raises a PawlError when the report did not become the task's outcome."""
    match ack.status:
        case OutcomeStatus.OUTCOME_STATUS_RECORDED | OutcomeStatus.OUTCOME_STATUS_ALREADY_RECORDED:
            return
        case OutcomeStatus.OUTCOME_STATUS_INVALID:
            code = "INVALID_ARGUMENT"
        case OutcomeStatus.OUTCOME_STATUS_RETRY:
            code = "UNAVAILABLE"
        case _:
            code = "FAILED_PRECONDITION"
    raise PawlError(code, ack.message, reason=ack.reason)


def assert_active(reply: HeartbeatReply) -> None:
    """Raises a PawlError when the task waits no longer."""
    match reply.state:
        case TaskTokenState.TASK_TOKEN_STATE_ACTIVE:
            return
        case TaskTokenState.TASK_TOKEN_STATE_UNKNOWN:
            raise PawlError("INVALID_ARGUMENT", "the task token is not one of this service", reason="INVALID_TOKEN")
        case _:
            raise PawlError("FAILED_PRECONDITION", "the task waits no longer", reason=_state_names[reply.state])
