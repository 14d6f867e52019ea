"""A server for tests."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from types import TracebackType

_READY = re.compile(r"pawl is ready at (?:https?://)?(\S+)")
_LOG_LINES_MAX = 200


class DevServer:
    """`pawl dev` on a free port with a throw-away database.

    ```python
    with DevServer() as server:
        client = Client(server.address)
    ```

    Args:
        command: How to call Pawl; default the environment's `PAWL_COMMAND`, else `pawl` on the PATH.
        timeout: Seconds that it may take until it serves.

    Raises:
        FileNotFoundError: There is no Pawl to call.
        RuntimeError: It did not start; the message has what it said.
    """

    def __init__(self, command: str | Sequence[str] | None = None, *, timeout: float = 60.0) -> None:
        self._lines: deque[str] = deque(maxlen=_LOG_LINES_MAX)
        self._ready = threading.Event()
        self.address = ""
        """`host:port`."""
        self._process = subprocess.Popen(
            [*_command(command), "dev", "--ephemeral", "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # pawl refuses settings that it does not know
            env={name: value for name, value in os.environ.items() if name != "PAWL_COMMAND"},
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name="pawl-dev", daemon=True)
        self._reader.start()
        self._ready.wait(timeout)
        if not self.address:
            self.stop()
            raise RuntimeError(f"pawl dev did not start within {timeout:g} s; it said:\n{self.log}")

    @property
    def log(self) -> str:
        """What it said last."""
        return "".join(self._lines)

    def stop(self) -> None:
        """Ends it and removes its database. May be called twice."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20.0)
        except subprocess.TimeoutExpired:
            self.kill()
        self._reader.join(5.0)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def kill(self) -> None:
        """Ends it as a crash does, with its database."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> DevServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line)
            match = _READY.search(line)
            if match is not None and not self.address:
                self.address = match[1]
                self._ready.set()
        self._ready.set()


def _command(command: str | Sequence[str] | None) -> list[str]:
    given = command or os.environ.get("PAWL_COMMAND")
    if given is None:
        found = shutil.which("pawl")
        if found is None:
            raise FileNotFoundError("there is no pawl on the PATH: install it, set PAWL_COMMAND, or pass a command")
        return [found]
    return shlex.split(given) if isinstance(given, str) else list(given)
