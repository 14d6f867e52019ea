"""Times, durations and enumerations between Python and the messages."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp


class EnumNames:
    """The names of an enumeration without their common prefix; a number of a newer server is its digits."""

    def __init__(self, enum: Any) -> None:
        # the first one is always ..._UNSPECIFIED
        prefix = len(enum.Name(0)) - len("UNSPECIFIED")
        self._names: dict[int, str] = {number: name[prefix:] for name, number in enum.items()}

    def __getitem__(self, number: int) -> str:
        return self._names.get(number) or str(number)


def duration_of(seconds: float) -> Duration:
    """A duration message, exact to the microsecond."""
    duration = Duration()
    duration.FromMicroseconds(round(seconds * 1_000_000))
    return duration


def seconds_of(duration: Duration) -> float:
    """The seconds of a duration."""
    return duration.seconds + duration.nanos / 1_000_000_000


def optional_seconds(message: Message, field: str) -> float | None:
    """The seconds in a duration field; `None` when it is absent."""
    return seconds_of(getattr(message, field)) if message.HasField(field) else None


def unix_seconds(time: Timestamp) -> float:
    """Seconds since 1970."""
    return time.seconds + time.nanos / 1_000_000_000


def optional_time(message: Message, field: str) -> datetime | None:
    """The time in a timestamp field, in UTC; `None` when it is absent."""
    if not message.HasField(field):
        return None
    time: datetime = getattr(message, field).ToDatetime(timezone.utc)
    return time


def timestamp_of(time: datetime) -> Timestamp:
    """A timestamp message; a time without a zone is local, as everywhere in `datetime`."""
    timestamp = Timestamp()
    timestamp.FromDatetime(time.astimezone(timezone.utc))
    return timestamp
