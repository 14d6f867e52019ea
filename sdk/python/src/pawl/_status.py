"""gRPC statuses as PawlErrors."""

from __future__ import annotations

from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

from ._errors import FieldViolation, PawlError
from ._wire import seconds_of


def to_pawl_error(error: BaseException) -> PawlError:
    """The status that a call ended with, and what its details say."""
    if isinstance(error, PawlError):
        return error
    if isinstance(error, grpc.aio.AioRpcError):
        details = _details(error)
        converted = PawlError(error.code().name, error.details() or "", **details)
    elif isinstance(error, grpc.aio.UsageError):
        converted = PawlError("CANCELLED", "the client was closed")
    else:
        converted = PawlError("UNKNOWN", str(error))
    converted.__cause__ = error
    return converted


def _details(error: grpc.aio.AioRpcError) -> dict[str, Any]:
    """Folds ErrorInfo, BadRequest and RetryInfo into one; other details are left out."""
    folded: dict[str, Any] = {}
    for name, value in error.trailing_metadata() or ():
        if name == "grpc-status-details-bin" and isinstance(value, bytes):
            try:
                for detail in status_pb2.Status.FromString(value).details:
                    folded.update(_detail(detail))
            except DecodeError:
                return {}
    return folded


def _detail(detail: Any) -> dict[str, Any]:
    match detail.type_url.rpartition("/")[2]:
        case "google.rpc.ErrorInfo":
            info = error_details_pb2.ErrorInfo.FromString(detail.value)
            return {"reason": info.reason, "metadata": dict(info.metadata)}
        case "google.rpc.BadRequest":
            violations = error_details_pb2.BadRequest.FromString(detail.value).field_violations
            return {
                "field_violations": [
                    FieldViolation(violation.field, violation.description, violation.reason) for violation in violations
                ]
            }
        case "google.rpc.RetryInfo":
            return {"retry_after": seconds_of(error_details_pb2.RetryInfo.FromString(detail.value).retry_delay)}
        case _:
            return {}
