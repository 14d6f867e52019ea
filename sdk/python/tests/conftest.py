from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from pawl import Worker
from pawl.testing import DevServer

from .fake_server import FakeServer

ROOT = Path(__file__).parents[3]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    yield fake
    fake.crash()


@pytest_asyncio.fixture
async def new_worker(server: FakeServer) -> AsyncIterator[Callable[..., Worker]]:
    """Makes workers of the fake server, which are closed after the test."""
    workers: list[Worker] = []

    def make(**options: Any) -> Worker:
        workers.append(Worker(server.address, **options))
        return workers[-1]

    yield make
    for worker in workers:
        await worker.close(grace=0)


@pytest.fixture(scope="session")
def dev_server() -> Iterator[DevServer]:
    """A real server: PAWL_COMMAND, else the one of this repository, with its own Node.js."""
    bin_folder = ROOT / "node_modules" / ".bin"
    node = bin_folder / "node"
    command = os.environ.get("PAWL_COMMAND") or [
        str(node if node.exists() else shutil.which("node")),
        str(ROOT / "bin" / "pawl.mjs"),
    ]
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{bin_folder}{os.pathsep}{path}"
    with DevServer(command) as dev:
        os.environ["PATH"] = path
        yield dev
