"""Connections to the servers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import grpc
import grpc.aio

from ._errors import PawlError
from ._trace import current_traceparent
from ._version import __version__
from .v1 import (
    batch_service_pb2_grpc,
    execution_service_pb2_grpc,
    state_machine_service_pb2_grpc,
    system_service_pb2_grpc,
    worker_service_pb2_grpc,
)

if TYPE_CHECKING:
    from .v1.batch_service_pb2_grpc import BatchServiceAsyncStub
    from .v1.execution_service_pb2_grpc import ExecutionServiceAsyncStub
    from .v1.state_machine_service_pb2_grpc import StateMachineServiceAsyncStub
    from .v1.system_service_pb2_grpc import SystemServiceAsyncStub
    from .v1.worker_service_pb2_grpc import TaskQueueServiceAsyncStub, WorkerServiceAsyncStub

DEFAULT_ADDRESS = "localhost:7300"

Address = str | Sequence[str]
"""`host:port`, several of them separated by commas or as a list, with or without `http://`. `https://` means TLS."""

Headers = Mapping[str, str] | Callable[[], Mapping[str, str]]
"""Sent with every call; a function is asked anew for each."""

Metadata = tuple[tuple[str, str], ...]

_OPTIONS: list[tuple[str, object]] = [
    ("grpc.service_config", '{"loadBalancingConfig":[{"round_robin":{}}]}'),
    ("grpc.primary_user_agent", f"pawl-sdk-python/{__version__}"),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    # also how long one attempt to connect may take
    ("grpc.min_reconnect_backoff_ms", 3_000),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.dns_min_time_between_resolutions_ms", 1_000),
    ("grpc.max_receive_message_length", 16 * 1024 * 1024),
    ("grpc.use_local_subchannel_pool", 1),
    # _retry.py retries what may be repeated
    ("grpc.enable_retries", 0),
]


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """PEM texts; what is absent is the system's."""

    ca: str | None = None
    cert: str | None = None
    key: str | None = None


class Connection:
    """All servers behind one address, and the stubs to call them. Lives on the I/O loop."""

    def __init__(self, target: str, credentials: grpc.ChannelCredentials | None) -> None:
        self.channel = (
            grpc.aio.insecure_channel(target, _OPTIONS)
            if credentials is None
            else grpc.aio.secure_channel(target, credentials, _OPTIONS)
        )

    @cached_property
    def executions(self) -> ExecutionServiceAsyncStub:
        return execution_service_pb2_grpc.ExecutionServiceStub(self.channel)

    @cached_property
    def batches(self) -> BatchServiceAsyncStub:
        return batch_service_pb2_grpc.BatchServiceStub(self.channel)

    @cached_property
    def state_machines(self) -> StateMachineServiceAsyncStub:
        return state_machine_service_pb2_grpc.StateMachineServiceStub(self.channel)

    @cached_property
    def system(self) -> SystemServiceAsyncStub:
        return system_service_pb2_grpc.SystemServiceStub(self.channel)

    @cached_property
    def workers(self) -> WorkerServiceAsyncStub:
        return worker_service_pb2_grpc.WorkerServiceStub(self.channel)

    @cached_property
    def task_queues(self) -> TaskQueueServiceAsyncStub:
        return worker_service_pb2_grpc.TaskQueueServiceStub(self.channel)


class Channel:
    """One connection to each address, and calls balanced over those that stand.

    All methods but the constructor are for the I/O loop.

    Raises:
        ValueError: An address is not `host:port`, or `http://` and `https://` are mixed.
    """

    def __init__(
        self, address: Address = DEFAULT_ADDRESS, *, tls: bool | TlsOptions | None, headers: Headers | None
    ) -> None:
        self._targets, is_secure = parse_addresses(address)
        self._credentials = _credentials(is_secure if tls is None else tls)
        self._headers = headers
        self._connections: list[Connection | None] = [None] * len(self._targets)
        self._next = 0
        self.is_closed = False

    def connection(self) -> Connection:
        """The next one that stands, round robin; when none does, the next one."""
        if self.is_closed:
            raise PawlError("CANCELLED", "the client was closed")
        count = len(self._targets)
        order = [(self._next + step) % count for step in range(count)]
        chosen = order[0]
        if count > 1:
            ready = (index for index in order if _is_ready(self._connection(index)))
            chosen = next(ready, chosen)
        self._next = (chosen + 1) % count
        return self._connection(chosen)

    async def renew(self, connection: Connection) -> None:
        """Gives up a connection that stands but carries nothing any more."""
        if connection in self._connections:
            self._connections[self._connections.index(connection)] = None
        await connection.channel.close()

    def assert_alive(self, connection: Connection) -> None:
        """For whom grpc.aio has told of a cancellation: it also does so when the connection was closed.

        Raises:
            PawlError: It was.
        """
        if self.is_closed:
            raise PawlError("CANCELLED", "the client was closed")
        if connection not in self._connections:
            raise PawlError("UNAVAILABLE", "the connection was given up")

    def metadata(self) -> Metadata:
        """The headers of a call; one that a task's handler makes carries the task's trace."""
        headers = self._headers() if callable(self._headers) else self._headers
        metadata = {name.lower(): value for name, value in (headers or {}).items()}
        traceparent = current_traceparent.get()
        if traceparent:
            metadata.setdefault("traceparent", traceparent)
        return tuple(metadata.items())

    async def close(self) -> None:
        """Ends the connections; calls in flight fail with CANCELLED."""
        self.is_closed = True
        for connection in self._connections:
            if connection is not None:
                await connection.channel.close()

    def _connection(self, index: int) -> Connection:
        connection = self._connections[index]
        if connection is None:
            connection = self._connections[index] = Connection(self._targets[index], self._credentials)
        return connection


def parse_addresses(address: Address) -> tuple[list[str], bool]:
    """The targets in an address, and whether they want TLS."""
    texts = [text.strip() for text in (address.split(",") if isinstance(address, str) else address)]
    if not texts:
        raise ValueError("address is an empty list")
    secure = sum(text.startswith("https://") for text in texts)
    if 0 < secure < len(texts):
        raise ValueError(f"addresses mix https:// and others: {', '.join(texts)}")
    return [_target(text) for text in texts], secure > 0


def _target(text: str) -> str:
    match = re.fullmatch(r"(https?)://([^/?#]+)/?", text)
    target = match[2] if match else text
    if match and not re.search(r":\d+$", target):
        target += ":443" if match[1] == "https" else ":80"
    if not re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):\d{1,5}", target):
        raise ValueError(f"address {text!r} is not host:port")
    return target


def _is_ready(connection: Connection) -> bool:
    return connection.channel.get_state(try_to_connect=True) is grpc.ChannelConnectivity.READY


def _credentials(tls: bool | TlsOptions) -> grpc.ChannelCredentials | None:
    if tls is False:
        return None
    options = TlsOptions() if tls is True else tls
    return grpc.ssl_channel_credentials(_pem(options.ca), _pem(options.key), _pem(options.cert))


def _pem(text: str | None) -> bytes | None:
    return None if text is None else text.encode()
